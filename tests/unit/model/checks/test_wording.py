"""What is told of phrases that speak of what cannot stand there."""

from typing import Any

import pytest

from tests.unit.model.test_linter import timed
from tests.unit.model.test_references import said, task

Change = tuple[str, Any]


PHRASES: list[tuple[tuple[Change, ...], str]] = [
    (
        (("tasks.more", task(opens="2 to 3 days after end")),),
        (
            'tasks.more.opens: "2 to 3 days after end" is a window; only a target or a limit '
            "can be one: write one number"
        ),
    ),
    (
        (("tasks.more", task(target="2 days after late")),),
        (
            'tasks.more.target: "late" is a notice, and nothing may hang on a message having '
            "been sent; count from target, from limit or from a date"
        ),
    ),
    (
        (("tasks.more", task(target="2 days after second.limit")),),
        'tasks.more.target: second is a stage, which has no "limit"; only a task has one',
    ),
    (
        (("tasks.more", task(target="2 days after second.recorded")),),
        (
            'tasks.more.target: second is a stage, which has no "recorded"; only a date or a '
            "task has one"
        ),
    ),
    (
        (("tasks.more", task(target="2 days after peer.opened")),),
        'tasks.more.target: unknown task "peer"; there is: plan, call, daily, write, more',
    ),
    (
        (("tasks.more", task(target="2 days after peer.recorded")),),
        (
            'tasks.more.target: unknown date or task "peer"; there is: start, end, plan, '
            "call, daily, write, more"
        ),
    ),
    (
        (*timed("2 days after joining"),),
        (
            'ladders.own.0.when: "joining" cannot be used in a ladder; count from opening, '
            "target or limit, or from a date, a task or a stage"
        ),
    ),
    (
        (("tasks.more", task(when="plan is not done")),),
        (
            'tasks.more.when.0: "plan is not done": what asks that a task is not done would '
            "undo itself; ask for a date or a stage"
        ),
    ),
]

SOON, LATER = "2 days before limit", "2 days after target"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"target": SOON}, "target: the task has no limit to count from"),
        ({"lapses": "2 days after limit"}, "lapses: the task has no limit to count from"),
        ({"lapses": LATER}, "lapses: the task has no target to count from"),
        ({"lapses": "the later of limit and end"}, "lapses: the task has no limit to count from"),
        ({"lapses": "the earlier of limit and end"}, ""),
        ({"lapses": LATER, "target": "end"}, ""),
        ({"lapses": LATER, "limit": "end of end", "source": "rules"}, ""),
        (
            {
                "target": "end",
                "extends": {
                    "longer": {"title": "L", "by": "1 day", "before": "1 day before limit"}
                },
            },
            "",
        ),
    ],
)
def test_a_deadline_of_its_own_that_a_task_has_not_is_told(
    more: dict[str, Any], expected: str
) -> None:
    tail = "; add one, or count from something else"
    assert said(("tasks.more", task(**more))) == (
        [f"tasks.more.{expected}{tail}"] if expected else []
    )


@pytest.mark.parametrize(("changes", "expected"), PHRASES)
def test_what_cannot_stand_in_a_phrase_is_told(changes: tuple[Change, ...], expected: str) -> None:
    assert said(*changes) == [expected]


def test_a_day_that_must_not_move_is_not_counted_from_the_last_activity() -> None:
    assert said(("transitions.finish.not_before", "2 days after last activity")) == [
        'transitions.finish.not_before: "last activity" moves with everything that anybody '
        "records; count from a date, a task or a stage here"
    ]
    for key in ("cap", "not_before"):
        more = task(
            limit="2 weeks after start", source="rules", **{key: "1 day after last activity"}
        )
        assert said(("tasks.more", more)) == [
            f'tasks.more.{key}: "last activity" moves with everything that anybody records; count '
            "from a date, a task or a stage here"
        ]
