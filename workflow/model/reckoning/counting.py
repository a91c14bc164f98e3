"""Counts days, working days and months from a day, leaving out what does not count.

All of it is arithmetic on local dates. Which ends of a count are counted is said by `Counting`;
a count forward may leave out stretches in which its clock stood still.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from workflow.model.calendar import Calendar, add_months
from workflow.model.language.phrases import (
    ANY_MONTH,
    Counting,
    Edge,
    InPeriod,
    NextSuch,
    Period,
    Roll,
    Unit,
)
from workflow.model.reckoning.moments import Stopped, Stretch

_ONE_DAY = timedelta(days=1)
DAYS_IN = {Unit.DAYS: 1, Unit.WEEKS: 7}
MONTHS_IN = {Unit.MONTHS: 1, Unit.YEARS: 12}
_PERIOD_MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
_LONGEST_MONTH = 31


def count_from(
    day: date,
    count: int,
    unit: Unit,
    *,
    calendar: Calendar,
    counting: Counting = Counting.FROM_NEXT,
    paused: Sequence[Stretch] = (),
) -> date | Stopped:
    """Return the day that `count` units (anything but hours) lead to; negative counts back.

    Days in `paused` are left out of a count forward; Stopped when one of them has no end yet.

    Raises:
        InvalidInput: this leads out of the years that the calendar knows.
        OverflowError: this leads out of the years that there are.
    """
    if count == 0:
        return day
    sign = 1 if count > 0 else -1
    if unit in MONTHS_IN:
        end = _add_months(day, count * MONTHS_IN[unit], counting)
        begun = day - _ONE_DAY if counting is Counting.FROM_SAME else day
        return _put_off(begun, end, paused) if paused and sign > 0 else end
    if counting is Counting.FROM_SAME:
        day -= sign * _ONE_DAY
    elif counting is Counting.CLEAR:
        count += sign
    if unit is Unit.WORKING_DAYS:
        if paused and sign > 0:
            return _add_working_days(day, count, calendar, paused)
        return calendar.add_working_days(day, count)
    if counting is Counting.CLEAR:
        count = (count - sign) * DAYS_IN[unit] + sign
    else:
        count *= DAYS_IN[unit]
    end = day + timedelta(days=count)
    return _put_off(day, end, paused) if paused and sign > 0 else end


def _add_months(day: date, months: int, counting: Counting) -> date:
    """Return the day `months` later or earlier, clamped to the end of a shorter month."""
    sign = _ONE_DAY if months > 0 else -_ONE_DAY
    if counting is Counting.FROM_SAME and months < 0:
        return add_months(day + _ONE_DAY, months)
    end = add_months(day, months)
    if counting is Counting.CLEAR:
        return end + sign
    # beginning with the 31st of January, a month ends with February whatever its length
    is_clamped = end.day != day.day
    return end - _ONE_DAY if counting is Counting.FROM_SAME and not is_clamped else end


def _put_off(day: date, end: date, paused: Iterable[Stretch]) -> date | Stopped:
    """Return `end` put off by the paused days after `day`, those on the way there included."""
    for stretch in paused:
        first = max(stretch.first, day + _ONE_DAY)
        if first > end:
            break
        if stretch.last is None:
            return Stopped(stretch.first, stretch.title)
        end += max((stretch.last - first).days + 1, 0) * _ONE_DAY
        day = max(day, stretch.last)  # the next stretch may begin on the same day
    return end


def _add_working_days(
    day: date, count: int, calendar: Calendar, paused: Sequence[Stretch]
) -> date | Stopped:
    """Return the working day that is `count` of them after `day`, paused ones not counted."""
    left = count
    while left:
        day += _ONE_DAY
        stretch = next((s for s in paused if s.first <= day and not _is_before(s, day)), None)
        if stretch is None:
            left -= calendar.is_working_day(day)
        elif stretch.last is None:
            return Stopped(stretch.first, stretch.title)
    return day


def _is_before(stretch: Stretch, day: date) -> bool:
    return stretch.last is not None and stretch.last < day


def snap_to(day: date, snap: InPeriod | NextSuch, calendar: Calendar) -> date:
    """Return the day of the calendar that `snap` finds from `day`.

    Raises:
        InvalidInput: this leads out of the years that the calendar knows.
        OverflowError, ValueError: this leads out of the years that there are.
    """
    return (
        _in_period(day, snap, calendar)
        if isinstance(snap, InPeriod)
        else _next(day, snap, calendar)
    )


def _in_period(day: date, snap: InPeriod, calendar: Calendar) -> date:
    if snap.period is Period.WEEK:
        first = day + timedelta(days=7 * snap.shift - day.weekday())
        last = first + timedelta(days=6)
    else:
        months = _PERIOD_MONTHS[snap.period]
        first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
        first = add_months(first, months * snap.shift)
        last = add_months(first, months) - _ONE_DAY
    if snap.number is not None:
        return first.replace(day=min(snap.number, last.day))
    found = first if snap.edge is Edge.START else last
    if not snap.is_working:
        return found
    return calendar.roll(found, Roll.NEXT if snap.edge is Edge.START else Roll.PREVIOUS)


def _next(day: date, snap: NextSuch, calendar: Calendar) -> date:
    step = -_ONE_DAY if snap.is_before else _ONE_DAY
    start = day if snap.is_same_allowed else day + step
    if snap.month is not None:
        return _date_near(start, snap)
    if snap.weekday is None:
        return calendar.roll(start, Roll.PREVIOUS if snap.is_before else Roll.NEXT)
    while start.weekday() != snap.weekday:
        start += step
    return start


def _clamped(first: date, number: int) -> int:
    """Return a day of the month that begins with `first`: its last one where it is shorter."""
    return min(number, (add_months(first, 1) - _ONE_DAY).day)


def _date_near(start: date, snap: NextSuch) -> date:
    """Return the nearest such date on `start` or beyond it; 29 February is the last of February."""
    step = -1 if snap.is_before else 1
    months = (
        add_months(start.replace(day=1), step * number)
        if snap.month in (ANY_MONTH, None)
        else date(start.year + step * number, snap.month, 1)
        for number in (0, 1)
    )
    days = (first.replace(day=_clamped(first, snap.number)) for first in months)
    return next(d for d in days if (d <= start if snap.is_before else d >= start))
