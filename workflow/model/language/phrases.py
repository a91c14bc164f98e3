"""What the phrases of a definition mean once they are read.

A definition says things in words, such as `4 weeks after onsite_end`. The sibling modules read
those words; the values here are what they give back. Each keeps its `text`, so that a
definition can be written out again word for word.
"""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum


class Unit(StrEnum):
    """What a number counts. Hours are elapsed time; all others count local calendar days."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


class Choice(StrEnum):
    """Which of several anchors counts."""

    ONLY = "only"
    LATEST = "latest"
    EARLIEST = "earliest"


class Edge(StrEnum):
    """Which end of a day is meant."""

    START = "start"
    END = "end"


class Roll(StrEnum):
    """Where a day that is not a working day goes."""

    NEXT = "next"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a timing counts from.

    `names` are keys of dates, tasks (their completion) or stages (their entry); `TASK.limit` and
    `TASK.target`; or one of the words `opening`, `joining`, `leaving`, `day`, `target`, `limit`,
    which speak of the task itself. More than one name only with LATEST or EARLIEST.
    """

    names: tuple[str, ...]
    choice: Choice = Choice.ONLY


@dataclass(frozen=True, slots=True)
class Timing:
    """A day or a moment, relative to an anchor: `end of 4 weeks after onsite_end`.

    `count` is negative for `before`. `at` is a local time of day; `edge` says which end of the
    day is meant when there is no time (None leaves it to the place where the timing stands).
    """

    text: str
    anchor: Anchor
    count: int = 0
    unit: Unit = Unit.DAYS
    at: time | None = None
    edge: Edge | None = None
    roll: Roll | None = None


class Test(StrEnum):
    """What a condition asks of its subject."""

    HOLDS = "holds"  # whatever fits the subject: a task is done, a date is known, a stage entered
    DONE = "done"
    KNOWN = "known"
    REACHED = "reached"
    ENTERED = "entered"
    ENOUGH = "enough"
    FILLED = "filled"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must be so: `scope_agreed`, `onsite_start is reached`, `peers.enough`."""

    text: str
    subject: str
    test: Test = Test.HOLDS


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least `count` of several conditions."""

    count: int
    of: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """One of the ways in which a task may open: all conditions hold, and the time has come."""

    conditions: tuple[Condition, ...] = ()
    timing: Timing | None = None
    is_leaving: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """When a task opens: as soon as any one of its ways is there."""

    text: str
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class ForEach:
    """One task for each person, or for each day.

    `people` is a role or a group; `is_past` counts those who left, `is_present` those who are
    there, `is_issued` only those who were given something to keep, `capability` only those who
    have it. Otherwise `first_day` to `last_day` (keys of dates, both included), less the ends
    that are excepted.
    """

    text: str
    people: str | None = None
    is_present: bool = True
    is_past: bool = False
    is_issued: bool = False
    capability: str | None = None
    first_day: str | None = None
    last_day: str | None = None
    except_first: bool = False
    except_last: bool = False


@dataclass(frozen=True, slots=True)
class RungTime:
    """When a rung of a reminder ladder speaks: `7 days before target`, `on limit`.

    `anchor` is `opening`, `target` or `limit` of the task (a task without a target uses its
    limit). `is_repeated` (`every 2 working days after limit`) repeats by `count` units.
    """

    text: str
    anchor: str
    count: int = 0
    unit: Unit = Unit.DAYS
    at: time | None = None
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class Count:
    """How many: `1`, or `5..6` (both included)."""

    text: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Span:
    """How long, both ends counted: `3..4 days of onsite_start` (the first day is day 1)."""

    text: str
    least: int
    most: int
    of: str


class Happening(StrEnum):
    """What an occasion waits for."""

    JOINING = "joining"
    LEAVING = "leaving"
    ENTERED = "entered"
    MOVES = "moves"
    CHANGES = "changes"
    CLEARED = "cleared"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something that happens: `joining`, `withdrawn is entered`, `onsite_start moves`.

    `subjects` are the stages, dates, roles or groups concerned; none for everybody.
    """

    text: str
    happening: Happening
    subjects: tuple[str, ...] = ()
