"""What holds for every day and every count."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.model.calendar import Calendar, calendar_named
from workflow.model.errors import PhraseError
from workflow.model.language.conditions import parse_occasion, parse_opening, parse_requirement
from workflow.model.language.phrases import Edge, Roll, Unit
from workflow.model.language.rungs import parse_rung_time
from workflow.model.language.selections import parse_count, parse_for_each, parse_span
from workflow.model.language.timing import parse_timing
from workflow.model.reckoning.moments import Ground, Known, Reckoned, end_of, start_of
from workflow.model.reckoning.reckon import reckon

LONDON = ZoneInfo("Europe/London")
ENGLAND = calendar_named("england_and_wales")
PARSERS = (
    parse_timing,
    parse_rung_time,
    parse_requirement,
    parse_opening,
    parse_occasion,
    parse_for_each,
    parse_count,
    parse_span,
)
# The official list for the winter of the rules' table, typed in: the oracle knows no library.
PUBLISHED = {
    date(2026, 12, 25),
    date(2026, 12, 28),
    date(2027, 1, 1),
    date(2027, 3, 26),
    date(2027, 3, 29),
    date(2027, 5, 3),
    date(2027, 5, 31),
}

WORDS = (
    *("4", "four", "5..6", "19:00", "weeks", "working", "days", "hours", "day", "end", "every"),
    *("after", "before", "on", "the", "of", "and", "or", "at", "when", "is", "are", "who", ","),
    *("x", "y.limit", "limit", "done", "leaving", "later", "rolled", "to", "next", "past", "from"),
)

days = st.dates(date(2024, 1, 1), date(2040, 12, 31))
counts = st.integers(1, 60)
units = st.sampled_from(list(Unit))
day_units = st.sampled_from([unit for unit in Unit if unit is not Unit.HOURS])
directions = st.sampled_from(["after", "before"])
edges = st.sampled_from(["", "start of ", "end of ", "19:00 on "])
rolls = st.sampled_from(
    ["", ", rolled to the next working day", ", rolled to the previous working day"]
)
keys = st.from_regex(r"[a-z][a-z0-9_]{5,9}", fullmatch=True)


def reckon_from(text: str, day: date, calendar: Calendar = ENGLAND) -> Reckoned:
    result = reckon(parse_timing(text), Ground({"d": Known(day)}.get, calendar, LONDON))
    assert result is not None
    return result


def working_day_after(day: date, count: int, holidays: set[date]) -> date:
    """Return the slow and obvious answer: the list of all working days, and one picked."""
    later = (day + timedelta(days=passed) for passed in range(1, 200))
    return [day for day in later if day.weekday() < 5 and day not in holidays][count - 1]


@given(days, counts)
def test_so_many_working_days_forward_and_back_is_where_one_was(day: date, count: int) -> None:
    start = ENGLAND.roll(day, Roll.NEXT)
    assert ENGLAND.add_working_days(ENGLAND.add_working_days(start, count), -count) == start
    assert ENGLAND.add_working_days(ENGLAND.add_working_days(start, -count), count) == start


@given(days)
def test_a_roll_ends_on_the_nearest_working_day_and_stays_there(day: date) -> None:
    later, earlier = ENGLAND.roll(day, Roll.NEXT), ENGLAND.roll(day, Roll.PREVIOUS)
    assert earlier <= day <= later
    assert ENGLAND.roll(later, Roll.NEXT) == later == ENGLAND.roll(later, Roll.PREVIOUS)
    between = (later - earlier).days
    off = [earlier + timedelta(days=passed) for passed in range(1, between)]
    assert not any(ENGLAND.is_working_day(day) for day in off)


@given(st.dates(date(2026, 11, 1), date(2027, 4, 1)), st.integers(1, 25))
def test_working_days_agree_with_the_published_list(day: date, count: int) -> None:
    expected = working_day_after(day, count, PUBLISHED)
    assert reckon_from(f"{count} working days after d", day).on == expected


def test_an_oracle_without_the_holidays_would_be_caught() -> None:
    day = date(2026, 11, 27)
    assert reckon_from("20 working days after d", day).on != working_day_after(day, 20, set())


@given(days, st.integers(1, 100))
def test_weeks_are_seven_days_on_the_same_weekday(day: date, count: int) -> None:
    on = reckon_from(f"{count} weeks after d", day).on
    assert on == reckon_from(f"{count * 7} days after d", day).on
    assert (on.toordinal() - day.toordinal(), on.weekday()) == (7 * count, day.weekday())


# 60 years back leaves the calendar: what is rolled stays within reach.
amounts = st.one_of(
    st.tuples(st.integers(1, 12), day_units), st.tuples(st.integers(1, 60), st.just(Unit.DAYS))
)
day_phrases = st.builds("{0}{1[0]} {1[1]} {2} d{3}".format, edges, amounts, directions, rolls)


@given(days, days, day_phrases)
def test_a_later_anchor_never_gives_an_earlier_day(one: date, other: date, text: str) -> None:
    first, second = (reckon_from(text, day) for day in sorted((one, other)))
    assert first.on <= second.on
    assert first.at <= second.at


@given(st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1)), st.integers(1, 1000))  # noqa: DTZ001
def test_hours_elapse_whatever_the_clocks_do(naive: datetime, count: int) -> None:
    at = naive.replace(tzinfo=UTC)
    facts = {"d": Known(at.astimezone(LONDON).date(), at)}
    result = reckon(parse_timing(f"{count} hours after d"), Ground(facts.get, ENGLAND, LONDON))
    assert result is not None
    assert (result.at - at).total_seconds() == count * 3600
    assert result.on == result.at.astimezone(LONDON).date()


@given(days)
def test_days_follow_each_other_without_a_gap(day: date) -> None:
    following = start_of(day + timedelta(days=1), LONDON)
    assert following - end_of(day, LONDON) == timedelta(seconds=1)
    assert timedelta(hours=23) <= following - start_of(day, LONDON) <= timedelta(hours=25)


@given(days, st.sampled_from(list(Edge)))
def test_the_moment_lies_on_the_day(day: date, edge: Edge) -> None:
    timing = parse_timing("d")
    result = reckon(timing, Ground({"d": Known(day)}.get, ENGLAND, LONDON), edge=edge)
    assert result is not None
    assert result.at.astimezone(LONDON).date() == day == result.on


@given(counts, units, directions, keys, st.text(" \t\n", min_size=1, max_size=3))
def test_a_timing_is_read_the_same_from_its_own_text(
    count: int, unit: Unit, direction: str, key: str, space: str
) -> None:
    words = f"{count} {unit} {direction} {key}".split()
    timing = parse_timing(space.join(words))
    assert parse_timing(timing.text) == timing == parse_timing(" ".join(words))
    assert (abs(timing.count), timing.unit, timing.anchor.names) == (count, unit, (key,))


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=12).map(" ".join))
def test_any_words_are_read_or_refused_and_read_the_same_again(parse: object, text: str) -> None:
    assert callable(parse)
    try:
        read = parse(text)
    except PhraseError as refused:
        assert str(refused).isprintable()
    else:
        assert parse(read.text) == read
