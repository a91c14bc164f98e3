"""What is told of rungs that never speak, or to nobody."""

from typing import Any

import pytest

from tests.unit.model.test_linter import rung, timed
from tests.unit.model.test_references import said, task

Change = tuple[str, Any]


def timed_once(given: dict[str, Any], **more: object) -> tuple[Change, Change]:
    """Return a task with a ladder of this one rung."""
    ladder, of_task = timed("on limit", **more)
    return (ladder[0], [given]), of_task


RUNGS: list[tuple[tuple[Change, ...], str]] = [
    (
        (*timed("2 days after more"),),
        (
            'ladders.own.0.when: it can never speak: "more" is done then, and needs no '
            "reminder; count from limit"
        ),
    ),
    (
        (*timed("2 days after more.recorded"),),
        (
            'ladders.own.0.when: it can never speak: "more" is done then, and needs no '
            "reminder; count from limit"
        ),
    ),
    (
        (*timed("2 days after over"),),
        (
            'ladders.own.0.when: it can never speak: entering "over" ends "more"; count from '
            "something earlier"
        ),
    ),
    (
        (
            *timed("1 day after next"),
            ("tasks.next", task(after="more")),
        ),
        (
            "ladders.own.0.when: it can never speak: what it counts from is known only once "
            '"more" is done; count from something earlier'
        ),
    ),
    (
        (*timed("on day"),),
        (
            'ladders.own.0.when: it can never speak: "more" has no day of its own (for_each: '
            "day from …); count from something that it has"
        ),
    ),
    (
        (
            *timed("on limit", target="end"),
            ("tasks.more", task(target="end", reminders="own")),
        ),
        (
            'ladders.own.0.when: it can never speak: "more" has no limit; count from '
            "something that it has"
        ),
    ),
    (
        (*timed("5 days before limit", opens="2 days before end", limit="end of end"),),
        (
            'ladders.own.0.when: it would speak before "more" can be open (2 days before '
            "end); let it speak later, or open earlier"
        ),
    ),
    (
        (*timed("5 days before limit", not_before="2 days before end", limit="end of end"),),
        (
            'ladders.own.0.when: it would speak before "more" can be open (not before 2 days '
            "before end); let it speak later, or open earlier"
        ),
    ),
    (
        (*timed("5 weeks before limit", limit="2 to 4 weeks after end"),),
        (
            'ladders.own.0.when: it would speak before "more" can be open (2 to 4 weeks after'
            " end); let it speak later, or open earlier"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "expected"), RUNGS)
def test_a_rung_that_can_never_speak_is_told(changes: tuple[Change, ...], expected: str) -> None:
    assert said(*changes) == [expected]


MOMENTS: list[tuple[tuple[Change, ...], str]] = [
    (
        (*timed_once(rung("every day after limit", at_most=1)),),
        (
            "ladders.own.0.at_most: `every` with at_most: 1 speaks once, on that one day; "
            "raise it, or leave out every"
        ),
    ),
    (
        (*timed("on limit", "2 days before limit", "on limit"),),
        (
            "ladders.own.2.when: rung 1 speaks at this moment too, and only the later is "
            "said; put both into one, or move one of them"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "expected"), MOMENTS)
def test_rungs_that_speak_once_are_told_of_a_second(
    changes: tuple[Change, ...], expected: str
) -> None:
    assert said(*changes) == [expected]


AUDIENCES: list[tuple[tuple[Change, ...], str]] = [
    (
        (*timed_once(rung("on limit", to=[])),),
        "ladders.own.0.to: nobody is told: name a role, a group, `by` or `person`",
    ),
    (
        (
            ("roles.helper", {"title": "Helper", "side": "team", "needed": "0..1"}),
            *timed_once(rung("on limit", to=["helper", "pear"])),
        ),
        (
            'ladders.own.0.to.1: unknown role or group "pear"; did you mean "peer"? (boss, '
            "peer, helper, peers, by, person)"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "expected"), AUDIENCES)
def test_a_rung_that_tells_nobody_is_told(changes: tuple[Change, ...], expected: str) -> None:
    assert said(*changes) == [expected]
