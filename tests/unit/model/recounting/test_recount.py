"""Another calendar: what moves in a challenge, and what does not."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.builders import Case
from tests.visits import agreeing, clearing, dated, drafting, prepared, visiting
from workflow.model import events as e
from workflow.model.calendar import calendar_named
from workflow.model.planning.rulebook import Rulebook
from workflow.model.recounting.recount import Exchange, Recount, Wakes, recount

NAME = "england_and_wales"
HOLIDAY = date(2026, 12, 28)  # a Monday: Boxing Day, instead of a Saturday
EVERY_DAY = tuple(date(2026, 10, 1) + timedelta(days=number) for number in range(500))
BRIEFING = "invitations:\n  briefing: {title: Briefing, to: visitors, first: "
BRIEFING_DAY = "  briefing_day: {title: Briefing, is: 5 working days before visit_start}"
ANY = (prepared, visiting, drafting, agreeing, clearing)


def waking(case: Case) -> Wakes:
    """Return when the tasks of a case wake, at its moment."""
    same = Exchange(case.rules, case.rules, EVERY_DAY)
    return recount(same, case.challenge, changed(case.at), wakes={}, is_due=True).wakes


def counted(case: Case, *, added: date | None = None, removed: date | None = None) -> Recount:
    """Return what a holiday more or less comes to in a case, at its moment."""
    return recounted(case, waking(case), added=added, removed=removed)


def recounted(
    case: Case, wakes: Wakes, *, added: date | None = None, removed: date | None = None
) -> Recount:
    """Return the same, of a case of which it is known when its tasks wake."""
    calendar = calendar_named(
        NAME, added={added: "Day of Thanks"} if added else {}, removed=[removed] if removed else []
    )
    days = tuple(day for day in (added, removed) if day)
    exchange = Exchange(case.rules, Rulebook(case.rules.definition, calendar), days)
    return recount(exchange, case.challenge, changed(case.at), wakes=wakes, is_due=False)


def changed(at: datetime) -> e.CalendarChanged:
    """Return a change of the calendar."""
    return e.CalendarChanged(at=at, actor=1, calendar=NAME, version=2, reason="proclaimed")


def test_a_deadline_counted_over_a_new_holiday_moves_with_old_new_and_reason() -> None:
    case = agreeing()  # the report was sent on Friday 18 December
    found = counted(case, added=date(2026, 12, 22))
    first, *rest = found.events
    assert first == changed(case.at)
    (move,) = found.moves
    assert (move.moved.task, move.title) == ("comments_in", "Comment on the draft")
    assert move.moved.old_limit_on == date(2027, 1, 6)
    assert move.moved.limit_on == date(2027, 1, 7)
    assert "10 working days after" in move.why
    assert [type(event) for event in rest] == [e.DeadlineMoved]
    assert found.after.tasks["comments_in"].limit_on == date(2027, 1, 7)
    assert found.messages == 5  # three days before, and four times after the limit
    assert found.is_touched


def test_a_holiday_that_is_called_off_moves_it_back() -> None:
    found = counted(agreeing(), removed=HOLIDAY)
    (move,) = found.moves
    assert (move.moved.old_limit_on, move.moved.limit_on) == (
        date(2027, 1, 6),
        date(2027, 1, 5),
    )


def test_a_target_that_falls_on_a_new_holiday_is_rolled() -> None:
    case = visiting()  # the target is Thursday 24 December, four weeks after the visit
    found = counted(case, added=date(2026, 12, 24))
    (move,) = found.moves
    assert move.moved.task == "report_sent"
    assert (move.moved.old_target_on, move.moved.target_on) == (
        date(2026, 12, 24),
        date(2026, 12, 23),
    )


@pytest.mark.parametrize("make", ANY)
@pytest.mark.parametrize("day", ["2026-12-26", "2028-03-01"])
def test_a_day_that_no_count_passes_changes_nothing(make: Callable[[], Case], day: str) -> None:
    found = counted(make(), added=date.fromisoformat(day))
    assert not found.is_touched
    assert (found.moves, found.messages, found.after.tasks) == ((), 0, found.before.tasks)


def test_what_is_settled_stays() -> None:
    case = agreeing().done("comments_in")
    before = case.task("comments_in").limit_on
    found = counted(case, added=date(2026, 12, 22))
    assert found.after.tasks["comments_in"].limit_on == before
    assert found.moves == ()


def test_what_time_has_brought_comes_first_and_is_not_the_calendars() -> None:
    case = agreeing()
    late = datetime.combine(date(2027, 1, 7), time(10), UTC)
    new = Rulebook(
        case.rules.definition, calendar_named(NAME, added={date(2027, 3, 2): "Day of Thanks"})
    )
    found = recount(
        Exchange(case.rules, new, EVERY_DAY), case.challenge, changed(late), wakes={}, is_due=True
    )
    kinds = [type(event) for event in found.events]
    assert kinds[-1] is e.CalendarChanged
    assert e.DeadlineMissed in kinds
    assert not found.is_touched


@pytest.mark.parametrize(("day", "is_touched"), [("2027-03-10", True), ("2028-03-01", False)])
def test_a_step_that_is_counted_over_a_new_holiday_moves_alone(
    day: str,
    is_touched: bool,  # noqa: FBT001 (a table)
) -> None:
    case = visiting(("at: end of visit_end", "at: 90 working days after visit_end"))
    found = counted(case, added=date.fromisoformat(day))
    assert (found.moves, found.is_touched) == ((), is_touched)


@pytest.mark.parametrize(("first", "is_touched"), [
    ("5 working days before visit_start", True),
    ("briefing_day", True),
    ("5 days before visit_start", False),
])  # fmt: skip
def test_an_entry_in_calendars_that_counts_working_days_moves(
    first: str, *, is_touched: bool
) -> None:
    """No task moves with it: still people have to be told."""
    case = dated(
        ("retention:\n", f"{BRIEFING}{first}}}\nretention:\n"),
        ("  signed_off:  {", f"{BRIEFING_DAY}\n  signed_off:  {{"),
    )
    assert counted(case, added=date(2026, 11, 19)).is_touched is is_touched
