"""More time, and clocks that stand still: what is allowed, and how the rest is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.builders import Case
from tests.visits import (
    HOST,
    LEAD,
    MANAGER,
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
from workflow.model.events import DeadlineExtended, DeadlineMoved
from workflow.model.standing import is_done_late
from workflow.model.task import EXCUSED, PAUSED

CLOCKED: tuple[Edit, ...] = (
    (
        "  signed_off:  {title",
        "  asked: {title: The host was asked}\n  answered: {title: The host answered}\n"
        "  appealed: {title: An appeal was made}\n  signed_off:  {title",
    ),
    (
        "tasks:\n",
        "pauses:\n  waiting: {title: Waiting for the host}\n"
        "  asking: {title: An answer is awaited, from: asked, until: answered}\ntasks:\n",
    ),
    (
        "    limit: 4 weeks after visit_end\n",
        "    limit: 4 weeks after visit_end\n    pauses: [waiting, asking]\n"
        "    excused_when: appealed is known\n    extends:\n"
        "      more: {title: More time, by: up to 10 days, at_most: 2, unless: asked is known,\n"
        "             needs: [reason, agreement]}\n",
    ),
)
ONE_RULE: tuple[Edit, ...] = (
    (
        "    limit: 10 working days after report_sent\n",
        "    limit: 10 working days after report_sent\n    extends:\n"
        "      week: {by: 1 week, before: 2 days before limit, allowed: manager}\n"
        "      long: {by: 1 month}\n",
    ),
)
LIMIT = date(2026, 12, 24)  # four weeks after the visit


def writing() -> Case:
    """Return a visit whose report is to be written, in the fourth week after it."""
    return drafting(*CLOCKED).until(date(2026, 12, 18), time(8))


def more(
    amount: str | None = "5 days", *, reason: str = "ill", agreement: str = "e-mail of the 17th"
) -> c.ExtendDeadline:
    on = date(2026, 12, 18)
    return c.ExtendDeadline(
        spec="report_sent", on=on, amount=amount, reason=reason, agreement=agreement
    )


def test_an_extension_puts_the_limit_off_and_keeps_the_first_one() -> None:
    case = writing().do(more(), actor=MANAGER)
    task = case.task("report_sent")
    assert (task.limit_on, task.first_limit_on) == (date(2026, 12, 29), LIMIT)
    given = next(event for event in case.events if isinstance(event, DeadlineExtended))
    assert (given.count, given.unit.value, given.agreement) == (5, "days", "e-mail of the 17th")


def test_a_second_extension_is_added_to_the_first_and_a_third_is_refused() -> None:
    case = writing().do(more("5 days")).do(more("1 week"))
    assert case.task("report_sent").limit_on == date(2027, 1, 5)
    refused = refusal(case, more("1 day"))
    assert refused.message == (
        '"Send the draft report to the host" may be extended 2 times, and was, on '
        "Friday 18 December 2026"
    )


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (more("11 days"), "11 days is not allowed: up to 10 days"),
        (more("2 months"), "2 months is not allowed: up to 10 days"),
        (more("2 working days"), "2 working days is not allowed: up to 10 days"),
    ],
)
def test_more_than_the_rule_gives_is_refused(command: c.ExtendDeadline, why: str) -> None:
    assert refusal(writing(), command).message == why


@pytest.mark.parametrize(
    ("command", "why"),
    [
        (more(None), "say how much more time: --by, up to 10 days"),
        (more(reason=""), 'say why the deadline is put off: --reason "…"'),
        (more(agreement=" "), 'say where the agreement is written down: --agreement "…"'),
    ],
)
def test_what_must_be_said_is_asked_for(command: c.ExtendDeadline, why: str) -> None:
    assert complaint(writing(), command) == why


def test_what_rules_an_extension_out_is_named() -> None:
    case = writing().plan("asked", date(2026, 12, 17))
    refused = refusal(case, more())
    assert refused.message == '"Send the draft report to the host" cannot be extended'
    assert [item.text for item in refused.unmet] == ["The host was asked rules it out"]


def test_an_extension_is_agreed_before_the_limit() -> None:
    case = writing().until(date(2026, 12, 28))
    command = c.ExtendDeadline(
        spec="report_sent", on=date(2026, 12, 28), amount="5 days", reason="ill", agreement="said"
    )
    assert refusal(case, command).message == (
        '"Send the draft report to the host": too late to extend: it had to be agreed by '
        "Thursday 24 December 2026"
    )
    agreed = c.ExtendDeadline(
        spec="report_sent", on=LIMIT, amount="5 days", reason="ill", agreement="on the 24th"
    )
    task = case.do(agreed).task("report_sent")  # agreed in time, and recorded late
    assert (task.limit_on, task.is_missed) == (date(2026, 12, 29), False)


def test_a_day_in_the_future_cannot_be_agreed_on() -> None:
    command = c.ExtendDeadline(
        spec="report_sent", on=date(2026, 12, 19), amount="5 days", reason="ill", agreement="said"
    )
    assert complaint(writing(), command) == (
        "Saturday 19 December 2026 is in the future: agree on a past day or today"
    )


def commenting() -> Case:
    """Return a visit whose draft lies with the host, who may ask for two kinds of more time."""
    case = drafting(*ONE_RULE).until(date(2026, 12, 18))
    return case.done("draft_checked", by=LEAD).done("report_sent", by=MANAGER)


def extended(name: str | None, amount: str | None = None) -> c.ExtendDeadline:
    on = date(2026, 12, 18)
    return c.ExtendDeadline(
        spec="comments_in", on=on, extension=name, amount=amount, reason="holidays"
    )


def test_of_several_extensions_one_is_named() -> None:
    case = commenting()
    assert complaint(case, extended(None)) == (
        '"Comment on the draft": say which extension: week, long'
    )
    assert complaint(case, extended("weak")).startswith(
        'there is no extension "weak"; did you mean "week"?'
    )
    case.do(extended("week"), actor=MANAGER)
    assert case.task("comments_in").limit_on == date(2027, 1, 13)  # 6 January and a week


def test_a_fixed_extension_takes_no_other_amount() -> None:
    assert refusal(commenting(), extended("week", "3 days")).message == (
        "3 days is not what the rule gives: 1 week"
    )


def test_only_those_who_may_agree_on_more_time() -> None:
    refused = refusal(commenting(), extended("week"), actor=HOST)
    assert refused.message == (
        '{p7} may not extend "Comment on the draft": that is for Visit manager or an administrator'
    )


def test_what_has_no_extension_says_so() -> None:
    command = c.ExtendDeadline(spec="draft_checked", on=date(2026, 12, 18), reason="ill")
    assert refusal(writing(), command).message == (
        '"Check the draft" cannot be extended: its rule does not say so'
    )


def paused(on: date, name: str = "waiting", reason: str = "no answer") -> c.PauseClock:
    return c.PauseClock(name=name, on=on, reason=reason)


def resumed(on: date, name: str = "waiting") -> c.ResumeClock:
    return c.ResumeClock(name=name, on=on)


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


def test_an_excuse_takes_the_deadline_away_and_no_extension_brings_it_back() -> None:
    case = writing().plan("appealed", date(2026, 12, 18))
    task = case.task("report_sent")
    assert (task.clock, task.clock_note) == (EXCUSED, "An appeal was made")
    assert (task.limit_on, task.target_on, task.first_limit_on) == (None, None, LIMIT)
    assert [item.text for item in refusal(case, more()).unmet] == [
        "An appeal was made rules it out"
    ]


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


def test_an_extension_that_was_recorded_in_error_is_taken_back() -> None:
    case = writing().do(more("5 days")).do(more("2 days"))
    back = c.ExtendDeadline(spec="report_sent", on=case.today, reason="a slip", is_void=True)
    assert case.do(back).task("report_sent").limit_on == date(2026, 12, 29)
    assert case.do(back).task("report_sent").limit_on == LIMIT
    assert refusal(case, back).message == '"Send the draft report to the host" was not extended'
    assert case.do(more("5 days")).task("report_sent").limit_on == date(2026, 12, 29)


def test_what_is_given_by_itself_comes_before_what_was_agreed() -> None:
    """A month comes by itself; fifteen days are agreed afterwards, and are added to it."""
    edits: tuple[Edit, ...] = (
        ("  signed_off:  {title", "  asked: {title: Asked}\n  signed_off:  {title"),
        (
            "    limit: 4 weeks after visit_end\n",
            "    limit: 4 weeks after visit_end\n    extends:\n"
            "      auto: {by: 1 month, when: asked is known}\n"
            "      agreed: {by: up to 15 days}\n",
        ),
    )
    case = drafting(*edits).until(date(2026, 12, 18))
    case.plan("asked", case.today)
    assert case.task("report_sent").limit_on == date(2027, 1, 24)
    fifteen = c.ExtendDeadline(
        spec="report_sent", on=case.today, extension="agreed", amount="15 days", reason="ill"
    )
    assert case.do(fifteen).task("report_sent").limit_on == date(2027, 2, 8)
    refused = refusal(case, replace(fifteen, extension="auto"))
    assert refused.message == '"Send the draft report to the host": auto is given by itself'


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
