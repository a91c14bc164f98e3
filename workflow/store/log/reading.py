"""The log as it is read to be checked: leaves, challenges with all that is kept of them.

Nothing is unsealed here: whoever checks compares what was hashed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from workflow.store.link import Link

_LEAVES = """
SELECT l.position, e.id, e.body, e.digest, e.challenge_id
FROM leaf l JOIN entry e ON e.id = l.entry_id ORDER BY l.position
"""
_AFTER = "SELECT id, body, digest, challenge_id FROM entry WHERE id > :last ORDER BY id"
_BETWEEN = "SELECT count(*) FROM entry WHERE id <= :last"
_MISSING = """
SELECT e.id, e.challenge_id FROM entry e LEFT JOIN leaf l ON l.entry_id = e.id
WHERE l.entry_id IS NULL AND e.id <= :last ORDER BY e.id LIMIT 1
"""
_REFERENCE = "SELECT reference FROM challenge WHERE id = :id"
_SIZES = "SELECT id, version FROM challenge WHERE id > :after ORDER BY id LIMIT 1000"
_TOTAL = "SELECT sum(version) FROM challenge"
_OF = "BETWEEN :first AND :last"
_CHALLENGES = f"""
SELECT id, reference, version, snapshot, chain FROM challenge WHERE id {_OF} ORDER BY id
"""  # noqa: S608
_ENTRIES = f"""
SELECT challenge_id, id, body, digest FROM entry
WHERE challenge_id {_OF} ORDER BY challenge_id, id
"""  # noqa: S608
_AT = {
    "sqlite": "replace(at, ' ', 'T') || '+00:00'",
    "postgresql": """to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') || '+00:00'""",
}
_EVENTS = {
    dialect: f"""
SELECT seq, {at}, actor, kind, body, source, entry_id, challenge_id FROM event
WHERE challenge_id {_OF} ORDER BY challenge_id, seq
"""  # noqa: S608
    for dialect, at in _AT.items()
}
_TASKS = f"""
SELECT challenge_id, state FROM task WHERE challenge_id {_OF} ORDER BY challenge_id, number
"""  # noqa: S608
_DESTROYED = f"""
SELECT challenge_id, number FROM certificate WHERE is_whole AND challenge_id {_OF} ORDER BY number
"""  # noqa: S608


class Leaf(NamedTuple):
    """An entry at its place in the tree."""

    position: int
    entry_id: int
    body: str
    digest: bytes
    challenge_id: int | None


class Kept(NamedTuple):
    """An entry as it is kept."""

    id: int
    body: str
    digest: bytes


class Happened(NamedTuple):
    """An event as it is kept; `at` as it is hashed."""

    seq: int
    at: str
    actor: int | None
    kind: str
    body: str
    source: str
    entry_id: int | None
    challenge_id: int


@dataclass(slots=True)
class Dossier:
    """All that is kept of a challenge; `certificate` is that of its destruction, if it is gone."""

    id: int
    reference: str
    version: int
    head: str
    chain: str
    entries: list[Kept] = field(default_factory=list)
    events: list[Happened] = field(default_factory=list)
    tasks: list[str] = field(default_factory=list)
    certificate: str = ""


def leaves(link: Link) -> Iterator[Leaf]:
    """Yield every leaf, in order."""
    return (Leaf(*row) for row in link.each(_LEAVES))


def after(link: Link, last: int) -> Iterator[Leaf]:
    """Yield the entries with a higher id than the last one of the tree; they have no place yet."""
    return (Leaf(-1, *row) for row in link.each(_AFTER, last=last))


def missing(link: Link, last: int, *, size: int) -> tuple[int, int | None] | None:
    """Return an entry, and its challenge, that should be among the first `size` leaves and is not.

    `last` is the highest id of an entry in the tree.
    """
    row = link.row(_BETWEEN, last=last)
    if row is None or row[0] <= size:
        return None
    found = link.row(_MISSING, last=last)
    return (found[0], found[1]) if found else None


def reference(link: Link, challenge_id: int | None) -> str:
    """Return the reference of a challenge; nothing where there is none."""
    row = link.row(_REFERENCE, id=challenge_id) if challenge_id is not None else None
    return str(row[0]) if row else ""


def total(link: Link) -> int:
    """Return how many events there are, by the count of each challenge."""
    row = link.row(_TOTAL)
    return int(row[0] or 0) if row else 0


def sizes(link: Link, after: int) -> list[tuple[int, int]]:
    """Return the next challenges' ids, each with how many events it has."""
    return [(row[0], row[1]) for row in link.rows(_SIZES, after=after)]


def dossiers(link: Link, first: int, last: int) -> list[Dossier]:
    """Return the challenges whose ids lie between two, both included. Five queries."""
    ids: dict[str, Any] = {"first": first, "last": last}
    found = {
        row[0]: Dossier(row[0], row[1], row[2], row[3], row[4] or "")
        for row in link.rows(_CHALLENGES, **ids)
    }
    for owner, *entry in link.rows(_ENTRIES, **ids):
        _of(found, owner).entries.append(Kept(*entry))
    for owner, rows in groupby(link.rows(_EVENTS[link.dialect], **ids), itemgetter(-1)):
        _of(found, owner).events.extend(map(Happened._make, rows))
    for owner, state in link.rows(_TASKS, **ids):
        _of(found, owner).tasks.append(state)
    for owner, number in link.rows(_DESTROYED, **ids):
        _of(found, owner).certificate = number
    return list(found.values())


def _of(found: dict[int, Dossier], owner: int) -> Dossier:
    """Return the dossier of a challenge; what belongs to none gets one, too, and fails there."""
    if owner not in found:
        found[owner] = Dossier(owner, f"challenge {owner}, which is not there", 0, "", "")
    return found[owner]
