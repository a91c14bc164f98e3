"""Messages for the tests, all invented."""

from datetime import UTC, datetime

from notifications.message import Mailbox, Message

AT = datetime(2027, 3, 2, 9, tzinfo=UTC)


def make_message(
    number: int = 1,
    *,
    to: str = "",
    name: str = "Peer Four",
    subject: str = "EAS-27: please call a peer",
    text: str = "Please call.\n",
    headers: tuple[tuple[str, str], ...] = (),
) -> Message:
    """Return a message to an invented person."""
    return Message(
        to=Mailbox(address=to or f"peer.{number}@example.test", name=name),
        sender=Mailbox(address="challenges@programme.example", name="Peer challenges"),
        reply_to=Mailbox(address="manager.one@programme.example", name="Manager One"),
        subject=subject,
        text=text,
        html="<p>Please call.</p>\n",
        message_id=f"<{number:032x}@programme.example>",
        date=AT,
        headers=headers,
    )
