"""Turns a timing into a day and a moment, given what its anchors are; and explains how.

Days, weeks, months and years are calendar arithmetic on local dates; hours are elapsed time in
UTC. The end of a day is 23:59:59 local time.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflow.model.calendar import WEEKDAYS, Calendar, add_months, in_words
from workflow.model.errors import InvalidInput
from workflow.model.language.phrases import Anchor, Choice, Edge, Roll, Timing, Unit

_END_OF_DAY = time(23, 59, 59, fold=1)  # of two, the later one
_START_OF_DAY = time(0)
_DAYS_IN = {Unit.DAYS: 1, Unit.WEEKS: 7}
_MONTHS_IN = {Unit.MONTHS: 1, Unit.YEARS: 12}
_OF_TWO = {Choice.LATEST: "later", Choice.EARLIEST: "earlier"}
_PAIR = 2
_NEXT_DAYS = {1: "the day after", -1: "the day before"}
_WORKING_WEEK = range(5)


@dataclass(frozen=True, slots=True)
class Known:
    """What an anchor is: a local day, and the moment (aware, UTC) where that is known exactly."""

    on: date
    at: datetime | None = None
    title: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a timing comes to: a local day, and the moment (aware, UTC) that ends or starts it.

    `has_time` says that the moment itself was asked for, not only an end of the day.
    """

    on: date
    at: datetime
    has_time: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an explanation: the day it leads to, if that is known, and why."""

    on: date | None
    text: str
    note: str = ""


Lookup = Callable[[str], Known | None]


def reckon(
    timing: Timing,
    lookup: Lookup,
    calendar: Calendar,
    *,
    zone: ZoneInfo,
    edge: Edge = Edge.END,
) -> Reckoned | None:
    """Return what `timing` comes to, or None while an anchor that it needs is not known.

    The latest of several anchors needs all of them, the earliest any one. `edge` is the end of
    the day that counts where the timing does not say.

    Raises:
        InvalidInput: this leads out of the years that the calendar knows.
    """
    known = _anchor(timing.anchor, lookup, zone)
    if known is None:
        return None
    try:
        if timing.unit is Unit.HOURS:
            at = _add_hours(known, timing.count, zone)
            return Reckoned(at.astimezone(zone).date(), at, has_time=True)
        on = _add(known.on, timing, calendar)
        if timing.roll is not None:
            on = calendar.roll(on, timing.roll)
        if timing.at is not None:
            return Reckoned(on, _moment(on, timing.at, zone), has_time=True)
        is_end = (timing.edge or edge) is Edge.END
        return Reckoned(on, end_of(on, zone) if is_end else start_of(on, zone), has_time=False)
    except (OverflowError, ValueError) as error:
        raise InvalidInput(
            f'"{timing.text}" counted from {known.on.isoformat()} leads out of the calendar; '
            "check the date"
        ) from error


def explain(
    timing: Timing, lookup: Lookup, calendar: Calendar, *, zone: ZoneInfo
) -> tuple[Step, ...]:
    """Return how `timing` is reckoned, step by step: anchors, count, working days, time of day.

    While an anchor is not known, the steps after it have no day.

    Raises:
        InvalidInput: this leads out of the years that the calendar knows.
    """
    steps = _explain_anchor(timing.anchor, lookup, zone)
    result = reckon(timing, lookup, calendar, zone=zone)
    known = _anchor(timing.anchor, lookup, zone)
    if known is None or result is None:
        return (*steps, *_explain_count(timing, None))
    if timing.unit is Unit.HOURS:
        local = result.at.astimezone(zone)
        note = f"elapsed time, to {local:%H:%M}"
        return (*steps, Step(result.on, _count_in_words(timing), note))
    counted = _add(known.on, timing, calendar)
    steps += _explain_count(timing, counted, start=known.on, calendar=calendar)
    if timing.roll is not None and counted != result.on:
        steps += (_explain_roll(counted, timing.roll, calendar),)
    return (*steps, *_explain_moment(timing, result, zone))


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a local `day`, in UTC."""
    return _moment(day, _START_OF_DAY, zone)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the last second of a local `day` (23:59:59), in UTC."""
    return _moment(day, _END_OF_DAY, zone)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return a local time in UTC: an hour later where it does not exist, the first of two."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def _anchor(anchor: Anchor, lookup: Lookup, zone: ZoneInfo) -> Known | None:
    """Return the anchor that counts, or None while it is not known."""
    if anchor.choice is Choice.ONLY:
        return lookup(anchor.names[0])
    found = [known for name in anchor.names if (known := lookup(name)) is not None]
    if not found or (anchor.choice is Choice.LATEST and len(found) < len(anchor.names)):
        return None
    choose = max if anchor.choice is Choice.LATEST else min
    return choose(found, key=lambda known: (known.on, known.at or start_of(known.on, zone)))


def _add(day: date, timing: Timing, calendar: Calendar) -> date:
    """Return the day that the timing's count (of anything but hours) leads to from `day`."""
    count, unit = timing.count, timing.unit
    if count == 0:
        return day
    if unit in _DAYS_IN:
        return day + timedelta(days=count * _DAYS_IN[unit])
    if unit in _MONTHS_IN:
        return add_months(day, count * _MONTHS_IN[unit])
    return calendar.add_working_days(day, count)


def _add_hours(known: Known, count: int, zone: ZoneInfo) -> datetime:
    """Return the moment so many elapsed hours after the anchor, or after the start of its day."""
    start = known.at or start_of(known.on, zone)
    return start.astimezone(UTC) + timedelta(hours=count)


def _explain_anchor(anchor: Anchor, lookup: Lookup, zone: ZoneInfo) -> tuple[Step, ...]:
    """Return a step for each anchor, and one for the choice between several."""
    steps = []
    for name in anchor.names:
        known = lookup(name)
        if known is None:
            steps.append(Step(None, f"{name} is not known yet"))
        else:
            steps.append(Step(known.on, known.title or name, known.note))
    if anchor.choice is not Choice.ONLY:
        chosen = _anchor(anchor, lookup, zone)
        word = _OF_TWO[anchor.choice] if len(steps) == _PAIR else anchor.choice.value
        steps.append(Step(chosen.on if chosen else None, f"the {word} of these"))
    return tuple(steps)


def _explain_count(
    timing: Timing, on: date | None, *, start: date | None = None, calendar: Calendar | None = None
) -> tuple[Step, ...]:
    """Return the step that counts, if there is anything to count."""
    if timing.count == 0:
        return ()
    note = ""
    if on and start and timing.unit in _MONTHS_IN and on.day != start.day:
        note = f"that month has no day {start.day}: its last day"
    if on and start and calendar and timing.unit is Unit.WORKING_DAYS:
        note = _skipped(start, on, calendar)
    return (Step(on, _count_in_words(timing), note),)


def _skipped(start: date, end: date, calendar: Calendar) -> str:
    """Return which public holidays of the week were not counted on the way to `end`."""
    first, last = min(start, end), max(start, end)
    days = (first + timedelta(days=passed) for passed in range(1, (last - first).days))
    names = [
        name
        for day in days
        if day.weekday() in _WORKING_WEEK and (name := calendar.holiday_name(day))
    ]
    return f"not counted: {_listed(['weekends', *names])}" if names else ""


def _count_in_words(timing: Timing) -> str:
    """Return `+ 4 weeks (28 days), the first day not counted`."""
    if timing.unit is Unit.DAYS and timing.count in _NEXT_DAYS:
        return _NEXT_DAYS[timing.count]
    sign, number = "+" if timing.count > 0 else "-", abs(timing.count)
    unit = timing.unit.value if number > 1 else timing.unit.value.removesuffix("s")
    if timing.unit is Unit.HOURS:
        return f"{sign} {number} {unit}"
    days = f" ({number * 7} days)" if timing.unit is Unit.WEEKS else ""
    return f"{sign} {number} {unit}{days}, the first day not counted"


def _listed(names: list[str]) -> str:
    """Return `A`, `A and B`, `A, B and C`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _explain_roll(day: date, roll: Roll, calendar: Calendar) -> Step:
    """Return the step from a `day` that is not a working day to one that is, with the reasons."""
    to, reasons = calendar.roll(day, roll), []
    step = timedelta(days=1 if roll is Roll.NEXT else -1)
    passed = day
    while passed != to:
        reasons.append(calendar.holiday_name(passed) or WEEKDAYS[passed.weekday()])
        passed += step
    verb = "is not a working day" if len(reasons) == 1 else "are not working days"
    where = "the next working day" if roll is Roll.NEXT else "the working day before"
    return Step(to, f"{_listed(reasons)} {verb}: {where}")


def _explain_moment(timing: Timing, result: Reckoned, zone: ZoneInfo) -> tuple[Step, ...]:
    """Return the step that says the time of day, if the timing says one."""
    if timing.at is None:
        return (Step(result.on, f"{timing.edge} of the day"),) if timing.edge else ()
    local = result.at.astimezone(zone)
    is_moved = local.time() != timing.at
    note = f"the clocks go forward: {timing.at:%H:%M} does not exist" if is_moved else ""
    return (Step(result.on, f"at {local:%H:%M} on {in_words(result.on)}", note),)
