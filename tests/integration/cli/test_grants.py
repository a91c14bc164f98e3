"""Who may do what, typed: access given and taken back, lists that show what one may see."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.integration.cli.desk import CLIENT, DEFINITION, LEAD, MANAGER, PROGRAMME, TRUST, Desk

AUDITOR = "kim.long@audit.example"


@pytest.fixture
def shared(desk: Desk) -> Desk:
    """Return the desk with a lead peer on the team, and an auditor who has no access yet."""
    desk.type("assign", "NOR-26", "lead_peer", LEAD)
    desk.type("person", "add", "Kim Long", AUDITOR)
    return desk


@pytest.fixture
def writing(shared: Desk) -> Desk:
    """Return the desk with messages that wait, to the client."""
    for task in ("commission", "scope_agreed"):
        shared.type("done", "NOR-26", task, "--evidence=as agreed")
    shared.type("advance", "NOR-26", "agree_scope")
    return shared


def entries(desk: Desk) -> Iterator[dict[str, object]]:
    """Yield the entries of the audit log, in order."""
    with closing(sqlite3.connect(desk.folder / "rehearsal.db")) as database:
        yield from (json.loads(body) for (body,) in database.execute("SELECT body FROM entry"))


def as_(desk: Desk, who: str, *words: str, code: int = 0) -> str:
    """Type a command as somebody; return all that is said."""
    return desk.type("--as", who, *words, code=code).output


def test_access_is_given_shown_used_and_taken_back(shared: Desk) -> None:
    assert "Kim Long may not see NOR-26" in as_(shared, AUDITOR, "show", "NOR-26", code=4)
    tried = shared.type("grant", "give", AUDITOR, "auditor", "--on", "NOR-26", "-n").output
    assert "Kim Long <kim.long@audit.example> would be auditor in NOR-26" in tried
    assert shared.read("grant", "list")["grants"] == []
    given = shared.read("grant", "give", AUDITOR, "auditor", "--on", "NOR-26")["grant"]
    assert (given["id"], given["role"], given["reference"]) == (1, "auditor", "NOR-26")
    as_(shared, AUDITOR, "show", "NOR-26")
    as_(shared, AUDITOR, "audit", "log", "NOR-26")
    assert "may not export the audit log" in as_(
        shared, AUDITOR, "audit", "export", "x.jsonl", code=4
    )
    assert "may not set dates of NOR-26" in as_(
        shared, AUDITOR, "date", "NOR-26", "onsite_start", "2026-12-01", code=4
    )
    assert "1 grant" in shared.type("grant", "list").output
    shared.type("grant", "revoke", "1", "--reason", "the audit is over")
    assert "may not see NOR-26" in as_(shared, AUDITOR, "show", "NOR-26", code=4)
    assert (
        "grant 1 is revoked already"
        in shared.type("grant", "revoke", "1", "--reason", "again", code=4).output
    )
    told = [(str(row["action"]), row["result"]) for row in entries(shared)]
    assert [one for one in told if one[0].startswith("access")] == [
        ("access_granted", "applied"), ("access_revoked", "applied"), ("access_revoked", "refused"),
    ]  # fmt: skip
    assert told.count(("read", "refused")) == 3
    assert told.count(("SetDate", "refused")) == 1
    assert shared.read("audit", "verify")["intact"]


def test_an_entry_says_by_which_right(shared: Desk) -> None:
    as_(shared, MANAGER, "date", "NOR-26", "onsite_start", "2026-11-25", "--reason", "agreed")
    shared.type("grant", "give", TRUST, "challenge_manager", "--on", "NOR-26")
    as_(shared, TRUST, "date", "NOR-26", "onsite_start", "2026-11-24", "--reason", "agreed")
    shared.type("hold", "NOR-26", "FOI 1", "--reason", "asked")
    shared.type("grant", "give", CLIENT, "programme_manager")
    as_(shared, CLIENT, "mail", "hold")
    said = [(row["action"], row["authority"]) for row in entries(shared)][-6:]
    assert said == [
        ("SetDate", "challenge_manager on NOR-26"),
        ("access_granted", "administrator"),
        ("SetDate", "grant 1: challenge_manager"),
        ("PlaceHold", "administrator"),
        ("access_granted", "administrator"),
        ("mail_held", "grant 2: programme_manager"),
    ]


def test_lists_show_what_one_may_see(shared: Desk) -> None:
    def seen(who: str, key: str, *words: str) -> list[object]:
        shared.environment["PEER_CHALLENGE_ACTOR"] = who
        found: list[object] = shared.read(*words)[key]
        return found

    assert len(seen(LEAD, "challenges", "list")) == 1
    assert seen(AUDITOR, "challenges", "list") == []
    assert seen(LEAD, "tasks", "tasks")
    assert seen(AUDITOR, "tasks", "tasks") == []
    people = [
        row["email"] for row in seen(LEAD, "people", "person", "list") if isinstance(row, dict)
    ]
    assert (LEAD in people, MANAGER in people, AUDITOR in people) == (True, True, False)
    assert len(seen(AUDITOR, "people", "person", "list")) == 1
    shared.environment["PEER_CHALLENGE_ACTOR"] = MANAGER
    assert shared.read("audit", "report", code=0)["items"]
    shared.environment["PEER_CHALLENGE_ACTOR"] = LEAD
    assert "may not read the audit of challenges" in shared.type("audit", "report", code=4).output


def test_mail_is_shown_to_whom_it_goes_and_who_sees_to_it(writing: Desk) -> None:
    def numbers(who: str) -> set[int]:
        writing.environment["PEER_CHALLENGE_ACTOR"] = who
        return {row["id"] for row in writing.read("mail", "list")["messages"]}

    assert numbers(CLIENT)
    assert numbers(CLIENT) <= numbers(MANAGER)
    assert numbers(LEAD).isdisjoint(numbers(CLIENT))
    assert numbers(AUDITOR) == set()
    number = str(min(numbers(CLIENT)))
    assert "may not read the correspondence of NOR-26" in as_(
        writing, LEAD, "mail", "show", number, code=4
    )


def test_an_error_names_only_what_one_may_see(shared: Desk) -> None:
    assert "(NOR-26)" in as_(shared, LEAD, "show", "NOR-27", code=5)
    assert "NOR-26" not in as_(shared, AUDITOR, "show", "NOR-27", code=5)
    assert "NOR-26" not in as_(shared, AUDITOR, "done", "NOR-27", "commission", code=5)
    assert "@" not in as_(shared, AUDITOR, "person", "mail", "nobody", code=5).replace(AUDITOR, "")


def test_whoever_has_left_sees_and_does_what_is_left_for_them(shared: Desk) -> None:
    shared.type("release", "NOR-26", LEAD, "--reason", "ill")
    assert "may not see NOR-26" in as_(shared, LEAD, "show", "NOR-26", code=4)
    as_(shared, LEAD, "tasks", "NOR-26")
    assert "may not take steps" in as_(shared, LEAD, "advance", "NOR-26", code=4)


def test_nobody_gives_access_to_themselves_or_more_than_they_have(shared: Desk) -> None:
    own = as_(shared, PROGRAMME, "grant", "give", PROGRAMME, "auditor", code=4)
    assert "Sam Ford may not give access to themselves" in own
    shared.type("grant", "give", MANAGER, "programme_manager")
    more = as_(shared, MANAGER, "grant", "give", AUDITOR, "administrator", code=4)
    assert "Alex Reed may not give what an administrator may do" in more
    as_(shared, MANAGER, "grant", "give", AUDITOR, "auditor")
    again = as_(shared, MANAGER, "grant", "give", AUDITOR, "auditor", code=4)
    assert "Kim Long has this access already, by grant 2" in again
    office = shared.type("grant", "give", PROGRAMME, "administrator", code=4).output
    assert "Sam Ford is an administrator already" in office
    everywhere = shared.type("grant", "give", AUDITOR, "administrator", "--on", "NOR-26", code=2)
    assert "leave out --on" in everywhere.output
    assert "may not give and revoke access to NOR-26" in as_(
        shared, LEAD, "grant", "give", AUDITOR, "peer", "--on", "NOR-26", code=4
    )
    assert (
        "there is no challenge"
        in shared.type("grant", "give", AUDITOR, "peer", "--on", "NOR-27", code=5).output
    )


def test_the_last_administrator_keeps_the_way_in(shared: Desk) -> None:
    end = ("grant", "revoke", "--reason", "left", "--administrator")
    shared.type(*end, PROGRAMME)  # tester, who made the database, is left
    assert "tester is the last administrator" in shared.type(*end, "1", code=4).output
    assert "was not made an administrator" in shared.type(*end, MANAGER, code=4).output
    shared.type("grant", "give", MANAGER, "administrator")
    shared.type(*end, "1", "-n")
    shared.type(*end, "1")
    assert "may not" in shared.type("mail", "hold", code=4).output
    last = as_(shared, MANAGER, "grant", "revoke", "1", "--reason", "enough", code=4)
    assert "Alex Reed is the last administrator" in last


@pytest.mark.parametrize(("words", "code", "text"), [
    (("revoke", "--reason", "x"), 2, "say which: the grant's ID, or --administrator PERSON"),
    (("revoke", "9", "--reason", "x"), 5, 'there is no grant "9"'),
    (("revoke", "9", "--reason", " "), 2, "say why the access ends"),
])  # fmt: skip
def test_what_makes_no_sense_is_said(
    desk: Desk, words: tuple[str, ...], code: int, text: str
) -> None:
    assert text in desk.type("grant", *words, code=code).output


def test_a_check_says_why_and_why_not(shared: Desk) -> None:
    check = ("grant", "check")
    yes = shared.type(*check, MANAGER, "change_team", "--on", "NOR-26").output
    assert "Yes: Alex Reed may change the team of NOR-26, as challenge_manager on NOR-26." in yes
    no = shared.type(*check, LEAD, "change_team", "--on", "NOR-26").output
    assert "No: Ada Marsh may not change the team of NOR-26: that is for" in no
    own = shared.read(*check, CLIENT, "see_challenge", "--on", "NOR-26")
    assert (own["is_allowed"], own["authority"]) == (True, "client_contact on NOR-26")
    as_(shared, LEAD, *check, LEAD, "record_work", "--on", "NOR-26")
    others = as_(shared, LEAD, *check, CLIENT, "record_work", code=4)
    assert "Ada Marsh may not see the access of others" in others
    assert "see the access of others" in as_(
        shared, LEAD, "grant", "list", "--person", CLIENT, code=4
    )
    assert "see NOR-26" in as_(shared, AUDITOR, *check, AUDITOR, "run", "--on", "NOR-26", code=4)


@pytest.mark.parametrize("words", [
    ("person", "change", CLIENT, "--phone", "01632 960002"),
    ("person", "mail", CLIENT, "--rhythm", "daily"),
    ("person", "away", CLIENT),
    ("person", "back", CLIENT),
    ("link", "feed", CLIENT),
    ("link", "revoke", "--person", CLIENT),
])  # fmt: skip
def test_what_is_somebodys_own_is_changed_by_them_or_whoever_may(
    shared: Desk, words: tuple[str, ...]
) -> None:
    shared.environment["PEER_CHALLENGE_BASE_URL"] = "https://visits.example"
    as_(shared, CLIENT, *words)
    shared.type(*words)
    assert "Ada Marsh may not" in as_(shared, LEAD, *words, code=4)


def test_how_somebody_is_written_to_is_shown_to_those_who_see_them(shared: Desk) -> None:
    for who in (CLIENT, LEAD, MANAGER):
        assert "is written to at once" in as_(shared, who, "person", "mail", CLIENT)
    for who in (AUDITOR, TRUST):
        assert "may not" in as_(shared, who, "person", "mail", CLIENT, code=4)


def test_mail_is_retried_for_those_challenges_that_one_sees_to(writing: Desk) -> None:
    with closing(sqlite3.connect(writing.folder / "rehearsal.db")) as database, database:
        database.execute("UPDATE outbox SET status = 'failed'")
    writing.type(
        "new", "EAS-27", f"--definition={DEFINITION}", "--title=E", "--client=E",
        "--date", "onsite_start=2027-11-23", "--date", "onsite_end=2027-11-26",
    )  # fmt: skip
    writing.type("grant", "give", TRUST, "challenge_manager", "--on", "EAS-27")
    retry = ("mail", "retry", "--to", CLIENT)
    assert f"No message to {CLIENT} has failed." in as_(writing, TRUST, *retry)
    assert f"3 messages to {CLIENT} go out" in as_(writing, MANAGER, *retry)


def test_nobody_changes_a_person_who_may_do_more(shared: Desk) -> None:
    shared.type("grant", "give", CLIENT, "programme_manager")
    change = ("person", "change", CLIENT, "--email", "x@evil.example")
    text = as_(shared, MANAGER, *change, code=4)
    assert "Alex Reed may not change somebody who may do more" in text
    as_(shared, MANAGER, "person", "change", LEAD, "--phone", "01632 960003")


def test_the_machine_works_for_nobody_and_not_for_whoever_may_not(shared: Desk) -> None:
    shared.environment["LOGNAME"] = "somebody-else"
    shared.type("tick")
    assert "may not run the machine's work" in as_(shared, LEAD, "tick", code=4)


def test_the_links_of_a_message_are_its_readers_alone(writing: Desk) -> None:
    writing.environment["PEER_CHALLENGE_BASE_URL"] = "https://visits.example"
    for row in writing.read("mail", "list")["messages"]:
        own = as_(writing, CLIENT, "mail", "show", str(row["id"]))
        other = as_(writing, MANAGER, "mail", "show", str(row["id"]))
        if "https://visits.example/a/" in own:
            assert "https://visits.example/a/" not in other
            assert "[a link that only its reader may use]" in other
            return
    pytest.fail("no message has a link")
