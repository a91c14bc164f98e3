"""A message's bytes are what was meant: nobody adds a header or a recipient through a text."""

from collections.abc import Callable
from dataclasses import replace
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from notifications.message import Mailbox, Message, UnsendableMessage, clean, encode
from tests.unit.notifications.messages import make_message

EVIL_TEXTS = [
    "Hello\r\nBcc: victim@example.test",
    "Hello\nBcc: victim@example.test",
    "Hello\rBcc: victim@example.test",
    "Hello\r\n\r\n<script>",
    "Hello\x00there\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029Bcc: victim@example.test",
    "=?utf-8?q?Hello=0D=0ABcc:_victim@example.test?=",
    "=?utf-8?b?SGVsbG8NCkJjYzogdmljdGltQGV4YW1wbGUudGVzdA==?=",
    "=?us-ascii?q?x?= =?us-ascii?q?=0ABcc:_victim@example.test?=",
    "=?utf-8?q?=22=3E_=3Cvictim=40example.test=3E?=",
    '"quoted" <victim@example.test>, x',
    "a, victim@example.test",
    "group: victim@example.test;",
    "(comment) name",
    "back\\slash",
    "\u202ereversed\u202c",
    "Ŵyn Llŷr 王 😀",
    "x" * 5000,
    "ä" * 5000,
    "word " * 500,
    " leading and trailing ",
    "",
    "\ud800 half a pair",
]

EVIL_ADDRESSES = [
    "",
    "nobody",
    "@example.test",
    "a@",
    "a@b@c.test",
    "a b@example.test",
    "a@example.test, victim@example.test",
    "a@example.test;victim@example.test",
    "<a@example.test>",
    "Name <a@example.test>",
    "a@example.test\r\nBcc: victim@example.test",
    "a@example.test\nRCPT TO:<victim@example.test>",
    "a@example.test\x00",
    "a\t@example.test",
    '"a b"@example.test',
    "a(comment)@example.test",
    "a@[127.0.0.1]",
    "ä@example.test",
    "a@ä.test",
    "=?utf-8?q?a?=@",
    "a..b@example.test",
    "a@-.test\u2028",
]

PLACES: dict[str, Callable[[str], Message]] = {
    "subject": lambda text: make_message(subject=text),
    "name": lambda text: make_message(name=text),
    "text": lambda text: make_message(text=text),
}
ADDRESSES: dict[str, Callable[[Mailbox], Message]] = {
    "to": lambda mailbox: replace(make_message(), to=mailbox),
    "sender": lambda mailbox: replace(make_message(), sender=mailbox),
    "reply_to": lambda mailbox: replace(make_message(), reply_to=mailbox),
}


def read(content: bytes) -> EmailMessage:
    return BytesParser(policy=policy.default).parsebytes(content)


@pytest.mark.parametrize("text", EVIL_TEXTS)
@pytest.mark.parametrize("where", PLACES)
def test_no_text_adds_a_header_or_a_recipient(text: str, where: str) -> None:
    plain = read(encode(make_message()))
    email = read(encode(PLACES[where](text)))
    assert email.keys() == plain.keys()
    assert [a.addr_spec for a in email["To"].addresses] == ["peer.1@example.test"]
    assert email["Bcc"] is None
    assert len(list(email.iter_parts())) == 2


@pytest.mark.parametrize("address", EVIL_ADDRESSES)
@pytest.mark.parametrize("where", ADDRESSES)
def test_an_address_that_is_not_plain_is_refused(address: str, where: str) -> None:
    with pytest.raises(UnsendableMessage):
        encode(ADDRESSES[where](Mailbox(address=address)))


def test_a_refused_address_is_said_with_the_way_out() -> None:
    with pytest.raises(UnsendableMessage) as caught:
        encode(make_message(to="a b@example.test"))
    assert str(caught.value) == (
        "'a b@example.test' is not an address that mail can go to:"
        " write one plain address, such as name@organisation.example"
    )


@pytest.mark.parametrize(
    "header",
    [
        ("X-Note", "a\r\nBcc: victim@example.test"),
        ("X-Note", "a\nBcc: victim@example.test"),
        ("X-Note\r\nBcc", "victim@example.test"),
        ("Bad Name", "x"),
        ("X-Note", "=?utf-8?q?a=0D=0ABcc:_victim@example.test?="),
        ("Subject", "a second one"),
        ("To", "victim@example.test"),
    ],
)
def test_a_header_is_written_whole_or_refused(header: tuple[str, str]) -> None:
    try:
        email = read(encode(make_message(headers=(header,))))
    except UnsendableMessage:
        return
    assert email["Bcc"] is None
    assert [a.addr_spec for a in email["To"].addresses] == ["peer.1@example.test"]
    assert email.keys().count("X-Note") == 1


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
