"""`person mail`, `away`, `back`, `change`, and what `mail` says of it."""

from collections.abc import Iterator

import pytest

from notifications.sink import Sink
from tests.integration.cli.desk import CLIENT, LEAD, MANAGER, PROGRAMME, TRUST, Desk

USUAL = {
    "rhythm": "at_once", "digest_at": "08:00", "away_from": None, "away_until": None,
    "stand_in": None, "refused_at": None, "refused_why": "",
}  # fmt: skip


@pytest.fixture
def sink() -> Iterator[Sink]:
    """Yield a mail server of our own."""
    with Sink() as server:
        yield server


@pytest.fixture
def office(desk: Desk, sink: Sink) -> Desk:
    """Return a desk with messages that wait, one of them for the client, and a mail server."""
    desk.environment["PEER_CHALLENGE_SMTP_URL"] = sink.url
    for task in ("commission", "scope_agreed"):
        desk.type("done", "NOR-26", task, "--evidence=as agreed")
    desk.type("advance", "NOR-26", "agree_scope")
    return desk


def test_everybody_is_written_to_at_once_until_they_say_otherwise(desk: Desk) -> None:
    found = desk.read("person", "mail", CLIENT)
    assert found["schema"] == "peer-challenge/person-mail/1"
    assert {key: found[key] for key in USUAL} == USUAL
    assert found["person"]["email"] == CLIENT
    text = desk.type("person", "mail", CLIENT).stdout
    assert f"Nia Cole <{CLIENT}> is written to at once." in text


def test_a_rhythm_is_set_and_shown(desk: Desk) -> None:
    text = desk.type("person", "mail", CLIENT, "--rhythm=daily", "--at=17:30").stdout
    assert "is written to once a day, at 17:30." in text
    assert desk.read("person", "mail", CLIENT)["digest_at"] == "17:30"
    text = desk.type("person", "mail", CLIENT, "--rhythm=urgent_at_once").stdout
    assert "is written to what is urgent at once, the rest once a day, at 17:30." in text
    desk.type("person", "mail", CLIENT, "--at=9:05")
    assert desk.read("person", "mail", CLIENT)["digest_at"] == "09:05"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--at=25:00",), "'25:00' is not a time of day; write 08:00"),
        (("--at=soon", "--rhythm=daily"), "'soon' is not a time of day; write 08:00"),
        (("--rhythm=weekly",), "'weekly' is not one of"),
    ],
)
def test_what_cannot_be_a_rhythm_is_explained(
    desk: Desk, arguments: tuple[str, ...], text: str
) -> None:
    desk.type("person", "mail", CLIENT, "--rhythm=daily")
    assert text in desk.type("person", "mail", CLIENT, *arguments, code=2).stderr


def test_a_time_of_day_without_a_daily_message_is_refused(desk: Desk) -> None:
    text = desk.type("person", "mail", CLIENT, "--at=09:00", code=2).stderr
    assert "--at is for a daily message: add --rhythm daily or urgent_at_once" in text


def test_somebody_is_away_and_back(desk: Desk) -> None:
    away = ("person", "away", CLIENT, "--from", "2026-09-01", "--until", "11 September 2026")
    text = desk.type(*away, "--stand-in", LEAD).stdout
    assert "Away from Tuesday 1 September 2026 until Friday 11 September 2026." in text
    assert f"Ada Marsh <{LEAD}> gets the mail meanwhile." in text
    found = desk.read("person", "mail", CLIENT)
    assert (found["away_from"], found["away_until"]) == ("2026-09-01", "2026-09-11")
    assert found["stand_in"] == LEAD
    assert "Away" not in desk.type("person", "back", CLIENT).stdout
    assert desk.read("person", "mail", CLIENT)["stand_in"] is None
    text = desk.type("person", "away", CLIENT).stdout
    assert "Away from Tuesday 1 September 2026. Mail waits meanwhile" in text


def test_a_dry_run_changes_nothing(desk: Desk) -> None:
    for command in (
        ("mail", CLIENT, "--rhythm=daily"),
        ("away", CLIENT, "--stand-in", LEAD),
        ("change", CLIENT, "--email=nia@trust.example"),
    ):
        result = desk.type("person", *command, "-n")
        assert "Nothing was changed." in result.stderr
    assert desk.read("person", "away", CLIENT, "-n")["away_from"] == "2026-09-01"
    found = desk.read("person", "mail", CLIENT)
    assert {key: found[key] for key in USUAL} == USUAL


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--from=2026-09-09", "--until=2026-09-08"), "is before the first, 2026-09-09"),
        (("--from=2026-08-01", "--until=2026-08-31"), "2026-08-31 is over: nothing would change"),
        (("--stand-in", CLIENT), "nobody stands in for themselves; name somebody else"),
        (("--stand-in", LEAD), "Ada Marsh is away at that time, too, and nobody stands in"),
        (("--stand-in", TRUST), "Ben Okoro has Nia Cole stand in at that time: a circle"),
        (("--stand-in", MANAGER), "Alex Reed is away at that time, and so is Ada Marsh, who"),
    ],
)
def test_who_cannot_stand_in_is_explained(
    desk: Desk, arguments: tuple[str, ...], text: str
) -> None:
    desk.type("person", "away", MANAGER, "--stand-in", LEAD)
    desk.type("person", "away", LEAD)
    desk.type("person", "away", TRUST, "--stand-in", CLIENT)
    assert text in desk.type("person", "away", CLIENT, *arguments, code=2).stderr


def test_a_stand_in_who_is_away_at_another_time_or_has_one_themselves_will_do(desk: Desk) -> None:
    desk.type("person", "away", LEAD, "--from=2026-10-01")
    desk.type("person", "away", CLIENT, "--until=2026-09-30", "--stand-in", LEAD)
    desk.type("person", "away", TRUST, "--stand-in", PROGRAMME)
    desk.type("person", "away", MANAGER, "--stand-in", TRUST)


def test_a_stand_in_that_nobody_knows_is_not_found(desk: Desk) -> None:
    result = desk.type("person", "away", CLIENT, "--stand-in=x@nowhere.example", code=5)
    assert 'there is no person "x@nowhere.example"' in result.stderr


def test_mail_says_to_whom_it_went_and_for_whom(office: Desk, sink: Sink) -> None:
    office.type("person", "away", CLIENT, "--stand-in", LEAD)
    office.type("tick")
    rows = [row for row in office.read("mail", "list")["messages"] if row["for"] == CLIENT]
    assert {(row["to"], row["status"]) for row in rows} == {(LEAD, "sent")}
    assert f"{LEAD} for {CLIENT}" in office.type("mail", "list").stdout
    shown = office.type("mail", "show", str(rows[0]["id"])).stdout
    assert f"To: Ada Marsh <{LEAD}> for Nia Cole <{CLIENT}>" in shown
    both = [office.read("mail", "list", "--to", who)["messages"] for who in (CLIENT, LEAD)]
    assert all(rows[0] in found for found in both)
    assert any(mail.recipients == (LEAD,) for mail in sink.received)


def test_what_is_known_of_a_person_is_changed(desk: Desk) -> None:
    text = desk.type(
        "person", "change", CLIENT, "--email=nia@trust.example", "--phone=01632 960009"
    ).stdout
    assert "Nia Cole <nia@trust.example>, Northshire system, 01632 960009 kept" in text
    found = desk.read("person", "change", "nia@trust.example", "--name=Nia Cole-Day")
    assert found["person"]["name"] == "Nia Cole-Day"
    assert found["person"]["organisation"] == "Northshire system"


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        ((), 2, "say what is to change: --name, --email, --organisation or --phone"),
        (("--email", MANAGER.upper()), 2, "there is already a person with the e-mail address"),
        (("--email=nobody",), 2, "'nobody' is not an e-mail address"),
        (("--name= ",), 2, "the name is empty"),
    ],
)
def test_what_cannot_be_changed_is_explained(
    desk: Desk, arguments: tuple[str, ...], code: int, text: str
) -> None:
    assert text in desk.type("person", "change", CLIENT, *arguments, code=code).stderr


def test_only_administrators_change_administrators(desk: Desk) -> None:
    change = ("person", "change", PROGRAMME, "--email=x@y.example")
    result = desk.type("--as", MANAGER, *change, code=4)
    assert "may not change administrators" in result.stderr


def refuse(desk: Desk, status: str = "failed") -> str:
    """Let the client's address have refused a message; return its id."""
    import bootstrap

    application = bootstrap.open_application(bootstrap.read_settings({}, desk.surroundings()))
    (row,) = [
        row for row in desk.read("mail", "list", "--to", CLIENT)["messages"]
        if row["notices"] == ["client_documents_request"]
    ]  # fmt: skip
    at = application.clock.now()
    with application.database.writing() as link:
        person = bootstrap.people.find(link, CLIENT)
        link.execute(
            "UPDATE outbox SET status = :status WHERE id = :id", status=status, id=row["id"]
        )
        if status == "failed":
            bootstrap.preferences.mark_refused(link, person.id, at=at, why="RCPT: 550 nobody here")
    application.database.close()
    return str(row["id"])


def test_an_address_that_refuses_mail_is_shown_and_corrected(office: Desk, sink: Sink) -> None:
    number = refuse(office)
    text = office.type("person", "mail", CLIENT).stdout
    assert "Mail has been refused since Tue 1 Sep 2026 09:00: RCPT: 550 nobody here" in text
    assert f"peer-challenge person change {CLIENT} --email ADDRESS" in text
    office.type("person", "change", CLIENT, "--email=nia@trust.example")
    text = office.type("mail", "retry", "--to=nia@trust.example").stdout
    assert "1 message to nia@trust.example goes out with the next round." in text
    office.type("tick")
    assert office.read("mail", "show", number)["status"] == "sent"
    assert any(mail.recipients == ("nia@trust.example",) for mail in sink.received)
    text = office.type("mail", "retry", "--to=nia@trust.example").stdout
    assert "No message to nia@trust.example has failed." in text


def test_what_is_to_be_retried_is_one_or_all_of_a_person(office: Desk) -> None:
    text = "name one message, or --to PERSON for all that failed to reach them"
    assert text in office.type("mail", "retry", code=2).stderr
    assert text in office.type("mail", "retry", "1", "--to", CLIENT, code=2).stderr


@pytest.mark.parametrize(
    ("word", "says", "status"),
    [
        ("--arrived", "Message {} is sent.", "sent"),
        ("--lost", "Message {} goes out with the next round.", "waiting"),
    ],
)
def test_an_uncertain_message_is_settled(office: Desk, word: str, says: str, status: str) -> None:
    number = refuse(office, "uncertain")
    shown = office.type("mail", "show", number)
    assert f"mail settle {number} --arrived" in shown.output
    assert says.format(number) in office.type("mail", "settle", number, word).stdout
    found = office.read("mail", "show", number)
    assert found["status"] == status
    assert "said that it" in found["error"]


def test_what_cannot_be_settled_says_why(office: Desk) -> None:
    number = refuse(office)
    text = office.type("mail", "settle", number, code=2).stderr
    assert "say what became of it: --arrived, or --lost to send it again" in text
    text = office.type("mail", "settle", number, "--lost", code=2).stderr
    assert f"message {number} has failed; allowed: to settle one that is uncertain" in text
    assert (
        'there is no message "99"' in office.type("mail", "settle", "99", "--lost", code=5).stderr
    )
