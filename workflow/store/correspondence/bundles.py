"""What waits in the outbox, as the courier plans it; rows that go together as one message.

The row that leads is the carrier: its key and its moment make the Message-ID and the Date. While a
message may be with somebody, its rows keep `message_id`, `carrier_id` and `sent_to_id`, so that it
is sent again as it was, by another carrier if that one is not said any more; what was surely not
sent loses them, and may go together with others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflow.model.people import Person
from workflow.store import people
from workflow.store.link import Link, flag, moment
from workflow.store.outbox import Claimed

_DUE = """
SELECT id, recipient_id, is_urgent, is_ladder, calendar IS NOT NULL, fence, attempts, not_before,
    unique_key, message_id, sent_to_id
FROM outbox
WHERE status = 'waiting' AND next_attempt_at <= :at
    AND NOT EXISTS (SELECT 1 FROM meta WHERE key = 'mail_held')
"""
_OF_ONE = " AND recipient_id = :recipient"
_ORDER = " ORDER BY recipient_id, not_before, id"
_CLAIM = """
UPDATE outbox
SET status = 'sending', fence = fence + 1, attempts = attempts + 1, lease_until = :lease_until,
    message_id = :message_id, carrier_id = :carrier_id, sent_to_id = :sent_to_id
WHERE id = :id AND fence = :fence AND status = 'waiting'
    AND NOT EXISTS (SELECT 1 FROM meta WHERE key = 'mail_held')
RETURNING fence, attempts
"""
_LED_AT = """
SELECT created_at FROM outbox WHERE message_id = :message_id
ORDER BY not_before DESC, id DESC LIMIT 1
"""
_GO_ALONG = """
UPDATE outbox SET message_id = :message_id, carrier_id = :carrier_id
WHERE id = :id AND fence = :fence AND status = 'sending'
"""


class Overtaken(Exception):
    """Somebody else has taken a row meanwhile, or mail is held: nothing is claimed."""


@dataclass(frozen=True, slots=True)
class Due:
    """A notice that may be said now. `message_id` is known where a copy may have arrived."""

    id: int
    recipient: int
    is_urgent: bool
    is_ladder: bool
    has_entry: bool
    fence: int
    attempts: int
    not_before: datetime
    unique_key: str
    message_id: str | None = None
    sent_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What the rows of a message share: who reads it, its Message-ID, and which of them leads."""

    message_id: str
    carrier: int
    reader: int


def each_due(link: Link, at: datetime, *, recipient: int | None = None) -> Iterator[Due]:
    """Yield what may be said now, person by person, the oldest first; none while mail is held.

    To one `recipient`, or to all. One query, read row by row.
    """
    if recipient is None:
        rows = link.each(_DUE + _ORDER, at=at)
    else:
        rows = link.each(_DUE + _OF_ONE + _ORDER, at=at, recipient=recipient)
    for row in rows:
        yield _due(row, at)


def _due(row: tuple[Any, ...], at: datetime) -> Due:
    return Due(
        row[0],
        row[1],
        flag(row[2]),
        flag(row[3]),
        flag(row[4]),
        row[5],
        row[6],
        moment(row[7]) or at,
        *row[8:],
    )


def claim(
    link: Link, dues: Sequence[Due], stamp: Stamp, *, lease_until: datetime, at: datetime
) -> tuple[Claimed, ...]:
    """Take the rows of a message to send it: all of them or none.

    Raises:
        Overtaken: one has changed since it was read; the transaction must be given up.
    """
    found = list[Claimed]()
    for due in sorted(dues, key=lambda due: due.id):  # one order for all couriers: no deadlock
        values = _stamped(due.id, stamp)
        row = link.row(
            _CLAIM, fence=due.fence, lease_until=lease_until, sent_to_id=_sent_to(due, stamp),
            **values,
        )  # fmt: skip
        if row is None:
            raise Overtaken(f"message {due.id}")
        found.append(Claimed(due.id, row[0], row[1], at, is_tied=due.message_id is not None))
    return tuple(found)


def _sent_to(due: Due, stamp: Stamp) -> int | None:
    return stamp.reader if stamp.reader != due.recipient else None


def _stamped(row_id: int, stamp: Stamp) -> dict[str, Any]:
    carrier = stamp.carrier if stamp.carrier != row_id else None
    return {"id": row_id, "message_id": stamp.message_id, "carrier_id": carrier}


def go_along(link: Link, claims: Sequence[Claimed], stamp: Stamp) -> None:
    """Let another row lead: the one that did is not said."""
    for claimed in claims:
        link.execute(_GO_ALONG, fence=claimed.fence, **_stamped(claimed.id, stamp))


def led_at(link: Link, message_id: str) -> datetime:
    """Return the Date of a message: the moment of its first carrier, whatever has become of it."""
    row = link.row(_LED_AT, message_id=message_id)
    raised_at = moment(row[0]) if row else None
    if raised_at is None:
        raise LookupError(f"no message {message_id}")
    return raised_at


def person(link: Link, number: int) -> Person:
    """Return a person who reads a message."""
    return people.named(link, [number])[number]
