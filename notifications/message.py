"""One e-mail to one person, and its bytes: built once, read back before anything is sent.

The library lays the parts of a message out once for each shape; what changes from one message to
the next is filled in, because the library's own objects take twenty times as long as the mail
server. Nothing depends on that being right: the bytes are read back, value by value.
"""

import re
from base64 import encodebytes
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.header import Header
from email.message import EmailMessage
from email.utils import format_datetime, quote
from functools import lru_cache
from typing import NamedTuple

from notifications import readback
from notifications.readback import Part
from notifications.wording import ended, quoted
from workflow.model.errors import WorkflowError

MOST_SUBJECT = 200
"""Characters of a subject: longer ones are cut, with an ellipsis."""

MOST_NAME = 200
"""Characters of a name: longer ones are cut."""

MOST_ADDRESS, MOST_LOCAL_PART = 254, 64
"""Characters of an address and of what stands before its @ (RFC 5321, 4.5.3.1)."""

MOST_LINE, COLUMNS = 998, 76
"""Characters of a line: as every server takes them, and as we fold headers."""

MOST_IDENTIFIERS = 200
"""Message-IDs in a header."""

_ATOMS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"({_ATOMS})@{_LABEL}(?:\.{_LABEL})*")
_MESSAGE_ID = re.compile(rf"<{_ATOMS}@{_ATOMS}>")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 .'-]+")
_NOT_FOR_A_BOUNDARY = re.compile(r"[^A-Za-z0-9]+")
_MOST_OF_A_BOUNDARY = 24

_RESERVED = re.compile(
    r"bcc|cc|content-.*|date|from|message-id|mime-version|received|reply-to|resent-.*|return-path"
    r"|sender|subject|to",
    re.IGNORECASE,
)
_METHODS = frozenset({"PUBLISH", "REQUEST", "CANCEL"})
_ENCODED_WORD = "=?"
_THREAD = frozenset({"in-reply-to", "references"})
_CRLF = b"\r\n"


class UnsendableMessage(WorkflowError):
    """A message cannot be written down safely: sending it again would not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A name and an address, such as the one that messages come from."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """An entry for a calendar, as iCalendar text: its method, as the text names it too."""

    method: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An e-mail. `message_id` has its angle brackets; `date` is aware; both outlive retries.

    `return_path` is where a refusal goes that comes later; empty: to the sender.
    """

    to: Mailbox
    sender: Mailbox
    reply_to: Mailbox
    subject: str
    text: str
    html: str
    message_id: str
    date: datetime
    headers: tuple[tuple[str, str], ...] = ()
    return_path: str = ""
    calendar: CalendarPart | None = None

    @property
    def envelope_sender(self) -> str:
        """Return the address that a mail server is told this comes from."""
        return self.return_path or self.sender.address


def clean(text: str) -> str:
    """Return `text` on one line, without anything that does not print."""
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


def encode(message: Message) -> bytes:
    """Return the message as it goes over the wire: ASCII only, lines ended by CR and LF.

    The bytes are read back and compared, because a header that is folded or decoded badly could
    add a header or a recipient of somebody else's choice.

    Raises:
        UnsendableMessage: an address or a header cannot be written down.
    """
    try:
        meant = _meant(message)
        content = _written(meant)
        _compare(content, meant)
    except UnsendableMessage:
        raise
    except Exception as error:
        # email raises IndexError, KeyError, ValueError and others for bad headers
        reason = clean(str(error)) or type(error).__name__
        text = f"the message to {clean(message.to.address)!r} cannot be written down: {reason}"
        raise UnsendableMessage(text) from error
    return content


@lru_cache(maxsize=1024)
def plain_address(text: str) -> str:
    """Return `text` if it is one plain ASCII address.

    Raises:
        UnsendableMessage: it is not.
    """
    found = _ADDRESS.fullmatch(text)
    is_short = found and len(text) <= MOST_ADDRESS and len(found[1]) <= MOST_LOCAL_PART
    if not is_short or _ENCODED_WORD in text:
        reason = "write one plain address, such as name@organisation.example"
        shown = clean(text[: MOST_ADDRESS + 1])
        raise UnsendableMessage(f"{shown!r} is not an address that mail can go to: {reason}")
    return text


class _Meant(NamedTuple):
    """What is to be read in a message: its own headers, and its parts, in order."""

    headers: list[tuple[str, str | Mailbox]]
    parts: list[Part]
    method: str
    boundary: bytes


def _meant(message: Message) -> _Meant:
    plain_address(message.envelope_sender)
    method = message.calendar.method if message.calendar else ""
    return _Meant(_headers(message), _parts(message), method, _boundary(message))


def _written(meant: _Meant) -> bytes:
    head = "".join([_line(name, value) for name, value in meant.headers]).encode("ascii")
    text, html, *calendar = (part.content for part in meant.parts)
    # its lines are ended by CR and LF, which the layout has as well
    filled = {b"boundary": meant.boundary, b"text": quoted(text)[:-2], b"html": quoted(html)[:-2]}
    if calendar:
        filled[b"calendar"] = encodebytes(calendar[0]).rstrip().replace(b"\n", _CRLF)
    return head + _layout(meant.method) % filled


@lru_cache(maxsize=8)
def _layout(method: str) -> bytes:
    """Return what all messages of one shape have in common, with places to fill in by `%`."""
    email = EmailMessage(policy=policy.SMTP)
    email.set_content("%(text)b", cte="quoted-printable")
    email.add_alternative("%(html)b", subtype="html", cte="quoted-printable")
    if method:
        kind = {"method": method, "charset": "utf-8"}
        email.add_alternative(b"", maintype="text", subtype="calendar", params=kind)
        list(email.iter_parts())[-1].set_payload("%(calendar)b")
    email.set_boundary("%(boundary)b")
    return email.as_bytes()


def _headers(message: Message) -> list[tuple[str, str | Mailbox]]:
    """Return the headers in order, as they are meant to be read."""
    further = [(name, _further(name, value)) for name, value in message.headers]
    if len({name.lower() for name, _ in further}) < len(further):
        raise UnsendableMessage("a further header of the message is there twice")
    return [
        ("From", _named(message.sender)),
        ("To", _named(message.to)),
        ("Reply-To", _named(message.reply_to)),
        ("Subject", _subject(message.subject)),
        ("Date", _date(message.date)),
        ("Message-ID", _identifiers("Message-ID", message.message_id, most=1)),
        *further,
    ]


def _parts(message: Message) -> list[Part]:
    """Return the parts in order, as they are meant to be read."""
    parts = [
        Part("text/plain quoted-printable utf-8", ended(message.text)),
        Part("text/html quoted-printable utf-8", ended(message.html)),
    ]
    if message.calendar is not None:
        method, content = message.calendar.method, message.calendar.content.encode()
        if method not in _METHODS or f"METHOD:{method}".encode() not in content.split(_CRLF):
            known = ", ".join(sorted(_METHODS))
            text = f"the calendar's method {clean(method)!r} is none of {known}, or not the text's"
            raise UnsendableMessage(text)
        parts.append(Part(f"text/calendar base64 utf-8 {method}", content))
    return parts


def _boundary(message: Message) -> bytes:
    """Return what parts the parts: the same at each retry, and nothing that a part could say.

    Neither of the two ways in which parts are written down ever has `=_`.
    """
    letters = _NOT_FOR_A_BOUNDARY.sub("", message.message_id)
    return f"=_{letters[:_MOST_OF_A_BOUNDARY]}".encode("ascii")


@lru_cache(maxsize=1024)
def _named(mailbox: Mailbox) -> Mailbox:
    name = _literal(clean(mailbox.name))[:MOST_NAME].rstrip()
    return Mailbox(address=plain_address(mailbox.address), name=name)


@lru_cache(maxsize=64)
def _date(at: datetime) -> str:
    """Return a moment as a header has it: what is raised together has one moment."""
    return format_datetime(at)


def _subject(text: str) -> str:
    line = _literal(clean(text))
    return line if len(line) <= MOST_SUBJECT else line[: MOST_SUBJECT - 1].rstrip() + "…"


def _literal(text: str) -> str:
    """Return `text` so that no reader takes a part of it for an encoded word."""
    return text.replace(_ENCODED_WORD, "= ?")


def _further(name: str, value: str) -> str:
    """Return the value of a further header, if it is one that is nobody else's."""
    return _identifiers(name, value) if name.lower() in _THREAD else _foreign(name, value)


@lru_cache(maxsize=256)
def _foreign(name: str, value: str) -> str:
    """Return the value of a header that we know nothing of: the same in most of a batch."""
    if _RESERVED.fullmatch(name) or not _HEADER_NAME.fullmatch(name):
        raise UnsendableMessage(f"a message cannot have a further header {clean(name)!r}")
    if value != clean(value) or _ENCODED_WORD in value:
        raise UnsendableMessage(f"the header {name} cannot say {clean(value)!r}")
    return value


def _identifiers(name: str, value: str, *, most: int = MOST_IDENTIFIERS) -> str:
    """Return the Message-IDs that a header names, with one space between two."""
    found = value.split(" ")
    if len(found) > most or not all(map(_MESSAGE_ID.fullmatch, found)):
        raise UnsendableMessage(f"the {name} of the message cannot be {clean(value)!r}")
    return value


def _line(name: str, value: str | Mailbox) -> str:
    """Return a header as it is written: folded, and in encoded words where it must be."""
    if isinstance(value, Mailbox):
        text = _address(name, value)
    elif value.isascii():
        text = value if len(name) + len(value) < COLUMNS else _folded(name, value, "us-ascii")
    else:
        text = _folded(name, value, "utf-8")
    written = f"{name}: {text}\r\n"
    if len(written) > MOST_LINE and max(map(len, written.split("\r\n"))) > MOST_LINE:
        raise UnsendableMessage(f"the {name} of the message has words too long for a line")
    return written


def _address(name: str, mailbox: Mailbox) -> str:
    if not mailbox.name:
        return mailbox.address
    if mailbox.name.isascii():
        words = f'"{quote(mailbox.name)}"'
        words = words if len(name) + len(words) < COLUMNS else _folded(name, words, "us-ascii")
    else:
        words = _folded(name, mailbox.name, "utf-8")
    used = len(words.rpartition("\r\n")[2]) + len(name) + len(mailbox.address)
    return f"{words}{' ' if used < COLUMNS else _CRLF.decode() + ' '}<{mailbox.address}>"


@lru_cache(maxsize=256)
def _folded(name: str, text: str, charset: str) -> str:
    """Return a long or foreign text; it begins on the line of its name, as readers expect."""
    header = Header(text, charset, header_name=name, maxlinelen=COLUMNS)
    return header.encode(linesep="\r\n").removeprefix("\r\n ")


def _compare(content: bytes, meant: _Meant) -> None:
    """Read `content` as a mail program would, and compare it with what was meant."""
    frame = f'multipart/alternative; boundary="{meant.boundary.decode()}"'
    headers = [*meant.headers, ("MIME-Version", "1.0"), ("Content-Type", frame)]
    seen = readback.read(content, meant.boundary)
    _expect("headers", [name for name, _ in seen.fields], [name for name, _ in headers])
    for (name, written), (_, value) in zip(seen.fields, headers, strict=True):
        if not _is_verbatim(written, value):
            _expect(name, _interpreted(name, written), _loose(value))
    _expect("parts", seen.parts, meant.parts)


def _is_verbatim(written: str, value: str | Mailbox) -> bool:
    """Return whether a header says what it means letter for letter, with nothing to interpret."""
    if isinstance(value, str):
        return written == value and _ENCODED_WORD not in written
    if not value.name:
        return written == value.address
    is_plain = _PLAIN_NAME.fullmatch(value.name) is not None
    return is_plain and written == f'"{value.name}" <{value.address}>'


def _interpreted(name: str, written: str) -> str | list[Mailbox]:
    if name not in {"From", "To", "Reply-To"}:
        return readback.text_in(name, written)
    found = readback.mailboxes_in(name, written)
    return [_gapless(Mailbox(address=address, name=words)) for words, address in found]


def _loose(value: str | Mailbox) -> str | list[Mailbox]:
    return [_gapless(value)] if isinstance(value, Mailbox) else value


def _gapless(mailbox: Mailbox) -> Mailbox:
    """Return a mailbox to compare: the library reads a gap between two encoded words of a name."""
    return Mailbox(address=mailbox.address, name="".join(mailbox.name.split()))


def _expect(what: str, found: object, meant: object) -> None:
    if found != meant:
        raise UnsendableMessage(f"the {what} of the message would read {found!r}, not {meant!r}")
