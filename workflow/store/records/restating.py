"""Reads a challenge as its history has it, once a key that its history was sealed with is gone.

As long as that key is there, a step may read words by it and write them again, under another key:
into the challenge and its tasks, never into what has happened. So the history alone is asked. And
another process may know the words by heart, under the stamp of the challenge: it gets another one.
"""

from collections.abc import Iterable

from workflow.model.challenge import Challenge, replay
from workflow.store import challenges
from workflow.store.challenges import Stored
from workflow.store.keeping.marks import DESTROYED
from workflow.store.link import Link
from workflow.store.log import entries, logbook
from workflow.store.rows import codec, snapshots
from workflow.store.rows.codec import Shelf

_EVER_ON = "SELECT DISTINCT challenge_id FROM member WHERE person_id = :person"
_IS_BURIED = "SELECT 1 FROM certificate WHERE challenge_id = :id AND is_whole"
_DROP_LATE = "DELETE FROM event WHERE challenge_id = :id"
_RESTAMP = "UPDATE challenge SET stamp = :stamp WHERE id = :id"
_PUT = """
UPDATE challenge SET snapshot = :snapshot, chain = :chain, updated_at = :at, stamp = :stamp
WHERE id = :id
"""
_PUT_TASK = """
UPDATE task SET state = :state,
    evidence = CASE WHEN evidence = '' THEN '' ELSE :gone END,
    reason = CASE WHEN reason = '' THEN '' ELSE :gone END
WHERE challenge_id = :id AND key = :key
"""


def where_said(link: Link, challenge_id: int | None, people: Iterable[int]) -> list[int]:
    """Return the ids of a challenge, and of all others that people were ever on, in order."""
    found = {challenge_id} if challenge_id is not None else set[int]()
    for person in people:
        found |= {number for (number,) in link.rows(_EVER_ON, person=person)}
    return sorted(found)


def is_buried(link: Link, challenge_id: int) -> bool:
    """Return whether a challenge was destroyed as a whole: it has no history any more."""
    return link.row(_IS_BURIED, id=challenge_id) is not None


def drop_late(link: Link, challenge_id: int) -> None:
    """Delete what earlier versions kept of a challenge that was destroyed already: refusals."""
    link.execute(_DROP_LATE, id=challenge_id)


def restate(link: Link, challenge_id: int, doing: entries.Doing) -> None:
    """Write a challenge as its history has it, under a new stamp; enter `doing` if it was not so.

    It is entered no earlier than the last step was, whatever the clock of this machine says.
    """
    stored = challenges.load_by_id(link, challenge_id)
    meant = _as_it_happened(link, stored)
    stamp = snapshots.new_stamp()
    if meant == stored.challenge:
        link.execute(_RESTAMP, id=challenge_id, stamp=stamp)
        return
    at = max(doing.at, stored.updated_at or doing.at)
    shelf = Shelf(link, challenge_id, stored.key_id)
    place = logbook.place(shelf, meant, stored.chain or "")
    there = doing._replace(at=at, challenge_id=challenge_id, challenge=place)
    _, chain = entries.enter(link, there)
    _put_tasks(shelf, stored, meant)
    snapshot = snapshots.dump_head(meant, shelf)
    link.execute(_PUT, id=challenge_id, snapshot=snapshot, chain=chain, at=at, stamp=stamp)


def _as_it_happened(link: Link, stored: Stored) -> Challenge:
    """Return what the history of a challenge adds up to, as it can be read now."""
    history = challenges.history(link, stored.challenge.reference)
    return replay(recorded.event for recorded in history)


def _put_tasks(shelf: Shelf, stored: Stored, meant: Challenge) -> None:
    """Write the tasks that are kept otherwise than they are meant; their words are gone."""
    known = stored.challenge.tasks
    for key, task in meant.tasks.items():
        if task != known.get(key):
            state = codec.dump_task(task, shelf.seal)
            shelf.link.execute(_PUT_TASK, id=stored.id, key=key, state=state, gone=DESTROYED)
