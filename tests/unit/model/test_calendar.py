"""Working days, holidays, months and days in words."""

from datetime import date

import pytest

from workflow.model.calendar import (
    Calendar,
    add_months,
    briefly,
    calendar_named,
    in_words,
    stored_calendar,
)
from workflow.model.errors import InvalidInput
from workflow.model.language.phrases import Roll

ENGLAND = calendar_named("england_and_wales")
SCOTLAND = calendar_named("scotland")
NORTHERN_IRELAND = calendar_named("northern_ireland")
ANY_UK = calendar_named("any_uk")
CALENDARS = (ENGLAND, SCOTLAND, NORTHERN_IRELAND, ANY_UK)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("on", "worked"),
    [
        ("2026-11-27", (True, True, True, True)),  # a Friday
        ("2026-11-28", (False, False, False, False)),  # a Saturday
        ("2026-11-29", (False, False, False, False)),  # a Sunday
        ("2026-11-30", (True, False, True, False)),  # Saint Andrew's Day
        ("2027-01-01", (False, False, False, False)),
        ("2027-01-04", (True, False, True, False)),  # instead of Saturday 2 January
        ("2027-03-17", (True, True, False, False)),  # Saint Patrick's Day
        ("2027-03-29", (False, True, False, False)),  # Easter Monday
        ("2026-07-13", (True, True, False, False)),  # instead of Sunday 12 July
        ("2026-08-03", (True, False, True, False)),  # the summer holiday, in Scotland
        ("2026-08-31", (False, True, False, False)),  # and elsewhere
        ("2022-09-19", (False, False, False, False)),  # proclaimed for once
        ("2026-12-28", (False, False, False, False)),  # instead of Saturday 26 December
    ],
)
def test_each_part_of_the_country_has_its_working_days(
    on: str, worked: tuple[bool, bool, bool, bool]
) -> None:
    assert tuple(calendar.is_working_day(day(on)) for calendar in CALENDARS) == worked


@pytest.mark.parametrize(
    ("on", "name"),
    [
        ("2026-12-25", "Christmas Day"),
        ("2026-12-28", "Boxing Day (substitute day)"),
        ("2027-03-26", "Good Friday"),
        ("2026-11-28", None),
        ("2026-11-27", None),
    ],
)
def test_a_holiday_has_a_name(on: str, name: str | None) -> None:
    assert ENGLAND.holiday_name(day(on)) == name


def test_holidays_are_added_and_removed_as_data() -> None:
    proclaimed, worked = day("2026-06-19"), day("2026-05-04")
    calendar = calendar_named(
        "england_and_wales", added={proclaimed: "Day of Thanks"}, removed=[worked]
    )
    assert calendar.holiday_name(proclaimed) == "Day of Thanks"
    assert not calendar.is_working_day(proclaimed)
    assert calendar.holiday_name(worked) is None
    assert calendar.is_working_day(worked)
    assert ENGLAND.is_working_day(proclaimed)
    assert not ENGLAND.is_working_day(worked)


def test_equal_calendars_are_one_key_and_others_are_not() -> None:
    added = calendar_named("scotland", added={day("2026-06-19"): "Day of Thanks"})
    assert len({SCOTLAND, calendar_named("scotland"), added, ENGLAND}) == 3


@pytest.mark.parametrize(
    ("on", "count", "expected"),
    [
        ("2026-11-27", 0, "2026-11-27"),
        ("2026-11-28", 0, "2026-11-28"),  # nothing is counted, so nothing moves
        ("2026-11-27", 1, "2026-11-30"),  # Friday to Monday
        ("2026-11-28", 1, "2026-11-30"),  # a Saturday is not counted either
        ("2026-11-30", -1, "2026-11-27"),
        ("2026-11-29", -1, "2026-11-27"),
        ("2026-12-24", 1, "2026-12-29"),
        ("2026-12-29", -1, "2026-12-24"),
        ("2026-12-31", 1, "2027-01-04"),  # over the year's end
        ("2026-11-27", 10, "2026-12-11"),
    ],
)
def test_working_days_are_counted_without_the_first(on: str, count: int, expected: str) -> None:
    assert ENGLAND.add_working_days(day(on), count) == day(expected)


@pytest.mark.parametrize(
    ("on", "before", "after"),
    [
        ("2026-12-24", "2026-12-24", "2026-12-24"),
        ("2026-12-25", "2026-12-24", "2026-12-29"),
        ("2026-12-27", "2026-12-24", "2026-12-29"),
        ("2027-03-26", "2027-03-25", "2027-03-30"),
    ],
)
def test_a_day_off_rolls_to_a_working_day(on: str, before: str, after: str) -> None:
    assert ENGLAND.roll(day(on), Roll.PREVIOUS) == day(before)
    assert ENGLAND.roll(day(on), Roll.NEXT) == day(after)


@pytest.mark.parametrize("on", ["1999-12-31", "2101-01-01"])
def test_years_that_the_calendar_does_not_know_are_refused(on: str) -> None:
    message = f"working days are known for the years 2000 to 2100, not for {on[:4]}; check the date"
    with pytest.raises(InvalidInput) as refused:
        ENGLAND.is_working_day(day(on))
    assert str(refused.value) == message
    with pytest.raises(InvalidInput, match="2000 to 2100"):
        ENGLAND.holiday_name(day(on))


@pytest.mark.parametrize(("on", "count"), [("2000-01-04", -1), ("2100-12-31", 1)])
def test_counting_stops_at_the_ends_of_the_calendar(on: str, count: int) -> None:
    with pytest.raises(InvalidInput, match="2000 to 2100"):
        ENGLAND.add_working_days(day(on), count)


def test_an_unknown_calendar_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidInput) as refused:
        calendar_named("scotlnd")
    assert str(refused.value) == (
        'there is no calendar "scotlnd"; did you mean "scotland"? '
        "(england_and_wales, scotland, northern_ireland, any_uk)"
    )


@pytest.mark.parametrize(
    ("on", "count", "expected"),
    [
        ("2026-11-30", 3, "2027-02-28"),
        ("2027-01-31", 1, "2027-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2027-03-31", -1, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-12-15", 0, "2026-12-15"),
    ],
)
def test_months_clamp_to_their_last_day(on: str, count: int, expected: str) -> None:
    assert add_months(day(on), count) == day(expected)


def test_days_are_said_in_words() -> None:
    assert in_words(day("2026-12-25")) == "Friday 25 December 2026"
    assert briefly(day("2026-12-25")) == "Fri 25 Dec"
    assert briefly(day("2027-03-01")) == "Mon 1 Mar"


@pytest.mark.parametrize(
    ("name", "on", "holiday"),
    [
        ("IE", "2027-02-01", "Saint Brigid's Day"),
        ("IE", "2027-11-01", None),
        ("DE", "2027-11-01", None),
        ("DE-BY", "2027-11-01", "All Saints' Day"),
        ("DE-BY", "2027-05-06", "Ascension Day"),
    ],
)
def test_a_country_or_a_part_of_it_has_a_calendar(name: str, on: str, holiday: str | None) -> None:
    calendar = calendar_named(name)
    assert calendar.holiday_name(day(on)) == holiday
    assert calendar.is_working_day(day(on)) is (holiday is None)


@pytest.mark.parametrize(
    ("name", "on", "is_worked"),
    [
        ("SA", "2027-02-05", False),  # a Friday
        ("SA", "2027-02-07", True),  # a Sunday
        ("IE", "2027-02-05", True),
        ("IE", "2027-02-07", False),
    ],
)
def test_a_country_has_the_weekend_that_is_usual_there(
    name: str, on: str, *, is_worked: bool
) -> None:
    assert calendar_named(name).is_working_day(day(on)) is is_worked


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("de-by", 'there is no calendar "de-by"; did you mean "DE-BY"? (codes of countries are in'
         " capitals)"),
        ("IE-XX", 'there is no calendar "IE-XX"; did you mean "IE"? (it has no parts)'),
        ("CH-XX", 'there is no calendar "CH-XX"; did you mean "CH"? (parts: AG, AI, AR, BE, BL, BS,'
         " FR, GE, GL, GR, JU, LU, NE, NW, OW, SG, SH, SO, SZ, TG, TI, UR, VD, VS, ZG, ZH)"),
        ("XX", 'there is no calendar "XX"; a country is named by its ISO code, such as IE or DE-BY,'
         " a part of the UK as england_and_wales, scotland, northern_ireland, any_uk"),
    ],
)  # fmt: skip
def test_an_unknown_country_is_refused_with_the_way_out(name: str, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        calendar_named(name)
    assert str(refused.value) == message


STORED = stored_calendar(
    "scotland", version=3, days={day("2027-05-10"): "Day of Thanks"}, years=range(2027, 2029)
)


@pytest.mark.parametrize(
    ("on", "holiday"),
    [
        ("2026-11-30", "Saint Andrew's Day"),  # the year before what is stored
        ("2027-05-10", "Day of Thanks"),
        ("2027-11-30", None),
        ("2028-05-10", None),
        ("2028-11-30", None),  # a stored year without any
        ("2029-11-30", "Saint Andrew's Day"),  # the year after
    ],
)
def test_what_is_stored_goes_before_the_library_in_its_years(on: str, holiday: str | None) -> None:
    assert STORED.holiday_name(day(on)) == holiday
    assert STORED.is_working_day(day(on)) is (holiday is None)
    assert STORED.holidays(day(on).year).get(day(on)) == holiday


def test_versions_of_a_calendar_are_different_calendars() -> None:
    assert STORED != SCOTLAND
    assert len({STORED, SCOTLAND}) == 2
    STORED.is_working_day(day("2027-05-10"))  # what is remembered does not count
    assert (
        stored_calendar(
            "scotland",
            version=3,
            days={day("2027-05-10"): "Day of Thanks"},
            years=range(2027, 2029),
        )
        == STORED
    )


def local() -> Calendar:
    return STORED.with_local(
        "our_office",
        {day("2027-12-24"): "Closed", day("2026-11-30"): "Our own day"},
        removes=[day("2027-05-10"), day("2029-11-30")],
        weekend=frozenset({4, 5, 6}),
    )


@pytest.mark.parametrize(
    ("on", "holiday", "is_worked"),
    [
        ("2027-12-24", "Closed", False),
        ("2027-05-10", None, True),
        ("2026-11-30", "Our own day", False),
        ("2029-11-30", None, False),  # a Friday, which is their weekend
        ("2026-12-03", None, True),
        ("2026-12-04", None, False),
        ("2026-08-03", "Summer Bank Holiday", False),  # from the base, by the library
    ],
)
def test_a_local_calendar_is_its_base_with_days_more_and_less_and_its_own_weekend(
    on: str, holiday: str | None, *, is_worked: bool
) -> None:
    assert local().holiday_name(day(on)) == holiday
    assert local().is_working_day(day(on)) is is_worked


def test_a_local_calendar_keeps_what_was_changed_in_its_base() -> None:
    base = calendar_named("scotland", added={day("2027-06-01"): "x"}, removed=[day("2027-11-30")])
    built = base.with_local("ours", {day("2027-11-30"): "Worked elsewhere"})
    assert built.holiday_name(day("2027-06-01")) == "x"
    assert built.holiday_name(day("2027-11-30")) == "Worked elsewhere"
    assert built.weekend == base.weekend


@pytest.mark.parametrize(
    ("calendar", "title"),
    [
        (ENGLAND, "England and Wales"),
        (SCOTLAND, "Scotland"),
        (NORTHERN_IRELAND, "Northern Ireland"),
        (ANY_UK, "any part of the UK"),
        (local(), "our office"),
        (calendar_named("DE-BY"), "DE-BY"),
    ],
)
def test_a_calendar_has_a_title(calendar: Calendar, title: str) -> None:
    assert calendar.title == title
