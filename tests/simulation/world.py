"""The world of a life: a clock, a mail server, a database file, and processes that come and go.

An `Office` is one process of the product: engine, sweep and courier on a wired database. When it
dies another one is opened on the same files, and knows nothing.
"""

import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from definitions import loader
from notifications.courier import Conduct, Courier
from notifications.message import Message, encode
from notifications.office import Stationery
from notifications.transport import TransportError
from tests.grounds import populate
from tests.simulation.made.lots import Lot
from tests.simulation.wire import Process, Wire, WiredDatabase, WiredTransport, files_of
from workflow.answering.deliveries import Deliveries
from workflow.backing_up.restoring import Restoring
from workflow.clock import SetClock
from workflow.engine import Engine
from workflow.retaining.disposals import Disposals
from workflow.store import rulebooks
from workflow.store.database import Database
from workflow.store.rows import snapshots
from workflow.sweep import Sweep

FILE = "life.db"
_MEMORY = Path("/dev/shm")  # noqa: S108 (only a faster place, where there is one)


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that the mail server took, and when."""

    at: datetime
    message: Message
    copy: int


@dataclass
class MailServer:
    """Takes mail, but for addresses that refuse it; `look` sees each message before it is taken.

    Of what it took before number `since` nobody knows any more: what goes then is no copy of it.
    """

    clock: SetClock
    refusing: frozenset[str] = frozenset()
    slow: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    look: Callable[[Message], None] = lambda message: None
    taken: list[Taken] = field(default_factory=list)
    since: int = 0

    def send(self, message: Message) -> None:
        """Take a message, or refuse it."""
        encode(message)
        self.look(message)
        if message.to.address in self.refusing:
            raise TransportError("RCPT: 550 5.1.1 no such user", permanent=True)
        if message.to.address in self.slow:
            raise TransportError("RCPT: 450 4.2.1 later")
        known = self.taken[self.since :]
        copy = sum(one.message.message_id == message.message_id for one in known) + 1
        self.taken.append(Taken(self.clock.now(), message, copy))
        if message.to.address in self.silent:
            raise TransportError("no answer after it", is_uncertain=True)

    def close(self) -> None:
        """Do nothing: nothing stays open."""


class _Careful(Disposals):
    """Destroys as the product does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a process is made of; a planted mistake puts another part in."""

    engine: type[Engine] = Engine
    courier: type[Courier] = Courier
    disposals: type[Disposals] = _Careful
    restoring: type[Restoring] = Restoring
    wires: type[Wire] = Wire
    rewrite: Callable[[str], str] | None = None
    definition: Callable[[str], str] = lambda text: text


PLAIN = Parts()
MOMENT = 0.1
"""So many real seconds one waits who acts while another has their turn, and will not end it."""


class World:
    """Everything outside of a process. Its time is `real`; its clock may be set wrong."""

    def __init__(self, lot: Lot, folder: Path, *, parts: Parts = PLAIN) -> None:
        self.lot, self.folder, self.parts = lot, folder, parts
        self.clock = SetClock(lot.begun)
        self.real = lot.begun
        self.text = parts.definition(lot.text)
        self.loaded = _loaded(self.text)
        shutil.copytree(_prepared(self.text), folder, dirs_exist_ok=True)
        self.url = f"sqlite:///{folder / FILE}"
        self.reader = Database(self.url, busy_seconds=MOMENT)
        with self.reader.reading() as link:  # what a process has read once it knows by heart
            rulebooks.fetch(link, self.loaded.content_hash)
        refusing, slow, silent = (
            frozenset(map(address_of, people)) for people in (lot.refusing, lot.slow, lot.silent)
        )
        self.mail = MailServer(self.clock, refusing, slow, silent)

    def move(self, at: datetime) -> None:
        """Let real time pass until a moment."""
        self.real = max(self.real, at)
        self.clock.at = self.real

    def steady(self) -> float:
        """Return seconds that no setting of the clock changes."""
        return self.real.timestamp()

    def close(self) -> None:
        """Let go of the database."""
        self.reader.close()


class Office:
    """One process of the product in a world."""

    def __init__(self, world: World, observe: Callable[[str], None]) -> None:
        self.world = world
        self.process = Process(observe)
        parts, lot = world.parts, world.lot
        self.database = WiredDatabase(world.url, self.process, rewrite=parts.rewrite)
        self.database.wires = parts.wires
        self.engine = parts.engine(self.database, world.clock)
        self.disposals = parts.disposals(self.database, world.clock)
        self.sweep = Sweep(self.database, world.clock)
        self.courier = parts.courier(
            self.database,
            world.clock,
            WiredTransport(world.mail, self.process),
            renderer=_STATIONERY.renderer,
            sender=_STATIONERY.sender,
            conduct=Conduct(
                quiet=lot.quiet,
                most_a_minute=lot.most_a_minute,
                refused=Deliveries(self.database, world.clock).refused,
                steady=world.steady,
            ),
        )
        snapshots.forget()  # another process knows nothing by heart

    def run(self, work: Callable[["Office"], None]) -> None:
        """Let the process do something, every file that it touches named."""
        with files_of(self.process, self.world.folder):
            work(self)

    def close(self) -> None:
        """End the process in peace."""
        with suppress(Exception):
            self.database.close()


class _Desk:
    """Stationery whose templates are compiled once."""

    def __init__(self) -> None:
        plain = Stationery()
        self.renderer, self.sender = plain.renderer, plain.sender


_STATIONERY = _Desk()


def address_of(person: int) -> str:
    """Return the address of one of the people of `tests.grounds`, by their id."""
    from tests.grounds import NAMES

    return f"{NAMES[person - 1].replace(' ', '.').lower()}@team.example"


def folder() -> "tempfile.TemporaryDirectory[str]":
    """Return a new folder, in memory where that is possible."""
    return tempfile.TemporaryDirectory(dir=_MEMORY if _MEMORY.is_dir() else None)


@cache
def _loaded(text: str) -> loader.Loaded:
    return loader.load_text(text, file="life.yaml")


@cache
def _folders() -> list["tempfile.TemporaryDirectory[str]"]:
    return []


@cache
def _prepared(text: str) -> Path:
    """Return a folder with a database in which the people and the definition are; made once."""
    place = folder()
    _folders().append(place)  # gone with the process
    database = Database(f"sqlite:///{Path(place.name) / FILE}")
    populate(database, _loaded(text))
    database.maintain("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return Path(place.name)
