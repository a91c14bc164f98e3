"""Puts a courier together: where its mail goes, who it comes from, whose templates it uses."""

from email.utils import parseaddr
from pathlib import Path

from notifications.compose import Sender, compose
from notifications.courier import Courier
from notifications.message import Mailbox, Message, plain_address
from notifications.render import Renderer
from notifications.transport import open_transport
from workflow.clock import Clock
from workflow.model.errors import InvalidInput
from workflow.store.briefs import Brief
from workflow.store.database import Database

NO_MAIL_SERVER = (
    "no mail server is set, so that messages wait: set PEER_CHALLENGE_SMTP_URL, such as"
    " smtp+starttls://user:password@mail.example.org:587"
)
DEFAULT_SENDER = "Peer challenges <peer-challenge@localhost.example>"


def open_courier(
    database: Database, clock: Clock, url: str, *, mail_from: str, templates: str
) -> Courier:
    """Return what sends the mail of a database to the server that `url` names.

    Raises:
        InvalidInput: no mail server is named, or it cannot be read.
        UnsendableMessage: `mail_from` is not an address.
    """
    if not url:
        raise InvalidInput(NO_MAIL_SERVER)
    return Courier(
        database,
        clock,
        open_transport(url),
        renderer=_renderer(templates),
        sender=read_sender(mail_from),
    )


def preview(brief: Brief, *, mail_from: str, templates: str) -> Message:
    """Return the message that would be sent now."""
    return compose(brief, _renderer(templates), sender=read_sender(mail_from))


def read_sender(text: str) -> Sender:
    """Return who mail comes from: `address` or `Name <address>`.

    Raises:
        UnsendableMessage: it is not an address.
    """
    name, address = parseaddr(text or DEFAULT_SENDER)
    return Sender(mailbox=Mailbox(address=plain_address(address), name=name))


def _renderer(templates: str) -> Renderer:
    return Renderer(*([Path(templates)] if templates else []))
