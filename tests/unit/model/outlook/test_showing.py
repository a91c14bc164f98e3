"""What lists show: titles, who is to do it, why a date is so, what comes next."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from tests.builders import Case
from tests.unit.model.register.kept import closed as over
from tests.visits import (
    END,
    LATECOMER,
    LEAD,
    MANAGER,
    SECOND,
    START,
    VISITOR,
    Make,
    agreeing,
    begun,
    clearing,
    closed,
    dated,
    drafting,
    staffed,
    visiting,
)
from workflow.model import events as e
from workflow.model.commands import LiftHold, PlaceHold
from workflow.model.duties import TaskSpec
from workflow.model.lines import TaskLine
from workflow.model.outlook.showing import headline, shown_anew, source_of, task_line
from workflow.model.records.state import Disposal
from workflow.model.task import changed

MANAGED = ("  manager:      {title: Visit manager", "  challenge_manager: {title: Visit manager")


def line(case: Case, key: str) -> TaskLine:
    task = case.challenge.tasks[key]
    return task_line(case.rules, case.challenge, task, wake_at=case.at)


def test_a_line_says_what_who_when_and_why() -> None:
    case = dated()
    shown = line(case, "call_visitor:5")
    assert shown.title == "Call {person} before the visit"
    assert (shown.spec, shown.person, shown.status) == ("call_visitor", VISITOR, "pending")
    assert shown.position == list(case.rules.specs).index("call_visitor")
    assert shown.assignees == (MANAGER,)
    assert (shown.target_on, shown.limit_on) == (date(2026, 11, 17), date(2026, 11, 23))
    assert shown.source == "briefing 12"
    assert shown.wake_at == case.at


@pytest.mark.parametrize(
    ("make", "key", "why"),
    [
        (
            dated,
            "call_visitor:5",
            "7 days before the first day of the visit (Tuesday 24 November 2026) (briefing 12); "
            "at the latest end of the day before the first day of the visit (Tuesday 24 November "
            "2026) (briefing 12)",
        ),
        (
            begun,
            "report_sent",
            "4 weeks after the last day of the visit (not known yet), rolled to the previous "
            "working day (house policy); at the latest 4 weeks after the last day of the visit "
            "(not known yet) (briefing 41)",
        ),
        (
            dated,
            "scope_agreed",
            "6 weeks before the first day of the visit (Tuesday 24 November 2026)",
        ),
        (
            agreeing,
            "comments_in",
            '10 working days after "Send the draft report to the host" was done '
            "(Friday 18 December 2026) (briefing 44)",
        ),
        (
            dated,
            "comments_in",
            '10 working days after "Send the draft report to the host" is done '
            "(not known yet) (briefing 44)",
        ),
        (
            clearing,
            "destroy_notes:5",
            "10 working days after it opened (Friday 18 December 2026) (house policy)",
        ),
        (
            visiting,
            "catch_up:2026-11-24",
            "end of the day (Tuesday 24 November 2026) (briefing 30)",
        ),
        (dated, "brief_visitor:5", None),
    ],
)
def test_one_sentence_says_why_a_date_is_so(make: Make, key: str, why: str | None) -> None:
    case = make()
    if why is None:
        why = "2 weeks before the first day of the visit (Tuesday 24 November 2026)"
    assert line(case, key).why == why


def test_a_limit_that_was_put_off_says_so() -> None:
    case = dated().until(date(2026, 11, 23), time(12)).assign("visitor", LATECOMER)
    assert line(case, f"call_visitor:{LATECOMER}").why.endswith(
        "; at the latest end of the day before the first day of the visit (Tuesday 24 November "
        "2026); put off to leave time to somebody who joined late (briefing 12)"
    )


def test_what_has_no_date_has_no_reason() -> None:
    edit = ("    target: 6 weeks before visit_start\n", "")
    assert line(dated(edit), "scope_agreed").why == ""


def test_what_comes_first_is_shown_of_all() -> None:
    shown = headline(dated().rules, dated().challenge, at=dated().at)
    assert (shown.next_key, shown.next_target_on) == ("scope_agreed", date(2026, 10, 13))
    case = drafting()
    shown = headline(case.rules, case.challenge, at=case.at)
    assert shown.next_key == "draft_checked"
    assert shown.stage_title == "Writing up: drafting"
    none = headline(begun().rules, begun().challenge, at=begun().at)
    assert none.next_key is None


def test_what_is_late_comes_before_what_is_not() -> None:
    limits = (
        "target: 6 weeks before visit_start",
        "target: 6 weeks before visit_start\n    limit: the day before visit_start\n"
        "    source: briefing 1",
    )
    case = dated(limits, ("limit: 19:00 on the day before", "limit: 5 weeks before"))
    case.until(date(2026, 10, 16))  # a target has passed, and no limit
    assert headline(case.rules, case.challenge, at=case.at).next_key == "scope_agreed"
    case.until(date(2026, 10, 30))
    shown = headline(case.rules, case.challenge, at=case.at)
    assert (shown.next_key, shown.next_limit_on) == ("evening_meeting", date(2026, 10, 20))


def test_of_what_is_late_the_latest_of_all_comes_first() -> None:
    case = dated().until(START)
    shown = headline(case.rules, case.challenge, at=case.at)
    assert (shown.next_key, shown.next_target_on) == ("scope_agreed", date(2026, 10, 13))


def test_what_is_held_does_not_come_next() -> None:
    case = clearing().do(PlaceHold(name="FOI", reason="asked")).until(date(2027, 3, 1))
    assert headline(case.rules, case.challenge, at=case.at).next_key is None
    case.do(LiftHold(name="FOI", reason="over"))
    assert headline(case.rules, case.challenge, at=case.at).next_key == "destroy_notes:4"


def test_the_next_moment_of_a_step_that_is_taken_by_itself_is_shown_apart() -> None:
    case = visiting()
    shown = headline(case.rules, case.challenge, at=case.at)
    assert shown.wake_at == datetime(2026, 11, 26, 23, 59, 59, tzinfo=UTC)
    assert headline(dated().rules, dated().challenge, at=dated().at).wake_at is None


@pytest.mark.parametrize(
    ("make", "busy"),
    [(staffed, None), (dated, (START, END)), (drafting, (START, END)), (closed, None)],
)
def test_people_are_booked_from_the_first_day_to_the_last_while_it_goes_on(
    make: Make, busy: tuple[date, date] | None
) -> None:
    case = make()
    shown = headline(case.rules, case.challenge, at=case.at)
    assert (shown.busy_from, shown.busy_to) == (busy or (None, None))
    assert shown.busy_people == ((LEAD, VISITOR, SECOND) if busy else ())


def test_a_pause_and_an_end_are_shown() -> None:
    paused = visiting().advance("hold_off", reason="an election")
    shown = headline(paused.rules, paused.challenge, at=paused.at)
    assert (shown.is_paused, shown.is_final, shown.due_soon) == (True, False, 5)
    over = headline(closed().rules, closed().challenge, at=closed().at)
    assert (over.is_paused, over.is_final) == (False, True)


def test_what_is_held_is_shown_as_held() -> None:
    case = clearing().do(PlaceHold(name="FOI", reason="asked", tasks=("destroy_notes",)))
    assert line(case, "destroy_notes:5").is_held
    assert not line(case, "retention_own_records").is_held
    case = clearing().do(PlaceHold(name="FOI", reason="asked"))  # of everything that is kept
    assert line(case, "destroy_notes:5").is_held
    assert line(case, "retention_own_records").is_held


@pytest.mark.parametrize(
    ("given", "source"),
    [
        ({"limit": "1 day after a", "source": "law 1", "target_source": "house"}, "law 1"),
        ({"target": "1 day after a", "source": "law 1", "target_source": "house"}, "house"),
        ({"target": "1 day after a", "source": "law 1"}, "law 1"),
        ({"limit": "1 day after a", "target_source": "house"}, "house"),
        ({}, ""),
    ],
)
def test_the_source_is_that_of_the_date_that_counts(given: dict[str, str], source: str) -> None:
    spec = TaskSpec.model_validate({"title": "T", "stage": ["s"], "by": ["r"], **given})
    assert source_of(spec) == source


def test_an_event_of_one_task_shows_it_and_what_hangs_on_it_anew() -> None:
    case = agreeing()
    done = e.TaskDone(at=case.at, task="report_sent", on=case.today)
    assert shown_anew(case.rules, case.challenge, [done]) == {"report_sent", "comments_in"}
    told = e.NoticeRaised(at=case.at, notice="to_do", occurrence="", recipient=MANAGER)
    assert shown_anew(case.rules, case.challenge, [told]) == set()
    alone = e.TaskDone(at=case.at, task="scope_agreed", on=case.today, actor=MANAGER)
    assert shown_anew(case.rules, case.challenge, [told, alone]) == {"scope_agreed"}


def test_an_event_that_is_not_of_a_task_may_show_everything_anew() -> None:
    case = agreeing()
    entered = e.StageEntered(at=case.at, stage="clearing", left="agreeing", trigger="sign_off")
    assert shown_anew(case.rules, case.challenge, [entered]) == case.challenge.tasks.keys()


@pytest.mark.parametrize(
    ("disposal", "title"),
    [
        (
            Disposal(done_at=datetime(2033, 1, 2, 9, tzinfo=UTC)),
            "Destroyed on Sunday 2 January 2033",
        ),
        (Disposal(), "Closed"),
    ],
)
def test_of_what_is_destroyed_whole_only_that_is_shown(disposal: Disposal, title: str) -> None:
    case = over()
    records = replace(case.challenge.records, disposals={"own_records": disposal})
    challenge = changed(case.challenge, records=records)
    assert headline(case.rules, challenge, at=case.at).stage_title == title
