"""Reminders go out in the programme's hours: later, but not after the day that they warn of."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from workflow.model.calendar import calendar_named
from workflow.model.duties import Sending
from workflow.model.planning.hours import Hours

LONDON = ZoneInfo("Europe/London")
WORKING = Sending.model_validate(
    {"on": "working days", "from": "08:00", "until": "18:00", "not_on": "24 December to 1 January"}
)


def allowed(sending: Sending, text: str, not_after: str | None = None) -> str:
    """Return the local time to which a local time is moved."""
    hours = Hours(sending, calendar_named("england_and_wales"), LONDON)
    at = datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)
    last = date.fromisoformat(not_after) if not_after else None
    found = hours.allowed(at, not_after=last)
    return f"{found.astimezone(LONDON):%Y-%m-%dT%H:%M}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-03-22T09:00", "2027-03-22T09:00"),  # Monday morning
        ("2027-03-22T08:00", "2027-03-22T08:00"),  # the first minute
        ("2027-03-22T18:00", "2027-03-22T18:00"),  # the last one
        ("2027-03-22T07:59", "2027-03-22T08:00"),
        ("2027-03-22T18:01", "2027-03-23T08:00"),
        ("2027-03-20T09:00", "2027-03-22T09:00"),  # Saturday
        ("2027-03-25T20:00", "2027-03-30T08:00"),  # over Easter
        ("2026-12-24T09:00", "2027-01-04T09:00"),  # quiet days, then a weekend
        ("2027-01-01T09:00", "2027-01-04T09:00"),
        ("2027-03-28T09:00", "2027-03-30T09:00"),  # the clocks go forward, the hour stays
    ],
)
def test_what_falls_outside_goes_out_at_the_next_time_inside(text: str, expected: str) -> None:
    assert allowed(WORKING, text) == expected


@pytest.mark.parametrize(
    ("text", "not_after", "expected"),
    [
        ("2027-03-20T09:00", "2027-03-26", "2027-03-22T09:00"),  # there is time until Friday
        ("2027-03-20T09:00", "2027-03-22", "2027-03-22T09:00"),  # on the very day
        ("2027-03-20T09:00", "2027-03-21", "2027-03-19T09:00"),  # a limit on Sunday: on Friday
        ("2027-03-22T20:00", "2027-03-22", "2027-03-22T18:00"),  # too late that day: at its end
        ("2026-12-25T09:00", "2026-12-25", "2026-12-23T09:00"),  # a limit on Christmas Day
    ],
)
def test_a_warning_comes_before_what_it_warns_of(text: str, not_after: str, expected: str) -> None:
    assert allowed(WORKING, text, not_after) == expected


def test_weekdays_may_be_bank_holidays_and_every_day_is_every_day() -> None:
    weekdays = Sending.model_validate({"on": "weekdays"})
    assert allowed(weekdays, "2026-12-25T03:00") == "2026-12-25T03:00"
    assert allowed(weekdays, "2026-12-26T03:00") == "2026-12-28T03:00"
    assert allowed(Sending(), "2026-12-26T03:00") == "2026-12-26T03:00"


def test_quiet_for_ever_is_no_rule() -> None:
    never = Sending.model_validate({"not_on": "1 January to 31 December"})
    assert allowed(never, "2027-03-22T09:00") == "2027-03-22T09:00"
