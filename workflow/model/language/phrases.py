"""What the phrases of a definition mean once they are read.

A definition says things in words, such as `4 weeks after onsite_end`. The sibling modules read
those words; the values here are what they give back. Each keeps its `text`, so that a
definition can be written out again word for word.
"""

from dataclasses import dataclass
from datetime import date, time
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


class Counting(StrEnum):
    """Which of the two ends of a count are counted."""

    FROM_NEXT = "after"  # the first day is not counted: 1 day after Monday is Tuesday
    FROM_SAME = "beginning with"  # the first day is counted: 1 day beginning with it is itself
    CLEAR = "clear"  # neither end is: 1 clear day after Monday is Wednesday


ANY_MONTH = 0


class Period(StrEnum):
    """A stretch of the calendar that a day lies in. Weeks begin on Monday."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class InPeriod:
    """A day of the period that a day lies in, or of the one `shift` periods on.

    `number` is a day of the month from 1; without it, `edge` says the first or the last day.
    `is_working` moves that to the nearest working day inside.
    """

    period: Period
    shift: int = 0
    edge: Edge = Edge.END
    number: int | None = None
    is_working: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSuch:
    """The nearest day of a kind after a day, or before it: a weekday, a working day, a date.

    Just one of `weekday` (Monday is 0), `month` with `number` (ANY_MONTH: of whichever month), or
    neither, for a working day.
    `is_same_allowed`: the day itself will do (`on or after`).
    """

    weekday: int | None = None
    month: int | None = None
    number: int = 1
    is_before: bool = False
    is_same_allowed: bool = False


Snap = InPeriod | NextSuch


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a timing counts from.

    `names` are keys of dates, tasks (their completion) or stages (their entry); `TASK.limit`,
    `TASK.target`, `TASK.opened`, `KEY.recorded`; `last_activity`; or one of the words `opening`,
    `joining`, `leaving`, `day`, `target`, `limit`, which speak of the task itself. `of` are
    timings in place of plain names: what LATEST or EARLIEST choose from, or, with a `snap`, the
    one day that it starts from. `names` then are all that these hang on.
    """

    names: tuple[str, ...]
    choice: Choice = Choice.ONLY
    of: tuple["Timing", ...] = ()
    snap: Snap | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """A day or a moment, relative to an anchor: `end of 4 weeks after onsite_end`.

    `count` is negative for `before`; `since` is the count at which a window begins (`10 to 12
    months after` has since 10 and count 12). `at` is a local time of day; `edge` says which end
    of the day is meant when there is no time (None leaves it to the place where the timing
    stands). `calendar` names another one than usual. `unless` are dates before which it is not.
    """

    text: str
    anchor: Anchor
    count: int = 0
    unit: Unit = Unit.DAYS
    at: time | None = None
    edge: Edge | None = None
    roll: Roll | None = None
    counting: Counting = Counting.FROM_NEXT
    since: int | None = None
    calendar: str | None = None
    unless: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return all names that it hangs on."""
        return (*self.anchor.names, *self.unless)


@dataclass(frozen=True, slots=True)
class Amount:
    """How much time: `2 months`; `is_at_most` where it says `up to 2 months`."""

    text: str
    count: int
    unit: Unit
    is_at_most: bool = False


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
    """One thing that must be so: `scope_agreed`, `onsite_start is reached`, `peers.enough`.

    `is_not` turns it round: `appealed is not known`.
    """

    text: str
    subject: str
    test: Test = Test.HOLDS
    is_not: bool = False


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Every:
    """Again and again: every `count` units from a day, `until` something is so.

    The first turn is one period after `start`, or with `is_from` on that day itself. With
    `is_from_last` every further one is a period after the day on which the last one was done.
    """

    count: int
    unit: Unit
    start: Timing
    is_from: bool = False
    until: Condition | None = None
    at_most: int = 60
    is_from_last: bool = False


@dataclass(frozen=True, slots=True)
class ForEach:
    """One task for each person, for each day, or `every` so often.

    `people` is a role or a group; `is_past` counts those who left, `is_present` those who are
    there, `is_issued` only those who were given something to keep, `is_sampled` only those whose
    destruction is checked, `capability` only those who have it. Otherwise `first_day` to
    `last_day` (keys of dates, both included), less the ends that are excepted.
    """

    text: str
    people: str | None = None
    is_present: bool = True
    is_past: bool = False
    is_issued: bool = False
    is_sampled: bool = False
    capability: str | None = None
    first_day: str | None = None
    last_day: str | None = None
    except_first: bool = False
    except_last: bool = False
    every: Every | None = None


@dataclass(frozen=True, slots=True)
class RungTime:
    """When a rung of a reminder ladder speaks: `7 days before target`, `on limit`.

    `timing` counts from the task's `opening`, `target` (its limit where it has no target) or
    `limit`, or from any other anchor. `is_repeated` (`every 2 working days after limit`) repeats
    by its count.
    """

    text: str
    timing: Timing
    is_repeated: bool = False

    @property
    def anchor(self) -> str:
        """Return what it counts from, where that is a single thing."""
        return self.timing.anchor.names[0]


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


def _in_year(day: date, year: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    is_leap_year = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return day.replace(year=year, day=28 if is_leap_day and not is_leap_year else day.day)


@dataclass(frozen=True, slots=True)
class QuietDays:
    """Days on which nothing is sent, both ends included: of one year, or of every year.

    Of every year, the ends are in the year 2000 (a leap year), and `last` may come before `first`.
    """

    text: str
    first: date
    last: date
    is_yearly: bool

    def contain(self, day: date) -> bool:
        """Return whether `day` is one of them."""
        if not self.is_yearly:
            return self.first <= day <= self.last
        first, on, last = ((d.month, d.day) for d in (self.first, day, self.last))
        return first <= on <= last if first <= last else not last < on < first

    def of_year(self, year: int) -> tuple[date, date]:
        """Return the days that begin in `year`: 29 February is the 28th where there is none."""
        if not self.is_yearly:
            return self.first, self.last
        last_year = year if self.last >= self.first else year + 1
        return _in_year(self.first, year), _in_year(self.last, last_year)


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
