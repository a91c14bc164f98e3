"""Writers to one SQLite file wait in a line; the line keeps order, and is never in the way."""

import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

import pytest

from workflow.model.errors import Unavailable
from workflow.store import schema
from workflow.store.database import Database
from workflow.store.keeping.turns import in_turn

LONG, SHORT = 60.0, 0.05
HOLDER = """
import fcntl, os, sys, time
place = os.open(sys.argv[1], os.O_RDONLY)
fcntl.flock(place, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(600)
"""


def is_free(folder: Path) -> bool:
    """Return whether nobody holds the turn."""
    place = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(place)
    return True


@contextmanager
def held(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process have its turn, and never end it."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A database that waits for a tenth of a second, and has its folder of keys."""
    with closing(Database(f"sqlite:///{tmp_path / 'challenges.db'}", busy_seconds=0.1)) as made:
        schema.upgrade(made)
        made.vault.folder.mkdir(exist_ok=True)
        yield made


def write(database: Database, value: str) -> None:
    """Keep a value."""
    with database.writing() as link:
        link.execute("INSERT INTO meta (key, value) VALUES (:key, 'x')", key=value)


def test_the_next_one_begins_when_the_one_before_has_ended(tmp_path: Path) -> None:
    seen: list[str] = []

    def wait() -> None:
        with in_turn(nullcontext("second"), tmp_path, seconds=LONG) as name:
            seen.append(name)

    waiting = threading.Thread(target=wait)
    with in_turn(nullcontext("first"), tmp_path, seconds=LONG) as name:
        waiting.start()
        while threading.active_count() < 3 and waiting.is_alive():  # it has begun to wait
            pass
        seen.append(name)
    waiting.join(LONG)
    assert seen == ["first", "second"]
    assert is_free(tmp_path)


def fail(folder: Path) -> None:
    """Have a turn, and fail in it."""
    with in_turn(nullcontext(), folder, seconds=LONG):
        raise RuntimeError("a turn was had" if not is_free(folder) else "there was none")


def test_a_turn_is_held_until_its_work_ends_and_left_when_that_fails(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="a turn was had"):
        fail(tmp_path)
    assert is_free(tmp_path)


def test_one_that_was_killed_leaves_nothing(tmp_path: Path) -> None:
    with held(tmp_path) as process:
        assert not is_free(tmp_path)
        process.send_signal(signal.SIGKILL)
        process.wait()
        with in_turn(nullcontext(), tmp_path, seconds=LONG):
            assert not is_free(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_one_that_stands_still_is_passed_and_who_gave_up_takes_no_turn_later(
    tmp_path: Path,
) -> None:
    with held(tmp_path), in_turn(nullcontext(), tmp_path, seconds=SHORT):
        (waiting,) = (one for one in threading.enumerate() if "_Waiting" in type(one).__name__)
    waiting.join(LONG)
    assert not waiting.is_alive()
    assert is_free(tmp_path)


def test_without_a_folder_there_is_no_line(tmp_path: Path) -> None:
    with in_turn(nullcontext("done"), tmp_path / "none", seconds=LONG) as name:
        assert name == "done"


def test_a_database_has_its_turn_while_it_writes_and_none_while_it_reads(
    database: Database,
) -> None:
    with database.writing():
        assert not is_free(database.vault.folder)
        with pytest.raises(RuntimeError, match="a transaction inside another one"):
            write(database, "inside")
    with database.reading():
        assert is_free(database.vault.folder)


def test_a_line_that_does_not_move_keeps_nobody_from_writing(database: Database) -> None:
    with held(database.vault.folder):
        write(database, "passed")
    with database.reading() as link:
        assert link.row("SELECT value FROM meta WHERE key = 'passed'") == ("x",)


def test_whoever_has_a_turn_still_waits_for_one_who_never_stood_in_line(
    database: Database,
) -> None:
    """The lock of SQLite decides, as for a writer of another version or of another program."""
    with closing(sqlite3.connect(database.name, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable, match="somebody else is writing to it"):
            write(database, "kept")
        other.execute("ROLLBACK")
    write(database, "kept")
    assert is_free(database.vault.folder)
