"""What the anchors of a timing turn out to be: dates, stages, tasks, and a task's own moments."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.builders import Case
from tests.visits import (
    END,
    HOST,
    LEAD,
    SECOND,
    START,
    VISITOR,
    agreeing,
    begun,
    clearing,
    dated,
    drafting,
    visiting,
)
from workflow.model import commands as c
from workflow.model.planning.anchors import Occurrence, lookup
from workflow.model.reckoning.moments import Known

DAY = timedelta(days=1)
SCOPE = '"Agree the scope of the visit with the host"'


def known(case: Case, name: str, key: str = "") -> Known | None:
    """Return what an anchor is for a task."""
    task = case.challenge.tasks.get(key)
    occurrence = Occurrence(
        key=key,
        spec=task.spec if task else "",
        person=task.person if task else None,
        day=task.day if task else None,
    )
    return lookup(case.rules, case.challenge, occurrence)(name)


def day(case: Case, name: str, key: str = "") -> date | None:
    """Return the day that an anchor is."""
    found = known(case, name, key)
    return found.on if found else None


def test_a_date_is_its_day_planned_or_recorded() -> None:
    planned = known(dated(), "visit_start")
    assert planned == Known(on=START, title="First day of the visit", note="planned")
    moment = datetime(2026, 11, 24, 9, tzinfo=UTC)
    case = dated().until(START).plan("visit_start", START, moment=moment)
    assert known(case, "visit_start") == Known(
        on=START, at=moment, title="First day of the visit", note="recorded"
    )
    assert known(begun(), "visit_start") is None


def test_a_stage_is_the_moment_at_which_it_was_entered() -> None:
    case = visiting()
    entered = known(case, "visiting")
    assert entered is not None
    assert (entered.on, entered.at) == (case.today, case.at)
    assert entered.title == 'the stage "On the visit" was entered'
    assert known(case, "drafting") is None


def test_a_task_is_the_day_on_which_the_last_of_it_was_settled() -> None:
    case = dated().done("scope_agreed")
    case.done_for(LEAD, "brief_visitor").until(date(2026, 10, 2))
    assert known(case, "brief_visitor") is None
    case.waive("brief_visitor", person=VISITOR).until(date(2026, 10, 5))
    case.do(c.CompleteTask(spec="brief_visitor", person=SECOND, on=date(2026, 10, 1)))
    assert day(case, "brief_visitor") == date(2026, 10, 2)  # the day that was said counts


def test_a_task_has_a_moment_only_when_it_was_recorded_on_its_day() -> None:
    case = agreeing()
    same = known(case, "report_sent")
    assert same is not None
    assert same.at == case.at
    case = dated().until(date(2026, 10, 5))
    case.do(c.CompleteTask(spec="scope_agreed", on=date(2026, 10, 1), evidence="x"))
    said = known(case, "scope_agreed")
    assert said is not None
    assert (said.on, said.at) == (date(2026, 10, 1), None)


def test_a_task_that_lapsed_counts_with_the_day_on_which_it_did() -> None:
    case = agreeing().until(date(2027, 1, 20))
    assert day(case, "comments_in") == date(2027, 1, 14)  # the first sweep after the night


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report_sent.limit", END + 28 * DAY),
        ("report_sent.target", END + 28 * DAY),
        ("call_visitor.limit", START - DAY),
        ("call_visitor.target", START - 7 * DAY),
        ("catch_up.limit", END - DAY),  # the last of several
        ("destroy_notes.limit", None),
        ("scope_agreed.limit", None),
    ],
)
def test_a_deadline_of_another_task_is_the_last_one(name: str, expected: date | None) -> None:
    assert day(dated(), name) == expected


@pytest.mark.parametrize(
    ("name", "key", "expected"),
    [
        ("day", f"catch_up:{START}", START),
        ("day", "scope_agreed", None),
        ("limit", "report_sent", END + 28 * DAY),
        ("target", "report_sent", END + 28 * DAY),
        ("target", "feedback_given", END),  # without a target, the limit
        ("opening", "draft_checked", END + DAY),
        ("opening", "report_sent", None),
        ("nothing", "report_sent", None),
    ],
)
def test_a_task_knows_its_own_moments(name: str, key: str, expected: date | None) -> None:
    assert day(drafting(), name, key) == expected


def test_a_deadline_that_hangs_on_a_task_follows_what_was_done() -> None:
    case = agreeing()
    assert case.task("comments_in").limit_on == date(2027, 1, 6)
    other = drafting().until(date(2026, 12, 21))
    other.do(c.CompleteTask(spec="draft_checked", on=other.today, by=LEAD))
    sent = c.CompleteTask(spec="report_sent", on=date(2026, 12, 18), by=HOST, evidence="x")
    assert other.do(sent).task("comments_in").limit_on == date(2027, 1, 6)


def test_told_is_the_day_on_which_the_task_opened() -> None:
    case = clearing().until(date(2026, 12, 19), time(1))
    assert case.task("destroy_notes", person=LEAD).limit_on == date(2027, 1, 6)


def test_the_day_of_leaving_is_the_local_day_on_which_somebody_left() -> None:
    at = datetime(2026, 10, 1, 23, 30, tzinfo=UTC)  # half past midnight in London
    occurrence = Occurrence(key="", spec="destroy_notes", person=VISITOR, left_at=at)
    case = dated()
    assert lookup(case.rules, case.challenge, occurrence)("leaving") == Known(
        on=date(2026, 10, 2), at=at, title="the day of leaving", note="recorded"
    )


@pytest.mark.parametrize(
    ("name", "title", "note"),
    [
        ("visit_start.recorded", "First day of the visit: the day of recording it", ""),
        ("drafting", 'the stage "Drafting" was entered', "recorded"),
        ("scope_agreed", f"{SCOPE} was done", "recorded"),
        ("scope_agreed.recorded", f"{SCOPE} was done, as recorded", "recorded"),
        ("scope_agreed.opened", f"{SCOPE} opened", ""),
        ("report_sent.limit", 'the limit of "Send the draft report to the host"', ""),
        ("draft_checked.target", 'the target of "Check the draft"', ""),
        ("last_activity", "the last activity", ""),
        ("opening", "the day it opened", "recorded"),
        ("target", "its target", ""),
        ("limit", "its limit", ""),
        ("joining", "the day of joining", "recorded"),
        ("leaving", "the day of leaving", "recorded"),
        ("day", "the day itself", ""),
    ],
)
def test_an_anchor_says_what_it_is_and_how_it_is_known(name: str, title: str, note: str) -> None:
    case = agreeing()
    occurrence = Occurrence(
        key="comments_in",
        spec="comments_in",
        day=START,
        joined_on=START,
        left_at=case.at,
    )
    found = lookup(case.rules, case.challenge, occurrence)(name)
    assert found is not None
    assert (found.title, found.note) == (title, note)


ANSWERED = "  answered: {title: Answer, cut_off: '16:30'}\n"
WORKED_OUT = (
    "  signed_off:  {title",
    f"{ANSWERED}  deemed: {{title: Deemed, is: 2 working days after answered}}\n"
    "  signed_off:  {title",
)


@pytest.mark.parametrize(
    ("at", "on", "note"),
    [
        (time(16, 29), date(2026, 10, 1), "recorded"),
        (time(16, 30), date(2026, 10, 1), "recorded"),
        (time(16, 31), date(2026, 10, 2), "recorded after 16:30: counts as the next day"),
    ],
)
def test_a_date_after_its_cut_off_counts_as_the_next_day(at: time, on: date, note: str) -> None:
    case = begun(WORKED_OUT)
    moment = datetime.combine(date(2026, 10, 1), at, case.rules.zone).astimezone(UTC)
    case.at = moment
    case.plan("answered", date(2026, 10, 1), moment=moment)
    found = known(case, "answered")
    assert found is not None
    assert (found.on, found.title, found.note) == (on, "Answer", note)
    deemed = known(case, "deemed")
    assert deemed == Known(
        on=date(2026, 10, 5) if on.day == 1 else date(2026, 10, 6),
        title="Deemed",
        note="worked out: 2 working days after answered",
    )


@pytest.mark.parametrize("name", ["joining", "leaving", "day", "opening", "target", "limit"])
def test_what_a_task_does_not_have_is_not_known(name: str) -> None:
    assert known(begun(), name) is None


def test_the_day_of_joining_and_the_day_itself_are_those_of_the_occurrence() -> None:
    case, joined = begun(), START - DAY
    occurrence = Occurrence(key="", spec="destroy_notes", day=START, joined_on=joined)
    find = lookup(case.rules, case.challenge, occurrence)
    assert find("joining") == Known(on=joined, title="the day of joining", note="recorded")
    assert find("day") == Known(on=START, title="the day itself")
