"""What lists and pages show of a challenge: derived from its state, kept beside it by the store."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

RETENTION_PREFIX = "retention_"
"""What the tasks that rules of retention make begin with: they are carried out by the engine."""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far something that a person must do has come.

    `first_target_on` and `first_limit_on` are those that were known first. `clock` is `paused`
    while the clock stands still, `excused` when a reason took the dates away, else empty;
    `clock_note` says which. `done_moment` is when it was done, where hours count; `done_at` is
    when that was recorded. Moments are aware, in UTC; days are local.
    """

    person: int | None = None
    day: date | None = None
    opens_at: datetime | None = None
    opened_at: datetime | None = None
    target_on: date | None = None
    limit_on: date | None = None
    limit_at: datetime | None = None
    first_limit_on: date | None = None
    first_target_on: date | None = None
    clock: str = ""
    clock_note: str = ""
    done_on: date | None = None
    done_at: datetime | None = None
    done_moment: datetime | None = None
    done_by: int | None = None
    recorded_by: int | None = None
    evidence: str = ""
    reason: str = ""
    is_overridden: bool = False
    is_missed: bool = False


@dataclass(frozen=True, kw_only=True)
class TaskLine(Progress):
    """A task as lists show it.

    `position` is its order in the definition; `why` one sentence on its dates.
    `title` still has `{person}` and `{day}` in it; `assignees` are those who are to do it now;
    `wake_at` is the next moment at which time alone changes something about it.
    """

    key: str
    spec: str
    position: int
    title: str
    status: str
    assignees: tuple[int, ...] = ()
    is_held: bool = False
    source: str = ""
    why: str = ""
    wake_at: datetime | None = None


class Headline(NamedTuple):
    """A challenge as a portfolio shows it. `manager` holds the role `challenge_manager`, if any.

    `next_…` is an unfinished task that is late, else the one whose date comes first; what is held
    does not come next.
    `wake_at` is the next moment of a step that is taken by itself, tasks apart.
    """

    stage: str
    stage_title: str
    is_final: bool = False
    is_paused: bool = False
    manager: int | None = None
    due_soon: int = 5
    next_key: str | None = None
    next_title: str = ""
    next_target_on: date | None = None
    next_limit_on: date | None = None
    next_limit_at: datetime | None = None
    busy_from: date | None = None
    busy_to: date | None = None
    busy_people: tuple[int, ...] = ()
    wake_at: datetime | None = None
