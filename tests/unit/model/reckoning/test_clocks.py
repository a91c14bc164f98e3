"""Reckoning on clocks: more time of another kind, and calendars that nobody knows."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from workflow.model.calendar import calendar_named
from workflow.model.errors import InvalidInput
from workflow.model.language.phrases import Unit
from workflow.model.language.timing import parse_timing
from workflow.model.reckoning.moments import Clock, Ground, Known, More, Reckoned, Stopped, Stretch
from workflow.model.reckoning.reckon import anchor_of, run
from workflow.model.reckoning.telling import pause_in_words

LONDON = ZoneInfo("Europe/London")
ASKED = {"asked": Known(date(2026, 3, 2)), "sent": Known(date(2026, 3, 20))}
GROUND = Ground(ASKED.get, calendar_named("england_and_wales"), LONDON)
OPEN = Stretch(
    first=date(2026, 3, 6), last=None, title="Waiting", from_at=datetime(2026, 3, 6, 9, tzinfo=UTC)
)


def ended(text: str, *more: tuple[int, Unit], paused: Stretch | None = None) -> date | None:
    """Return the day that a timing comes to with more time on top; None while it stands still."""
    given = tuple(More(count=count, unit=unit, title="More") for count, unit in more)
    clock = Clock(more=given, paused=(paused,) if paused else ())
    found = run(parse_timing(text), GROUND, clock)
    assert found is not None
    if isinstance(found, Stopped):
        assert found == Stopped(date(2026, 3, 6), "Waiting")
        return None
    return found.on


@pytest.mark.parametrize(
    ("hours", "day"),
    [(1, "2026-03-08"), (24, "2026-03-08"), (25, "2026-03-09"), (48, "2026-03-09")],
)
def test_hours_on_top_of_days_are_the_days_that_they_begin(hours: int, day: str) -> None:
    assert ended("5 days after asked", (hours, Unit.HOURS)) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("more", "day"),
    [
        (((1, Unit.WEEKS), (1, Unit.DAYS)), "2026-03-15"),
        (((1, Unit.MONTHS), (1, Unit.DAYS)), "2026-04-08"),
        (((1, Unit.DAYS), (1, Unit.MONTHS)), "2026-04-08"),
        (((1, Unit.WORKING_DAYS),), "2026-03-09"),
    ],
)
def test_more_time_of_the_same_kind_lengthens_the_count_until_another_kind_comes(
    more: tuple[tuple[int, Unit], ...], day: str
) -> None:
    assert ended("5 days after asked", *more) == date.fromisoformat(day)


def test_days_that_do_not_make_whole_weeks_are_put_on_afterwards() -> None:
    assert ended("1 week after asked", (3, Unit.DAYS)) == date(2026, 3, 12)
    assert ended("1 week after asked", (14, Unit.DAYS)) == date(2026, 3, 23)
    assert ended("1 year after asked", (3, Unit.MONTHS)) == date(2027, 6, 2)
    assert ended("3 months after asked", (1, Unit.YEARS)) == date(2027, 6, 2)


def test_a_clock_that_stands_still_stands_still_for_what_is_put_on_too() -> None:
    more = ((1, Unit.MONTHS), (1, Unit.DAYS))
    assert ended("5 days after asked", *more, paused=OPEN) is None
    assert ended("3 days after asked", paused=OPEN) == date(2026, 3, 5)
    assert ended("3 days after asked", *more, paused=OPEN) is None  # it ends in the pause


@pytest.mark.parametrize(
    ("hours", "is_stopped"), [(104, False), (105, True), (106, True), (200, True)]
)
def test_hours_stand_still_from_the_moment_of_the_pause_on(hours: int, *, is_stopped: bool) -> None:
    found = run(parse_timing(f"{hours} hours after asked"), GROUND, Clock(paused=(OPEN,)))
    assert isinstance(found, Stopped) is is_stopped


def test_hours_before_something_do_not_stand_still() -> None:
    found = run(parse_timing("48 hours before sent"), GROUND, Clock(paused=(OPEN,)))
    assert isinstance(found, Reckoned)
    assert found.at == datetime(2026, 3, 18, tzinfo=UTC)


def test_a_calendar_that_is_not_known_is_named_with_the_nearest() -> None:
    ground = Ground(ASKED.get, GROUND.calendar, LONDON, {"scotland": GROUND.calendar})
    timing = parse_timing("5 working days after asked, in the calendar scotlnd")
    for reckoned in (lambda: run(timing, ground, Clock()), lambda: anchor_of(timing, ground)):
        with pytest.raises(InvalidInput) as refused:
            reckoned()
        assert str(refused.value) == (
            'there is no calendar "scotlnd"; did you mean "scotland"? (scotland)'
        )


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("2026-03-06", None, "not counted since Fri 6 Mar 2026: Waiting"),
        ("2026-03-06", "2026-03-05", "not counted: some hours of Fri 6 Mar 2026 (Waiting)"),
        ("2026-03-06", "2026-03-06", "not counted: Fri 6 Mar 2026 (Waiting)"),
        ("2026-03-06", "2026-03-07", "not counted: Fri 6 Mar to Sat 7 Mar 2026 (Waiting)"),
        (
            "2026-12-31",
            "2027-01-01",
            "not counted: Thu 31 Dec 2026 to Fri 1 Jan 2027 (Waiting)",
        ),
    ],
)
def test_what_was_not_counted_is_told(first: str, last: str | None, words: str) -> None:
    stretch = Stretch(
        first=date.fromisoformat(first),
        last=date.fromisoformat(last) if last else None,
        title="Waiting",
        from_at=OPEN.from_at,
    )
    assert pause_in_words(stretch) == words
