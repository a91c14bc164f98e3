"""A plan tells everything: what is late, who is to do what, every message and to whom it goes."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli.desk import (
    CLIENT,
    DEFINITION,
    LEAD,
    MANAGER,
    PROGRAMME,
    START,
    TRUST,
    Desk,
)

CHANGING = (
    "advance", "assign", "cancel", "date", "done", "hold", "import", "new", "postpone", "release",
    "reopen", "resume", "waive", "withdraw",
)  # fmt: skip


@pytest.fixture
def seeking(desk: Desk) -> Desk:
    """Return a desk with NOR-26 in the stage in which peers are found, two of them invited."""
    desk.type("done", "NOR-26", "commission", "--evidence", "asked_by=the board")
    desk.type("done", "NOR-26", "scope_agreed", "--evidence", "in a meeting")
    desk.type("advance", "NOR-26", "agree_scope")
    desk.type("assign", "NOR-26", "lead_peer", LEAD)
    desk.type("assign", "NOR-26", "trust_peer", TRUST)
    return desk


def plan(desk: Desk, *change: str) -> list[str]:
    """Return the lines of what a change would bring, with single spaces."""
    return [" ".join(line.split()) for line in desk.type(*change, "-n").stdout.splitlines()]


def messages(found: dict[str, Any], what: str) -> list[dict[str, Any]]:
    """Return the messages of a plan of one kind."""
    return [one for one in found["messages"] if one["what"] == what]


@pytest.mark.parametrize("command", CHANGING)
def test_every_change_can_be_seen_before_it_is_made(desk: Desk, command: str) -> None:
    assert "-n, --dry-run" in desk.type(command, "--help").stdout


def test_each_message_that_is_sent_is_told_with_the_people_that_it_goes_to(seeking: Desk) -> None:
    lines = plan(seeking, "date", "NOR-26", "onsite_start", "2026-12-01")
    assert (
        "mail 4 messages are sent: The dates of the visit have changed"
        " to Ada Marsh, Ben Okoro, Alex Reed and 1 more"
    ) in lines


def test_reminders_that_move_are_told_with_the_days_from_and_to(seeking: Desk) -> None:
    lines = plan(seeking, "date", "NOR-26", "onsite_start", "2026-12-01")
    told = next(line for line in lines if "reminders move: A peer's confirmation" in line)
    assert "Tue 10 Nov 2026 → Tue 17 Nov 2026" in told
    assert told.endswith("to Ada Marsh, Ben Okoro and Alex Reed")


def test_reminders_that_fall_away_are_told(seeking: Desk) -> None:
    lines = plan(seeking, "release", "NOR-26", TRUST, "--reason", "ill")
    assert any("reminders fall away: An invitation has not been answered" in one for one in lines)


def test_reminders_that_come_again_are_told(seeking: Desk) -> None:
    seeking.now = "2026-11-11T10:00"
    seeking.type("tick")
    change = ("date", "NOR-26", "onsite_start", "2026-12-08")
    assert (
        "mail 2 reminders come again: A peer's confirmation is missing"
        " Tue 24 Nov 2026 to Ada Marsh and Ben Okoro"
    ) in plan(seeking, *change)
    again = messages(seeking.read(*change, "-n"), "again")
    assert again
    assert all(one["from"] is None and one["when"] > "2026-11-11" for one in again)


def test_what_waits_and_is_not_true_any_more_is_told_and_not_sent(seeking: Desk) -> None:
    change = ("release", "NOR-26", LEAD, "--reason", "ill")
    lines = plan(seeking, *change)
    assert (
        "mail 1 waiting message is not sent any more: Will you join the team of a peer challenge?"
        " to Ada Marsh"
    ) in lines
    planned = messages(seeking.read(*change), "cancelled")
    seeking.environment["PEER_CHALLENGE_SMTP_URL"] = f"folder://{seeking.folder / 'mail'}"
    seeking.type("tick")
    rows = seeking.read("mail", "list")["messages"]
    gone = [(row["notices"], row["to"]) for row in rows if row["status"] == "cancelled"]
    assert gone == [([one["notice"]], one["to"]) for one in planned] != []


def test_the_messages_that_a_plan_says_are_sent_are_put_into_the_outbox(seeking: Desk) -> None:
    before = Counter(row["to"] for row in seeking.read("mail", "list")["messages"])
    found = seeking.read("postpone", "NOR-26", "--reason", "an election")
    after = Counter(row["to"] for row in seeking.read("mail", "list")["messages"])
    assert Counter(one["to"] for one in messages(found, "sent")) == after - before


def test_nothing_is_sent_is_said_when_nothing_is(seeking: Desk) -> None:
    lines = plan(seeking, "hold", "NOR-26", "FOI 1", "--reason", "a request")
    assert lines[-1] == "mail nothing is sent"


def test_what_becomes_late_is_told_and_is_late_afterwards(seeking: Desk) -> None:
    change = ("date", "NOR-26", "onsite_start", "2026-09-08")
    lines = plan(seeking, *change)
    assert "late Timetable from the client target Tue 18 Aug 2026, limit Tue 25 Aug 2026" in lines
    late = seeking.read(*change)["late"]
    assert {one["task"] for one in late} == {
        row["id"] for row in seeking.read("tasks", "NOR-26", "--late")["tasks"]
    }
    assert late[0].keys() == {"task", "title", "target_on", "limit_on", "limit_at"}


def test_what_is_late_already_is_not_told_again(seeking: Desk) -> None:
    seeking.now = "2026-11-11T10:00"
    seeking.type("tick")
    assert seeking.read("date", "NOR-26", "onsite_start", "2026-11-23", "-n")["late"] == []


def test_the_tasks_of_somebody_who_leaves_are_told_with_those_they_are_left_to(
    seeking: Desk,
) -> None:
    lines = plan(seeking, "release", "NOR-26", LEAD, "--reason", "ill")
    assert "passes Call the system lead about expectations left to nobody" in lines
    assert any(line.startswith("gone Call Ada Marsh before the visit") for line in lines)
    assert "mail 1 message is sent: You have left the team to Ada Marsh" in lines


def test_the_tasks_that_somebody_takes_over_are_told(desk: Desk) -> None:
    desk.type("release", "NOR-26", MANAGER, "--reason", "another post")
    lines = plan(desk, "assign", "NOR-26", "challenge_manager", PROGRAMME)
    assert any(line.startswith("passes") and line.endswith("to Sam Ford") for line in lines)


def other(reference: str, *more: str) -> tuple[str, ...]:
    """Return the command that starts another challenge on the days of NOR-26."""
    return ("new", reference, *START[2:], *more)


def test_a_clash_is_told_of_a_person_who_joins_a_start_and_a_date_that_moves(
    seeking: Desk,
) -> None:
    clash = "clash Ada Marsh is booked for NOR-26 from Tue 24 Nov to Fri 27 Nov"
    assert clash in plan(seeking, *other("EAS-26", f"--role=lead_peer={LEAD}"))
    seeking.type(*other("EAS-26"))
    assert clash in plan(seeking, "assign", "EAS-26", "lead_peer", LEAD)
    seeking.type("date", "EAS-26", "onsite_start", "2026-12-01")
    seeking.type("assign", "EAS-26", "lead_peer", LEAD)
    assert clash in plan(seeking, "date", "EAS-26", "onsite_start", "2026-11-26")


def test_many_new_challenges_clash_in_the_plan_as_they_do_when_they_are_started(
    desk: Desk,
) -> None:
    head = "reference,title,client,definition,date:onsite_start,date:onsite_end,role:lead_peer"
    rows = [f"{name},T,C,{DEFINITION},2026-09-08,2026-09-11,{LEAD}" for name in ("A-1", "A-2")]
    file = Path(desk.folder / "many.csv")
    file.write_text("\n".join([head, *rows]), encoding="utf-8")
    planned = desk.read("import", str(file), "-n")["challenges"]
    assert desk.read("list")["challenges"][0]["reference"] == "NOR-26"
    assert planned[1]["warnings"][-1].startswith("clash: Ada Marsh is booked for A-1")
    assert "timetable" in planned[0]["late"]
    assert desk.read("import", str(file))["challenges"] == planned


def test_what_becomes_of_calendars_is_told(seeking: Desk) -> None:
    for spec in ("take_on_peer", "acknowledge"):
        for person in (LEAD, TRUST):
            seeking.type("done", "NOR-26", spec, "--for", person, "--evidence", "noted")
    seeking.type("done", "NOR-26", "propose_team", "--evidence", "noted")
    seeking.type("done", "NOR-26", "client_confirms_team", "--evidence", "noted", "--by", CLIENT)
    confirm = ("advance", "NOR-26", "confirm_team", "--reason", "places left empty")
    told = next(line for line in plan(seeking, *confirm) if "invitation" in line)
    assert told.startswith("mail 15 new invitations to Ada Marsh, Ben Okoro, Alex Reed and 1 more")
    found = seeking.read(*confirm, "-n")["invitations"]
    assert len(found) == 15
    assert found[0] == {
        "what": "new",
        "key": "visit",
        "title": "On site: Northshire system",
        "to": LEAD,
        "starts_at": None,
        "ends_at": None,
        "first_on": "2026-11-24",
        "last_on": "2026-11-27",
    }
    kept = seeking.read(*confirm)["invitations"]
    assert kept == found
    moved = plan(seeking, "date", "NOR-26", "onsite_start", "2026-12-01")  # of what was never sent
    assert any(line.startswith("mail 17 new invitations to ") for line in moved)
    gone = plan(seeking, "release", "NOR-26", TRUST, "--reason", "ill")
    assert not [line for line in gone if "withdrawn" in line]
    seeking.environment["PEER_CHALLENGE_SMTP_URL"] = f"folder://{seeking.folder / 'mail'}"
    seeking.type("tick")
    moved = plan(seeking, "date", "NOR-26", "onsite_start", "2026-12-08")
    assert any(re.match(r"mail \d+ invitations moved to ", line) for line in moved)
