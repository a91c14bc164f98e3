"""Every way in which a mail server fails: what we make of it, and that the others still arrive.

Each fault strikes at every place of a batch, with a server that takes commands one by one and
with one that takes several at once.
"""

import smtplib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

import pytest

from notifications.mailserver import MailServer, Security
from notifications.message import Message, encode
from notifications.transport import Patience, SMTPTransport, Transport, TransportError
from tests.integration.mail.certificates import Certificate, certificate
from tests.integration.mail.faulty import EARLY, Fault, Plan, serving
from tests.unit.notifications.messages import make_message

__all__ = ["certificate"]
PATIENCE = Patience(greeting=1.2, command=1.2, data=1.2)
SECRET = "secret-word"  # noqa: S105  (invented)
PERMANENT, UNCERTAIN, WHOLE = "permanent", "uncertain", "whole server"
BATCH = 20
MESSAGES = [make_message(number) for number in range(BATCH)]
CONTENTS = [encode(message) for message in MESSAGES]


@dataclass(frozen=True)
class Row:
    """A fault, what is said of it, and whether the server has the message all the same."""

    fault: Fault
    kinds: frozenset[str]
    says: str

    @property
    def is_waiting(self) -> bool:
        """Return whether it takes as long as the transport's patience."""
        return self.fault.does == "stall"

    def copies(self) -> int:
        """Return how often the server has the message, once it was sent again where that helps."""
        return (PERMANENT not in self.kinds) + self.fault.is_taken


def row(fault: Fault, *kinds: str, says: str) -> Row:
    return Row(fault, frozenset(kinds), says)


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


PRIVATE_ROWS = {
    "TLS not offered": row(
        Fault("EHLO", "250-faulty\r\n250 AUTH PLAIN"), WHOLE, says="STARTTLS extension not"
    ),
    "TLS refused": row(Fault("STARTTLS", "454 4.7.0 not now"), WHOLE, says="454"),
    "certificate of somebody else": row(Fault("STARTTLS", does="pose"), WHOLE, says="certificate"),
    "login refused": row(Fault("AUTH", "535 5.7.8 no"), WHOLE, says="535"),
}


def kinds_of(error: TransportError) -> frozenset[str]:
    flags = {
        PERMANENT: error.is_permanent,
        UNCERTAIN: error.is_uncertain,
        WHOLE: error.is_whole_server,
    }
    return frozenset(name for name, is_so in flags.items() if is_so)


def plain(port: int) -> Transport:
    server = MailServer(host="127.0.0.1", port=port, security=Security.NONE)
    return SMTPTransport(server, patience=PATIENCE)


def private(certificate: Certificate, port: int) -> Transport:
    server = MailServer(
        host="localhost", port=port, security=Security.STARTTLS, user="us", password=SECRET
    )
    return SMTPTransport(server, patience=PATIENCE, tls=certificate.trusted)


def send(transport: Transport, *, reopened_before: int | None = None) -> dict[int, TransportError]:
    """Send the batch over one transport; return what went wrong with which message."""
    failed = {}
    for number, message in enumerate(MESSAGES):
        if number == reopened_before:
            transport.close()
        try:
            transport.send(message)
        except TransportError as error:
            failed[number] = error
    transport.close()
    return failed


def deviations(
    expected: Row, place: int, *, opened: Callable[[int], Transport], plan: Plan
) -> Iterator[str]:
    """Let the fault strike at `place`, send again what may be; yield what is not as it should."""
    plan.fault, plan.at = expected.fault, place
    is_early = expected.fault.verb in EARLY
    with serving(plan) as port:
        transport = opened(port)
        failed = send(transport, reopened_before=place if is_early else None)
        for number, error in failed.items():
            if not error.is_permanent:
                transport.send(MESSAGES[number])
        transport.close()
    told = {number: kinds_of(error) for number, error in failed.items()}
    if told != {place: expected.kinds}:
        yield f"at {place}: told {told}"
    if expected.says not in " ".join(map(str, failed.values())):
        yield f"at {place}: said {failed}"
    copies = Counter(CONTENTS)
    copies[CONTENTS[place]] = expected.copies()
    if Counter(plan.taken) != +copies:
        yield f"at {place}: the server has {len(plan.taken)} messages"
    if any(len(recipients) > 1 for recipients in plan.recipients):
        yield f"at {place}: two recipients of one message"
    if plan.said_in_clear() - {"EHLO", "STARTTLS", "QUIT"} and plan.tls is not None:
        yield f"at {place}: in clear text {plan.clear}"


def everywhere(
    expected: Row, *, opened: Callable[[int], Transport], make: Callable[[], Plan]
) -> list[str]:
    """Return all deviations, at every place of the batch. Those that wait do so side by side."""

    def found(place: int) -> list[str]:
        return list(deviations(expected, place, opened=opened, plan=make()))

    with ThreadPoolExecutor(BATCH if expected.is_waiting else 1) as pool:
        return [deviation for some in pool.map(found, range(BATCH)) for deviation in some]


@pytest.mark.parametrize("name", ROWS)
def test_a_fault_is_told_as_what_it_is_and_spares_the_others(name: str) -> None:
    assert everywhere(ROWS[name], opened=plain, make=Plan) == []


@pytest.mark.parametrize("name", [name for name in ROWS if ROWS[name].fault.verb not in EARLY])
def test_a_server_that_takes_several_commands_at_once_changes_nothing(name: str) -> None:
    make = partial(Plan, is_at_once=True)
    assert everywhere(ROWS[name], opened=plain, make=make) == []


@pytest.mark.parametrize("name", PRIVATE_ROWS)
def test_where_tls_was_asked_for_no_fault_makes_us_speak_in_clear_text(
    name: str, certificate: Certificate
) -> None:
    make = partial(
        Plan, tls=certificate.served, impostor=certificate.another.served, wants_login=True
    )
    opened = partial(private, certificate)
    assert everywhere(PRIVATE_ROWS[name], opened=opened, make=make) == []


class Careless:
    """The control: `sendmail` as it comes, two recipients a message, every silence a no."""

    def __init__(self, port: int) -> None:
        self._client = smtplib.SMTP("127.0.0.1", port, timeout=1.5, local_hostname="localhost")

    def send(self, message: Message) -> None:
        """Send to the recipient, and to somebody else."""
        everybody = [message.to.address, "someone.else@example.test"]
        try:
            self._client.sendmail(message.sender.address, everybody, encode(message))
        except (OSError, smtplib.SMTPException) as error:
            raise TransportError(str(error)) from error

    def close(self) -> None:
        """Hang up."""
        self._client.close()


@pytest.mark.parametrize("name", ["taken, then hangs up", "unknown user at RCPT", "no DATA ever"])
def test_the_harness_sees_a_careless_transport(name: str) -> None:
    row = ROWS[name]
    with suppress(TransportError):  # its connection does not come back
        found = list(deviations(row, 7, opened=Careless, plan=Plan()))
        assert [line for line in found if line.startswith("at 7: told")]
        assert "at 7: two recipients of one message" in found


def test_the_library_would_hide_that_one_of_two_was_refused() -> None:
    """Why each message has one recipient: here a message is lost, and nobody is told."""
    plan = Plan(Fault("RCPT", "550 5.1.1 no such user"))
    with serving(plan) as port, smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as one:
        refused = one.sendmail("a@example.test", ["b@example.test", "c@example.test"], b"\r\n")
    assert list(refused) == ["b@example.test"]
    assert len(plan.taken) == 1


@pytest.mark.parametrize("is_at_once", [False, True], ids=["one by one", "at once"])
@pytest.mark.parametrize(
    ("reply", "kinds", "arrived"), [("550 5.1.1 no", {PERMANENT}, 1), ("452 4.5.3 later", set(), 2)]
)
def test_of_two_recipients_of_a_notice_only_the_refused_one_is_touched(
    reply: str, kinds: set[str], arrived: int, *, is_at_once: bool
) -> None:
    plan = Plan(Fault("RCPT", reply), at=1, is_at_once=is_at_once)
    with serving(plan) as port:
        transport = plain(port)
        transport.send(MESSAGES[0])
        with pytest.raises(TransportError) as caught:
            transport.send(MESSAGES[1])
        if arrived > 1:
            transport.send(MESSAGES[1])
        transport.close()
    assert kinds_of(caught.value) == kinds
    assert plan.taken == CONTENTS[:arrived]
    assert plan.connections == 1


def test_a_server_that_waits_for_a_message_to_nobody_is_left() -> None:
    plan = Plan(Fault("RCPT", "550 5.1.1 no"), at=4, is_at_once=True, is_lax=True)
    with serving(plan) as port:
        failed = send(plain(port))
    assert list(failed) == [4]
    assert failed[4].is_permanent
    assert plan.taken == [*CONTENTS[:4], *CONTENTS[5:]]
    assert plan.connections == 2


@pytest.mark.parametrize("is_at_once", [False, True], ids=["one by one", "at once"])
def test_without_a_fault_a_batch_takes_one_connection(*, is_at_once: bool) -> None:
    plan = Plan(is_at_once=is_at_once)
    with serving(plan) as port:
        assert send(plain(port)) == {}
    assert (plan.taken, plan.connections) == (CONTENTS, 1)
    assert [len(recipients) for recipients in plan.recipients] == [1] * BATCH


@pytest.mark.parametrize("fault", [Fault("QUIT", does="drop"), Fault("QUIT", "500 what?")])
def test_a_fault_after_the_message_was_taken_changes_nothing(fault: Fault) -> None:
    plan = Plan(fault, at=BATCH - 1)
    with serving(plan) as port:
        assert send(plain(port)) == {}
    assert plan.taken == CONTENTS


@pytest.mark.parametrize("is_at_once", [False, True], ids=["one by one", "at once"])
@pytest.mark.parametrize("fault", [Fault("RSET", does="drop"), Fault("RSET", "421 4.4.2 too late")])
def test_a_connection_that_went_to_sleep_is_opened_again(fault: Fault, *, is_at_once: bool) -> None:
    plan = Plan(fault, at=9, is_at_once=is_at_once)
    with serving(plan) as port:
        assert send(plain(port)) == {}
    assert (plan.taken, plan.connections) == (CONTENTS, 2)


def test_a_refusal_comes_back_to_the_return_path_and_to_the_sender_without_one() -> None:
    plan = Plan()
    with serving(plan) as port:
        transport = plain(port)
        transport.send(replace(MESSAGES[0], return_path="challenges+b7.k@programme.example"))
        transport.send(MESSAGES[1])
        transport.close()
    assert plan.senders == ["challenges+b7.k@programme.example", "challenges@programme.example"]
    assert plan.taken == CONTENTS[:2]


def test_a_server_that_is_not_there_concerns_all_mail() -> None:
    with serving(Plan()) as port:
        pass
    with pytest.raises(TransportError, match="cannot be used") as caught:
        plain(port).send(make_message())
    assert kinds_of(caught.value) == {WHOLE}
