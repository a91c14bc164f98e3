"""A year through the command line only: what was sent is what `forecast` had said.

`tests/integration/year.py` lives it, day by day; the mail goes to a real mail server where one is
installed, and else to the built-in sink. Digests are about all challenges at once, and are left
out. So is what lies behind the year's end.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest

from notifications.sink import Sink
from tests.integration import mailrig
from tests.integration.cli.desk import Desk
from tests.integration.post import GHOST, MOVER, OFFICE, STARTS, WRITER, Post
from tests.integration.year import (
    AGAIN,
    FIRST,
    IDLE,
    LAST,
    NAMES,
    ON_TIME,
    SILENT,
    SUBSTITUTE,
    TROUBLED,
    ZONE,
    Year,
    address,
    local,
)
from workflow.store.keeping.marks import DESTROYED

pytestmark = pytest.mark.longest


@dataclass(frozen=True, kw_only=True)
class Mail:
    """What has arrived at a mail server of one message."""

    to: str
    subject: str
    message_id: str
    email: EmailMessage


@dataclass(frozen=True, kw_only=True)
class Lived:
    """A year that is over: its outbox, and what has arrived."""

    year: Year
    rows: list[dict[str, Any]]
    mails: list[Mail]

    @property
    def arrived(self) -> set[str]:
        return {mail.message_id for mail in self.mails}

    def differences(self, name: str) -> list[str]:
        return self.year.forecasts[name].differences(self.rows, self.arrived)


def in_sink(sink: Sink) -> list[Mail]:
    return [
        Mail(
            to=received.recipients[0],
            subject=str(received.email["Subject"]),
            message_id=str(received.email["Message-ID"]),
            email=received.email,
        )
        for received in sink.received
    ]


def messages_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows that were messages: those that were sent, and did not go along in another."""
    return [row for row in rows if row["status"] == "sent" and row["carrier"] is None]


def in_boxes(rig: mailrig.MailRig, rows: list[dict[str, Any]]) -> list[Mail]:
    """Return what lies in everybody's mailbox, as soon as it is as much as was sent."""
    counts = Counter(row["to"] for row in messages_of(rows))
    return [
        Mail(
            to=mail.to[0],
            subject=" ".join(mail.subject.split()),  # it may be folded
            message_id=mail.headers["message-id"][0],
            email=BytesParser(policy=policy.default).parsebytes(mail.obj.as_bytes()),
        )
        for name in NAMES
        for mail in rig.fetch(name, counts[address(name)])
    ]


@contextmanager
def posted(year: Year) -> Iterator[Callable[[list[dict[str, Any]]], list[Mail]]]:
    """Give a year a mail server, the real one where it is installed; yield how to empty it."""
    settings = year.desk.environment
    if not mailrig.is_possible():
        with Sink() as sink:
            settings["PEER_CHALLENGE_SMTP_URL"] = sink.url
            yield lambda rows: in_sink(sink)
        return
    with mailrig.running((*NAMES, OFFICE), ghosts=(GHOST,)) as rig:
        year.post = Post(rig)
        settings["PEER_CHALLENGE_SMTP_URL"] = rig.url
        settings["PEER_CHALLENGE_MAIL_FROM"] = f"Peer challenges <{address('programme')}>"
        settings["PEER_CHALLENGE_MAIL_ANSWERS"] = address(OFFICE)
        settings["PEER_CHALLENGE_IMAP_URL"] = rig.mailbox(OFFICE)
        settings["PEER_CHALLENGE_BASE_URL"] = "https://challenges.example"
        settings["SSL_CERT_FILE"] = str(rig.folder / "cert.pem")
        yield lambda rows: in_boxes(rig, rows)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """Yield a year that was lived day by day."""
    year = Year(Desk(tmp_path_factory.mktemp("year")))
    with posted(year) as empty:
        year.begin()
        year.foresee(ON_TIME, LAST)
        year.foresee(IDLE, LAST, "--nobody-acts")
        if year.post is not None:
            year.post.stopped_on = year.quiet_day()
            year.moments.add(datetime.combine(year.post.stopped_on, STARTS, ZONE))
        year.live(LAST)
        rows = year.sent()
        yield Lived(year=year, rows=rows, mails=empty(rows))


def test_when_nobody_acts_what_was_foreseen_was_sent(lived: Lived) -> None:
    name = f"{IDLE} from {FIRST}"
    assert lived.year.forecasts[name].said().total() > 40
    assert lived.differences(name) == []


def test_when_everybody_is_on_time_what_was_foreseen_was_sent(lived: Lived) -> None:
    name = f"{ON_TIME} from {FIRST}"
    assert lived.year.forecasts[name].said().total() > 150
    assert lived.differences(name) == []
    assert lived.year.read("show", ON_TIME)["stage"] == "closed"


def test_a_draft_that_nobody_sends_is_called_late_as_foreseen(lived: Lived) -> None:
    name = f"{TROUBLED} from {SILENT}"
    assert {key for _, key, _ in lived.year.forecasts[name].said()} >= {"draft_late"}
    assert lived.differences(name) == []


def test_after_a_drop_out_moved_dates_and_a_late_draft_the_rest_is_as_foreseen(
    lived: Lived,
) -> None:
    name = f"{TROUBLED} from {AGAIN}"
    assert address(SUBSTITUTE[0]) in {to for _, _, to in lived.year.forecasts[name].said()}
    assert lived.differences(name) == []
    items = lived.year.desk.read("audit", "report", TROUBLED, code=3)["items"]
    assert [item["met_on"] for item in items if item["obligation"] == "S4-05"] == ["2027-03-02"]


def test_every_day_was_lived_and_some_by_processes_of_their_own(lived: Lived) -> None:
    assert lived.year.ticks > (LAST - FIRST).days
    assert lived.year.apart >= 2 * 3


def test_each_message_arrived_once_where_it_was_sent(lived: Lived) -> None:
    assert {row["status"] for row in lived.rows} <= {"sent", "cancelled"}
    sent = messages_of(lived.rows)
    wanted = Counter((row["to"], row["subject"], row["message_id"]) for row in sent)
    assert Counter((mail.to, mail.subject, mail.message_id) for mail in lived.mails) == wanted


def test_what_the_messages_said_is_destroyed_with_the_drafts_when_that_is_due(
    lived: Lived,
) -> None:
    rules = lived.year.read("retention", "list", ON_TIME)["retention"]
    (due_on,) = [rule["due_on"] for rule in rules if rule["rule"] == "drafts"]
    before = [
        row
        for row in messages_of(lived.year.rows())
        if row["challenges"] == [ON_TIME] and row["created_at"] < due_on
    ]
    assert len(before) > 100
    assert {row["subject"] for row in before} == {DESTROYED}
    assert DESTROYED not in {row["subject"] for row in lived.rows}


@pytest.mark.system
def test_where_a_real_mail_server_is_installed_it_had_the_mail(lived: Lived) -> None:
    if not mailrig.is_possible():
        pytest.skip(mailrig.MISSING)
    url = lived.year.desk.environment["PEER_CHALLENGE_SMTP_URL"]
    assert url.startswith("smtp+starttls://")
    assert len(lived.mails) > 400


def test_each_message_is_whole_and_says_what_programs_must_know(lived: Lived) -> None:
    kinds = {"text/plain", "text/html", "text/calendar"}
    for mail in lived.mails:
        parts = [part.get_content_type() for part in mail.email.iter_parts()]
        assert set(parts) <= kinds
        assert parts[:2] == ["text/plain", "text/html"]
        assert mail.email["Auto-Submitted"] == "auto-generated"
        assert "REHEARSAL" in str(mail.email["Subject"])
        assert not mail.email.defects


@pytest.fixture
def post(lived: Lived) -> Post:
    """Return what happened by mail, where there was a real mail server."""
    if lived.year.post is None:
        pytest.skip(mailrig.MISSING)
    return lived.year.post


@pytest.mark.system
def test_a_reply_became_a_confirmation_when_the_manager_accepted_it(
    lived: Lived, post: Post
) -> None:
    (answer,) = post.proposed
    assert (answer["says"], answer["words"]) == ("done", "I have destroyed my notes.")
    tasks = lived.year.read("tasks", ON_TIME, "--all")["tasks"]
    (done,) = [t for t in tasks if t["key"] == "destroy_notes" and t["person"] == address(WRITER)]
    assert done["status"] == "done"
    told = lived.year.type("timeline", ON_TIME)
    assert f"(Message-ID <reply.{ON_TIME}@challenge.test>)" in " ".join(told.split())


@pytest.mark.system
def test_what_came_back_marked_the_address_and_became_a_task(lived: Lived, post: Post) -> None:
    assert post.bounces
    assert {mail["reference"] for mail in post.bounces} == {TROUBLED}
    assert [task["status"] for task in post.refused] == ["open"]
    late = [row for row in lived.rows if row["to"] == address(MOVER) and row["attempts"] > 1]
    assert late
    assert {row["status"] for row in late} == {"sent"}


@pytest.mark.system
def test_what_could_not_be_sent_for_six_hours_went_then(lived: Lived, post: Post) -> None:
    rows = [row for row in lived.rows if local(row["created_at"]).date() == post.stopped_on]
    waited = [row for row in rows if local(row["created_at"]).time() < STARTS]
    assert {row["challenges"][0] for row in waited} >= {IDLE}
    went = {local(row["sent_at"]).time() for row in waited if row["status"] == "sent"}
    assert went == {STARTS}


def test_the_histories_of_the_year_are_intact(lived: Lived) -> None:
    assert lived.year.read("audit", "verify")["intact"]


@pytest.mark.parametrize("notice", ["invitation", "draft_countdown", "destroy_now"])
def test_a_reminder_that_is_dropped_is_noticed(lived: Lived, notice: str) -> None:
    """The control: one message that the mail server never had is one too few."""
    dropped = next(
        row for row in lived.rows if row["notices"] == [notice] and row["challenges"] == [ON_TIME]
    )
    forecast = lived.year.forecasts[f"{ON_TIME} from {FIRST}"]
    day = local(dropped["sent_at"]).date()
    assert forecast.differences(lived.rows, lived.arrived - {dropped["message_id"]}) == [
        f"not sent: {day} {notice} {dropped['to']}"
    ]


def test_a_day_on_which_nothing_ran_is_noticed(tmp_path: Path) -> None:
    """The control: what goes out on another day than foreseen is not the same."""
    year = Year(Desk(tmp_path), skipped=frozenset({date(2026, 9, 8)}))
    with Sink() as sink:
        year.desk.environment["PEER_CHALLENGE_SMTP_URL"] = sink.url
        year.begin()
        year.foresee(IDLE, date(2026, 9, 12), "--nobody-acts")
        year.live(date(2026, 9, 11))
    found = year.forecasts[f"{IDLE} from {FIRST}"].differences(
        year.rows(), {mail.message_id for mail in in_sink(sink)}
    )
    assert f"not sent: 2026-09-08 invitation_chaser {address('ada')}" in found
    assert f"not foreseen: 2026-09-09 invitation_chaser {address('ada')}" in found
