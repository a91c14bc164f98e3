"""Rows of history and of destruction that are not as they should be, and what nobody works on."""

from collections.abc import Iterator
from datetime import datetime

from workflow.store.link import Link, moment

_GAPS = """
SELECT c.reference, c.version, count(e.seq), coalesce(max(e.seq), 0)
FROM challenge c LEFT JOIN event e ON e.challenge_id = c.id
WHERE NOT EXISTS (SELECT 1 FROM certificate f WHERE f.challenge_id = c.id AND f.is_whole)
GROUP BY c.id, c.reference, c.version
HAVING count(e.seq) <> c.version OR coalesce(max(e.seq), 0) <> c.version ORDER BY c.reference
"""
_UNENTERED = """
SELECT c.reference, min(e.seq) FROM event e JOIN challenge c ON c.id = e.challenge_id
WHERE e.entry_id IS NULL GROUP BY c.reference ORDER BY c.reference
"""
# earlier versions kept what was due before a migration under the id of the migration
_TWICE = """
SELECT c.reference, min(e.seq), max(e.seq) FROM event e JOIN challenge c ON c.id = e.challenge_id
WHERE e.command_id IS NOT NULL GROUP BY c.reference, e.command_id
HAVING count(DISTINCT e.entry_id) - max(
    CASE WHEN e.kind IN ('DefinitionMigrated', 'MigrationUndone') THEN 1 ELSE 0 END
) > 1 ORDER BY c.reference
"""
_LEAVES = "SELECT count(*), coalesce(max(position) + 1, 0) FROM leaf"
_SIGNED = "SELECT coalesce(max(size), 0) FROM checkpoint"
_HALF = """
SELECT number, at FROM certificate WHERE signature = '' AND at < :before ORDER BY at, number
"""
_OLDEST = "SELECT min(wake_at) FROM challenge"
_LATE = "SELECT count(*) FROM challenge WHERE wake_at < :before"
_UNWOKEN = """
SELECT c.reference, min(t.wake_at), c.wake_at FROM challenge c JOIN task t ON t.challenge_id = c.id
GROUP BY c.id, c.reference, c.wake_at
HAVING min(t.wake_at) IS NOT NULL AND (c.wake_at IS NULL
    OR (min(t.wake_at) > :at AND c.wake_at > min(t.wake_at)))
ORDER BY c.reference
"""
_OPEN_ONES = """
SELECT c.id, c.reference FROM challenge c WHERE c.id > :after AND NOT EXISTS (
    SELECT 1 FROM certificate f WHERE f.challenge_id = c.id AND f.is_whole
) ORDER BY c.id LIMIT 200
"""
_NUMBER = "SELECT count(*) FROM challenge"
_IS_CUT = "SELECT 1 FROM certificate WHERE challenge_id = :id LIMIT 1"
_NOW = {"postgresql": "SELECT clock_timestamp()"}


def gaps(link: Link) -> Iterator[tuple[str, int, int, int]]:
    """Yield challenges whose events are not as many as they say: both numbers, and the last's."""
    yield from link.rows(_GAPS)


def unentered(link: Link) -> Iterator[tuple[str, int]]:
    """Yield challenges with an event that no entry of the log speaks for, and its number."""
    yield from link.rows(_UNENTERED)


def twice(link: Link) -> Iterator[tuple[str, int, int]]:
    """Yield challenges in which a command was applied twice: its first and its last event."""
    yield from link.rows(_TWICE)


def leaves(link: Link) -> tuple[int, int, int]:
    """Return how many leaves there are, how many there should be, and for how many was signed."""
    counted, signed = link.row(_LEAVES) or (0, 0), link.row(_SIGNED) or (0,)
    return int(counted[0]), int(counted[1]), int(signed[0])


def half_destroyed(link: Link, before: datetime) -> Iterator[tuple[str, datetime | None]]:
    """Yield certificates of what has begun before a moment and not come to its end."""
    for number, at in link.rows(_HALF, before=before):
        yield number, moment(at)


def overslept(link: Link, before: datetime) -> tuple[int, datetime | None]:
    """Return how many challenges should have been looked at by a moment, and since when."""
    row, oldest = link.row(_LATE, before=before), link.row(_OLDEST)
    return int(row[0]) if row else 0, moment(oldest[0]) if oldest else None


def unwoken(link: Link, at: datetime) -> Iterator[tuple[str, datetime | None, datetime | None]]:
    """Yield challenges that nobody will look at in time: when it must be, and when it will be.

    What is due already may have been put off, as after a sweep that failed. One query.
    """
    for reference, wanted, wake_at in link.rows(_UNWOKEN, at=at):
        yield reference, moment(wanted), moment(wake_at)


def number(link: Link) -> int:
    """Return how many challenges there are."""
    row = link.row(_NUMBER)
    return int(row[0]) if row else 0


def page(link: Link, after: int) -> list[tuple[int, str]]:
    """Return the next challenges of which all is there: ids and references."""
    return [(row[0], row[1]) for row in link.rows(_OPEN_ONES, after=after)]


def is_cut(link: Link, challenge_id: int) -> bool:
    """Return whether something of a challenge was destroyed, such as its mail."""
    return link.row(_IS_CUT, id=challenge_id) is not None


def now(link: Link) -> datetime | None:
    """Return the time of the database's own clock, where it has one."""
    row = link.row(_NOW[link.dialect]) if link.dialect in _NOW else None
    return moment(row[0]) if row else None
