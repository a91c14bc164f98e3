"""Changes: the plan that is shown is the one that is carried out, and refusals say the way out."""

from typing import Any

import pytest

from tests.integration.cli.desk import CLIENT, LEAD, MANAGER, TRUST, Desk


def agreed(desk: Desk) -> Desk:
    """Bring NOR-26 to the stage in which peers are found."""
    desk.type("done", "NOR-26", "commission", "--evidence", "asked_by=the board")
    desk.type("done", "NOR-26", "scope_agreed", "--evidence", "in a meeting")
    desk.type("advance", "NOR-26", "agree_scope")
    return desk


def with_peers(desk: Desk) -> Desk:
    """Put two peers on the team."""
    agreed(desk)
    desk.type("assign", "NOR-26", "lead_peer", LEAD)
    desk.type("assign", "NOR-26", "trust_peer", TRUST)
    return desk


CHANGES: list[tuple[str, ...]] = [
    ("date", "NOR-26", "onsite_start", "2026-12-01"),
    ("date", "NOR-26", "onsite_start", "2026-12-01", "--reason", "the client asked"),
    ("assign", "NOR-26", "member_peer", "1"),
    ("release", "NOR-26", TRUST, "--reason", "ill"),
    ("done", "NOR-26", "take_on_peer", "--for", LEAD, "--evidence", "called"),
    ("done", "NOR-26", "timetable", "--on", "2026-08-31", "--by", CLIENT, "--evidence", "seen"),
    ("waive", "NOR-26", "evening_meeting", "--reason", "the team met at lunch"),
    ("hold", "NOR-26", "FOI 2027-12", "--reason", "a request"),
    ("advance", "NOR-26", "confirm_team", "--override", "no time"),
    ("postpone", "NOR-26", "--reason", "an election"),
    ("withdraw", "NOR-26", "--reason", "other plans"),
    ("cancel", "NOR-26", "--reason", "no team"),
]


def without_run(plan: dict[str, Any]) -> dict[str, Any]:
    """Return a plan without what says whether it was carried out."""
    return {key: value for key, value in plan.items() if key != "is_dry_run"}


@pytest.mark.parametrize("change", CHANGES, ids=" ".join)
def test_a_dry_run_prints_the_very_plan_that_the_real_run_carries_out(
    desk: Desk, change: tuple[str, ...]
) -> None:
    with_peers(desk)
    before = desk.read("show", "NOR-26")
    shown = desk.type(*change, "--dry-run")
    planned = desk.read(*change, "-n")
    assert "Nothing was changed. Without --dry-run, this is what happens." in shown.stderr
    assert desk.read("show", "NOR-26") == before
    assert planned["is_dry_run"] is True
    events = len(desk.read("audit", "log", "NOR-26")["events"])
    done = desk.read(*change)
    assert done["is_dry_run"] is False
    assert without_run(done) == without_run(planned)
    log = desk.read("audit", "log", "NOR-26")["events"][events:]
    assert [event["kind"] for event in log] == [event["kind"] for event in planned["events"]]


def test_the_text_of_a_dry_run_is_the_text_of_the_real_run(desk: Desk) -> None:
    with_peers(desk)
    change = ("date", "NOR-26", "onsite_start", "2026-12-01")
    assert desk.type(*change, "-n").stdout == desk.type(*change).stdout


def test_a_date_that_moves_shows_what_moves_with_it_and_why(desk: Desk) -> None:
    with_peers(desk)
    text = desk.type("date", "NOR-26", "onsite_start", "2026-12-01", "-n").stdout
    assert "First day on site   Tuesday 24 November  →  Tuesday 1 December 2026, planned" in text
    line = next(line for line in text.splitlines() if "Draft report to the client" in line)
    assert line.startswith("moves")
    assert "limit Fri 25 Dec 2026 → Fri 1 Jan 2027" in line
    assert "4 weeks after the last day on site (Friday 4 December 2026) (guidance 82, 101)" in line
    assert "new     Sessions of Tue 1 Dec" in text
    assert "gone    Sessions of Tue 24 Nov" in text


def test_a_substitute_is_warned_of_when_booked_elsewhere(desk: Desk) -> None:
    with_peers(desk)
    desk.type(
        "new", "EAS-26", "--definition=local_system_peer_challenge", "--title=E", "--client=E",
        "--date=onsite_start=2026-11-25", "--date=onsite_end=2026-11-27",
    )  # fmt: skip
    text = desk.type("assign", "EAS-26", "lead_peer", LEAD).stdout
    assert "clash   Ada Marsh is booked for NOR-26 from Tue 24 Nov to Fri 27 Nov" in text


def test_somebody_who_is_not_eligible_is_warned_of(desk: Desk) -> None:
    text = agreed(desk).type("assign", "NOR-26", "lead_peer", TRUST).stdout
    assert "warns   Ben Okoro is not recorded as chief executive" in text


def test_a_refused_step_lists_what_is_missing_and_the_way_out(desk: Desk) -> None:
    text = desk.type("advance", "NOR-26", "agree_scope", code=4).stderr.splitlines()
    assert text[0] == "Refused: NOR-26: not possible yet: Agree the scope"
    assert text[1].startswith("  - Record who asked for the challenge: not done")
    assert text[1].endswith("guidance 29, 110, 212")
    assert text[3].startswith("You can: record what is done (peer-challenge done NOR-26 …)")


def test_a_refused_step_has_the_same_facts_in_json(desk: Desk) -> None:
    found = desk.read("advance", "NOR-26", "agree_scope", code=4)
    error = found["error"]
    assert error.keys() >= {"kind", "message", "unmet", "allowed"}
    assert error["kind"] == "unmet"
    assert "Record who asked for the challenge: not done (guidance 29, 110, 212)" in error["unmet"]
    assert "agree_scope" in error["allowed"]


def test_a_refusal_is_in_the_history_and_names_people(desk: Desk) -> None:
    text = desk.type("--as", CLIENT, "date", "NOR-26", "onsite_start", "2026-12-01", code=4).stderr
    assert text.startswith("Refused: Nia Cole may not set dates")
    assert "refused: Nia Cole may not set dates" in desk.type("timeline", "NOR-26").stdout


def test_an_override_is_for_those_who_may_and_shows_in_the_audit(desk: Desk) -> None:
    step = ("advance", "NOR-26", "agree_scope", "--override", "the board has written")
    assert "Nia Cole may not take the step" in desk.type("--as", CLIENT, *step, code=4).stderr
    assert "waived by the override: Record who asked" in desk.type("--as", MANAGER, *step).stdout
    made = desk.read("audit", "report", "NOR-26", code=0)["exceptions"]
    assert any(one["reason"] == "the board has written" and one["is_override"] for one in made)


def test_without_a_trigger_the_only_way_on_is_taken(desk: Desk) -> None:
    desk.type("done", "NOR-26", "commission", "--evidence", "asked_by=the board")
    desk.type("done", "NOR-26", "scope_agreed", "--evidence", "in a meeting")
    assert "Scoping → Peers confirmed" in desk.type("advance", "NOR-26").stdout


def test_tasks_are_named_with_a_person_or_as_the_list_shows_them(desk: Desk) -> None:
    with_peers(desk)
    text = desk.type("done", "NOR-26", "take_on_peer", "--evidence=called", code=2).stderr
    assert "say which one with --for: Ada Marsh, Ben Okoro" in text
    key = desk.task("take_on_peer", person=TRUST)["id"]
    evidence = ("--evidence=called", "--evidence", "accepted=yes")
    done = desk.type("done", "NOR-26", key, *evidence).stdout
    assert "(called; accepted=yes)" in done
    desk.type("done", "NOR-26", "take_on_peer", "--for", LEAD, "--evidence=called")
    assert desk.task("take_on_peer", person=LEAD)["status"] == "done"
    desk.type("done", "NOR-26", "take_on_peer", "--for", LEAD, "--evidence=called", code=4)


def test_a_task_of_one_day_is_named_by_its_day(desk: Desk) -> None:
    for words in (("catch_up", "--day=2026-11-25"), ("catch_up", "--for", "25 November 2026")):
        text = desk.type("done", "NOR-26", *words, code=4).stderr
        assert "is not open yet" in text
    desk.type("waive", "NOR-26", "catch_up:2026-11-25", "--reason", "no catch-up that day")
    rows = desk.read("tasks", "NOR-26")["tasks"]
    waived = [row["day"] for row in rows if row["status"] == "waived"]
    assert waived == ["2026-11-25"]
    lines = desk.type("show", "NOR-26").stdout.splitlines()
    (said,) = [line for line in lines if line.startswith("Waived")]
    assert "atch-up" in said
    assert not any("atch-up" in line for line in lines if line.startswith("Done"))


def test_a_task_of_several_days_is_the_one_of_the_day_on_which_it_was_done(desk: Desk) -> None:
    agreed(desk)
    desk.type("assign", "NOR-26", "lead_peer", LEAD)
    desk.type("advance", "NOR-26", "confirm_team", "--override", "rehearsed")
    desk.now = "2026-11-24T09:00"
    desk.type("advance", "NOR-26", "go_on_site", "--override", "rehearsed")
    desk.now = "2026-11-25T18:00"
    desk.type("done", "NOR-26", "catch_up", "--on", "2026-11-24", "--evidence=held")
    desk.type("done", "NOR-26", "catch_up", "--evidence=held")
    rows = desk.read("tasks", "NOR-26")["tasks"]
    done = [row["day"] for row in rows if (row["key"], row["status"]) == ("catch_up", "done")]
    assert done == ["2026-11-24", "2026-11-25"]


def test_a_person_may_be_named_by_name_where_there_is_only_one(desk: Desk) -> None:
    agreed(desk)
    assert "Ada Marsh joins" in desk.type("assign", "NOR-26", "lead_peer", "ada marsh").stdout
    desk.type("person", "add", "Ada Marsh", "another@x.example")
    desk.type("release", "NOR-26", "Ada Marsh", "--reason", "ill", code=5)


def test_what_must_be_confirmed_is_confirmed_item_by_item(desk: Desk) -> None:
    with_peers(desk)
    done = ("done", "NOR-26", "take_on_peer", "--for", LEAD)
    text = desk.type(*done, "--attest", "accepted", "--attest", "skills", code=4).stderr
    assert "not confirmed yet: recent experience, availability, interests declared" in text
    error = desk.read(*done, "--attest", "accepted", code=4)["error"]
    assert "availability" in error["unmet"]
    assert "confirm each with --attest ITEM" in error["hint"]
    desk.type(*done, "--attest=acepted", code=5)


def test_a_task_is_undone_with_a_reason(desk: Desk) -> None:
    desk.type("done", "NOR-26", "commission", "--evidence", "asked_by=the board")
    assert "say why" in desk.type("done", "NOR-26", "commission", "--undo", code=2).stderr
    text = desk.type("done", "NOR-26", "commission", "--undo", "--reason", "another one").stdout
    assert "to be done again: Record who asked for the challenge: another one" in text
    assert desk.task("commission")["status"] == "open"


def test_what_is_done_in_the_future_is_not_done(desk: Desk) -> None:
    done = ("done", "NOR-26", "commission", "--evidence=x", "--on", "2026-09-02")
    assert "is in the future" in desk.type(*done, code=2).stderr


def test_a_hold_is_placed_and_lifted(desk: Desk) -> None:
    desk.type("hold", "NOR-26", "FOI 1", "--task", "destroy_notes", "--reason", "a request")
    assert desk.read("show", "NOR-26")["holds"] == ["FOI 1"]
    assert "On hold      FOI 1" in desk.type("show", "NOR-26").stdout
    assert "FOI 1" in desk.type("hold", "NOR-26", "FOI 2", "--lift", "--reason=x", code=5).stderr
    desk.type("hold", "NOR-26", "FOI 1", "--lift", "--reason", "answered")
    assert desk.read("show", "NOR-26")["holds"] == []


def test_a_challenge_is_postponed_and_resumed(desk: Desk) -> None:
    desk.type("postpone", "NOR-26", "--reason", "an election")
    assert desk.read("list")["challenges"][0]["standing"] == "paused"
    assert "Postponed → Scoping" in desk.type("resume", "NOR-26", "--reason=new dates").stdout
    text = desk.type("reopen", "NOR-26", "--reason", "x", code=4).stderr
    assert 'reopen is not a step from the stage "Scoping"' in text


def test_postponing_on_site_is_an_interruption(desk: Desk) -> None:
    agreed(desk)
    desk.type("assign", "NOR-26", "lead_peer", LEAD)
    desk.type("advance", "NOR-26", "confirm_team", "--override", "rehearsed")
    desk.now = "2026-11-24T09:00"
    desk.type("advance", "NOR-26", "go_on_site", "--override", "rehearsed")
    assert "On-site → Interrupted: snow" in desk.type("postpone", "NOR-26", "--reason=snow").stdout


def test_a_challenge_ends_without_a_question_where_nobody_could_answer(desk: Desk) -> None:
    desk.type("withdraw", "NOR-26", "--reason", "other plans", "--yes")
    assert desk.read("show", "NOR-26")["stage"] == "withdrawn"


def test_a_reason_is_needed_where_the_history_needs_one(desk: Desk) -> None:
    for change in (
        ("withdraw", "NOR-26"),
        ("release", "NOR-26", LEAD),
        ("waive", "NOR-26", "publish"),
    ):
        assert "Missing option '--reason'" in desk.type(*change, code=2).stderr


def test_dates_are_read_as_people_write_them(desk: Desk) -> None:
    for day in ("2026-12-01", "2 December 2026", "Thursday 3 December 2026", "4 Dec 2026"):
        desk.type("date", "NOR-26", "onsite_start", day)
    assert desk.read("show", "NOR-26")["dates"]["onsite_start"] == "2026-12-04"
    text = desk.type("date", "NOR-26", "onsite_start", "next week", code=2).stderr
    assert "'next week' is not a date; write 2027-03-27" in text


def test_a_date_may_have_a_time_of_day_for_what_counts_in_hours(desk: Desk) -> None:
    desk.now = "2026-09-02T09:00"
    desk.type("date", "NOR-26", "device_lost", "2026-09-01T17:30")
    rows = desk.read("show", "NOR-26")["deadlines"]
    limit = next(row["limit_at"] for row in rows if row["key"] == "report_device_loss")
    assert limit == "2026-09-04T17:30:00+01:00"


def test_what_has_not_happened_cannot_be_recorded_as_actual(desk: Desk) -> None:
    change = ("date", "NOR-26", "onsite_start", "2026-12-01", "--actual")
    assert "is in the future, so it cannot have happened" in desk.type(*change, code=2).stderr
