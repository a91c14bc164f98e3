"""Who is to be looked at: challenges for which time alone has changed something.

Each challenge keeps one moment, `wake_at`, and an index on it, so that a sweep costs what is due
and not what exists. Any number of processes may sweep at once: each claims by comparing, and looks
whether it was the one. A claim is a promise to look again at `until` at the latest; a process that
dies has only put the challenge off until then. What the engine then appends sets the next moment.
"""

import json
from collections.abc import Sequence
from datetime import datetime

from workflow.store.link import Link, moment

_DUE = """
SELECT id, wake_at FROM challenge
WHERE wake_at <= :at ORDER BY wake_at, id LIMIT :limit
"""
_DUE_OF = "SELECT wake_at FROM challenge WHERE id = :id AND wake_at <= :at"
_CLAIM = "UPDATE challenge SET wake_at = :until WHERE id = :id AND wake_at = :wake_at"
_DEFER = "UPDATE challenge SET wake_at = :until WHERE id = :id RETURNING reference"
_NEXT = "SELECT min(wake_at) FROM challenge"
_GOES_ON = """
(NOT c.is_final OR EXISTS
    (SELECT 1 FROM task t WHERE t.challenge_id = c.id AND t.status IN ('pending', 'open')))
"""
_AMONG = {
    "sqlite": "c.definition_hash IN (SELECT value FROM json_each(:hashes))",
    "postgresql": "c.definition_hash = ANY(:hashes)",
}
_GOING_ON = {
    dialect: f"SELECT c.id FROM challenge c WHERE c.id > :after AND {among} AND {_GOES_ON}"  # noqa: S608
    " ORDER BY c.id LIMIT :limit"
    for dialect, among in _AMONG.items()
}
_NUMBER_GOING_ON = {
    dialect: f"SELECT count(*) FROM challenge c WHERE {among} AND {_GOES_ON}"  # noqa: S608
    for dialect, among in _AMONG.items()
}


def due(link: Link, at: datetime, *, limit: int) -> list[tuple[int, datetime]]:
    """Return id and `wake_at` of what is due, the longest due first: the index has both."""
    found = link.rows(_DUE, at=at, limit=limit)
    return [(row[0], woken) for row in found if (woken := moment(row[1]))]


def due_of(link: Link, challenge_id: int, at: datetime) -> datetime | None:
    """Return the `wake_at` of a challenge that is due; None when it is not."""
    row = link.row(_DUE_OF, id=challenge_id, at=at)
    return moment(row[0]) if row else None


def claim(link: Link, challenge_id: int, wake_at: datetime, *, until: datetime) -> bool:
    """Take a challenge that is due, if nobody has; return whether we got it."""
    return link.execute(_CLAIM, id=challenge_id, wake_at=wake_at, until=until) == 1


def defer(link: Link, challenge_id: int, until: datetime) -> str:
    """Look at a challenge again at `until`, whatever was planned; return its reference."""
    row = link.row(_DEFER, id=challenge_id, until=until)
    return str(row[0]) if row else ""


def going_on(link: Link, hashes: Sequence[str], *, after: int, limit: int) -> list[int]:
    """Return the ids above `after` of what is not over yet under some definitions. One query."""
    found = link.rows(_GOING_ON[link.dialect], hashes=_list(link, hashes), after=after, limit=limit)
    return [challenge_id for (challenge_id,) in found]


def number_going_on(link: Link, hashes: Sequence[str]) -> int:
    """Return how many challenges are not over yet under some definitions. One query."""
    row = link.row(_NUMBER_GOING_ON[link.dialect], hashes=_list(link, hashes))
    return int(row[0]) if row else 0


def _list(link: Link, texts: Sequence[str]) -> object:
    return json.dumps(list(texts)) if link.dialect == "sqlite" else list(texts)


def next_at(link: Link) -> datetime | None:
    """Return when the next challenge is to be looked at."""
    row = link.row(_NEXT)
    return moment(row[0]) if row else None
