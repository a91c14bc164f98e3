"""A lifecycle that nobody here has thought of: a round of small grants, from the reference alone.

`tests/fixtures/other/grant_round.yaml` was written by somebody who had read the reference of the
language and nothing else. It is checked, started and lived to its end through the command line.
"""

import shlex
from pathlib import Path
from typing import Any

import pytest

from notifications.sink import Sink
from tests.integration.cli.desk import Desk

FILE = Path(__file__).parents[1] / "fixtures" / "other" / "grant_round.yaml"
PEOPLE = (
    ("Ola Finch", "ola@fund.example"),
    ("Cy Dunn", "cy@fund.example"),
    ("Ash Reid", "ash@reader.example", "--can=trained_assessor"),
    ("Bo Lund", "bo@reader.example", "--can=trained_assessor"),
    ("Di Kerr", "di@reader.example", "--can=trained_assessor"),
    ("Ed Moss", "ed@expert.example", "--can=specialist"),
    ("Flo Nunn", "flo@club.example"),
    ("Gil Orr", "gil@club.example"),
)
START = (
    "new", "BOAT-1", f"--definition={FILE}", "--title=Boats for all", "--client=Harbour boat club",
    "--date=call_closes=2027-03-01", "--role=officer=ola@fund.example",
    "--role=chair=cy@fund.example", "--role=applicant=flo@club.example",
    "--role=treasurer=gil@club.example",
)  # fmt: skip
PREPARED = (
    "assign BOAT-1 assessor ash@reader.example",
    "assign BOAT-1 assessor bo@reader.example",
    "assign BOAT-1 expert ed@expert.example",
)
INVITED = (
    "done BOAT-1 publish_call",
    "done BOAT-1 declare_interests --for ash@reader.example --evidence=both",
    "done BOAT-1 declare_interests --for bo@reader.example --attest no_family --attest no_money",
    "release BOAT-1 ed@expert.example --reason ill",
    "advance BOAT-1 invite",
)
SUBMITTED = (
    "date BOAT-1 panel_first 2027-04-06",
    "date BOAT-1 panel_last 2027-04-07",
    "done BOAT-1 submit --evidence reference_number=77",
)
CHECKED = (
    "done BOAT-1 check_form --by ola@fund.example",
    "done BOAT-1 check_accounts --by cy@fund.example",
)
READ = (
    "done BOAT-1 read_application --for ash@reader.example",
    "done BOAT-1 read_application --for bo@reader.example",
)
LIFE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("2027-01-05T09:00", PREPARED),
    ("2027-01-08T10:00", INVITED),
    ("2027-02-20T10:00", SUBMITTED),
    ("2027-03-03T10:00", CHECKED),
    ("2027-03-22T10:00", READ),
    ("2027-04-06T09:00", ("advance BOAT-1 to_panel",)),
    ("2027-04-06T18:00", ("done BOAT-1 keep_minutes --day 2027-04-06",)),
    ("2027-04-07T18:00", (
        "done BOAT-1 keep_minutes --day 2027-04-07",
        'done BOAT-1 recommend --evidence "amount=5000 grounds=sound"',
        "advance BOAT-1 decide",
    )),
    ("2027-04-19T10:00", ("done BOAT-1 accept_terms", "done BOAT-1 pay_grant")),
    ("2027-04-20T10:00", (
        "done BOAT-1 destroy_papers --for ash@reader.example --evidence all",
        "done BOAT-1 destroy_papers --for bo@reader.example --evidence all",
    )),
    ("2027-09-20T10:00", ()),
    ("2028-03-20T10:00", ("done BOAT-1 final_report", "advance BOAT-1 close")),
)  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Return a desk with the people of the fund and one application."""
    made = Desk(tmp_path, now="2027-01-04T09:00")
    made.type("init", "--rehearsal")
    for name, email, *facts in PEOPLE:
        made.type("person", "add", name, email, *facts)
    made.type(*START)
    return made


def until(desk: Desk, moment: str) -> None:
    """Live the life of the application from where it is up to a moment, which is included."""
    ahead = [(at, commands) for at, commands in LIFE if desk.now < at <= moment]
    for at, commands in ahead:
        desk.now = at
        desk.type("tick")
        for command in commands:
            desk.type(*shlex.split(command))
    desk.now = moment
    desk.type("tick")


def stage(desk: Desk) -> str:
    return str(desk.read("show", "BOAT-1")["stage"])


def tasks(desk: Desk, spec: str) -> list[dict[str, Any]]:
    return [row for row in desk.read("tasks", "BOAT-1")["tasks"] if row["key"] == spec]


def test_the_definition_is_right_as_it_was_written(desk: Desk) -> None:
    checked = desk.type("definition", "check", str(FILE))
    assert checked.stdout == ""
    assert "0 problems, 0 warnings" in checked.stderr
    assert "preparing --> open: invite" in desk.type("definition", "diagram", str(FILE)).stdout


def test_it_is_lived_to_its_final_stage_and_every_message_is_sent(desk: Desk) -> None:
    with Sink() as sink:
        desk.environment["PEER_CHALLENGE_SMTP_URL"] = sink.url
        until(desk, "2028-03-20T12:00")
        assert stage(desk) == "closed"
        rows = desk.read("mail", "list")["messages"]
        assert {row["status"] for row in rows} <= {"sent", "cancelled"}
        messages = [row for row in rows if row["status"] == "sent" and row["carrier"] is None]
        assert len(sink.received) == len(messages)
        assert {"call_open", "please", "awarded_news", "reader_joined", "my_week"} <= {
            notice for row in rows for notice in row["notices"]
        }
        assert not any(b"\r\nSubject:\r\n" in mail.content for mail in sink.received)
        digests = [
            mail for mail in sink.received if b"Subject: REHEARSAL your week" in mail.content
        ]
        assert b"- BOAT-1, Harbour boat club: Under way" in digests[-1].content
    desk.type("audit", "verify")
    report = desk.read("audit", "report", "BOAT-1")
    assert [item["obligation"] for item in report["items"] if item["is_breach"]] == []


def test_steps_are_taken_by_themselves_at_a_time_and_when_they_are_ready(desk: Desk) -> None:
    until(desk, "2027-03-01T23:00")
    assert stage(desk) == "open"
    until(desk, "2027-03-02T00:00")
    assert stage(desk) == "checking"
    until(desk, "2027-03-03T12:00")
    assert stage(desk) == "reading"


def test_parallel_tasks_want_two_people_and_one_step_waits_for_both(desk: Desk) -> None:
    until(desk, "2027-03-02T10:00")
    desk.type(*shlex.split(CHECKED[0]))
    refused = desk.type(
        "done", "BOAT-1", "check_accounts", "--by", "ola@fund.example", code=4
    ).stderr
    assert 'somebody else than "Check the form", which Ola Finch did' in refused
    assert stage(desk) == "checking"


def test_one_task_for_each_reader_and_for_each_day(desk: Desk) -> None:
    until(desk, "2027-02-21T10:00")
    days = [row["day"] for row in tasks(desk, "keep_minutes")]
    assert days == ["2027-04-06", "2027-04-07"]
    assert [row["day"] for row in tasks(desk, "open_sitting")] == ["2027-04-06"]
    until(desk, "2027-03-04T10:00")
    desk.type("assign", "BOAT-1", "assessor", "di@reader.example")
    readers = {row["person"] for row in tasks(desk, "read_application") if row["status"] == "open"}
    assert readers == {"ash@reader.example", "bo@reader.example", "di@reader.example"}


def test_silence_lapses_and_stops_nothing(desk: Desk) -> None:
    until(desk, "2027-03-16T23:00")
    assert tasks(desk, "ask_referee")[0]["status"] == "open"
    assert tasks(desk, "answer_questions")[0]["status"] == "waived"
    until(desk, "2027-03-18T00:00")
    assert tasks(desk, "ask_referee")[0]["status"] == "waived"


def test_a_reader_who_leaves_is_told_to_destroy_the_papers(desk: Desk) -> None:
    until(desk, "2027-03-23T10:00")
    desk.type("release", "BOAT-1", "bo@reader.example", "--reason=moved")
    owed = {row["person"]: row["status"] for row in tasks(desk, "destroy_papers")}
    assert owed == {"bo@reader.example": "open", "ash@reader.example": "pending"}


def test_the_file_comes_up_for_deletion_a_year_after_the_end(desk: Desk) -> None:
    until(desk, "2029-03-19T10:00")
    assert tasks(desk, "retention_case_file")[0]["status"] == "pending"
    until(desk, "2029-03-20T10:00")
    assert tasks(desk, "retention_case_file")[0]["status"] == "open"
    desk.type("done", "BOAT-1", "retention_case_file")
    assert stage(desk) == "closed"


def test_a_forecast_leaves_out_what_is_behind(desk: Desk) -> None:
    until(desk, "2028-03-20T12:00")
    entries = desk.read("forecast", "BOAT-1")["entries"]
    assert [(entry["kind"], entry["key"]) for entry in entries] == [("task", "retention_case_file")]


def test_a_definition_with_a_slip_is_refused_with_its_place(desk: Desk, tmp_path: Path) -> None:
    """The control: what is wrong in the same file is found."""
    broken = tmp_path / "grant_round.yaml"
    text = FILE.read_text(encoding="utf-8")
    broken.write_text(text.replace("after: accept_terms\n", "after: accept_term\n"))
    found = desk.type("definition", "check", str(broken), code=2)
    assert 'tasks.pay_grant.after: unknown task "accept_term"' in found.stdout
    assert 'did you mean "accept_terms"?' in found.stdout
