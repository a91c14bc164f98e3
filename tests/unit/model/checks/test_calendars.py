"""What is told of calendars, of when reminders go out, and of entries in calendars."""

from typing import Any

import pytest

from tests.unit.model.test_references import said

Change = tuple[str, Any]


def office(**more: object) -> Change:
    """Return a calendar of its own, which is used."""
    return "calendars.office", {"title": "Office", **more}


CALENDARS: list[tuple[tuple[Change, ...], str]] = [
    (
        (("calendar", "atlantis"),),
        (
            'calendar: there is no calendar "atlantis"; there is: england_and_wales, '
            "scotland, northern_ireland, any_uk"
        ),
    ),
    (
        (
            office(based_on="nowhere"),
            ("calendar", "office"),
        ),
        (
            'calendars.office.based_on: there is no calendar "nowhere"; there is: '
            "england_and_wales, scotland, northern_ireland, any_uk"
        ),
    ),
    (
        (
            office(),
            ("calendars.branch", {"based_on": "office"}),
            ("calendar", "branch"),
            ("tasks.plan.calendar", "office"),
        ),
        (
            'calendars.branch.based_on: "office" is a calendar of its own; base it on an '
            "official one (such as england_and_wales, scotland, northern_ireland, any_uk, or "
            "IE)"
        ),
    ),
    (
        (
            ("calendars.scotland", {"adds": {"2027-12-24": "Closed"}}),
            ("calendar", "scotland"),
        ),
        ('calendars.scotland: "scotland" is an official calendar; give your own another name'),
    ),
    (
        (
            office(adds={"2027-12-24": "Closed"}, removes="2027-12-24"),
            ("calendar", "office"),
        ),
        ("calendars.office.removes.0: 2027-12-24 is added and removed; leave out one of the two"),
    ),
    (
        (
            office(
                weekend=[
                    "monday",
                    "tuesday",
                    "wednesday",
                    "thursday",
                    "friday",
                    "saturday",
                    "sunday",
                ]
            ),
            ("calendar", "office"),
        ),
        ("calendars.office.weekend: no day is left to work on; a weekend has at most six days"),
    ),
]


@pytest.mark.parametrize(("changes", "expected"), CALENDARS)
def test_what_is_wrong_with_a_calendar_is_told(changes: tuple[Change, ...], expected: str) -> None:
    assert said(*changes) == [expected]


SENDING: list[tuple[tuple[Change, ...], str]] = [
    (
        (("sending", {"from": "17:00", "until": "09:00"}),),
        (
            "sending.until: nothing could ever go out: it begins at 17:00 and ends at 09:00 "
            "already; write the later time under until"
        ),
    ),
    (
        (
            ("sending", {"from": "09:00", "until": "17:00"}),
            ("send_at", "08:00"),
        ),
        (
            "send_at: reminders go out from 09:00 to 17:00, but at 08:00 they are due; name a"
            " time in between"
        ),
    ),
    (
        (("sending", {"not_on": "1 January to 31 December"}),),
        ("sending.not_on: every day is quiet, so that nothing could go out; leave some days"),
    ),
    (
        (("sending", {"not_on": ["1 November to 31 December", "2030-01-01"]}),),
        (
            "sending.not_on: 61 quiet days in a row: nothing is held back for more than 60, "
            "it goes out at once; leave days in between"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "expected"), SENDING)
def test_what_lets_no_reminder_go_out_is_told(changes: tuple[Change, ...], expected: str) -> None:
    assert said(*changes) == [expected]


CLOCKS: list[tuple[tuple[Change, ...], str]] = [
    (
        (("send_at", "01:00"),),
        (
            "send_at: 01:00 is in the hour that the clocks skip in spring and repeat in "
            "autumn; name an earlier or a later time"
        ),
    ),
    (
        (("send_at", "01:59"),),
        (
            "send_at: 01:59 is in the hour that the clocks skip in spring and repeat in "
            "autumn; name an earlier or a later time"
        ),
    ),
    (
        (("sending", {"from": "01:30"}),),
        (
            "sending.from: 01:30 is in the hour that the clocks skip in spring and repeat in "
            "autumn; name an earlier or a later time"
        ),
    ),
    (
        (("ladders.chase", [{"when": "on limit at 01:30", "to": "by", "notice": "late"}]),),
        (
            "ladders.chase.0.when: 01:30 is in the hour that the clocks skip in spring and "
            "repeat in autumn; name an earlier or a later time"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "expected"), CLOCKS)
def test_an_hour_that_the_clocks_skip_is_told(changes: tuple[Change, ...], expected: str) -> None:
    assert said(*changes) == [expected]


def test_sixty_quiet_days_in_a_row_are_left_alone() -> None:
    assert said(("sending", {"not_on": "2 November to 31 December"})) == []


def test_of_a_zone_that_there_is_not_nothing_else_is_told() -> None:
    (found,) = said(("send_at", "01:30"), ("zone", "Mars/Base"))
    assert found.startswith('zone: unknown time zone "Mars/Base"')
