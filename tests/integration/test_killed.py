"""`kill -9` of `peer-challenge run`, again and again, while it sweeps and sends: nothing is lost.

The same rehearsal is lived twice: by a process that is killed at random moments, and by one that is
left in peace. Both must come to the same messages, and the mail server must have had each. At each
moment of the rehearsal the clock stands still, so that killing and beginning again may not change
what is found due.
"""

import csv
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from random import Random
from typing import Any, Generic, TypeVar

import pytest

from tests.architecture.tree import ROOT
from tests.integration.cli.desk import Desk
from tests.integration.mail.faulty import Plan, serving

FILE = ROOT / "tests" / "fixtures" / "other" / "grant_round.yaml"
PEOPLE = (
    ("Ola Finch", "ola@fund.example"),
    ("Cy Dunn", "cy@fund.example"),
    ("Ash Reid", "ash@reader.example", "--can=trained_assessor"),
    ("Ed Moss", "ed@expert.example", "--can=specialist"),
    ("Flo Nunn", "flo@club.example"),
)
ROW = {
    "title": "Boats", "client": "A club", "definition": str(FILE), "date:call_closes": "2027-03-01",
    "role:officer": "ola@fund.example", "role:chair": "cy@fund.example",
    "role:assessor": "ash@reader.example", "role:expert": "ed@expert.example",
    "role:applicant": "flo@club.example",
}  # fmt: skip
CHALLENGES = 16
MOMENTS = ("2027-01-04T09:00", "2027-01-11T09:00", "2027-01-14T09:00", "2027-01-21T09:00")
KILLS_A_MOMENT = 4
SECONDS, A_WHILE = 20.0, 3.0
HASTE = """
import time
import cli
from notifications import courier, office

class HastyCourier(courier.Courier):
    def _send(self, letter, message):
        self._ledger.note_sent(letter, message)
        time.sleep(0.3)
        self._transport.send(message)
        return courier.Outcome.SENT

office.Courier = HastyCourier
cli.main()
"""
Item = TypeVar("Item")


class Unhurried(list[Item], Generic[Item]):
    """A list that takes its time, before and after something is added, while `seconds` is set."""

    seconds = 0.0

    def append(self, item: Item) -> None:
        time.sleep(self.seconds)
        super().append(item)
        time.sleep(self.seconds)


@dataclass
class Server:
    """A mail server that takes its time: at the beginning of a message, and around its end."""

    begun: Unhurried[list[str]] = field(default_factory=Unhurried)
    taken: Unhurried[bytes] = field(default_factory=Unhurried)

    def slow_down(self, seconds: float) -> None:
        self.begun.seconds = self.taken.seconds = seconds

    def emails(self) -> list[EmailMessage]:
        return [message_from_bytes(each, policy=policy.default) for each in self.taken]

    @contextmanager
    def listening(self) -> Iterator[str]:
        """Yield where the server listens."""
        with serving(Plan(recipients=self.begun, taken=self.taken)) as port:
            yield f"smtp://127.0.0.1:{port}"


@dataclass
class Office:
    """A desk with many challenges, the mail server, and the program that is killed."""

    desk: Desk
    program: str = "import cli; cli.main()"
    server: Server = field(default_factory=Server)
    kills: int = 0
    caught: int = 0

    def begin(self) -> None:
        """Make the rehearsal: people, and many challenges that all have something to say."""
        self.desk.now = MOMENTS[0]
        self.desk.type("init", "--rehearsal")
        for name, email, *facts in PEOPLE:
            self.desk.type("person", "add", name, email, *facts)
        file = self.desk.folder / "challenges.csv"
        with file.open("w", newline="", encoding="utf-8") as output:
            writer = csv.DictWriter(output, ["reference", *ROW])
            writer.writeheader()
            writer.writerows({"reference": f"G-{n:02}", **ROW} for n in range(CHALLENGES))
        self.desk.type("import", str(file))

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """Let `run` work in a process of its own; it is killed when nobody has stopped it."""
        process = subprocess.Popen(
            [sys.executable, "-c", self.program, "run"],
            env={**self.desk.surroundings(), "PYTHONPATH": str(ROOT)},
            stderr=subprocess.PIPE,
        )
        assert process.stderr is not None
        try:
            while b"running;" not in (line := process.stderr.readline()):
                assert line, "it ended by itself"
            yield process
        finally:
            process.kill()
            process.communicate()

    def kill(self, after: float, *, is_at_mail: bool) -> None:
        """Begin `run`, and kill it some seconds after it has begun to work, or to send."""
        with self.running() as process:
            if is_at_mail:
                self._wait_for_mail()
            time.sleep(after)
            os.kill(process.pid, signal.SIGKILL)
            assert process.wait(SECONDS) == -signal.SIGKILL
        self.kills += 1
        self.caught += bool(self.rows("sending"))

    def _wait_for_mail(self) -> None:
        """Wait until a message is begun, for as long as any waits: a busy machine needs it."""
        begun, end = len(self.server.begun), time.monotonic() + SECONDS
        while time.monotonic() < end:
            until = time.monotonic() + A_WHILE
            while len(self.server.begun) == begun and time.monotonic() < until:
                time.sleep(0.005)
            if len(self.server.begun) > begun or not self.rows("waiting"):
                break

    def stop(self) -> str:
        """Run until nothing waits, end it with SIGTERM, and return what it said last."""
        with self.running() as process:
            until = time.monotonic() + SECONDS
            while self.rows("waiting") and time.monotonic() < until:
                time.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            said = process.communicate(timeout=SECONDS)[1].decode()
        assert process.returncode == 0
        return said.rstrip()

    def rows(self, status: str = "") -> list[dict[str, Any]]:
        """Return the outbox, or what is so in it."""
        wanted = [f"--status={status}"] if status else []
        rows: list[dict[str, Any]] = self.desk.read("mail", "list", *wanted)["messages"]
        return rows

    def settle(self, moment: str) -> None:
        """Let everything go that is due; past the lease, ask a person about what is uncertain."""
        self.desk.type("tick")
        self.desk.now = moment.replace("T09:00", "T09:46")
        self.desk.type("tick")
        for row in self.rows("uncertain"):
            self.desk.type("mail", "retry", str(row["id"]))
        self.desk.type("tick")


def in_peace(folder: Path) -> list[dict[str, Any]]:
    """Return the outbox of a rehearsal that nobody kills."""
    office = Office(Desk(folder))
    office.begin()
    with office.server.listening() as url:
        office.desk.environment["PEER_CHALLENGE_SMTP_URL"] = url
        for moment in MOMENTS:
            office.desk.now = moment
            office.settle(moment)
    assert [fault for fault in faults(office, office.rows()) if fault] == []
    return office.rows()


def under_fire(
    office: Office, seed: int, *, kills: int, moments: tuple[str, ...] = MOMENTS
) -> None:
    """Live the same rehearsal, but kill `run` so often at each moment, every other time at mail."""
    random = Random(seed)  # noqa: S311  (nothing secret)
    office.begin()
    with office.server.listening() as url:
        office.desk.environment["PEER_CHALLENGE_SMTP_URL"] = url
        for moment in moments:
            office.desk.now = moment
            office.server.slow_down(0.01)
            for number in range(kills):
                is_at_mail = number % 2 == 1
                office.kill(random.uniform(0, 0.1 if is_at_mail else 0.6), is_at_mail=is_at_mail)
            office.server.slow_down(0)
            office.settle(moment)
        assert office.stop().endswith("stopped; nothing is lost")


def told(rows: list[dict[str, Any]]) -> Counter[tuple[str, ...]]:
    """Return who was to be told what, of which challenge, and when."""
    keys = ("challenges", "notices", "to", "created_at")
    return Counter(tuple(str(row[key]) for key in keys) for row in rows)


def faults(office: Office, expected: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what is not as it would be if nobody had killed anything, or said too often."""
    rows, received = office.rows(), office.server.emails()
    yield from (f"not raised: {key}" for key in told(expected) - told(rows))
    yield from (f"raised too often: {key}" for key in told(rows) - told(expected))
    copies = Counter(str(email["Message-ID"]) for email in received)
    for row in rows:
        if row["status"] != "sent":
            yield f"{row['status']}: {row['id']}"
        elif not copies[row["message_id"]]:
            yield f"lost: {row['id']}"
    if set(copies) - {row["message_id"] for row in rows}:
        yield "sent under another Message-ID than the one that is kept"
    if len({(email["Message-ID"], email["Date"]) for email in received}) > len(copies):
        yield "a copy has another date"
    too_many = copies.total() - len(copies)
    if too_many > office.kills:
        yield f"{too_many} copies, of {office.kills} kills"


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Return the outbox as it is when nobody kills anything."""
    return in_peace(tmp_path_factory.mktemp("peace"))


def test_killed_sixteen_times_it_loses_nothing_and_repeats_little(
    tmp_path: Path, expected: list[dict[str, Any]]
) -> None:
    office = Office(Desk(tmp_path))
    under_fire(office, seed=1, kills=KILLS_A_MOMENT)
    assert office.kills == 16
    assert office.caught >= 5, "the kills hit nothing: the harness is broken"
    assert list(faults(office, expected)) == []
    _is_whole(office.desk)


@pytest.mark.postgres
def test_killed_on_postgresql_it_loses_nothing_and_repeats_little(
    tmp_path: Path, expected: list[dict[str, Any]], postgres_url: str
) -> None:
    environment = {"PEER_CHALLENGE_DATABASE_URL": postgres_url}
    office = Office(Desk(tmp_path, environment=environment))
    under_fire(office, seed=2, kills=2)
    assert list(faults(office, expected)) == []
    _is_whole(office.desk)


def test_a_courier_that_marks_before_it_sends_is_caught_losing(
    tmp_path: Path, expected: list[dict[str, Any]]
) -> None:
    """The control: the same harness must see that another build loses mail."""
    office = Office(Desk(tmp_path), program=HASTE)
    under_fire(office, seed=3, kills=4, moments=MOMENTS[:2])
    assert any(fault.startswith("lost: ") for fault in faults(office, expected))


def _is_whole(desk: Desk) -> None:
    """The histories are intact, and no number in them is missing."""
    desk.type("audit", "verify")
    for row in desk.read("list")["challenges"]:
        events = desk.read("audit", "log", row["reference"])["events"]
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
