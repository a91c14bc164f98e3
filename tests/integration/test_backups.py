"""Backups are made while others write, each of one moment; a file that is merely copied is not."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit

import pytest

from tests.integration.cli.desk import Desk
from tests.integration.store.builders import begin, opened
from workflow.backing_up.backups import Backups
from workflow.clock import SetClock
from workflow.model.errors import Unavailable
from workflow.retaining import ledger
from workflow.retaining.applying import Order
from workflow.store import challenges
from workflow.store.backups import sqlite
from workflow.store.backups.manifest import Counts
from workflow.store.database import Database
from workflow.store.log import entries
from workflow.store.log.entries import Doing

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
BACKUPS = 10


@contextmanager
def writing(database: Database) -> Iterator[list[int]]:
    """Let somebody else enter one thing after the other; yield how many they have entered."""
    stop, entered = Event(), [0]

    def write() -> None:
        while not stop.wait(0.005):
            with database.writing() as link:
                doing = Doing(at=AT, actor=1, action="note", source="test", reason="x" * 400)
                entries.put(link, doing)
            entered[0] += 1

    thread = Thread(target=write)
    thread.start()
    try:
        yield entered
    finally:
        stop.set()
        thread.join()


def test_ten_backups_under_a_writer_are_whole_and_of_one_moment_each(sqlite_url: str) -> None:
    folder = Path(sqlite_url.removeprefix("sqlite:///")).parent
    heard: list[tuple[int, int]] = []
    with opened(sqlite_url) as database, writing(database) as entered:
        sizes, written = [], []
        for number in range(BACKUPS):
            clock = SetClock(AT + timedelta(seconds=number))
            backups = Backups(database, clock, actor=1)
            made = backups.make(folder, on_progress=lambda *done: heard.append(done))
            assert made.manifest is not None
            sizes.append(made.manifest.counts["entry"])
            written.append(entered[0])
            assert sqlite.examine(made.file) == made.manifest.counts
    assert sizes == sorted(sizes)
    assert written[0] < written[-1]  # the writer was never locked out
    assert heard
    assert not list(folder.glob("*.draft*"))


def is_whole(copy: Path, counts: Counts) -> bool:
    try:
        return sqlite.examine(copy) == counts
    except Unavailable:
        return False


def test_a_mere_copy_of_the_file_lacks_what_was_written_last(sqlite_url: str) -> None:
    """The control: a backup is seen to be whole by something that is not always so."""
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    mere, made = file.with_name("mere.db"), file.with_name("made.db")
    with opened(sqlite_url) as database:
        with database.writing() as link:
            entries.put(link, Doing(at=AT, actor=1, action="note", source="test"))
        shutil.copy(file, mere)
        made.touch()
        counts = sqlite.write(database, made, on_progress=lambda done, total: None)
    assert is_whole(made, counts)
    assert not is_whole(mere, counts)


def test_a_copy_that_is_damaged_is_seen(sqlite_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.touch()
    with opened(sqlite_url) as database:
        sqlite.write(database, copy, on_progress=lambda done, total: None)
    with closing(sqlite3.connect(copy)) as broken:
        broken.execute("DELETE FROM person")
        broken.execute("INSERT INTO access_grant VALUES (1, 1, 'peer', NULL, '', 1, NULL, NULL)")
        broken.commit()
    with pytest.raises(Unavailable, match="a row of access_grant refers to none of person"):
        sqlite.examine(copy)
    content = bytearray(copy.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    copy.write_bytes(content)
    with pytest.raises(Unavailable, match=r"copy\.db"):
        sqlite.examine(copy)


def test_a_full_folder_leaves_nothing_half_done(sqlite_url: str, tmp_path: Path) -> None:
    place = tmp_path / "b.db"
    (tmp_path / "b.db.draft").mkdir()
    with opened(sqlite_url) as database:
        backups = Backups(database, SetClock(AT), actor=1)
        with pytest.raises(Unavailable, match=r"b\.db\.draft"):
            backups.make(place)
        assert not place.exists()


def test_two_backups_to_one_name_leave_the_first_alone(sqlite_url: str, tmp_path: Path) -> None:
    place, refused = tmp_path / "b.db", list[str]()

    def again(done: int, total: int) -> None:
        with closing(Database(sqlite_url)) as other:
            try:
                Backups(other, SetClock(AT), actor=1).make(place)
            except Unavailable as error:
                refused.append(str(error))

    with opened(sqlite_url) as database:
        made = Backups(database, SetClock(AT), actor=1).make(place, on_progress=again)
    assert made.manifest is not None
    assert is_whole(place, made.manifest.counts)
    assert refused[0] == (
        f"{place}.draft is there: another backup is being written under this name; wait for it, "
        "or remove what one that was broken off has left"
    )


def test_an_order_about_what_the_backup_never_knew_touches_nobody_else(sqlite_url: str) -> None:
    """A challenge that was started and destroyed after the backup: its number is another's soon."""
    with opened(sqlite_url) as database:
        number = begin(database, "GAR-1")
        order = Order(
            number="D-1",
            at=AT.isoformat(),
            rule="record",
            challenge_id=number,
            reference="OTHER-1",
            kinds=("record",),
        )
        ledger.enter(database, order)
        ledger.enter(database, replace(order, number="D-2", challenge_id=99))
        assert ledger.reapply(database, AT) == 2
        assert ledger.reapply(database, AT) == 0
        with database.reading() as link:
            assert challenges.load(link, "GAR-1").challenge.title == "The walled garden"


@pytest.mark.postgres
def test_a_password_of_postgresql_stands_on_no_command_line(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{postgres_url}{'&' if '?' in postgres_url else '?'}password=sesame"
    desk = Desk(tmp_path, environment={"PEER_CHALLENGE_DATABASE_URL": url}).fill()
    tool = tmp_path / "pg_dump"
    tool.write_text('#!/bin/sh\necho "typed: $@; set: $PGPASSWORD" >&2; exit 1\n')
    tool.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    text = desk.type("backup", str(tmp_path / "b.dump"), code=75).output
    assert "pg_dump failed: typed: --format=custom" in text
    typed, _, found = text.partition("; set: ")
    assert ("sesame" in typed, found.strip()) == (False, "sesame")


@pytest.mark.postgres
def test_a_database_may_be_named_in_every_way_in_which_it_is_used(
    tmp_path: Path, postgres_url: str
) -> None:
    parts, rest = urlsplit(postgres_url), postgres_url.partition("://")[2]
    place = f"host={parts.hostname}&port={parts.port}&user={parts.username}"
    name = parts.path.lstrip("/")
    urls = (
        f"postgresql+psycopg://{rest}",
        f"postgres:///{name}?{place}",
        f"postgresql:///?dbname={name}&{place}",
    )
    desk = Desk(tmp_path, environment={"PEER_CHALLENGE_VAULT": str(tmp_path / "keys")})
    desk.environment["PEER_CHALLENGE_DATABASE_URL"] = postgres_url
    desk.fill()
    for number, url in enumerate(urls):
        desk.environment["PEER_CHALLENGE_DATABASE_URL"] = url
        desk.now = f"2026-09-01T1{number}:00"  # each old one is kept under its moment
        file = str(tmp_path / f"{number}.dump")
        desk.type("backup", file)
        desk.type("restore", file, "--replace", "--yes")
        assert desk.read("show", "NOR-26")["reference"] == "NOR-26"
