"""The laws of the core hold for the programme that is shipped, at each point of its life."""

from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings

from tests import builders
from tests.builders import Case
from tests.property.lives import Life, Turn, living, take, turns
from tests.property.test_core import missed_before
from tests.property.test_forecast import foreseen, happened, live_on_time
from workflow.model.challenge import replay
from workflow.model.decide import pass_time
from workflow.model.outlook.foresight import foresee
from workflow.model.outlook.showing import task_line

FEW = settings(
    max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
START, END, BEGUN = date(2026, 11, 24), date(2026, 11, 27), date(2026, 10, 19)
POINTS = {
    "planned": builders.planned,
    "confirmed": builders.confirmed,
    "ready": builders.ready,
    "on_site": builders.on_site,
    "visited": builders.visited,
    "issued": builders.issued,
    "signed_off": builders.signed_off,
}
points = pytest.mark.parametrize("point", POINTS)


@cache
def case_at(point: str) -> Case:
    """Return a challenge of the programme at a point of its life."""
    return POINTS[point](START, END, begun=BEGUN)


def lived(point: str, happened: list[Turn]) -> Life:
    """Return a life from a point on, after some turns."""
    life = living(case_at(point))
    for turn in happened:
        take(life, turn)
    life.sweep()
    return life


@points
@FEW
@given(turned=turns)
def test_the_programme_wakes_in_time_rests_and_is_shown_as_it_is(
    point: str, turned: list[Turn]
) -> None:
    life = living(case_at(point))
    for turn in turned:
        take(life, turn)
        if not life.is_due:
            assert missed_before(life, life.wake_at) == ()
            assert pass_time(life.rules, life.challenge, at=life.at).events == ()
    assert replay(life.events) == life.challenge
    for key, task in life.challenge.tasks.items():
        line = life.lines[key]
        assert line == task_line(life.rules, life.challenge, task, wake_at=line.wake_at)


@points
@FEW
@given(turned=turns)
def test_what_is_foreseen_of_the_programme_happens(point: str, turned: list[Turn]) -> None:
    life = lived(point, turned)
    known = len(life.events)
    found = foresee(life.rules, life.challenge, at=life.at, is_anybody_acting=False)
    life.until(life.at + timedelta(days=365 * 12))
    assert foreseen(found) == happened(life.events[known:])


@points
def test_the_programme_on_time_is_as_foreseen(point: str) -> None:
    life = lived(point, [])
    known, found = len(life.events), foresee(life.rules, life.challenge, at=life.at)
    live_on_time(life)
    assert foreseen(found) == happened(life.events[known:])
    assert life.challenge.stage == "closed"
