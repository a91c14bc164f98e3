"""The outbox of a database that was restored: what may have been sent since the backup waits.

The backup does not know what was sent after it was made. So all mail is held, and what was to go
by the moment of restoring is uncertain, each by itself: a person says what becomes of it.
"""

from datetime import datetime

from workflow.store import meta
from workflow.store.link import Link

DOUBT = "restored from a backup: it may have been sent since that was made"

_DOUBT = """
UPDATE outbox SET status = 'uncertain', lease_until = NULL, error = :doubt
WHERE status = 'sending' OR (status = 'waiting' AND next_attempt_at <= :at)
"""
_TRUST = """
UPDATE outbox SET status = 'waiting', next_attempt_at = :at, error = NULL
WHERE status = 'uncertain' AND error = :doubt
"""
_DOUBTFUL = "SELECT count(*) FROM outbox WHERE status = 'uncertain' AND error = :doubt"


def hold(link: Link, reason: str) -> None:
    """Hold all mail, from the first moment on."""
    meta.put(link, meta.MAIL_HELD, reason)


def doubt(link: Link, at: datetime) -> int:
    """Make uncertain what was to be sent by a moment; return how many messages."""
    return link.execute(_DOUBT, at=at, doubt=DOUBT)


def doubtful(link: Link) -> int:
    """Return how many messages are uncertain because of a restore."""
    row = link.row(_DOUBTFUL, doubt=DOUBT)
    return int(row[0]) if row else 0


def trust(link: Link, at: datetime) -> int:
    """Let all go that is uncertain because of a restore; return how many messages."""
    return link.execute(_TRUST, at=at, doubt=DOUBT)
