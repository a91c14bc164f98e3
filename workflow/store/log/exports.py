"""The log in texts that leave the database: an entry with its events, one or all of them.

Texts are exactly those that were hashed; what is sealed stays so.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from workflow.model.errors import NotFound
from workflow.model.log.texts import event_texts
from workflow.store.link import Link, moment_text

AT_ONCE = 100
_ENTRIES = """
SELECT l.position, e.body, e.digest, e.challenge_id FROM leaf l JOIN entry e ON e.id = l.entry_id
WHERE l.position >= :first AND l.position < :end ORDER BY l.position
"""
_SPAN = "(challenge_id = :c{0} AND seq BETWEEN :f{0} AND :t{0})"
_EVENTS = "SELECT challenge_id, seq, at, actor, kind, body, source FROM event WHERE "
_ENTRY_OF = """
SELECT v.entry_id, l.position FROM event v
JOIN challenge c ON c.id = v.challenge_id LEFT JOIN leaf l ON l.entry_id = v.entry_id
WHERE c.reference = :reference AND v.seq = :seq
"""
_LAST_OF = """
SELECT max(v.seq) FROM event v JOIN challenge c ON c.id = v.challenge_id
WHERE c.reference = :reference
"""


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry at its place in the tree; `events` are None where they were destroyed."""

    position: int
    text: str
    digest: bytes
    events: tuple[str, ...] | None


def place_of(link: Link, reference: str, seq: int) -> int | None:
    """Return the position of the entry that speaks for an event; None if it has none yet.

    Raises:
        NotFound: there is no such event.
    """
    row = link.row(_ENTRY_OF, reference=reference, seq=seq)
    if row is None:
        last = link.row(_LAST_OF, reference=reference)
        known = [f"1 to {last[0]}"] if last and last[0] else []
        raise NotFound(f"event of {reference} with the number", str(seq), known)
    return None if row[1] is None else int(row[1])


def at_position(link: Link, position: int) -> Placed:
    """Return the entry at a position."""
    (found,) = _placed(link, position, position + 1)
    return found


def everything(link: Link, size: int) -> Iterator[Placed]:
    """Yield the first `size` entries in order, with as little memory for many as for few."""
    for first in range(0, size, AT_ONCE):
        yield from _placed(link, first, min(first + AT_ONCE, size))


def _placed(link: Link, first: int, end: int) -> Iterator[Placed]:
    rows = link.rows(_ENTRIES, first=first, end=end)
    bounds = [json.loads(row[1]).get("events") for row in rows]
    spans = [
        (row[3], bound["from"], bound["to"])
        for row, bound in zip(rows, bounds, strict=True)
        if bound
    ]
    texts = _texts(link, spans)
    for (position, body, digest, owner), bound in zip(rows, bounds, strict=True):
        numbers = range(bound["from"], bound["to"] + 1) if bound else range(0)
        found = [texts[owner, seq] for seq in numbers if (owner, seq) in texts]
        is_whole = len(found) == len(numbers)
        yield Placed(position, body, bytes(digest), tuple(found) if is_whole else None)


def _texts(link: Link, spans: Sequence[tuple[int, int, int]]) -> dict[tuple[int, int], str]:
    """Return the texts of events by challenge and number, in one query."""
    if not spans:
        return {}
    params: dict[str, Any] = {}
    for number, (owner, first, last) in enumerate(spans):
        params |= {f"c{number}": owner, f"f{number}": first, f"t{number}": last}
    sql = _EVENTS + " OR ".join(_SPAN.format(number) for number in range(len(spans)))
    rows = link.rows(sql, **params)
    whole = event_texts([(row[1], _hashed_moment(row[2]), *row[3:]) for row in rows])
    return {(row[0], row[1]): text for row, text in zip(rows, whole, strict=True)}


def _hashed_moment(value: Any) -> str:  # noqa: ANN401  (text from SQLite, a moment from PostgreSQL)
    """Return a kept moment as it is hashed."""
    text = value if isinstance(value, str) else moment_text(value)
    return f"{text[:10]}T{text[11:]}+00:00"
