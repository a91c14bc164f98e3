"""What is told of worked-out dates, and of what stops a clock or adds to it."""

from typing import Any

import pytest

from tests.unit.model.test_references import said, task

Change = tuple[str, Any]


def due(**more: object) -> Change:
    """Return a task that is due two weeks after the end."""
    return "tasks.more", task(limit="2 weeks after end", source="rules", **more)


def longer(**more: object) -> Change:
    """Return such a task with an extension."""
    return due(extends={"longer": {"by": "1 week", **more}})


WORKED_OUT: Change = ("dates.due", {"title": "Due", "is": "1 week after start"})

DATES: list[tuple[tuple[Change, ...], str]] = [
    (
        (("dates.due", {"title": "Due", "is": "1 week after start", "set_by": "plan"}),),
        (
            "dates.due.set_by: `set_by` is about recording a date, but this one is worked "
            "out; leave out set_by or is"
        ),
    ),
    (
        (
            WORKED_OUT,
            ("transitions.finish.clears", ["due"]),
        ),
        (
            'transitions.finish.clears.0: "due" is worked out, so it cannot be cleared; clear'
            " what it counts from"
        ),
    ),
    (
        (
            WORKED_OUT,
            ("dates.end.moves_with", "due"),
        ),
        (
            'dates.end.moves_with: "due" is worked out, never recorded, so that this would '
            "never be looked at; name a date that people record"
        ),
    ),
    (
        (
            WORKED_OUT,
            ("dates.end.not_before", "due"),
        ),
        (
            'dates.end.not_before: "due" is worked out, never recorded, so that this would '
            "never be looked at; name a date that people record"
        ),
    ),
    (
        (
            WORKED_OUT,
            ("dates.end.within", "2 days of due"),
        ),
        (
            'dates.end.within: "due" is worked out, never recorded, so that this would never '
            "be looked at; name a date that people record"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "expected"), DATES)
def test_what_only_people_record_is_not_worked_out(
    changes: tuple[Change, ...], expected: str
) -> None:
    assert said(*changes) == [expected]


RUNNING: list[tuple[tuple[Change, ...], str]] = [
    (
        (
            ("pauses.p", {"title": "P", "until": "end"}),
            due(pauses="p"),
        ),
        (
            "pauses.p.until: `until` needs `from`; without `from`, people say when it begins "
            "and ends (`pause REF p`)"
        ),
    ),
    (
        (
            ("pauses.p", {"title": "P"}),
            ("tasks.more", task(pauses="p")),
        ),
        (
            "tasks.more.pauses: `pauses` is about a deadline, but this task has neither "
            "target nor limit; add one, or leave pauses out"
        ),
    ),
    (
        (("tasks.more", task(excused_when="start is not known")),),
        (
            "tasks.more.excused_when: `excused_when` is about a deadline, but this task has "
            "neither target nor limit; add one, or leave excused_when out"
        ),
    ),
    (
        (due(restarts_on="more"),),
        (
            "tasks.more.restarts_on.0: the clock of a task ends when it is done; name what "
            "happens before"
        ),
    ),
]


@pytest.mark.parametrize("last", ["2100-12-31", "2101-01-01", "9999-12-31"])
def test_fixed_days_of_a_pause_end_while_working_days_are_known(last: str) -> None:
    days = f"2030-01-01 to {last}"
    pause = ("pauses.shut", {"title": "Shut", "days": ["1 August", days]})
    wrong = (
        f'pauses.shut.days.1: "{days}": working days are known up to the year 2100; let the pause '
        "end earlier"
    )
    assert said(pause, due(pauses="shut")) == ([] if last.startswith("2100") else [wrong])


@pytest.mark.parametrize(("changes", "expected"), RUNNING)
def test_a_clock_is_stopped_only_where_one_runs(changes: tuple[Change, ...], expected: str) -> None:
    assert said(*changes) == [expected]


EXTENSIONS: list[tuple[tuple[Change, ...], str]] = [
    (
        (longer(by="24 hours"),),
        (
            "tasks.more.extends.longer.by: hours cannot be added to a deadline that counts "
            "weeks; hours go with hours only"
        ),
    ),
    (
        (longer(by="up to 1 week", when="start is not known"),),
        (
            "tasks.more.extends.longer.by: it is given by itself, so nobody says how much of "
            'it; leave out "up to"'
        ),
    ),
    (
        (longer(before="limit", when="start is not known"),),
        (
            "tasks.more.extends.longer.before: `before` is about people who agree, but with "
            "`when` it is given by itself; leave out one of the two"
        ),
    ),
    (
        (longer(allowed="boss", when="start is not known"),),
        (
            "tasks.more.extends.longer.allowed: `allowed` is about people who agree, but with"
            " `when` it is given by itself; leave out one of the two"
        ),
    ),
    (
        (longer(at_most=2, when="start is not known"),),
        ("tasks.more.extends.longer.at_most: given by itself, it is given once; leave out at_most"),
    ),
]


@pytest.mark.parametrize(("changes", "expected"), EXTENSIONS)
def test_what_makes_no_sense_of_an_extension_is_told(
    changes: tuple[Change, ...], expected: str
) -> None:
    assert said(*changes) == [expected]


CIRCLES: list[tuple[tuple[Change, ...], str]] = [
    (
        (("dates.one", {"title": "One", "is": "1 week after one"}),),
        (
            "dates.one.is: it is worked out from itself: one → one; count one of them from "
            "something else"
        ),
    ),
    (
        (
            ("dates.one", {"title": "One", "is": "1 week after two"}),
            ("dates.two", {"title": "Two", "is": "1 week after one"}),
        ),
        (
            "dates.one.is: it is worked out from itself: one → two → one; count one of them "
            "from something else"
        ),
    ),
    (
        (due(excused_when="more is done"),),
        (
            "tasks.more.excused_when.0: doing the task itself would change its deadline; name"
            " something else"
        ),
    ),
    (
        (longer(when=["start is not known", "more is done"]),),
        (
            "tasks.more.extends.longer.when.1: doing the task itself would change its "
            "deadline; name something else"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "expected"), CIRCLES)
def test_a_date_or_a_deadline_that_hangs_on_itself_is_told(
    changes: tuple[Change, ...], expected: str
) -> None:
    assert said(*changes) == [expected]
