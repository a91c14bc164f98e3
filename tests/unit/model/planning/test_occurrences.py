"""Which occurrences there are, and which one a task stands for."""

from datetime import date

from tests.visits import LATECOMER, dated
from workflow.model import commands as c
from workflow.model.decide import decide
from workflow.model.decisions.asking import Actor
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


def test_days_that_count_from_a_task_are_there_as_soon_as_it_is_done() -> None:
    case = dated(
        (
            "  signed_off:  {",
            "  first: {title: First, is: 2 days after scope_agreed}\n"
            "  last: {title: Last, is: 3 days after scope_agreed}\n  signed_off:  {",
        ),
        ("day from visit_start to visit_end, except the last", "day from first to last"),
    )
    agreed = c.CompleteTask(spec="scope_agreed", on=case.today, evidence="noted")
    asker = Actor(id=1, is_administrator=True)
    decision = decide(
        case.rules, case.challenge, agreed, at=case.at, actor=asker, is_time_passed=False
    )
    days = [task.day for task in decision.after.occurrences("catch_up")]
    assert days == [date(2026, 10, 3), date(2026, 10, 4)]
