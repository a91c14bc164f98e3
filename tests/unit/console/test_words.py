"""Days and standings in words: a table of edges."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from console import words
from workflow.model.standing import Standing

TODAY = date(2026, 12, 25)


@pytest.mark.parametrize(
    ("day", "beside", "text"),
    [
        (None, None, ""),
        (date(2026, 12, 25), None, "Fri 25 Dec 2026"),
        (date(2026, 12, 25), date(2026, 1, 1), "Fri 25 Dec"),
        (date(2027, 1, 1), date(2026, 12, 31), "Fri 1 Jan 2027"),
    ],
)
def test_a_short_day_has_its_year_where_it_is_another_one(
    day: date | None, beside: date | None, text: str
) -> None:
    assert words.short_day(day, beside=beside) == text


def test_a_long_day_has_no_leading_zero() -> None:
    assert words.long_day(date(2026, 12, 4)) == "Friday 4 December 2026"


def test_a_moment_is_told_in_the_zone() -> None:
    at = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert words.moment(at, ZoneInfo("Europe/London")) == "Thu 2 Jul 2026 00:30"
    assert words.moment(None, ZoneInfo("Europe/London")) == ""


@pytest.mark.parametrize(
    ("standing", "due_on", "text"),
    [
        (Standing.LATE, date(2026, 12, 24), "late 1 day"),
        (Standing.LATE, date(2026, 12, 23), "late 2 days"),
        (Standing.LATE, TODAY, "late"),  # by the hour
        (Standing.LATE, None, "late"),
        (Standing.DUE_SOON, TODAY, "due today"),
        (Standing.DUE_SOON, date(2026, 12, 26), "due tomorrow"),
        (Standing.DUE_SOON, date(2026, 12, 29), "due in 4 days"),
        (Standing.DUE_SOON, date(2026, 12, 24), "due 1 day ago"),
        (Standing.DUE_SOON, None, "due soon"),
        (Standing.AHEAD, date(2027, 1, 9), "on track"),
        (Standing.MET, TODAY, "done"),
        (Standing.MET_LATE, TODAY, "done late"),
        (Standing.PAUSED, TODAY, "paused"),
        (Standing.EXCUSED, TODAY, "not needed"),
        (Standing.NOT_SET, None, "no date"),
    ],
)
def test_a_standing_in_words(standing: Standing, due_on: date | None, text: str) -> None:
    assert words.standing(standing, due_on, TODAY) == text


@pytest.mark.parametrize(
    ("target_on", "limit_on", "text"),
    [
        (date(2026, 12, 25), date(2026, 12, 30), "target Fri 25 Dec"),
        (date(2026, 12, 24), date(2026, 12, 30), "limit Wed 30 Dec"),
        (date(2026, 12, 24), None, "target Thu 24 Dec"),
        (None, date(2026, 12, 30), "limit Wed 30 Dec"),
        (None, None, ""),
    ],
)
def test_the_date_that_counts_next(
    target_on: date | None, limit_on: date | None, text: str
) -> None:
    assert words.deadline(target_on, limit_on, TODAY) == text


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["a", "b", "c", "d"], "a, b and 2 more"),
    ],
)
def test_a_listing_of_many_is_cut(items: list[str], text: str) -> None:
    assert words.listing(items, most=3) == text


def test_numbers_and_keys() -> None:
    assert words.count(1, "entry", "entries") == "1 entry"
    assert words.count(0, "entry", "entries") == "0 entries"
    assert words.sentence("met_late") == "met late"
