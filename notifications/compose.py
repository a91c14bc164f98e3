"""Composes a brief into a message. Pure: the same brief gives the same message, to the byte."""

import re
from dataclasses import dataclass
from uuid import UUID, uuid5

from notifications.facts import asked_person, gather_facts
from notifications.message import Mailbox, Message, clean, plain_address
from notifications.render import Renderer
from workflow.model.people import Person
from workflow.store.briefs import Brief

DIGEST = "weekly_digest"
"""Whose words a message about no single challenge has, when it has none of its own."""

_NAMESPACE = UUID("6f2f2a0e-6a4c-5d0b-9a5e-0f6d5b1f7c11")
_NOT_A_LABEL = re.compile(r"[^a-z0-9-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who messages come from. `reply_to` is where all answers go; None: the challenge's manager."""

    mailbox: Mailbox
    reply_to: Mailbox | None = None

    @property
    def domain(self) -> str:
        """Return the domain of the address."""
        return plain_address(self.mailbox.address).partition("@")[2]


def compose(brief: Brief, renderer: Renderer, *, sender: Sender) -> Message:
    """Return the message that says `brief`.

    Message-ID and Date come from the brief alone, so that they outlive retries: servers drop a
    second copy that has both.

    Raises:
        UnsendableMessage: a template fails, or an address cannot be used.
    """
    has_words = brief.reference or renderer.has_words_for(brief.notice)
    said = renderer.render(brief.notice if has_words else DIGEST, gather_facts(brief))
    rehearsal = "REHEARSAL " if brief.is_rehearsal else ""
    prefix = f"{brief.reference}: " if brief.reference else ""
    return Message(
        to=_mailbox(brief.recipient),
        sender=sender.mailbox,
        reply_to=_answers_to(brief, sender),
        subject=clean(f"{rehearsal}{prefix}{said.subject}"),
        text=said.text,
        html=said.html,
        message_id=f"<{uuid5(_NAMESPACE, brief.message_key).hex}@{sender.domain}>",
        date=brief.created_at,
        headers=_headers(brief, sender),
    )


def _answers_to(brief: Brief, sender: Sender) -> Mailbox:
    asked = asked_person(brief)
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
    )
