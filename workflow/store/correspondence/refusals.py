"""Messages that failed because an address refuses mail for good, until somebody has been told.

Such a row keeps a `lease_until`: whoever is killed between noting the refusal down and telling it
leaves a row that the next round finds. To tell twice must do no harm.
"""

from dataclasses import dataclass
from datetime import datetime

from workflow.store import outbox, people
from workflow.store.link import Link

_FAILED_OF = """
SELECT o.id, c.reference FROM outbox o LEFT JOIN challenge c ON c.id = o.challenge_id
WHERE (o.recipient_id = :person OR o.sent_to_id = :person) AND o.status = 'failed' ORDER BY o.id
"""
_UNTOLD = """
SELECT o.id, c.reference, o.recipient_id, o.sent_to_id, o.error
FROM outbox o LEFT JOIN challenge c ON c.id = o.challenge_id
WHERE o.status = 'failed' AND o.lease_until IS NOT NULL ORDER BY o.id
"""
_BOUNCED = """
UPDATE outbox SET status = 'failed', error = :error, lease_until = :untold_since
WHERE (id = :id OR message_id = (SELECT message_id FROM outbox WHERE id = :id))
    AND status IN ('sent', 'uncertain', 'sending')
"""
_TOLD = "UPDATE outbox SET lease_until = NULL WHERE id = :id AND status = 'failed'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A message that failed because the address of its reader refuses mail for good."""

    id: int
    reference: str | None
    person: int
    why: str


def untold(link: Link) -> list[Refusal]:
    """Return the refusals of which nobody has been told yet, the oldest first. One query."""
    return [
        Refusal(id=row[0], reference=row[1], person=row[3] or row[2], why=row[4])
        for row in link.rows(_UNTOLD)
    ]


def tell(link: Link, message_id: int) -> None:
    """Note that whoever must know of a refusal has been told."""
    link.execute(_TOLD, id=message_id)


def mark_bounced(
    link: Link, message_id: int, *, error: str, untold_since: datetime | None = None
) -> int:
    """Note that a message came back, with what went along; return how many notices that is.

    `untold_since` is for an address that refuses mail: they stay among the `untold` until `tell`.
    """
    said = people.seal_message(link, message_id, error)
    return link.execute(_BOUNCED, id=message_id, error=said, untold_since=untold_since)


def retry_of(link: Link, person: int, *, among: frozenset[str] | None = None, at: datetime) -> int:
    """Send what failed to reach a person at the next opportunity; return how many.

    Also what went to them while they stood in for somebody.

    `among` are the challenges whose messages go, with what went along; all if it is None.
    """
    failed = link.rows(_FAILED_OF, person=person)
    again = [number for number, of in failed if among is None or of in among]
    for number in again:
        outbox.retry(link, number, at=at)
    return len(again)
