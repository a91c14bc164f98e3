"""Workers on several machines, the mail server, and what must be so when all is quiet.

Six visits with teams of their own were begun weeks ago, and nothing has run since: much is due. The
same is lived by one process that nobody disturbs (the twin); both must come to the same notices.
"""

import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import psycopg

from definitions import loader
from notifications.compose import Sender
from notifications.courier import Courier
from notifications.message import Mailbox
from notifications.render import Renderer
from notifications.transport import MemoryTransport
from tests.architecture.tree import ROOT
from tests.grounds import Ground
from tests.integration.cluster.crew import Nursery, Worker, wait_for
from tests.integration.cluster.programs import LEASE_SECONDS
from tests.integration.mail.faulty import Plan, serving
from tests.integration.test_killed import Unhurried
from tests.prepared import prepare
from tests.visits import FILE, LEADER
from workflow.clock import SetClock, SystemClock
from workflow.cluster import installation
from workflow.cluster.nudging import NudgingDatabase, look_for_cluster
from workflow.engine import NewChallenge
from workflow.store import library, outbox, people
from workflow.store.database import Database
from workflow.store.keeping.vault import Vault
from workflow.store.library import Offered
from workflow.sweep import Sweep

VISITS = 6
ROLES = ("director", "manager", "lead_visitor", "visitor", "visitor", "host")
BEGUN_BEFORE = timedelta(days=20)
_FINAL = {"sent", "cancelled"}
_QUIET = """
SELECT (SELECT count(*) FROM challenge WHERE wake_at <= clock_timestamp())
    + (SELECT count(*) FROM outbox WHERE status = 'sending'
        OR status = 'waiting' AND next_attempt_at <= clock_timestamp())
"""
_ROWS = "SELECT unique_key, status, message_id, attempts FROM outbox WHERE challenge_id IS NOT NULL"


def populate(database: Database, at: datetime) -> Ground:
    """Begin visits, each with six people of its own, some weeks before `at`."""
    prepare(database)
    loaded = loader.load_file(FILE)
    begun = at - BEGUN_BEFORE
    with database.writing() as link:
        for number in range(VISITS * len(ROLES) + 1):
            people.add(
                link,
                name=f"Person {number}",
                email=f"p{number}@team.example",
                capabilities=[LEADER],
                is_administrator=number == 0,
            )
        library.keep(
            link,
            content_hash=loaded.content_hash,
            definition=loaded.definition,
            text=loaded.text,
            at=begun,
        )
    ground = Ground(database, loaded.content_hash, SetClock(begun))
    started = [_visit(number, at.date(), loaded.content_hash) for number in range(VISITS)]
    ground.engine.start_all(started, actor=1)
    for visit in started:
        ground.done("scope_agreed", "brief_visitor", reference=visit.reference)
    return ground


def _visit(number: int, today: date, content_hash: str) -> NewChallenge:
    first = 2 + number * len(ROLES)
    return NewChallenge(
        reference=f"V-{number}",
        title=f"Visit {number}",
        client="A host",
        offered=Offered(content_hash),
        dates={"visit_start": today - timedelta(days=1), "visit_end": today + timedelta(days=1)},
        roles=tuple((role, first + place) for place, role in enumerate(ROLES)),
    )


@dataclass
class Harbour:
    """What all fleets share: the visits as they were begun, and what comes of them in peace."""

    folder: Path
    begun_at: datetime = field(default_factory=lambda: SystemClock().now())
    known: dict[str, str] = field(default_factory=dict)

    def expected(self, *, is_now: bool) -> dict[str, str]:
        """Return what `twin` said last, or says now: in a while more may be due."""
        if is_now or not self.known:
            self.known = self.twin()
        return self.known

    def twin(self) -> dict[str, str]:
        """Return how each notice ends that one process raises and sends, now."""
        file = self.folder / "twin.db"
        if not file.exists():
            with closing(Database(f"sqlite:///{file}")) as database:
                populate(database, self.begun_at)
        copy = self.folder / "living.db"
        shutil.copyfile(file, copy)
        vault = Vault(Path(f"{file}.vault"))
        with closing(Database(f"sqlite:///{copy}", vault=vault)) as database:
            clock = SetClock(SystemClock().now())
            Sweep(database, clock).tick()
            sender = Sender(mailbox=Mailbox(address="office@team.example", name="Office"))
            courier = Courier(
                database, clock, MemoryTransport(), renderer=Renderer(), sender=sender
            )
            courier.drain(10_000)
            with database.reading() as link:
                return {row[0]: row[1] for row in link.rows(_ROWS)}

    def fill(self, url: str) -> None:
        """Begin the visits in a PostgreSQL database, and make it one of a cluster."""
        with closing(NudgingDatabase(url, vault=Vault(self.folder / "vault"))) as database:
            populate(database, self.begun_at)
            installation.prepare(database)


@dataclass
class Fleet:
    """Workers on one database. `kills` counts what was done to them that may double a message."""

    harbour: Harbour
    nursery: Nursery
    url: str
    folder: Path
    smtp_url: str = ""
    begun: Unhurried[list[str]] = field(default_factory=Unhurried)
    taken: Unhurried[bytes] = field(default_factory=Unhurried)
    workers: list[Worker] = field(default_factory=list)
    blows: int = 0

    @property
    def surroundings(self) -> dict[str, str]:
        """Return the environment of a worker."""
        return {
            "PEER_CHALLENGE_DATABASE_URL": self.url,
            "PEER_CHALLENGE_VAULT": str(self.harbour.folder / "vault"),
            "PEER_CHALLENGE_SMTP_URL": self.smtp_url,
            "PEER_CHALLENGE_MAIL_RATE": "100000",
            "PEER_CHALLENGE_QUIET_HOURS": "none",
            "HOME": str(self.folder),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
            "XDG_DATA_HOME": str(self.folder / "data"),
            "LOGNAME": "tester",
        }

    def launch(self, program: str = "hasty", number: int = 1, **environment: str) -> list[Worker]:
        """Begin workers, and wait until they work."""
        new = [self._born(program, environment) for _ in range(number)]
        self.workers.extend(new)
        for worker in new:
            wait_for(lambda w=worker: "running;" in w.said or w.is_over(), "a worker begins")  # type: ignore[misc]
        return new

    def launch_at(self, library: Path, program: str, *, off_by: int) -> Worker:
        """Begin a worker on a host whose clock is so many seconds fast."""
        said = self._place()
        code = "import sys; from tests.integration.cluster import programs as p;"
        moved = {"LD_PRELOAD": str(library), "CLOCK_OFF_BY": str(off_by)}
        with said.open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-c", f"{code} sys.exit(p.run({program!r}))"],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={**self.surroundings, **moved, "PYTHONPATH": str(ROOT)},
            )  # fmt: skip
        worker = Worker(process.pid, said, process.poll)
        self.workers.append(worker)
        wait_for(lambda: "running;" in worker.said or worker.is_over(), "a worker begins")
        return worker

    def _born(self, program: str, environment: dict[str, str]) -> Worker:
        said = self._place()
        surroundings = {**self.surroundings, **environment}
        order = {"program": program, "environment": surroundings, "said": str(said)}
        process = self.nursery.ask(order)
        assert process is not None
        return Worker(process, said, lambda: self.nursery.ask({"ended": process}))

    def _place(self) -> Path:
        """Return where a new worker's words go."""
        said = self.folder / f"said-{len(self.workers)}-{len(list(self.folder.glob('said-*')))}"
        said.touch()
        return said

    def slow_down(self, seconds: float) -> None:
        """Let the mail server take its time."""
        self.begun.seconds = self.taken.seconds = seconds

    def wait_for_mail(self, number: int) -> None:
        """Wait until so many messages were begun."""
        wait_for(lambda: len(self.begun) >= number, f"{number} messages are begun")

    def wait_until_quiet(self) -> None:
        """Wait until nothing is due any more, and nobody is at anything."""
        wait_for(lambda: self.ask(_QUIET) == 0, "nothing is due any more")

    def settle(self) -> None:
        """Let a person send again what is in doubt, and wait until that is done."""
        self.wait_until_quiet()
        with self.database() as database, database.writing() as link:
            doubtful = link.rows("SELECT id FROM outbox WHERE status = 'uncertain'")
            for (message,) in doubtful:
                outbox.retry(link, message, at=SystemClock().now())
        self.wait_until_quiet()

    def ask(self, sql: str, *values: object) -> Any:  # noqa: ANN401  (a value of a database)
        """Return the first value of a query, or of what a statement touched."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(sql.encode(), values or None)
            row = cursor.fetchone() if cursor.description else (cursor.rowcount,)
        return row[0] if row else None

    def rows(self) -> list[tuple[str, str, str | None, int]]:
        """Return the notices of visits: key, status, Message-ID, attempts."""
        with psycopg.connect(self.url) as connection:
            found: list[Any] = connection.execute(_ROWS.encode()).fetchall()
        return found

    @contextmanager
    def database(self) -> Iterator[NudgingDatabase]:
        """Yield the database, as somebody has it who types a command."""
        vault = Vault(self.harbour.folder / "vault")
        with closing(NudgingDatabase(self.url, vault=vault)) as database:
            with database.reading() as link:
                look_for_cluster(database, link)
            yield database

    def faults(self) -> list[str]:
        """Return what is not as it is when nobody disturbs one process, by the invariant's name."""
        rows = self.rows()
        wrong = [*_raised(rows, self.harbour.expected(is_now=False))]
        if wrong:
            wrong = [*_raised(rows, self.harbour.expected(is_now=True))]
        return [*wrong, *_ended(rows), *self._copies(rows)]

    def _copies(self, rows: list[tuple[str, str, str | None, int]]) -> Iterator[str]:
        emails = [message_from_bytes(content) for content in self.taken]
        copies = Counter(str(email["Message-ID"]) for email in emails)
        attempts = Counter[str]()
        for key, status, message_id, tried in rows:
            if status == "sent" and not copies[message_id or ""]:
                yield f"I30: marked sent, and never sent: {key}"
            attempts[message_id or ""] = max(attempts[message_id or ""], tried)
        for message_id, number in copies.items():
            if number > attempts[message_id]:
                yield f"I17: sent {number} times, tried {attempts[message_id]}: {message_id}"
        if len({(email["Message-ID"], email["Date"]) for email in emails}) > len(copies):
            yield "I17: a copy has another Date"
        if copies.total() - len(copies) > self.blows:
            yield f"I17: {copies.total() - len(copies)} copies, of {self.blows} in doubt"


def _raised(
    rows: list[tuple[str, str, str | None, int]], expected: dict[str, str]
) -> Iterator[str]:
    keys = Counter(row[0] for row in rows)
    yield from (f"I30: not raised: {key}" for key in expected if not keys[key])
    yield from (f"I4: raised before its time: {key}" for key in keys if key not in expected)
    yield from (f"I15: raised {number} times: {key}" for key, number in keys.items() if number > 1)


def _ended(rows: list[tuple[str, str, str | None, int]]) -> Iterator[str]:
    for key, status, _, _ in rows:
        if status not in _FINAL:
            yield f"I16: {status}: {key}"


@contextmanager
def at_sea(harbour: Harbour, nursery: Nursery, url: str, folder: Path) -> Iterator[Fleet]:
    """Yield a fleet with its mail server; whoever still works at the end is killed."""
    fleet = Fleet(harbour, nursery, url, folder)
    with serving(Plan(recipients=fleet.begun, taken=fleet.taken)) as port:
        fleet.smtp_url = f"smtp://127.0.0.1:{port}"
        try:
            yield fleet
        finally:
            for worker in fleet.workers:
                if not worker.is_over():
                    worker.signal(signal.SIGKILL)
                    wait_for(worker.is_over, "a killed worker is gone")


def past_the_lease() -> None:
    """Wait until what a worker has claimed is not its own any more."""
    time.sleep(LEASE_SECONDS + 0.5)
