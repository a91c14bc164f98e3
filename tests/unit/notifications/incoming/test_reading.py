"""What came in is read for what it is, whoever sent it; nothing that is sent can hurt."""

from datetime import UTC, date, datetime
from hashlib import sha256
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.incoming.intent import intent_of
from notifications.incoming.parts import MOST_BYTES
from notifications.incoming.reading import MOST_SUBJECT, Incoming, Kind, read_mail
from tests.unit.notifications.incoming.samples import BEN, NAMES, mail, sample

SECONDS = 5.0
"""No mail takes longer, on a slow and busy machine."""

BOUNCES = [
    ("bounce_postfix", "550 5.1.1 no such user here"),
    ("bounce_exchange", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found"),
    ("bounce_exchange_full", "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:Quota"),
    ("bounce_gmail", "550-5.1.1 The e-mail account that you tried to reach does not exist."),
    ("bounce_exim", "550 5.1.1 Unrouteable address"),
    ("bounce_qmail", "Remote host said: 550 sorry, no mailbox here by that name (#5.1.1)"),
]
SAID = [
    ("reply_gmail", "I have destroyed my notes.\n\nBen"),
    ("reply_outlook", "I've shredded everything yesterday."),
    ("reply_outlook_html", "All shredded\n\nand deleted."),
    ("reply_phone", "Not yet, will do it tomorrow"),
    ("reply_below", "Done, except the diary.\n\n--\nBen Reed"),
    ("reply_banner", "Done"),
    ("reply_with_a_bounce", "Is this of use to you?"),
]
WRITTEN = [
    (
        "Done\n\nKind regards,\nBen\n\nPS the diary is still here",
        "Done\nPS the diary is still here",
    ),
    ("Hello,\nThanks, but I still have a copy.", "Hello,\nThanks, but I still have a copy."),
    ("Done:\n- notes\n- files", "Done:\n- notes\n- files"),
    ("Done\n-- \nBen\nCouncil", "Done"),
    ("Done\n\n-----Original Message-----\nFrom: x\n\nPlease", "Done"),
    ("D\x00o\x07n\u200be\u202e", "Done"),
    ("> all\n> of it quoted", ""),
    ("[External] This email is from an external\nsender.\n\nDone", "Done"),
    ("Done\n\nRegards,\nBen (he/him)\nGet Outlook for iOS<https://x>", "Done"),
    ("Done\n--\nBen\n\nThis e-mail is confidential. Delete it if you are not its reader.", "Done"),
    ("Don\u2019t know", "Don't know"),
    ("", ""),
]
RESERVED = [
    "Caution: the external drive is not wiped yet, it is at my office.\n\nMy notes are shredded.",
    "Warning: I have kept the external e-mail archive.\n\nEverything on paper is shredded.",
    "Warning - I have kept the attachments of your mails.\n\nEverything on paper is shredded.",
    "All my notes are shredded.\nThanks, except the laptop yet",
    "All my notes are shredded.\n\nKind regards,\nBen\n\nThe laptop is not wiped yet.",
    "All my notes are shredded.\n--\nexcept for the laptop",
    "All my notes are shredded.\n__________\nexcept for the laptop",
    "Shredded.\n\nRegards,\nBen\n\nNot yet what is intended for the archive.",
]


def structures() -> dict[str, bytes]:
    """Return mails whose structure was made to hurt."""
    deep = "".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2_000)
    )
    letters = "Content-Type: message/rfc822\n\n" * 3_000
    return {
        "nothing": b"",
        "line breaks": b"\r\n" * 500_000,
        "zeros": b"\0" * 300_000,
        "every byte": bytes(range(256)) * 2_000,
        "no end of a header": b"Subject: " + b"x" * 2_000_000,
        "many headers": b"".join(b"To: a%d@x.example\n" % n for n in range(20_000)),
        "many recipients": mail(Cc=", ".join(f"a{n}@x.example" for n in range(20_000))),
        "encoded words": mail(Subject="=?utf-8?q?" * 20_000),
        "encoded in what is unknown": mail(Subject="=?klingon?b?AAAA?= =?utf-8?b?!?="),
        "deep": deep.encode(),
        "letters in letters": letters.encode(),
        "boundaries of boundaries": mail(
            "--b\n" * 100_000, Content_Type="multipart/mixed;boundary=b"
        ),
        "no boundary": mail("text", Content_Type="multipart/mixed"),
        "odd charset": mail("Done", Content_Type="text/plain; charset=idna"),
        "charset that is none": mail("Done", Content_Type='text/plain; charset="\u00e4\u0000"'),
        "a codec of bytes": mail("Done", Content_Type="text/plain; charset=zlib"),
        "base64 that is none": mail("%%%", Content_Transfer_Encoding="base64"),
        "uuencoded": mail("begin 644 x\nM", Content_Transfer_Encoding="x-uuencode"),
        "odd date": mail(Date="Mon, 99 Foo 99999 99:99:99 +9999"),
        "first of all days": mail(Date="Mon, 01 Jan 0001 00:00:00 +1400"),
        "odd address": mail(From='"\\" <@@>,,;:<a@b@c>'),
    }


def bodies() -> dict[str, bytes]:
    """Return mails whose text was made to hurt."""
    html = {"Content_Type": "text/html"}
    report = {"Content_Type": "multipart/report; report-type=delivery-status; boundary=b"}
    blocks = "--b\nContent-Type: message/delivery-status\n\n" + "Action: failed\n\n" * 20_000
    return {
        "blank lines": mail("\n" * 900_000),
        "long line": mail("On " + "a " * 300_000),
        "On On": mail("On On " * 100_000 + "wrote:"),
        "quotes": mail("> " * 200_000),
        "underscores": mail("\n\n" + "_" * 300_000),
        "From From": mail("From: x\n\n" * 50_000),
        "tags": mail("<a " * 200_000, **html),
        "comments": mail("<!--" * 200_000, **html),
        "ends": mail("</" * 200_000, **html),
        "declarations": mail("<!x " * 200_000, **html),
        "entities": mail("&#" * 200_000, **html),
        "nested": mail("<blockquote>" * 90_000, **html),
        "attributes": mail("<p " + "a=" * 200_000, **html),
        "sections": mail("<![CDATA[" * 50_000, **html),
        "a report of nothing": mail("--b--", **report),
        "a report of many": mail(blocks, **report),
        "a report in one line": mail(
            "--b\nContent-Type: message/delivery-status\n\n" + "x" * 500_000, **report
        ),
        "failed recipients": mail(X_Failed_Recipients="a@b," * 50_000, Return_Path="<>"),
        "stars": mail("*\u00a0" * 100_000 + "@", Return_Path="<>"),
        "calendar": mail("METHOD:REPLY\n" * 50_000 + "PARTSTAT=", Content_Type="text/calendar"),
        "parameters": mail("x", Content_Type="text/plain" + "; a*0*=x" * 20_000),
        "surrogates": b"Subject: \xed\xa0\x80\nMessage-ID: <\xff@x>\n\n\xed\xa0\x80",
    }


NASTY = structures() | bodies()


def is_clean(read: Incoming) -> bool:
    """Return whether every text can be kept and shown."""
    lines = [read.message_id, read.sender, read.subject, read.reason, *read.failed]
    every = [*lines, *read.addresses, *read.answers, read.said.replace("\n", "")]
    return all(text.isprintable() and text.encode() is not None for text in every)


@pytest.mark.parametrize(("name", "reason"), BOUNCES)
def test_a_bounce_names_the_address_and_the_reason(name: str, reason: str) -> None:
    read = read_mail(sample(name))
    assert (read.kind, read.failed) == (Kind.BOUNCE, (BEN,))
    assert read.reason.startswith(reason)


def test_a_bounce_in_a_form_that_nobody_knows_names_nobody() -> None:
    read = read_mail(sample("bounce_unknown_format"))
    assert (read.kind, read.failed, read.reason) == (Kind.BOUNCE, (), "Code 550: rule 17.")


@pytest.mark.parametrize("tag", ["b1.exnemzkcxezz2ruj", "b1-6b853390.hdzvjeuwcdhccj4r"])
def test_a_bounce_in_prose_is_known_by_the_address_that_it_came_to(tag: str) -> None:
    """By nothing else: it has an ordinary sender and no empty Return-Path."""
    bare = sample("bounce_qmail", return_tag=tag).replace(b"Return-Path: <>\n", b"", 1)
    read = read_mail(bare.replace(b"From: MAILER-DAEMON@", b"From: mail-system@"))
    assert (read.kind, read.failed) == (Kind.BOUNCE, (BEN,))


@pytest.mark.parametrize("name", ["delayed_postfix", "delayed_gmail", "expired_postfix"])
def test_what_may_pass_is_no_bounce(name: str) -> None:
    read = read_mail(sample(name))
    assert (read.kind, read.failed) == (Kind.DELAYED, (BEN,))
    assert read.reason


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith(("auto", "receipt"))])
def test_what_a_machine_sent_is_automatic_whatever_it_says(name: str) -> None:
    assert read_mail(sample(name)).kind is Kind.AUTOMATIC


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-generated"},
        {"Auto_Submitted": "Auto-Replied (vacation)"},
        {"Precedence": "bulk"},
        {"Precedence": "list"},
        {"X_Autoreply": "yes"},
        {"X_Auto_Response_Suppress": "All"},
        {"Return_Path": "<>"},
        {"Subject": "Out of office: back on Monday", "From": "noreply@council.example"},
    ],
)
def test_one_sign_of_a_machine_is_enough(headers: dict[str, str]) -> None:
    assert read_mail(mail("Done", **headers)).kind is Kind.AUTOMATIC


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"Precedence": "first-class"},
        {"X_Auto_Response_Suppress": "None"},
        {"Return_Path": f"<{BEN}>"},
        {"Subject": "Re: Automatic reply: your notes"},
        {"Subject": "Out of office"},
        {"Subject": "Undeliverable: failure notice"},
    ],
)
def test_a_subject_alone_is_no_sign_of_a_machine(headers: dict[str, str]) -> None:
    assert read_mail(mail("Done", **headers)).kind is Kind.REPLY


def test_what_answers_an_invitation_is_told_apart() -> None:
    found = [read_mail(sample(name)) for name in NAMES if name.startswith("calendar")]
    assert [(one.kind, one.is_accepted) for one in found] == [
        (Kind.CALENDAR, True),
        (Kind.CALENDAR, False),
        (Kind.CALENDAR, False),
    ]


@pytest.mark.parametrize("name", ["reply_about_a_bounce", "reply_with_a_bounce"])
def test_who_quotes_a_bounce_has_not_bounced(name: str) -> None:
    assert read_mail(sample(name)).kind is Kind.REPLY


@pytest.mark.parametrize(("name", "said"), SAID)
def test_what_is_quoted_and_the_closing_are_cut(name: str, said: str) -> None:
    read = read_mail(sample(name))
    assert (read.kind, read.said) == (Kind.REPLY, said)


@pytest.mark.parametrize(("body", "said"), WRITTEN)
def test_less_is_cut_where_something_may_be_lost(body: str, said: str) -> None:
    assert read_mail(mail(body)).said == said


@pytest.mark.parametrize("body", RESERVED)
def test_what_could_take_an_answer_back_is_never_cut(body: str) -> None:
    said = read_mail(mail(body)).said
    assert said == body
    assert intent_of(said, destroys=True, on=date(2027, 3, 2)).kind == "unclear"


def test_a_reply_says_whence_it_comes_and_what_it_answers() -> None:
    content = sample("reply_gmail")
    read = read_mail(content)
    assert read.sender == BEN
    assert read.subject == "Re: GAR-26: please destroy your notes"
    assert read.sent_at == datetime(2027, 3, 2, 10, 1, tzinfo=UTC)
    assert read.addresses == ("challenges+r1.aaaaaaaaaaaaaaaa@programme.example",)
    assert read.answers == ("<1@programme.example>", "<0@programme.example>")
    assert read.message_id == "<reply_gmail@mail.council.example>"
    assert read.digest == sha256(content).hexdigest()


def test_a_mail_without_a_message_id_is_known_by_its_bytes() -> None:
    content = mail("Done", **{"Message-ID": ""})
    assert read_mail(content).message_id == f"sha256:{sha256(content).hexdigest()}"


@pytest.mark.parametrize("name", ["Cc", "Delivered_To", "X_Original_To", "Envelope_To"])
def test_every_address_that_it_came_to_counts(name: str) -> None:
    read = read_mail(mail("Done", **{name: "<challenges+r7.abc@programme.example>"}))
    assert "challenges+r7.abc@programme.example" in read.addresses


def test_encoded_words_are_read() -> None:
    read = read_mail(mail("Done", Subject="=?utf-8?q?Ca=C5=B5l?= =?utf-8?b?IGlz?="))
    assert read.subject == "Caŵl is"


def test_text_after_more_than_anybody_writes_is_not_read() -> None:
    long = mail("x " * MOST_BYTES)
    assert len(read_mail(long).said) < 21_000
    assert len(read_mail(mail(Subject="s" * 3_000)).subject) == MOST_SUBJECT


@pytest.mark.parametrize("name", NASTY)
def test_a_nasty_mail_is_read_in_time_and_its_texts_are_clean(name: str) -> None:
    began = process_time()
    read = read_mail(NASTY[name])
    assert process_time() - began < SECONDS
    assert is_clean(read)
    assert read.message_id


@given(st.binary(max_size=3_000))
def test_no_bytes_raise(content: bytes) -> None:
    assert is_clean(read_mail(content))


@settings(max_examples=300)
@given(
    st.sampled_from(NAMES),
    st.lists(
        st.tuples(st.integers(0, 4_000), st.binary(max_size=12), st.integers(0, 20)), max_size=8
    ),
)
def test_no_damage_to_a_mail_raises(name: str, damages: list[tuple[int, bytes, int]]) -> None:
    content = sample(name)
    for at, piece, lost in damages:
        content = content[:at] + piece + content[at + lost :]
    assert is_clean(read_mail(content))


@given(st.text(max_size=400), st.text(max_size=80))
def test_no_text_raises(body: str, subject: str) -> None:
    line = " ".join(subject.split())
    content = f"From: a@b.example\nSubject: {line}\n\n{body}".encode("utf-8", "surrogatepass")
    assert is_clean(read_mail(content))
