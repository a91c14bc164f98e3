"""What is kept of a visit, and how it ends: the invariants of retention (I26, I27)."""

from collections.abc import Iterator
from pathlib import Path

from tests.simulation.made.shapes import DESTROY, VISITORS
from tests.simulation.scene import Life, Scene
from workflow.model.commands import Command
from workflow.model.records.commands import CarryOutDisposal
from workflow.model.register.retention import Status, retained

Words = tuple[int, bytes]
"""The number of a message, and how it ends as it is sealed."""

CONFIRMED = {"done", "waived"}
_ENDED = {Status.DESTROYED, Status.EXCEPTED}
_WORDS = """
SELECT id, substr(body, -40) FROM outbox
WHERE challenge_id = :id AND body LIKE 'sealed:%' AND status NOT IN ('waiting', 'sending')
"""
_SAID = "SELECT id, substr(body, -40) FROM outbox WHERE body LIKE 'sealed:%'"


def each_confirms(scene: Scene, life: Life) -> Iterator[str]:
    """I27: whoever visited is asked to destroy, and it is over when each has said so."""
    if life.model is None or not life.new:
        return
    ever = sorted({member.person for member in life.stored.team if member.role in VISITORS})
    asked = {person: life.tasks.get(f"{DESTROY}:{person}") for person in ever}
    for person, task in asked.items():
        if task is None or task.status == "cancelled":
            yield f"{life.reference}: {person} is not asked to destroy what they have"
    is_over = retained(life.rules, life.stored, "notes", at=scene.at).status in _ENDED
    left = [person for person, task in asked.items() if task and task.status not in CONFIRMED]
    if is_over and left:
        yield f"{life.reference}: the notes count as destroyed, and {left} have not said so"


def words_of(scene: Scene, life: Life, command: Command) -> set[Words]:
    """Return each message that a command is to destroy, with how it ends as it is sealed."""
    if not isinstance(command, CarryOutDisposal):
        return set()
    with scene.world.reader.reading(is_sealed=True) as link:
        return {(number, text.encode()) for number, text in link.rows(_WORDS, id=life.id)}


def left_behind(scene: Scene, files: Iterator[Path]) -> Iterator[str]:
    """I26: what a signed certificate says is destroyed is nowhere in the files of the database.

    A later message that says the same has the same words, sealed with the same keys; so has one
    that somebody let go again in a database that was put back, where it was not sent yet.
    """
    done = {reference for _, reference, _, signature in scene.certificates if signature}
    words = {ref: found for ref, found in scene.destroyed.items() if ref in done and found}
    if not words:
        return
    released = scene.lost.released if scene.lost else set[int]()
    gone = {number for found in words.values() for number, _ in found} - released
    with scene.world.reader.reading(is_sealed=True) as link:
        again = {text.encode() for number, text in link.rows(_SAID) if number not in gone}
    for path in files:
        there = path.read_bytes()
        for reference, found in words.items():
            left = sum(word in there for word in {word for _, word in found} - again)
            if left:
                yield f"{left} messages of {reference} were destroyed, and stand in {path.name}"
