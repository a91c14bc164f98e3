"""A message's bytes are what was meant: nobody adds a header or a recipient through a text."""

from collections.abc import Callable
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from notifications.message import (
    CalendarPart,
    Mailbox,
    Message,
    UnsendableMessage,
    _compare,
    _meant,
    clean,
    encode,
)
from tests.unit.notifications import hostile
from tests.unit.notifications.messages import make_message

INVITATION = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:7@programme.example\r\n"
    "SUMMARY:Cwrdd â'r tîm\\, 王\r\nDESCRIPTION:" + "a long line that is folded \r\n " * 20 + "\r\n"
    ".\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)  # fmt: skip

PLACES: dict[str, Callable[[str], Message]] = {
    "subject": lambda text: make_message(subject=text),
    "name": lambda text: make_message(name=text),
    "text": lambda text: make_message(text=text),
    "html": lambda text: replace(make_message(), html=text),
}
ADDRESSES: dict[str, Callable[[str], Message]] = {
    "to": lambda address: replace(make_message(), to=Mailbox(address=address)),
    "sender": lambda address: replace(make_message(), sender=Mailbox(address=address)),
    "reply_to": lambda address: replace(make_message(), reply_to=Mailbox(address=address)),
    "return_path": lambda address: replace(make_message(), return_path=address),
}


def read(content: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(content)


def letters(text: str) -> str:
    """Return what prints of a text, without its gaps."""
    return "".join(clean(text).replace("=?", "= ?").split())


@pytest.mark.parametrize("text", hostile.TEXTS)
@pytest.mark.parametrize("where", PLACES)
def test_no_text_adds_a_header_or_a_recipient(text: str, where: str) -> None:
    plain = read(encode(make_message()))
    content = encode(PLACES[where](text))
    email = read(content)
    assert email.keys() == plain.keys()
    assert [a.addr_spec for a in email["To"].addresses] == ["peer.1@example.test"]
    assert email["Bcc"] is None
    assert [part.get_content_type() for part in email.iter_parts()] == ["text/plain", "text/html"]
    assert max(map(len, content.split(b"\r\n"))) <= 998
    assert not email.defects


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_a_text_is_read_as_itself_wherever_it_stands(text: str) -> None:
    email = read(encode(make_message(subject=text, name=text, text=text)))
    assert letters(text)[:90] == letters(str(email["Subject"]))[:90]
    (recipient,) = email["To"].addresses
    assert letters(text)[:90] == letters(recipient.display_name)[:90]
    body = email.get_body(("plain",))
    assert body is not None
    printed = "".join(text.replace("\r", "\n").split())
    assert "".join(c for c in printed if c.isprintable()) == "".join(body.get_content().split())


@pytest.mark.parametrize("address", hostile.ADDRESSES)
@pytest.mark.parametrize("where", [*ADDRESSES])
def test_an_address_that_is_not_plain_is_refused(address: str, where: str) -> None:
    if where == "return_path" and not address:
        return  # then it is the sender's
    with pytest.raises(UnsendableMessage, match="is not an address that mail can go to"):
        encode(ADDRESSES[where](address))


@pytest.mark.parametrize(
    "address",
    [
        "a@b",
        "a.b+c'd_e-f@x-1.example.test",
        "a" * 64 + "@" + "b" * 63 + ".test",
        "challenges+b123.Ab_-9xYz@programme.example",
        "a/b=c?d!e#f$g%h&i*j^k`l{m|n}o~p@example.test",
    ],
)
@pytest.mark.parametrize("where", [*ADDRESSES])
def test_a_plain_address_is_taken_as_it_is(address: str, where: str) -> None:
    email = read(encode(ADDRESSES[where](address)))
    if where != "return_path":
        header = {"to": "To", "sender": "From", "reply_to": "Reply-To"}[where]
        assert [a.addr_spec for a in email[header].addresses] == [address]


def test_a_refused_address_is_said_with_the_way_out() -> None:
    with pytest.raises(UnsendableMessage) as caught:
        encode(make_message(to="a b@example.test"))
    assert str(caught.value) == (
        "'a b@example.test' is not an address that mail can go to:"
        " write one plain address, such as name@organisation.example"
    )


@pytest.mark.parametrize("header", hostile.HEADERS)
def test_a_header_that_could_be_more_than_itself_is_refused(header: tuple[str, str]) -> None:
    with pytest.raises(UnsendableMessage):
        encode(make_message(headers=(header,)))


def test_a_header_stands_there_once() -> None:
    with pytest.raises(UnsendableMessage, match="there twice"):
        encode(make_message(headers=(("X-Note", "a"), ("x-note", "b"))))


@pytest.mark.parametrize("value", ["auto-generated", "", "Ŵyn " * 40 + "王", "words " * 40 + "end"])
def test_a_header_is_read_as_it_was_meant(value: str) -> None:
    value = clean(value)
    email = read(encode(make_message(headers=(("X-Note", value),))))
    assert str(email["X-Note"]) == value


@pytest.mark.parametrize("count", [1, 2, 30, 200])
@pytest.mark.parametrize("domain", ["programme.example", "x" * 63 + ".example", "d." * 60 + "test"])
def test_a_thread_of_any_length_is_folded_between_its_identifiers(count: int, domain: str) -> None:
    thread = [f"<{number:032x}@{domain}>" for number in range(count)]
    headers = (("In-Reply-To", thread[-1]), ("References", " ".join(thread)))
    content = encode(make_message(headers=headers))
    raw = BytesParser(policy=policy.compat32).parsebytes(content)
    assert str(raw["In-Reply-To"]).split() == [thread[-1]]
    assert str(raw["References"]).split() == thread
    assert str(read(content)["References"]).split() == thread
    assert max(map(len, content.split(b"\r\n"))) <= max(78, len(thread[0]) + 14)
    assert b"=?" not in content


def test_an_identifier_too_long_for_a_line_is_refused() -> None:
    identifier = f"<{'x' * 1000}@programme.example>"
    with pytest.raises(UnsendableMessage, match="References of the message has words too long"):
        encode(make_message(headers=(("References", identifier),)))


def test_an_entry_for_a_calendar_is_the_third_way_to_read_a_message_to_the_byte() -> None:
    content = encode(replace(make_message(), calendar=CalendarPart("REQUEST", INVITATION)))
    email = read(content)
    text, html, entry = email.iter_parts()
    assert email.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in (text, html)] == ["text/plain", "text/html"]
    assert entry.get_content_type() == "text/calendar"
    assert entry.get_param("method") == "REQUEST"
    assert entry.get_content_charset() == "utf-8"
    assert entry.get_payload(decode=True) == INVITATION.encode()
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert not email.defects
    assert content == encode(replace(make_message(), calendar=CalendarPart("REQUEST", INVITATION)))


@pytest.mark.parametrize(
    "method", ["CANCEL", "PUBLISH", "", "request", "REQUEST\r\nBcc: x", "REPLY"]
)
def test_a_calendar_whose_method_is_not_that_of_its_text_is_refused(method: str) -> None:
    with pytest.raises(UnsendableMessage, match="calendar's method"):
        encode(replace(make_message(), calendar=CalendarPart(method, INVITATION)))


def test_the_return_path_stands_on_the_envelope_only() -> None:
    message = make_message()
    returning = replace(message, return_path="challenges+b7.k@programme.example")
    assert message.envelope_sender == "challenges@programme.example"
    assert returning.envelope_sender == "challenges+b7.k@programme.example"
    assert encode(returning) == encode(message)


def test_the_comparison_would_see_an_added_header() -> None:
    """The control: a message whose Message-ID carries a line break must not pass."""
    smuggled = "<1@programme.example>\r\nBcc: victim@example.test"
    with pytest.raises(UnsendableMessage):
        encode(replace(make_message(), message_id=smuggled))


def test_a_message_id_that_would_be_cut_is_refused() -> None:
    with pytest.raises(UnsendableMessage, match="Message-ID"):
        encode(replace(make_message(), message_id="<a:b@programme.example>"))


def test_the_same_message_gives_the_same_bytes() -> None:
    assert encode(make_message()) == encode(make_message())


def test_the_bytes_are_ascii_in_lines_that_every_server_takes() -> None:
    text = "Ŵyn\n.\n.leading dot\n" + "long " * 400 + "\n"
    content = encode(make_message(subject="Ŵyn " * 30, text=text))
    lines = content.split(b"\r\n")
    assert content.isascii()
    assert b"\n" not in b"".join(lines)
    assert max(map(len, lines)) <= 998
    body = read(content).get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == text


def test_a_long_subject_is_cut_where_it_is_seen() -> None:
    subject = str(read(encode(make_message(subject="word " * 100)))["Subject"])
    assert len(subject) <= 200
    assert subject.endswith("…")


def test_clean_keeps_one_line_of_what_prints() -> None:
    assert clean(" a\r\n\tb\x00c\u202ed ") == "a b c d"


@pytest.mark.parametrize(
    ("was", "becomes", "what"),
    [
        (b"\r\nTo: ", b"\r\nBcc: victim@example.test\r\nTo: ", "headers"),
        (b"peer.1@example.test>\r\n", b"victim@example.test>\r\n", "To"),
        (b"peer.1@example.test>\r\n", b"peer.1@example.test>, <v@example.test>\r\n", "To"),
        (b"Reply-To: ", b"Reply-to: ", "headers"),
        (b"call a peer", b"call nobody", "Subject"),
        (b"<p>Please", b"<p>Never", "parts"),
        (b"\r\n\r\nPlease call.", b"\r\n\r\nPlease go.", "parts"),
        (b"method=\"REQUEST\"", b"method=\"CANCEL\"", "parts"),
        (b"base64", b"8bit", "parts"),
        (b"text/html", b"text/plain", "parts"),
        (b"multipart/alternative", b"multipart/mixed", "Content-Type"),
        (b"QkVHSU46", b"YYYYYYYY", "parts"),
        (b"--\r\n", b"--\r\nmore", "before or after its parts"),
        (b"Date: Tue, 02", b"Date: Wed, 03", "Date"),
        (b"1@programme.example>\r\n", b"2@programme.example>\r\n", "Message-ID"),
        (b"\r\n\r\nPlease", b"\r\n\nPlease", "lines of ASCII"),
        (b"Please", b"Pl\xc3\xa9ase", "lines of ASCII"),
    ],
)  # fmt: skip
def test_the_comparison_sees_every_change(was: bytes, becomes: bytes, what: str) -> None:
    """The control: bytes that are not what was meant do not pass."""
    message = replace(make_message(), calendar=CalendarPart("REQUEST", INVITATION))
    content = encode(message)
    _compare(content, _meant(message))
    assert was in content
    with pytest.raises((UnsendableMessage, ValueError), match=what):
        _compare(content.replace(was, becomes, 1), _meant(message))
