"""Puts a courier together: where its mail goes, who it comes from, whose templates it uses."""

from dataclasses import dataclass, field, replace
from email.utils import parseaddr
from pathlib import Path

from notifications.compose import Sender, compose
from notifications.courier import Courier
from notifications.delivery.conduct import MOST_A_MINUTE, Conduct
from notifications.links import Desk
from notifications.message import Mailbox, Message, plain_address
from notifications.providers.choice import open_transport
from notifications.render import Renderer
from workflow.clock import Clock
from workflow.model.errors import InvalidInput
from workflow.store.briefs import Brief
from workflow.store.database import Database

NO_MAIL_SERVER = (
    "no mail server is set, so that messages wait: set PEER_CHALLENGE_SMTP_URL, such as"
    " smtp+starttls://user:password@mail.example.org:587"
)
DEFAULT_SENDER = "Peer challenges <peer-challenge@localhost.example>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stationery:
    """How messages are written: who they come from, whose templates, where answers go."""

    mail_from: str = ""
    templates: str = ""
    desk: Desk = field(default_factory=Desk)

    @property
    def renderer(self) -> Renderer:
        """Return what fills templates: those of a folder before those of the program."""
        return Renderer(*([Path(self.templates)] if self.templates else []))

    @property
    def sender(self) -> Sender:
        """Return who mail comes from.

        Raises:
            UnsendableMessage: `mail_from` is not an address.
        """
        return replace(read_sender(self.mail_from), desk=self.desk)


def open_courier(
    database: Database,
    clock: Clock,
    url: str,
    *,
    stationery: Stationery,
    conduct: Conduct,
) -> Courier:
    """Return what sends the mail of a database to the server that `url` names.

    Raises:
        InvalidInput: no mail server is named, or it cannot be read.
        UnsendableMessage: the stationery's sender is not an address.
    """
    if not url:
        raise InvalidInput(NO_MAIL_SERVER)
    return Courier(
        database,
        clock,
        open_transport(url),
        renderer=stationery.renderer,
        sender=stationery.sender,
        conduct=conduct,
    )


def read_rate(text: str) -> int:
    """Return how many messages go in a minute; 60 where nothing is said.

    Raises:
        InvalidInput: it is no number from 1 on.
    """
    if not text.strip():
        return MOST_A_MINUTE
    if not text.strip().isdecimal() or int(text) == 0:
        raise InvalidInput(f"the mail rate is {text!r}; write messages a minute, such as 60")
    return int(text)


def preview(brief: Brief, stationery: Stationery) -> Message:
    """Return the message that would be sent now."""
    return compose(brief, stationery.renderer, sender=stationery.sender)


def read_sender(text: str) -> Sender:
    """Return who mail comes from: `address` or `Name <address>`.

    Raises:
        UnsendableMessage: it is not an address.
    """
    name, address = parseaddr(text or DEFAULT_SENDER)
    return Sender(mailbox=Mailbox(address=plain_address(address), name=name))
