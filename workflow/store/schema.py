"""The schema of the database: made on first use, brought up to date, checked before use.

The only module besides `tables` and the migrations that loads SQLAlchemy and Alembic, and only
when there is something to make or to change.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from workflow.model.errors import Unavailable
from workflow.store.database import Database
from workflow.store.link import Connection, Link
from workflow.store.moving import fence

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy import Connection as AlchemyConnection

HEAD = "0005"

_IS_THERE = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'",
    "postgresql": "SELECT count(to_regclass('alembic_version'))",
}
# two programs may meet an empty database; SQLite's write lock is taken at the start anyway
_LOCK = {"postgresql": f"SELECT pg_advisory_xact_lock({fence.LOCK})"}
_SET = "UPDATE alembic_version SET version_num = :step"


def prepare(database: Database) -> None:
    """Make a SQLite file that is not there yet; check every other database.

    Raises:
        Unavailable: the database is older or newer than the program, or empty on PostgreSQL.
    """
    if database.is_missing:
        upgrade(database)
    else:
        check(database)


def check(database: Database) -> None:
    """Refuse a database whose schema is not the one that this program knows.

    Raises:
        Unavailable: it is older or newer, or has no tables yet.
    """
    found = version(database)
    if found != HEAD:
        raise Unavailable(fence.unfit(database.name, found, HEAD))
    database.step = HEAD


def version(database: Database) -> str | None:
    """Return the last step that the database has taken; None when it has no tables."""
    if database.is_missing:
        return None
    with database.reading() as link:
        found = link.row(_IS_THERE[database.dialect])
        row = link.row(fence.STEP) if found and found[0] else None
    return str(row[0]) if row else None


def upgrade(database: Database, *, then: Callable[[Link], None] | None = None) -> None:
    """Take every step that is missing, in one transaction; a new SQLite file is its owner's only.

    `then` does more in it, on what is sealed: the database is not complete until `complete`.

    Raises:
        Unavailable: the database is newer than the program, or away.
    """
    if database.is_missing:
        _make_file(database.name)
    elif (found := version(database)) is not None and found > HEAD:
        check(database)
    with database.translating(), closing(_migrating(database)) as raw:
        link = Link(raw, dialect=database.dialect, is_writing=True, vault=database.vault)
        _run(raw, link, then=then)
    database.step = HEAD if then is None else ""


def complete(link: Link) -> None:
    """Say that a database has all that it should have: from now on it can be used."""
    link.execute(_SET, step=HEAD)


def _make_file(path: str) -> None:
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise Unavailable(f"cannot make the database {path}: {error.strerror}") from error


def _migrating(database: Database) -> Connection:
    """Return a connection on which a step may rebuild tables without losing their children."""
    raw = database.connect()
    if database.dialect == "sqlite":
        raw.execute("PRAGMA foreign_keys = OFF")
    else:
        raw.autocommit = False
    return raw


def _run(raw: Connection, link: Link, *, then: Callable[[Link], None] | None) -> None:
    """Take the steps, seal and enter what is old, and make the triggers: all of it or nothing."""
    from alembic import command
    from sqlalchemy import create_engine, event, text
    from sqlalchemy.pool import StaticPool

    from workflow.store.log import adoption, triggers

    dialect = link.dialect
    is_sqlite = dialect == "sqlite"
    name = "sqlite" if is_sqlite else "postgresql+psycopg"
    engine = create_engine(f"{name}://", creator=lambda: raw, poolclass=StaticPool)
    if is_sqlite:

        @event.listens_for(engine, "begin")
        def begin(connection: "AlchemyConnection") -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    config = configuration()
    with _drivers_errors(), engine.begin() as connection:
        if dialect in _LOCK:
            connection.execute(text(_LOCK[dialect]))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        adoption.adopt(link)
        triggers.install(link)
        if then is not None:
            then(Link(raw, dialect=dialect, is_writing=True))
            link.execute(_SET, step=fence.MOVING)


@contextmanager
def _drivers_errors() -> Iterator[None]:
    """Raise the driver's own errors, out of what SQLAlchemy wraps them in."""
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except DBAPIError as error:
        raise error.orig or error from error


def configuration() -> "Config":
    """Return what Alembic needs to find the steps."""
    from alembic.config import Config

    config = Config()
    config.set_main_option(
        "script_location", os.path.join(os.path.dirname(__file__), "migrations").replace("%", "%%")
    )
    return config
