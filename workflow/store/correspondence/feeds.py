"""The private calendar addresses of people, and the links that they no longer have.

The number of an address is drawn, not counted: a database that was restored would count the same
numbers again, and the address that somebody got after the backup would open another's calendar.
"""

import secrets
from datetime import datetime

from workflow.store import people
from workflow.store.correspondence import preferences
from workflow.store.link import Link

LEAST, MOST = 1 << 16, (1 << 31) - 1
"""What is drawn: above whatever was counted before, and within a column of whole numbers."""

_NUMBER = "SELECT feed_number FROM preference WHERE person_id = :person"
_RENEW = "UPDATE preference SET feed_number = :number WHERE person_id = :person"
_END = "UPDATE preference SET feed_number = -abs(feed_number) WHERE person_id = :person"
_DEAD = """
UPDATE outbox SET links_revoked_at = :at
WHERE message_id IS NOT NULL AND links_revoked_at IS NULL
    AND (recipient_id = :person OR sent_to_id = :person)
"""


def number(link: Link, person: int) -> int | None:
    """Return the number of the address that works now; None where there is none."""
    row = link.row(_NUMBER, person=person)
    return row[0] if row and row[0] is not None and row[0] > 0 else None


def renew(link: Link, person: int) -> int:
    """Give a person a new address, in place of the one that there was; return its number.

    Raises:
        InvalidInput: they were forgotten.
    """
    people.require_known(link, person)
    preferences.begin(link, person)
    drawn = LEAST + secrets.randbelow(MOST - LEAST + 1)
    link.execute(_RENEW, person=person, number=drawn)
    return drawn


def end(link: Link, person: int) -> bool:
    """Let a person's address work no more; return whether there was one.

    Its number is kept below zero.
    """
    had = number(link, person) is not None
    link.execute(_END, person=person)
    return had


def revoke_links(link: Link, person: int, *, at: datetime) -> None:
    """Let every link be dead that a person was sent, for themselves or as somebody's stand-in.

    What only waits to be sent has no Message-ID yet: its links will work.
    """
    link.execute(_DEAD, person=person, at=at)
