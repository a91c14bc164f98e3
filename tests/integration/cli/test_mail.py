"""`tick` and `mail`: what waits is sent once, and nothing is lost while the server is away."""

from collections.abc import Iterator
from contextlib import closing

import pytest

import bootstrap
from notifications.sink import Sink
from tests.integration.cli.desk import CLIENT, PROGRAMME, Desk

KEYS = {
    "id", "challenges", "notices", "to", "subject", "status", "created_at", "not_before", "sent_at",
    "attempts", "message_id",
}  # fmt: skip


WAITING = 3
"""The request for two documents, and the last day of each for the calendar."""


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Yield a mail server of our own."""
    with Sink() as server:
        yield server


@pytest.fixture
def office(desk: Desk, sink: Sink) -> Desk:
    """Return a desk with messages to the client that wait, and a mail server."""
    desk.environment["PEER_CHALLENGE_SMTP_URL"] = sink.url
    for task in ("commission", "scope_agreed"):
        desk.type("done", "NOR-26", task, "--evidence=as agreed")
    desk.type("advance", "NOR-26", "agree_scope")
    return desk


def test_a_tick_sends_what_waits_once(office: Desk, sink: Sink) -> None:
    found = office.read("tick")
    assert (found["sent"], found["waiting"]) == (WAITING, 0)
    assert office.read("tick")["sent"] == 0
    assert {mail.recipients for mail in sink.received} == {(CLIENT,)}
    subjects = [str(mail.email["Subject"]).strip() for mail in sink.received]
    assert all(subject.startswith("REHEARSAL NOR-26: ") for subject in subjects)


def test_a_courier_that_runs_hears_of_a_new_holiday(office: Desk) -> None:
    office.environment["PEER_CHALLENGE_QUIET_DAYS"] = "holidays"
    day = ("england_and_wales", "2026-09-01")
    settings = bootstrap.read_settings({"actor": PROGRAMME}, office.surroundings())
    application = bootstrap.open_application(settings)
    with closing(application.database):
        courier = application.courier
        office.type("calendar", "add", *day, "Day of Thanks", "--reason=proclaimed")
        assert courier.drain().sent == 0
        office.type("calendar", "remove", *day, "--reason=a slip")
        assert courier.drain().sent == WAITING


def test_the_list_has_the_keys_that_others_rely_on(office: Desk) -> None:
    office.type("tick")
    found = office.read("mail", "list")
    assert found["schema"] == "peer-challenge/mail-list/1"
    row = found["messages"][-1]
    assert row.keys() >= KEYS
    assert (row["status"], row["to"], row["challenges"]) == ("sent", CLIENT, ["NOR-26"])
    assert row["notices"] == ["client_documents_request"]
    assert row["message_id"].startswith("<")


def test_a_message_is_shown_as_it_would_be_sent_and_as_it_was(office: Desk) -> None:
    rows = office.read("mail", "list", "NOR-26", "--status=waiting", "--to", CLIENT)["messages"]
    row = rows[-1]
    would = office.read("mail", "show", str(row["id"]))
    office.type("tick")
    was = office.read("mail", "show", str(row["id"]))
    assert was["text"] == would["text"]
    assert was["subject"] == would["subject"]
    assert "Subject: REHEARSAL NOR-26" in office.type("mail", "show", str(row["id"])).stdout


def test_while_the_mail_server_is_away_nothing_is_lost(office: Desk, sink: Sink) -> None:
    office.environment["PEER_CHALLENGE_SMTP_URL"] = "smtp://127.0.0.1:1"
    result = office.type("tick", code=75)
    assert "The mail server cannot be used, try again later" in result.stdout
    office.environment["PEER_CHALLENGE_SMTP_URL"] = sink.url
    assert office.read("tick")["sent"] == WAITING


@pytest.mark.parametrize(
    ("name", "value", "code", "told"),
    [
        ("IMAP_URL", "imap://me:sesame@127.0.0.1:1/", 75, "127.0.0.1"),
        ("ANCHOR_FILE", "no/such/folder/heads.txt", 75, "no/such/folder/heads.txt"),
        ("ANCHOR_TO", "nobody@known.example", 5, 'no person "nobody@known.example"'),
    ],
)
def test_what_cannot_be_done_is_told_and_stops_nothing_else(
    office: Desk, name: str, value: str, code: int, told: str
) -> None:
    office.environment[f"PEER_CHALLENGE_{name}"] = value
    found = office.read("tick", code=code)
    assert (found["sent"], found["waiting"]) == (WAITING, 0)
    (trouble,) = found["troubles"]
    assert told in trouble
    text = office.type("tick", code=code).stdout
    assert "Not done, and tried again with the next turn: " in text
    assert "sesame" not in text


def test_without_a_mail_server_messages_wait(office: Desk) -> None:
    office.environment["PEER_CHALLENGE_SMTP_URL"] = ""
    text = office.type("tick").stdout
    assert "Mail: no server is set (PEER_CHALLENGE_SMTP_URL); 3 waiting." in text


def test_everything_is_held_and_let_go(office: Desk, sink: Sink) -> None:
    office.type("mail", "hold", "--reason", "the server moves")
    assert office.read("tick")["is_held"] is True
    assert [m["status"] for m in office.read("mail", "list")["messages"]] == ["held"] * WAITING
    assert "(all mail is held)" in office.type("tick").stdout
    assert "all mail is held (the server moves)" in office.type("doctor").stdout
    assert sink.received == []
    office.type("mail", "release")
    assert office.read("tick")["sent"] == WAITING


def test_a_message_that_was_sent_is_not_sent_again(office: Desk) -> None:
    office.type("tick")
    number = str(office.read("mail", "list")["messages"][0]["id"])
    assert f"message {number} has been sent" in office.type("mail", "retry", number, code=2).stderr
    assert 'there is no message "99"' in office.type("mail", "retry", "99", code=5).stderr
    assert 'there is no message "99"' in office.type("mail", "show", "99", code=5).stderr


@pytest.mark.parametrize("number", ["0", str(2**31), str(2**70), "9" * 5000])
def test_a_number_that_no_message_can_have_is_refused(office: Desk, number: str) -> None:
    assert "Invalid value for 'ID'" in office.type("mail", "show", number, code=2).stderr


def test_a_message_that_waits_is_retried(office: Desk) -> None:
    number = str(office.read("mail", "list")["messages"][0]["id"])
    assert "goes out with the next round" in office.type("mail", "retry", number).stdout


def test_a_bad_mail_url_is_explained_without_its_password(office: Desk) -> None:
    office.environment["PEER_CHALLENGE_SMTP_URL"] = "http://user:sesame@mail.example"
    result = office.type("tick", code=2)
    assert 'the mail URL begins with "http:"' in result.stderr
    assert "sesame" not in result.output


def test_mail_comes_from_the_address_that_is_set(office: Desk, sink: Sink) -> None:
    office.environment["PEER_CHALLENGE_MAIL_FROM"] = "Peers <peers@programme.example>"
    office.type("tick")
    assert str(sink.received[0].email["From"]) == "Peers <peers@programme.example>"


def test_templates_of_ones_own_are_used(office: Desk, sink: Sink) -> None:
    (office.folder / "client_documents_request.subject.txt").write_text("Papers, please")
    office.environment["PEER_CHALLENGE_TEMPLATES"] = str(office.folder)
    office.type("tick")
    assert str(sink.received[0].email["Subject"]) == "REHEARSAL NOR-26: Papers, please"
