"""Quiet hours and days: the minute before, the minute, the minute after, on every odd day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.delivery.quiet import ALWAYS_OPEN, Quiet, read_quiet
from workflow.model.errors import InvalidInput

LONDON = ZoneInfo("Europe/London")
GOOD_FRIDAY, EASTER_MONDAY = date(2027, 3, 26), date(2027, 3, 29)
NIGHT = read_quiet("21:00-07:00")
ALL = read_quiet(
    "21:00-07:00", "weekends, holidays", is_holiday={GOOD_FRIDAY, EASTER_MONDAY}.__contains__
)


def at(text: str) -> datetime:
    """Return a moment that is written in London's time."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("quiet", "moment", "goes"),
    [
        (NIGHT, "2027-03-02T20:59", "2027-03-02T20:59"),
        (NIGHT, "2027-03-02T21:00", "2027-03-03T07:00"),
        (NIGHT, "2027-03-03T00:00", "2027-03-03T07:00"),
        (NIGHT, "2027-03-03T06:59", "2027-03-03T07:00"),
        (NIGHT, "2027-03-03T07:00", "2027-03-03T07:00"),
        (read_quiet("12:00-13:30"), "2027-03-02T12:00", "2027-03-02T13:30"),
        (read_quiet("12:00-13:30"), "2027-03-02T11:59", "2027-03-02T11:59"),
        (read_quiet("none", "weekends"), "2027-03-05T23:59", "2027-03-05T23:59"),
        (read_quiet("none", "weekends"), "2027-03-06T00:00", "2027-03-08T00:00"),
        (read_quiet("none", "weekends"), "2027-03-07T23:59", "2027-03-08T00:00"),
        (ALL, "2027-03-25T20:59", "2027-03-25T20:59"),
        (ALL, "2027-03-25T21:00", "2027-03-30T07:00"),
        (ALL, "2027-03-29T12:00", "2027-03-30T07:00"),
        (read_quiet("21:00-07:00", "weekends"), "2027-03-27T22:00", "2027-03-29T07:00"),
        (ALWAYS_OPEN, "2027-03-27T03:00", "2027-03-27T03:00"),
    ],
)
def test_mail_goes_at_the_end_of_the_quiet_it_falls_into(
    quiet: Quiet, moment: str, goes: str
) -> None:
    assert quiet.next_allowed(at(moment), LONDON) == at(goes)


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        ("2027-03-27T21:00", "2027-03-28T06:00+00:00"),  # the clocks go forward that night
        ("2027-10-30T21:00", "2027-10-31T07:00+00:00"),  # and back that one
    ],
)
def test_the_end_of_the_night_is_local_time_on_both_sides_of_a_clock_change(
    moment: str, goes: str
) -> None:
    assert NIGHT.next_allowed(at(moment), LONDON) == datetime.fromisoformat(goes)


def test_hours_that_end_in_an_hour_that_does_not_exist_or_comes_twice_still_end() -> None:
    odd = read_quiet("21:00-01:30")
    for moment in ("2027-03-27T23:00", "2027-10-30T23:00"):
        assert not odd.is_quiet(odd.next_allowed(at(moment), LONDON), LONDON)


@given(
    minute=st.integers(0, 2 * 365 * 24 * 60),
    begins=st.times(),
    ends=st.times(),
    has_weekends=st.booleans(),
)
def test_what_is_allowed_is_never_quiet_and_never_earlier(
    minute: int, begins: time, ends: time, *, has_weekends: bool
) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    quiet = Quiet(begins=begins, ends=ends, has_weekends=has_weekends)
    goes = quiet.next_allowed(moment, LONDON)
    assert goes >= moment
    assert not quiet.is_quiet(goes, LONDON)


@pytest.mark.parametrize("text", ["", "none", " None "])
def test_no_quiet_hours_can_be_said(text: str) -> None:
    assert read_quiet(text) == Quiet()


@pytest.mark.parametrize("text", ["21-7", "25:00-07:00", "21:60-07:00", "night", "21:00"])
def test_hours_that_cannot_be_read_are_explained(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_quiet(text)
    expected = f'the quiet hours are {text!r}; write "21:00-07:00", or "none"'
    assert str(caught.value) == expected


def test_a_whole_day_of_quiet_hours_is_refused() -> None:
    with pytest.raises(InvalidInput, match='which is a whole day; write "none" for none'):
        read_quiet("07:00-07:00")


def test_days_that_are_not_known_are_explained() -> None:
    with pytest.raises(InvalidInput) as caught:
        read_quiet("none", "weekend")
    assert str(caught.value) == (
        "the quiet days are 'weekend': 'weekend' is not known;"
        ' did you mean "weekends"? (weekends, holidays, none)'
    )


def test_days_may_be_none() -> None:
    assert read_quiet("none", "none") == Quiet()


def test_a_calendar_of_holidays_only_is_refused_when_it_is_asked() -> None:
    never = read_quiet("none", "holidays", is_holiday=lambda day: True)
    with pytest.raises(InvalidInput, match="every day is quiet: mail would never go"):
        never.next_allowed(at("2027-03-02T09:00"), LONDON)
