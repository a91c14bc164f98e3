"""What the programme says of unusual events to the report and the notes: a test for each row.

Source: house rules, section 2. The rows about the team and the dates are in
`test_edge_cases.py`.
"""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.builders import (
    OTHERS,
    PEERS,
    Case,
    confirmed,
    issued,
    on_site,
    planned,
    ready,
    signed_off,
    visited,
)
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.errors import Refused
from workflow.model.task import NO_REPLY, TaskStatus

BEGUN = date(2026, 10, 19)
START, END = date(2026, 11, 24), date(2026, 11, 27)
MANAGER, PROGRAMME = OTHERS["challenge_manager"], OTHERS["programme_manager"]
CLIENT, LEAD, TRUST = OTHERS["client_contact"], PEERS["lead_peer"], PEERS["trust_peer"]


@pytest.fixture
def given() -> Case:
    """Return a challenge on the evening of its last day on site."""
    return visited(START, END, begun=BEGUN)


@pytest.fixture
def sent() -> Case:
    """Return a challenge whose draft report is with the client."""
    return issued(START, END, begun=BEGUN)


@pytest.fixture
def final() -> Case:
    """Return a challenge whose report was signed off on 4 January 2027."""
    return signed_off(START, END, begun=BEGUN)


def test_a_peer_who_is_silent_on_the_draft_counts_as_no_reply_after_a_week(given: Case) -> None:
    given.until(date(2026, 11, 30)).done("draft_circulated")
    given.done_for(LEAD, "comment_on_draft")
    with pytest.raises(Refused, match="comes after what is not done yet"):
        given.done("draft_report")
    given.until(date(2026, 12, 8))
    silent = given.task("comment_on_draft", person=TRUST)
    assert (silent.status, silent.reason) == (TaskStatus.WAIVED, NO_REPLY)
    assert {LEAD, TRUST} <= set(given.told("comment_request"))
    assert given.done("draft_report").challenge.stage == "with_client"


def test_a_late_draft_is_late_for_ever_and_goes_up_to_the_programme_manager(given: Case) -> None:
    given.until(date(2026, 11, 30)).done("draft_circulated").until(date(2026, 12, 29))
    assert given.told("draft_late") == [MANAGER, PROGRAMME]
    given.done("draft_report")
    report = given.task("draft_report")
    assert report.is_missed
    assert (report.limit_on, report.done_on) == (date(2026, 12, 25), date(2026, 12, 29))
    missed = [x.task for x in given.events if isinstance(x, e.DeadlineMissed)]
    assert "draft_report" in missed


def test_the_countdown_speaks_at_14_7_3_1_and_0_days_before_the_working_target(
    given: Case,
) -> None:
    given.until(date(2026, 12, 24))
    said = [x.at.date() for x in given.events if _is_notice(x, "draft_countdown")]
    assert said == [date(2026, 12, day) for day in (10, 17, 21, 23, 24)]


def _is_notice(event: e.Event, notice: str) -> bool:
    return isinstance(event, e.NoticeRaised) and event.notice == notice


def test_a_draft_that_is_issued_again_leaves_the_first_day_as_it_was(sent: Case) -> None:
    sent.until(date(2026, 12, 14))
    again = c.CompleteTask(spec="draft_report", on=sent.today, evidence="version=2 sent_to=client")
    with pytest.raises(Refused, match="is done already, on Monday 7 December 2026"):
        sent.do(again)
    assert sent.task("draft_report").done_on == date(2026, 12, 7)


def test_a_client_who_delays_sign_off_is_reminded_and_then_a_decision_is_due(sent: Case) -> None:
    sent.until(date(2027, 2, 2))
    chased = [x.at.date() for x in sent.events if _is_notice(x, "sign_off_chaser")]
    weeks = {(day - date(2026, 12, 7)).days // 7 for day in chased}
    assert weeks == {2, 4, 8}
    assert PROGRAMME in sent.told("sign_off_chaser")
    assert sent.task("review_holding").status is TaskStatus.PENDING
    sent.until(date(2027, 2, 27))
    assert sent.task("review_holding").status is TaskStatus.OPEN
    assert sent.unfinished("destroy_notes")[0].status is TaskStatus.PENDING
    sent.until(date(2027, 4, 1))
    assert sent.told("holding_review").count(MANAGER) == 2  # it opened, and a month later


def test_notes_are_destroyed_without_sign_off_when_that_is_decided(sent: Case) -> None:
    sent.until(date(2027, 3, 1)).done("review_holding", evidence="destroy: nobody answers")
    sent.plan("early_destruction", date(2027, 3, 1))
    assert sent.told("destroy_now") == list(PEERS.values())
    assert sent.task("destroy_notes", person=LEAD).status is TaskStatus.OPEN


def test_a_sign_off_in_time_leaves_nothing_to_decide_after_three_months(final: Case) -> None:
    final.until(date(2027, 3, 1))
    assert final.task("review_holding").reason == NO_REPLY
    assert final.told("holding_review") == []


def test_a_client_who_wants_another_judgement_starts_no_new_clock(sent: Case) -> None:
    limit_on = sent.task("report_agreed").limit_on
    sent.done("client_comments", evidence="disputes the judgement on leadership")
    assert sent.task("client_comments").evidence == "disputes the judgement on leadership"
    assert sent.task("report_agreed").limit_on == limit_on == date(2027, 2, 1)
    assert sent.task("draft_report").limit_on == date(2026, 12, 25)


def test_the_drafter_does_not_sign_for_the_client(sent: Case) -> None:
    sent.done("client_comments", "report_agreed")
    with pytest.raises(Refused, match="must be done by somebody else"):
        sent.done("client_sign_off", by=MANAGER)
    assert sent.done("client_sign_off", by=CLIENT).challenge.stage == "agreed"


def test_a_report_that_is_reopened_suspends_destruction_and_keeps_what_is_destroyed(
    final: Case,
) -> None:
    final.done_for(LEAD, "destroy_notes").advance("reopen", reason="a figure was wrong")
    assert final.challenge.stage == "with_client"
    assert "signed_off" not in final.challenge.dates
    assert final.task("destroy_notes", person=LEAD).status is TaskStatus.DONE
    assert final.task("destroy_notes", person=TRUST).status is TaskStatus.PENDING

    final.until(date(2027, 1, 11)).done("report_agreed")
    final.done("client_sign_off", by=CLIENT).advance("sign_off")
    assert final.challenge.dates["signed_off"].on == date(2027, 1, 11)
    assert final.task("destroy_notes", person=LEAD).status is TaskStatus.DONE
    assert final.task("destroy_notes", person=TRUST).limit_on == date(2027, 1, 25)
    assert final.told("destroy_now").count(TRUST) == 2
    assert final.told("destroy_now").count(LEAD) == 1


def test_a_peer_who_never_confirms_is_chased_and_only_an_override_closes(final: Case) -> None:
    final.done("destroy_team_material", "publish")
    for person in PEERS.values():
        if person != TRUST:
            final.done_for(person, "destroy_notes")
    final.until(date(2027, 2, 8))
    chased = [x.at.date() for x in final.events if _is_notice(x, "destroy_chaser")]
    assert sorted(set(chased)) == [date(2027, 1, 11), date(2027, 1, 18), date(2027, 2, 1)]
    assert PROGRAMME in final.told("destroy_escalation")
    with pytest.raises(Refused) as caught:
        final.advance("close")
    assert "1 of 7 not done" in caught.value.unmet[0].text
    final.advance("close", override="incident 12: no answer, their employer was told")
    exception = final.task("destroy_notes", person=TRUST)
    assert final.challenge.stage == "closed"
    assert (exception.status, exception.is_overridden) == (TaskStatus.WAIVED, True)
    assert "incident 12" in exception.reason


def test_a_peer_who_confirms_before_sign_off_is_believed_and_flagged(sent: Case) -> None:
    sent.done_for(LEAD, "destroy_notes")
    assert sent.task("destroy_notes", person=LEAD).status is TaskStatus.DONE
    assert "recorded early" in sent.warnings[0]


def test_an_answer_by_a_machine_confirms_nothing(final: Case) -> None:
    """Nothing but a recorded confirmation of every kind of copy closes the duty."""
    bounced = c.CompleteTask(spec="destroy_notes", on=final.today, person=LEAD)
    with pytest.raises(Refused, match="not confirmed yet"):
        final.do(bounced)
    partly = c.CompleteTask(
        spec="destroy_notes", on=final.today, person=LEAD, attested=("laptop", "loose_paper")
    )
    with pytest.raises(Refused, match="numbered notebook") as caught:
        final.do(partly)
    assert "laptop" not in str(caught.value)


def test_a_lost_notebook_starts_72_elapsed_hours() -> None:
    case = on_site(date(2026, 10, 20), date(2026, 10, 23), begun=date(2026, 9, 14))
    case.until(date(2026, 10, 23), time(17))
    lost = datetime(2026, 10, 23, 15, tzinfo=UTC)  # 16:00 in London, two days before clocks change
    assert case.challenge.occurrences("report_device_loss") == ()
    case.plan("device_lost", date(2026, 10, 23), moment=lost)
    assert case.task("report_device_loss").limit_at == lost + timedelta(hours=72)
    assert case.told("device_loss_clock") == [MANAGER, PROGRAMME]


@pytest.mark.parametrize("name", ["SAR 3", "FOI 2027-12"])
def test_a_request_for_records_stops_their_destruction(final: Case, name: str) -> None:
    final.plan("data_requested", date(2027, 1, 4))
    assert final.task("answer_data_request").limit_on == date(2027, 2, 4)
    final.do(c.PlaceHold(name=name, reason="asked for"))
    final.until(date(2027, 2, 1))
    assert not final.task("destroy_notes", person=LEAD).is_missed
    assert final.told("destroy_chaser") == []
    with pytest.raises(Refused, match="on hold"):
        final.done_for(LEAD, "destroy_notes")
    final.do(c.LiftHold(name=name, reason="answered")).done_for(LEAD, "destroy_notes")


def test_a_client_withdraws_and_owes_no_report_but_notes_are_destroyed(given: Case) -> None:
    given.do(c.Advance(trigger="withdraw", reason="the board changed"), actor=CLIENT)
    assert given.challenge.stage == "withdrawn"
    assert given.challenge.occurrences("draft_report") == ()
    assert given.told("destroy_now") == list(PEERS.values())
    with pytest.raises(Refused, match="not possible yet"):
        given.advance("close_terminated")
    given.done("destroy_notes", "destroy_team_material").advance("close_terminated")
    assert given.challenge.stage == "closed_terminated"


def test_a_challenge_that_nothing_was_issued_for_ends_at_once() -> None:
    case = planned(START, END, begun=BEGUN).advance("cancel", reason="no peers to be found")
    assert case.challenge.stage == "cancelled"
    assert case.told("destroy_now") == []
    assert case.done("destroy_team_material").advance("close_terminated").told("reminder") == []


@pytest.mark.parametrize("trigger", ["withdraw", "cancel", "postpone"])
def test_leaving_the_path_needs_a_reason(trigger: str) -> None:
    with pytest.raises(Exception, match="say why"):
        confirmed(START, END, begun=BEGUN).advance(trigger)


def test_a_postponed_challenge_keeps_its_team_and_loses_its_dates_and_its_clocks() -> None:
    case = ready(START, END, begun=BEGUN).advance("postpone", reason="winter pressures")
    before = len(case.events)
    assert case.challenge.dates == {}
    case.until(date(2027, 2, 1))
    assert case.events[before:] == []
    case.advance("resume").plan("onsite_start", date(2027, 3, 16))
    case.plan("onsite_end", date(2027, 3, 19))
    assert case.challenge.stage == "pre_on_site"
    assert case.challenge.holders(["lead_peer"]) == (LEAD,)
    assert case.task("call_peer", person=LEAD).status is TaskStatus.DONE
    assert case.task("acknowledge", person=LEAD).status is TaskStatus.OPEN  # do new dates suit?


def test_an_interrupted_challenge_keeps_the_dates_that_were(given: Case) -> None:
    given.advance("interrupt", reason="strike").until(date(2027, 1, 4))
    assert not given.task("draft_report").is_missed
    assert given.advance("resume").challenge.stage == "drafting"
    assert given.challenge.dates["onsite_end"].on == END


def test_a_week_three_weeks_and_four_weeks_are_all_shown_with_their_source(given: Case) -> None:
    comment, report = given.task("comment_on_draft", person=LEAD), given.task("draft_report")
    assert comment.target_on == END + timedelta(weeks=1)
    assert report.opens_at is not None
    assert given.rules.today(report.opens_at) == END + timedelta(weeks=3)
    assert report.limit_on == END + timedelta(weeks=4)
    specs = given.rules.specs
    assert specs["comment_on_draft"].source == "guidance 101"
    assert (specs["draft_report"].source, specs["draft_report"].target_source) == (
        "guidance 82, 101",
        "house policy",
    )


def test_publication_before_an_election_may_wait_or_fall_away_with_a_reason(final: Case) -> None:
    final.until(date(2027, 5, 4))
    publish = final.task("publish")
    assert (publish.target_on, publish.is_missed) == (date(2027, 4, 4), False)
    final.done("destroy_notes", "destroy_team_material")
    with pytest.raises(Refused, match="not possible yet"):
        final.advance("close")
    assert final.waive("publish").advance("close").challenge.stage == "closed"


def test_a_serious_concern_goes_up_the_same_day_and_is_told_to_nobody_else(given: Case) -> None:
    given.plan("concern_raised", END)
    assert given.task("escalate_concern").limit_on == date(2026, 11, 30)
    assert given.told("concern_escalated") == [PROGRAMME]


def test_a_finding_of_a_very_small_group_is_looked_at_before_it_is_presented() -> None:
    case = on_site(START, END, begun=BEGUN).until(END)
    partly = c.CompleteTask(
        spec="findings_triangulated",
        on=END,
        attested=("two_independent_sources_each", "aired_at_a_catch_up_or_marked_as_new"),
    )
    with pytest.raises(Refused, match="nobody recognisable"):
        case.do(partly)
    with pytest.raises(Refused, match="comes after what is not done yet"):
        case.done("feedback_session")
