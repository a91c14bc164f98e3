"""What people say of a task of theirs, who is told of it, and the times that are agreed."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import ADMINISTRATOR, Case
from tests.visits import (
    DIRECTOR,
    HOST,
    LEAD,
    MANAGER,
    STRANGER,
    VISITOR,
    agreeing,
    clearing,
    complaint,
    dated,
    of_kind,
    refusal,
)
from workflow.model import commands as c
from workflow.model import events as e

CANNOT = c.GiveAnswer(spec="destroy_notes", person=VISITOR, answer="cannot", says="in the attic")
SCOPE_AT = datetime(2026, 10, 2, 13, tzinfo=UTC)
AGREED = c.AgreeTime(spec="scope_agreed", moment=SCOPE_AT)


def happened(case: Case, command: c.Command, actor: int) -> list[e.Event]:
    """Return what follows from somebody's command."""
    before = len(case.events)
    case.do(command, actor=actor)
    return case.events[before:]


def test_an_answer_is_kept_and_the_task_stays_as_it_was() -> None:
    case = clearing()
    before = case.challenge.tasks[f"destroy_notes:{VISITOR}"]
    events = happened(case, CANNOT, VISITOR)
    (given,) = of_kind(events, e.AnswerGiven)
    assert (given.actor, given.answer, given.says) == (VISITOR, "cannot", "in the attic")
    assert case.challenge.tasks[f"destroy_notes:{VISITOR}"] == before


def test_whoever_records_for_others_is_told_of_an_answer() -> None:
    case = clearing()
    notices = of_kind(happened(case, CANNOT, VISITOR), e.NoticeRaised)
    assert [(n.notice, n.recipient, n.about, n.tasks) for n in notices] == [
        ("answer_given", MANAGER, VISITOR, (f"destroy_notes:{VISITOR}",))
    ]


def test_where_nobody_records_for_others_those_are_told_whose_task_it_is() -> None:
    case = clearing().release(MANAGER)
    notices = of_kind(happened(case, CANNOT, ADMINISTRATOR), e.NoticeRaised)
    assert [(n.notice, n.recipient) for n in notices] == [("answer_given", VISITOR)]


def test_two_answers_about_one_task_are_two_notices() -> None:
    case = clearing()
    first = of_kind(happened(case, CANNOT, VISITOR), e.NoticeRaised)
    second = of_kind(happened(case, CANNOT, VISITOR), e.NoticeRaised)
    assert first[0].occurrence != second[0].occurrence


def test_nobody_is_told_what_they_said_themselves() -> None:
    case = dated()
    said = c.GiveAnswer(spec="scope_agreed", answer="cannot", says="the host is away")
    assert of_kind(happened(case, said, MANAGER), e.NoticeRaised) == []


def test_an_answer_is_for_those_whose_task_it_is() -> None:
    case = agreeing()
    said = c.GiveAnswer(spec="comments_in", answer="cannot", says="no time")
    assert "may not record" in refusal(case, said, actor=STRANGER).message
    assert of_kind(happened(case, said, HOST), e.AnswerGiven)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("cannot", "say why it cannot be done"),
        ("another_time", "say which time would suit"),
        ("done", "say how it was done"),
        ("unclear", "the answer is empty"),
    ],
)
def test_an_empty_answer_is_none(answer: str, says: str) -> None:
    said = c.GiveAnswer(spec="destroy_notes", person=LEAD, answer=answer, says="  ")
    assert complaint(clearing(), said) == says


def test_an_unknown_answer_is_refused_with_those_that_there_are() -> None:
    said = c.GiveAnswer(spec="destroy_notes", person=LEAD, answer="perhaps", says="x")
    allowed = "allowed: done, cannot, another_time, unclear"
    assert complaint(clearing(), said) == f'"perhaps" is no answer; {allowed}'


def test_what_is_done_takes_no_answer() -> None:
    case = clearing().done("destroy_notes")
    assert "is done already" in refusal(case, CANNOT).message


def test_a_time_is_agreed_and_taken_back() -> None:
    case = dated()
    case.do(AGREED, actor=MANAGER)
    assert case.challenge.tasks["scope_agreed"].agreed_at == SCOPE_AT
    case.do(c.AgreeTime(spec="scope_agreed", moment=None), actor=MANAGER)
    assert case.challenge.tasks["scope_agreed"].agreed_at is None


def test_a_time_that_is_agreed_already_changes_nothing() -> None:
    case = dated()
    case.do(AGREED, actor=MANAGER)
    assert of_kind(happened(case, AGREED, MANAGER), e.TimeAgreed) == []
    assert case.warnings == ("that is agreed already",)


def test_no_time_to_take_back_is_said() -> None:
    case = dated()
    case.do(c.AgreeTime(spec="scope_agreed", moment=None), actor=MANAGER)
    assert case.warnings == ("no time is agreed",)


def test_a_time_that_has_gone_by_cannot_be_agreed() -> None:
    past = c.AgreeTime(spec="scope_agreed", moment=dated().at - timedelta(minutes=1))
    assert complaint(dated(), past) == ("that time has gone by: agree on one that is to come")


def test_a_time_is_agreed_by_those_whose_task_it_is() -> None:
    assert "may not record" in refusal(dated(), AGREED, actor=DIRECTOR).message


def test_what_was_done_tomorrow_is_no_answer() -> None:
    case = clearing()
    said = c.GiveAnswer(
        spec="destroy_notes",
        person=LEAD,
        answer="done",
        says="x",
        on=case.today + timedelta(days=1),
    )
    assert complaint(case, said).endswith("is in the future: say what was done by now")


def test_a_time_that_is_odd_is_agreed_with_a_warning() -> None:
    case = dated()
    late = c.AgreeTime(spec="call_visitor", person=VISITOR, moment=case.at + timedelta(days=300))
    case.do(late, actor=MANAGER)
    assert case.warnings == (
        "that time is after the limit of the task",
        "it goes into the calendars once the task is open",
    )
