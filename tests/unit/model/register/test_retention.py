"""The register of retention: every state in which what a rule keeps can be (I24)."""

from datetime import date, timedelta

import pytest

from tests.visits import DIRECTOR, LATECOMER, LEAD, MANAGER, SECOND, VISITOR, dated
from workflow.model import commands as c
from workflow.model.events import DeadlineMoved
from workflow.model.outlook.sentences import why
from workflow.model.records import commands as r
from workflow.model.register.retention import Status, register
from workflow.model.task import TaskStatus

from .kept import DUE, EDITS, approved, asked, carrying_out, closed, closing, look, on

DAY = timedelta(days=1)
HOLD = c.PlaceHold(name="FOI 1", reason="a request")


def test_what_is_not_due_is_scheduled_and_says_how_its_day_came_about() -> None:
    found = look(closed())
    assert (found.status, found.due_on, found.is_overdue) == (Status.SCHEDULED, DUE, False)
    assert found.how == (
        "3 months after signed_off (Report signed off; + 3 months, the first day not counted)"
    )


def test_while_its_anchor_is_not_known_there_is_no_day() -> None:
    found = look(closing(), "own_records")
    assert (found.due_on, found.how) == (None, "6 years after closed")


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (DUE - DAY, (Status.SCHEDULED, False)),
        (DUE, (Status.DUE, False)),
        (DUE + 30 * DAY, (Status.DUE, False)),
        (DUE + 31 * DAY, (Status.OVERDUE, True)),
    ],
)
def test_it_is_due_on_its_day_and_overdue_after_its_days_of_grace(
    day: date, found: tuple[Status, bool]
) -> None:
    kept = look(on(closed(), day))
    assert (kept.status, kept.is_overdue) == found


def test_what_waits_for_approval_is_still_seen_to_be_overdue() -> None:
    case = on(closed(), DUE + 31 * DAY)
    assert (look(asked(case)).status, look(case).is_overdue) == (Status.REQUESTED, True)
    case.do(r.ApproveDisposal(rule="mail"), actor=DIRECTOR)
    assert (look(case).status, look(case).is_overdue) == (Status.APPROVED, True)
    case.do(carrying_out(), actor=MANAGER)
    assert (look(case).status, look(case).is_overdue) == (Status.DESTROYED, False)
    assert look(case).disposal.certificate == "C-1"


def test_an_extension_moves_the_day_and_takes_the_approval_back() -> None:
    case = approved(on(closed(), DUE))
    until = date(2027, 9, 1)
    case.do(r.ExtendRetention(rule="mail", until=until, reason="an inquiry"), actor=MANAGER)
    found = look(case)
    assert (found.status, found.due_on) == (Status.EXTENDED, until)
    assert found.how == "extended until Wednesday 1 September 2027"
    assert look(on(case, until)).status is Status.DUE


def test_the_task_of_what_is_kept_for_longer_waits_for_the_later_day() -> None:
    case = on(closed(), DUE)
    assert case.task("retention_mail").status is TaskStatus.OPEN
    known, until = len(case.events), date(2027, 9, 1)
    case.do(r.ExtendRetention(rule="mail", until=until, reason="an inquiry"), actor=MANAGER)
    task = case.task("retention_mail")
    assert (task.status, task.target_on) == (TaskStatus.PENDING, until)
    assert why(case.rules, case.challenge, task) == (
        "kept until Wednesday 1 September 2027 (house policy)"
    )
    moved = [one for one in case.events[known:] if isinstance(one, DeadlineMoved)]
    assert [one.text for one in moved[-1].basis] == ["extended until Wednesday 1 September 2027"]
    on(case, until - DAY)
    assert case.told("to_do", since=known) == []
    on(case, until)
    assert case.task("retention_mail").status is TaskStatus.OPEN
    assert case.told("to_do", since=known) == [DIRECTOR]


def test_what_is_kept_for_longer_before_its_day_is_due_on_the_later_one_only() -> None:
    until = date(2027, 9, 1)
    longer = r.ExtendRetention(rule="mail", until=until, reason="an inquiry")
    case = closed().do(longer, actor=MANAGER)
    assert on(case, DUE).task("retention_mail").status is TaskStatus.PENDING
    assert on(case, until).task("retention_mail").status is TaskStatus.OPEN


def test_a_hold_is_named_and_is_not_overdue_and_its_end_restores_what_was() -> None:
    case = approved(on(closed(), DUE + 31 * DAY)).do(HOLD)
    found = look(case)
    assert (found.status, found.holds, found.is_overdue) == (Status.HELD, ("FOI 1",), False)
    case.do(c.PlaceHold(name="complaint", reason="one came", rules=("mail",)))
    case.do(c.LiftHold(name="FOI 1", reason="answered"))
    assert look(case).holds == ("complaint",)
    case.do(c.LiftHold(name="complaint", reason="answered"))
    assert look(case).status is Status.APPROVED


def test_a_hold_on_anything_stops_the_end_of_the_record() -> None:
    case = closed().do(c.PlaceHold(name="x", reason="asked", rules=("visitors_notes",)))
    assert look(case, "own_records").holds == ("x",)
    assert look(case, "mail").holds == ()


@pytest.mark.parametrize(
    "hold",
    [
        c.PlaceHold(name="x", reason="asked", rules=("visitors_notes",)),
        c.PlaceHold(name="x", reason="asked", tasks=("destroy_notes",)),
    ],
)
def test_a_hold_on_anything_silences_who_sees_to_the_record(hold: c.PlaceHold) -> None:
    case = closed().do(hold)
    known = len(case.events)
    on(case, DUE)
    assert case.told("to_do", since=known) == [DIRECTOR]  # of the mail
    known = len(case.events)
    on(case, date(2033, 1, 6))
    assert case.task("retention_own_records").status is TaskStatus.OPEN
    assert case.told("to_do", since=known) == []
    case.do(c.LiftHold(name="x", reason="answered"))
    assert case.told("to_do", since=known) == [DIRECTOR]


def test_a_hold_on_the_task_of_a_rule_stops_the_rule() -> None:
    case = closed().do(c.PlaceHold(name="x", reason="asked", tasks=("retention_mail",)))
    assert (look(case).status, look(case).holds) == (Status.HELD, ("x",))


def test_a_failure_is_seen_until_it_is_done_in_the_end() -> None:
    case = approved(on(closed(), DUE)).do(carrying_out(), actor=MANAGER)
    case.do(r.ReportFailure(rule="mail", problem="a file stays"))
    assert look(case).status is Status.FAILED
    case.do(carrying_out(), actor=MANAGER)
    assert look(case).status is Status.DESTROYED


def test_what_people_keep_stands_as_their_tasks_do() -> None:
    case = closing()
    assert look(case, "visitors_notes").status is Status.DUE
    later = on(closing(), case.today + 40 * DAY)
    assert look(later, "visitors_notes").status is Status.OVERDUE
    case.done("destroy_notes")
    assert look(case, "visitors_notes").status is Status.DESTROYED


def test_a_confirmation_that_was_let_go_is_an_exception_and_no_destruction() -> None:
    case = closing().waive("destroy_notes", person=LEAD)
    case.done("destroy_notes")
    assert look(case, "visitors_notes").status is Status.EXCEPTED


def test_what_is_archived_is_kept_for_good() -> None:
    assert look(closed(), "pictures").status is Status.KEPT


def test_when_the_record_is_gone_everything_is() -> None:
    case = approved(on(closed(), date(2033, 1, 4)), "own_records")
    case.do(carrying_out("own_records"), actor=MANAGER)
    found = register(case.rules, case.challenge, case.at)
    assert {one.status for one in found} == {Status.DESTROYED}


def test_whoever_sees_to_it_is_reminded_when_it_is_due() -> None:
    case = closed()
    known = len(case.events)
    on(case, DUE - DAY)
    assert case.told("to_do", since=known) == []
    on(case, DUE)
    assert case.told("to_do", since=known) == [DIRECTOR]


def test_what_people_are_to_destroy_later_is_scheduled_and_presses_nobody() -> None:
    case = dated(*EDITS).done("scope_agreed", "brief_visitor")
    assert {task.status.value for task in case.challenge.occurrences("destroy_notes")} == {
        "pending"
    }
    found = look(case, "visitors_notes")
    assert (found.status, found.is_pressing) == (Status.SCHEDULED, False)
    found = look(closing(), "visitors_notes")
    assert (found.status, found.is_pressing) == (Status.DUE, True)


def test_once_ours_are_gone_it_is_overdue_only_if_somebody_is_late_with_theirs() -> None:
    soon = (
        "    for: 3 months after signed_off\n",
        "    for: 1 day after signed_off\n    grace: 1\n    done_by: destroy_notes\n",
    )
    case = closing(soon)
    case = approved(on(case, case.today + 3 * DAY))
    assert (look(case).status, look(case).is_overdue) == (Status.APPROVED, True)
    case.do(carrying_out(), actor=MANAGER)
    assert (look(case).status, look(case).is_overdue) == (Status.DUE, False)
    case.until(case.today + 40 * DAY)
    assert (look(case).status, look(case).is_overdue) == (Status.OVERDUE, True)


def test_who_was_late_and_has_confirmed_does_not_make_others_late() -> None:
    case = closing()
    case.until(case.today + 40 * DAY).assign("visitor", LATECOMER)
    case.done_for(LATECOMER, "brief_visitor")
    assert not case.task("destroy_notes", person=LATECOMER).is_missed
    for person in (LEAD, VISITOR, SECOND):
        assert look(case, "visitors_notes").status is Status.OVERDUE
        case.done_for(person, "destroy_notes")
    assert look(case, "visitors_notes").status is Status.DUE
