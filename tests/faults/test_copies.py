"""A backup that is made while two write is whole; a file that is merely copied is not."""

from contextlib import closing
from pathlib import Path

from tests.faults import copying
from tests.faults.hands import REFERENCE
from tests.faults.lots import PLANNED
from workflow.clock import SetClock
from workflow.engine import Engine
from workflow.model.records.commands import RecordCounter
from workflow.store.database import Database

BACKUPS = 10
"""A hundred: `make backups`."""


def test_ten_backups_under_load_are_whole(tmp_path: Path) -> None:
    place = copying.begin(tmp_path)
    with copying.writing(place) as done:
        before = sum(done)
        found = [fault for number in range(BACKUPS) for fault in copying.back_up(place, number)]
        written = sum(done) - before
    assert found == []
    assert written > 0, "nobody wrote meanwhile: the harness is broken"


def test_a_file_that_is_copied_in_two_halves_is_not_whole(tmp_path: Path) -> None:
    """The control: between the two halves somebody writes."""
    place, copy = copying.begin(tmp_path), tmp_path / "copy.db"
    with closing(Database(place.url)) as database:
        engine = Engine(database, SetClock(PLANNED))

        def write() -> None:
            for value in range(30):
                engine.act(REFERENCE, RecordCounter(counter="met", value=value + 1), actor=1)
            database.maintain("PRAGMA wal_checkpoint(TRUNCATE)")

        copying.copy_in_halves(place, copy, write)
        found = copying.looked_through(copy, database)
    assert {fault.partition(":")[0] for fault in found} & {"I14", "I22"}
