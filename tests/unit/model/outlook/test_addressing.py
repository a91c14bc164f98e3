"""Whom a notice would go to if it went out now: of each who is told, the tasks or the person."""

from tests.builders import Case
from tests.visits import (
    DIRECTOR,
    HOST,
    LATECOMER,
    LEAD,
    MANAGER,
    SECOND,
    VISITOR,
    agreeing,
    dated,
    drafting,
    staffed,
    visiting,
)
from workflow.model.outlook.addressing import Addressed, addressed

CALLS = tuple(f"call_visitor:{person}" for person in (LEAD, VISITOR, SECOND))
OF_HOSTS = ("    when: joining of visitors\n", "    when: joining of hosts\n")
SOON = (
    "    - {when: 7 days before target, to: by, notice: report_due_soon}\n",
    "    - {when: 7 days before target, to: by, notice: to_do}\n",
)
DAILY = (
    "    - {when: on limit, to: by, notice: to_do}\n",
    "    - {when: on limit, to: by, notice: report_due_soon}\n",
)
TO_EACH = (
    ("laptop, cloud]\n    reminders: chase\n", "laptop, cloud]\n    reminders: mine\n"),
    (
        "  same_day:\n",
        "  mine:\n    - {when: on opening, to: [person, by], notice: report_due_soon}\n"
        "  same_day:\n",
    ),
)
LEFT = ("    when: joining of visitors\n", "    when: leaving\n")
ALSO_REMINDS = (
    "    - {when: 7 days before target, to: by, notice: report_due_soon}\n",
    "    - {when: 7 days before target, to: by, notice: dates_moved}\n",
)


def told(case: Case, notice: str) -> list[tuple[int | None, tuple[str, ...], int | None]]:
    """Return who is told, of which tasks, about whom."""
    found = addressed(case.rules, case.challenge, notice)
    assert all(isinstance(one, Addressed) for one in found)
    return [(one.recipient, one.tasks, one.about) for one in found]


def test_a_reminder_goes_to_who_does_the_tasks_each_with_all_of_theirs() -> None:
    case = dated().done("scope_agreed", "brief_visitor")
    assert told(case, "to_do") == [(MANAGER, CALLS, None)]


def test_only_open_tasks_are_spoken_of_where_there_are_any() -> None:
    assert told(agreeing(), "to_do") == [(HOST, ("comments_in",), None)]
    assert told(agreeing(), "overdue") == [
        (HOST, ("comments_in",), None),
        (MANAGER, ("comments_in",), None),
    ]


def test_without_open_tasks_it_is_those_that_wait() -> None:
    case = visiting()
    assert told(case, "report_due_today") == [
        (MANAGER, ("report_sent",), None),
        (DIRECTOR, ("report_sent",), None),
    ]


def test_a_task_is_named_once_however_many_rungs_speak_of_it() -> None:
    assert told(drafting(), "report_due_soon") == [(MANAGER, ("report_sent",), None)]


def test_before_there_are_tasks_it_is_who_would_do_them() -> None:
    assert told(staffed(DAILY, SOON), "report_due_soon") == [(LEAD, (), None)]
    assert told(dated(DAILY, SOON), "report_due_soon") == [
        (LEAD, ("catch_up:2026-11-24", "catch_up:2026-11-25"), None)
    ]
    assert told(dated(*TO_EACH, SOON), "report_due_soon") == [
        (who, (), None) for who in (LEAD, VISITOR, SECOND)
    ]


def test_what_nobody_is_reminded_of_goes_to_nobody() -> None:
    assert told(staffed(SOON), "report_due_soon") == []


def test_who_joined_last_is_told_of_joining() -> None:
    assert told(staffed(), "welcome") == [(SECOND, (), SECOND)]
    case = staffed().assign("visitor", LATECOMER)
    assert told(case, "welcome") == [(LATECOMER, (), LATECOMER)]


def test_only_who_is_of_the_group_is_told_of_joining_it() -> None:
    assert told(staffed(OF_HOSTS), "welcome") == [(HOST, (), HOST)]
    assert told(staffed(OF_HOSTS, without=(HOST,)), "welcome") == [
        (DIRECTOR, (), None),
        (MANAGER, (), None),
    ]


def test_an_occasion_of_everybody_is_about_the_last_of_all() -> None:
    assert told(staffed(LEFT), "welcome") == [(HOST, (), HOST)]


def test_an_occasion_that_is_about_nobody_goes_to_its_audience() -> None:
    assert told(dated(), "dates_moved") == [
        (who, (), None) for who in (LEAD, VISITOR, SECOND, HOST)
    ]


def test_who_is_reminded_already_is_not_told_again() -> None:
    found = told(drafting(ALSO_REMINDS), "dates_moved")
    assert found == [
        (MANAGER, ("report_sent",), None),
        *((who, (), None) for who in (LEAD, VISITOR, SECOND, HOST)),
    ]
