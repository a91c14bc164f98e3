"""Backups while two others write: each is whole, of one moment, and adds up."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread

from tests.faults import findings
from tests.faults.hands import REFERENCE, Place
from tests.faults.lots import PLANNED, planning
from workflow.backing_up.backups import Backups
from workflow.clock import SetClock
from workflow.engine import Engine
from workflow.model.errors import WorkflowError
from workflow.model.records.commands import RecordCounter
from workflow.store.backups import sqlite
from workflow.store.database import Database

WRITERS = (REFERENCE, "EAS-27")
PAUSE_SECONDS = 0.002


def begin(folder: Path) -> Place:
    """Make a database in a folder."""
    place = Place(folder / "home")
    place.folder.mkdir()
    with closing(Database(place.url)) as database:
        planning(database)
    return place


@contextmanager
def writing(place: Place) -> Iterator[list[int]]:
    """Let two change a challenge each, until the block ends; yield how often they have."""
    over, done = Event(), [0, 0]

    def write(number: int) -> None:
        with closing(Database(place.url)) as database:
            engine = Engine(database, SetClock(PLANNED))
            while not over.wait(PAUSE_SECONDS):
                done[number] += 1
                command = RecordCounter(counter="met", value=done[number])
                engine.act(WRITERS[number], command, actor=1)

    threads = [Thread(target=write, args=(number,)) for number in range(len(WRITERS))]
    for thread in threads:
        thread.start()
    try:
        yield done
    finally:
        over.set()
        for thread in threads:
            thread.join()


def back_up(place: Place, number: int) -> list[str]:
    """Make a backup; return what is wrong with it."""
    with closing(Database(place.url)) as database:
        backups = Backups(database, SetClock(PLANNED + timedelta(seconds=number)), actor=1)
        try:
            made = backups.make(place.folder)
        except WorkflowError as error:
            return [f"I14: backup {number} is not whole: {error}"]
        assert made.manifest is not None
        found = looked_through(made.file, database)
        if sqlite.examine(made.file) != made.manifest.counts:
            found.append("I14: it has not as many rows as it says")
    for path in place.folder.glob(f"{made.file.name}*"):
        path.unlink()
    return [f"{fault} (backup {number})" for fault in found]


def copy_in_halves(place: Place, copy: Path, between: Callable[[], None]) -> None:
    """Copy a file as a copying program does, while somebody writes: first one half of it."""
    size = place.file.stat().st_size // 2
    first = place.file.read_bytes()[:size]
    between()
    copy.write_bytes(first + place.file.read_bytes()[size:])


def looked_through(copy: Path, database: Database) -> list[str]:
    """Return what is wrong with a copy of a database."""
    with closing(Database(f"sqlite:///{copy}", vault=database.vault)) as opened:
        try:
            return findings.faults(opened)
        except Exception as error:  # damaged beyond reading: whatever it is, it is a fault
            return [f"I14: it cannot be read: {error!r}"]
