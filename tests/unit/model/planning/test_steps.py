"""The steps that lead from a stage: what each lacks, and when one is taken by itself."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.builders import Case
from tests.visits import END, Make, clearing, closed, dated, drafting, prepared, staffed, visiting
from workflow.model.planning.steps import next_moment, step, taken_by_itself

MIDNIGHT = datetime(2026, 11, 26, 23, 59, 59, tzinfo=UTC)


def test_a_step_knows_what_must_be_so_and_what_should_be() -> None:
    case = dated().release(5)
    found = step(case.rules, case.challenge, "confirm", today=case.today)
    assert (found.title, found.target, found.is_free) == ("Confirm the visit", "visiting", False)
    assert [item.text for item in found.warnings] == ["Visitor: 1 of at least 2"]
    assert [len(item.tasks) for item in found.unmet] == [1, 2]
    ready = prepared()
    assert step(ready.rules, ready.challenge, "confirm", today=ready.today).is_free


def test_a_step_without_a_title_is_called_by_its_key() -> None:
    case = dated()
    assert step(case.rules, case.challenge, "hold_off", today=case.today).title == "hold off"


def test_the_way_back_from_a_pause_leads_to_where_it_began() -> None:
    case = visiting().advance("hold_off", reason="x")
    assert step(case.rules, case.challenge, "resume", today=case.today).target == "visiting"


@pytest.mark.parametrize(("seconds", "is_taken"), [(-1, False), (0, True), (1, True)])
def test_a_step_at_a_time_is_taken_from_that_moment_on(
    seconds: int,
    is_taken: bool,  # noqa: FBT001 (a table)
) -> None:
    case = visiting().until(END).done("feedback_given")
    at = MIDNIGHT + timedelta(seconds=seconds)
    events = taken_by_itself(case.rules, case.challenge, at=at)
    assert bool(events) is is_taken


@pytest.mark.parametrize(("seconds", "expected"), [(-1, MIDNIGHT), (0, None), (1, None)])
def test_the_next_moment_lies_ahead(seconds: int, expected: datetime | None) -> None:
    case = visiting()
    after = MIDNIGHT + timedelta(seconds=seconds)
    assert next_moment(case.rules, case.challenge, after=after) == expected


def test_a_step_that_waits_for_a_day_has_the_start_of_it_as_its_moment() -> None:
    days = "{any: 1, of: [signed_off is reached, visit_end is reached]}"
    edit = ("requires: [report_sent]", f"requires: [report_sent], warns: [{days}]")
    case = drafting(edit)
    start = datetime(2026, 11, 26, tzinfo=UTC)
    before = start - timedelta(days=1)
    assert next_moment(case.rules, case.challenge, after=before) == start
    assert next_moment(case.rules, case.challenge, after=start) is None


@pytest.mark.parametrize("make", [dated, clearing, closed])
def test_where_no_step_is_taken_by_itself_nothing_wakes(make: Make) -> None:
    case = make()
    assert next_moment(case.rules, case.challenge, after=case.at) is None
    assert taken_by_itself(case.rules, case.challenge, at=case.at) == ()


def test_a_step_waits_for_its_first_day_and_for_that_to_be_known() -> None:
    confirm = "    to: visiting\n    by: manager\n"
    edit = (confirm, f"{confirm}    not_before: 6 weeks before visit_start\n")
    unknown = "not before 6 weeks before visit_start, which is not known yet (briefing 10)"
    early = "not before Tuesday 13 October 2026: 6 weeks before visit_start (briefing 10)"
    assert unknown in lacking(staffed(edit))
    assert early in lacking(dated(edit))
    assert lacking(prepared(edit)) == [early]
    assert lacking(prepared(edit).until(date(2026, 10, 13))) == []


def lacking(case: Case) -> list[str]:
    """Return what the confirmation of a visit still lacks."""
    found = step(case.rules, case.challenge, "confirm", today=case.today)
    return [str(item) for item in found.unmet]


def test_a_step_that_is_taken_once_ready_wakes_on_its_first_day() -> None:
    ready = "at: once ready, requires: [report_sent]"
    case = drafting((ready, f"{ready}, not_before: 5 weeks after visit_end"))
    start = datetime(2026, 12, 31, tzinfo=UTC)
    assert next_moment(case.rules, case.challenge, after=case.at) == start
    assert next_moment(case.rules, case.challenge, after=start) is None
