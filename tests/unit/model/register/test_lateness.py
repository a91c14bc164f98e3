"""What the register calls late before a sweep has noted it: the same as just after one."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.builders import Case
from tests.unit.model.register.kept import closed as over
from tests.visits import (
    Make,
    agreeing,
    clearing,
    closed,
    dated,
    drafting,
    prepared,
    visiting,
    writing,
)
from workflow.model import commands as c
from workflow.model.register.compliance import Compliance, Item, items
from workflow.model.register.retention import register

LIMIT = datetime(2026, 11, 23, 19, tzinfo=UTC)
SECOND = timedelta(seconds=1)
LAPSED = datetime(2027, 1, 13, 23, 59, 59, tzinfo=UTC)


def paused() -> Case:
    """Return a visit that is put off."""
    return visiting().advance("hold_off", reason="an election")


def held() -> Case:
    """Return a visit of which nothing is to be destroyed."""
    return clearing().do(c.PlaceHold(name="FOI", reason="asked"))


def told(case: Case) -> dict[str, Item]:
    """Return what the register says at the moment, by obligation."""
    every = items(case.rules, case.challenge, case.events, at=case.at)
    return {item.obligation: item for item in every}


def breaches(case: Case) -> dict[str, Compliance]:
    """Return how each obligation stands whose limit was missed."""
    return {key: item.standing for key, item in told(case).items() if item.is_breach}


def overdue(case: Case) -> list[str]:
    """Return the rules of retention by which something should have been destroyed by now."""
    every = register(case.rules, case.challenge, case.at)
    return [one.rule for one in every if one.is_overdue]


def unswept(case: Case, at: datetime) -> Case:
    """Return a case at a later moment, up to which nobody looked."""
    case.at = at
    return case


@pytest.mark.parametrize(
    "make",
    [dated, prepared, visiting, paused, drafting, writing, agreeing, clearing, held, closed, over],
)
@pytest.mark.parametrize("days", [*range(1, 60, 7), 100, 400])
def test_just_before_a_sweep_and_just_after_it_the_same_is_missed(make: Make, days: int) -> None:
    case = make()
    unswept(case, case.at + timedelta(days=days))
    said = breaches(case), overdue(case)
    case.sweep()
    assert (breaches(case), overdue(case)) == said


@pytest.mark.parametrize(
    ("at", "standing"), [(LIMIT, Compliance.OPEN), (LIMIT + SECOND, Compliance.LATE)]
)
def test_a_limit_is_missed_as_soon_as_it_is_over(at: datetime, standing: Compliance) -> None:
    item = told(unswept(visiting(), at))["evening_meeting"]
    assert (item.standing, item.is_breach) == (standing, standing is Compliance.LATE)


@pytest.mark.parametrize(
    ("at", "standing"), [(LAPSED - SECOND, Compliance.LATE), (LAPSED, Compliance.OPEN)]
)
def test_what_nobody_answered_in_the_time_allowed_is_no_breach(
    at: datetime, standing: Compliance
) -> None:
    assert told(unswept(agreeing(), at))["comments_in"].standing is standing
