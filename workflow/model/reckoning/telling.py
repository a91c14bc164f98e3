"""The steps of a reckoning in words: what was counted, what was left out, and why."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from workflow.model.calendar import MONTHS, WEEKDAYS, Calendar, briefly, in_words
from workflow.model.language.phrases import (
    ANY_MONTH,
    Anchor,
    Choice,
    Counting,
    Edge,
    InPeriod,
    NextSuch,
    Roll,
    Timing,
    Unit,
)
from workflow.model.reckoning.counting import MONTHS_IN
from workflow.model.reckoning.moments import Clock, Known, More, Reckoned, Step, Stopped, Stretch

_OF_TWO = {Choice.LATEST: "later", Choice.EARLIEST: "earlier"}
_PAIR = 2
_NEXT_DAYS = {1: "the day after", -1: "the day before"}
_WORKING_WEEK = range(5)
_ENDS = {
    Counting.FROM_NEXT: "the first day not counted",
    Counting.FROM_SAME: "the first day counted",
    Counting.CLEAR: "neither end counted",
}
_SHIFTS = {0: "of", 1: "after", -1: "before"}


def tell_choice(anchor: Anchor, chosen: Known | None, *, number: int) -> Step:
    """Return the step that chooses between several anchors."""
    word = _OF_TWO[anchor.choice] if number == _PAIR else anchor.choice.value
    return Step(chosen.on if chosen else None, f"the {word} of these")


def tell_count(
    timing: Timing,
    on: date | Stopped | None,
    *,
    start: date | None = None,
    calendar: Calendar | None = None,
    clock: Clock | None = None,
) -> list[Step]:
    """Return the steps that count, if there is anything to count, and what was left out."""
    if timing.count == 0:
        return []
    text = _count_in_words(timing)
    if isinstance(on, Stopped):
        since = f"{briefly(on.since)} {on.since.year}"
        return [Step(None, text, f"the clock stands still since {since}: {on.title}")]
    if on is None or start is None or calendar is None:
        return [Step(on, text)]
    notes = []
    if timing.unit in MONTHS_IN and timing.counting is Counting.FROM_NEXT and on.day != start.day:
        notes.append(f"that month has no day {start.day}: its last day")
    if timing.unit is Unit.WORKING_DAYS:
        notes.append(_skipped(start, on, calendar))
    paused = [s for s in clock.paused if s.first <= on] if clock and timing.count > 0 else []
    notes += [pause_in_words(s) for s in paused if s.last is None or s.last > start]
    if timing.unit in MONTHS_IN and paused:
        notes = notes[1:] if notes and notes[0].startswith("that month") else notes
    return [Step(on, text, "; ".join(note for note in notes if note))]


def pause_in_words(stretch: Stretch) -> str:
    """Return which days a clock did not count, and why."""
    first, last = f"{briefly(stretch.first)} {stretch.first.year}", stretch.last
    if last is None:
        return f"not counted since {first}: {stretch.title}"
    if last < stretch.first:
        return f"not counted: some hours of {first} ({stretch.title})"
    if last == stretch.first:
        return f"not counted: {first} ({stretch.title})"
    first = briefly(stretch.first) if last.year == stretch.first.year else first
    return f"not counted: {first} to {briefly(last)} {last.year} ({stretch.title})"


def more_in_words(more: More) -> str:
    """Return what a clock was given on top, and why."""
    unit = more.unit.value if more.count > 1 else more.unit.value.removesuffix("s")
    return f"{more.count} {unit} more: {more.title}"


def tell_more(more: More, on: date | Stopped) -> Step:
    """Return the step of an extension."""
    unit = more.unit.value if more.count > 1 else more.unit.value.removesuffix("s")
    day = None if isinstance(on, Stopped) else on
    return Step(day, f"+ {more.count} {unit}", more.title)


def tell_hours(timing: Timing, local: datetime, clock: Clock) -> list[Step]:
    """Return the step that counts hours."""
    notes = [f"elapsed time, to {local:%H:%M}"]
    notes += [pause_in_words(s) for s in clock.paused if s.from_at <= local]
    more = [more_in_words(one) for one in clock.more]
    return [Step(local.date(), _count_in_words(timing), "; ".join((*notes, *more)))]


def tell_roll(day: date, roll: Roll, calendar: Calendar) -> Step:
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


def tell_moment(timing: Timing, result: Reckoned, zone: ZoneInfo) -> list[Step]:
    """Return the step that says the time of day, if the timing says one."""
    if timing.at is None:
        return [Step(result.on, f"{timing.edge} of the day")] if timing.edge else []
    local = result.at.astimezone(zone)
    is_moved = local.time() != timing.at
    note = f"the clocks go forward: {timing.at:%H:%M} does not exist" if is_moved else ""
    return [Step(result.on, f"at {local:%H:%M} on {in_words(result.on)}", note)]


def snap_in_words(snap: InPeriod | NextSuch) -> str:
    """Return which day of the calendar is meant: `the last day of the month of it`."""
    if isinstance(snap, InPeriod):
        which = "first" if snap.edge is Edge.START else "last"
        working = " working" if snap.is_working else ""
        day = f"day {snap.number}" if snap.number else f"the {which}{working} day"
        return f"{day} of the {snap.period} {_SHIFTS[snap.shift]} it"
    way = "before" if snap.is_before else "after"
    same = "on or " if snap.is_same_allowed else ""
    if snap.month == ANY_MONTH:
        return f"the next day {snap.number} of a month, {same}{way} it"
    if snap.month is not None:
        return f"{snap.number} {MONTHS[snap.month - 1]} {same}{way} it"
    kind = "working day" if snap.weekday is None else WEEKDAYS[snap.weekday]
    return f"the {'last' if snap.is_before else 'first'} {kind} {same}{way} it"


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
    is_plain = timing.counting is Counting.FROM_NEXT
    if timing.unit is Unit.DAYS and timing.count in _NEXT_DAYS and is_plain:
        return _NEXT_DAYS[timing.count]
    sign, number = "+" if timing.count > 0 else "-", abs(timing.count)
    unit = timing.unit.value if number > 1 else timing.unit.value.removesuffix("s")
    if timing.unit is Unit.HOURS:
        return f"{sign} {number} {unit}"
    clear = "clear " if timing.counting is Counting.CLEAR else ""
    days = f" ({number * 7} days)" if timing.unit is Unit.WEEKS and not clear else ""
    return f"{sign} {number} {clear}{unit}{days}, {_ENDS[timing.counting]}"


def _listed(names: list[str]) -> str:
    """Return `A`, `A and B`, `A, B and C`."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
