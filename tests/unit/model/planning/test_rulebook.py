"""What follows from a definition alone: retention's tasks, who reads whom, local days."""

from datetime import UTC, date, datetime

import pytest

from tests.visits import visit_rules
from workflow.model.language.phrases import Opening, Way
from workflow.model.planning.rulebook import REMEMBERED, Rulebook, calendars_of

RULES = visit_rules()


def test_a_retention_rule_with_a_period_is_a_task_after_the_others() -> None:
    assert list(RULES.specs)[-1] == "retention_own_records"
    assert RULES.positions["scope_agreed"] == 0
    assert RULES.positions["retention_own_records"] == len(RULES.definition.tasks)
    assert set(RULES.specs["retention_own_records"].stage) == set(RULES.definition.stages)


@pytest.mark.parametrize(
    "period",
    [
        "6 years after closed",
        "5 years after 31 August on or after closed",
        "6 years after closed, unless signed_off or visit_end",
    ],
)
def test_what_is_kept_is_due_when_its_period_is_over_and_in_no_other_way(period: str) -> None:
    rules = visit_rules(("for: 6 years after closed", f"for: {period}"))
    spec = rules.specs["retention_own_records"]
    assert spec.target == rules.definition.retention["own_records"].for_
    assert spec.opens == Opening(period, (Way(timing=spec.target),))


@pytest.mark.parametrize(
    ("spec", "readers"),
    [
        ("scope_agreed", {"brief_visitor"}),  # opens it
        ("brief_visitor", {"call_visitor", "destroy_notes"}),  # issues something
        ("draft_checked", {"report_sent"}),
        ("report_sent", {"comments_in"}),  # its limit and its lapse
        ("evening_meeting", set()),
    ],
)
def test_a_task_is_read_by_those_whose_plan_depends_on_it(spec: str, readers: set[str]) -> None:
    assert set(RULES.readers[spec]) - {spec} == readers
    assert len(RULES.readers[spec]) == len(readers)


def test_a_task_reads_what_its_reminders_hang_on() -> None:
    rungs = (
        "  same_day:\n    - {when: 2 days after draft_checked.target, to: by, notice: to_do}\n"
        "    - {when: 1 week after last activity, to: by, notice: to_do}\n"
    )
    rules = visit_rules(("  same_day:\n", rungs))
    assert set(rules.readers["draft_checked"]) == {"catch_up", "report_sent"}
    assert rules.watchers - RULES.watchers == {"catch_up"}


@pytest.mark.parametrize("days", ["checked to visit_end", "visit_start to checked"])
def test_a_task_for_each_day_reads_what_its_days_hang_on(days: str) -> None:
    worked_out = "  checked: {title: Checked, is: 2 days after scope_agreed}\n  signed_off:  {"
    rules = visit_rules(
        ("  signed_off:  {", worked_out),
        ("day from visit_start to visit_end, except the last", f"day from {days}"),
    )
    assert set(rules.readers["scope_agreed"]) == {"brief_visitor", "catch_up"}


@pytest.mark.parametrize(
    ("spec", "stage", "is_ended"),
    [
        ("call_visitor", "drafting", False),  # a later stage
        ("call_visitor", "closed", True),
        ("call_visitor", "withdrawn", True),
        ("destroy_notes", "closed", True),
        ("destroy_notes", "withdrawn", False),  # its own stage
        ("retention_own_records", "closed", False),
    ],
)
def test_a_stage_that_is_the_end_ends_what_it_does_not_keep(
    spec: str,
    stage: str,
    is_ended: bool,  # noqa: FBT001 (a table)
) -> None:
    assert RULES.is_ended(spec, stage=stage) is is_ended


def test_what_is_issued_is_to_be_destroyed() -> None:
    assert RULES.issuers == {"brief_visitor"}


@pytest.mark.parametrize(
    ("at", "on"),
    [
        (datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), date(2026, 7, 2)),  # summer time
        (datetime(2026, 12, 1, 23, 59, 59, tzinfo=UTC), date(2026, 12, 1)),
        (datetime(2026, 12, 2, 0, 0, tzinfo=UTC), date(2026, 12, 2)),
    ],
)
def test_a_day_is_a_day_in_london(at: datetime, on: date) -> None:
    assert RULES.today(at) == on


def test_stages_stand_in_the_order_of_the_definition() -> None:
    assert [RULES.stage_order(stage) for stage in RULES.definition.stages] == list(range(8))


def test_what_was_reckoned_is_remembered_until_it_is_too_much() -> None:
    rules = Rulebook(RULES.definition)
    assert [rules.remembered("first", lambda: 1), rules.remembered("first", lambda: 2)] == [1, 1]
    for number in range(REMEMBERED - 1):
        rules.remembered(number, lambda: 1)
    assert rules.remembered("first", lambda: 2) == 1
    rules.remembered("one too many", lambda: 1)
    assert rules.remembered("first", lambda: 2) == 2


def test_the_days_of_a_calendar_of_ones_own_are_all_from_the_first_to_the_last() -> None:
    closed = (
        "calendar: ",
        'calendars: {office: {adds: {"2027-07-20 to 2027-07-22": Closed}}}\ncalendar: ',
    )
    office = calendars_of(visit_rules(closed).definition, {})["office"]
    working = [day for day in range(19, 24) if office.is_working_day(date(2027, 7, day))]
    assert working == [19, 23]
