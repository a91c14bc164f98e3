"""What is remembered is what would be reckoned anew; who sleeps needs no look."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.property.lives import RULEBOOKS, STARTS, Life, Turn, born, take, turns
from tests.visits import Edit
from workflow.model import events as e
from workflow.model.decide import pass_time
from workflow.model.outlook.sentences import why
from workflow.model.planning.basis import basis_of
from workflow.model.planning.occurrences import occurrence_of
from workflow.model.planning.plan import plan
from workflow.model.planning.rulebook import REMEMBERED, Rulebook

FEW = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
both = pytest.mark.parametrize("edits", RULEBOOKS.values(), ids=RULEBOOKS)
starts = st.sampled_from(list(STARTS))

Coming = tuple[tuple[e.Event, ...], Mapping[str, datetime | None]]


def told(rules: Rulebook, life: Life) -> dict[str, object]:
    """Return all that is said of the dates of a life's tasks, by the memory of a rulebook."""
    challenge = life.challenge
    found: dict[str, object] = dict(plan(rules, challenge))
    for key, task in challenge.tasks.items():
        occurrence = occurrence_of(rules, challenge, task)
        found[f"{key} and why"] = (
            why(rules, challenge, task),
            basis_of(rules, challenge, occurrence),
        )
    return found


def anew(rules: Rulebook) -> Rulebook:
    """Return a rulebook that remembers nothing."""
    return Rulebook(rules.definition, rules.calendar)


@both
@FEW
@given(start=starts, happened=turns)
def test_what_is_remembered_is_what_is_reckoned_anew(
    edits: tuple[Edit, ...], start: str, happened: list[Turn]
) -> None:
    life = born(edits, start)
    for turn in happened:
        take(life, turn)
    assert told(life.rules, life) == told(anew(life.rules), life)


def test_a_memory_that_forgets_what_dates_hang_on_would_be_caught() -> None:
    life = born()
    forgetful = anew(life.rules)
    object.__setattr__(forgetful, "hangs_on", dict.fromkeys(forgetful.hangs_on, ()))
    assert told(forgetful, life) != told(life.rules, life)


def test_a_full_memory_begins_anew() -> None:
    rules = anew(born().rules)
    rules.reckoned.update((("old", number), number) for number in range(REMEMBERED))
    assert rules.remembered(("new",), lambda: 1) == 1
    assert rules.reckoned == {("new",): 1}


def both_ways(life: Life) -> tuple[Coming, Coming]:
    """Return what comes due when only the tasks that wake are looked at, and when all are."""
    wakes = {key: line.wake_at for key, line in life.lines.items()}
    found = pass_time(life.rules, life.challenge, at=life.at, wakes=wakes)
    whole = pass_time(life.rules, life.challenge, at=life.at)
    return (found.events, {**wakes, **found.wakes}), (whole.events, {**wakes, **whole.wakes})


@both
@FEW
@given(start=starts, happened=turns, days=st.integers(0, 120))
def test_to_look_at_those_who_wake_is_to_look_at_all(
    edits: tuple[Edit, ...], start: str, happened: list[Turn], days: int
) -> None:
    life = born(edits, start)
    for turn in happened:
        take(life, turn)
        life.at += timedelta(days=days % 9)
        little, all_of_it = both_ways(life)
        assert little == all_of_it
    life.at += timedelta(days=days)
    little, all_of_it = both_ways(life)
    assert little == all_of_it


def test_a_task_that_is_said_to_sleep_would_be_caught() -> None:
    life = born()
    life.at += timedelta(days=60)
    little, all_of_it = both_ways(life)
    assert little == all_of_it
    assert all_of_it[0]
    life.lines = {}
    little, all_of_it = both_ways(life)
    assert little[0] != all_of_it[0]
