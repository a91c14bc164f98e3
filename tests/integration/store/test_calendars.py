"""Calendars are kept a version at a time, on both databases, and none is lost."""

from datetime import date, timedelta

import pytest

from workflow.beginnings import begin
from workflow.model.calendar import UNITED_KINGDOM, calendar_named
from workflow.model.errors import Conflict, InvalidInput
from workflow.store import calendars, people, rulebooks
from workflow.store.link import Link

from .builders import AT, CONTENT_HASH, opened

DAY = date(2027, 5, 10)
THANKS = {DAY: "Day of Thanks"}


def proclaim(link: Link, name: str = "england_and_wales", *, reason: str = "proclaimed") -> None:
    """Keep a version of a calendar with a holiday more."""
    after = calendars.with_days(calendars.latest(link, name), THANKS, (), until=2039)
    calendars.put(link, after, at=AT, actor=1, reason=reason)


def test_what_is_not_kept_comes_from_the_library(database_url: str) -> None:
    with opened(database_url) as database, database.reading() as link:
        assert calendars.names(link) == []
        assert calendars.latest(link, "scotland") == calendar_named("scotland")
        assert calendars.latest(link, "IE").version == 0
        assert calendars.revision(link) == ""
        assert calendars.history(link, "scotland") == []
        with pytest.raises(InvalidInput, match='there is no calendar "atlantis"'):
            calendars.latest(link, "atlantis")


def test_a_new_database_begins_with_the_calendars_of_the_kingdom(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, administrator="nobody@office.example", now=lambda: AT)
        begin(database, administrator="nobody@office.example", now=lambda: AT + timedelta(days=1))
        with database.reading() as link:
            assert calendars.names(link) == sorted(UNITED_KINGDOM)
            for name in UNITED_KINGDOM:
                (kept,) = calendars.history(link, name)
                assert (kept.actor, kept.reason) == (None, "as the official list has it")
                assert (kept.added_at, kept.calendar.version) == (AT, 1)
                assert kept.calendar.years == range(2012, 2039)
                library = calendar_named(name)
                assert all(
                    kept.calendar.holidays(y) == library.holidays(y) for y in range(2010, 2042)
                )
            assert len(people.everybody(link)) == 2  # there were people already


def test_a_change_makes_the_next_version_and_keeps_the_one_before(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        calendars.seed(link, at=AT)
        proclaim(link)
        latest = calendars.latest(link, "england_and_wales")
        assert (latest.version, latest.holiday_name(DAY)) == (2, "Day of Thanks")
        first, second = calendars.history(link, "england_and_wales")
        assert first.calendar.holiday_name(DAY) is None
        assert (second.calendar, second.actor, second.reason) == (latest, 1, "proclaimed")
        assert calendars.at_version(link, "england_and_wales", 1) == first.calendar
        assert calendars.at_version(link, "england_and_wales", 0).version == 0
        assert calendars.latest(link, "scotland").version == 1


def test_a_calendar_that_was_never_kept_begins_with_its_first_change(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        proclaim(link, "IE")
        latest = calendars.latest(link, "IE")
        assert latest.version == 1
        assert latest.years == range(2012, 2040)
        assert latest.holiday_name(date(2027, 2, 1)) == "Saint Brigid's Day"
        assert latest.holiday_name(DAY) == "Day of Thanks"


def test_a_day_outside_the_years_that_are_kept_widens_them(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        before = calendars.latest(link, "scotland")
        after = calendars.with_days(
            before, {date(2050, 5, 10): "x"}, [date(2005, 1, 3)], until=2030
        )
        assert after.years == range(2005, 2051)
        assert after.holiday_name(date(2050, 5, 10)) == "x"
        assert after.holiday_name(date(2005, 1, 3)) is None
        assert after.holidays(2045) == before.holidays(2045)


def test_a_version_that_is_there_is_not_written_over(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        proclaim(link)
        kept = calendars.latest(link, "england_and_wales")
        with pytest.raises(Conflict) as refused:
            calendars.put(link, kept, at=AT, actor=1, reason="again")
        assert str(refused.value) == (
            "the calendar england_and_wales was changed meanwhile; look at it, and try again"
        )


def test_each_change_is_another_revision_that_no_other_database_confuses(
    database_url: str,
) -> None:
    with opened(database_url) as database, database.writing() as link:
        found = {calendars.revision(link)}
        calendars.seed(link, at=AT)
        found.add(calendars.revision(link))
        proclaim(link)
        found.add(calendars.revision(link))
        proclaim(link, "scotland")
        found.add(calendars.revision(link))
        assert len(found) == 4


def test_a_rulebook_follows_the_calendar_and_is_made_once(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        first = rulebooks.fetch(link, CONTENT_HASH)
        assert rulebooks.fetch(link, CONTENT_HASH) is first
        assert first.calendar.is_working_day(DAY)
        proclaim(link)
        second = rulebooks.fetch(link, CONTENT_HASH)
        assert rulebooks.fetch(link, CONTENT_HASH) is second
        assert not second.calendar.is_working_day(DAY)
        assert second.calendar.version == 1
