"""Every day of twenty years, by every kind of timing, against the slow and obvious calculator."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from tests.property import almanac as a
from tests.property.almanac import ONE
from workflow.model.calendar import calendar_named
from workflow.model.language.timing import parse_timing
from workflow.model.reckoning.moments import Ground, Known
from workflow.model.reckoning.reckon import reckon

LONDON = ZoneInfo("Europe/London")
CALENDARS = {name: calendar_named(name) for name in ("england_and_wales", "scotland", "any_uk")}
FIRST, LAST = date(2020, 1, 1), date(2040, 12, 31)
DAYS = [FIRST + number * ONE for number in range((LAST - FIRST).days + 1)]
WEEK = 7 * ONE
AFTERNOON, NIGHT = time(16), time(0, 30)

Answer = tuple[date, datetime]
Oracle = Callable[[date], Answer]


def day(count: Callable[[date], date], *, at: time = a.END) -> Oracle:
    """Return an oracle for a day, which ends at its last second or at a time of it."""

    def answer(start: date) -> Answer:
        on = count(start)
        return on, a.utc(on, at)

    return answer


def hours(count: int, *, at: time = AFTERNOON) -> Oracle:
    """Return an oracle for elapsed hours from a local time of the day."""

    def answer(start: date) -> Answer:
        moment = a.utc(start, at) + timedelta(hours=count)
        return a.local_day(moment), moment

    return answer


def is_on(month: int, number: int) -> Callable[[date], bool]:
    """Return whether a day is one of the year, or the last of a month that is too short for it."""
    return lambda d: d.month == month and d.day == min(number, a.month_end(d).day)


KINDS: dict[str, Oracle] = {
    "28 days after d": day(lambda d: d + 28 * ONE),
    "within 60 days beginning with d": day(lambda d: d + 59 * ONE),
    "14 days before d": day(lambda d: d - 14 * ONE),
    "10 days ending with d": day(lambda d: d - 9 * ONE),
    "3 clear days before d": day(lambda d: d - 4 * ONE),
    "28 clear days after d": day(lambda d: d + 29 * ONE),
    "the day before d": day(lambda d: d - ONE),
    "20 working days after d": day(lambda d: a.working(d, 20)),
    "10 working days before d": day(lambda d: a.working(d, -10)),
    "8 working days beginning with d": day(lambda d: a.working(d - ONE, 8)),
    "3 working days ending with d": day(lambda d: a.working(d + ONE, -3)),
    "5 clear working days before d": day(lambda d: a.working(d, -6)),
    "5 clear working days after d": day(lambda d: a.working(d, 6)),
    "20 working days after d, in the calendar any_uk": day(lambda d: a.working(d, 20, a.PARTS)),
    "10 working days before d, in the calendar scotland": day(
        lambda d: a.working(d, -10, (a.SCOTLAND,))
    ),
    "4 weeks after d": day(lambda d: d + 4 * WEEK),
    "4 weeks after d, rolled to the previous working day": day(
        lambda d: a.rolled(d + 4 * WEEK, -ONE)
    ),
    "6 weeks beginning with d": day(lambda d: d + 6 * WEEK - ONE),
    "2 clear weeks after d": day(lambda d: d + 2 * WEEK + ONE),
    "1 month after d": day(lambda d: a.months(d, 1)),
    "1 month after d, rolled to the next working day": day(lambda d: a.rolled(a.months(d, 1), ONE)),
    "3 months before d": day(lambda d: a.months(d, -3)),
    "6 months beginning with d": day(lambda d: a.months_from(d, 6)),
    "2 months ending with d": day(lambda d: a.months(d + ONE, -2)),
    "1 clear month after d": day(lambda d: a.months(d, 1) + ONE),
    "5 years after d": day(lambda d: a.months(d, 60)),
    "1 year before d": day(lambda d: a.months(d, -12)),
    "1 year beginning with d": day(lambda d: a.months_from(d, 12)),
    "72 hours after d": hours(72),
    "24 hours before d": hours(-24),
    "9 hours after night": hours(9, at=NIGHT),
    "17:00 on 2 weeks after d": day(lambda d: d + 2 * WEEK, at=time(17)),
    "by 12:30 on 3 working days after d": day(lambda d: a.working(d, 3), at=time(12, 30)),
    "end of d": day(lambda d: d),
    "start of the day after d": day(lambda d: d + ONE, at=a.START),
    "the last working day of the month of d": day(lambda d: a.rolled(a.month_end(d), -ONE)),
    "the first working day of the month after d": day(
        lambda d: a.rolled(a.month_end(d) + ONE, ONE)
    ),
    "the last day of the quarter of d": day(a.quarter_end),
    "the 31st of the month before d": day(lambda d: a.month_end(d.replace(day=1) - ONE)),
    "the last day of the week of d": day(lambda d: d + (a.SUNDAY - d.weekday()) * ONE),
    "the last day of the year of d": day(lambda d: date(d.year, 12, 31)),
    "the first Monday on or after d": day(
        lambda d: a.nearest(d, lambda o: o.weekday() == a.MONDAY, ONE)
    ),
    "the last Friday before d": day(
        lambda d: a.nearest(d - ONE, lambda o: o.weekday() == a.FRIDAY, -ONE)
    ),
    "the first working day after d": day(lambda d: a.rolled(d + ONE, ONE)),
    "31 January after d": day(lambda d: a.nearest(d + ONE, is_on(1, 31), ONE)),
    "5 April on or before d": day(lambda d: a.nearest(d, is_on(4, 5), -ONE)),
    "29 February on or after d": day(lambda d: a.nearest(d, is_on(2, 29), ONE)),
    "5 days after 3 weeks after d": day(lambda d: d + 26 * ONE),
    "20 working days after 28 days after d": day(lambda d: a.working(d + 28 * ONE, 20)),
    "the later of 10 working days after d and 15 days after d": day(
        lambda d: max(a.working(d, 10), d + 15 * ONE)
    ),
    "the earlier of 2 months after d and 60 days after d": day(
        lambda d: min(a.months(d, 2), d + 60 * ONE)
    ),
}


@cache
def grounds() -> dict[date, Ground]:
    """Return what timings are reckoned on for each day: `d` is its afternoon, `night` its night."""
    england = CALENDARS["england_and_wales"]
    found = {}
    for start in DAYS:
        facts = {
            name: Known(start, datetime.combine(start, at, LONDON).astimezone(UTC))
            for name, at in (("d", AFTERNOON), ("night", NIGHT))
        }
        found[start] = Ground(facts.get, england, LONDON, CALENDARS)
    return found


def differences(text: str, oracle: Oracle) -> list[tuple[date, Answer, Answer]]:
    """Return the days for which the engine and an oracle differ, with both their answers."""
    timing, found = parse_timing(text), list[tuple[date, Answer, Answer]]()
    for start, ground in grounds().items():
        reckoned, (on, at) = reckon(timing, ground), oracle(start)
        assert reckoned is not None
        answer = (reckoned.on, reckoned.at.replace(tzinfo=None))
        if answer != (on, at):
            found.append((start, answer, (on, at)))
    return found


@pytest.mark.parametrize("text", KINDS)
def test_every_day_of_twenty_years_is_counted_right(text: str) -> None:
    assert differences(text, KINDS[text])[:3] == []


@pytest.mark.parametrize(
    ("text", "since"), [("10 to 12 months after d", 10), ("3 to 2 weeks before d", -3)]
)
def test_a_window_opens_on_the_nearer_count(text: str, since: int) -> None:
    timing = parse_timing(text)
    for start, ground in grounds().items():
        reckoned = reckon(timing, ground)
        assert reckoned is not None
        first, last = (a.months(start, 10), a.months(start, 12))
        if since < 0:
            first, last = start - 3 * WEEK, start - 2 * WEEK
        assert (reckoned.since, reckoned.on) == (first, last)


def test_the_days_are_all_there() -> None:
    assert len(DAYS) == len(grounds()) == 7671
    assert len(KINDS) >= 25
    assert [str(a.easter(year)) for year in (2024, 2026, 2027, 2038)] == [
        *("2024-03-31", "2026-04-05", "2027-03-28", "2038-04-25")
    ]


WRONG: list[tuple[str, Oracle]] = [
    ("28 days after d", day(lambda d: d + 27 * ONE)),
    ("20 working days after d", day(lambda d: a.working(d, 20, (a.SCOTLAND,)))),
    ("1 month after d", day(lambda d: a.month_end(d) + d.day * ONE)),  # 31 January is 3 March
    ("5 years after d", day(lambda d: d + 5 * 365 * ONE)),
    ("6 months beginning with d", day(lambda d: a.months(d, 6) - ONE)),
    ("end of d", lambda d: (d, datetime.combine(d, a.END))),  # as if UTC were the zone
    ("72 hours after d", lambda d: (d + 3 * ONE, a.utc(d + 3 * ONE, AFTERNOON))),  # wall arithmetic
    ("2 clear weeks after d", day(lambda d: d + 2 * WEEK)),
]


@pytest.mark.parametrize(("text", "oracle"), WRONG)
def test_a_calculator_with_one_wrong_rule_is_caught(text: str, oracle: Oracle) -> None:
    assert differences(text, oracle)


def test_a_calculator_that_misses_one_proclaimed_day_is_caught() -> None:
    def is_working(on: date) -> bool:
        return on == date(2022, 9, 19) or not a.is_off(on)

    wrong = day(lambda d: a.nearest(d + ONE, is_working, ONE))
    found = differences("the first working day after d", wrong)
    assert [str(start) for start, *_ in found] == ["2022-09-16", "2022-09-17", "2022-09-18"]
