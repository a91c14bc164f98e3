"""A database that was lost and put back from a backup: nothing sent goes again by itself (I31).

Nor does anything come back that was destroyed, and both before anybody gets in.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.simulation.checks.keeping import left_behind
from tests.simulation.scene import Lost, Row, Scene
from workflow.store import outbox


def known_of(scene: Scene) -> Lost:
    """Return what is known of a database that is about to be lost."""
    taken = {one.message.message_id for one in scene.taken}
    said = (row.unique_key for row in scene.rows.values() if row.message_id in taken)
    signed = (number for number, *_, signature in scene.certificates if signature)
    return Lost(frozenset(said), frozenset(signed))


def is_put_back(scene: Scene, lost: Lost, files: Iterable[Path]) -> Iterator[str]:
    """Yield what is not as it must be in a database that was put back, before anybody gets in."""
    with scene.world.reader.reading() as link:
        if outbox.holding(link) is None:
            yield "the database was put back, and its mail is not held"
    there = {number for number, *_ in scene.certificates}
    for number in sorted(lost.certificates - there):
        yield f"what was destroyed under {number} is there again, and nobody destroyed it again"
    yield from left_behind(scene, iter(files))


def goes_again(lost: Lost, rows: Iterable[Row]) -> Iterator[str]:
    """Yield what goes although nobody has let it go since the database was put back."""
    for row in rows:
        is_known = row.id in lost.rows and row.unique_key in lost.said
        if lost.is_held:
            yield f"message {row.id} ({row.notice}) goes, and nobody has released the mail"
        elif is_known and row.id not in lost.released:
            yield f"message {row.id} ({row.notice}) had been sent, and goes again by itself"
        elif row.unique_key in lost.said and row.id not in lost.rows and row.created_at == lost.at:
            yield f"message {row.id} ({row.notice}) had been sent, and was raised again"
