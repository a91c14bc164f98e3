"""A challenge goes on under another version: nothing is said twice, nothing is lost, and back."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.builders import Case
from tests.versions import (
    LONGER,
    MORE_CHASING,
    NAMES,
    RENAMED,
    WITH_ROOMS,
    WITHOUT_EVENING,
    back,
    moved,
    second,
    unsafe,
)
from tests.visits import (
    DIRECTOR,
    END,
    LEAD,
    MANAGER,
    SECOND,
    START,
    VISITOR,
    Edit,
    Make,
    agreeing,
    clearing,
    dated,
    drafting,
    of_kind,
    staffed,
    visiting,
)
from workflow.model import events as e
from workflow.model.challenge import Challenge, replay
from workflow.model.decisions.mapping import Renaming
from workflow.model.decisions.migration import last_migration
from workflow.model.planning.reconcile import Settling
from workflow.model.task import TaskStatus

DAY = timedelta(days=1)
EVERY = (staffed, dated, visiting, drafting, agreeing, clearing)
every = pytest.mark.parametrize("make", EVERY)
CHASE = "    - {when: 3 days before limit, to: by, notice: to_do}\n"


def unversioned(challenge: Challenge) -> Challenge:
    """Return a challenge without the number of its events."""
    return replace(challenge, version=0)


@every
def test_the_same_text_under_another_version_changes_nothing_and_says_nothing(make: Make) -> None:
    case = make()
    after, decision = moved(case)
    assert [type(event) for event in decision.events] == [e.DefinitionMigrated]
    assert after.challenge == replace(
        case.challenge,
        definition_version="1.1",
        content_hash="second",
        version=case.challenge.version + 1,
        before_migration=case.challenge,
    )


@every
def test_undone_at_once_all_is_as_it_was(make: Make) -> None:
    case = make()
    there, _ = second(case)
    again, decision = back(there, case)
    assert [type(event) for event in decision.events] == [e.MigrationUndone]
    assert unversioned(again.challenge) == unversioned(case.challenge)
    assert again.challenge.version == len(again.events)
    assert replay(again.events) == again.challenge


@every
def test_what_is_kept_is_what_the_events_add_up_to(make: Make) -> None:
    there, _ = second(make())
    assert replay(there.events) == there.challenge


def test_what_is_called_otherwise_goes_on_as_it_was() -> None:
    case = visiting().until(START)
    old = case.task("catch_up", day=START)
    assert old.status is TaskStatus.OPEN
    there, decision = moved(case, *RENAMED, renaming=NAMES)
    new = there.task("talk", day=START)
    assert new == replace(old, key=f"talk:{START}", spec="talk")
    assert decision.renamed == {f"catch_up:{d}": f"talk:{d}" for d in (START, START + DAY)}
    assert not any(task.spec == "catch_up" for task in there.challenge.tasks.values())
    assert of_kind(decision.events, e.TaskIssued) == []


def test_a_stage_a_date_and_a_role_that_are_called_otherwise_keep_what_is_known_of_them() -> None:
    edits: list[Edit] = [
        ("  planning:  {title: Planning}", "  preparing:  {title: Preparing}"),
        ("    from: planning\n", "    from: preparing\n"),
        ("from: [planning, visiting, drafting, agreeing]",
         "from: [preparing, visiting, drafting, agreeing]"),
        ("from: [planning, visiting, drafting, agreeing, on_hold]",
         "from: [preparing, visiting, drafting, agreeing, on_hold]"),
        ("    stage: planning\n", "    stage: preparing\n"),
        ("    stage: planning\n", "    stage: preparing\n"),
        ("    stage: planning\n", "    stage: preparing\n"),
        ("stage: [planning, visiting]", "stage: [preparing, visiting]"),
        ("  host:         {title", "  client:       {title"),
        ("roles: [host]", "roles: [client]"),
        ("by: [manager, host], requires", "by: [manager, client], requires"),
        ("    by: [manager, host]\n", "    by: [manager, client]\n"),
        ("    by: host\n", "    by: client\n"),
    ]  # fmt: skip
    names = Renaming(keys={"planning": "preparing"}, roles={"host": "client"})
    case = dated()
    assert unsafe(case, *edits, renaming=names) == []
    there, decision = moved(case, *edits, renaming=names)
    assert there.challenge.stage == "preparing"
    assert there.challenge.entered == {"preparing": case.challenge.entered["planning"]}
    assert there.challenge.holders(["client"]) == case.challenge.holders(["host"])
    assert [type(event) for event in decision.events] == [e.DefinitionMigrated]
    assert unversioned(back(there, case)[0].challenge) == unversioned(case.challenge)


def test_a_task_that_is_gone_is_in_the_history_only() -> None:
    case = dated()
    there, decision = moved(case, *WITHOUT_EVENING)
    (event,) = of_kind(decision.events, e.DefinitionMigrated)
    assert event.dropped == ("evening_meeting",)
    assert "evening_meeting" not in there.challenge.tasks
    assert of_kind(decision.events, e.TaskCancelled) == []


def test_a_deadline_moves_as_after_any_other_change() -> None:
    case = drafting()
    there, decision = moved(case, *LONGER)
    (move,) = of_kind(decision.events, e.DeadlineMoved)
    assert (move.old_limit_on, move.limit_on) == (date(2026, 12, 24), date(2026, 12, 31))
    assert there.task("report_sent").limit_on == date(2026, 12, 31)


def test_an_open_task_is_not_opened_again() -> None:
    case = visiting().until(START)
    opened_at = case.task("catch_up", day=START).opened_at
    there, decision = second(case)
    assert there.task("talk", day=START).opened_at == opened_at
    assert of_kind(decision.events, e.TaskSuspended) == []
    assert [one.task for one in of_kind(decision.events, e.TaskOpened)] == ["book_rooms"]


def test_a_rung_that_was_said_keeps_its_mark_wherever_it_stands_now() -> None:
    case = agreeing()
    said = case.task("comments_in").said
    assert set(said) == {"chase.0"}
    there, decision = moved(case, *MORE_CHASING)
    assert there.task("comments_in").said == {"chase.2": said["chase.0"]}
    assert of_kind(decision.events, e.NoticeRaised) == []


def test_a_rung_that_is_gone_is_forgotten_and_its_place_says_what_is_new() -> None:
    case = agreeing()
    other = (
        "    - {when: on opening, to: by, notice: to_do}\n",
        "    - {when: 2 days after opening, to: by, notice: to_do}\n",
    )
    there, _ = moved(case, other)
    assert there.task("comments_in").said == {}
    there.until(case.today + 3 * DAY)
    assert set(there.task("comments_in").said) == {"chase.0"}


def test_a_new_rung_whose_time_has_gone_by_is_not_said() -> None:
    case = dated().done("scope_agreed", "brief_visitor").until(START - 5 * DAY)
    before = len(case.events)
    there, decision = moved(case, *MORE_CHASING)
    (passed,) = of_kind(decision.events, e.RungsPassed)
    assert {mark.rung for mark in passed.marks} == {"chase.0"}
    assert {mark.task for mark in passed.marks} == {
        "call_visitor:4",
        "call_visitor:5",
        "call_visitor:6",
    }
    assert of_kind(there.events[before:], e.NoticeRaised) == []


def test_what_was_not_said_yet_still_comes_once() -> None:
    def told(case: Case) -> list[int | None]:
        return case.until(START).told("to_do", since=0)

    case = dated().done("scope_agreed", "brief_visitor").until(START - 5 * DAY)
    as_it_was = told(replace(case, events=list(case.events)))
    there, _ = moved(case, *MORE_CHASING)
    extra = 1  # the rung of one day before, which lies ahead: one message to the manager
    assert told(there).count(MANAGER) == as_it_was.count(MANAGER) + extra
    assert told(there).count(LEAD) == as_it_was.count(LEAD)


def test_a_reminder_said_today_is_not_said_again_since_mail_goes_out_later_now() -> None:
    case = dated().done("scope_agreed", "brief_visitor")
    case.until(START - 4 * DAY, time(12))
    assert case.told("to_do")[-1] == MANAGER
    number = len(case.told("to_do"))
    there, decision = moved(case, ('send_at: "09:00"', 'send_at: "17:00"'))
    assert of_kind(decision.events, e.RungsPassed)
    assert len(there.until(START - 4 * DAY, time(23)).told("to_do")) == number


def test_a_rung_of_a_deadline_that_is_later_now_speaks_for_the_new_day() -> None:
    """As after a date that moves: it is another deadline."""
    case = drafting().until(date(2026, 12, 18))
    assert case.told("report_due_soon")
    number = len(case.told("report_due_soon"))
    there, decision = moved(case, *LONGER)
    assert of_kind(decision.events, e.NoticeRaised) == []
    assert len(there.until(date(2026, 12, 26)).told("report_due_soon")) == number + 1


def test_a_deadline_that_is_earlier_now_and_missed_is_said_once() -> None:
    case = drafting().until(date(2026, 12, 18))
    shorter = (
        ("opens: 3 weeks after visit_end", "opens: 2 weeks after visit_end"),
        ("target: 4 weeks after visit_end", "target: 3 weeks after visit_end"),
        ("limit: 4 weeks after visit_end", "limit: 3 weeks after visit_end"),
    )
    _, decision = moved(case, *shorter)
    assert len(of_kind(decision.events, e.DeadlineMissed)) == 1
    raised = of_kind(decision.events, e.NoticeRaised)
    assert [one.notice for one in raised] == ["report_due_today"] * 2
    assert {one.recipient for one in raised} == {DIRECTOR, MANAGER}


def test_a_new_task_is_told_as_it_opens_and_its_past_is_not() -> None:
    case = dated().done("scope_agreed", "brief_visitor").until(START - 7 * DAY)
    there, decision = moved(case, *WITH_ROOMS)
    raised = of_kind(decision.events, e.NoticeRaised)
    assert [(one.notice, one.recipient, one.tasks) for one in raised] == [
        ("to_do", MANAGER, ("book_rooms",))
    ]
    (passed,) = of_kind(decision.events, e.RungsPassed)
    assert [mark.rung for mark in passed.marks] == ["chase.1"]
    assert there.task("book_rooms").status is TaskStatus.OPEN


def test_what_was_due_is_said_under_the_old_version_first() -> None:
    case = dated().done("scope_agreed", "brief_visitor")
    late = replace(case, at=datetime.combine(START - 3 * DAY, time(12), UTC))
    there, decision = moved(late, *MORE_CHASING)
    assert there.told("to_do")[-1] == MANAGER
    place = [type(event) for event in there.events].index(e.DefinitionMigrated)
    assert any(isinstance(one, e.NoticeRaised) for one in there.events[len(case.events) : place])
    assert of_kind(decision.events, e.NoticeRaised) == []


def test_the_way_back_is_open_until_somebody_works_on_it() -> None:
    case = visiting()
    there, _ = second(case)
    assert there.challenge.before_migration == case.challenge
    passed = replace(there, events=list(there.events)).until(START)
    assert passed.challenge.before_migration == case.challenge
    refused = e.CommandRefused(at=there.at, actor=3, command="Advance", message="no")
    assert replay([refused], there.challenge).before_migration == case.challenge
    worked = replace(there, events=list(there.events)).done("book_rooms")
    assert worked.challenge.before_migration is None


def test_what_was_said_since_is_not_said_again_after_going_back() -> None:
    case = dated().done("scope_agreed", "brief_visitor").until(START - 10 * DAY)
    there, _ = moved(case, *MORE_CHASING)
    there.until(START - 3 * DAY)
    number = len(there.told("to_do"))
    again, decision = back(there, case)
    assert of_kind(decision.events, e.NoticeRaised) == []
    (event,) = of_kind(decision.events, e.MigrationUndone)
    assert {mark.rung for mark in event.said} == {"chase.1"}
    assert len(again.until(START - DAY, time(8)).told("to_do")) == number


def test_what_only_the_new_version_says_is_forgotten_after_going_back() -> None:
    case = dated().done("scope_agreed", "brief_visitor").until(START - 10 * DAY)
    there, _ = moved(case, *MORE_CHASING)
    told = of_kind(there.until(START - 2 * DAY, time(10)).events, e.NoticeRaised)
    assert "chase.1" in {mark.rung for one in told for mark in one.marks}  # a day before the limit
    _, decision = back(there, case)
    (event,) = of_kind(decision.events, e.MigrationUndone)
    assert [(mark.task, mark.rung) for mark in event.said] == [
        (f"call_visitor:{person}", "chase.1") for person in (LEAD, VISITOR, SECOND)
    ]


def test_what_was_not_said_since_comes_after_going_back() -> None:
    quiet = (CHASE, "")
    case = dated().done("scope_agreed", "brief_visitor").until(START - 10 * DAY)
    there, _ = moved(case, quiet)
    number = len(there.until(START - 3 * DAY).told("to_do"))
    again, decision = back(there, case)
    assert len(of_kind(decision.events, e.NoticeRaised)) == 1
    assert len(again.told("to_do")) == number + 1


def test_a_step_that_is_taken_again_after_going_back_is_not_told_again() -> None:
    told: Edit = (
        "  dates_moved:\n",
        "  all_home:\n    title: The visit is over\n    when: drafting is entered\n    to: hosts\n"
        "  dates_moved:\n",
    )
    first = visiting(told).until(END).done("catch_up", "feedback_given", "evening_meeting")
    there, _ = moved(first, told)
    there.until(END + DAY)
    assert there.challenge.stage == "drafting"
    assert len(there.told("all_home")) == 1
    again, decision = back(there, first)
    assert again.challenge.stage == "drafting"
    assert len(of_kind(decision.events, e.StageEntered)) == 1
    assert len(again.told("all_home")) == 1


def test_the_last_migration_is_the_one_that_was_not_undone() -> None:
    case = visiting()
    assert last_migration(case.events) == ()
    there, decision = second(case)
    assert last_migration(there.events) == decision.events
    again, _ = back(there, case)
    assert last_migration(again.events) == ()


def test_a_migration_can_follow_a_migration_and_only_the_last_is_undone() -> None:
    case = visiting()
    there, _ = second(case)
    further, _ = moved(there, *LONGER, renaming=Renaming(keys={"talk": "catch_up"}))
    assert further.challenge.before_migration == replace(there.challenge, before_migration=None)
    again, _ = back(further, there)
    assert again.challenge.before_migration is None


def test_undoing_is_no_work_and_starts_from_the_challenge_as_it_stands() -> None:
    case = visiting()
    there, _ = second(case)
    passing = Settling(there.rules, there.challenge, there.at)
    assert passing.challenge.before_migration is not None
    again, _ = back(there, case)
    assert again.challenge.version == there.challenge.version + 1
