"""`answer`, `agree` and `link`: what people said is settled, times are agreed, links die."""

import json
import sqlite3
from contextlib import closing

import pytest

from tests.integration.cli.desk import CLIENT, MANAGER, Desk
from workflow.answering.settlements import Settlements
from workflow.clock import SetClock
from workflow.model.commands import GiveAnswer
from workflow.store import people
from workflow.store.database import Database
from workflow.store.meta import last_at

SITE = "https://challenges.example"


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """Return a desk with a client who says that the timetable cannot be had."""
    for task in ("commission", "scope_agreed"):
        desk.type("done", "NOR-26", task, "--evidence=as agreed")
    desk.type("advance", "NOR-26", "agree_scope")
    say(desk, "cannot", "nobody is here in August")
    return desk


def say(desk: Desk, answer: str, words: str) -> None:
    """Let the client answer about the timetable, as a page or an e-mail would."""
    database = Database(desk.url)
    with database.reading() as link:
        client, at = people.find(link, CLIENT), last_at(link)
    assert at is not None
    command = GiveAnswer(spec="timetable", answer=answer, says=words)
    Settlements(database, SetClock(at)).propose(command, reference="NOR-26", actor=client.id)
    database.close()


def test_answers_are_listed_shown_and_accepted(asked: Desk) -> None:
    (row,) = asked.read("answer", "list")["answers"]
    assert (row["says"], row["words"], row["status"]) == (
        "cannot", "nobody is here in August", "open"
    )  # fmt: skip
    assert "1 answer: 1 to be settled." in asked.type("answer", "list", "NOR-26").output
    assert "nobody is here in August" in asked.type("answer", "show", str(row["id"])).stdout
    text = asked.type("answer", "accept", str(row["id"]), "--as", MANAGER, code=2).output
    assert "--as" in text  # an option of the program, not of the command
    assert "accepted: timetable" in asked.type("answer", "accept", str(row["id"])).stdout
    assert asked.read("answer", "list")["answers"] == []
    assert len(asked.read("answer", "list", "--all")["answers"]) == 1


def test_an_answer_that_it_is_done_does_the_task_with_its_words_as_evidence(asked: Desk) -> None:
    say(asked, "done", "The timetable went to you today.")
    done = next(a for a in asked.read("answer", "list")["answers"] if a["says"] == "done")
    would = asked.type("answer", "accept", str(done["id"]), "--dry-run").stdout
    assert "would be accepted" in would
    assert asked.task("timetable")["status"] == "open"
    asked.type("answer", "accept", str(done["id"]))
    assert asked.task("timetable")["status"] == "done"
    assert "The timetable went to you today." in asked.type("timeline", "NOR-26").stdout


def test_an_answer_is_declined_with_a_reason(asked: Desk) -> None:
    number = str(asked.read("answer", "list")["answers"][0]["id"])
    asked.type("answer", "decline", number, "--reason", "September will do")
    found = asked.read("answer", "show", number)
    assert (found["status"], found["note"]) == ("declined", "September will do")
    result = asked.type("answer", "accept", number, code=4)
    assert f"answer {number} is declined already" in result.stderr
    assert 'there is no answer "99"' in asked.type("answer", "show", "99", code=5).stderr


def test_a_sealed_text_that_is_pasted_as_a_reason_is_read_as_it_was_typed(asked: Desk) -> None:
    with closing(sqlite3.connect(asked.folder / "rehearsal.db")) as stolen:
        ((token,),) = stolen.execute("SELECT phone FROM person WHERE phone <> '' LIMIT 1")
    assert token.startswith("sealed:")
    number = str(asked.read("answer", "list")["answers"][0]["id"])
    asked.type("answer", "decline", number, "--reason", token)
    assert asked.read("answer", "show", number)["note"] == token
    asked.type("mail", "hold", "--reason", token)
    assert f"all mail is held ({token})" in asked.type("doctor", codes=(0, 1, 2, 3)).stdout


def test_a_manager_is_told_of_an_answer_without_what_was_said(asked: Desk) -> None:
    messages = asked.read("mail", "list", "--to", MANAGER)["messages"]
    number = next(m["id"] for m in messages if m["notices"] == ["answer_given"])
    shown = asked.read("mail", "show", str(number))
    assert shown["subject"] == "REHEARSAL NOR-26: an answer needs you"
    assert "Nia Cole has answered" in shown["text"]
    assert "August" not in shown["text"]


def test_the_history_says_what_was_answered(asked: Desk) -> None:
    told = asked.type("timeline", "NOR-26").stdout
    assert "cannot: Timetable from the client (nobody is here in August)" in " ".join(told.split())


def test_a_time_is_agreed_and_taken_back(asked: Desk) -> None:
    text = asked.type("agree", "NOR-26", "timetable", "--at", "2026-09-03 14:00").stdout
    assert "agreed for Thursday 3 September 2026, 14:00" in text
    asked.type("agree", "NOR-26", "timetable", "--none")
    wanted = 'say when, with the time: --at "2027-03-04 14:00"; or --none'
    for wrong in ((), ("--at", "2026-09-03"), ("--at", "2026-09-03 14:00", "--none")):
        assert wanted in asked.type("agree", "NOR-26", "timetable", *wrong, code=2).output


def test_a_calendar_has_an_address_until_it_is_revoked(desk: Desk) -> None:
    wanted = "calendars need the address of the site: set PEER_CHALLENGE_BASE_URL"
    assert wanted in desk.type("link", "feed", CLIENT, code=2).stderr
    desk.environment["PEER_CHALLENGE_BASE_URL"] = f"{SITE}/"
    first = desk.read("link", "feed", CLIENT)["address"]
    assert first.startswith(f"{SITE}/feed/")
    assert desk.read("link", "feed", CLIENT)["address"] == first
    second = desk.read("link", "feed", CLIENT, "--renew")["address"]
    assert second != first
    assert desk.read("link", "feed", CLIENT, "--revoke")["address"] is None
    third = desk.read("link", "feed", CLIENT)["address"]
    assert third not in {first, second}
    with closing(sqlite3.connect(desk.folder / "rehearsal.db")) as connection:
        rows = connection.execute("SELECT body FROM entry ORDER BY id").fetchall()
    said = [one for one in (json.loads(body) for (body,) in rows) if "feed_" in one["action"]]
    assert [one["action"] for one in said] == [
        "feed_shown", "feed_shown", "feed_renewed", "feed_revoked", "feed_shown",
    ]  # fmt: skip
    assert {(one["actor"], one["authority"], str(one["detail"])) for one in said} == {
        (1, "administrator", "{'person': 4}")
    }
    text = desk.type("link", "feed", CLIENT, "--renew", "--revoke", code=2).output
    assert "say --renew or --revoke, not both" in text


def test_links_are_revoked_by_message_or_by_person(asked: Desk) -> None:
    number = str(asked.read("mail", "list")["messages"][0]["id"])
    text = asked.type("link", "revoke", "--message", number).stdout
    assert f"The links of message {number} are dead." in text
    text = asked.type("link", "revoke", "--person", CLIENT).stdout
    assert "The links that Nia Cole was sent so far, their calendar's among them, are dead." in text
    for wrong in ((), ("--message", number, "--person", CLIENT)):
        text = asked.type("link", "revoke", *wrong, code=2).output
        assert "say which: --message ID, or --person PERSON" in text
    text = asked.type("link", "revoke", "--message", "999", code=5).stderr
    assert 'there is no message "999"' in text


def test_a_wrong_address_of_the_site_is_explained(desk: Desk) -> None:
    desk.environment["PEER_CHALLENGE_BASE_URL"] = "challenges.example"
    text = desk.type("link", "feed", CLIENT, code=2).stderr
    assert '"challenges.example" is not the base URL of a site' in text


def test_whose_mail_it_is_and_administrators_change_it_and_nobody_else(desk: Desk) -> None:
    desk.environment |= {"PEER_CHALLENGE_BASE_URL": SITE, "PEER_CHALLENGE_ACTOR": CLIENT}
    for command in (
        ("link", "feed", MANAGER),
        ("link", "revoke", "--person", MANAGER),
        ("person", "away", MANAGER, "--from", "2026-09-02", "--stand-in", CLIENT),
        ("person", "back", MANAGER),
        ("person", "mail", MANAGER, "--rhythm", "daily"),
    ):
        text = desk.type(*command, code=4).stderr
        assert "Nia Cole may not change the mail of Alex Reed: that is for them or an" in text
    text = desk.type("link", "revoke", "--message", "1", code=4).stderr
    assert "Nia Cole may not change the mail of everybody" in text
    desk.type("person", "mail", CLIENT, "--rhythm", "daily")
    desk.type("link", "feed", CLIENT)


def test_an_address_for_answers_that_is_none_is_explained(desk: Desk) -> None:
    desk.environment |= {
        "PEER_CHALLENGE_MAIL_ANSWERS": "office",
        "PEER_CHALLENGE_SMTP_URL": f"folder://{desk.folder}/mail",
    }
    text = desk.type("tick", code=2).stderr
    assert "PEER_CHALLENGE_MAIL_ANSWERS: 'office' is not an address that mail can go to" in text
