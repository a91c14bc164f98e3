"""Where the databases lie: files of a folder, and a throw-away PostgreSQL server of our own."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests import conftest

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
MISSING = conftest.MISSING
UrlOf = Callable[[str], str]


def in_folder(folder: Path) -> UrlOf:
    """Return what gives each name the URL of a SQLite file in `folder`."""
    return lambda name: f"sqlite:///{folder / name}.db"


def on_server(server: str) -> UrlOf:
    """Return what makes a database for each name on the server of a URL; return its URL."""

    def made(name: str) -> str:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return f"{server.rpartition('/')[0]}/{name}"

    return made


@contextmanager
def postgresql(*, is_durable: bool = False) -> Iterator[UrlOf | None]:
    """Run a server for as long as it is needed; None when there are no binaries for it here.

    It does not wait for the disk, since what is measured is work, which waiting would hide; one
    that `is_durable` does.
    """
    binaries = conftest._binaries()
    if binaries is None:
        yield None
        return
    settings = {**conftest.SETTINGS, **(DURABLE if is_durable else {})}
    with (
        tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder,
        conftest._server(Path(folder), binaries, settings) as url,
    ):
        yield on_server(url)
