"""What is true of the database as a whole: is it a rehearsal, how far has its time come."""

from datetime import datetime

from workflow.store.link import Link, moment, moment_text

REHEARSAL = "rehearsal"
LAST_AT = "last_at"
MAIL_HELD = "mail_held"
DIGEST_WEEK = "digest_week"
LOG_DAY = "log_day"
LOG_SENT = "log_sent"
LOG_TOLD = "log_told"
MOVED_TO = "moved_to"

_GET = "SELECT value FROM meta WHERE key = :key"
_PUT = """
INSERT INTO meta (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value
"""
_DROP = "DELETE FROM meta WHERE key = :key"
_CLAIM = "INSERT INTO meta (key, value) VALUES (:key, :value) ON CONFLICT (key) DO NOTHING"
_LOCK = " FOR UPDATE"  # PostgreSQL: the second of two writers waits, as it does on SQLite
_ADVANCE = """
INSERT INTO meta (key, value) VALUES (:key, :value)
ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE meta.value < excluded.value
"""


def get(link: Link, key: str) -> str | None:
    """Return what is kept under `key`."""
    row = link.row(_GET, key=key)
    return row[0] if row else None


def put(link: Link, key: str, value: str | None) -> None:
    """Keep `value` under `key`; None forgets it."""
    if value is None:
        link.execute(_DROP, key=key)
    else:
        link.execute(_PUT, key=key, value=value)


def claim(link: Link, key: str, value: str) -> bool:
    """Keep `value` under a key that nothing is kept under; return whether it was free."""
    return link.execute(_CLAIM, key=key, value=value) == 1


def hold(link: Link, key: str) -> str | None:
    """Return what is kept under `key`; nobody else can change it until the transaction ends."""
    row = link.row(_GET + (_LOCK if link.dialect == "postgresql" else ""), key=key)
    return row[0] if row else None


def is_rehearsal(link: Link) -> bool:
    """Return whether everything here is only tried out."""
    return get(link, REHEARSAL) is not None


def mark_rehearsal(link: Link) -> None:
    """Make the database a rehearsal, for good."""
    put(link, REHEARSAL, "yes")


def last_at(link: Link) -> datetime | None:
    """Return the latest moment at which the engine has acted: time never runs behind it."""
    return moment(get(link, LAST_AT))


def reach(link: Link, at: datetime) -> None:
    """Note that the engine has acted `at` a moment; one before the last changes nothing."""
    link.execute(_ADVANCE, key=LAST_AT, value=moment_text(at))
