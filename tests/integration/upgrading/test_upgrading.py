"""Upgrades lose nothing, wherever they break off; a program from before writes nothing after."""

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import PendingRollbackError

from tests.grounds import Ground
from tests.simulation.wire import Crash
from workflow.clock import SetClock
from workflow.model import commands as c
from workflow.model.errors import Unavailable
from workflow.store import schema
from workflow.store.database import Database
from workflow.store.moving import fence
from workflow.sweep import Sweep

from .older import LATER, STEPS, Counted, counted_on, earlier, live, shown

EVERY = int(os.environ.get("UPGRADE_EVERY", "0"))
"""The program dies before every so-many-th statement; 0: at a few of them."""
NEWER = "UPDATE alembic_version SET version_num = '9999'"


@pytest.fixture(scope="session")
def today(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a file with a visit in the middle of its life, and the hash of its definition."""
    folder = tmp_path_factory.mktemp("today")
    return folder / "today.db", live(folder)


@pytest.fixture
def wanted(today: tuple[Path, str]) -> Iterator[tuple[object, ...]]:
    """Yield all that there is of the visit."""
    with closing(Database(f"sqlite:///{today[0]}")) as database:
        yield shown(Ground(database, today[1]))


def upgraded(database: Database, content_hash: str) -> Ground:
    """Return the ground on a database that is brought up to date."""
    schema.upgrade(database)
    at = SetClock(Ground(database, content_hash).clock.at)
    ground = Ground(database, content_hash, at)
    ground.clock.at = ground.clock.at.replace(year=LATER.year, month=LATER.month, day=LATER.day)
    ground.clock.at += timedelta(hours=9)
    return ground


def lives(ground: Ground) -> bool:
    """Return whether all is intact, the dates move on as they should, and work can be done."""
    assert ground.log.verify().is_intact
    assert ground.until(LATER + timedelta(days=10)).failed == ()
    ground.act(c.PlaceHold(name="FOI 1", reason="asked for"))
    ground.start("NEW-26")
    return ground.log.verify().is_intact


@pytest.mark.parametrize("step", STEPS)
def test_a_life_goes_on_after_an_upgrade_from_each_step(
    sqlite_url: str, step: str, today: tuple[Path, str], wanted: tuple[object, ...]
) -> None:
    """On PostgreSQL the next test takes all steps, from the first on."""
    with closing(earlier(sqlite_url, step, today[0])) as database:
        assert schema.version(database) == step
        ground = upgraded(database, today[1])
        assert shown(ground) == wanted
        assert lives(ground)


def deadly(number: int) -> range:
    """Return before which statements of so many the program dies."""
    return range(1, number + 1, EVERY or max(1, number // 4))


def test_an_upgrade_that_breaks_off_changes_nothing_and_the_next_one_goes_on(
    database_url: str, tmp_path: Path, today: tuple[Path, str], wanted: tuple[object, ...]
) -> None:
    """Wherever it does; in one transaction, a program that dies before COMMIT has done nothing."""
    with closing(earlier(database_url, "0001", today[0])) as database:
        before = as_kept(database)
        for number in deadly(how_many(database_url, tmp_path, today[0])):
            counted = Counted(number)
            with closing(counted_on(database_url, counted)) as dying:
                dying.vault = database.vault
                with pytest.raises((Crash, PendingRollbackError)) as died:
                    schema.upgrade(dying)
            # Alembic drops its copy of a table on the way out, which who is dead cannot
            assert Crash in {type(died.value), type(died.value.__context__)}, number
            assert counted.seen >= number
            assert schema.version(database) == "0001", number
            assert as_kept(database) == before, number
        ground = upgraded(database, today[1])
        assert shown(ground) == wanted
        assert lives(ground)


def how_many(url: str, folder: Path, today: Path) -> int:
    """Return how many statements an upgrade is, on a database of the same kind."""
    counted = Counted()
    if url.startswith("sqlite"):
        place = f"sqlite:///{folder / 'whole.db'}"
    else:
        with psycopg.connect(url, autocommit=True) as server:
            server.execute("DROP DATABASE IF EXISTS whole WITH (FORCE)")
            server.execute("CREATE DATABASE whole TEMPLATE template0")
        place = f"{url.rpartition('/')[0]}/whole"
    earlier(place, "0001", today).close()
    with closing(counted_on(place, counted)) as whole:
        schema.upgrade(whole)
    assert counted.seen > 100
    return counted.seen


def as_kept(database: Database) -> list[object]:
    """Return some of what is kept, exactly as it is."""
    with database.reading(is_sealed=True) as link:
        tables = ("challenge", "task", "event", "outbox", "person")
        return [sorted(map(str, link.rows(f"SELECT * FROM {table}"))) for table in tables]  # noqa: S608


@pytest.fixture
def running(database_url: str, today: tuple[Path, str]) -> Iterator[Ground]:
    """Yield what a program works on that was started before an upgrade."""
    with closing(earlier(database_url, "0003", today[0])) as database:
        yield upgraded(database, today[1])


def said_by(ground: Ground) -> str:
    return (
        f"the database {ground.database.name} is newer than this program (it has step 9999, "
        f"{schema.HEAD} is known here); install the newer program"
    )


def test_a_program_from_before_an_upgrade_writes_nothing_after_it(running: Ground) -> None:
    """Neither a sweep, nor a command, nor a courier's mark: none of them gets a transaction."""
    for _ in range(8):  # PostgreSQL prepares what comes again and again
        running.act(c.PlaceHold(name="FOI", reason="asked for"))
        running.act(c.LiftHold(name="FOI", reason="answered"))
    before = running.history()
    with closing(Database(running.database.url)) as newer, newer.writing() as link:
        link.execute(NEWER)
    for attempt in (
        Sweep(running.database, running.clock).tick,
        lambda: running.start("LATE-26"),
        lambda: running.act(c.PlaceHold(name="FOI", reason="asked for")),
    ):
        with pytest.raises(Unavailable) as caught:
            attempt()
        assert str(caught.value) == said_by(running)
    assert running.history() == before  # and it can still be read


def test_a_program_without_the_fence_would_go_on_writing(running: Ground) -> None:
    """The control: it is the fence that holds."""
    with running.database.writing() as link:
        link.execute(NEWER)
    unfenced = replace(running, database=Database(running.database.url))
    with closing(unfenced.database):
        assert unfenced.start("LATE-26").events


@pytest.mark.postgres
def test_an_upgrade_waits_for_those_who_write_and_they_for_it(postgres_url: str) -> None:
    with closing(Database(postgres_url, busy_seconds=0.2)) as running:
        schema.upgrade(running)
        alone = f"SELECT pg_try_advisory_xact_lock({fence.LOCK})".encode()
        with psycopg.connect(postgres_url) as upgrade:
            with running.writing():
                assert upgrade.execute(alone).fetchone() == (False,)
            assert upgrade.execute(alone).fetchone() == (True,)
            with pytest.raises(Unavailable, match="cannot be used"), running.writing():
                pass
            upgrade.execute(NEWER.encode())
        with pytest.raises(Unavailable, match="is newer than this program"), running.writing():
            pass


def test_a_sqlite_file_that_somebody_writes_to_is_upgraded_afterwards(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as running, closing(Database(sqlite_url)) as other:
        schema.upgrade(running)
        other.close()
        busy = Database(sqlite_url, busy_seconds=0.0)
        with closing(busy), running.writing():
            with pytest.raises(Unavailable) as caught:
                schema.upgrade(busy)
            assert "somebody else is writing to it" in str(caught.value)
        schema.upgrade(busy)
        busy.close()
