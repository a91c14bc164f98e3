"""Invitations and feeds, read back by a library that knows nothing of the one that wrote them."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject

from notifications.entries import feed, invitation
from notifications.message import CalendarPart, Mailbox, Message, UnsendableMessage, encode

LONDON = ZoneInfo("Europe/London")
AT = datetime(2026, 9, 1, 12, 0, 1, 5, tzinfo=UTC)
PROGRAMME = Mailbox(address="challenges@programme.example", name="Peer challenges")
AMINA = Mailbox(address="amina@team.example", name="Amina Peerfour")
HOSTILE = [
    'On "site", at; once\\now',
    "Evening\r\nATTACH:http://evil.example/",
    "Evening\nEND:VEVENT\nBEGIN:VALARM",
    "Evening\u2028X-EVIL:1\u0085Y:2\x0bZ:3\x00",
    "Évening 中文 🎉 " * 12,
    "a" * 5_000,
    "{p4} {client} %s %n \\n \\;",
]


def entry(**other: object) -> dict[str, Any]:
    """Return the evening before a visit, as the outbox has it."""
    return {
        "key": "evening",
        "title": "Evening meeting",
        "uid": "0b2c@peer-challenge",
        "sequence": 0,
        "method": "REQUEST",
        "is_busy": True,
        "starts_at": "2026-10-24T18:00:00+00:00",
        "ends_at": "2026-10-24T21:00:00+00:00",
        **other,
    }


def days(first: str, last: str, **other: object) -> dict[str, Any]:
    """Return an entry of whole days."""
    plain = {k: v for k, v in entry(key="visit").items() if k not in {"starts_at", "ends_at"}}
    return {**plain, "first_on": first, "last_on": last, **other}


def sent(values: dict[str, Any]) -> str:
    """Return the text that goes to Amina."""
    return invitation(values, organizer=PROGRAMME, attendee=AMINA, at=AT)[1]


def read(text: str) -> vobject.base.Component:
    """Return the one event in a calendar, read by the other library."""
    (event,) = vobject.readOne(text).vevent_list
    return event


def unfolded(text: str) -> list[str]:
    """Return the lines of a calendar, read by hand."""
    return text.replace("\r\n ", "").split("\r\n")


def test_a_meeting_is_read_back_as_it_was_written() -> None:
    method, text = invitation(entry(), organizer=PROGRAMME, attendee=AMINA, at=AT)
    calendar, event = vobject.readOne(text), read(text)
    assert (method, calendar.method.value, calendar.version.value) == ("REQUEST", "REQUEST", "2.0")
    assert event.uid.value == "0b2c@peer-challenge"
    assert event.summary.value == "Evening meeting"
    assert event.dtstart.value == datetime(2026, 10, 24, 18, tzinfo=UTC)
    assert event.dtend.value == datetime(2026, 10, 24, 21, tzinfo=UTC)
    assert event.dtstamp.value == AT.replace(microsecond=0)
    assert (event.sequence.value, event.status.value, event.transp.value) == (
        "0",
        "CONFIRMED",
        "OPAQUE",
    )
    assert event.organizer.value == "mailto:challenges@programme.example"
    assert event.organizer.params == {"CN": ["Peer challenges"]}
    assert event.attendee.value == "mailto:amina@team.example"
    assert event.attendee.params == {
        "CN": ["Amina Peerfour"],
        "CUTYPE": ["INDIVIDUAL"],
        "ROLE": ["REQ-PARTICIPANT"],
        "PARTSTAT": ["NEEDS-ACTION"],
        "RSVP": ["FALSE"],
    }


@pytest.mark.parametrize(
    "day",
    ["2026-10-23", "2026-10-24", "2026-10-25", "2026-10-26", "2027-03-27", "2027-03-28"],
)
def test_seven_in_the_evening_stays_seven_on_both_sides_of_a_clock_change(day: str) -> None:
    starts = datetime.fromisoformat(f"{day}T19:00").replace(tzinfo=LONDON)
    ends = starts + timedelta(hours=3)
    event = read(sent(entry(starts_at=starts.isoformat(), ends_at=ends.isoformat())))
    assert f"{event.dtstart.value.astimezone(LONDON):%Y-%m-%d %H:%M}" == f"{day} 19:00"
    assert f"{event.dtend.value.astimezone(LONDON):%H:%M}" == "22:00"


def test_moments_are_written_in_utc_so_that_no_zone_must_be_known() -> None:
    lines = unfolded(sent(entry(starts_at="2026-10-24T19:00:00+01:00")))
    assert "DTSTART:20261024T180000Z" in lines
    assert not [line for line in lines if "TZID" in line or "VTIMEZONE" in line]


@pytest.mark.parametrize(
    ("first", "last", "end"),
    [
        ("2026-10-24", "2026-10-26", date(2026, 10, 27)),  # over a clock change
        ("2027-03-28", "2027-03-28", date(2027, 3, 29)),
        ("2026-12-30", "2027-01-02", date(2027, 1, 3)),
    ],
)
def test_whole_days_are_days_and_end_before_the_day_after_the_last(
    first: str, last: str, end: date
) -> None:
    text = sent(days(first, last))
    event = read(text)
    assert (event.dtstart.value, event.dtend.value) == (date.fromisoformat(first), end)
    assert f"DTSTART;VALUE=DATE:{first.replace('-', '')}" in unfolded(text)


def test_the_day_of_a_deadline_leaves_its_person_free() -> None:
    event = read(sent(days("2026-10-24", "2026-10-24", is_busy=False)))
    assert event.transp.value == "TRANSPARENT"
    assert event.contents["x-microsoft-cdo-busystatus"][0].value == "FREE"


def test_what_falls_away_is_cancelled_under_its_name_and_the_next_sequence() -> None:
    method, text = invitation(
        entry(method="CANCEL", sequence=3), organizer=PROGRAMME, attendee=AMINA, at=AT
    )
    event = read(text)
    assert (method, vobject.readOne(text).method.value) == ("CANCEL", "CANCEL")
    assert (event.uid.value, event.sequence.value) == ("0b2c@peer-challenge", "3")
    assert event.status.value == "CANCELLED"


def test_it_says_of_which_challenge_it_is_and_nothing_that_is_found_there() -> None:
    event = read(sent(entry(reference="NOR-26", client="Northshire; system, North")))
    assert event.description.value == (
        "This entry follows its challenge by itself: when that changes, it does."
        " Peer challenge NOR-26, Northshire; system, North."
    )


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_title_stays_a_title(title: str) -> None:
    text = sent(entry(title=title, client=title))
    names = [line.split(":")[0].split(";")[0] for line in unfolded(text) if line]
    assert names == [line.split(":")[0].split(";")[0] for line in unfolded(sent(entry())) if line]
    shown = read(text).summary.value
    assert len(shown) <= 200
    assert "\n" not in shown
    if title.isprintable() and len(title) <= 200:
        assert shown == " ".join(title.split())


@pytest.mark.parametrize("name", ['A "B"', "A^nB", "A;CN=x:mailto:evil@evil.example", "A\r\nX:1"])
def test_a_hostile_name_stays_a_name(name: str) -> None:
    text = invitation(
        entry(), organizer=Mailbox(address="a@b.example", name=name), attendee=AMINA, at=AT
    )[1]
    event = read(text)
    assert event.organizer.value == "mailto:a@b.example"
    assert [*event.organizer.params] == ["CN"]
    assert len(unfolded(text)) == len(unfolded(sent(entry())))


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(UnsendableMessage, match="is not an address that mail can go to"):
        invitation(entry(), organizer=PROGRAMME, attendee=Mailbox(address="a b@c.example"), at=AT)


def test_lines_are_folded_at_75_octets_and_end_as_mail_does() -> None:
    text = sent(entry(title="Évening " * 24))
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75


def test_the_same_entry_gives_the_same_text_at_each_retry() -> None:
    assert sent(entry()) == sent(entry())


def test_an_entry_survives_the_way_through_the_outbox_and_a_message() -> None:
    values = json.loads(json.dumps(entry()))
    method, content = invitation(values, organizer=PROGRAMME, attendee=AMINA, at=AT)
    message = Message(
        to=AMINA,
        sender=PROGRAMME,
        reply_to=PROGRAMME,
        subject="Evening meeting",
        text="For your calendar.",
        html="<p>For your calendar.</p>",
        message_id="<1@programme.example>",
        date=AT,
        calendar=CalendarPart(method, content),
    )
    assert encode(message)


def test_a_feed_has_every_entry_and_says_how_often_to_look() -> None:
    entries = [
        entry(updated_at="2026-09-01T09:00:00+00:00"),
        days("2026-10-24", "2026-10-26", uid="9@peer-challenge", sequence=2,
             updated_at="2026-09-02T09:00:00+00:00"),
    ]  # fmt: skip
    found = feed(entries, "Amina's challenges")
    calendar = vobject.readOne(found.decode())
    assert calendar.method.value == "PUBLISH"
    assert calendar.contents["x-wr-calname"][0].value == "Amina's challenges"
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT6H" in unfolded(found.decode())
    assert [(one.uid.value, one.sequence.value) for one in calendar.vevent_list] == [
        ("0b2c@peer-challenge", "0"),
        ("9@peer-challenge", "2"),
    ]
    assert calendar.vevent_list[1].dtstamp.value == datetime(2026, 9, 2, 9, tzinfo=UTC)
    assert feed(entries, "Amina's challenges") == found


def test_a_feed_without_entries_is_a_calendar_all_the_same() -> None:
    text = feed([], "Nothing\r\nX-EVIL:1").decode()
    assert vobject.readOne(text).contents["name"][0].value == "Nothing X-EVIL:1"
    assert "BEGIN:VEVENT" not in text
