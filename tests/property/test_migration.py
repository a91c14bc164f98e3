"""Whatever its life: migrated and undone a challenge is the same, and nothing is said twice."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import Case
from tests.property.lives import RULEBOOKS, STARTS, Life, Turn, born, living, take, turns
from tests.versions import back, moved, second
from tests.visits import Edit, of_kind
from workflow.model import events as e
from workflow.model.challenge import Challenge, replay
from workflow.model.decisions.shifting import shifted
from workflow.model.outlook.consequences import Consequences
from workflow.store.rows import codec

FEW = settings(
    max_examples=9, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
starts = st.sampled_from(list(STARTS))
every = pytest.mark.parametrize("edits", RULEBOOKS.values(), ids=RULEBOOKS)


def lived(start: str, happened: list[Turn], edits: tuple[Edit, ...] = ()) -> Case:
    """Return a challenge with a life behind it, to which all that was due has happened."""
    life = born(edits, start)
    for turn in happened:
        take(life, turn)
    life.sweep()
    return Case(at=life.at, rules=life.rules, challenge=life.challenge, events=list(life.events))


def unsaid(challenge: Challenge) -> Challenge:
    """Return a challenge without what was said, and without the number of its events."""
    tasks = {key: replace(task, said={}) for key, task in challenge.tasks.items()}
    return replace(challenge, version=0, tasks=tasks)


def is_over(case: Case) -> bool:
    """Return whether a challenge does not go on, so that it is not migrated."""
    return case.rules.definition.stages[case.challenge.stage].final


@every
@FEW
@given(start=starts, happened=turns)
def test_the_same_text_changes_nothing_and_says_nothing(
    edits: tuple[Edit, ...], start: str, happened: list[Turn]
) -> None:
    case = lived(start, happened, edits)
    there, decision = moved(case, *edits)
    assert [type(event) for event in decision.events] == [e.DefinitionMigrated]
    assert there.challenge.tasks == case.challenge.tasks
    assert shifted(case.rules, there.rules, decision, at=case.at) == Consequences()
    again, _ = back(there, case)
    assert replace(again.challenge, version=0) == replace(case.challenge, version=0)


@FEW
@given(start=starts, happened=turns)
def test_migrated_and_undone_it_is_the_same_but_for_what_was_said(
    start: str, happened: list[Turn]
) -> None:
    case = lived(start, happened)
    if is_over(case):
        return
    there, decision = second(case)
    again, _ = back(there, case)
    assert unsaid(again.challenge) == unsaid(case.challenge)
    if not of_kind(decision.events, e.NoticeRaised):
        assert again.challenge.tasks == case.challenge.tasks
    assert replay(again.events) == again.challenge


@FEW
@given(start=starts, happened=turns)
def test_what_is_kept_of_a_migration_is_read_back_the_same(
    start: str, happened: list[Turn]
) -> None:
    there, decision = second(lived(start, happened))
    assert codec.load_challenge(codec.dump_challenge(there.challenge)) == there.challenge
    for event in decision.events:
        assert codec.load_event(e.kind_of(event), codec.dump_event(event)) == event


def rungs_said(events: list[e.Event]) -> Counter[tuple[object, ...]]:
    """Return how often each reminder was said to each person of each task for each moment."""
    return Counter(
        (mark.task.replace("talk", "catch_up"), mark.fires_at, event.notice, event.recipient)
        for event in of_kind(events, e.NoticeRaised)
        for mark in event.marks
    )


@FEW
@given(start=starts, happened=turns, days=st.integers(0, 20))
def test_no_reminder_is_said_twice_for_the_same_moment(
    start: str, happened: list[Turn], days: int
) -> None:
    case = lived(start, happened)
    if is_over(case):
        return
    there, _ = second(case)
    life = run_ahead(there, days)
    again, _ = back(replace(there, at=life.at, challenge=life.challenge, events=life.events), case)
    life = run_ahead(again, 20)
    assert [said for said, number in rungs_said(life.events).items() if number > 1] == []


def run_ahead(case: Case, days: int) -> Life:
    """Let time pass with nobody acting, with a sweep at each moment at which one is due."""
    life = living(replace(case, events=list(case.events)))
    life.until(life.at + timedelta(days=days))
    return life


@pytest.mark.parametrize("start", ["drafting", "clearing"])
def test_a_migration_that_forgets_what_was_said_would_be_caught(start: str) -> None:
    case = lived(start, [("watch", 60, 0)] * 3)
    there, _ = moved(case)
    tasks = {key: replace(task, said={}) for key, task in there.challenge.tasks.items()}
    forgetful = replace(there, challenge=replace(there.challenge, tasks=tasks))
    life = run_ahead(forgetful, 1)
    assert max(rungs_said(life.events).values()) > 1
