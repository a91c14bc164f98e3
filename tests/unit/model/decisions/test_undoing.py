"""Tasks that are waived, or to be done after all; and what is refused."""

from datetime import timedelta

from tests.visits import (
    LEAD,
    MANAGER,
    STRANGER,
    VISITOR,
    closed,
    complaint,
    dated,
    of_kind,
    refusal,
)
from workflow.model import commands as c
from workflow.model.events import TaskDone
from workflow.model.task import TaskStatus

TODAY = dated().today
DAY = timedelta(days=1)
SCOPE = c.CompleteTask(spec="scope_agreed", on=TODAY, evidence="in a call")


def test_a_task_is_waived_with_a_reason_by_those_who_may() -> None:
    command = c.WaiveTask(spec="scope_agreed", reason="agreed last year")
    case = dated().do(command, actor=MANAGER)
    task = case.task("scope_agreed")
    assert (task.status, task.reason, task.is_overridden) == (
        TaskStatus.WAIVED,
        "agreed last year",
        False,
    )
    refused = refusal(dated(), command, actor=LEAD)
    assert (
        refused.message
        == "{p4} may not waive a task: that is for Visit manager or an administrator"
    )
    silent = c.WaiveTask(spec="scope_agreed", reason="")
    assert complaint(dated(), silent) == 'say why it is not to be done: --reason "…"'
    assert refusal(case, command).kind == "already"


def test_where_nobody_is_named_anybody_may_waive() -> None:
    dated(("waives: [manager]", "waives: []")).do(
        c.WaiveTask(spec="scope_agreed", reason="x"), actor=STRANGER
    )


def test_what_is_done_may_be_undone_with_a_reason() -> None:
    command = c.ReopenTask(spec="scope_agreed", reason="with the wrong host")
    refused = refusal(dated(), command)
    assert refused.kind == "already"
    assert refused.message == '"Agree the scope of the visit with the host" is not done'
    case = dated().do(SCOPE).do(command, actor=MANAGER)
    task = case.task("scope_agreed")
    assert (task.status, task.done_on, task.evidence) == (TaskStatus.OPEN, None, "")
    assert (task.reason, task.first_done_on) == ("with the wrong host", TODAY)
    assert refusal(dated().do(SCOPE), command, actor=STRANGER).kind == "not_allowed"
    silent = c.ReopenTask(spec="scope_agreed", reason=" ")
    assert complaint(dated(), silent) == 'say why it is to be done after all: --reason "…"'


def test_what_was_waived_may_be_done_after_all() -> None:
    case = dated().waive("scope_agreed")
    case.do(c.ReopenTask(spec="scope_agreed", reason="needed")).do(SCOPE)
    assert len(of_kind(case.events, TaskDone)) == 1


def test_what_was_done_before_the_end_is_not_lost_after_it() -> None:
    """To do it again would cancel it: what is over asks for nothing any more."""
    case = closed()
    refused = refusal(case, c.ReopenTask(spec="scope_agreed", reason="late doubts"))
    assert refused.kind == "closed"
    assert case.task("scope_agreed").status is TaskStatus.DONE


def test_what_was_done_for_somebody_who_left_stays_done() -> None:
    case = dated().done("scope_agreed", "brief_visitor").release(VISITOR)
    command = c.ReopenTask(spec="brief_visitor", person=VISITOR, reason="late doubts")
    refused = refusal(case, command)
    assert refused.kind == "no_task"
    assert refused.message == (
        '"Send {p5} the briefing pack" does not apply any more: it stays as it is'
    )
