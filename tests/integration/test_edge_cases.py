"""What the programme says of unusual events to the team and the dates: a test for each row.

Source: house rules, section 2. The rows about the report and about destruction are in
`test_edge_cases_report.py`.
"""

from datetime import date, time, timedelta

import pytest

from tests.builders import (
    OTHERS,
    PEERS,
    SUBSTITUTE,
    Case,
    confirmed,
    on_site,
    planned,
    ready,
    signed_off,
    sourced,
    visited,
)
from workflow.model import events as e
from workflow.model.calendar import calendar_named
from workflow.model.errors import Refused
from workflow.model.outlook.showing import headline
from workflow.model.planning.rulebook import Rulebook
from workflow.model.task import TaskStatus

BEGUN = date(2026, 10, 19)
START, END = date(2026, 11, 24), date(2026, 11, 27)
MANAGER, LEAD, TRUST = OTHERS["challenge_manager"], PEERS["lead_peer"], PEERS["trust_peer"]


def refusal(case: Case, trigger: str, *, reason: str = "") -> Refused:
    """Return how a step is refused."""
    with pytest.raises(Refused) as caught:
        case.advance(trigger, reason=reason)
    return caught.value


def missing(case: Case, trigger: str, *, reason: str = "") -> str:
    """Return what a step still lacks, in words."""
    return "; ".join(item.text for item in refusal(case, trigger, reason=reason).unmet)


def test_a_peer_drops_out_before_the_team_is_confirmed_and_the_client_confirms_once() -> None:
    case = sourced(START, END, begun=BEGUN).until(date(2026, 10, 21)).release(TRUST)
    assert case.task("take_on_peer", person=TRUST).status is TaskStatus.DONE
    assert case.unfinished("destroy_notes") == []
    case.assign("trust_peer", SUBSTITUTE)
    case.done("take_on_peer", "acknowledge", "propose_team", "client_confirms_team")
    case.advance("confirm_team")
    assert case.challenge.stage == "pre_on_site"
    assert len(case.told("team_confirmation_request")) == 2  # asked, and asked for the new team


def test_a_peer_drops_out_after_confirmation_and_a_substitute_gets_what_the_others_had() -> None:
    case = ready(START, END, begun=BEGUN).until(date(2026, 11, 19))
    limit_on = case.task("draft_report").limit_on
    case.release(TRUST).assign("trust_peer", SUBSTITUTE)

    assert case.task("destroy_notes", person=TRUST).status is TaskStatus.OPEN
    assert case.told("destroy_now") == [TRUST]
    assert case.told("left_team") == [TRUST]
    assert MANAGER in case.told("peer_left")  # who revokes the access to the file share

    case.done("base_room", "evening_meeting", "call_system_lead", "call_member_lead")
    case.until(START, case.at.time())
    lacking = missing(case, "go_on_site")
    for words in ("Call each person", "Briefing pack", "Confirm the team", "confirms dates"):
        assert words in lacking
    assert case.task("draft_report").limit_on == limit_on


def test_a_substitute_has_until_the_end_of_the_next_working_day_at_least() -> None:
    case = ready(START, END, begun=BEGUN).until(date(2026, 11, 23))
    case.release(TRUST).assign("trust_peer", SUBSTITUTE)
    assert case.task("call_peer", person=SUBSTITUTE).limit_on == START
    assert case.task("call_peer", person=LEAD).limit_on == date(2026, 11, 23)


def test_a_team_that_is_too_small_needs_a_reason_to_go_on_site() -> None:
    case = ready(START, END, begun=BEGUN).release(TRUST).release(PEERS["council_peer"])
    case.done("propose_team", "client_confirms_team").until(START)
    assert "Trust chief executive" in missing(case, "go_on_site")
    assert case.advance("go_on_site", reason="two fell ill").challenge.stage == "on_site"
    assert "Trust chief executive" in " ".join(case.warnings)


def test_a_peer_who_leaves_on_site_is_not_asked_to_comment_but_must_destroy_the_notes() -> None:
    case = on_site(START, END, begun=BEGUN).until(date(2026, 11, 26), time(10))
    limit_on = case.task("draft_report").limit_on
    case.release(TRUST)
    assert case.told("destroy_now") == [TRUST]
    assert case.unfinished("client_confirms_team") == []  # the team that came is the team
    assert [task.person for task in case.unfinished("comment_on_draft")] == [
        person for person in PEERS.values() if person != TRUST
    ]
    assert case.task("draft_report").limit_on == limit_on


def test_without_a_lead_peer_nobody_goes_on_site_and_the_call_is_to_be_made_again() -> None:
    case = ready(START, END, begun=BEGUN).done("call_system_lead").until(START)
    case.release(LEAD)
    assert "Lead peer: 0 of at least 1" in missing(case, "go_on_site")
    assert case.task("ask_lead_peer").status is TaskStatus.OPEN
    case.assign("lead_peer", SUBSTITUTE).done("ask_lead_peer")
    assert case.told("lead_peer_call_request")[-1] == SUBSTITUTE


def test_without_a_lead_peer_no_feedback_is_presented() -> None:
    case = on_site(START, END, begun=BEGUN).release(LEAD).until(END)
    case.done("session_record", "catch_up", "coverage", "findings_triangulated")
    case.done("feedback_session")
    assert missing(case, "present_feedback") == "Lead peer: 0 of at least 1"


def test_a_manager_who_is_lost_hands_over_and_what_was_confirmed_stays() -> None:
    case = ready(START, END, begun=BEGUN)
    case.release(MANAGER).assign("challenge_manager", 9)
    hand_over = case.task("hand_over", person=MANAGER)
    assert hand_over.status is TaskStatus.OPEN
    assert case.task("client_confirms_team").status is TaskStatus.DONE
    assert case.task("call_peer", person=LEAD).status is TaskStatus.DONE
    assert set(case.told("manager_changed")) >= {*PEERS.values(), OTHERS["client_contact"]}
    case.until(START)
    assert 9 in case.told("evening_meeting_notice")
    assert MANAGER not in case.told("evening_meeting_notice")


@pytest.mark.parametrize("role", ["member_peer", "member_lead"])
def test_without_a_member_on_both_sides_there_is_no_call_between_them(role: str) -> None:
    case = ready(START, END, begun=BEGUN, without=(role,)).until(START)
    assert case.challenge.occurrences("ask_member_peer") == ()
    assert case.challenge.occurrences("call_member_lead") == ()
    assert refusal(case, "go_on_site").kind == "needs_reason"
    assert case.advance("go_on_site", reason="no councillor this time").challenge.stage == "on_site"


def test_dates_that_move_before_the_visit_take_the_open_limits_along() -> None:
    case = confirmed(START, END, begun=BEGUN).done_for(LEAD, "call_peer")
    before = len(case.events)
    case.plan("onsite_end", END + timedelta(7)).plan("onsite_start", START + timedelta(7))
    assert case.task("call_peer", person=LEAD).status is TaskStatus.DONE
    assert case.task("call_peer", person=TRUST).limit_on == date(2026, 11, 30)
    assert case.task("draft_report").limit_on == date(2027, 1, 1)
    moved = [
        event
        for event in case.events[before:]
        if isinstance(event, e.DeadlineMoved) and event.task == f"call_peer:{TRUST}"
    ]
    assert [event.old_limit_on for event in moved] == [date(2026, 11, 23)]
    for person in PEERS.values():
        assert case.task("acknowledge", person=person).status is TaskStatus.OPEN


def test_a_date_that_moves_is_said_once_to_each_person() -> None:
    case = ready(START, END, begun=BEGUN)
    before = len(case.events)
    case.plan("onsite_end", END + timedelta(1))
    told = case.told("timetable_changed", since=before)
    assert len(told) == len(set(told))
    assert set(told) == {*PEERS.values(), MANAGER, 4, 5, 6}


def test_a_visit_that_is_cut_short_counts_from_the_last_day_that_was() -> None:
    case = on_site(START, END, begun=BEGUN).until(date(2026, 11, 26))
    case.plan("onsite_end", date(2026, 11, 26))
    assert case.challenge.dates["onsite_end"].is_actual
    assert case.task("draft_report").limit_on == date(2026, 12, 24)
    case.done("session_record", "catch_up", "coverage", "findings_triangulated")
    assert case.done("feedback_session").advance("present_feedback").challenge.stage == "drafting"


def test_feedback_after_the_last_day_does_not_move_the_end_of_the_visit() -> None:
    case = on_site(START, END, begun=BEGUN).until(date(2026, 11, 30))
    case.done("session_record", "catch_up", "coverage", "findings_triangulated")
    case.done("feedback_session").advance("present_feedback")
    assert case.task("draft_report").limit_on == date(2026, 12, 25)


@pytest.mark.parametrize(
    ("end", "catch_ups", "limit_on"),
    [(date(2026, 11, 26), 2, date(2026, 12, 24)), (date(2026, 11, 27), 3, date(2026, 12, 25))],
)
def test_three_days_have_fewer_catch_ups_and_end_a_day_earlier(
    end: date, catch_ups: int, limit_on: date
) -> None:
    case = planned(START, end, begun=BEGUN)
    assert len(case.challenge.occurrences("catch_up")) == catch_ups
    assert len(case.challenge.occurrences("session_record")) == catch_ups + 1
    assert case.task("draft_report").limit_on == limit_on
    assert case.warnings == ()


@pytest.mark.parametrize("days", [2, 5])
def test_two_or_five_days_are_possible_and_are_said(days: int) -> None:
    case = planned(START, START + timedelta(days - 1), begun=BEGUN)
    assert f"{days} days in all" in case.warnings[0]


def test_a_client_who_is_late_with_the_timetable_stops_the_visit_unless_overridden() -> None:
    case = confirmed(START, END, begun=BEGUN)
    case.done("position_statement", "file_share", "ask_lead_peer", "ask_member_peer", "call_peer")
    case.until(START)
    assert "Timetable from the client" in missing(case, "go_on_site")
    assert OTHERS["programme_manager"] in case.told("client_documents_chaser")
    case.advance("go_on_site", override="the timetable was agreed by telephone")
    assert case.challenge.stage == "on_site"
    assert case.task("timetable").is_overridden
    entered = [event for event in case.events if isinstance(event, e.StageEntered)]
    assert entered[-1].is_overridden
    assert "Timetable" in " ".join(entered[-1].unmet)


@pytest.mark.parametrize(
    ("end", "target_on", "limit_on"),
    [
        (date(2026, 11, 27), date(2026, 12, 24), date(2026, 12, 25)),
        (date(2026, 12, 4), date(2026, 12, 31), date(2027, 1, 1)),
        (date(2027, 2, 26), date(2027, 3, 25), date(2027, 3, 26)),
        (date(2027, 4, 30), date(2027, 5, 28), date(2027, 5, 28)),
    ],
)
def test_a_limit_on_a_holiday_stays_and_the_work_is_due_before_it(
    end: date, target_on: date, limit_on: date
) -> None:
    case = planned(end - timedelta(3), end, begun=BEGUN)
    report = case.task("draft_report")
    assert (report.target_on, report.limit_on) == (target_on, limit_on)


def test_a_new_bank_holiday_moves_open_working_days_and_keeps_the_old_ones() -> None:
    case = signed_off(START, END, begun=BEGUN)
    old = case.task("destroy_notes", person=LEAD).limit_on
    assert old == date(2027, 1, 18)
    extra = {date(2027, 1, 11): "A day of thanksgiving"}
    case.rules = Rulebook(case.rules.definition, calendar_named("england_and_wales", added=extra))
    before = len(case.events)
    case.sweep()
    assert case.task("destroy_notes", person=LEAD).limit_on == date(2027, 1, 19)
    moved = [event for event in case.events[before:] if isinstance(event, e.DeadlineMoved)]
    assert {event.old_limit_on for event in moved if event.old_limit_on} == {old}


def test_a_peer_on_two_challenges_is_booked_twice_and_destroys_twice() -> None:
    first, second = signed_off(START, END, begun=BEGUN), visited(START, END, begun=BEGUN)
    first.done_for(LEAD, "destroy_notes")
    assert first.task("destroy_notes", person=LEAD).status is TaskStatus.DONE
    assert second.task("destroy_notes", person=LEAD).status is TaskStatus.PENDING
    for case in (first, second):
        shown = headline(case.rules, case.challenge, at=case.at)
        assert (shown.busy_from, shown.busy_to) == (START, END)
        assert LEAD in shown.busy_people


def test_a_new_programme_manager_is_told_what_the_old_one_would_have_been() -> None:
    case = visited(START, END, begun=BEGUN).release(OTHERS["programme_manager"])
    case.assign("programme_manager", 9)
    before = len(case.events)
    case.until(date(2026, 12, 29))
    told = case.told("draft_late", since=before)
    assert 9 in told
    assert OTHERS["programme_manager"] not in told
