"""What is told of tasks that nobody does, or whose material nobody destroys."""

from typing import Any

import pytest

from tests.unit.model.test_references import said, task

Change = tuple[str, Any]


TASKS: list[tuple[tuple[Change, ...], str]] = [
    (
        (
            ("tasks.more", task(issues_material=True)),
            ("tasks.other", task(issues_material=True)),
        ),
        (
            "tasks.more.issues_material: nothing says how long people keep what they are "
            "given; add `retention` with a rule for it"
        ),
    ),
    (
        (("tasks.more", task(by=[], target="end")),),
        "tasks.more.by: nobody does it: name a role, a group or `person`",
    ),
]


@pytest.mark.parametrize(("changes", "expected"), TASKS)
def test_a_duty_without_an_end_or_a_doer_is_told(
    changes: tuple[Change, ...], expected: str
) -> None:
    assert said(*changes) == [expected]
