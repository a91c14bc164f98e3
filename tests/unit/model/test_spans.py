"""Bounds of timings are true: what a timing comes to lies within them, whatever the day."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.unit.model.test_references import changed, task
from workflow.model.calendar import calendar_named
from workflow.model.checks.spans import Measure, Span, is_later, within_day
from workflow.model.language.phrases import Edge
from workflow.model.language.timing import parse_timing
from workflow.model.reckoning.moments import Ground, Known, start_of
from workflow.model.reckoning.reckon import reckon

ZONE = ZoneInfo("Europe/London")
CALENDAR = calendar_named("england_and_wales")
DAYS = [date(2026, 1, 1) + timedelta(days=number) for number in range(0, 900)]
MEASURE = Measure(changed())
TEXTS = [
    "start", "the day before start", "10 days after start", "4 weeks before start",
    "1 month after start", "3 months before start", "1 year after start", "2 years before start",
    "1 working day after start", "10 working days after start", "25 working days before start",
    "5 clear days after start", "5 clear working days before start", "2 clear months after start",
    "28 days beginning with start", "10 working days beginning with start",
    "1 month beginning with start", "3 weeks ending with start", "1 month ending with start",
    "72 hours after start", "5 hours before start", "19:00 on the day before start",
    "start of 2 weeks after start", "4 weeks after start, rolled to the previous working day",
    "4 weeks after start, rolled to the next working day",
    "end of the week of start", "end of the month of start", "first day of the month after start",
    "first working day of the month before start", "19th of the month after start",
    "last working day of the quarter of start", "last day of the year before start",
    "the first Monday after start", "the last Friday on or before start",
    "the first working day after start", "the last working day on or before start",
    "31 January after start", "5 days after 3 weeks after start",
    "2 working days after the first Monday after start",
    "the later of 3 weeks after start and 1 month after start",
    "the earlier of 10 working days after start and 2 weeks after start",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("edge", list(Edge))
def test_what_a_timing_comes_to_lies_within_its_bounds(text: str, edge: Edge) -> None:
    timing = parse_timing(text)
    span = MEASURE.moment(timing, edge=edge)["start"]
    for day in DAYS:
        found = reckon(timing, Ground(lambda _, on=day: Known(on), CALENDAR, ZONE), edge=edge)  # type: ignore[misc]
        assert found is not None
        assert span.low - 1e-3 <= _apart(day, found.at) <= span.high + 1e-3, (text, day, span)


def _apart(day: date, at: datetime) -> float:
    """Return how many local days `at` is after the beginning of `day`."""
    local = at.astimezone(ZONE)
    within = local.hour / 24 + local.minute / 1440 + local.second / 86400
    assert start_of(day, ZONE)
    return (local.date() - day).days + within


def test_bounds_that_are_too_narrow_would_be_seen() -> None:
    """The control: five working days are more than five days."""
    timing = parse_timing("5 working days after start")
    outside = [
        day
        for day in DAYS
        if (found := reckon(timing, Ground(lambda _, on=day: Known(on), CALENDAR, ZONE)))  # type: ignore[misc]
        and (found.on - day).days > 5
    ]
    assert outside


@pytest.mark.parametrize(
    ("one", "other", "is_so"),
    [
        ("5 weeks after start", "1 month after start", True),
        ("31 days after start", "1 month after start", False),
        ("3 weeks after start", "20 working days after start", False),
        ("20 working days after start", "3 weeks after start", True),
        ("1 day after start", "end of start", True),
        ("noon on start", "9:00 on start", True),
        ("5 weeks after end", "4 weeks after start", False),
        ("5 weeks after start, unless end", "4 weeks after start", True),
        ("4 weeks after start", "3 weeks after start, unless end", False),
        ("the later of 5 weeks after start and end", "4 weeks after start", True),
        ("the earlier of 5 weeks after start and end", "4 weeks after start", False),
        ("5 weeks after start", "the earlier of 4 weeks after start and end", True),
        ("5 weeks after start", "the later of 4 weeks after start and end", False),
    ],
)
def test_one_is_later_where_that_is_certain(one: str, other: str, *, is_so: bool) -> None:
    first, second = (MEASURE.moment(parse_timing(text)) for text in (one, other))
    assert is_later(first, second) is is_so


def test_another_tasks_deadline_and_a_worked_out_date_are_looked_through() -> None:
    parts = changed(
        ("dates.due", {"title": "Due", "is": "3 weeks after start"}),
        ("tasks.one", task(limit="2 weeks after due", source="rules")),
    )
    found = Measure(parts).moment(parse_timing("start of 1 day after one.limit"))
    assert found["start"] == Span(36, 36)
    assert found["due"] == Span(15, 15)
    assert found["one.limit"] == Span(1, 1)


def test_what_can_be_put_off_has_no_latest_day() -> None:
    parts = changed(
        ("tasks.one", task(limit="2 weeks after start", source="rules", restarts_on="end"))
    )
    found = Measure(parts).moment(parse_timing("start of one.limit"))
    assert found["start"] == Span(14, float("inf"))


def test_a_weekend_that_is_not_two_days_leaves_the_latest_day_open() -> None:
    parts = changed(("calendars", {"six": {"weekend": "sunday"}}), ("calendar", "six"))
    found = Measure(parts).moment(parse_timing("start of 10 working days after start"))
    assert found["start"] == Span(10, float("inf"))


LAST_SECOND = 1 - 1 / 86400


@pytest.mark.parametrize(
    ("text", "edge", "part"),
    [
        ("start", Edge.START, Span(0, 0)),
        ("start", Edge.END, Span(LAST_SECOND, LAST_SECOND)),
        ("end of start", Edge.START, Span(LAST_SECOND, LAST_SECOND)),
        ("start of start", Edge.END, Span(0, 0)),
        ("18:00 on start", Edge.END, Span(0.75, 0.75)),
        ("72 hours after start", Edge.END, Span(0, 1)),
    ],
)
def test_a_timing_is_at_a_part_of_its_day(text: str, edge: Edge, part: Span) -> None:
    found = within_day(parse_timing(text), edge=edge)
    assert (found.low, found.high) == pytest.approx((part.low, part.high))
