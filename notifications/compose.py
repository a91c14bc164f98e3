"""Composes a brief into a message. Pure: the same brief gives the same message, to the byte."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha1
from types import MappingProxyType
from typing import Any
from uuid import UUID

from notifications.entries import invitation
from notifications.facts import asked_person, gather_facts
from notifications.links import Desk
from notifications.message import CalendarPart, Mailbox, Message, clean, plain_address
from notifications.render import Renderer
from workflow.model.people import Person
from workflow.store.briefs import Brief

DIGEST = "weekly_digest"
"""Whose words a message about no single challenge has, when it has none of its own."""

_NAMESPACE = UUID("6f2f2a0e-6a4c-5d0b-9a5e-0f6d5b1f7c11").bytes
_NOT_A_LABEL = re.compile(r"[^a-z0-9-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who messages come from, and the desk that takes the answers.

    `reply_to` is where all answers go; None: to the desk's mailbox, else to the manager.
    """

    mailbox: Mailbox
    reply_to: Mailbox | None = None
    desk: Desk = field(default_factory=Desk)

    @property
    def domain(self) -> str:
        """Return the domain of the address."""
        return plain_address(self.mailbox.address).partition("@")[2]


def compose(
    brief: Brief,
    renderer: Renderer,
    *,
    sender: Sender,
    also: Mapping[str, Any] = MappingProxyType({}),
) -> Message:
    """Return the message that says `brief`; templates are told what is in `also` besides.

    Message-ID and Date come from the brief alone, so that they outlive retries: servers drop a
    second copy that has both.

    Raises:
        UnsendableMessage: a template fails, or an address cannot be used.
    """
    has_words = brief.reference or renderer.has_words_for(brief.notice)
    facts = {**gather_facts(brief, sender.desk), **also}
    said = renderer.render(brief.notice if has_words else DIGEST, facts)
    rehearsal = "REHEARSAL " if brief.is_rehearsal else ""
    prefix = f"{brief.reference}: " if brief.reference else ""
    return Message(
        to=_mailbox(brief.stand_in or brief.recipient),
        sender=sender.mailbox,
        reply_to=_answers_to(brief, sender),
        subject=clean(f"{rehearsal}{prefix}{said.subject}"),
        text=said.text,
        html=said.html,
        message_id=message_id_of(brief.message_key, sender),
        date=brief.created_at,
        headers=_headers(brief, sender),
        return_path=sender.desk.return_path(brief.id, raised_at=brief.created_at),
        calendar=_calendar(brief, sender),
    )


def message_id_of(key: str, sender: Sender) -> str:
    """Return the Message-ID of the notice with a key: the same at each attempt."""
    return f"<{_digits(key)}@{sender.domain}>"


def _digits(key: str) -> str:
    """Return those of the `uuid5` of a key, without its object, which takes four times as long."""
    digest = sha1(_NAMESPACE + key.encode(), usedforsecurity=False).digest()
    marked = bytearray(digest[:16])
    marked[6], marked[8] = marked[6] & 0x0F | 0x50, marked[8] & 0x3F | 0x80
    return marked.hex()


def _calendar(brief: Brief, sender: Sender) -> CalendarPart | None:
    """Return the entry that goes into the recipient's own calendar."""
    if not brief.calendar:
        return None
    method, content = invitation(
        {**brief.calendar, "reference": brief.reference, "client": brief.client},
        organizer=sender.mailbox,
        attendee=_mailbox(brief.stand_in or brief.recipient),
        at=brief.created_at,
    )
    return CalendarPart(method=method, content=content)


def _answers_to(brief: Brief, sender: Sender) -> Mailbox:
    asked = asked_person(brief)
    desk = sender.desk.reply_to(brief.id, raised_at=brief.created_at)
    if desk and sender.reply_to is None:
        return Mailbox(address=desk, name=sender.mailbox.name)
    if sender.reply_to is not None or asked is None:
        return sender.reply_to or sender.mailbox
    return _mailbox(asked)


def _mailbox(person: Person) -> Mailbox:
    return Mailbox(address=plain_address(person.email), name=clean(person.name))


def _headers(brief: Brief, sender: Sender) -> tuple[tuple[str, str], ...]:
    """Return what tells programs that a program wrote this: no absence notes, one thread."""
    label = _NOT_A_LABEL.sub("-", (brief.reference or "programme").lower())[:60].strip("-")
    return (
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("List-Id", f"<{label or 'programme'}.peer-challenge.{sender.domain}>"),
        *_thread(brief, sender),
    )


def _thread(brief: Brief, sender: Sender) -> tuple[tuple[str, str], ...]:
    """Return what makes all messages of one challenge to one person a conversation.

    Nobody ever got the message that they refer to: programs show what refers to the same together.
    """
    if not brief.reference:
        return ()
    root = message_id_of(f"{brief.reference}/thread/{brief.recipient.id}", sender)
    return (("In-Reply-To", root), ("References", root))
