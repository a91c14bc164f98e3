"""Where TLS was asked for, nothing is said in clear text: the server's own transcript shows it."""

import base64
import ssl
from collections.abc import Iterator
from dataclasses import replace

import pytest

from notifications.mailserver import MailServer, Security
from notifications.transport import Patience, SMTPTransport, TransportError
from tests.integration.mail.certificates import Certificate, certificate
from tests.integration.mail.faulty import Fault, Plan, serving
from tests.integration.mail.post import Post
from tests.unit.notifications.messages import make_message

__all__ = ["certificate"]
PATIENCE = Patience(greeting=2, command=2, data=2)
SECRET = "secret-word"  # noqa: S105  (invented)
WAITING = 5


def private(port: int) -> MailServer:
    return MailServer(
        host="localhost", port=port, security=Security.STARTTLS, user="us", password=SECRET
    )


def open_server(port: int) -> MailServer:
    return MailServer(host="127.0.0.1", port=port, security=Security.NONE)


def test_with_starttls_login_and_messages_are_private(certificate: Certificate) -> None:
    plan = Plan(tls=certificate.served, wants_login=True)
    with serving(plan) as port:
        transport = SMTPTransport(private(port), patience=PATIENCE, tls=certificate.trusted)
        for number in range(3):
            transport.send(make_message(number))
        transport.close()
    assert (len(plan.taken), plan.connections) == (3, 1)
    assert plan.said_in_clear() == {"EHLO", "STARTTLS"}


@pytest.mark.parametrize("trouble", ["certificate unknown", "wrong name"])
def test_a_certificate_is_checked_as_browsers_do(trouble: str, certificate: Certificate) -> None:
    plan = Plan(tls=certificate.served, wants_login=True)
    trusted = certificate.trusted
    context = ssl.create_default_context() if trouble == "certificate unknown" else trusted
    with serving(plan) as port:
        server = private(port)
        if trouble == "wrong name":
            server = replace(server, host="127.0.0.1")
        with pytest.raises(TransportError, match=r"(?i)certificate") as caught:
            SMTPTransport(server, patience=PATIENCE, tls=context).send(make_message())
    assert caught.value.is_whole_server
    assert plan.taken == []
    assert {"MAIL", "AUTH"}.isdisjoint(plan.said_in_clear())


@pytest.fixture
def post(database_url: str) -> Iterator[Post]:
    made = Post(database_url)
    yield made
    made.database.close()


TROUBLES = {
    "TLS not offered": Fault("EHLO", "250-faulty\r\n250 AUTH PLAIN"),
    "certificate of somebody else": Fault("STARTTLS", does="pose"),
    "login refused": Fault("AUTH", "535 5.7.8 no"),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_trouble_with_the_server_is_told_once_and_all_mail_waits(
    name: str, certificate: Certificate, post: Post
) -> None:
    post.put(WAITING)
    plan = Plan(
        TROUBLES[name],
        is_lasting=True,
        tls=certificate.served,
        impostor=certificate.another.served,
        wants_login=True,
    )
    with serving(plan) as port:
        transport = SMTPTransport(private(port), patience=PATIENCE, tls=certificate.trusted)
        courier = post.courier(transport)
        first, second = courier.drain(), courier.drain()
    assert "cannot be used" in first.trouble
    assert (first.sent, second.sent) == (0, 0)
    assert plan.connections == 1
    assert post.statuses() == ["waiting"] * WAITING
    assert [row.attempts for row in post.rows()] == [0] * WAITING
    assert plan.said_in_clear() <= {"EHLO", "STARTTLS"}
    assert SECRET not in first.trouble + " ".join(plan.clear)


def test_the_harness_sees_a_message_in_clear_text() -> None:
    plan = Plan()
    with serving(plan) as port:
        transport = SMTPTransport(open_server(port), patience=PATIENCE)
        transport.send(make_message())
        transport.close()
    assert "MAIL" in plan.said_in_clear()


@pytest.mark.parametrize(("user", "password"), [("us", "pässwort"), ("jürgen", "word")])
def test_a_login_may_have_letters_of_any_language(user: str, password: str) -> None:
    plan = Plan(wants_login=True)
    with serving(plan) as port:
        server = replace(open_server(port), user=user, password=password)
        transport = SMTPTransport(server, patience=PATIENCE)
        transport.send(make_message())
        transport.close()
    assert len(plan.taken) == 1
    (login,) = [line for line in plan.clear if line.startswith("AUTH PLAIN ")]
    assert base64.b64decode(login.split(" ")[2]).decode("utf-8") == f"\0{user}\0{password}"


@pytest.mark.parametrize("password", [SECRET, "pässwort"])
def test_a_login_that_fails_stops_all_mail_and_keeps_the_password(password: str) -> None:
    plan = Plan(Fault("AUTH", "535 5.7.8 no"), wants_login=True)
    with serving(plan) as port:
        server = replace(open_server(port), user="us", password=password)
        with pytest.raises(TransportError, match="535") as caught:
            SMTPTransport(server, patience=PATIENCE).send(make_message())
    assert caught.value.is_whole_server
    assert password not in str(caught.value)
    assert plan.begun == 0


def test_a_host_that_can_have_no_address_stops_all_mail_and_leaves_none_in_doubt(
    post: Post,
) -> None:
    post.put(WAITING)
    server = replace(open_server(25), host=f"{'x' * 64}.example")
    drained = post.drain(SMTPTransport(server, patience=PATIENCE))
    assert drained.trouble.startswith(f"{server} cannot be used: ")
    assert post.statuses() == ["waiting"] * WAITING
