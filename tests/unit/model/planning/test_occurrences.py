"""Which occurrence a task stands for."""

from tests.visits import LATECOMER, dated
from workflow.model.planning.anchors import Occurrence
from workflow.model.planning.occurrences import occurrence_of


def test_a_task_of_a_person_knows_since_when_they_are_there() -> None:
    case = dated().assign("visitor", LATECOMER)
    task = case.task("call_visitor", person=LATECOMER)
    found = occurrence_of(case.rules, case.challenge, task)
    assert (found.person, found.joined_on) == (LATECOMER, case.today)
    alone = occurrence_of(case.rules, case.challenge, case.task("scope_agreed"))
    assert alone == Occurrence(key="scope_agreed", spec="scope_agreed")


def test_a_task_of_somebody_who_is_not_there_any_more_stands_for_itself() -> None:
    case = dated().assign("visitor", LATECOMER)
    task = case.task("call_visitor", person=LATECOMER)
    case.release(LATECOMER)
    found = occurrence_of(case.rules, case.challenge, task)
    assert (found.key, found.joined_on) == (task.key, None)
