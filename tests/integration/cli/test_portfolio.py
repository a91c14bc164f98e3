"""`list`, `show`, `tasks`: what other programs rely on, and what people see."""

import json
import os
import pty
import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT
from tests.integration.cli.desk import CLIENT, DEFINITION, LEAD, MANAGER, TRUST, Desk

LIST_KEYS = {
    "reference", "title", "client", "definition", "definition_version", "stage", "standing",
    "next_deadline", "late", "challenge_manager",
}  # fmt: skip
SHOW_KEYS = {*LIST_KEYS, "dates", "team", "tasks", "deadlines", "blocked_by"}
TASK_KEYS = {
    "reference", "key", "person", "stage", "status", "opened_at", "target_on", "limit_on",
    "done_at", "done_on", "standing", "source",
}  # fmt: skip
DEADLINE_KEYS = {
    "key", "target_on", "limit_on", "limit_at", "opens_on", "standing", "source", "explanation",
}  # fmt: skip


def test_the_list_has_the_keys_that_others_rely_on(desk: Desk) -> None:
    found = desk.read("list")
    assert found["schema"] == "peer-challenge/list/1"
    (row,) = found["challenges"]
    assert row.keys() >= LIST_KEYS
    assert row["definition"] == DEFINITION
    assert row["challenge_manager"] == MANAGER
    assert row["next_deadline"].keys() >= {"key", "limit_on", "target_on"}


def test_one_challenge_has_the_keys_that_others_rely_on(desk: Desk) -> None:
    shown = desk.read("show", "NOR-26")
    assert shown["schema"] == "peer-challenge/show/1"
    assert shown.keys() >= SHOW_KEYS
    assert all(member.keys() >= {"role", "person", "since", "until"} for member in shown["team"])
    assert all(task.keys() >= TASK_KEYS for task in shown["tasks"])
    assert all(deadline.keys() >= DEADLINE_KEYS for deadline in shown["deadlines"])
    draft = next(row for row in shown["deadlines"] if row["key"] == "draft_report")
    assert (draft["limit_on"], draft["target_on"]) == ("2026-12-25", "2026-12-24")
    assert draft["limit_at"].startswith("2026-12-25T23:59:59")
    assert any("Record who asked" in text for text in shown["blocked_by"])


def test_tasks_have_the_keys_and_statuses_that_others_rely_on(desk: Desk) -> None:
    desk.type("done", "NOR-26", "commission", "--evidence=asked_by=the board")
    found = desk.read("tasks", "NOR-26")
    assert found["schema"] == "peer-challenge/tasks/1"
    assert all(task.keys() >= TASK_KEYS for task in found["tasks"])
    statuses = {task["key"]: task["status"] for task in found["tasks"]}
    assert statuses["commission"] == "done"
    assert statuses["scope_agreed"] == "open"
    assert statuses["draft_report"] == "pending"
    assert desk.task("commission")["done_at"] == "2026-09-01T09:00:00+01:00"


def test_tasks_of_one_person_and_late_ones(desk: Desk) -> None:
    desk.type("done", "NOR-26", "commission", "--evidence=asked_by=the board")
    desk.type("done", "NOR-26", "scope_agreed", "--evidence=agreed")
    desk.type("advance", "NOR-26", "agree_scope")
    rows = desk.read("tasks", "--person", CLIENT)["tasks"]
    assert {row["key"] for row in rows} >= {"position_statement", "timetable"}
    assert all(CLIENT in row["who"] for row in rows)
    assert desk.read("tasks", "--late")["tasks"] == []
    desk.now = "2026-11-12T09:00"
    late = desk.read("tasks", "--late")["tasks"]
    assert {"position_statement", "timetable"} <= {row["key"] for row in late}
    assert {row["standing"] for row in late} == {"late"}
    assert desk.read("list")["challenges"][0]["standing"] == "late"


def test_the_list_of_one_persons_challenges(desk: Desk) -> None:
    assert len(desk.read("list", "--person", MANAGER)["challenges"]) == 1
    assert desk.read("list", "--person", "1")["challenges"] == []
    desk.type("list", "--person", "nobody@x.example", code=5)


def test_into_a_pipe_goes_tsv_and_the_talk_goes_to_stderr(desk: Desk) -> None:
    result = desk.type("list")
    head, row = result.stdout.splitlines()
    assert head.split("\t") == ["ref", "client", "stage", "standing", "next", "manager"]
    assert row.split("\t")[:3] == ["NOR-26", "Northshire system", "Scoping"]
    assert result.stderr.rstrip().endswith("peer-challenge show NOR-26")
    assert "peer-challenge" not in desk.type("--quiet", "list").stdout


def test_quiet_says_answers_only(desk: Desk) -> None:
    result = desk.type("-q", "show", "NOR-26")
    assert "peer-challenge" not in result.output
    assert "Manager: Alex Reed" in result.stdout


def test_json_has_nothing_else_on_stdout(desk: Desk) -> None:
    result = desk.type("show", "NOR-26", "--json")
    assert json.loads(result.stdout)["reference"] == "NOR-26"
    assert result.stderr == ""


def test_one_challenge_on_a_screen_says_what_is_missing_and_what_to_type(desk: Desk) -> None:
    result = desk.type("show", "NOR-26")
    assert "Scoping. On site Tuesday 24 to Friday 27 November 2026." in result.stdout
    assert 'For "Agree the scope" (agree_scope), still missing' in result.stdout
    assert "Record who asked for the challenge: not done" in result.stdout
    assert "To do now" in result.stdout
    assert "Sent         0 messages, 0 waiting, 0 problems" in result.stdout
    assert "peer-challenge done NOR-26 commission" in result.stderr


def test_a_task_of_one_person_names_them_and_what_is_missing_is_said_once(desk: Desk) -> None:
    for task in ("commission", "scope_agreed"):
        desk.type("done", "NOR-26", task, "--evidence=as agreed")
    desk.type("advance", "NOR-26", "agree_scope")
    assert desk.type("show", "NOR-26").stdout.count("Lead peer: 0 of at least 1") == 1
    desk.type("assign", "NOR-26", "lead_peer", LEAD)
    lines = desk.type("show", "NOR-26").stdout.splitlines()
    (own,) = [line for line in lines if "data protection  " in line and "target" in line]
    assert own.endswith("Ada Marsh")
    desk.type("assign", "NOR-26", "trust_peer", TRUST)
    lines = desk.type("show", "NOR-26").stdout.splitlines()
    (own,) = [line for line in lines if "data protection  " in line and "target" in line]
    assert own.endswith("each of them")


@pytest.mark.parametrize("command", [["show"], ["tasks"], ["audit", "log"], ["mail", "list"]])
def test_a_challenge_that_is_not_there_gets_the_nearest(desk: Desk, command: list[str]) -> None:
    text = desk.type(*command, "NOR-27", code=5).stderr
    assert text.startswith('Error: there is no challenge "NOR-27"; did you mean "NOR-26"?')
    error = desk.read(*command, "NOR-27", code=5)["error"]
    assert error["kind"] == "not_found"


def seen_on_a_terminal(desk: Desk, **more: str) -> str:
    """Return what `list` writes to a terminal."""
    ours, theirs = pty.openpty()
    environment = {**desk.surroundings(), "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **more}
    subprocess.run(
        [sys.executable, "-c", "import cli; cli.main()", "list"],
        stdout=theirs, stderr=subprocess.DEVNULL, env=environment, check=True,
    )  # fmt: skip
    os.close(theirs)
    found = os.read(ours, 100_000).decode()
    os.close(ours)
    return found


def test_on_a_terminal_it_is_a_table_with_colours_unless_nobody_wants_them(desk: Desk) -> None:
    coloured = seen_on_a_terminal(desk, COLUMNS="120")
    assert "REF" in coloured
    assert "\t" not in coloured
    assert "\x1b[" in coloured
    assert "\x1b[3" not in seen_on_a_terminal(desk, NO_COLOR="1", COLUMNS="120")
