"""Reads a challenge as its history has it, once a key that its history was sealed with is gone.

As long as that key is there, a step may read words by it and write them again, under another key:
into the challenge and its tasks, never into what has happened. So the history alone is asked.
"""

from workflow.model.challenge import Challenge, replay
from workflow.store import challenges
from workflow.store.challenges import Stored
from workflow.store.keeping.marks import DESTROYED
from workflow.store.link import Link
from workflow.store.rows import codec
from workflow.store.rows.codec import Shelf

_PUT_TASK = """
UPDATE task SET state = :state,
    evidence = CASE WHEN evidence = '' THEN '' ELSE :gone END,
    reason = CASE WHEN reason = '' THEN '' ELSE :gone END
WHERE challenge_id = :id AND key = :key
"""


def as_it_happened(link: Link, stored: Stored) -> Challenge:
    """Return what the history of a challenge adds up to, as it can be read now."""
    history = challenges.history(link, stored.challenge.reference)
    return replay(recorded.event for recorded in history)


def put_tasks(link: Link, stored: Stored, meant: Challenge) -> None:
    """Write the tasks that are kept otherwise than they are meant; their words are gone."""
    shelf, known = Shelf(link, stored.id, stored.key_id), stored.challenge.tasks
    for key, task in meant.tasks.items():
        if task != known.get(key):
            state = codec.dump_task(task, shelf.seal)
            link.execute(_PUT_TASK, id=stored.id, key=key, state=state, gone=DESTROYED)
