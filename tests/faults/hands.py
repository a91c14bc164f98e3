"""One process's hands on one database: what it can do, and the folder that it does it in."""

import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from notifications.compose import Sender
from notifications.courier import LEASE, Courier
from notifications.message import Mailbox, Message
from notifications.render import Renderer
from notifications.transport import Transport
from workflow.clock import SetClock
from workflow.engine import Engine, NewChallenge
from workflow.model import commands as c
from workflow.model.errors import InvalidInput
from workflow.model.records import commands as r
from workflow.model.register.retention import Status
from workflow.retaining.disposals import Disposals
from workflow.store import outbox
from workflow.store.database import Database
from workflow.sweep import Sweep
from workflow.views import View, Views

REFERENCE = "NOR-26"
SENDER = Sender(mailbox=Mailbox(address="challenges@programme.example", name="Peer challenges"))
_DOUBTFUL = "SELECT id, message_id FROM outbox WHERE status = 'uncertain' ORDER BY id"
_DOUBTS = "SELECT count(*) FROM outbox WHERE status = 'uncertain'"
_SENDING = "SELECT count(*) FROM outbox WHERE status = 'sending'"


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with a database, its keys and its files."""

    folder: Path

    @property
    def file(self) -> Path:
        """The database."""
        return self.folder / "challenges.db"

    @property
    def url(self) -> str:
        """The URL of the database."""
        return f"sqlite:///{self.file}"

    def fill_from(self, other: "Place") -> None:
        """Hold what another place holds, and nothing else."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(other.folder, self.folder)


@dataclass(frozen=True)
class Hands:
    """What a process does with a database, a clock that is set, and a way to send mail."""

    database: Database
    clock: SetClock
    transport: Transport
    kind_of_courier: type[Courier] = Courier
    kind_of_engine: type[Engine] = Engine

    def at(self, at: datetime) -> "Hands":
        """Set the clock."""
        self.clock.at = at
        return self

    def start(self, new: NewChallenge, *, actor: int) -> None:
        """Start a challenge; one that is there already was started before."""
        with suppress(InvalidInput):
            Engine(self.database, self.clock).start(new, actor=actor)

    def act(self, command: c.Command, *, actor: int, name: str) -> None:
        """Let somebody ask for something, once under each name."""
        engine = self.kind_of_engine(self.database, self.clock)
        engine.act_once(REFERENCE, command, actor=actor, command_id=name)

    def sweep(self) -> None:
        """Let time pass; what fails fails aloud."""
        swept = Sweep(self.database, self.clock).tick()
        for _, error in swept.failed:
            raise error

    def deliver(self) -> None:
        """Send what is due."""
        self.kind_of_courier(
            self.database, self.clock, self.transport, renderer=Renderer(), sender=SENDER
        ).drain()

    def look(self) -> View:
        """Return the challenge as it is shown."""
        return Views(self.database, self.clock).look(REFERENCE)

    def destroy(self, rule: str, *, actor: int) -> None:
        """Destroy what a rule keeps, or finish doing so."""
        disposals = Disposals(self.database, self.clock)
        status = {one.rule: one.status for one in disposals.listed(REFERENCE)}[rule]
        if status is Status.DESTROYED:
            disposals.go_on()
        else:
            disposals.destroy(REFERENCE, rule, actor=actor)

    def settle(self, taken: Iterable[Message]) -> None:
        """Wait until no message is half sent; say of those in doubt whether they arrived."""
        arrived = {message.message_id for message in taken}
        if self._number(_SENDING):
            self.clock.at += LEASE + timedelta(seconds=1)
            self.deliver()
        while self._number(_DOUBTS):
            with self.database.writing() as link:
                for number, message_id in link.rows(_DOUBTFUL):
                    has_arrived, at = message_id in arrived, self.clock.now()
                    outbox.settle(link, number, has_arrived=has_arrived, at=at, note="asked")
            self.deliver()

    def _number(self, sql: str) -> int:
        with self.database.reading() as link:
            row = link.row(sql)
        return int(row[0]) if row else 0


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that is done in a life, at a moment; done again, it changes nothing more.

    `kind` is `start`, `act`, `step`, `send`, `sweep` or `destroy`.
    """

    kind: str
    name: str
    at: datetime
    work: Callable[[Hands], None]


def requests(rule: str) -> r.RequestDisposal:
    """Return the command that asks to destroy what a rule keeps."""
    return r.RequestDisposal(rule=rule)
