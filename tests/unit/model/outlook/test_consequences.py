"""What a change shifts: reminders that move, fall away, come again; what is late because of it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.builders import Case
from tests.visits import (
    END,
    HOST,
    LATECOMER,
    LEAD,
    LEADER,
    MANAGER,
    SECOND,
    START,
    VISITOR,
    agreeing,
    clearing,
    dated,
    of_kind,
    visiting,
)
from workflow.model import commands as c
from workflow.model.decide import decide
from workflow.model.decisions.asking import Actor
from workflow.model.events import NoticeRaised
from workflow.model.outlook.consequences import Consequences, Shift, consequences, is_untrue

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


def shifted(case: Case, change: c.Command) -> Consequences:
    """Return what a command of the administrator would shift now."""
    asker = Actor(id=1, is_administrator=True)
    made = decide(case.rules, case.challenge, change, at=case.at, actor=asker)
    return consequences(case.rules, made.before, made.after, events=made.events, at=case.at)


def said(
    shifts: tuple[Shift, ...],
) -> set[tuple[str, int | None, datetime | None, datetime | None]]:
    return {(one.notice, one.recipient, one.old_at, one.new_at) for one in shifts}


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), UTC)  # London is on UTC in these weeks


def moving(by: timedelta) -> c.SetDate:
    return c.SetDate(key="visit_start", on=START + by, reason="the host asked")


def called() -> Case:
    """Return a visit of which everybody has the briefing, so that all calls are open."""
    return dated().done("scope_agreed", "brief_visitor")


def test_a_reminder_moves_with_the_deadline_that_it_hangs_on() -> None:
    found = shifted(called(), moving(WEEK))
    limit = START - DAY  # of the calls
    assert ("to_do", MANAGER, at(limit - 3 * DAY), at(limit + 4 * DAY)) in said(found.moved)
    assert (*found.withdrawn, *found.again) == ()


def test_one_message_speaks_for_all_its_tasks() -> None:
    found = shifted(called(), moving(WEEK))
    moved = next(one for one in found.moved if one.old_at == at(START - 4 * DAY))
    assert moved.tasks == tuple(f"call_visitor:{person}" for person in (LEAD, VISITOR, SECOND))


def test_the_reminders_of_what_is_done_fall_away() -> None:
    case = agreeing()
    found = shifted(case, c.CompleteTask(spec="comments_in", on=case.today, by=HOST))
    assert {one.recipient for one in found.withdrawn} == {HOST, MANAGER}
    assert all(one.tasks == ("comments_in",) for one in found.withdrawn)
    assert (*found.moved, *found.again) == ()


def test_reminders_after_the_answer_counts_as_given_were_never_to_come() -> None:
    case = agreeing()
    found = shifted(case, c.CompleteTask(spec="comments_in", on=case.today, by=HOST))
    ends = max(one.old_at for one in found.withdrawn if one.old_at)
    case.until(date(2027, 3, 1))
    marks = [mark for one in of_kind(case.events, NoticeRaised) for mark in one.marks]
    assert ends == max(mark.fires_at for mark in marks if mark.task == "comments_in")


def test_what_was_said_comes_again_when_its_deadline_moves_on() -> None:
    case = called().until(START - 2 * DAY)
    found = shifted(case, moving(WEEK))
    assert said(found.again) == {("to_do", MANAGER, None, at(START + 3 * DAY))}


def test_a_reminder_that_the_change_says_at_once_does_not_fall_away() -> None:
    case = called()
    found = shifted(case, moving(case.today - START + 2 * DAY))  # three days before is past, then
    assert at(START - 4 * DAY) not in {one.old_at for one in found.withdrawn}


def test_what_is_due_and_not_swept_yet_is_said_by_the_change_and_is_not_withdrawn() -> None:
    case = called()
    case.at = at(START - 4 * DAY, 12)
    found = shifted(case, c.WaiveTask(spec="evening_meeting", reason="the team met at lunch"))
    assert found.withdrawn == ()


def test_what_is_due_and_not_swept_yet_falls_away_with_its_task() -> None:
    case = called()
    case.at = at(START - 4 * DAY, 12)
    found = shifted(case, c.WaiveTask(spec="call_visitor", person=VISITOR, reason="they spoke"))
    assert {one.old_at for one in found.withdrawn if one.tasks == (f"call_visitor:{VISITOR}",)}


def test_whoever_joins_brings_reminders_that_are_to_come() -> None:
    change = c.AssignPerson(person=LATECOMER, role="visitor", capabilities=(LEADER,))
    found = shifted(called(), change)
    assert found.coming
    assert {task for one in found.coming for task in one.tasks} == {f"call_visitor:{LATECOMER}"}


def test_reminders_of_a_task_that_passes_to_somebody_else_go_to_them() -> None:
    case = agreeing()
    case.release(HOST)
    change = c.AssignPerson(person=LATECOMER, role="host")
    found = shifted(case, change)
    assert LATECOMER in {one.recipient for one in (*found.coming, *found.again)}


def test_a_pause_withdraws_everything_and_nothing_is_late_in_it() -> None:
    case = agreeing().until(date(2027, 1, 5))  # the comments were to be in by the 4th
    found = shifted(case, c.Advance(trigger="hold_off", reason="snow"))
    assert {one.notice for one in found.withdrawn} == {"overdue"}
    assert (*found.moved, *found.again, *found.coming, *found.late) == ()


@pytest.mark.parametrize(
    ("first_day", "is_late"),
    [
        (date(2026, 10, 3), False),  # the team is to meet tomorrow evening
        (date(2026, 10, 2), False),  # this evening
        (date(2026, 10, 1), True),  # yesterday evening
    ],
)
def test_late_is_what_has_its_limit_in_the_past_because_of_the_change(
    first_day: date, *, is_late: bool
) -> None:
    found = shifted(called(), moving(first_day - START))
    assert ("evening_meeting" in {task.key for task in found.late}) is is_late


def test_a_limit_that_moves_into_the_past_makes_its_task_late() -> None:
    case = called().until(date(2026, 11, 2))
    found = shifted(case, moving(-4 * WEEK))
    late = {task.key for task in found.late}
    assert {f"call_visitor:{LEAD}", "evening_meeting"} <= late
    assert "scope_agreed" not in late  # it is done


def test_without_a_limit_a_target_that_moves_into_the_past_makes_late() -> None:
    case = dated()
    found = shifted(case, moving(-2 * WEEK))  # six weeks before it is now in September
    assert {task.key for task in found.late} == {"scope_agreed"}


def test_what_was_late_before_is_not_late_because_of_the_change() -> None:
    case = dated().until(date(2026, 10, 20))  # the scope was to be agreed by the 13th
    assert shifted(case, moving(-DAY)).late == ()


def test_a_new_challenge_may_be_late_from_the_start() -> None:
    case = dated(at=datetime(2026, 11, 2, 9, tzinfo=UTC))
    found = consequences(case.rules, None, case.challenge, events=(), at=case.at)
    assert {task.key for task in found.late} == {"scope_agreed"}


def test_a_limit_that_a_hold_stops_is_not_late() -> None:
    case = clearing().until(date(2027, 3, 1))
    held = c.PlaceHold(name="FOI", reason="a request", tasks=("destroy_notes",))
    assert shifted(case, held).late == ()
    case.do(held)
    found = shifted(case, c.LiftHold(name="FOI", reason="answered"))
    assert {task.spec for task in found.late} == {"destroy_notes"}


def test_the_reminders_of_a_stage_that_comes_by_itself_move_too() -> None:
    case = visiting().until(END).done("feedback_given")  # so drafting begins tonight
    found = shifted(case, c.SetDate(key="visit_end", on=END + DAY, reason="a day more"))
    assert (
        "report_due_today",
        MANAGER,
        at(END + 4 * WEEK, 8),
        at(END + DAY + 4 * WEEK, 8),
    ) in said(found.moved)


UNTRUE: list[tuple[str, Callable[[Case], Case], bool]] = [
    ("as it is", lambda case: case, False),
    ("done for one of them", lambda case: case.done_for(LEAD, "call_visitor"), False),
    ("done for all", lambda case: case.done("call_visitor"), True),
    ("paused", lambda case: case.advance("hold_off", reason="snow"), False),
    ("over", lambda case: case.advance("withdraw", reason="other plans"), True),
]


def is_said_in_vain(case: Case, *tasks: str, to: int = MANAGER, rung: str | None = None) -> bool:
    """Return whether a reminder to somebody has nothing left to say now."""
    rungs = dict.fromkeys(tasks, rung) if rung else {}
    return is_untrue(case.rules, case.challenge, tasks, to=to, rungs=rungs, at=case.at)


@pytest.mark.parametrize(("change", "expected"), [row[1:] for row in UNTRUE],
                         ids=[row[0] for row in UNTRUE])  # fmt: skip
def test_a_waiting_reminder_is_untrue_when_nothing_is_left_to_be_done(
    change: Callable[[Case], Case], *, expected: bool
) -> None:
    tasks = [f"call_visitor:{person}" for person in (LEAD, VISITOR, SECOND)]
    case = change(called())
    assert is_said_in_vain(case, *tasks) is expected


def test_a_reminder_of_what_is_gone_is_untrue_but_not_of_what_is_on_hold() -> None:
    case = clearing()
    case.do(c.PlaceHold(name="FOI", reason="a request", tasks=("destroy_notes",)))
    assert not is_said_in_vain(case, f"destroy_notes:{LEAD}")
    assert is_said_in_vain(visiting(), "no_such_task")


def test_a_reminder_whose_moment_lies_ahead_again_is_untrue() -> None:
    case = called().until(START - 4 * DAY)  # three days before the limit
    assert not is_said_in_vain(case, f"call_visitor:{LEAD}", rung="chase.1")
    case.plan("visit_end", END + 30 * DAY).plan("visit_start", START + 30 * DAY)
    assert is_said_in_vain(case, f"call_visitor:{LEAD}", rung="chase.1")


def test_a_reminder_to_somebody_who_has_left_is_untrue_unless_the_task_is_theirs() -> None:
    case = called().release(LEAD)
    assert is_said_in_vain(case, f"call_visitor:{VISITOR}", to=LEAD)
    assert not is_said_in_vain(case, f"call_visitor:{VISITOR}", to=VISITOR)
