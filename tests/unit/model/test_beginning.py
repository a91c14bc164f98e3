"""A challenge begins with its first people and dates in one step, and what happened is noted."""

from datetime import date

import pytest

from tests.visits import BEGUN, HOST, MANAGER, STRANGER, begun, visit_rules
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.challenge import Challenge
from workflow.model.decide import begin, note
from workflow.model.decisions.asking import Actor
from workflow.model.errors import NotFound, Refused
from workflow.model.task import Task, changed

ADMINISTRATOR = Actor(id=1, is_administrator=True)
STARTED = e.ChallengeStarted(
    at=BEGUN,
    reference="NOR-26",
    title="Northshire",
    client="The system",
    definition="site_visit",
    version="1.0",
    content_hash="",
    stage="planning",
)
FIRST: tuple[c.Command, ...] = (
    c.AssignPerson(person=MANAGER, role="manager"),
    c.AssignPerson(person=HOST, role="host"),
    c.SetDate(key="visit_start", on=date(2026, 11, 24)),
)


def test_the_first_people_and_dates_are_there_before_the_tasks_are_planned() -> None:
    decision = begin(visit_rules(), STARTED, FIRST, actor=ADMINISTRATOR)
    assert decision.before == Challenge()
    assert [event.at for event in decision.events] == [BEGUN] * len(decision.events)
    assert decision.events[0] == STARTED
    assert decision.after.holders(["manager"]) == (MANAGER,)
    assert decision.after.dates["visit_start"].on == date(2026, 11, 24)
    assert decision.after.tasks["scope_agreed"].target_on == date(2026, 10, 13)
    assert decision.warnings == ()


def test_a_first_command_that_makes_no_sense_lets_nothing_begin() -> None:
    with pytest.raises(NotFound):
        begin(visit_rules(), STARTED, [c.SetDate(key="x", on=BEGUN.date())], actor=ADMINISTRATOR)
    with pytest.raises(Refused):
        begin(visit_rules(), STARTED, FIRST, actor=Actor(id=STRANGER))


def test_what_a_first_command_warns_of_is_kept() -> None:
    first = (*FIRST, c.SetDate(key="visit_end", on=date(2026, 12, 24)))
    decision = begin(visit_rules(), STARTED, first, actor=ADMINISTRATOR)
    assert decision.warnings[0] == (
        "Last day of the visit: 31 days in all, where 3..4 days of visit_start is the rule"
    )


def test_a_refusal_that_is_noted_changes_nothing_else() -> None:
    case = begun()
    refused = e.CommandRefused(at=BEGUN, actor=STRANGER, command="Advance", message="no")
    decision = note(case.rules, case.challenge, refused, is_time_passed=False)
    assert decision.events == (refused,)
    assert (decision.before, decision.warnings) == (case.challenge, ())
    assert decision.after.tasks == case.challenge.tasks


def test_an_event_is_kept_under_the_name_of_its_kind() -> None:
    assert e.kind_of(STARTED) == "ChallengeStarted"


def test_a_fact_that_a_value_does_not_have_is_not_changed() -> None:
    task = Task(key="a", spec="a", issued_at=BEGUN)
    assert changed(task, person=4) == Task(key="a", spec="a", person=4, issued_at=BEGUN)
    with pytest.raises(TypeError, match=r"^Task has no persn$"):
        changed(task, persn=4)
