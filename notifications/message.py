"""One e-mail to one person, and its bytes: built once, read back before anything is sent."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime

from workflow.model.errors import WorkflowError

MOST_SUBJECT = 200
"""Characters of a subject: longer ones are cut, with an ellipsis."""

MOST_NAME = 200
"""Characters of a name: longer ones are cut."""

_FOLDED_AT_ONCE = re.compile(rb"^([A-Za-z-]+):\r\n ", re.MULTILINE)


class UnsendableMessage(WorkflowError):
    """A message cannot be written down safely: sending it again would not help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """A name and an address, such as the one that messages come from."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """An e-mail. `message_id` has its angle brackets; `date` is aware; both outlive retries."""

    to: Mailbox
    sender: Mailbox
    reply_to: Mailbox
    subject: str
    text: str
    html: str
    message_id: str
    date: datetime
    headers: tuple[tuple[str, str], ...] = ()


def clean(text: str) -> str:
    """Return `text` on one line, without anything that does not print."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def clean_body(text: str) -> str:
    """Return `text` with its lines, without anything else that does not print."""
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)


def encode(message: Message) -> bytes:
    """Return the message as it goes over the wire: ASCII only, lines ended by CR and LF.

    The bytes are read back and compared, because a header that is folded or decoded badly could
    add a header or a recipient of somebody else's choice.

    Raises:
        UnsendableMessage: an address or a header cannot be written down.
    """
    try:
        email = _build(message)
        content = _begun_on_its_line(email.as_bytes())
        _compare(content, email, message)
    except UnsendableMessage:
        raise
    except Exception as error:
        # email raises IndexError, KeyError, ValueError and others for bad headers
        reason = clean(str(error)) or type(error).__name__
        text = f"the message to {clean(message.to.address)!r} cannot be written down: {reason}"
        raise UnsendableMessage(text) from error
    return content


def plain_address(text: str) -> str:
    """Return `text` if it is one plain ASCII address.

    Raises:
        UnsendableMessage: it is not.
    """
    local, at, domain = text.partition("@")
    has_odd = any(not c.isprintable() or c in ' ,;:<>()[]"\\' for c in text)
    if not (local and at and domain) or "@" in domain or has_odd or not text.isascii():
        reason = "write one plain address, such as name@organisation.example"
        raise UnsendableMessage(f"{clean(text)!r} is not an address that mail can go to: {reason}")
    return text


def _build(message: Message) -> EmailMessage:
    email = EmailMessage(policy=policy.SMTP)
    for name, value in _headers(message):
        email[name] = value
    email.set_content(clean_body(message.text), cte="quoted-printable")
    email.add_alternative(clean_body(message.html), subtype="html", cte="quoted-printable")
    # the same bytes at each retry: the library would draw a random boundary
    email.set_boundary(f"part-{_local_part(message.message_id)}")
    return email


def _begun_on_its_line(content: bytes) -> bytes:
    """Return a message whose headers begin on the line of their name.

    The library folds a long subject before its first word. That is allowed, and some readers
    take the line break for a part of it.
    """
    head, end, body = content.partition(b"\r\n\r\n")
    return _FOLDED_AT_ONCE.sub(rb"\1: ", head) + end + body


def _headers(message: Message) -> Sequence[tuple[str, object]]:
    return [
        ("From", _address(message.sender)),
        ("To", _address(message.to)),
        ("Reply-To", _address(message.reply_to)),
        ("Subject", _subject(message.subject)),
        ("Date", format_datetime(message.date)),
        ("Message-ID", message.message_id),
        *message.headers,
    ]


def _address(mailbox: Mailbox) -> Address:
    addr_spec = plain_address(mailbox.address)
    return Address(display_name=_literal(clean(mailbox.name))[:MOST_NAME], addr_spec=addr_spec)


def _subject(text: str) -> str:
    line = _literal(clean(text))
    return line if len(line) <= MOST_SUBJECT else line[: MOST_SUBJECT - 1].rstrip() + "…"


def _literal(text: str) -> str:
    """Return `text` so that no reader takes a part of it for an encoded word."""
    return text.replace("=?", "= ?")


def _local_part(message_id: str) -> str:
    return message_id.strip("<>").partition("@")[0]


def _compare(content: bytes, email: EmailMessage, message: Message) -> None:
    """Read `content` as a mail server would, and compare it with what was meant."""
    seen = BytesParser(policy=policy.SMTP).parsebytes(content)
    meant = [name for name, _ in _headers(message)]
    found = [name for name in seen if name not in {"MIME-Version", "Content-Type"}]
    differences = {
        "headers": (found, meant),
        "recipient": (_specs(seen, "To"), [message.to.address]),
        "sender": (_specs(seen, "From"), [message.sender.address]),
        "answers": (_specs(seen, "Reply-To"), [message.reply_to.address]),
        "subject": (str(seen["Subject"]).strip(), str(email["Subject"])),
        "Message-ID": (str(seen["Message-ID"]).strip(), message.message_id),
        "parts": ([part.get_content_type() for part in seen.iter_parts()], PARTS),
    }
    for what, (is_there, should_be) in differences.items():
        if is_there != should_be:
            text = f"the {what} of the message would read {is_there!r}, not {should_be!r}"
            raise UnsendableMessage(text)


PARTS = ["text/plain", "text/html"]


def _specs(email: EmailMessage, header: str) -> list[str]:
    return [address.addr_spec for address in email[header].addresses]
