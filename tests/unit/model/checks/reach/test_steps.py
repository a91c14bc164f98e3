"""What is told of steps that wait for what can come only after them, and what is left alone."""

from typing import Any

import pytest

from tests.unit.model.test_references import said, task

Change = tuple[str, Any]
KNOWN = "(start, end, first, second, pause)"
ONLY = "is reached only by way of this step"
MEET = task(stage="over")


def date(phrase: str, **more: object) -> dict[str, Any]:
    """Return a date that is worked out."""
    return {"title": "Due", "is": phrase, **more}


def asked(*conditions: str, by: str = "finish") -> Change:
    return (f"transitions.{by}.requires", list(conditions))


DATES: list[tuple[tuple[Change, ...], str]] = [
    (
        (("dates.due", date("2 weeks after over")), asked("due is known")),
        f'the date "due" counts from "over", and the stage "over" {ONLY}',
    ),
    (
        (("dates.due", date("over")), asked("due")),
        f'the date "due" counts from "over", and the stage "over" {ONLY}',
    ),
    (
        (
            ("dates.mid", date("the later of end and 2 weeks after over")),
            ("dates.due", date("3 days after mid")),
            asked("due is reached"),
        ),
        'the date "due" counts from "mid", and the date "mid" counts from "over", and the stage '
        f'"over" {ONLY}',
    ),
    (
        (("tasks.meet", MEET), ("dates.due", date("1 day after meet.opened")), asked("due")),
        'the date "due" counts from "meet.opened", and "meet" belongs to "over", a stage reached '
        "only by way of this step",
    ),
    (
        (
            ("dates.done", {"title": "Done", "set_by": "finish"}),
            ("tasks.meet", task(stage="second", target="1 day after done")),
            ("dates.due", date("1 day after meet.target")),
            asked("due is known"),
        ),
        'the date "due" counts from "meet.target", and "meet.target" counts from "done", and the '
        'date "done" is recorded only by "finish", later on',
    ),
]


@pytest.mark.parametrize(("changes", "why"), DATES)
def test_a_step_that_asks_for_a_date_known_only_after_it_is_told_with_what_it_counts_from(
    changes: tuple[Change, ...], why: str
) -> None:
    way_out = f'leave it out, or let "due" count from something earlier {KNOWN}'
    found = said(*changes)
    assert f"transitions.finish.requires.0: no task can satisfy this: {why}; {way_out}" in found


def test_only_so_many_are_listed_of_what_is_known_by_then() -> None:
    many = [(f"dates.d{number}", {"title": "D"}) for number in range(12)]
    found = said(*many, ("dates.due", date("1 day after over")), asked("due"))
    assert "(start, end, d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, …)" in found[0]


NEEDED = 'dates.due.needed_for: "finish" cannot be taken without it, and'


def test_a_date_that_a_step_needs_and_that_is_known_only_after_it_is_told() -> None:
    assert said(("dates.due", date("1 day after over", needed_for="finish"))) == [
        f'{NEEDED} the date "due" counts from "over", and the stage "over" {ONLY}; '
        f'leave it out, or let "due" count from something earlier {KNOWN}'
    ]
    recorded = {"title": "Due", "set_by": "meet", "needed_for": "finish"}
    assert said(("tasks.meet", MEET), ("dates.due", recorded)) == [
        f'{NEEDED} the date "due" is recorded only by "meet", later on; '
        "leave it out, or let it be done earlier"
    ]


def test_of_all_that_a_step_asks_for_only_what_cannot_be_so_is_told() -> None:
    late = ("dates.due", date("over"))
    found = said(late, asked("end is known", "due is known", "due is reached"))
    why = f'the date "due" counts from "over", and the stage "over" {ONLY}'
    way_out = f'leave it out, or let "due" count from something earlier {KNOWN}'
    assert found == [
        f"transitions.finish.requires.{place}: no task can satisfy this: {why}; {way_out}"
        for place in (1, 2)
    ]


CIRCLE = ("dates.next", date("1 day after due"))
WENT_ROUND = (
    "dates.due.is: it is worked out from itself: due → next → due; count one of them from "
    "something else"
)


def test_a_step_that_asks_for_a_date_which_hangs_on_itself_is_told_of_the_circle_only() -> None:
    by_itself = ("dates.due", date("the later of over and next"))
    assert said(by_itself, CIRCLE, asked("due is known")) == [WENT_ROUND]
    behind = ("dates.last", date("1 day after next"))
    assert said(by_itself, CIRCLE, behind, asked("last is known")) == [WENT_ROUND]


def test_a_task_that_waits_for_such_a_date_by_way_of_another_is_left_to_the_circle() -> None:
    due = ("dates.due", date("the later of over and next"))
    more = ("tasks.more", task(opens="when due is known"))
    meet = ("tasks.meet", task(after="more", early="flag"))
    assert said(due, CIRCLE, more, meet, asked("meet")) == [
        WENT_ROUND,
        'tasks.more.opens: it opens when "over" is entered, which ends it; list it there under '
        "keeps, or under its stage",
    ]


def test_a_stage_that_only_a_circle_holds_is_told_of_the_circle_only() -> None:
    assert said(
        ("stages.other", {"title": "Other", "paused": True}),
        ("transitions.wait.from", "first"),
        ("transitions.again", {"from": "second", "to": "other"}),
        ("transitions.resume", {"from": ["pause", "other"], "to": "previous"}),
        ("dates.due", date("the later of second and next")),
        CIRCLE,
        asked("due is known", by="resume"),
    ) == [WENT_ROUND]


WAYS: list[dict[str, object]] = [
    {"opens": "due"},
    {"opens": "when due is known or on over"},
    {"not_before": "due"},
    {"for_each": "day from start to due"},
]


@pytest.mark.parametrize("way", WAYS)
def test_a_step_is_told_that_requires_a_task_which_waits_for_such_a_date(
    way: dict[str, object],
) -> None:
    found = said(
        ("dates.due", date("1 day after over")), ("tasks.meet", task(**way)), asked("meet")
    )
    assert (
        'transitions.finish.requires.0: no task can satisfy this: "meet" waits for "due", and the '
        f'date "due" counts from "over", and the stage "over" {ONLY}; leave it out, or let it be '
        "done earlier"
    ) in found


def test_a_pause_is_told_that_ends_only_with_what_cannot_have_come_before_it() -> None:
    wait = ("transitions.wait.from", "first")
    assert said(wait, asked("write", by="resume")) == [
        'transitions.resume.requires.0: no task can satisfy this: "write" belongs to "second", a '
        "stage that cannot have been reached before this step; leave it out, or let it be done "
        "earlier"
    ]
    assert said(wait, asked("second is entered", by="resume")) == [
        'transitions.resume.requires.0: no task can satisfy this: the stage "second" cannot have '
        "been reached before this step; leave it out, or let it be done earlier"
    ]


def test_a_stage_is_told_that_cannot_be_left_though_each_step_can_be_taken_elsewhere() -> None:
    found = said(
        ("stages.other", {"title": "Other", "paused": True}),
        ("transitions.wait.from", "first"),
        ("transitions.again", {"from": "second", "to": "other"}),
        ("transitions.resume", {"from": ["pause", "other"], "to": "previous"}),
        asked("write", by="resume"),
    )
    assert found == [
        'stages.pause: no step leads out of "pause" when it is entered for the first time '
        "(transitions.resume.requires.0); add a way out, or ask for something that comes earlier"
    ]


RIGHT: list[tuple[Change, ...]] = [
    (
        ("tasks.more", task(stage="over", when="end is known")),  # it may be that it is not there
        ("tasks.meet", task(after="more")),
        asked("meet"),
    ),
    (("dates.due", date("2 weeks after end")), asked("due is known")),
    (("dates.due", date("2 weeks after second")), asked("due is reached")),
    (("dates.due", date("the earlier of end and over")), asked("due is known")),
    (("dates.due", date("2 weeks after over")), asked("due is not known")),
    (
        ("dates.due", date("2 weeks after over")),
        asked("write", {"any": 1, "of": ["due", "start"]}),  # type: ignore[arg-type]
    ),
    (("dates.due", date("2 weeks after write", needed_for="finish")),),
    (asked("write", by="resume"),),
    (
        ("dates.due", date("1 day after over")),
        ("tasks.meet", task(opens="when due is known or end")),
        asked("meet"),
    ),
    (("tasks.meet", task(stage="over", early="flag")), asked("meet")),
    (
        ("transitions.back", {"from": "second", "to": "first"}),
        ("transitions.wait.from", "first"),
        asked("write", by="resume"),
    ),
]


@pytest.mark.parametrize("changes", RIGHT)
def test_what_can_be_known_by_then_is_left_alone(changes: tuple[Change, ...]) -> None:
    assert said(*changes) == []
