"""Answers are collected from a real mailbox; what a real mail server sends back is understood."""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from threading import Event, Timer
from time import monotonic, sleep

import imap_tools
import pytest

from notifications.incoming.account import Account, parse_imap_url
from notifications.incoming.collector import Collected
from notifications.incoming.mailbox import (
    PROCESSED,
    UNMATCHED,
    ImapMailbox,
    Mailbox,
    open_mailbox,
)
from tests.grounds import opened
from tests.integration.mail.arrivals import VIC, Arrivals, Killed
from tests.integration.mailrig import DOMAIN, MISSING, WORD, MailRig, is_possible, running
from tests.unit.notifications.incoming.samples import mail
from tests.visits import VISITOR
from workflow.model.errors import Unavailable
from workflow.store import reports
from workflow.store.correspondence import preferences
from workflow.tokens import BOUNCE, REPLY

pytestmark = pytest.mark.system
SOON = 20.0


@pytest.fixture(scope="module")
def rig() -> Iterator[MailRig]:
    """Yield a mail server of our own, with a mailbox for answers."""
    if not is_possible():
        pytest.skip(MISSING)
    with running(("answers", "gone")) as made:
        users = made.folder / "users"  # whom the server takes mail for, and then does not know
        known = [line for line in users.read_text().splitlines() if not line.startswith("gone@")]
        users.write_text("".join(f"{line}\n" for line in known))
        yield made


@pytest.fixture
def arrivals(sqlite_url: str, rig: MailRig) -> Iterator[Arrivals]:
    """Yield a visit with a message that asks Vic to be called; the mailbox is empty."""
    with opened(sqlite_url) as ground:
        ground.start()
        ground.done("scope_agreed", "brief_visitor")
        ground.until(date(2026, 11, 20))
        made = Arrivals(ground)
        made.first = made.send()
        with open_mailbox(account(rig), tls=rig.tls) as box:
            for uid, _ in box.unread():
                box.put_away(uid, "Before")
        yield made


def account(rig: MailRig) -> Account:
    return parse_imap_url(f"imaps://answers%40{DOMAIN}:{WORD}@localhost:{rig.imaps}/INBOX")


def send(rig: MailRig, content: bytes, *, to: str, sender: str = f"programme@{DOMAIN}") -> None:
    with smtplib.SMTP("localhost", rig.submission) as smtp:
        smtp.starttls(context=rig.tls)
        smtp.login(f"programme@{DOMAIN}", WORD)
        smtp.sendmail(sender, [to], content)


def tagged(arrivals: Arrivals, purpose: str) -> str:
    return f"answers+{arrivals.tag(purpose, arrivals.first)}@{DOMAIN}"


def reply(rig: MailRig, arrivals: Arrivals, body: str, **headers: str) -> None:
    to = tagged(arrivals, REPLY)
    known = {"From": f"Vic <{VIC}>", "To": to, "Date": "", "Message_ID": f"<{body}@team.example>"}
    send(rig, mail(body, **(known | headers)), to=to)


def collect(rig: MailRig, arrivals: Arrivals, count: int) -> Collected:
    """Collect as soon as so many mails are there."""
    with open_mailbox(account(rig), tls=rig.tls) as box:
        until_there(box, count)
        return arrivals.collector().collect(box)


def until_there(box: Mailbox, count: int) -> None:
    until = monotonic() + SOON
    while len(list(box.unread())) < count and monotonic() < until:
        sleep(0.1)


def folder(rig: MailRig, name: str) -> list[bytes]:
    with open_mailbox(replace(account(rig), folder=name), tls=rig.tls) as box:
        return [content for _, content in box.unread()]


def test_what_comes_in_is_dealt_with_and_put_away(rig: MailRig, arrivals: Arrivals) -> None:
    reply(rig, arrivals, "Done")
    reply(rig, arrivals, "Gone fishing", Auto_Submitted="auto-replied", Subject="Out of office")
    send(rig, mail("Hello?", From="x@elsewhere.example"), to=f"answers@{DOMAIN}")
    assert collect(rig, arrivals, 3) == Collected(proposed=1, problem=1, unmatched=1)
    reply(rig, arrivals, "Done")
    assert collect(rig, arrivals, 1) == Collected(known=1)
    assert folder(rig, "INBOX") == []
    assert len(folder(rig, PROCESSED)) == 3
    assert b"Hello?" in folder(rig, UNMATCHED)[-1]
    assert [(row.kind, row.person) for row in arrivals.answers()] == [("done", VISITOR)]
    assert len(arrivals.open_ones()) == 2


def test_a_real_bounce_fails_the_message_and_marks_the_address(
    rig: MailRig, arrivals: Arrivals
) -> None:
    gone = f"gone@{DOMAIN}"
    with arrivals.ground.database.writing() as link:
        link.execute("UPDATE person SET email = :it WHERE id = :id", it=gone, id=VISITOR)
    content = mail("Please call", To=gone, From=f"programme@{DOMAIN}")
    send(rig, content, to=gone, sender=tagged(arrivals, BOUNCE))
    assert collect(rig, arrivals, 1) == Collected(problem=1)
    with arrivals.ground.database.reading() as link:
        assert preferences.of(link, VISITOR).refused_at is not None
        row = reports.message(link, arrivals.first).row
    assert row.status == "failed"
    assert "User doesn't exist: gone@" in (row.error or "")
    assert arrivals.answers() == []


class DyingBefore:
    """A mailbox whose reader dies before a mail is put away."""

    def __init__(self, box: Mailbox) -> None:
        self.unread = box.unread

    def put_away(self, uid: str, folder: str) -> None:
        raise Killed


def test_a_kill_between_keeping_and_moving_changes_nothing(
    rig: MailRig, arrivals: Arrivals
) -> None:
    reply(rig, arrivals, "Finished")
    with open_mailbox(account(rig), tls=rig.tls) as box:
        until_there(box, 1)
        with pytest.raises(Killed):
            arrivals.collector().collect(DyingBefore(box))
    before = arrivals.mails()
    assert collect(rig, arrivals, 1) == Collected(known=1)
    assert arrivals.mails() == before
    assert len(arrivals.answers()) == 1
    assert folder(rig, "INBOX") == []


@pytest.mark.timed
def test_whoever_waits_is_woken_by_a_mail(rig: MailRig, arrivals: Arrivals) -> None:
    with open_mailbox(account(rig), tls=rig.tls) as box:
        timer = Timer(0.5, reply, (rig, arrivals, "Completed"))
        timer.start()
        began = monotonic()
        assert box.wait(30)
        assert monotonic() - began < SOON
        timer.join()
        assert arrivals.collector().collect(box) == Collected(proposed=1)


@pytest.mark.timed
def test_whoever_waits_is_stopped_at_once_or_when_the_time_is_over(rig: MailRig) -> None:
    stop = Event()
    with open_mailbox(account(rig), tls=rig.tls) as box:
        timer = Timer(0.3, stop.set)
        timer.start()
        began = monotonic()
        assert not box.wait(30, is_stopping=stop.is_set)
        assert monotonic() - began < SOON
        assert not box.wait(1)
        timer.join()


class Plain(imap_tools.MailBox):
    """A connection to a server that offers neither MOVE nor IDLE, as far as we can tell."""

    def login(self, username: str, password: str, initial_folder: str | None = "INBOX") -> "Plain":
        super().login(username, password, initial_folder)
        offered = set(self.client.capabilities) - {"MOVE", "IDLE"}
        self.client.capabilities = tuple(offered)
        return self


def test_a_server_that_offers_little_will_do(rig: MailRig, arrivals: Arrivals) -> None:
    reply(rig, arrivals, "Sorted")
    known = account(rig)
    with Plain("localhost", rig.imaps, ssl_context=rig.tls).login(known.user, known.password) as it:
        box = ImapMailbox(known, it)
        assert not box.wait(30)
        until_there(box, 1)
        assert arrivals.collector().collect(box) == Collected(proposed=1)
        assert list(box.unread()) == []
    assert b"Sorted" in folder(rig, PROCESSED)[-1]


@pytest.mark.parametrize(
    ("change", "trust", "says"),
    [
        (lambda known: replace(known, password=known.host), True, "(?i)authentication failed"),
        (lambda known: known, False, r"(?i)certificate"),
        (lambda known: replace(known, folder="Nowhere"), True, "(?i)mailbox doesn't exist"),
    ],
)
def test_why_a_mailbox_cannot_be_read_is_said_without_the_password(
    rig: MailRig, change: Callable[[Account], Account], *, trust: bool, says: str
) -> None:
    known = change(account(rig))
    tls = rig.tls if trust else ssl.create_default_context()
    with pytest.raises(Unavailable, match=says) as caught, open_mailbox(known, tls=tls):
        pytest.fail("it is open")
    assert str(caught.value).startswith(f"the mailbox imaps://answers@{DOMAIN}@localhost")
    assert WORD not in str(caught.value)
