"""Two at one challenge: whatever the one does at whichever point of the other, it is as in a queue.

The one is stopped at a boundary, and the other does everything that it can do there: to the end,
or up to a lock that the first one holds. Then the first one goes on. Who is told of a conflict asks
once more. The end must be that of the one after the other, in the one order or in the other.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, cycle
from pathlib import Path

import psycopg

from notifications.transport import MemoryTransport
from tests.faults import findings
from tests.faults.hands import Hands, Place
from tests.faults.lots import BASES, LOTS, Lot
from tests.simulation.wire import Process, WiredDatabase, WiredTransport
from workflow.clock import SetClock
from workflow.model.errors import Conflict, InvalidInput, NotFound, Refused, Unavailable
from workflow.retaining.disposals import Destroying
from workflow.store.database import Database
from workflow.store.keeping.vault import Vault
from workflow.store.rows import snapshots

MOST_ATTEMPTS = 5
PATIENCE_SECONDS = 20.0
SWEEP = "sweep"
_WAITS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = %s AND wait_event_type = 'Lock' AND state = 'active'
"""
_numbers = count(1)

Work = Callable[[Hands, str], None]
State = dict[str, list[str]]


@dataclass
class Ring:
    """Where it is fought: copies of bases, on SQLite or on a PostgreSQL server."""

    folder: Path
    server: str = ""
    lots: Mapping[str, Lot] = field(default_factory=lambda: LOTS)
    urls: dict[str, str] = field(default_factory=dict)
    ends: dict[tuple[str, ...], State] = field(default_factory=dict)

    def prepare(self, base: str) -> None:
        """Make a base, once."""
        if base in self.urls:
            return
        home = Place(self.folder / base)
        home.folder.mkdir()
        url = self.made(f"base_{base}") if self.server else home.url
        with closing(Database(url, vault=self._vault(home))) as database:
            BASES[base](database)
        self.urls[base] = url

    @contextmanager
    def copy(self, base: str) -> Iterator["Copy"]:
        """Yield a copy of a base; it is gone when the block ends."""
        self.prepare(base)
        home, trial = Place(self.folder / base), Place(self.folder / "trial")
        trial.fill_from(home)
        snapshots.forget()
        url, name = trial.url, f"copy_{next(_numbers)}"
        if self.server:
            url = self.made(name, f"base_{base}")
        try:
            yield Copy(url, self._vault(trial), self.server and name)
        finally:
            if self.server:
                self._say(f"DROP DATABASE {name} WITH (FORCE)")

    def _vault(self, place: Place) -> Vault:
        return Vault(place.folder / "challenges.db.vault")

    def made(self, name: str, template: str = "template0") -> str:
        """Make a database on the server; return its URL."""
        self._say(f"CREATE DATABASE {name} TEMPLATE {template}")
        return f"{self.server.rpartition('/')[0]}/{name}"

    def _say(self, sql: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sql.encode())

    def is_waiting(self, name: str) -> bool:
        """Return whether somebody waits for a lock in a database."""
        with psycopg.connect(self.server, autocommit=True) as connection:
            row = connection.execute(_WAITS, (name,)).fetchone()
        return bool(row and row[0])


@dataclass(frozen=True)
class Copy:
    """A copy of a base that two may change."""

    url: str
    vault: Vault
    name: str

    def hands(
        self,
        process: Process | None,
        at: datetime,
        transport: MemoryTransport,
        *,
        rewrite: Callable[[str], str] | None = None,
    ) -> Hands:
        """Return hands on it, wired to a process if there is one."""
        wired = process or Process()
        database = WiredDatabase(self.url, wired, vault=self.vault, rewrite=rewrite)
        sending = WiredTransport(transport, wired)
        return Hands(database, SetClock(at), sending, kind_of_engine=Destroying)


class Bell:
    """Hears the boundaries of the first, and rings at one of them, once."""

    def __init__(self, number: int | None, ring: Callable[[], None]) -> None:
        self.number, self.ring, self.heard = number, ring, list[str]()

    def __call__(self, boundary: str) -> None:
        """Hear a boundary."""
        self.heard.append(boundary)
        if self.number == len(self.heard) - 1:
            self.ring()


@dataclass
class Fight:
    """One interleaving of two."""

    ring: Ring
    one: str
    other: str
    point: int

    def run(self) -> list[str]:
        """Return what is wrong in the end, by the names of the invariants."""
        lots = self.ring.lots
        base = lots[self.one].base
        with self.ring.copy(base) as copy, ThreadPoolExecutor(1) as pool:
            transport, second = MemoryTransport(), list[Future[None]]()

            def meanwhile() -> None:
                second.append(pool.submit(attempt, copy, lots[self.other], "other", transport))
                self._until_still(copy, second[0])

            bell = Bell(self.point, meanwhile)
            attempt(copy, lots[self.one], "one", transport, process=Process(bell))
            if not second:
                meanwhile()
            second[0].result(timeout=PATIENCE_SECONDS)
            again(copy, lots[self.other], "other", transport)
            found = self._judged(copy, transport)
        place = bell.heard[min(self.point, len(bell.heard) - 1)]
        return [f"{fault} ({self.other} at {place} of {self.one})" for fault in found]

    def _until_still(self, copy: Copy, second: "Future[None]") -> None:
        """Wait until the second has ended, or waits for the first."""
        until = time.monotonic() + PATIENCE_SECONDS
        while not second.done() and time.monotonic() < until:
            if copy.name and self.ring.is_waiting(copy.name):
                return
            time.sleep(0.002)

    def _judged(self, copy: Copy, transport: MemoryTransport) -> list[str]:
        with closing(Database(copy.url, vault=copy.vault)) as database:
            found, end = findings.faults(database), findings.state(database)
        queues = [
            self.end_of(self.one, self.other),
            self.end_of(self.other, self.one, base=self.ring.lots[self.one].base),
        ]
        if SWEEP in (self.one, self.other):  # it looks until nothing is due: also what was made so
            rest = self.other if self.one == SWEEP else self.one
            base = self.ring.lots[self.one].base
            queues.append(self.end_of(SWEEP, rest, SWEEP, base=base))
        # each message is a step of its own: what is between them is seen by those after it only
        but = [findings.TEXTS] if "send" in (self.one, self.other) else []
        if but and _is_each_of(end[findings.OUTBOX], *(queue[findings.OUTBOX] for queue in queues)):
            but.append(findings.OUTBOX)
        apart = [findings.differences(end, queue, but=but) for queue in queues]
        if all(apart):
            least = min(apart, key=len)
            found.append(f"I9: it is the end of neither order: {'; '.join(least)[:600]}")
        numbers = [message.message_id for message in transport.messages]
        if len(numbers) > len(set(numbers)):
            found.append("I17: a message went twice")
        return found

    def end_of(self, *turns: str, base: str = "") -> State:
        """Return how it ends when one comes after the other."""
        base = base or self.ring.lots[turns[0]].base
        key = (base, *turns)
        if key not in self.ring.ends:
            names = ("one", "other") if turns[0] == self.one else ("other", "one")
            with self.ring.copy(base) as copy:
                transport = MemoryTransport()
                for lot, name in zip(turns, cycle(names), strict=False):
                    attempt(copy, self.ring.lots[lot], name, transport)
                with closing(Database(copy.url, vault=copy.vault)) as database:
                    self.ring.ends[key] = findings.state(database)
        return self.ring.ends[key]


def _is_each_of(rows: list[str], *orders: list[str]) -> bool:
    """Return whether each message, as many as there are, is as after one order or another."""
    is_as_many = all(len(rows) == len(one) for one in orders)
    return is_as_many and {*rows} <= {row for one in orders for row in one}


def attempt(
    copy: Copy, lot: Lot, name: str, transport: MemoryTransport, *, process: Process | None = None
) -> None:
    """Do something, and once more after a conflict; a refusal is an answer."""
    hands = copy.hands(process, lot.at, transport)
    try:
        for _ in range(MOST_ATTEMPTS):
            try:
                lot.work(hands, name)
            except (Conflict, Unavailable):
                if not copy.name and process is None:
                    return  # SQLite: the first has the lock, and is asked again when it is over
                continue
            except (Refused, NotFound, InvalidInput):
                pass
            return
        raise AssertionError(f"{name} never came through")
    finally:
        hands.database.close()


def again(copy: Copy, lot: Lot, name: str, transport: MemoryTransport) -> None:
    """Let the second ask again, now that nobody is in its way; what was done is done."""
    if lot.is_repeatable:
        attempt(copy, lot, name, transport)


def length(ring: Ring, one: str) -> int:
    """Return how many boundaries somebody reaches who is alone."""
    return len(boundaries(ring, one))


def boundaries(ring: Ring, one: str) -> list[str]:
    """Return the boundaries that somebody reaches who is alone."""
    bell = Bell(None, lambda: None)
    with ring.copy(ring.lots[one].base) as copy:
        attempt(copy, ring.lots[one], "one", MemoryTransport(), process=Process(bell))
    return bell.heard


def partners(ring: Ring, one: str) -> list[str]:
    """Return who may be in the way of somebody: whoever works on the same base."""
    base = ring.lots[one].base
    return [name for name, lot in ring.lots.items() if lot.base == base]
