"""What is told of tasks, clocks and entries that come too late, by whatever dates between."""

from typing import Any

import pytest

from tests.unit.model.test_references import said, task

Change = tuple[str, Any]
DUE = ("dates.due", {"title": "Due", "is": "2 days after over"})
KEPT = "which ends it; list it there under keeps, or under its stage"
EARLIER = "name something earlier, or leave it out"
TOO_LATE = "this is so only once the task is done, too late for its deadline"
PAUSE = {"title": "Wait", "from": "done", "until": "end"}


def required(**more: object) -> tuple[Change, ...]:
    """Return a task that the last step requires, and a date that this step records."""
    more = {"limit": "4 weeks after end", "source": "rules", **more}
    return (
        ("tasks.more", task(**more)),
        ("transitions.finish.requires", ["more"]),
        ("dates.done", {"title": "Done", "set_by": "finish"}),
    )


TABLE: list[tuple[tuple[Change, ...], str]] = [
    (
        (DUE, ("tasks.more", task(opens="due"))),
        f'tasks.more.opens: it opens when "over" is entered, {KEPT}',
    ),
    (
        (DUE, ("tasks.more", task(opens="when due is known"))),
        f'tasks.more.opens: it opens when "over" is entered, {KEPT}',
    ),
    (
        (DUE, ("tasks.more", task(target="1 day after due"))),
        'tasks.more.target: it counts from "due", which counts from "over", and entering that '
        "stage ends the task; list it there under keeps",
    ),
    (
        (("tasks.more", task(target="1 day after the later of end and over")),),
        'tasks.more.target: it counts from "over", and entering that stage ends the task; list it '
        "there under keeps",
    ),
    (
        (("tasks.more", task(not_before="1 day after over")),),
        'tasks.more.not_before: it counts from "over", and entering that stage ends the task; '
        "list it there under keeps",
    ),
    (
        (("tasks.more", task(when="over is entered")),),
        f'tasks.more.when.0: it is there only once "over" is entered, {KEPT}',
    ),
    (
        (DUE, ("tasks.more", task(when="due is known"))),
        f'tasks.more.when.0: it is there only once "over" is entered, {KEPT}',
    ),
    (
        (DUE, ("tasks.more", task(for_each="day from end to due"))),
        f'tasks.more.for_each: its days are known only once "over" is entered, {KEPT}',
    ),
    (
        (("tasks.more", task(for_each="every 6 months after over, at most 3 times")),),
        f'tasks.more.for_each: its days are known only once "over" is entered, {KEPT}',
    ),
    (
        required(restarts_on="done"),
        'tasks.more.restarts_on.0: "done" is known only once this task is done, and its clock is '
        f"over; {EARLIER}",
    ),
    (required(excused_when="done is known"), f"tasks.more.excused_when.0: {TOO_LATE}; {EARLIER}"),
    (
        required(extends={"x": {"by": "2 weeks", "when": "over is entered", "source": "rules"}}),
        f"tasks.more.extends.x.when.0: {TOO_LATE}; {EARLIER}",
    ),
    (
        required(extends={"x": {"by": "2 weeks", "before": "1 day after done"}}),
        'tasks.more.extends.x.before: it counts from "done", known only once this task is done; '
        "count from something earlier",
    ),
    (
        required(target="1 day after done"),
        'tasks.more.target: it counts from "done", known only once this task is done; count from '
        "something earlier",
    ),
    (
        (*required(pauses="wait"), ("pauses", {"wait": PAUSE})),
        'tasks.more.pauses.0: the pause "wait" begins only once this task is done: it stops no '
        f"clock; {EARLIER}",
    ),
    (
        (("invitations", {"i": {"title": "Meet", "first": "1 day after over", "to": "boss"}}),),
        'invitations.i.first: entering "over" ends the challenge, and takes what lies ahead out of '
        "calendars; count from something earlier",
    ),
    (
        (
            DUE,
            ("invitations", {"i": {"title": "Meet", "at": "19:00 on due", "to": "boss"}}),
        ),
        'invitations.i.at: entering "over" ends the challenge, and takes what lies ahead out of '
        "calendars; count from something earlier",
    ),
    (
        (
            DUE,
            ("ladders.own", [{"when": "1 day after due", "to": "by", "notice": "late"}]),
            ("tasks.more", task(limit="1 day after end", source="rules", reminders="own")),
        ),
        'ladders.own.0.when: it can never speak: entering "over" ends "more"; count from something '
        "earlier",
    ),
]


@pytest.mark.parametrize(("changes", "expected"), TABLE)
def test_what_comes_too_late_is_told(changes: tuple[Change, ...], expected: str) -> None:
    assert said(*changes) == [expected]


RIGHT: list[tuple[Change, ...]] = [
    (DUE, ("tasks.more", task(stage="over", opens="due", target="1 day after due"))),
    (DUE, ("stages.over.keeps", ["more"]), ("tasks.more", task(opens="due", when="due is known"))),
    (("tasks.more", task(when="over is not entered")),),
    (("tasks.more", task(target="1 day after the earlier of end and over")),),
    (("tasks.more", task(when={"any": 1, "of": ["over is entered", "end is known"]})),),
    required(restarts_on="end", excused_when="end is known"),
    (*required(pauses="wait"), ("pauses", {"wait": {"title": "Wait", "from": "start"}})),
    (
        ("tasks.more", task(limit="1 day after end", source="rules", restarts_on="done")),
        ("dates.done", {"title": "Done", "set_by": "write"}),
    ),
    (("invitations", {"i": {"title": "Meet", "first": "1 day after second", "to": "boss"}}),),
]


@pytest.mark.parametrize("changes", RIGHT)
def test_what_comes_in_time_is_left_alone(changes: tuple[Change, ...]) -> None:
    assert said(*changes) == []
