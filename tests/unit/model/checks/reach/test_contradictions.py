"""What is told of conditions that are asked for together with their opposite."""

from typing import Any

import pytest

from tests.unit.model.test_references import said, task

Change = tuple[str, Any]
BOTH = "are never both so; leave out one of the two"
ALWAYS = "is entered whenever this step is asked, so that this never holds; leave it out"


def asked(*conditions: str, by: str = "finish") -> Change:
    return (f"transitions.{by}.requires", list(conditions))


TABLE: list[tuple[tuple[Change, ...], str]] = [
    (
        (asked("end is known", "end is not known"),),
        f'transitions.finish.requires.1: "end is not known" and "end is known" {BOTH}',
    ),
    (
        (asked("end is not reached", "end is reached"),),
        f'transitions.finish.requires.0: "end is not reached" and "end is reached" {BOTH}',
    ),
    (
        (asked("end is reached", "end is not known"),),
        f'transitions.finish.requires.1: "end is not known" and "end is reached" {BOTH}',
    ),
    (
        (asked("boss is filled", "boss is not filled"),),
        f'transitions.finish.requires.1: "boss is not filled" and "boss is filled" {BOTH}',
    ),
    (
        (("tasks.more", task(when=["end is known", "end is not known"])),),
        f'tasks.more.when.1: "end is not known" and "end is known" {BOTH}',
    ),
    (
        (("tasks.more", task(opens="when end is known and end is not known")),),
        f'tasks.more.opens: "end is not known" and "end is known" {BOTH}',
    ),
    (
        (asked("second is not entered"),),
        f'transitions.finish.requires.0: the stage "second" {ALWAYS}',
    ),
    (
        (asked("first is not entered"),),
        f'transitions.finish.requires.0: the stage "first" {ALWAYS}',
    ),
    (
        (asked("plan", "start is not known", by="go"),),
        'transitions.go.requires.1: "go" is under needed_for of "start", which must be known, so '
        "that this never holds; leave out one of the two",
    ),
]


@pytest.mark.parametrize(("changes", "expected"), TABLE)
def test_what_can_never_hold_beside_the_rest_is_told(
    changes: tuple[Change, ...], expected: str
) -> None:
    assert said(*changes) == [expected]


RIGHT: list[tuple[Change, ...]] = [
    (asked("end is known", "end is not reached"),),
    (asked("plan", "start is not reached", by="go"),),
    (asked("end is known", "start is not known"),),
    (asked("pause is not entered"),),
    (("transitions.finish.from", ["first", "second"]), asked("second is not entered")),
    (asked("peers.enough", "boss is not filled"),),
    (("tasks.more", task(opens="when end is known or when end is not known")),),
]


@pytest.mark.parametrize("changes", RIGHT)
def test_what_may_hold_is_left_alone(changes: tuple[Change, ...]) -> None:
    assert said(*changes) == []
