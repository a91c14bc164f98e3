"""More time for a deadline: what is allowed, and how the rest is refused."""

from dataclasses import replace
from datetime import date

import pytest

from tests.builders import Case
from tests.clocked import LIMIT, ONE_RULE, more, writing
from tests.visits import (
    HOST,
    LEAD,
    MANAGER,
    Edit,
    complaint,
    drafting,
    refusal,
)
from workflow.model import commands as c
from workflow.model.events import DeadlineExtended
from workflow.model.task import EXCUSED


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


def test_an_excuse_takes_the_deadline_away_and_no_extension_brings_it_back() -> None:
    case = writing().plan("appealed", date(2026, 12, 18))
    task = case.task("report_sent")
    assert (task.clock, task.clock_note) == (EXCUSED, "An appeal was made")
    assert (task.limit_on, task.target_on, task.first_limit_on) == (None, None, LIMIT)
    assert [item.text for item in refusal(case, more()).unmet] == [
        "An appeal was made rules it out"
    ]


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
