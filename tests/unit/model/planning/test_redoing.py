"""What is done is to be done again when its occasion comes, as long as there is any use in it."""

from datetime import timedelta

import pytest

from tests.visits import (
    END,
    LATECOMER,
    LEAD,
    MANAGER,
    START,
    VISITOR,
    Edit,
    closed,
    dated,
    drafting,
    of_kind,
    visiting,
)
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.task import TaskStatus

DAY = timedelta(days=1)
REDONE = "redo_when: visit_start moves"


@pytest.mark.parametrize(
    ("command", "is_redone"),
    [
        (c.SetDate(key="visit_start", on=START + DAY), True),
        (c.SetDate(key="visit_end", on=END + DAY), False),
        (c.AssignPerson(person=LATECOMER, role="visitor"), False),
    ],
)
def test_what_is_done_is_to_be_done_again_when_its_occasion_comes(
    command: c.Command,
    is_redone: bool,  # noqa: FBT001 (a table)
) -> None:
    case = dated().done("scope_agreed", "brief_visitor").do(command)
    status = case.task("brief_visitor", person=LEAD).status
    assert (status is TaskStatus.OPEN) is is_redone
    if is_redone:
        assert case.task("brief_visitor", person=LEAD).reason == "the dates moved"


def test_a_team_that_changes_makes_others_tasks_to_be_done_again_and_not_ones_own() -> None:
    edit = ("redo_when: visit_start moves", "redo_when: visitors change")
    case = dated(edit).done("scope_agreed", "brief_visitor").release(VISITOR)
    again = case.task("brief_visitor", person=LEAD)
    assert (again.status, again.reason) == (TaskStatus.OPEN, "the team changed")
    assert case.task("brief_visitor", person=VISITOR).status is TaskStatus.DONE


def test_a_stage_that_goes_on_after_a_pause_is_not_entered_again() -> None:
    """Nobody is told again, and nothing is to be done again; a stage that is entered anew is."""
    redone = ("redo_when: visit_start moves", "redo_when: drafting is entered")
    told = ("when: withdrawn is entered", "when: drafting is entered")
    case = drafting(redone, told).done("brief_visitor")
    case.advance("hold_off", reason="an election")
    case.events.clear()
    case.advance("resume")
    assert case.challenge.stage == "drafting"
    assert not [n for n in of_kind(case.events, e.NoticeRaised) if n.notice == "visit_withdrawn"]
    assert case.task("brief_visitor", person=LEAD).status is TaskStatus.DONE
    case.done("draft_checked", by=LEAD).done("report_sent", by=MANAGER)
    case.advance("redraft", reason="a mistake")
    assert [n for n in of_kind(case.events, e.NoticeRaised) if n.notice == "visit_withdrawn"]
    assert case.task("brief_visitor", person=LEAD).status is TaskStatus.OPEN


def test_what_the_stage_has_ended_is_not_undone() -> None:
    case = closed().plan("visit_start", START + DAY)
    assert {t.status for t in case.challenge.occurrences("brief_visitor")} == {TaskStatus.DONE}
    assert of_kind(case.events, e.TaskReopened) == []


def test_what_the_stage_keeps_is_done_again_there() -> None:
    keeps = ("{title: Closed, final: true}", "{title: Closed, final: true, keeps: [brief_visitor]}")
    case = closed(keeps).plan("visit_start", START + DAY)
    assert {t.status for t in case.challenge.occurrences("brief_visitor")} == {TaskStatus.OPEN}


def test_what_would_lapse_at_once_is_not_undone() -> None:
    lapsing: Edit = (REDONE, "redo_when: visitors change\n    lapses: 1 day after visiting")
    early = visiting(lapsing).release(VISITOR)
    assert early.task("brief_visitor", person=LEAD).status is TaskStatus.OPEN
    late = visiting(lapsing).until(visiting().today + 2 * DAY).release(VISITOR)
    assert late.task("brief_visitor", person=LEAD).status is TaskStatus.DONE
    assert of_kind(late.events, e.TaskReopened) == []


def test_a_limit_that_is_over_does_not_keep_a_task_from_being_done_again() -> None:
    """The new lead visitor is to be called, too late or not: only a lapse says that it is over."""
    limit = (REDONE, "redo_when: visitors change\n    limit: 1 day after visiting\n"
             "    source: house policy")  # fmt: skip
    case = visiting(limit).until(visiting().today + 3 * DAY).release(VISITOR)
    task = case.task("brief_visitor", person=LEAD)
    assert (task.status, task.is_missed) == (TaskStatus.OPEN, True)
