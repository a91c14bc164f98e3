"""The outbox of a database that was restored: what may have been sent since the backup waits.

The backup does not know what was sent after it was made. So all mail is held, and whatever is not
sent in it is uncertain, each by itself: a person says what becomes of it. That it was to wait until
later says nothing, for somebody may have sent it at once (`mail retry`).
"""

from datetime import datetime

from workflow.store import meta
from workflow.store.link import Link

DOUBT = "restored from a backup: it may have been sent since that was made"

_DOUBT = """
UPDATE outbox SET status = 'uncertain', lease_until = NULL, error = :doubt
WHERE status IN ('sending', 'waiting')
"""
_TRUST = """
UPDATE outbox SET status = 'waiting', next_attempt_at = :at, error = NULL
WHERE status = 'uncertain' AND error = :doubt
"""
_DOUBTFUL = "SELECT count(*) FROM outbox WHERE status = 'uncertain' AND error = :doubt"


def hold(link: Link, reason: str) -> None:
    """Hold all mail, from the first moment on."""
    meta.put(link, meta.MAIL_HELD, reason)


def doubt(link: Link) -> int:
    """Make uncertain whatever waits, or was being sent; return how many messages."""
    return link.execute(_DOUBT, doubt=DOUBT)


def doubtful(link: Link) -> int:
    """Return how many messages are uncertain because of a restore."""
    row = link.row(_DOUBTFUL, doubt=DOUBT)
    return int(row[0]) if row else 0


def trust(link: Link, at: datetime) -> int:
    """Let all go that is uncertain because of a restore; return how many messages."""
    return link.execute(_TRUST, at=at, doubt=DOUBT)
