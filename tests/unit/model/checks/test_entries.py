"""What is told of entries in calendars."""

from typing import Any

import pytest

from tests.unit.model.test_references import said

Change = tuple[str, Any]


def entry(**more: object) -> Change:
    """Return an entry in people's calendars."""
    return "invitations.lunch", {"title": "Lunch", "to": "peers", **more}


ENTRIES: list[tuple[tuple[Change, ...], str]] = [
    (
        (entry(),),
        (
            "invitations.lunch: exactly one of first, at, task says when it is; here: none of"
            " them is given"
        ),
    ),
    (
        (entry(first="start", at="10:00 on start"),),
        ("invitations.lunch: exactly one of first, at, task says when it is; here: first and at"),
    ),
    (
        (entry(first="start", lasts="3 hours"),),
        ("invitations.lunch.lasts: `lasts` goes with at or task, not with first; leave it out"),
    ),
    (
        (entry(at="10:00 on start", last="end"),),
        "invitations.lunch.last: `last` goes with first, not with at; leave it out",
    ),
    (
        (entry(task="call", stage="first"),),
        ("invitations.lunch.stage: `stage` goes with first or at, not with task; leave it out"),
    ),
    (
        (entry(at="01:30 on start"),),
        (
            "invitations.lunch.at: 01:30 is in the hour that the clocks skip in spring and "
            "repeat in autumn; name an earlier or a later time"
        ),
    ),
    (
        (entry(first="start", to=[]),),
        "invitations.lunch.to: it stands in nobody's calendar: name a role or a group",
    ),
    (
        (entry(task="cal", title="On {day}"),),
        (
            'invitations.lunch.task: unknown task "cal"; did you mean "call"? (plan, call, '
            "daily, write)"
        ),
    ),
    (
        (entry(at="on start"),),
        (
            'invitations.lunch.at: "on start" is a whole day; begin with the time of day, '
            'such as "19:00 on …", or write it under first'
        ),
    ),
    (
        (entry(first="10:00 on start"),),
        (
            'invitations.lunch.first: "10:00 on start" is a time of day, but this is a whole '
            "day; leave out the time, or write it under at"
        ),
    ),
    (
        (entry(first="start", last="3 hours after start"),),
        (
            'invitations.lunch.last: "3 hours after start" is a time of day, but this is a '
            "whole day; leave out the time, or write it under at"
        ),
    ),
    (
        (entry(at="10:00 on start", lasts="3 days"),),
        (
            'invitations.lunch.lasts: "3 days": an entry lasts 1 to 24 hours; whole days '
            "stand under first and last"
        ),
    ),
    (
        (entry(at="10:00 on start", lasts="25 hours"),),
        (
            'invitations.lunch.lasts: "25 hours": an entry lasts 1 to 24 hours; whole days '
            "stand under first and last"
        ),
    ),
    (
        (entry(at="10:00 on start", lasts="up to 3 hours"),),
        (
            'invitations.lunch.lasts: "up to 3 hours": an entry lasts 1 to 24 hours; whole '
            "days stand under first and last"
        ),
    ),
    (
        (entry(first="start", last="2 days before start"),),
        (
            "invitations.lunch.last: it would end before it begins: last lies before first; "
            "move one of the two"
        ),
    ),
    (
        (("invitations.lunch", {"first": "start", "to": "peers"}),),
        "invitations.lunch: nothing says what it is called; add `title:`",
    ),
    (
        (entry(task="plan"),),
        (
            'invitations.lunch.task: "plan" has neither target nor limit, so that it has no '
            "day to stand on; name another task"
        ),
    ),
    (
        (entry(first="start", to="by"),),
        "invitations.lunch.to.0: `by` needs a task; name a role or a group",
    ),
    (
        (entry(first="start", to="person"),),
        (
            "invitations.lunch.to.0: `person` needs a task that is for each person; name a "
            "role or a group"
        ),
    ),
    (
        (entry(task="daily", to=["by", "person"]),),
        (
            "invitations.lunch.to.1: `person` needs a task that is for each person; name a "
            "role or a group"
        ),
    ),
    (
        (entry(first="start", title="For {person}"),),
        "invitations.lunch.title: {person} stands for nothing here; allowed: {client}",
    ),
    (
        (entry(task="call", title="On {day}"),),
        ("invitations.lunch.title: {day} stands for nothing here; allowed: {client}, {person}"),
    ),
]


@pytest.mark.parametrize(("changes", "expected"), ENTRIES)
def test_what_is_wrong_with_an_entry_is_told(changes: tuple[Change, ...], expected: str) -> None:
    assert said(*changes) == [expected]


ALONE: list[tuple[Change, ...]] = [
    (entry(at="10:00 on start", lasts="24 hours"),),
    (entry(at="10 hours after start"),),
    (entry(first="start", last="start"),),
    (entry(task="call", to=["by", "person"], title="Call {person} of {client}"),),
    (entry(task="daily", title="On {day}"),),
    (entry(at="02:00 on start"),),
    (entry(at="00:59 on start"),),
]


@pytest.mark.parametrize("changes", ALONE)
def test_what_may_be_right_is_left_alone(changes: tuple[Change, ...]) -> None:
    assert said(*changes) == []
