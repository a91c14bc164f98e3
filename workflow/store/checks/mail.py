"""Messages that stand in the outbox as they should not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from workflow.store.link import Link, moment

_STUCK = """
SELECT c.reference, count(*), min(o.lease_until), min(o.id)
FROM outbox o LEFT JOIN challenge c ON c.id = o.challenge_id
WHERE o.status = 'sending' AND (o.lease_until IS NULL OR o.lease_until < :before)
GROUP BY c.reference ORDER BY min(o.id)
"""
_DOUBLED = """
SELECT c.reference, o.notice, count(*), min(o.id)
FROM outbox o LEFT JOIN challenge c ON c.id = o.challenge_id
GROUP BY c.reference, o.notice, o.unique_key HAVING count(*) > 1 ORDER BY min(o.id)
"""
_SPURNED = """
SELECT c.reference, o.id, o.sent_at, p.refused_at
FROM outbox o JOIN preference p ON p.person_id = coalesce(o.sent_to_id, o.recipient_id)
LEFT JOIN challenge c ON c.id = o.challenge_id
WHERE o.status = 'sent' AND o.sent_at > p.refused_at ORDER BY o.id
"""
_FORGOTTEN = """
SELECT c.reference, o.id FROM outbox o
JOIN person p ON p.id = coalesce(o.sent_to_id, o.recipient_id)
LEFT JOIN challenge c ON c.id = o.challenge_id
WHERE o.status = 'sent' AND o.sent_at > p.forgotten_at ORDER BY o.id
"""
_KEPT = """
SELECT unique_key, id, calendar IS NOT NULL FROM outbox WHERE challenge_id = :id ORDER BY id
"""


@dataclass(frozen=True, slots=True)
class Amiss:
    """Messages of a challenge, or (None) of none: how many, since when, and the first one's id."""

    reference: str | None
    count: int
    id: int
    since: datetime | None = None
    notice: str = ""


def stuck(link: Link, before: datetime) -> Iterator[Amiss]:
    """Yield what is being sent although whoever does has had their time by a moment. One query."""
    for reference, count, since, number in link.rows(_STUCK, before=before):
        yield Amiss(reference, count, number, moment(since))


def doubled(link: Link) -> Iterator[Amiss]:
    """Yield what is there more than once for the same duty, occurrence and reader. One query."""
    for reference, notice, count, number in link.rows(_DOUBLED):
        yield Amiss(reference, count, number, notice=notice)


def spurned(link: Link) -> Iterator[Amiss]:
    """Yield what was sent to an address after it had refused mail for good. Two queries."""
    for reference, number, sent_at, _ in link.rows(_SPURNED):
        yield Amiss(reference, 1, number, moment(sent_at))
    for reference, number in link.rows(_FORGOTTEN):
        yield Amiss(reference, 1, number)


def kept(link: Link, challenge_id: int) -> list[tuple[str, int]]:
    """Return the keys and ids of a challenge's messages, but for entries in calendars."""
    rows = link.rows(_KEPT, id=challenge_id)
    return [(key, number) for key, number, has_entry in rows if not has_entry]
