"""Days, moments and working days of England, reckoned again: no library of the product is asked."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache

from tests.simulation.made.shapes import Step, Term

_BANK_HOLIDAYS = """
2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 2028-12-25 2028-12-26
2029-01-01 2029-03-30 2029-04-02 2029-05-07 2029-05-28 2029-08-27 2029-12-25 2029-12-26
2030-01-01 2030-04-19 2030-04-22 2030-05-06 2030-05-27 2030-08-26 2030-12-25 2030-12-26
"""
BANK_HOLIDAYS = frozenset(map(date.fromisoformat, _BANK_HOLIDAYS.split()))
_DAY = timedelta(days=1)
_SUNDAY = 6
MANY = 10_000
"""So many answers are remembered: a life asks for the same days again and again."""


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


@cache
def _turns(year: int) -> tuple[datetime, datetime]:
    """Return when clocks in London go an hour ahead in a year, and when they go back."""
    days = (_last_sunday(year, month) for month in (3, 10))
    first, last = (datetime.combine(day, time(1), UTC) for day in days)
    return first, last


def _is_summer(at: datetime) -> bool:
    """Return whether clocks in London are an hour ahead at a moment in UTC."""
    first, last = _turns(at.year)
    return first <= at < last


def local_of(at: datetime) -> datetime:
    """Return what clocks in London show at a moment."""
    return (at + timedelta(hours=_is_summer(at))).replace(tzinfo=None)


def day_of(at: datetime) -> date:
    """Return the day in London at a moment."""
    return local_of(at).date()


@lru_cache(MANY)
def moment_of(day: date, local: time = time(0)) -> datetime:
    """Return a local time in London as a moment; not one between one and two in the morning."""
    naive = datetime.combine(day, local, UTC)
    return naive - timedelta(hours=_is_summer(naive))


def is_working(day: date) -> bool:
    """Return whether a day is a working day."""
    return day.weekday() < _SUNDAY - 1 and day not in BANK_HOLIDAYS


@lru_cache(MANY)
def counted(day: date, count: int, unit: str) -> date:
    """Return the day so many days, weeks or working days after another one, or before it."""
    if unit != "working days":
        return day + count * timedelta(days={"days": 1, "weeks": 7}[unit])
    step = _DAY if count > 0 else -_DAY
    for _ in range(abs(count)):
        day += step
        while not is_working(day):
            day += step
    return day


def reckoned(term: Term, anchor: date) -> date:
    """Return the day that a term comes to, counted from its anchor."""
    day = counted(anchor, term.count, term.unit)
    while term.is_rolled and not is_working(day):
        day -= _DAY
    return day


def read_time(text: str | None, otherwise: time) -> time:
    """Return a time of day as definitions write it."""
    return time.fromisoformat(text) if text else otherwise


Hinges = tuple[datetime | None, date | None, date | None]
"""When a task opened, its limit and its target: what rungs hang on."""


def speaks_at(step: Step, turn: int, hinges: Hinges) -> datetime | None:
    """Return when a rung of a ladder speaks for the n-th time; None while that is not known."""
    opened_at, limit, target = hinges
    if step.when == "opening":
        return opened_at
    known = limit if step.when == "limit" else target or limit
    if known is None:
        return None
    return moment_of(counted(known, step.count * turn, step.unit), read_time(step.at, time(9)))
