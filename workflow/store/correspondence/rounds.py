"""What the rounds of mail share: when the last one was, what waited before it, how fast mail goes.

Kept in `meta`, so that any number of couriers keep to one pace.
"""

import json
from datetime import datetime, timedelta

from workflow.store import meta
from workflow.store.link import Link, moment, moment_text

LAST_ROUND, BACKLOG, PACE = "mail_last_round", "mail_backlog_until", "mail_pace"

DOWN_AFTER = timedelta(hours=24)
"""When the last round is further back, nothing was running."""

_CATCHING_UP = timedelta(hours=1)
_NOTED_EVERY = timedelta(minutes=10)
_MINUTE = timedelta(minutes=1)


def begin(link: Link, at: datetime) -> datetime | None:
    """Note down that a round begins; return until when what was raised is a backlog.

    After a downtime that is an hour from the first round on: what should have been said meanwhile
    is raised in it.
    """
    last = moment(meta.get(link, LAST_ROUND))
    if last is not None and at - last > DOWN_AFTER:
        meta.put(link, BACKLOG, moment_text(at + _CATCHING_UP))
    if last is None or abs(at - last) > _NOTED_EVERY:
        meta.put(link, LAST_ROUND, moment_text(at))
    return moment(meta.get(link, BACKLOG))


def reserve(link: Link, at: datetime, *, wanted: int, most: int) -> int:
    """Return how many of the `wanted` messages may go now: at most `most` in any minute.

    They count from now on, until `spend` says how many went.
    """
    entries = _entries(link, at)
    granted = max(0, min(wanted, most - sum(number for _, number in entries)))
    _keep(link, [*entries, (moment_text(at), granted)] if granted else entries)
    return granted


def spend(link: Link, at: datetime, *, reserved_at: datetime, granted: int, sent: int) -> None:
    """Note down how many of the messages that were `granted` went; they count for a minute."""
    entries = _entries(link, at)
    reservation = (moment_text(reserved_at), granted)
    if reservation in entries:
        entries.remove(reservation)
    if sent:
        entries.append((moment_text(at), sent))
    _keep(link, entries)


def _entries(link: Link, at: datetime) -> list[tuple[str, int]]:
    """Return how many went when, in the last minute; nobody else changes it meanwhile.

    What a clock noted down that was ahead, and is set right, went just now: it counts for a minute.
    """
    meta.claim(link, PACE, "[]")
    since, now, ahead = (moment_text(one) for one in (at - _MINUTE, at, at + _MINUTE))
    kept = json.loads(meta.hold(link, PACE) or "[]")
    return [(text if text <= ahead else now, number) for text, number in kept if text > since]


def _keep(link: Link, entries: list[tuple[str, int]]) -> None:
    meta.put(link, PACE, json.dumps(entries))
