"""What is told of guards that nothing can meet, and of deadlines that are known too late."""

from typing import Any

import pytest

from tests.unit.model.test_references import changed, said, task
from workflow.model.checks.reach.world import World

Change = tuple[str, Any]


STEPS: list[tuple[tuple[Change, ...], str]] = [
    (
        (("transitions.finish.at", "1 day after over"),),
        (
            "transitions.finish.at: what it counts from is known only after this step; count "
            "from something earlier"
        ),
    ),
    (
        (("transitions.finish.not_before", "1 day after over"),),
        (
            "transitions.finish.not_before: what it counts from is known only after this "
            "step; count from something earlier"
        ),
    ),
    (
        (("dates.done", {"title": "Done", "set_by": "finish", "needed_for": "finish"}),),
        (
            'dates.done.needed_for: "finish" records it, and cannot be taken without it; '
            "leave out one of the two"
        ),
    ),
    (
        (
            ("dates.done", {"title": "Done", "set_by": "finish"}),
            ("transitions.finish.requires", ["done is known"]),
        ),
        (
            'transitions.finish.requires.0: no task can satisfy this: the date "done" is '
            'recorded only by "finish", later on; leave it out, or let it be done earlier'
        ),
    ),
    (
        (
            ("dates.done", {"title": "Done", "set_by": "tidy"}),
            ("tasks.tidy", task(stage="over")),
            ("transitions.finish.requires", ["done is known"]),
        ),
        (
            'transitions.finish.requires.0: no task can satisfy this: the date "done" is '
            'recorded only by "tidy", later on; leave it out, or let it be done earlier'
        ),
    ),
    (
        (("transitions.finish.requires", ["over is entered"]),),
        (
            'transitions.finish.requires.0: no task can satisfy this: the stage "over" is '
            "reached only by way of this step; leave it out, or let it be done earlier"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "expected"), STEPS)
def test_a_step_that_waits_for_itself_is_told(changes: tuple[Change, ...], expected: str) -> None:
    assert said(*changes) == [expected]


LATE: list[tuple[tuple[Change, ...], str]] = [
    (
        (
            ("tasks.more", task(stage="first", target="1 day after second")),
            ("transitions.go.requires", ["plan", "more"]),
        ),
        (
            'tasks.more.target: it counts from "second", known only once this task is done; '
            "count from something earlier"
        ),
    ),
    (
        (
            ("tasks.more", task(stage="first", target="1 day after the later of second and write")),
            ("transitions.go.requires", ["plan", "more"]),
        ),
        (
            'tasks.more.target: it counts from "second" and "write", known only once this '
            "task is done; count from something earlier"
        ),
    ),
    (
        (
            ("tasks.more", task(stage="first", target="1 day before second")),
            ("transitions.go.requires", ["plan", "more"]),
        ),
        (
            'tasks.more.target: it counts back from "second", which is known only once it has'
            " happened, too late for this; count from a planned date"
        ),
    ),
    (
        (("tasks.more", task(opens="2 days after over")),),
        (
            'tasks.more.opens: it opens when "over" is entered, which ends it; list it there '
            "under keeps, or under its stage"
        ),
    ),
    (
        (("tasks.more", task(target="2 days after over")),),
        (
            'tasks.more.target: it counts from "over", and entering that stage ends the task;'
            " list it there under keeps"
        ),
    ),
    (
        (("tasks.more", task(target="2 days before write")),),
        (
            'tasks.more.target: it counts back from "write", which is known only once it has '
            "happened, too late for this; count from a planned date"
        ),
    ),
    (
        (("tasks.more", task(target="2 days before opening")),),
        (
            'tasks.more.target: it counts back from "opening", which is known only once it '
            "has happened, too late for this; count from a planned date"
        ),
    ),
    (
        (("tasks.more", task(target="2 days before start.recorded")),),
        (
            'tasks.more.target: it counts back from "start.recorded", which is known only '
            "once it has happened, too late for this; count from a planned date"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "expected"), LATE)
def test_a_deadline_that_is_known_too_late_is_told_once(
    changes: tuple[Change, ...], expected: str
) -> None:
    assert said(*changes) == [expected]


def zigzag(many: int) -> list[Change]:
    """Return tasks, each after the one before it, listed so that each look finds one more."""
    order = [*range(1, many, 2), *reversed(range(0, many, 2))]
    after = {number: {"after": f"t{number - 1}"} if number else {} for number in range(many)}
    return [(f"tasks.t{number}", task(**after[number])) for number in order]


def test_where_it_takes_very_long_to_see_what_may_be_everything_may_be() -> None:
    never = ("tasks.never", task(stage="first", after="never"))
    assert "never" not in World(changed(*zigzag(20), never)).grow().tasks
    world = World(changed(*zigzag(70), never)).grow()
    assert {"never", "t69"} <= world.tasks
    assert world.stages == world.parts.stages.keys()
    assert world.steps == world.parts.transitions.keys()


def test_a_guard_on_a_stage_that_nothing_leads_to_is_told_once_as_that() -> None:
    lost = ("stages.lost", {"title": "Lost"})
    assert said(lost, ("transitions.finish.requires", ["lost is entered"])) == [
        'stages.lost: the stage "lost" cannot be reached from "first"; a transition must lead to it'
    ]
