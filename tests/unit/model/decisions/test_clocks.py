"""Clocks that stand still, are excused or count by the hour: what is allowed, what refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from tests.clocked import LIMIT, more, paused, resumed, writing
from tests.visits import (
    HOST,
    Edit,
    complaint,
    dated,
    drafting,
    refusal,
    visiting,
)
from workflow.model import commands as c
from workflow.model.decide import decide
from workflow.model.decisions.asking import Actor
from workflow.model.events import DeadlineMoved
from workflow.model.standing import is_done_late
from workflow.model.task import PAUSED


def test_a_clock_that_stands_still_has_no_limit_until_it_goes_on() -> None:
    case = writing().do(paused(date(2026, 12, 17)))
    task = case.task("report_sent")
    assert (task.clock, task.clock_note, task.limit_on) == (PAUSED, "Waiting for the host", None)
    case.until(date(2026, 12, 23)).do(resumed(date(2026, 12, 21)))
    task = case.task("report_sent")
    assert (task.clock, task.limit_on) == ("", date(2026, 12, 28))  # the 17th to the 20th
    assert task.first_limit_on == LIMIT


def test_a_pause_that_was_recorded_late_takes_a_missed_limit_back() -> None:
    case = writing().until(date(2026, 12, 28))
    assert case.task("report_sent").is_missed
    case.do(paused(date(2026, 12, 20))).do(resumed(date(2026, 12, 27)))
    task = case.task("report_sent")
    assert (task.limit_on, task.is_missed) == (date(2026, 12, 31), False)


def test_a_clock_stands_still_once_and_goes_on_once() -> None:
    case = writing()
    assert refusal(case, resumed(date(2026, 12, 18))).message == (
        "the clock is running: Waiting for the host"
    )
    case.do(paused(date(2026, 12, 17)))
    assert refusal(case, paused(date(2026, 12, 18))).message == (
        "the clock stands still already, since Thursday 17 December 2026: Waiting for the host"
    )
    assert refusal(case, resumed(date(2026, 12, 16))).message == (
        "Wednesday 16 December 2026 lies before Thursday 17 December 2026, when the clock "
        "stopped: Waiting for the host"
    )
    case.do(resumed(date(2026, 12, 18)))
    assert refusal(case, paused(date(2026, 12, 17))).message == (
        "Thursday 17 December 2026 lies before Friday 18 December 2026, when the clock went on "
        "last: Waiting for the host"
    )


def test_a_clock_that_stops_by_dates_is_not_stopped_by_word() -> None:
    refused = refusal(writing(), paused(date(2026, 12, 17), "asking"))
    assert refused.message == (
        "An answer is awaited: this clock stops and goes on by dates, not by word"
    )
    assert refused.hint == "record the dates: asked"


def test_a_pause_must_be_known_past_and_reasoned() -> None:
    case = writing()
    assert complaint(case, paused(date(2026, 12, 17), "wating")).startswith(
        'there is no pause "wating"; did you mean "waiting"?'
    )
    assert complaint(case, paused(date(2026, 12, 19))) == (
        "Saturday 19 December 2026 is in the future: say it on the day, or afterwards"
    )
    assert complaint(case, paused(date(2026, 12, 18), reason="")) == (
        'say why the clock stands still: --reason "…"'
    )


def test_a_stranger_may_not_stop_a_clock() -> None:
    refused = refusal(writing(), paused(date(2026, 12, 18)), actor=HOST)
    assert refused.message == (
        "{p7} may not stop a clock: that is for Visit manager or an administrator"
    )


def test_a_limit_that_was_missed_before_the_excuse_stays_missed() -> None:
    case = writing().until(date(2026, 12, 28)).plan("appealed", date(2026, 12, 28))
    assert case.task("report_sent").is_missed


def test_a_move_says_by_which_calendar_and_how_it_came_about() -> None:
    case = writing().do(more())
    moved = [event for event in case.events if isinstance(event, DeadlineMoved)][-1]
    assert moved.calendar == "england_and_wales 0"
    assert [(line.part, line.on, line.text) for line in moved.basis if line.part == "limit"] == [
        ("limit", date(2026, 11, 26), "Last day of the visit"),
        ("limit", LIMIT, "+ 4 weeks (28 days), the first day not counted"),
        ("limit", date(2026, 12, 29), "+ 5 days"),
    ]


def test_a_worked_out_date_cannot_be_set() -> None:
    edits = (("  signed_off:  {title", "  due_back: {title: Due back, is: 2 days after visit_end}\n"
              "  signed_off:  {title"),)  # fmt: skip
    refused = refusal(visiting(*edits), c.SetDate(key="due_back", on=date(2026, 12, 1)))
    assert refused.message == "Due back is worked out (2 days after visit_end): it cannot be set"


def test_a_minimum_period_refuses_what_was_done_before() -> None:
    edits = (
        ("    limit: 19:00 on", "    not_before: 2 days before visit_start\n    limit: 19:00 on"),
    )
    case = visiting(*edits).until(date(2026, 11, 23))
    early = c.CompleteTask(spec="evening_meeting", on=date(2026, 11, 21), evidence="noted")
    refused = refusal(case, early)
    assert refused.message == (
        '"Meet on the evening before the visit" may not be done before '
        "Sunday 22 November 2026: 2 days before visit_start"
    )
    case.do(c.CompleteTask(spec="evening_meeting", on=date(2026, 11, 22), evidence="noted"))


def test_fixed_days_are_not_counted_in_any_year() -> None:
    """Thirty days from 26 November over a fortnight at the turn of the year."""
    edits: tuple[Edit, ...] = (
        ("tasks:\n", "pauses:\n  closed_down: {title: Closed, days: 20 December to 2 January}\n"
         "tasks:\n"),
        (
            "    limit: 4 weeks after visit_end\n",
            "    limit: 30 days after visit_end\n    pauses: closed_down\n",
        ),
    )  # fmt: skip
    case = drafting(*edits)
    assert case.task("report_sent").limit_on == date(2027, 1, 9)  # the 19th is day 23
    refused = refusal(case, paused(date(2026, 11, 26), "closed_down"))
    assert refused.hint == "its days are fixed"


def test_an_hour_that_counts_is_the_hour_of_doing() -> None:
    """The evening meeting is at 19:00 on 23 November."""
    case = visiting().until(date(2026, 11, 24), time(9))
    on = date(2026, 11, 23)

    def met(hour: int) -> bool:
        at = datetime(2026, 11, 23, hour, tzinfo=UTC)
        command = c.CompleteTask(spec="evening_meeting", on=on, evidence="noted", moment=at)
        decision = decide(
            case.rules,
            case.challenge,
            command,
            at=case.at,
            actor=Actor(id=1, is_administrator=True),
        )
        return not is_done_late(decision.after.tasks["evening_meeting"], today=case.today)

    assert [met(18), met(19), met(20)] == [True, True, False]
    late = c.CompleteTask(
        spec="evening_meeting", on=on, evidence="noted", moment=case.at + timedelta(hours=1)
    )
    assert complaint(case, late) == "that time is in the future: a task is done in the past"


def test_a_pause_that_was_recorded_in_error_is_taken_back() -> None:
    case = writing().do(paused(date(2026, 12, 17)))
    undone = c.ResumeClock(name="waiting", on=case.today, reason="the wrong case", is_void=True)
    assert complaint(case, replace(undone, reason="")) == (
        'say why the pause is taken back: --reason "…"'
    )
    task = case.do(undone).task("report_sent")
    assert (task.clock, task.limit_on) == ("", LIMIT)
    assert refusal(case, undone).message == "the clock is running: Waiting for the host"


def test_a_pause_that_is_planned_is_warned_of() -> None:
    case = writing().plan("asked", date(2026, 12, 20))
    assert case.warnings == (
        "Sunday 20 December 2026 has not come: clocks that stop for it show as paused from now "
        "on (An answer is awaited); better record it on the day",
    )


def test_some_of_the_evidence_may_be_enough() -> None:
    edits = (
        ("    evidence: [agreed_on, agreed_with]\n",
         "    evidence: [minutes, recording, letter]\n    evidence_needed: 2\n"),
    )  # fmt: skip
    case = dated(*edits)
    one = c.CompleteTask(spec="scope_agreed", on=case.today, evidence="minutes=p. 3")
    refused = refusal(case, one)
    assert refused.message == (
        '"Agree the scope of the visit with the host": evidence is needed, 1 of: recording, letter'
    )
    case.do(replace(one, evidence="minutes=p. 3 letter=of 1 October"))
