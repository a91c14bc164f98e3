"""How a challenge is kept and found again: a head, and one text for each task.

A step changes a task or two of a hundred, so each task has its own text and only what changed is
written. Every step gives the challenge a new stamp that no other step ever had. A process
remembers what it read or wrote last under its stamp: as long as the stamp in the database is the
same, nothing needs to be read again. A step that was undone leaves its stamp nowhere.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from secrets import token_hex
from typing import NamedTuple

from workflow.model.challenge import Challenge
from workflow.model.task import changed as with_facts
from workflow.store.link import Link, moment
from workflow.store.rows import codec

MOST_REMEMBERED = 128

STAMP_BYTES = 16

_STATES = "SELECT number, state, wake_at FROM task WHERE challenge_id = :id"


class Snapshot(NamedTuple):
    """A challenge, and when each of its tasks wakes, by key."""

    challenge: Challenge
    wakes: Mapping[str, datetime | None]


_remembered: OrderedDict[str, Snapshot] = OrderedDict()
_lock = threading.Lock()


def new_stamp() -> str:
    """Return a stamp that nothing else ever has."""
    return token_hex(STAMP_BYTES)


def dump_head(challenge: Challenge, shelf: codec.Shelf) -> str:
    """Return all of a challenge but its tasks, as one line of JSON."""
    return codec.dump_challenge(with_facts(challenge, tasks={}), shelf.seal)


def fetch(link: Link, challenge_id: int, *, head: str, stamp: str, is_cached: bool) -> Snapshot:
    """Return a challenge from its head and its tasks, in the order in which they were issued."""
    known = _recall(stamp) if is_cached else None
    if known is not None:
        return known
    rows = sorted(link.rows(_STATES, id=challenge_id))
    tasks = codec.load_tasks(state for _, state, _ in rows)
    challenge = replace(codec.load_challenge(head), tasks={task.key: task for task in tasks})
    wakes = {task.key: moment(row[2]) for task, row in zip(tasks, rows, strict=True)}
    snapshot = Snapshot(challenge, wakes)
    remember(stamp, snapshot)
    return snapshot


def changed(before: Challenge, after: Challenge) -> set[str]:
    """Return the keys of the tasks that are new or other than before."""
    old = before.tasks
    return {key for key, task in after.tasks.items() if old.get(key) is not task}


def remember(stamp: str, snapshot: Snapshot, *, instead_of: str = "") -> None:
    """Keep a challenge in mind under the stamp that its step has or will have."""
    with _lock:
        _remembered.pop(instead_of, None)
        _remembered[stamp] = snapshot
        if len(_remembered) > MOST_REMEMBERED:
            _remembered.popitem(last=False)


def _recall(stamp: str) -> Snapshot | None:
    with _lock:
        known = _remembered.get(stamp)
        if known is not None:
            _remembered.move_to_end(stamp)
        return known


def remembered() -> int:
    """Return how many challenges are in mind."""
    with _lock:
        return len(_remembered)


def forget() -> None:
    """Forget every challenge: the next load reads it anew, as another process would."""
    with _lock:
        _remembered.clear()
