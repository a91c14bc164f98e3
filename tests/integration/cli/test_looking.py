"""`explain`, `forecast`, `timeline`, `audit`: why, what next, what happened, what was owed."""

import sqlite3
from pathlib import Path

import pytest

from tests.integration.cli.desk import MANAGER, Desk

ITEM_KEYS = {
    "reference", "obligation", "title", "source", "standing", "due_on", "met_on", "evidence",
    "actor",
}  # fmt: skip


def test_a_date_is_explained_step_by_step_with_its_sources(desk: Desk) -> None:
    text = desk.type("explain", "NOR-26", "draft_report").stdout
    assert "Draft report to the client: limit Friday 25 December 2026, end of the day" in text
    assert "working target Thursday 24 December 2026" in text
    assert "Christmas Day is not a working day" in text
    found = desk.read("explain", "NOR-26", "draft_report")["deadlines"][0]
    assert (found["limit_on"], found["target_on"]) == ("2026-12-25", "2026-12-24")
    assert any(step["source"] == "guidance 82, 101" for step in found["steps"])


def test_the_sentence_says_why_and_a_limit_with_an_hour_says_it(desk: Desk) -> None:
    sentence = (
        "Limit Friday 25 December 2026: 4 weeks after the last day on site (Friday 27 November "
        "2026) (guidance 82, 101); target Thursday 24 December 2026, since Christmas Day is not "
        "a working day: the working day before."
    )
    assert sentence in desk.type("explain", "NOR-26", "draft_report").stdout
    visit = str(Path(__file__).parents[3] / "docs" / "examples" / "site_visit.yaml")
    desk.type(
        "new", "VIS-26", "--definition", visit, "--title", "V", "--client", "C",
        "--date", "visit_start=2026-11-24", "--date", "visit_end=2026-11-26",
    )  # fmt: skip
    text = desk.type("explain", "VIS-26", "evening_meeting").stdout
    assert "limit Monday 23 November 2026, 19:00." in text


def test_a_deadline_that_is_not_there_gets_the_nearest(desk: Desk) -> None:
    text = desk.type("explain", "NOR-26", "draft_repport", code=5).stderr
    assert 'did you mean "draft_report"?' in text


def test_a_forecast_has_the_keys_that_others_rely_on(desk: Desk) -> None:
    found = desk.read("forecast", "NOR-26")
    assert found["schema"] == "peer-challenge/forecast/1"
    entries = found["entries"]
    assert all(entry.keys() >= {"at", "kind", "key", "to", "text"} for entry in entries)
    kinds = {entry["kind"] for entry in entries}
    assert kinds <= {"task", "deadline", "reminder", "escalation", "stage", "message"}
    assert [entry["at"] for entry in entries] == sorted(entry["at"] for entry in entries)
    assert any(MANAGER in entry["to"] for entry in entries)


def test_a_forecast_differs_if_nobody_acts(desk: Desk) -> None:
    everybody = desk.read("forecast", "NOR-26")["entries"]
    nobody = desk.read("forecast", "NOR-26", "--nobody-acts")["entries"]
    assert any(entry["kind"] == "stage" for entry in everybody)
    assert not any(entry["kind"] == "stage" for entry in nobody)
    text = desk.type("forecast", "NOR-26", "--nobody-acts").stdout
    assert text.startswith("at\tkind\tkey\tto\twhat")


def test_a_timeline_tells_what_happened_and_by_whom(desk: Desk) -> None:
    desk.type("--as", MANAGER, "done", "NOR-26", "commission", "--evidence", "asked_by=the board")
    text = desk.type("timeline", "NOR-26").stdout
    assert "tester\tAlex Reed joins: Challenge manager" in text
    assert "Alex Reed\tdone: Record who asked for the challenge (asked_by=the board)" in text
    assert "new task:" not in text
    assert "new task: Draft report to the client" in desk.type("timeline", "NOR-26", "--all").stdout
    entries = desk.read("timeline", "NOR-26")["entries"]
    assert entries[-1]["actor"] == MANAGER
    assert entries[-1]["kind"] == "TaskDone"


@pytest.mark.parametrize("every", [(), ("--all",)])
def test_a_timeline_with_messages_and_confirmations_is_json_too(
    desk: Desk, every: tuple[str, ...]
) -> None:
    for task in ("commission", "scope_agreed"):
        desk.type("done", "NOR-26", task, "--evidence=as agreed")
    desk.type("advance", "NOR-26", "agree_scope")
    entries = desk.read("timeline", "NOR-26", *every)["entries"]
    raised = next(entry for entry in entries if entry["kind"] == "NoticeRaised")
    assert raised["facts"]["marks"][0]["task"] == "position_statement"


def test_the_log_shows_every_event_with_its_facts(desk: Desk) -> None:
    events = desk.read("audit", "log", "NOR-26")["events"]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["kind"] == "ChallengeStarted"
    assert events[0]["at"] == "2026-09-01T09:00:00+01:00"
    assert "ChallengeStarted" in desk.type("audit", "log", "NOR-26").stdout


def test_a_history_that_is_intact_is_found_so(desk: Desk) -> None:
    found = desk.read("audit", "verify")
    assert found.keys() >= {"intact", "challenges", "events", "first_bad"}
    assert (found["intact"], found["challenges"], found["first_bad"]) == (True, 1, None)


def test_a_history_that_was_tampered_with_ends_with_3(desk: Desk) -> None:
    with sqlite3.connect(desk.folder / "rehearsal.db") as link:
        link.execute("DROP TRIGGER event_delete")
        link.execute("DELETE FROM event WHERE seq = 5")
    link.close()
    found = desk.read("audit", "verify", code=3)
    assert found["intact"] is False
    assert "NOR-26" in found["first_bad"]
    assert "NOT INTACT: NOR-26" in desk.type("audit", "verify", code=3).stdout


def test_a_report_without_breaches_ends_with_0(desk: Desk) -> None:
    found = desk.read("audit", "report", "NOR-26")
    assert found["schema"] == "peer-challenge/audit-report/1"
    assert all(item.keys() >= ITEM_KEYS for item in found["items"])
    assert found["breaches"] == 0
    assert desk.type("audit", "report").stdout.startswith("ref\tobligation")


def test_a_missed_limit_is_a_breach_and_ends_with_3(desk: Desk) -> None:
    for task in ("commission", "scope_agreed"):
        desk.type("done", "NOR-26", task, "--evidence=as agreed")
    desk.type("advance", "NOR-26", "agree_scope")
    desk.now = "2026-11-12T09:00"
    desk.type("tick")
    found = desk.read("audit", "report", code=3)
    late = [item["title"] for item in found["items"] if item["is_breach"]]
    assert late
    text = desk.type("audit", "report", "--late", code=3)
    assert "late (breach)" in text.stdout
    assert f"{len(late)} breach" in text.stderr


def test_what_was_waived_or_passed_over_is_told_once_with_its_reason(desk: Desk) -> None:
    desk.type("waive", "NOR-26", "commission", "--reason=as they always do")
    told = desk.type("audit", "report", "NOR-26").stderr
    assert ") waived: commission (as they always do)" in told
    desk.type("advance", "NOR-26", "agree_scope", "--override", "in a hurry")
    told = desk.type("audit", "report", "NOR-26").stderr
    assert ") overrode: step agree_scope without: " in told
