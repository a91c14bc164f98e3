"""Databases that are ready: made once, and copied, since the steps take longer than most tests."""

import shutil
import tempfile
from contextlib import closing
from functools import cache
from pathlib import Path

import psycopg

from workflow.store import schema
from workflow.store.database import Database

FILE, READY = "ready.db", "ready"
IS_READY = "SELECT 1 FROM pg_database WHERE datname = %s"
TABLES = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"


def prepare(database: Database) -> None:
    """Bring a database to its last step; one that is new becomes a copy of one that is there."""
    if database.dialect == "sqlite" and database.is_missing:
        Path(database.name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(Path(_ready().name) / FILE, database.name)
        Path(database.name).chmod(0o600)
    elif database.dialect == "postgresql" and _is_empty(database.url):
        server, _, name = database.url.rpartition("/")
        _copy(server, name)
    else:
        schema.upgrade(database)


def _is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        found = connection.execute(TABLES).fetchone()
    return found == (0,)


def _copy(server: str, name: str) -> None:
    """Put a copy of a ready database in the place of an empty one."""
    with psycopg.connect(f"{server}/template1", autocommit=True) as connection:
        if connection.execute(IS_READY, [READY]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {READY} TEMPLATE template0".encode())
            with closing(Database(f"{server}/{READY}")) as database:
                schema.upgrade(database)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
        made = f"CREATE DATABASE {name} TEMPLATE {READY} STRATEGY file_copy"
        connection.execute(made.encode())


@cache
def _ready() -> "tempfile.TemporaryDirectory[str]":
    """Return a folder with a file at the last step, made when it is first asked for."""
    folder = tempfile.TemporaryDirectory()  # gone with the process
    database = Database(f"sqlite:///{Path(folder.name) / FILE}")
    schema.upgrade(database)
    database.close()
    return folder
