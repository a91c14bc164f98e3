"""Who is to be looked at: challenges for which time alone has changed something.

Each challenge keeps one moment, `wake_at`, and an index on it, so that a sweep costs what is due
and not what exists. Any number of processes may sweep at once: each claims by comparing, and looks
whether it was the one. A claim is a promise to look again at `until` at the latest; a process that
dies has only put the challenge off until then. What the engine then appends sets the next moment.
"""

from datetime import datetime

from workflow.store.link import Link, moment

_DUE = """
SELECT id, reference, wake_at FROM challenge
WHERE wake_at <= :at ORDER BY wake_at, id LIMIT :limit
"""
_CLAIM = "UPDATE challenge SET wake_at = :until WHERE id = :id AND wake_at = :wake_at"
_DEFER = "UPDATE challenge SET wake_at = :until WHERE id = :id"
_NEXT = "SELECT min(wake_at) FROM challenge"


def due(link: Link, at: datetime, *, limit: int) -> list[tuple[int, str, datetime]]:
    """Return id, reference and `wake_at` of what is due, the longest due first. One query."""
    found = link.rows(_DUE, at=at, limit=limit)
    return [(row[0], row[1], woken) for row in found if (woken := moment(row[2]))]


def claim(link: Link, challenge_id: int, wake_at: datetime, *, until: datetime) -> bool:
    """Take a challenge that is due, if nobody has; return whether we got it."""
    return link.execute(_CLAIM, id=challenge_id, wake_at=wake_at, until=until) == 1


def defer(link: Link, challenge_id: int, until: datetime) -> None:
    """Look at a challenge again at `until`, whatever was planned."""
    link.execute(_DEFER, id=challenge_id, until=until)


def next_at(link: Link) -> datetime | None:
    """Return when the next challenge is to be looked at."""
    row = link.row(_NEXT)
    return moment(row[0]) if row else None
