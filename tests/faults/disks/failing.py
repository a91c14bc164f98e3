"""A disk that fails at one write, once or from then on, while something is done on it."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import apsw

from notifications.transport import MemoryTransport
from tests.faults import findings
from tests.faults.disks.apart import Disk, Held
from tests.faults.hands import Hands, Place
from tests.grounds import ADA
from tests.integration.retaining import destroying
from tests.integration.retaining.destroying import AFTER, Site
from tests.visits import MANAGER
from workflow.clock import SetClock
from workflow.model import commands as c
from workflow.model.errors import Unavailable, WorkflowError
from workflow.store.database import Database
from workflow.store.rows import snapshots

COMMAND = c.PlaceHold(name="FOI 1", reason="a request")
REASONS = {
    apsw.SQLITE_FULL: "the disk is full",
    apsw.SQLITE_IOERR_WRITE: "the disk reports an error",
}
OFTEN = "PRAGMA wal_autocheckpoint = 24"

Deed = Callable[[Site], None]


def act(site: Site) -> None:
    """Carry out a command."""
    site.engine.act_once("NOR-26", COMMAND, actor=ADA, command_id="A-1")


def send(site: Site) -> None:
    """Send what is due."""
    Hands(site.database, site.clock, MemoryTransport()).deliver()


def destroy(site: Site) -> None:
    """Destroy the mail, which somebody has approved."""
    Hands(site.database, site.clock, MemoryTransport()).destroy("mail", actor=MANAGER)


DEEDS: tuple[Deed, ...] = (act, send, destroy)


@dataclass
class Failing:
    """Fails at a number of write, once or from then on; until it is mended."""

    code: int = apsw.SQLITE_FULL
    is_lasting: bool = True
    first: int | None = None
    heard: int = 0
    failed: list[str] = field(default_factory=list)

    def hear(self, kind: str, file: str, at: int, data: bytes) -> None:
        """Count a write, and let it fail if it is its turn."""
        if kind != "write":
            return
        number, self.heard = self.heard, self.heard + 1
        if self.first is not None and (
            number == self.first or (self.is_lasting and number > self.first)
        ):
            self.failed.append(file)
            raise apsw.exception_for(self.code)

    def begin(self, first: int | None) -> None:
        """Count from here, and fail at the first'th write; None is never."""
        self.heard, self.first = 0, first


@dataclass(frozen=True)
class Bench:
    """A closed visit with mail that waits, and whose mail may be destroyed; copied for each try."""

    home: Place
    content_hash: str
    trial: Place
    kind: type[Held] = Held

    @contextmanager
    def standing(self, failing: Failing) -> Iterator[Site]:
        """Yield a copy of the visit on a disk that fails."""
        self.trial.fill_from(self.home)
        snapshots.forget()
        database = self.kind(self.trial.url, Disk(failing.hear), OFTEN)
        try:
            site = Site(database, self.content_hash, SetClock(AFTER))
            site.rows("meta")  # or opening would be what fails
            yield site
        finally:
            database.shut()

    def writes(self, deed: Deed) -> int:
        """Return how many writes a deed takes."""
        counting = Failing()
        with self.standing(counting) as site:
            counting.begin(None)
            deed(site)
            return counting.heard

    def fail(self, deed: Deed, failing: Failing, first: int) -> list[str]:
        """Let a deed fail at a write, then do it again with a disk that is whole.

        Return what is wrong, by the names of the invariants.
        """
        with self.standing(failing) as site:
            failing.begin(first)
            found = _failed(site, deed, failing)
            failing.begin(None)
            found += findings.faults(site.database)
            found += _done_again(site, deed) + findings.faults(site.database)
        snapshots.forget()
        with closing(Database(self.trial.url)) as database:
            found += findings.faults(database)
        return [f"{fault} (the disk failed at write {first} of {deed.__name__})" for fault in found]


def prepare(folder: Path, *, kind: type[Held] = Held) -> Bench:
    """Make the visit in a folder."""
    place = Place(folder / "home")
    place.folder.mkdir()
    with destroying.opened(place.url) as site:
        destroying.fill(site.close())
        site.clock.at = AFTER
        site.approve("mail")
        return Bench(place, site.content_hash, Place(folder / "trial"), kind)


def _done_again(site: Site, deed: Deed) -> list[str]:
    try:
        deed(site)
    except WorkflowError as error:
        return [f"I30: it cannot be done again: {error}"]
    return []


def _failed(site: Site, deed: Deed, failing: Failing) -> list[str]:
    """Do a deed that fails; return what was said wrongly, or kept although it had failed."""
    before, said = findings.state(site.database), ""
    try:
        deed(site)
    except Unavailable as error:
        said = str(error)
    if not failing.failed:
        return ["nothing failed: the harness is broken"]
    after = findings.state(site.database)  # reading goes on
    if deed is not act or not said:  # what failed after the step was kept is no harm
        return []
    shown = f"the database {site.database.name} cannot be used: {REASONS[failing.code]} ("
    found = [] if said.startswith(shown) else [f"the error does not name the disk: {said}"]
    return found + [f"I8: {one}" for one in findings.differences(after, before)]
