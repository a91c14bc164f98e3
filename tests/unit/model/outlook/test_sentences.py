"""Why a target and why a limit, each alone: with its clock, its cap, its calendar, its source."""

from datetime import date, time

import pytest

from tests.builders import Case
from tests.clocked import CLOCKED, more, paused, resumed, writing
from tests.visits import Edit, agreeing, dated, drafting, prepared, visiting
from workflow.model.outlook.sentences import why, why_limit, why_target

TARGET = (
    "4 weeks after the last day of the visit (Thursday 26 November 2026), rolled to the previous "
    "working day (house policy)"
)
EVENING = "    limit: 19:00 on the day before visit_start"
COUNTED = "4 weeks after the last day of the visit (Thursday 26 November 2026)"
CAPPED: tuple[Edit, ...] = (
    *CLOCKED[:2],
    (
        CLOCKED[2][0],
        f"{CLOCKED[2][1]}    cap: 6 weeks after visit_end\n    restarts_on: answered\n",
    ),
)
SCOTTISH: tuple[Edit, ...] = (
    (
        "calendar: england_and_wales ",
        "calendars: {north: {title: The north, based_on: scotland}}\ncalendar: england_and_wales ",
    ),
    (
        "    limit: 10 working days after report_sent\n",
        "    limit: 10 working days after report_sent\n    calendar: north\n",
    ),
)


def limit(case: Case, key: str = "report_sent") -> str:
    return why_limit(case.rules, case.challenge, case.challenge.tasks[key])


def capped() -> Case:
    """Return a visit whose report may be put off, but never past a cap."""
    return drafting(*CAPPED).until(date(2026, 12, 18), time(8))


def test_the_target_and_the_limit_are_told_apart() -> None:
    case = drafting()
    task = case.task("report_sent")
    assert why_target(case.rules, case.challenge, task) == TARGET
    assert limit(case) == f"{COUNTED} (briefing 41)"
    whole = why(case.rules, case.challenge, task)
    assert whole == f"{TARGET}; at the latest {COUNTED} (briefing 41)"


def test_what_has_no_target_or_no_limit_has_nothing_to_tell_of_it() -> None:
    case = dated()
    assert limit(case, "scope_agreed") == ""
    assert why_target(case.rules, case.challenge, case.task("evening_meeting")) == ""


def test_an_excuse_takes_the_place_of_the_limit() -> None:
    case = writing().plan("appealed", date(2026, 12, 18))
    task = case.task("report_sent")
    assert limit(case) == "excused: An appeal was made (briefing 41)"
    assert why(case.rules, case.challenge, task) == limit(case)


def test_pauses_and_extensions_are_told_after_the_count() -> None:
    case = writing().do(more())
    assert limit(case) == (
        f"{COUNTED}; 5 days more: More time, agreed on 18 December 2026 (briefing 41)"
    )
    case = writing().do(paused(date(2026, 12, 17)))
    assert limit(case) == (
        f"{COUNTED}; not counted since Thu 17 Dec 2026: Waiting for the host (briefing 41)"
    )
    case.until(date(2026, 12, 21)).do(resumed(date(2026, 12, 21)))
    assert limit(case) == (
        f"{COUNTED}; not counted: Thu 17 Dec to Sun 20 Dec 2026 (Waiting for the host) "
        "(briefing 41)"
    )


def test_a_pause_after_the_limit_is_not_told() -> None:
    case = writing().until(date(2026, 12, 28)).do(paused(date(2026, 12, 28)))
    assert limit(case) == f"{COUNTED} (briefing 41)"


def test_a_cap_is_told_where_it_counts() -> None:
    case = capped()
    assert "at the latest" not in limit(case)
    case.do(paused(date(2026, 12, 17)))
    assert limit(case).endswith("; at the latest 6 weeks after visit_end (briefing 41)")


def test_a_clock_that_began_anew_says_from_when() -> None:
    case = capped().plan("asked", date(2026, 12, 16)).plan("answered", date(2026, 12, 17))
    assert "; counted anew from Thursday 17 December 2026: The host answered" in limit(case)
    assert limit(case).endswith("at the latest 6 weeks after visit_end (briefing 41)")


@pytest.mark.parametrize(("edits", "said"), [((), False), (SCOTTISH, True)])
def test_another_calendar_of_the_task_is_named(edits: tuple[Edit, ...], *, said: bool) -> None:
    assert ("working days of The north" in limit(agreeing(*edits), "comments_in")) is said


def test_what_is_settled_names_no_day_on_which_its_dates_do_not_hang_any_more() -> None:
    case = dated().waive("evening_meeting")
    assert "(Tuesday 24 November 2026)" in limit(case, "evening_meeting")
    case.plan("visit_start", date(2026, 12, 1))
    task = case.task("evening_meeting")
    assert task.limit_on == date(2026, 11, 23)
    assert limit(case, "evening_meeting") == (
        "19:00 on the day before the first day of the visit, as it stood then (briefing 20)"
    )
    assert why(case.rules, case.challenge, task) == limit(case, "evening_meeting")
    assert "(Tuesday 1 December 2026)" in why_target(
        case.rules, case.challenge, case.task("call_visitor", person=5)
    )


def test_a_name_that_is_written_in_capitals_keeps_them() -> None:
    case = drafting(("    title: Last day of the visit", "    title: VAT day"))
    assert limit(case) == "4 weeks after the VAT day (Thursday 26 November 2026) (briefing 41)"


def test_another_task_that_is_for_each_person_is_named_for_all_of_them() -> None:
    after = (
        "    limit: 19:00 on the day before visit_start",
        "    limit: 2 days after call_visitor",
    )
    case = dated(after)
    assert limit(case, "evening_meeting") == (
        '2 days after "Call each person before the visit" is done (not known yet) (briefing 20)'
    )
    assert limit(prepared(after), "evening_meeting") == (
        '2 days after "Call each person before the visit" was done (Thursday 1 October 2026) '
        "(briefing 20)"
    )


@pytest.mark.parametrize(
    ("timing", "said"),
    [
        ("call_visitor.limit", 'the limit of "Call each person before the visit"'),
        ("call_visitor.opened", '"Call each person before the visit" opened'),
        ("catch_up.limit", 'the limit of "Catch up with the host on each day"'),
    ],
)
def test_a_part_of_such_a_task_is_named_for_all_of_them(timing: str, said: str) -> None:
    after = (EVENING, f"    limit: 2 days after {timing}")
    case = visiting(after).until(date(2026, 11, 24))
    assert f"2 days after {said} (" in limit(case, "evening_meeting")
