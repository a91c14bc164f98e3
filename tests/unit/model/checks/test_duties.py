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


@pytest.mark.parametrize(
    ("when", "is_told"), [(None, True), ("guest is filled", False), ("guest is not filled", True)]
)
def test_a_deadline_whose_owner_need_not_be_there_is_told_unless_the_task_asks_for_them(
    when: str | None, *, is_told: bool
) -> None:
    guest = ("roles.guest", {"title": "Guest", "side": "client", "needed": "0..1"})
    more = task(limit="2 weeks after end", source="rules") | {"by": "guest"}
    found = said(guest, ("tasks.more", more | ({"when": when} if when else {})))
    told = [
        "tasks.more.by: its deadline may have no owner: nobody need hold guest; add a role that "
        "is always held, or `when: guest is filled`"
    ]
    assert found == (told if is_told else [])
