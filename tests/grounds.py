"""A database with people and a definition in it, and the engine upon it, at a clock that is set."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time

from definitions import loader
from tests.prepared import prepare
from tests.visits import BEGUN, END, FILE, LEADER, START, TEAM
from workflow.auditing.log import Log
from workflow.auditing.reports import Register
from workflow.clock import SetClock
from workflow.engine import Engine, NewChallenge
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.errors import Unavailable
from workflow.outcomes import Outcome
from workflow.store import challenges, library, people
from workflow.store.database import Database, Link
from workflow.store.library import Offered
from workflow.sweep import Sweep, Swept
from workflow.views import Views

ADA = 1  # the administrator: the first person of the database
NAMES = ("Ada Admin", "Dora Director", "Max Manager", "Lea Lead", "Vic Visitor", "Sue Second",
         "Hal Host", "Lou Late", "Stan Stranger")  # fmt: skip


class Cut(Database):
    """A database whose connection is lost at the end of a transaction that was kept."""

    @contextmanager
    def writing(self, *, is_sealed: bool = False) -> Iterator[Link]:
        """Keep what is written, and say that nobody knows."""
        with super().writing(is_sealed=is_sealed) as link:
            yield link
        raise Unavailable("the database is away; it is not known whether the change was kept")


@dataclass
class Ground:
    """What the tests of the engine stand on. People have the ids of `tests.visits`."""

    database: Database
    content_hash: str
    clock: SetClock = field(default_factory=lambda: SetClock(BEGUN))

    @property
    def engine(self) -> Engine:
        """Return the engine."""
        return Engine(self.database, self.clock)

    @property
    def views(self) -> Views:
        """Return what looks at challenges."""
        return Views(self.database, self.clock)

    @property
    def log(self) -> Log:
        """Return what checks the audit log."""
        return Log(self.database, self.clock)

    @property
    def register(self) -> Register:
        """Return what answers from the register of obligations."""
        return Register(self.database, self.clock)

    def new(self, reference: str, **more: dict[str, date]) -> NewChallenge:
        """Return a visit with its people and dates, to be started."""
        return NewChallenge(
            reference=reference,
            title="Northshire",
            client="Northshire system",
            offered=Offered(self.content_hash),
            dates=more.get("dates", {"visit_start": START, "visit_end": END}),
            roles=TEAM,
        )

    def start(self, reference: str = "NOR-26") -> Outcome:
        """Start a visit."""
        return self.engine.start(self.new(reference), actor=ADA)

    def act(self, command: c.Command, *, reference: str = "NOR-26", actor: int = ADA) -> Outcome:
        """Let somebody ask for something."""
        return self.engine.act(reference, command, actor=actor)

    def done(self, *specs: str, reference: str = "NOR-26") -> None:
        """Record tasks as done today, each for everybody whom it is for."""
        for spec in specs:
            for task in self.views.look(reference).challenge.occurrences(spec):
                command = c.CompleteTask(
                    spec=spec,
                    on=self.clock.at.date(),
                    person=task.person,
                    day=task.day,
                    evidence="noted",
                )
                self.act(command, reference=reference)

    def until(self, day: date, at: time = time(18)) -> Swept:
        """Set the clock to a moment and sweep."""
        self.clock.at = datetime.combine(day, at, BEGUN.tzinfo)
        return Sweep(self.database, self.clock).tick()

    def history(self, reference: str = "NOR-26") -> list[e.Event]:
        """Return what is kept of a challenge's events."""
        with self.database.reading() as link:
            return [recorded.event for recorded in challenges.history(link, reference)]

    def rows(self, table: str) -> list[tuple[object, ...]]:
        """Return all rows of a table, sorted, as text."""
        with self.database.reading() as link:
            rows = link.rows(f"SELECT * FROM {table}")  # noqa: S608 (a name of a test)
        return sorted((tuple(map(str, row)) for row in rows), key=str)

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        """Return all that is kept."""
        tables = ("challenge", "event", "task", "member", "booking", "outbox", "invitation", "meta")
        return {table: self.rows(table) for table in tables}


def enter(link: Link, loaded: loader.Loaded) -> None:
    """Keep a definition in a database, as of when visits begin."""
    library.keep(
        link,
        content_hash=loaded.content_hash,
        definition=loaded.definition,
        text=loaded.text,
        at=BEGUN,
    )


def populate(
    database: Database,
    loaded: loader.Loaded,
    *,
    phone: str = "",
    capabilities: Sequence[str] = (LEADER,),
) -> None:
    """Prepare a database, and put nine people and a definition into it."""
    prepare(database)
    with database.writing() as link:
        for name in NAMES:
            people.add(
                link,
                name=name,
                email=f"{name.replace(' ', '.').lower()}@team.example",
                phone=phone,
                capabilities=capabilities,
                is_administrator=name == NAMES[0],
            )
        enter(link, loaded)


@contextmanager
def opened(url: str) -> Iterator[Ground]:
    """Yield a ground with nine people and the definition of a visit, without challenges."""
    loaded = loader.load_file(FILE)
    with closing(Database(url)) as database:
        populate(database, loaded)
        yield Ground(database, loaded.content_hash)
