"""How far timings lie from what they count from: bounds in days, as far as they are certain.

A month has 28 to 31 days, five working days are five days or, with holidays, many more. So a
timing has for each thing that it hangs on the earliest and the latest moment that it may come to,
in days after the beginning of the day of that thing. Two timings can be compared where they hang
on the same thing: the one is surely later when its earliest moment is after the other's latest.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from functools import cached_property
from math import ceil, floor, inf
from typing import NamedTuple

from workflow.model.definition import Definition
from workflow.model.duties import UK_CALENDARS, TaskSpec
from workflow.model.language.phrases import (
    Anchor,
    Choice,
    Counting,
    Edge,
    InPeriod,
    NextSuch,
    Period,
    Roll,
    Timing,
    Unit,
)

_MONTH, _MONTH_SLACK = 30.436875, 2
_USUAL_WEEKEND = 2
_PERIODS = {
    Period.WEEK: (7, 7),
    Period.MONTH: (28, 31),
    Period.QUARTER: (90, 92),
    Period.YEAR: (365, 366),
}
_MOST_DEPTH = 40
_LAST_SECOND = 1 - 1 / 86400
_OF_DEADLINE = ("limit", "target")


class Span(NamedTuple):
    """The earliest and the latest that something may be, in days after the anchor's day."""

    low: float
    high: float

    def plus(self, other: "Span") -> "Span":
        """Return both one after the other."""
        return Span(self.low + other.low, self.high + other.high)

    def mirrored(self) -> "Span":
        """Return the same backwards."""
        return Span(-self.high, -self.low)


Bounds = Mapping[str, Span]
_NOWHERE = Span(-inf, inf)


def is_later(one: Bounds, other: Bounds) -> bool:
    """Return whether `one` is surely later than `other`, by anything that both hang on."""
    return any(one[name].low > other[name].high for name in one.keys() & other.keys())


@dataclass(frozen=True)
class Measure:
    """Measures the timings of a definition; `slack` are days that holidays may take at once."""

    parts: Definition
    behind: dict[str, dict[str, Span]] = field(default_factory=dict, compare=False)

    @cached_property
    def slack(self) -> int:
        """Return how many days without work may follow each other, weekends apart or not."""
        own = self.parts.calendars.values()
        bases = {self.parts.calendar, *(local.based_on for local in own)}
        is_british = bases <= {*UK_CALENDARS, *self.parts.calendars}
        return (4 if is_british else 10) + sum(len(local.adds) for local in own)

    @cached_property
    def has_usual_weekends(self) -> bool:
        """Return whether every week has two days of rest."""
        own = self.parts.calendars.values()
        return all(len(set(local.weekend)) == _USUAL_WEEKEND for local in own)

    def moment(self, timing: Timing, *, task: str = "", edge: Edge = Edge.END) -> Bounds:
        """Return when `timing` is, for each thing that it hangs on; own words are `task`'s."""
        days = self._days(timing, task, frozenset())
        if timing.unit is Unit.HOURS and timing.count:
            return days
        within = within_day(timing, edge=edge)
        return {name: span.plus(within) for name, span in days.items()}

    def beginning(self, timing: Timing, *, task: str = "") -> Bounds:
        """Return when the window of `timing` begins; of a timing that has one."""
        count = timing.since or 0
        plain = replace(timing, count=count, since=None, roll=None, unless=(), at=None)
        return self.moment(plain, task=task, edge=Edge.START)

    def _days(self, timing: Timing, task: str, seen: frozenset[str]) -> dict[str, Span]:
        """Return the days that `timing` comes to; for hours, the moments."""
        found = self._anchor(timing.anchor, task, seen)
        shift = self._shift(timing)
        slack = Span(0, self.slack) if timing.roll is Roll.NEXT else Span(-self.slack, 0)
        for name, span in found.items():
            moved = span.plus(shift)
            moved = moved.plus(slack) if timing.roll else moved
            found[name] = Span(moved.low, inf) if timing.unless else moved
        return found

    def _anchor(self, anchor: Anchor, task: str, seen: frozenset[str]) -> dict[str, Span]:
        if anchor.of:
            options = [self._whole_days(timing, task, seen) for timing in anchor.of]
        else:
            options = [self._named(name, task, seen) for name in anchor.names]
        found = _chosen(anchor.choice, options)
        if anchor.snap is not None:
            snap = anchor.snap
            step = _in_period(snap) if isinstance(snap, InPeriod) else self._next(snap)
            found = {name: span.plus(step) for name, span in found.items()}
        return found

    def _whole_days(self, timing: Timing, task: str, seen: frozenset[str]) -> dict[str, Span]:
        found = self._days(timing, task, seen)
        if timing.unit is not Unit.HOURS:
            return found
        return {name: Span(_floor(s.low), _floor(s.high)) for name, s in found.items()}

    def _named(self, name: str, task: str, seen: frozenset[str]) -> dict[str, Span]:
        """Return the anchor itself, and what it hangs on in turn where that is known."""
        found = {_full(name, task): Span(0, 0)}
        key, _, part = _full(name, task).partition(".")
        if name in seen or len(seen) > _MOST_DEPTH:
            return found
        seen = seen | {name, _full(name, task)}
        date = self.parts.dates.get(key)
        if date and date.is_ and not part:
            if key not in self.behind:
                self.behind[key] = self._whole_days(date.is_, "", seen)
            found |= self.behind[key]
        spec = self.parts.tasks.get(key)
        if spec and part in _OF_DEADLINE and (key == task or spec.for_each is None):
            if part == "target" and spec.target is None:
                return found | self._named(f"{key}.limit", task, seen)
            timing = getattr(spec, part)
            behind = self._whole_days(timing, key, seen) if timing else {}
            is_open = _may_be_put_off(spec)
            found |= {n: Span(s.low, inf) if is_open else s for n, s in behind.items()}
        return found

    def _shift(self, timing: Timing) -> Span:
        if timing.count == 0:
            return Span(0, 0)
        count = abs(timing.count)
        if timing.unit is Unit.HOURS:
            far = Span((count - 1) / 24, (count + 1) / 24)
            far = far if timing.count > 0 else far.mirrored()
            return far.plus(Span(0, 1))
        far = self._count(count, timing.unit, timing.counting)
        return far if timing.count > 0 else far.mirrored()

    def _count(self, count: int, unit: Unit, counting: Counting) -> Span:
        """Return how many days so many units are, counted forward."""
        if unit is Unit.WORKING_DAYS:
            return self._working_days(count, counting)
        edge = {Counting.FROM_NEXT: 0, Counting.FROM_SAME: -1, Counting.CLEAR: 1}[counting]
        if unit in {Unit.DAYS, Unit.WEEKS}:
            days = count * (7 if unit is Unit.WEEKS else 1) + edge
            return Span(days, days)
        months = count * (12 if unit is Unit.YEARS else 1) * _MONTH
        low, high = floor(months) - _MONTH_SLACK, ceil(months) + _MONTH_SLACK
        return Span(low + min(edge, 0), high + max(edge, 0))

    def _working_days(self, count: int, counting: Counting) -> Span:
        if counting is Counting.CLEAR:
            count += 1
        low = count - 1 if counting is Counting.FROM_SAME else count
        if not self.has_usual_weekends:
            return Span(low, inf)
        holidays = self.slack + count // 4
        return Span(low + 2 * ((count - 1) // 5), count + 2 * ((count + 4) // 5) + holidays)

    def _next(self, snap: NextSuch) -> Span:
        far: float
        if snap.month is not None:
            far = 366
        elif snap.weekday is not None:
            far = 7
        else:
            far = 7 + self.slack if self.has_usual_weekends else inf
        found = Span(0, far - 1) if snap.is_same_allowed else Span(1, far)
        return found.mirrored() if snap.is_before else found


def within_day(timing: Timing, *, edge: Edge = Edge.END) -> Span:
    """Return at what part of its own day `timing` is."""
    if timing.unit is Unit.HOURS and timing.count:
        return Span(0, 1)
    is_end = (timing.edge or edge) is Edge.END
    part = (_LAST_SECOND if is_end else 0.0) if timing.at is None else _part_of_day(timing.at)
    return Span(part, part)


def _in_period(snap: InPeriod) -> Span:
    """Return how far a day of a period is from a day in it, or in one before or after."""
    first, last = (
        _ending(snap.period, snap.shift - 1).plus(Span(1, 1)),
        _ending(snap.period, snap.shift),
    )
    if snap.number is not None or snap.is_working:
        return Span(first.low, last.high)
    return first if snap.edge is Edge.START else last


def _ending(period: Period, shift: int) -> Span:
    """Return how far the last day is of the period that is `shift` on."""
    shortest, longest = _PERIODS[period]
    if shift >= 0:
        return Span(shift * shortest, shift * longest + longest - 1)
    return Span((shift + 1) * longest - longest, (shift + 1) * shortest - 1)


def _full(name: str, task: str) -> str:
    """Return `TASK.limit` for the word `limit` of a task itself; other names as they are."""
    return f"{task}.{name}" if task and name in (*_OF_DEADLINE, "opening") else name


def _may_be_put_off(task: TaskSpec) -> bool:
    is_personal = task.for_each is not None and task.for_each.people is not None
    return bool(is_personal or task.pauses or task.restarts_on or task.extends)


def _chosen(choice: Choice, options: list[dict[str, Span]]) -> dict[str, Span]:
    """Return the bounds of the later or the earlier of several, for each thing they hang on."""
    if choice is Choice.ONLY:
        return dict(options[0])
    found: dict[str, Span] = {}
    for name in dict.fromkeys(name for option in options for name in option):
        spans = [option.get(name, _NOWHERE) for option in options]
        choose = min if choice is Choice.EARLIEST else max
        found[name] = Span(choose(s.low for s in spans), choose(s.high for s in spans))
    return found


def _floor(value: float) -> float:
    return value if abs(value) == inf else floor(value)


def _part_of_day(at: time) -> float:
    return (at.hour * 60 + at.minute) / 1440
