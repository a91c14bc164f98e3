"""A changed document that is handed out by a task has to be handed out again."""

from datetime import date

import pytest

from tests.builders import Case
from tests.handing import EDITS, recorded
from tests.visits import LEAD, MANAGER, SECOND, VISITOR, Edit, dated, of_kind
from workflow.model.events import TaskReopened
from workflow.model.records import commands as r
from workflow.model.task import TaskStatus

KIT = "  kit: {title: Kit, for: visitors, issued_by: send_kit, on_leaving: revoke}\n"
AGAIN: Edit = (KIT, KIT.replace("revoke}", "revoke, again_when_changed: true}"))
WAITING: Edit = (
    "    by: manager\n    target: 3 weeks before visit_start\n",
    "    by: manager\n    opens: 4 weeks before visit_start\n"
    "    target: 3 weeks before visit_start\n",
)


def given(*edits: Edit) -> Case:
    """Return a visit whose visitors have the kit, on the document's first version."""
    case = recorded("kit", case=dated(*EDITS, *edits).done("scope_agreed"))
    return case.do(r.IssueDocument(document="kit"))


def changed(case: Case) -> list[TaskReopened]:
    """Record another version; return what is to be done again."""
    before = len(case.events)
    case.do(r.RecordDocument(document="kit", location="shelf 2"))
    return of_kind(case.events[before:], TaskReopened)


def test_to_give_a_document_is_to_do_its_task() -> None:
    assert given().task("send_kit").status is TaskStatus.DONE


def test_a_changed_document_is_to_be_given_again() -> None:
    case = given(AGAIN)
    (again,) = changed(case)
    assert (again.task, again.reason) == ("send_kit", '"Kit" has changed: version 2')
    assert case.task("send_kit").status is TaskStatus.OPEN


def test_one_that_does_not_ask_again_or_that_all_gave_back_is_not() -> None:
    assert changed(given()) == []
    case = given(AGAIN)
    for person in (LEAD, VISITOR, SECOND):
        case.do(r.RevokeDocument(document="kit", person=person, reason="sent in error"))
    assert changed(case) == []


def test_a_task_that_is_not_open_yet_is_not_done_by_giving() -> None:
    case = given(WAITING)
    assert case.task("send_kit").status is TaskStatus.PENDING
    assert case.warnings == (
        '"Send the first-timers\' kit to all" is not open yet: it is not done by this',
    )


@pytest.mark.parametrize("person", [LEAD, VISITOR])
def test_to_acknowledge_what_no_task_asks_for_is_on_record_and_does_no_task(person: int) -> None:
    case = given()
    before = {key: task.status for key, task in case.challenge.tasks.items()}
    on = date(2026, 10, 1)
    case.do(r.AcknowledgeDocument(document="kit", person=person, on=on), actor=MANAGER)
    assert case.challenge.records.documents["kit"].copies[person].acknowledged == 1
    assert {key: task.status for key, task in case.challenge.tasks.items()} == before
