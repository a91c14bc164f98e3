"""Every way in which a mail server fails: what we make of it, and that the others still arrive."""

import ssl
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from notifications.mailserver import MailServer, Security
from notifications.transport import Patience, SMTPTransport, TransportError
from tests.integration.mail.faulty import Fault, Plan, serving
from tests.unit.notifications.messages import make_message

PATIENCE = Patience(greeting=0.6, command=0.6, data=0.6)
SECRET = "secret-word"  # noqa: S105  (invented)
PERMANENT, UNCERTAIN, WHOLE = "permanent", "uncertain", "whole server"


@dataclass(frozen=True)
class Row:
    """A fault, what is said of it, and whether the server has the message all the same."""

    fault: Fault
    kinds: frozenset[str]
    says: str
    is_taken: bool = False


def row(fault: Fault, *kinds: str, says: str) -> Row:
    return Row(fault, frozenset(kinds), says, fault.is_taken)


ROWS = {
    "greylisted at RCPT": row(Fault("RCPT", "450 4.2.0 greylisted"), says="RCPT: 450"),
    "mailbox full for now at RCPT": row(Fault("RCPT", "452 4.5.3 too many"), says="RCPT: 452"),
    "unknown user at RCPT": row(Fault("RCPT", "550 5.1.1 no such"), PERMANENT, says="RCPT: 550"),
    "closing at RCPT": row(Fault("RCPT", "421 4.3.2 closing"), WHOLE, says="RCPT: 421"),
    "no mailbox to relay to": row(Fault("RCPT", "530 5.7.0 log in"), WHOLE, says="RCPT: 530"),
    "closing at the banner": row(Fault("BANNER", "421 4.3.2 busy"), WHOLE, says="421"),
    "refused at the banner": row(Fault("BANNER", "554 5.7.1 go away"), WHOLE, says="554"),
    "nonsense at the banner": row(Fault("BANNER", "hello?"), WHOLE, says="-1"),
    "no banner": row(Fault("BANNER", does="stall"), WHOLE, says="cannot be used"),
    "hangs up at the banner": row(Fault("BANNER", does="drop"), WHOLE, says="cannot be used"),
    "too large at MAIL": row(Fault("MAIL", "552 5.3.4 too large"), PERMANENT, says="MAIL: 552"),
    "sender refused at MAIL": row(Fault("MAIL", "550 5.7.1 not you"), WHOLE, says="MAIL: 550"),
    "later at MAIL": row(Fault("MAIL", "451 4.3.0 later"), says="MAIL: 451"),
    "nonsense at MAIL": row(Fault("MAIL", "what?"), says="MAIL: -1"),
    "hangs up at MAIL": row(Fault("MAIL", does="drop"), says="MAIL:"),
    "hangs up at RCPT": row(Fault("RCPT", does="drop"), says="RCPT:"),
    "stalls at RCPT": row(Fault("RCPT", does="stall"), says="RCPT: Connection"),
    "no DATA for now": row(Fault("DATA", "451 4.3.0 later"), says="DATA: 451"),
    "no DATA ever": row(Fault("DATA", "554 5.7.1 no"), PERMANENT, says="DATA: 554"),
    "hangs up at DATA": row(Fault("DATA", does="drop"), says="DATA:"),
    "refused after the message": row(Fault("DOT", "554 5.7.1 spam"), PERMANENT, says="554"),
    "later after the message": row(Fault("DOT", "451 4.3.0 later"), says="451"),
    "closing after the message": row(Fault("DOT", "421 4.3.2 closing"), WHOLE, says="421"),
    "hangs up, not taken": row(Fault("DOT", does="drop"), UNCERTAIN, says="may have been taken"),
    "taken, then hangs up": row(
        Fault("DOT", does="drop", is_taken=True), UNCERTAIN, says="may have been taken"
    ),
    "taken, then stalls": row(
        Fault("DOT", does="stall", is_taken=True), UNCERTAIN, says="may have been taken"
    ),
    "taken, then nonsense": row(Fault("DOT", "eh?", is_taken=True), UNCERTAIN, says="-1"),
}


def kinds_of(error: TransportError) -> frozenset[str]:
    flags = {
        PERMANENT: error.is_permanent,
        UNCERTAIN: error.is_uncertain,
        WHOLE: error.is_whole_server,
    }
    return frozenset(name for name, is_so in flags.items() if is_so)


def plain(port: int) -> MailServer:
    return MailServer(host="127.0.0.1", port=port, security=Security.NONE)


def send_three(port: int) -> dict[int, TransportError]:
    """Send three messages over one transport; return what went wrong with which."""
    transport, failed = SMTPTransport(plain(port), patience=PATIENCE), {}
    for number in range(3):
        try:
            transport.send(make_message(number))
        except TransportError as error:
            failed[number] = error
            if error.is_whole_server and number == 0:
                transport.close()
    transport.close()
    return failed


@pytest.mark.parametrize("position", [0, 1, 2])
@pytest.mark.parametrize("name", ROWS)
def test_a_fault_is_told_as_what_it_is_and_spares_the_others(name: str, position: int) -> None:
    expected = ROWS[name]
    at_banner = expected.fault.verb == "BANNER"
    plan = Plan(expected.fault, at=0 if at_banner else position)
    with serving(plan) as port:
        failed = send_three(port)
    struck = 0 if at_banner else position
    assert list(failed) == [struck]
    assert kinds_of(failed[struck]) == expected.kinds
    assert expected.says in str(failed[struck])
    assert len(plan.taken) == (3 if expected.is_taken else 2)
    assert all(len(recipients) <= 1 for recipients in plan.recipients)


def test_without_a_fault_three_messages_take_one_connection() -> None:
    plan = Plan()
    with serving(plan) as port:
        assert send_three(port) == {}
    assert (len(plan.taken), plan.connections) == (3, 1)
    assert [len(recipients) for recipients in plan.recipients] == [1, 1, 1]


@pytest.mark.parametrize("fault", [Fault("QUIT", does="drop"), Fault("QUIT", "500 what?")])
def test_a_fault_after_the_message_was_taken_changes_nothing(fault: Fault) -> None:
    plan = Plan(fault, at=2)
    with serving(plan) as port:
        assert send_three(port) == {}
    assert len(plan.taken) == 3


def test_a_connection_that_went_to_sleep_is_opened_again() -> None:
    plan = Plan(Fault("RSET", does="drop"), at=0)
    with serving(plan) as port:
        assert send_three(port) == {}
    assert (len(plan.taken), plan.connections) == (3, 2)


def test_a_server_that_is_not_there_concerns_all_mail() -> None:
    with serving(Plan()) as port:
        pass
    transport = SMTPTransport(plain(port), patience=PATIENCE)
    with pytest.raises(TransportError, match="cannot be used") as caught:
        transport.send(make_message())
    assert kinds_of(caught.value) == {WHOLE}


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with a key and a certificate for `localhost`."""
    folder = tmp_path_factory.mktemp("tls")
    both = folder / "both.pem"
    command = [
        *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
        *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
        *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
    ]
    subprocess.run(command, check=True, capture_output=True)
    both.write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    return both


def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def secured(port: int) -> MailServer:
    return MailServer(
        host="localhost", port=port, security=Security.STARTTLS, user="us", password=SECRET
    )


def said_in_clear(plan: Plan) -> set[str]:
    return {line.split(" ")[0].upper() for line in plan.clear if line.isascii()}


def test_with_starttls_login_and_message_are_private(certificate: Path) -> None:
    plan = Plan(tls=server_tls(certificate), wants_login=True)
    trusted = ssl.create_default_context(cafile=str(certificate))
    with serving(plan) as port:
        transport = SMTPTransport(secured(port), patience=PATIENCE, tls=trusted)
        transport.send(make_message())
        transport.close()
    assert len(plan.taken) == 1
    assert said_in_clear(plan) == {"EHLO", "STARTTLS"}


@pytest.mark.parametrize("trouble", ["not offered", "refused", "certificate unknown", "wrong name"])
def test_where_tls_was_asked_for_nothing_is_said_in_clear(trouble: str, certificate: Path) -> None:
    tls = None if trouble == "not offered" else server_tls(certificate)
    fault = Fault("STARTTLS", "454 4.7.0 not now") if trouble == "refused" else None
    plan = Plan(fault, tls=tls, wants_login=True)
    trusted = ssl.create_default_context(cafile=str(certificate))
    context = ssl.create_default_context() if trouble == "certificate unknown" else trusted
    with serving(plan) as port:
        server = secured(port)
        if trouble == "wrong name":
            server = replace(server, host="127.0.0.1")
        transport = SMTPTransport(server, patience=PATIENCE, tls=context)
        with pytest.raises(TransportError) as caught:
            transport.send(make_message())
    assert kinds_of(caught.value) == {WHOLE}
    assert plan.taken == []
    assert SECRET not in str(caught.value) + " ".join(plan.clear)
    assert {"MAIL", "AUTH"}.isdisjoint(said_in_clear(plan))


def test_the_harness_sees_a_message_in_clear_text() -> None:
    plan = Plan()
    with serving(plan) as port:
        transport = SMTPTransport(plain(port), patience=PATIENCE)
        transport.send(make_message())
        transport.close()
    assert "MAIL" in said_in_clear(plan)


def test_a_login_that_fails_stops_all_mail_and_keeps_the_password() -> None:
    plan = Plan(Fault("AUTH", "535 5.7.8 no"), wants_login=True)
    with serving(plan) as port:
        server = MailServer(
            host="127.0.0.1", port=port, security=Security.NONE, user="us", password=SECRET
        )
        with pytest.raises(TransportError, match="535") as caught:
            SMTPTransport(server, patience=PATIENCE).send(make_message())
    assert kinds_of(caught.value) == {WHOLE}
    assert SECRET not in str(caught.value)
    assert plan.begun == 0
