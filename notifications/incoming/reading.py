"""What a mail that came in is, and what its writer says. Pure, and raises for no bytes at all.

The only door of mailparser_reply and of flufl.bounce.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from enum import StrEnum
from hashlib import sha256
from itertools import takewhile

from flufl.bounce import all_failures
from mailparser_reply.parser import EmailMessage  # type: ignore[import-untyped]

from notifications.incoming import undelivered
from notifications.incoming.automatic import accepted, is_automatic
from notifications.incoming.parts import (
    calendar_of,
    header,
    headers,
    one_line,
    open_mail,
    printable,
    text_of,
)
from notifications.incoming.quoting import MOST_SAID, prepared, without_closing, written_between

MOST_ID, MOST_SUBJECT, MOST_ADDRESS = 250, 500, 320
MOST_ADDRESSES, MOST_ANSWERED = 60, 20
MOST_REPORT_LINES = 3_000
"""What a mail server says of a message comes before the message, which may be long."""

_TO = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Resent-To")
_ADDRESS = re.compile(r"[^\s<>\"',;:()\[\]@]{1,250}@[^\s<>\"',;:()@]{1,250}")
_ID = re.compile(r"<[^<>\s]{1,250}>")
_RAW_HEADER = re.compile(rb"^(message-id|from|subject):[ \t]*([^\r\n]{0,300})", re.I | re.M)


class Kind(StrEnum):
    """What a mail is."""

    REPLY = "reply"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    DELAYED = "delayed"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A mail that came in. Texts are free of what does not print, and bounded.

    `addresses` are those it came to, `answers` the Message-IDs that it refers to, the nearest
    first. `said` is what its writer wrote, without what they quoted. Of a bounce, `failed` are the
    addresses, `reason` is what the mail server said, and `code` its code, such as 5.1.1, where it
    is told apart. `is_accepted` answers an invitation.
    """

    message_id: str
    digest: str
    sender: str = ""
    subject: str = ""
    sent_at: datetime | None = None
    addresses: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    kind: Kind = Kind.REPLY
    said: str = ""
    failed: tuple[str, ...] = ()
    reason: str = ""
    code: str = ""
    is_accepted: bool = False
    trouble: str = ""


def read_mail(content: bytes) -> Incoming:
    """Return what a mail is and says. Never raises: `trouble` is what could not be read."""
    try:
        return _read(content)
    except Exception as error:
        # anybody may send anything, and the library has an error of its own for much of it
        return unreadable(content, type(error).__name__)


def unreadable(content: bytes, trouble: str) -> Incoming:
    """Return what can be seen of a mail without taking it apart."""
    found: dict[str, str] = {}
    for name, value in _RAW_HEADER.findall(content[:20_000]):
        text = one_line(value.decode("ascii", errors="replace"))
        found.setdefault(name.decode("ascii").casefold(), text)
    digest = sha256(content).hexdigest()
    sender = _ADDRESS.search(found.get("from", ""))
    return Incoming(
        message_id=_message_id(found.get("message-id", ""), digest),
        digest=digest,
        sender=sender[0] if sender else "",
        subject=found.get("subject", ""),
        trouble=one_line(trouble)[:MOST_SUBJECT],
    )


def _read(content: bytes) -> Incoming:
    mail = open_mail(content)
    digest = sha256(content).hexdigest()
    plain = Incoming(
        message_id=_message_id(header(mail, "Message-ID"), digest),
        digest=digest,
        sender=_sender(mail),
        subject=header(mail, "Subject")[:MOST_SUBJECT],
        sent_at=_sent_at(header(mail, "Date")),
        addresses=_addresses(mail),
        answers=_answers(mail),
    )
    text = text_of(mail)
    if undelivered.is_returned(mail, plain.sender, plain.addresses):
        returned = _returned(plain, open_mail(content, most_lines=MOST_REPORT_LINES), text)
        if returned is not None:
            return returned
    is_accepted = accepted(calendar_of(mail))
    if is_accepted is not None:
        return replace(plain, kind=Kind.CALENDAR, is_accepted=is_accepted, said=_said(text))
    by_machine = is_automatic(mail, sender=plain.sender, subject=plain.subject, text=text)
    return replace(plain, kind=Kind.AUTOMATIC if by_machine else Kind.REPLY, said=_said(text))


def _message_id(text: str, digest: str) -> str:
    found = _ID.search(text[: 4 * MOST_ID])
    return found[0] if found else f"sha256:{digest}"


def _sender(mail: Message) -> str:
    for name in ("From", "Sender"):
        for _, address in getaddresses(headers(mail, name)[:1]):
            if "@" in address:
                return address[:MOST_ADDRESS]
    found = _ADDRESS.search(header(mail, "From")[:1_000])
    return found[0] if found else header(mail, "From")[:MOST_ADDRESS]


def _sent_at(text: str) -> datetime | None:
    try:
        sent_at = parsedate_to_datetime(text[:100])
        aware = sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _addresses(mail: Message) -> tuple[str, ...]:
    texts = [text for name in _TO for text in headers(mail, name)]
    return tuple(_each(_ADDRESS, texts))[:MOST_ADDRESSES]


def _answers(mail: Message) -> tuple[str, ...]:
    """Return the Message-IDs that a mail answers, the nearest first."""
    references = list(_each(_ID, headers(mail, "References")))
    found = dict.fromkeys([*_each(_ID, headers(mail, "In-Reply-To")), *reversed(references)])
    return tuple(found)[:MOST_ANSWERED]


def _each(pattern: re.Pattern[str], texts: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(found for text in texts for found in pattern.findall(text))


def _returned(plain: Incoming, mail: Message, text: str) -> Incoming | None:
    """Return a mail about one that was not delivered; None for every other."""
    reports = undelivered.reports(mail)
    later, never = (_texts(found) for found in all_failures(mail))
    digit, line = undelivered.reason_in(text)
    said = printable(text)[:MOST_SAID].strip()
    if reports:
        return _reported(replace(plain, said=said), reports)
    if never:
        kind = Kind.DELAYED if digit == "4" else Kind.BOUNCE
        return replace(plain, kind=kind, failed=never, reason=line, said=said)
    if later:
        return replace(plain, kind=Kind.DELAYED, failed=later, reason=line, said=said)
    if undelivered.is_titled_so(plain.subject):
        return replace(plain, kind=Kind.BOUNCE, reason=line, said=said)
    return None


def _reported(plain: Incoming, reports: list[undelivered.Report]) -> Incoming:
    """Return a mail by what its delivery report says: what lasts counts before what may pass."""
    lasting = [report for report in reports if report.is_lasting]
    passing = [report for report in reports if report.action.startswith(("delayed", "fail", "err"))]
    told = lasting or passing
    if not told:
        return replace(plain, kind=Kind.AUTOMATIC)  # it was delivered
    return replace(
        plain,
        kind=Kind.BOUNCE if lasting else Kind.DELAYED,
        failed=tuple(dict.fromkeys(report.address[:MOST_ADDRESS] for report in told)),
        reason=told[0].reason or told[0].code,
        code=told[0].code,
    )


def _texts(found: Iterable[bytes]) -> tuple[str, ...]:
    return tuple(sorted(one_line(one.decode("ascii", "replace"))[:MOST_ADDRESS] for one in found))


def _said(text: str) -> str:
    """Return what the writer wrote: quoted text and closing cut off."""
    pieces = (
        EmailMessage(text=prepared(text), languages=["en"], keep_hyphen_lists=True).read().replies
    )
    first = pieces[0]
    is_quoted = bool(first.headers)
    own = "" if is_quoted else without_closing(_unquoted(first.content), first.signatures or "")
    rest = pieces if is_quoted else pieces[1:]
    further = takewhile(lambda piece: (piece.headers or "").startswith(">"), rest[1:])
    quoted = "\n".join(piece.content for piece in (*rest[:1], *further))
    below = written_between(rest[0].headers or "", quoted) if rest else ""
    return "\n\n".join(part for part in (own, below) if part)[:MOST_SAID]


def _unquoted(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith(">")).strip()
