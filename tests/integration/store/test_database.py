"""Transactions, values and settings, on SQLite and on PostgreSQL."""

import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest

from workflow.model.errors import InvalidInput, Unavailable
from workflow.store import meta, schema
from workflow.store.database import Database
from workflow.store.link import Link, day, flag, moment

from .builders import opened

PUT = "INSERT INTO meta (key, value) VALUES (:key, :value)"
SUMMER = datetime(2026, 7, 1, 12, 0, 0, 250, tzinfo=timezone(timedelta(hours=1)))


def test_what_a_block_wrote_is_kept_when_it_ends(database_url: str) -> None:
    with opened(database_url) as database:
        with database.writing() as link:
            meta.put(link, "colour", "green")
        with database.reading() as link:
            assert meta.get(link, "colour") == "green"


def test_what_a_block_wrote_is_undone_when_it_raises(database_url: str) -> None:
    def write_and_fail() -> None:
        with database.writing() as link:
            meta.put(link, "colour", "green")
            raise KeyError("planted")

    with opened(database_url) as database:
        with pytest.raises(KeyError, match="planted"):
            write_and_fail()
        with database.reading() as link:
            assert meta.get(link, "colour") is None


def test_a_transaction_inside_another_one_is_a_mistake_of_ours(database_url: str) -> None:
    with (
        opened(database_url) as database,
        database.writing(),
        pytest.raises(RuntimeError, match="hand the open link down"),
        database.reading(),
    ):
        pass


def test_a_reader_sees_one_moment_while_others_write(database_url: str) -> None:
    def write() -> None:
        with database.writing() as link:
            meta.put(link, "colour", "green")

    with opened(database_url) as database:
        with database.reading() as link:
            assert meta.get(link, "colour") is None
            writer = threading.Thread(target=write)
            writer.start()
            writer.join()
            assert meta.get(link, "colour") is None
        with database.reading() as link:
            assert meta.get(link, "colour") == "green"


def test_what_a_reader_writes_by_mistake_is_never_kept(database_url: str) -> None:
    with opened(database_url) as database:
        with (
            suppress(psycopg.errors.ReadOnlySqlTransaction),
            database.reading() as link,
        ):
            meta.put(link, "colour", "green")
        with database.reading() as link:
            assert meta.get(link, "colour") is None


def test_moments_days_and_flags_come_back_as_they_went_in(database_url: str) -> None:
    sql = """
    INSERT INTO person
        (name, email, email_folded, organisation, phone, capabilities, is_administrator)
    VALUES ('C', 'c', 'c', '', '', '', :yes) RETURNING id
    """
    with opened(database_url) as database, database.writing() as link:
        one = link.insert(sql, yes=True)
        row = link.row("SELECT is_administrator FROM person WHERE id = :id", id=one)
        assert row is not None
        assert flag(row[0]) is True
        link.execute("UPDATE definition SET added_at = :at", at=SUMMER)
        row = link.row("SELECT added_at FROM definition WHERE added_at = :at", at=SUMMER)
        assert row is not None
        kept = moment(row[0])
        assert kept == SUMMER
        assert kept is not None
        assert kept.tzinfo is UTC


@pytest.mark.parametrize("value", [date(2026, 2, 28), date(1999, 12, 31), None])
def test_a_day_is_read_from_text_and_from_a_date(value: date | None) -> None:
    assert day(value) == value
    assert day(value.isoformat() if value else None) == value


def test_a_moment_without_a_zone_is_refused(database_url: str) -> None:
    naive = SUMMER.replace(tzinfo=None)
    with (
        opened(database_url) as database,
        pytest.raises(ValueError, match="without a time zone"),
        database.writing() as link,
    ):
        link.execute("UPDATE definition SET added_at = :at", at=naive)


def test_many_rows_are_yielded_one_by_one(database_url: str) -> None:
    with opened(database_url) as database:
        with database.writing() as link:
            link.executemany(PUT, [{"key": f"k{n:03}", "value": "v"} for n in range(300)])
            assert link.executemany(PUT, []) == 0
        with database.reading() as link:
            found = link.each("SELECT key FROM meta WHERE key LIKE 'k%' ORDER BY key")
            assert next(found) == ("k000",)
            assert len(list(found)) == 299


def increment(link: Link) -> None:
    """Read a counter, then write it: what loses updates when nothing stops it."""
    count = int(meta.get(link, "count") or 0)
    meta.put(link, "count", str(count + 1))


def test_eight_writers_of_one_sqlite_file_lose_nothing(sqlite_url: str) -> None:
    def work(_: int) -> None:
        for _ in range(20):
            with database.writing() as link:
                increment(link)

    with opened(sqlite_url) as database:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(8)))
        with database.reading() as link:
            assert meta.get(link, "count") == "160"


def test_without_the_write_lock_at_the_start_the_same_writers_fail(sqlite_url: str) -> None:
    """The control: a transaction that reads first and locks later cannot be kept."""
    with opened(sqlite_url) as database:
        first, second = (database.connect() for _ in range(2))
        with closing(first), closing(second):
            for connection in (first, second):
                connection.execute("BEGIN")
                link = Link(connection, dialect="sqlite", is_writing=True)
                assert meta.get(link, "count") is None
            increment(Link(first, dialect="sqlite", is_writing=True))
            first.execute("COMMIT")
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                increment(Link(second, dialect="sqlite", is_writing=True))


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("busy_timeout", 10_000),
    ],
)
def test_the_settings_of_sqlite_are_in_force(
    sqlite_url: str, setting: str, value: str | int
) -> None:
    with opened(sqlite_url) as database, database.writing() as link:
        assert link.row(f"PRAGMA {setting}") == (value,)


def test_a_new_sqlite_file_belongs_to_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    with opened(f"sqlite:///{folder / 'challenges.db'}"):
        assert folder.stat().st_mode & 0o777 == 0o700
        modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
    assert modes.pop("challenges.db.vault") == 0o700
    assert modes == dict.fromkeys(modes, 0o600)
    assert "challenges.db-wal" in modes


def test_a_path_may_have_any_letter(tmp_path: Path) -> None:
    path = tmp_path / "a b%41?c#d é.db"
    with opened(f"sqlite:///{path}"):
        assert path.exists()


def test_a_file_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    path = tmp_path / "none.db"
    with (
        closing(Database(f"sqlite:///{path}")) as database,
        pytest.raises(Unavailable) as caught,
        database.reading(),
    ):
        pass
    assert str(caught.value) == f"there is no database at {path}; peer-challenge init makes it"
    assert database.is_missing
    assert not path.exists()


def test_a_file_that_is_something_else_says_so(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Ada, this is not a database. " * 40)
    with (
        closing(Database(f"sqlite:///{path}")) as database,
        pytest.raises(Unavailable, match=r"letter\.db cannot be used: it is not a database"),
        database.reading(),
    ):
        pass


def test_a_writer_that_waits_too_long_is_told(sqlite_url: str) -> None:
    with opened(sqlite_url), closing(Database(sqlite_url, busy_seconds=0.05)) as impatient:
        with impatient.reading():
            pass
        path = sqlite_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(Unavailable, match="somebody else is writing to it"):
                impatient.writing().__enter__()
            other.execute("ROLLBACK")
        with impatient.writing() as link:
            meta.put(link, "colour", "green")


def test_a_statement_that_is_wrong_is_a_bug_and_shows_as_one(database_url: str) -> None:
    with (
        opened(database_url) as database,
        pytest.raises((sqlite3.OperationalError, psycopg.errors.UndefinedTable)),
        database.reading() as link,
    ):
        link.rows("SELECT 1 FROM nothing_of_this_name")


@pytest.mark.parametrize(
    "url",
    ["", "challenges.db", "sqlite://", "sqlite:///", "sqlite:///:memory:", "mysql://h/n"],
)
def test_a_url_that_cannot_be_used_is_refused_with_what_can(url: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        Database(url)
    allowed = "allowed: sqlite:///FILE or postgresql://USER@HOST/NAME"
    assert str(caught.value) == f'cannot use the database "{url}"; {allowed}'


def test_no_text_shows_a_password() -> None:
    with pytest.raises(InvalidInput) as caught:
        Database("oracle://ada:secret@host/name")
    assert "secret" not in str(caught.value)
    database = Database("postgresql://ada:secret@host/name?sslmode=require")
    assert database.name == "postgresql://host/name"


@pytest.mark.postgres
def test_a_postgresql_server_that_is_away_is_said_to_be() -> None:
    database = Database("postgresql://ada:secret@127.0.0.1:1/name")
    with pytest.raises(Unavailable, match=r"postgresql://127\.0\.0\.1:1/name is away: ") as caught:
        database.reading().__enter__()
    assert "secret" not in str(caught.value)


def write_and_be_cut(database: Database, url: str, *, goes_on: bool) -> None:
    """Write in a transaction whose connection ends before it does."""
    with database.writing() as link:
        meta.put(link, "colour", "green")
        cut(url)
        if goes_on:
            meta.put(link, "colour", "red")


def cut(url: str) -> None:
    """End every other session of a PostgreSQL database, as a restart of the server does."""
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.postgres
def test_a_connection_that_was_cut_is_replaced(postgres_url: str) -> None:
    with opened(postgres_url) as database:
        cut(postgres_url)
        with database.writing() as link:
            meta.put(link, "colour", "green")
        with database.reading() as link:
            assert meta.get(link, "colour") == "green"


@pytest.mark.postgres
def test_whoever_waits_too_long_for_another_is_told_so_and_not_that_the_server_is_away(
    postgres_url: str,
) -> None:
    text = "cannot be used: somebody else is in the middle of a change to it"
    with (
        opened(postgres_url) as database,
        closing(Database(postgres_url, busy_seconds=0.1)) as late,
    ):
        with database.writing() as link:
            meta.put(link, "colour", "green")
            with pytest.raises(Unavailable, match=text), late.writing() as other:
                meta.put(other, "colour", "red")
        with late.reading() as link:
            assert meta.get(link, "colour") == "green"


@pytest.mark.postgres
def test_a_connection_that_is_cut_inside_a_transaction_says_so(postgres_url: str) -> None:
    with opened(postgres_url) as database:
        with pytest.raises(Unavailable, match="is away"):
            write_and_be_cut(database, postgres_url, goes_on=True)
        with database.reading() as link:
            assert meta.get(link, "colour") is None


@pytest.mark.postgres
def test_a_connection_that_is_cut_at_the_commit_leaves_doubt_and_says_so(
    postgres_url: str,
) -> None:
    doubt = "it is not known whether the change was kept"
    with opened(postgres_url) as database, pytest.raises(Unavailable, match=doubt):
        write_and_be_cut(database, postgres_url, goes_on=False)


def test_a_folder_that_cannot_be_made_is_an_error_that_names_it(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    database = Database(f"sqlite:///{blocked / 'challenges.db'}")
    with pytest.raises(Unavailable, match=r"cannot make the database .*challenges\.db"):
        schema.prepare(database)
    assert os.listdir(tmp_path) == ["file"]
