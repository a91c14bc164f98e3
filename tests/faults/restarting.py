"""A PostgreSQL server that is stopped at once, and started again, again and again, under load.

Clients give each command an id of their own. Whoever is told that the database is away, or that it
is not known whether a change was kept, asks again under the same id until there is an answer.
"""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from threading import Event, Thread

from tests import conftest
from tests.faults import findings
from tests.faults.hands import REFERENCE
from tests.faults.lots import planning
from tests.visits import BEGUN
from workflow.clock import SetClock
from workflow.engine import Engine
from workflow.model.errors import Conflict, Unavailable
from workflow.model.records.commands import RecordCounter
from workflow.store.database import Database
from workflow.store.keeping.vault import Vault

DURABLE = {"synchronous_commit": "on"}
HASTY = {"synchronous_commit": "off", "wal_writer_delay": "10s", "wal_writer_flush_after": "0"}
CLIENTS = 3
AWAY_SECONDS = 0.05
_COUNTED = """
SELECT command_id, count(*) FROM event WHERE kind = 'CounterRecorded' GROUP BY command_id
"""

Say = Callable[[str], None]


@dataclass
class Server:
    """A server that can be stopped in the middle of everything."""

    folder: Path
    settings: dict[str, str] = field(default_factory=lambda: dict(DURABLE))
    port: int = field(default_factory=conftest._free_port)
    running: "subprocess.Popen[bytes] | None" = None
    _binaries: Path = Path()
    _owner: tuple[int | None, int | None] = (None, None)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    @contextmanager
    def lasting(self, binaries: Path) -> Iterator["Server"]:
        """Make it, and run it until the block ends."""
        self._binaries, owner = binaries, conftest._owner()
        self.folder.mkdir(exist_ok=True)
        self._owner = owner or (None, None)
        if owner:
            self.folder.chmod(0o755)
            os.chown(self.folder, *owner)
        options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"]
        self._run("initdb", "-D", str(self.folder / "data"), "--no-sync", *options).wait()
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = {**conftest.SETTINGS, **self.settings}
        parts = [part for pair in settings.items() for part in ("-c", "=".join(pair))]
        place = ["-D", str(self.folder / "data"), "-p", str(self.port), "-k", str(self.folder)]
        self.running = self._run("postgres", *place, *parts)
        conftest._wait_until_up(self.url, self.running, self.folder / "log")

    def stop(self) -> None:
        """Stop it at once: nothing is written, nobody is waited for."""
        if self.running is not None:
            self.running.send_signal(3)  # SIGQUIT: an immediate shutdown
            self.running.wait(timeout=30)
            self.running = None

    def _run(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [self._binaries / program, *arguments],
                cwd=self.folder,
                user=self._owner[0],
                group=self._owner[1],
                stdout=log,
                stderr=log,
            )


@dataclass
class Load:
    """Clients who change one challenge, each as fast as they can."""

    url: str
    vault: Vault
    over: Event = field(default_factory=Event)
    acknowledged: Counter[str] = field(default_factory=Counter)
    doubts: int = 0
    failed: list[str] = field(default_factory=list)

    def work(self, client: int) -> None:
        """Send one command after the other until it is over."""
        number = 0
        with closing(Database(self.url, vault=self.vault)) as database:
            while not self.over.is_set():
                number += 1
                try:
                    self.insist(database, f"{client}.{number}", number * 10 + client)
                except Exception as error:  # whatever it is, it is a fault of ours
                    self.failed.append(repr(error))
                    return

    def insist(self, database: Database, command_id: str, value: int) -> None:
        """Ask until there is an answer."""
        engine = Engine(database, SetClock(BEGUN))
        command = RecordCounter(counter="met", value=value)
        while True:
            try:
                engine.act_once(REFERENCE, command, actor=1, command_id=command_id)
            except (Unavailable, Conflict):
                self.doubts += 1
                time.sleep(AWAY_SECONDS)
                continue
            self.acknowledged[command_id] += 1
            return


@dataclass(frozen=True)
class Soaked:
    """What came of it."""

    commands: int
    restarts: int
    doubts: int
    faults: tuple[str, ...]


def soak(
    server: Server,
    *,
    seconds: float,
    pauses: tuple[float, float],
    seed: int = 1,
    say: Say = lambda text: None,
) -> Soaked:
    """Let clients work while a server is stopped and started; return what came of it.

    `pauses` are the least and the most seconds between two stops; it is away for up to two.
    """
    vault = Vault(server.folder / "own.vault")
    with closing(Database(server.url, vault=vault)) as database:
        planning(database)
    load, random, restarts = Load(server.url, vault), Random(seed), 0  # noqa: S311 (to be had again)
    clients = [Thread(target=load.work, args=(number,)) for number in range(1, CLIENTS + 1)]
    until = time.monotonic() + seconds
    for client in clients:
        client.start()
    try:
        while time.monotonic() < until and not load.failed:
            time.sleep(random.uniform(*pauses))
            server.stop()
            time.sleep(random.uniform(0, min(2, pauses[0])))
            server.start()
            restarts += 1
            say(f"{restarts} restarts, {load.acknowledged.total()} commands")
    finally:
        load.over.set()
        for client in clients:
            client.join(timeout=60)
    with closing(Database(server.url, vault=vault)) as database:
        found = [f"a client gave up: {text}" for text in load.failed]
        found += [*findings.faults(database), *compared(database, load)]
    return Soaked(load.acknowledged.total(), restarts, load.doubts, tuple(found))


def compared(database: Database, load: Load) -> Iterator[str]:
    """Yield commands that were acknowledged and are not there, and those that are there twice."""
    with database.reading() as link:
        kept = Counter({row[0]: int(row[1]) for row in link.rows(_COUNTED)})
    lost = [name for name in load.acknowledged if not kept[name]]
    twice = [name for name, number in kept.items() if number > 1]
    if lost:
        yield f"I8: {len(lost)} commands that were acknowledged are gone, the first is {lost[0]}"
    if twice:
        yield f"I10: {len(twice)} commands were applied twice, the first is {twice[0]}"
