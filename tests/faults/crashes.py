"""Crashes at every boundary of a life: what follows is what would have followed without them.

Each deed of a life is done once in peace, which tells its boundaries and how it ends. Then it is
done again from the same beginning for each of them, and dies there; another process finds what it
left, does the deed again, and must come to the same end.
"""

from collections import Counter
from collections.abc import Callable, Container, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from notifications.courier import Courier
from notifications.message import Message
from notifications.transport import MemoryTransport
from tests.faults import findings, lives
from tests.faults.hands import Deed, Hands, Place
from tests.faults.lives import Plan
from tests.simulation.wire import Crash, Process, WiredDatabase, WiredTransport, files_of
from tests.visits import BEGUN
from workflow.clock import SetClock
from workflow.engine import Engine
from workflow.model.errors import WorkflowError
from workflow.store import rulebooks
from workflow.store.database import Database
from workflow.store.rows import snapshots

Points = tuple[int, ...]
"""At which boundaries processes die, one after the other: each is counted from its beginning."""


@dataclass(frozen=True, kw_only=True)
class Make:
    """What is tried: the program as it is, or with a mistake in it."""

    database: type[WiredDatabase] = WiredDatabase
    courier: type[Courier] = Courier
    engine: type[Engine] = Engine


@dataclass(frozen=True, slots=True)
class Peace:
    """How a deed goes without a crash."""

    boundaries: tuple[str, ...]
    state: dict[str, list[str]]
    messages: tuple[Message, ...]


@dataclass
class Tally:
    """What was tried and found."""

    crashed: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    deeds: int = 0
    tries: int = 0
    copies: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def missed(self) -> set[str]:
        """The names of boundaries at which nobody ever died."""
        return set(self.seen) - set(self.crashed)


ALWAYS = "after send"
"""Each message is another: one with consequences, a reminder."""


class Chooser:
    """Chooses where to crash: each name once for each of some kinds of deeds, or everywhere."""

    def __init__(self, *, kinds: Container[str] = (), is_everywhere: bool = False) -> None:
        self.kinds, self.is_everywhere = kinds, is_everywhere
        self._seen = set[tuple[str, str]]()

    def singles(self, deed: Deed, peace: Peace) -> Iterator[Points]:
        """Yield the boundaries of a deed, one by one."""
        for point, boundary in enumerate(peace.boundaries):
            key = (deed.kind if deed.kind in self.kinds else "", boundary)
            if self.is_everywhere or boundary == ALWAYS or key not in self._seen:
                self._seen.add(key)
                yield (point,)

    def pairs(self, deed: Deed, peace: Peace) -> Iterator[Points]:
        """Yield pairs of boundaries: each pair of names once for each of the kinds."""
        if deed.kind not in self.kinds:
            return
        first: dict[str, int] = {}
        for point, boundary in enumerate(peace.boundaries):
            first.setdefault(boundary, point)
        for one, other in product(first, first):
            key = (deed.kind, f"{one} and {other}")
            if key not in self._seen:
                self._seen.add(key)
                yield first[one], first[other]


class Killer:
    """Hears every boundary, and kills at one; `number` None kills nowhere."""

    def __init__(self, number: int | None = None) -> None:
        self.number, self.heard = number, list[str]()

    def __call__(self, boundary: str) -> None:
        """Hear a boundary."""
        self.heard.append(boundary)
        if self.number is not None and len(self.heard) > self.number:
            raise Crash(boundary)


class Crashing:
    """Lives a life in one folder, and each deed of it again and again in another."""

    def __init__(self, plan: Plan, folder: Path, *, make: Make = Make()) -> None:
        self.plan, self.make = plan, make
        self.home, self.before, self.trial = (
            Place(folder / name) for name in ("home", "before", "trial")
        )
        self.tally = Tally()

    def live(self, points_of: Callable[[Deed, Peace], Iterator[Points]]) -> Iterator[Deed]:
        """Live the whole life; at each deed try what `points_of` says; yield each deed."""
        self.home.folder.mkdir()
        new = self.plan.prepare(self.home)
        with closing(Database(self.home.url)) as database:
            clock = SetClock(BEGUN)
            hands = Hands(database, clock, MemoryTransport())
            with database.reading() as link:  # else the first process alone would read it
                rulebooks.fetch(link, new.offered.content_hash)
            for deed in lives.deeds(self.plan, new, hands):
                database.close()
                self.before.fill_from(self.home)
                peace = self._in_peace(deed)
                self.tally.seen.update(peace.boundaries)
                for points in points_of(deed, peace):
                    self._try(deed, peace, points)
                self.tally.deeds += 1
                yield deed
            self.tally.faults += findings.faults(database)

    def _in_peace(self, deed: Deed) -> Peace:
        killer, transport = Killer(), MemoryTransport()
        with self._process(self.home, killer, transport, deed) as hands:
            deed.work(hands)
        with closing(Database(self.home.url)) as database:
            return Peace(tuple(killer.heard), findings.state(database), tuple(transport.messages))

    @contextmanager
    def _process(
        self, place: Place, killer: Killer, transport: MemoryTransport, deed: Deed
    ) -> Iterator[Hands]:
        """Run a new process at the time of a deed, until the block ends or it dies."""
        snapshots.forget()  # what another process remembered is gone
        process = Process(killer)
        database = self.make.database(place.url, process)
        folders = (database.vault.folder, place.folder / "challenges.db.files")
        wired = WiredTransport(transport, process)
        try:
            with files_of(process, *folders):
                yield Hands(
                    database,
                    SetClock(deed.at),
                    wired,
                    kind_of_courier=self.make.courier,
                    kind_of_engine=self.make.engine,
                )
                process.finish_file()
        finally:
            process.die()

    def _try(self, deed: Deed, peace: Peace, points: Points) -> None:
        """Do a deed in processes that die, then in one that does not; note what is other."""
        self.tally.tries += 1
        self.trial.fill_from(self.before)
        transport, died = MemoryTransport(), list[str]()
        for point in points:
            killer = Killer(point)
            try:
                with self._process(self.trial, killer, transport, deed) as hands:
                    deed.work(hands)
            except Crash as crash:
                died.append(str(crash))
        self.tally.crashed.update(died)
        found = self._go_on(deed, transport)
        with closing(Database(self.trial.url)) as database:
            found += findings.faults(database) + findings.unfinished(database, deed.at)
            found += self._differences(deed, peace, database)
        found += self._mail(peace, transport, died)
        place = f"{deed.name}, crashed {' and '.join(died) or 'nowhere'}"
        self.tally.faults += [f"{fault} ({place})" for fault in found]

    def _go_on(self, deed: Deed, transport: MemoryTransport) -> list[str]:
        """Do a deed once more, in peace; return why it cannot be done any more."""
        try:
            with self._process(self.trial, Killer(), transport, deed) as hands:
                deed.work(hands)
                if deed.kind == "send":
                    hands.settle(transport.messages)
        except WorkflowError as error:
            return [f"I30: it cannot be done again: {error}"]
        return []

    def _differences(self, deed: Deed, peace: Peace, database: Database) -> list[str]:
        """Return what is other than without a crash.

        A message that somebody says has arrived has no text: only who sent it knows that.
        """
        but = (findings.TEXTS,) if deed.kind == "send" else ()
        return findings.differences(findings.state(database), peace.state, but=but)

    def _mail(self, peace: Peace, transport: MemoryTransport, died: list[str]) -> Iterator[str]:
        """Yield messages that were lost, and copies beyond one for each death after sending."""
        wanted = Counter((m.to.address, m.subject) for m in peace.messages)
        came = Counter((m.to.address, m.subject) for m in transport.messages)
        yield from (f"I30: a message was lost: {to}" for to, _ in wanted - came)
        copies = Counter((m.message_id, m.date) for m in transport.messages)
        more = came.total() - len(copies)
        self.tally.copies += more
        if (came - wanted).total() > more or more > len(died):
            yield f"I17: {more} copies of messages, of {len(died)} crashes"
