"""A mail taken apart: its headers and its texts, whatever is in it, within bounds. Pure.

Everybody can send us bytes. What is read of one mail is bounded in bytes, lines, parts and depth,
so that no mail takes long; what lies beyond stays in the mailbox, where a person finds it.
"""

import re
from collections.abc import Iterable, Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import BytesParser
from itertools import islice

from notifications.incoming.hypertext import plain_text

MOST_BYTES, MOST_LINES = 1_000_000, 20_000
"""How much of a mail is read: more than anybody writes; what follows are attachments."""

MOST_NESTED = 30
"""Parts that hold parts: a mail that declares more has only its headers read."""

MOST_PARTS = 60
MOST_HEADER, MOST_REPEATED = 4_000, 20
MOST_TEXT = 100_000
"""Characters of a text before what was quoted is cut off."""

_NESTING = re.compile(rb"boundary|message/", re.IGNORECASE)
_ODD_CODECS = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})
_TEXTS = ("text/plain", "text/html")


def open_mail(content: bytes, *, most_lines: int = MOST_LINES) -> Message:
    """Return a mail as the library reads it; one that is too deep without its parts."""
    bounded = b"\n".join(content[:MOST_BYTES].split(b"\n", most_lines)[:most_lines])
    is_deep = sum(1 for _ in islice(_NESTING.finditer(bounded), MOST_NESTED + 1)) > MOST_NESTED
    return BytesParser().parsebytes(bounded, headersonly=is_deep)


def sections(mail: Message) -> Iterator[Message]:
    """Yield the parts of a mail in order; what is inside a mail that it carries is not its own."""
    waiting, count = [mail], 0
    while waiting and count < MOST_PARTS:
        part, count = waiting.pop(), count + 1
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            waiting.extend(piece for piece in reversed(inside) if isinstance(piece, Message))
        else:
            yield part


def header(mail: Message, name: str) -> str:
    """Return a header on one line, decoded; empty where there is none."""
    return next(iter(headers(mail, name)), "")


def headers(mail: Message, name: str) -> list[str]:
    """Return each header of a name on one line, decoded."""
    found = mail.get_all(name) or []
    return [_decoded(str(value)[:MOST_HEADER]) for value in found[:MOST_REPEATED]]


def _decoded(value: str) -> str:
    try:
        text = str(make_header(decode_header(value)))
    except (MessageError, ValueError, LookupError):
        text = value
    return one_line(text)


def one_line(text: str) -> str:
    """Return `text` on one line, without what does not print."""
    return " ".join(printable(text).split())


def printable(text: str) -> str:
    """Return `text` with its lines, without anything else that does not print."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c if c.isprintable() or c == "\n" else " " * c.isspace() for c in lines)


def text_of(mail: Message) -> str:
    """Return what a mail says in plain text; from its HTML where there is nothing else."""
    found: dict[str, list[str]] = {kind: [] for kind in _TEXTS}
    for part in sections(mail):
        kind = part.get_content_type()
        if kind in found and part.get_content_disposition() != "attachment":
            found[kind].append(_content(part))
    plain = _joined(found["text/plain"])
    return plain if plain.strip() else _joined(plain_text(text) for text in found["text/html"])


def _joined(texts: Iterable[str]) -> str:
    return printable("\n".join(texts)[:MOST_TEXT])


def _content(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    charset = (part.get_content_charset() or "utf-8").replace("-", "_")
    bounded = content[: 2 * MOST_TEXT]
    if charset not in _ODD_CODECS:
        try:
            return bounded.decode(charset, errors="replace")
        except (LookupError, ValueError):
            pass
    return bounded.decode("utf-8", errors="replace")


def calendar_of(mail: Message) -> str:
    """Return the calendar entry that a mail carries; empty where it carries none."""
    kinds = (part for part in sections(mail) if part.get_content_type() == "text/calendar")
    part = next(kinds, None)
    return "" if part is None else printable(_content(part))
