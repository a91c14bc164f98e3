"""Handed in to a real mail server with STARTTLS and login, fetched over IMAP, and compared."""

import ssl
from dataclasses import replace

import pytest

from notifications.mailserver import parse_mail_url
from notifications.message import Mailbox, Message
from notifications.transport import Patience, SMTPTransport, TransportError
from tests.integration.mailrig import DOMAIN, MailRig, mail_rig
from tests.unit.notifications.messages import make_message

pytestmark = pytest.mark.system
PATIENCE = Patience(greeting=10, command=10, data=20)
__all__ = ["mail_rig"]


def to(rig_name: str, number: int, **changes: str) -> Message:
    message = make_message(number, to=f"{rig_name}@{DOMAIN}", **changes)  # type: ignore[arg-type]
    return replace(message, sender=Mailbox(address=f"programme@{DOMAIN}", name="Peer challenges"))


def transport_of(rig: MailRig) -> SMTPTransport:
    return SMTPTransport(parse_mail_url(rig.url), patience=PATIENCE, tls=rig.tls)


def test_what_is_handed_in_is_what_is_fetched(mail_rig: MailRig) -> None:
    sent = to("peer.one", 1, subject="EAS-27: Ŵyn, please call", text="Ŵyn\n.\nlast\n")
    transport = transport_of(mail_rig)
    transport.send(sent)
    transport.close()
    (found,) = mail_rig.fetch("peer.one", 1)
    assert found.subject == sent.subject
    assert found.text.replace("\r\n", "\n") == sent.text
    assert found.html.replace("\r\n", "\n") == sent.html
    assert found.to == (sent.to.address,)
    assert found.from_ == sent.sender.address
    assert found.headers["message-id"] == (sent.message_id,)
    assert found.date == sent.date


def test_one_connection_carries_several_and_a_refused_one_spares_the_rest(
    mail_rig: MailRig,
) -> None:
    transport = transport_of(mail_rig)
    transport.send(to("peer.two", 2))
    with pytest.raises(TransportError, match="RCPT: 550") as caught:
        transport.send(to("nobody", 3))
    assert caught.value.is_permanent
    transport.send(to("peer.two", 4))
    transport.close()
    found = mail_rig.fetch("peer.two", 2)
    assert [mail.headers["message-id"][0] for mail in found] == [
        to("peer.two", number).message_id for number in (2, 4)
    ]


def test_a_wrong_password_and_an_unknown_certificate_send_nothing(mail_rig: MailRig) -> None:
    wrong = replace(parse_mail_url(mail_rig.url), password="wrong")  # noqa: S106
    with pytest.raises(TransportError, match="535") as caught:
        SMTPTransport(wrong, patience=PATIENCE, tls=mail_rig.tls).send(to("manager", 5))
    assert caught.value.is_whole_server
    stranger = SMTPTransport(
        parse_mail_url(mail_rig.url), patience=PATIENCE, tls=ssl.create_default_context()
    )
    with pytest.raises(TransportError, match=r"(?i)certificate") as caught:
        stranger.send(to("manager", 6))
    assert caught.value.is_whole_server
    assert mail_rig.fetch("manager", 1, seconds=1) == []
