"""The slow and obvious calculator: days one by one, rules typed in, nothing of the engine's.

Bank holidays come from their rules and from the days that were proclaimed once; summer time from
the last Sundays of March and October. Moments are naive, in UTC.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache

ONE = timedelta(days=1)
MONDAY, FRIDAY, SATURDAY, SUNDAY = 0, 4, 5, 6
END, START = time(23, 59, 59), time(0)
EVERYWHERE = {
    date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8),
}  # fmt: skip
IN_SCOTLAND = {date(2026, 6, 15)}
ENGLAND, SCOTLAND, NORTHERN_IRELAND = "england", "scotland", "northern ireland"
PARTS = (ENGLAND, SCOTLAND, NORTHERN_IRELAND)


def easter(year: int) -> date:
    """Return Easter Sunday by the rule of 1876 (the anonymous one)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    moon = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * moon) // 451
    month, day = divmod(h + moon - 7 * m + 114, 31)
    return date(year, month, day + 1)


def nth(year: int, month: int, weekday: int, *, is_last: bool = False) -> date:
    """Return the first or the last such weekday of a month."""
    last = monthrange(year, month)[1]
    days = range(last, 0, -1) if is_last else range(1, last + 1)
    return next(d for n in days if (d := date(year, month, n)).weekday() == weekday)


@cache
def holidays(year: int, part: str = ENGLAND) -> frozenset[date]:
    """Return the bank holidays of a year in a part of the kingdom, on weekdays."""
    sunday = easter(year)
    found = {day for day in EVERYWHERE if day.year == year} | {sunday - 2 * ONE}
    if year != 2020:
        found.add(nth(year, 5, MONDAY))
    if year != 2022:
        found.add(nth(year, 5, MONDAY, is_last=True))
    if part == SCOTLAND:
        found |= {nth(year, 8, MONDAY), *(day for day in IN_SCOTLAND if day.year == year)}
    else:
        found |= {nth(year, 8, MONDAY, is_last=True), sunday + ONE}
    return frozenset(found | moved_from_weekends(year, part))


def moved_from_weekends(year: int, part: str) -> set[date]:
    """Return the holidays on fixed days, each on the first free weekday where it is on none."""
    fixed = [date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)]
    fixed += [date(year, 1, 2), date(year, 11, 30)] if part == SCOTLAND else []
    fixed += [date(year, 3, 17), date(year, 7, 12)] if part == NORTHERN_IRELAND else []
    taken = {day for day in fixed if day.weekday() < SATURDAY}
    for day in sorted(set(fixed) - taken):
        free = day
        while free.weekday() >= SATURDAY or free in taken:
            free += ONE
        taken.add(free)
    return taken


@cache
def is_off(day: date, parts: tuple[str, ...] = (ENGLAND,)) -> bool:
    """Return whether nobody works on a day, in any of some parts of the kingdom."""
    return day.weekday() >= SATURDAY or any(day in holidays(day.year, part) for part in parts)


def working(day: date, count: int, parts: tuple[str, ...] = (ENGLAND,)) -> date:
    """Return the working day that is `count` of them on, or back when negative."""
    step = ONE if count > 0 else -ONE
    for _ in range(abs(count)):
        day += step
        while is_off(day, parts):
            day += step
    return day


def rolled(day: date, step: timedelta) -> date:
    """Return the nearest working day from a day on, in steps."""
    while is_off(day):
        day += step
    return day


def months(day: date, count: int) -> date:
    """Return the same day of another month, or that month's last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_from(day: date, count: int) -> date:
    """Return the last day of so many months that begin with a day."""
    following = months(day, count)
    return following - ONE if following.day == day.day else following


def month_end(day: date) -> date:
    """Return the last day of the month of a day."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def quarter_end(day: date) -> date:
    """Return the last day of the quarter of a day."""
    while day.month % 3:
        day = month_end(day) + ONE
    return month_end(day)


def nearest(day: date, is_it: Callable[[date], bool], step: timedelta) -> date:
    """Return the first such day from a day on, in steps."""
    while not is_it(day):
        day += step
    return day


def is_summer(at: datetime) -> bool:
    """Return whether British summer time holds at a moment."""
    one_o_clock = time(1)
    begins = datetime.combine(nth(at.year, 3, SUNDAY, is_last=True), one_o_clock)
    ends = datetime.combine(nth(at.year, 10, SUNDAY, is_last=True), one_o_clock)
    return begins <= at < ends


def utc(day: date, at: time) -> datetime:
    """Return a local time of day in UTC; the first of two where it is there twice."""
    local = datetime.combine(day, at)
    summer = local - timedelta(hours=1)
    return summer if is_summer(summer) else local


def local_day(at: datetime) -> date:
    """Return the local day of a moment."""
    return (at + timedelta(hours=1) if is_summer(at) else at).date()
