"""What should exist: for whom, for which days, from when, until when."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.builders import Case
from tests.visits import (
    BEGUN,
    END,
    HOST,
    LATECOMER,
    LEAD,
    LEADER,
    SECOND,
    START,
    TEAM,
    VISITOR,
    begun,
    clearing,
    closed,
    dated,
    drafting,
    prepared,
    staffed,
    visit_rules,
    visiting,
)
from workflow.model.planning.occurrences import occurrences
from workflow.model.planning.plan import plan
from workflow.model.task import TaskStatus

DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
APPLICABLE = (
    "    by: lead_visitor\n    limit: 19:00",
    "    by: lead_visitor\n    when: [host is filled]\n    limit: 19:00",
)
CALL = ("    for_each: visitors\n    after", "    for_each: {0}\n    after")


def planned(case: Case, spec: str) -> list[str]:
    """Return the keys of the tasks that a spec asks for."""
    return list(plan(case.rules, case.challenge, [spec]))


def calling(who: str) -> tuple[str, str]:
    """Return the edit that makes the call one for other people."""
    return (CALL[0], CALL[1].format(who))


def test_there_is_a_task_for_each_person_in_the_order_in_which_they_joined() -> None:
    assert planned(staffed(), "call_visitor") == [f"call_visitor:{p}" for p in (4, 5, 6)]
    assert planned(begun(), "call_visitor") == []


def test_somebody_in_two_roles_of_a_group_has_one_task() -> None:
    case = staffed().assign("visitor", LEAD)
    assert planned(case, "call_visitor") == [f"call_visitor:{p}" for p in (4, 5, 6)]


@pytest.mark.parametrize(
    ("who", "people"),
    [
        ("visitors", [LEAD, SECOND, LATECOMER]),
        ("visitors, past and present", [LEAD, VISITOR, SECOND, LATECOMER]),
        ("visitors, who are trained", [LATECOMER]),
        ("visitor", [SECOND, LATECOMER]),
        ("host", [HOST]),
        ("visitors, who were issued something", [SECOND]),
        ("visitors, past and present, who were issued something", [VISITOR, SECOND]),
    ],
)
def test_a_fan_out_means_those_whom_it_names(who: str, people: list[int]) -> None:
    case = dated(calling(who)).done("scope_agreed")
    case.done_for(VISITOR, "brief_visitor").done_for(SECOND, "brief_visitor")
    case.release(VISITOR).assign("visitor", LATECOMER, "trained")
    assert planned(case, "call_visitor") == [f"call_visitor:{person}" for person in people]


@pytest.mark.parametrize(
    ("days", "expected"),
    [(0, []), (1, [0]), (2, [0, 1]), (3, [0, 1, 2])],
    ids=["one day", "two", "three", "four"],
)
def test_there_is_a_task_for_each_day_but_the_last(days: int, expected: list[int]) -> None:
    case = staffed().plan("visit_start", START).plan("visit_end", START + days * DAY)
    keys = [f"catch_up:{START + number * DAY}" for number in expected]
    assert planned(case, "catch_up") == keys


def test_the_first_day_may_be_excepted_and_days_are_at_most_so_many() -> None:
    case = staffed(("except the last", "except the first"))
    case.plan("visit_start", START).plan("visit_end", START + 500 * DAY)
    days = planned(case, "catch_up")
    assert (days[0], len(days)) == (f"catch_up:{START + DAY}", 60)


@pytest.mark.parametrize("key", ["visit_start", "visit_end"])
def test_days_exist_once_both_dates_are_known(key: str) -> None:
    assert planned(staffed().plan(key, START), "catch_up") == []


def test_a_day_opens_when_it_begins() -> None:
    key = f"catch_up:{START}"
    task = plan(visiting().rules, visiting().challenge, ["catch_up"])[key]
    assert (task.is_ready, task.opens_at) == (True, MIDNIGHT)
    assert task.limit_on == START
    assert not plan(dated().rules, dated().challenge, ["catch_up"])[key].is_ready


def test_a_plan_of_some_is_that_part_of_the_plan_of_all() -> None:
    case = drafting()
    whole = plan(case.rules, case.challenge)
    for spec in case.rules.specs:
        part = plan(case.rules, case.challenge, [spec])
        assert part == {key: one for key, one in whole.items() if one.occurrence.spec == spec}


def test_what_does_not_apply_does_not_exist() -> None:
    case = staffed(APPLICABLE)
    assert planned(case, "evening_meeting") == ["evening_meeting"]
    case.release(HOST)
    assert planned(case, "evening_meeting") == []
    gone = case.task("evening_meeting")
    assert gone.status is TaskStatus.CANCELLED
    case.assign("host", HOST)
    assert case.task("evening_meeting").status is TaskStatus.OPEN


def test_what_does_not_apply_any_more_stays_done() -> None:
    case = staffed(APPLICABLE).done("evening_meeting").release(HOST)
    assert case.challenge.tasks["evening_meeting"].status is TaskStatus.DONE


def test_a_task_waits_for_what_comes_before_it() -> None:
    case = dated().done("scope_agreed")
    assert case.task("call_visitor", person=LEAD).status is TaskStatus.PENDING
    case.done_for(LEAD, "brief_visitor")
    assert case.task("call_visitor", person=LEAD).status is TaskStatus.PENDING  # all must be
    case.done("brief_visitor")
    assert case.task("call_visitor", person=LEAD).status is TaskStatus.OPEN


@pytest.mark.parametrize("settle", ["done", "waive"])
def test_what_is_done_or_waived_holds(settle: str) -> None:
    case = dated().done("scope_agreed")
    for person in (LEAD, VISITOR, SECOND):
        if settle == "done":
            case.done_for(person, "brief_visitor")
        else:
            case.waive("brief_visitor", person=person)
    assert len(case.unfinished("call_visitor")) == 3
    assert {t.status for t in case.unfinished("call_visitor")} == {TaskStatus.OPEN}


def test_what_opened_a_task_may_cease_and_it_waits_again() -> None:
    case = dated().done("scope_agreed", "brief_visitor")
    case.assign("visitor", LATECOMER)  # one more briefing is missing
    assert case.task("call_visitor", person=LEAD).status is TaskStatus.PENDING
    case.done_for(LATECOMER, "brief_visitor")
    assert case.task("call_visitor", person=LEAD).status is TaskStatus.OPEN


@pytest.mark.parametrize(
    ("opens", "is_ready", "opens_at"),
    [
        ("visit_end", True, datetime(2026, 11, 26, tzinfo=UTC)),
        ("3 weeks after visit_end", True, datetime(2026, 12, 17, tzinfo=UTC)),
        ("19:00 on visit_end", True, datetime(2026, 11, 26, 19, tzinfo=UTC)),
        ("the later of visit_start and visit_end", True, datetime(2026, 11, 26, tzinfo=UTC)),
        ("when scope_agreed is done", False, None),
        ("when scope_agreed and the day before visit_start", False, MIDNIGHT - DAY),
        ("when scope_agreed is done, or visit_end", True, datetime(2026, 11, 26, tzinfo=UTC)),
        ("visit_end, or visit_start", True, MIDNIGHT),
        ("visit_end, or when visit_start is known", True, None),
        ("signed_off", False, None),
        ("1 day after scope_agreed", False, None),
        ("on withdrawn", False, None),
        ("on visiting", False, None),
    ],
)
def test_a_task_opens_by_any_of_its_ways(
    opens: str,
    is_ready: bool,  # noqa: FBT001 (a table)
    opens_at: datetime | None,
) -> None:
    edit = (
        "    stage: visiting\n    by: lead_visitor\n    opens: visit_end",
        f"    stage: planning\n    by: lead_visitor\n    opens: {opens}",
    )
    alone = (
        ("    limit: end of visit_end\n", ""),
        ("requires: [feedback_given]", "requires: []"),
        ("keeps: [destroy_notes]", "keeps: [destroy_notes, feedback_given]"),
    )
    case = dated(edit, *alone)
    one = plan(case.rules, case.challenge, ["feedback_given"])["feedback_given"]
    assert (one.is_ready, one.opens_at) == (is_ready, opens_at)


def test_a_task_that_opens_on_leaving_opens_at_once_for_who_left() -> None:
    case = prepared()
    assert case.task("destroy_notes", person=VISITOR).status is TaskStatus.PENDING
    case.advance("confirm").release(VISITOR)
    one = plan(case.rules, case.challenge, ["destroy_notes"])[f"destroy_notes:{VISITOR}"]
    assert one.opens_at == case.at
    assert not one.is_ready  # none of its stages is reached


def test_who_leaves_keeps_the_duty_to_destroy_and_loses_the_others() -> None:
    case = clearing().release(VISITOR)
    assert case.task("destroy_notes", person=VISITOR).status is TaskStatus.OPEN
    early = dated().release(VISITOR)
    tasks = [t for t in early.challenge.tasks.values() if t.person == VISITOR]
    assert {t.status for t in tasks} == {TaskStatus.CANCELLED}
    assert {t.spec for t in tasks} == {"brief_visitor", "call_visitor"}


JOINED = {  # the call is due by the end of Monday 23 November, its target is a week earlier
    date(2026, 11, 16): (date(2026, 11, 17), date(2026, 11, 23)),
    date(2026, 11, 17): (date(2026, 11, 17), date(2026, 11, 23)),
    date(2026, 11, 18): (date(2026, 11, 23), date(2026, 11, 23)),
    date(2026, 11, 20): (date(2026, 11, 23), date(2026, 11, 23)),  # a Friday
    date(2026, 11, 22): (date(2026, 11, 23), date(2026, 11, 23)),
    date(2026, 11, 23): (date(2026, 11, 24), date(2026, 11, 24)),
    date(2026, 11, 24): (date(2026, 11, 25), date(2026, 11, 25)),
    date(2026, 11, 27): (date(2026, 11, 30), date(2026, 11, 30)),
}


@pytest.mark.parametrize(("joined", "dates"), JOINED.items())
def test_who_joins_late_has_until_the_end_of_the_next_working_day(
    joined: date, dates: tuple[date, date]
) -> None:
    case = dated().done("scope_agreed").until(joined, time(12)).assign("visitor", LATECOMER)
    task = case.task("call_visitor", person=LATECOMER)
    assert (task.target_on, task.limit_on) == dates
    assert task.limit_at == datetime.combine(dates[1], time(23, 59, 59), UTC)
    assert case.task("call_visitor", person=LEAD).limit_on == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("limit", "joined", "expected"),
    [
        ("end of the day before visit_start", date(2026, 11, 20), date(2026, 11, 23)),
        ("2 days before visit_start", date(2026, 11, 20), date(2026, 11, 23)),  # a Sunday
        ("2 days before visit_start", date(2026, 11, 19), date(2026, 11, 22)),
    ],
)
def test_a_weekend_is_no_time_to_catch_up(limit: str, joined: date, expected: date) -> None:
    """The limit is never earlier than the end of the first working day after joining."""
    edit = ("    limit: end of the day before visit_start\n", f"    limit: {limit}\n")
    case = dated(edit).until(joined, time(12)).assign("visitor", LATECOMER)
    assert case.task("call_visitor", person=LATECOMER).limit_on == expected


@pytest.mark.parametrize(
    ("stage", "reached"),
    [("planning", True), ("[planning, drafting]", True), ("drafting", False)],
)
def test_a_task_waits_for_its_stage(
    stage: str,
    reached: bool,  # noqa: FBT001 (a table)
) -> None:
    case = dated(("    stage: [planning, visiting]", f"    stage: {stage}"))
    assert (case.task("evening_meeting").status is TaskStatus.OPEN) is reached


def test_a_pause_keeps_tasks_as_they_are() -> None:
    case = visiting()
    before = {t.key: (t.status, t.limit_at) for t in case.challenge.tasks.values()}
    case.advance("hold_off", reason="an election").until(END + 30 * DAY)
    assert {t.key: (t.status, t.limit_at) for t in case.challenge.tasks.values()} == before
    assert not any(t.is_missed for t in case.challenge.tasks.values())


def test_what_comes_up_during_a_pause_opens_after_it() -> None:
    case = visiting().advance("hold_off", reason="x").assign("visitor", LATECOMER)
    key = f"brief_visitor:{LATECOMER}"
    assert case.challenge.tasks[key].status is TaskStatus.PENDING
    case.advance("resume")
    assert case.challenge.tasks[key].status is TaskStatus.OPEN


def test_what_is_over_keeps_what_its_stage_names_and_what_retention_asks_for() -> None:
    withdrawn = visiting().advance("withdraw", reason="asked to")
    wanted = {one.occurrence.spec for one in plan(withdrawn.rules, withdrawn.challenge).values()}
    assert wanted == {"destroy_notes", "retention_own_records"}
    case = closed()
    assert list(plan(case.rules, case.challenge)) == ["retention_own_records"]


def test_a_stage_may_keep_nothing_without_being_final() -> None:
    case = prepared(
        ("  clearing:  {title: Clearing up}", "  clearing:  {title: Clearing up, keeps: []}")
    )
    case.done("evening_meeting").advance("confirm").until(END).done("feedback_given")
    case.until(END + 30 * DAY).done("draft_checked", by=LEAD).done("report_sent", by=3)
    case.done("comments_in").advance("sign_off")
    left = {t.spec for t in case.challenge.tasks.values() if t.status.value in ("pending", "open")}
    assert left == {"destroy_notes", "retention_own_records"}


def test_records_are_looked_at_again_when_their_time_is_over() -> None:
    case = closed()
    task = case.task("retention_own_records")
    on = case.today.replace(year=case.today.year + 6)
    assert (task.status, task.target_on, task.limit_on) == (TaskStatus.PENDING, on, None)
    spec = visit_rules().specs["retention_own_records"]
    assert (spec.title, spec.by) == ("Delete: Records of the visit", ("director",))
    case.at = datetime.combine(on, time(0, 0), UTC) - timedelta(seconds=1)
    assert case.sweep().task("retention_own_records").status is TaskStatus.PENDING
    case.at += timedelta(seconds=1)
    assert case.sweep().task("retention_own_records").status is TaskStatus.OPEN
    assert case.done("retention_own_records").unfinished("retention_own_records") == []


def test_an_occurrence_knows_since_when_its_person_is_there() -> None:
    case = dated().until(date(2026, 10, 5)).release(VISITOR)
    case.until(date(2026, 10, 9)).assign("visitor", VISITOR, LEADER)
    by_person = {one.person: one for one in occurrences(case.rules, case.challenge, "call_visitor")}
    assert by_person[VISITOR].joined_on == date(2026, 10, 9)
    assert by_person[LEAD].joined_on == BEGUN.date()
    assert len(TEAM) == len(case.challenge.team) - 1
