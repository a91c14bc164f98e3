"""A database as an earlier version left it: its tables, and a challenge in the middle of its life.

The rows are those of a life of today, in clear, as far as the earlier tables have their columns.
"""

import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, Self

from alembic import command
from psycopg import Cursor
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from tests.grounds import Ground, opened
from tests.simulation.wire import Crash, Process, WiredDatabase
from workflow.model import commands as c
from workflow.store import schema
from workflow.store.database import Database
from workflow.store.keeping.vault import Vault
from workflow.store.link import Connection, Link
from workflow.store.moving import rows

STEPS = ("0001", "0002", "0003")
LATER = date(2026, 11, 20)


def live(folder: Path) -> str:
    """Let a visit begin in a new database of today's; return the hash of its definition."""
    with opened(f"sqlite:///{folder / 'today.db'}") as ground:
        ground.start()
        ground.done("scope_agreed", "brief_visitor", "call_visitor")
        ground.act(c.Advance(trigger="confirm"))
        ground.until(LATER)
        return ground.content_hash


def earlier(url: str, step: str, today: Path) -> Database:
    """Fill an empty database with the life of a file of today's, as it would be at a step."""
    database = Database(url)
    if database.dialect == "sqlite":
        schema._make_file(database.name)
    name = "sqlite" if database.dialect == "sqlite" else "postgresql+psycopg"
    with (
        closing(schema._migrating(database)) as raw,
        closing(Database(f"sqlite:///{today}")) as new,
    ):
        engine = create_engine(f"{name}://", creator=lambda: raw, poolclass=StaticPool)
        config = schema.configuration()
        with engine.begin() as connection, new.reading() as clear:
            config.attributes["connection"] = connection
            command.upgrade(config, step)
            rows.copy(clear, Link(raw, dialect=database.dialect, is_writing=True))
    return database


class Counted:
    """Counts what is asked of a database, and lets the program die before one of it."""

    def __init__(self, deadly: int = 0) -> None:
        self.seen, self.deadly = 0, deadly

    def hear(self, boundary: str) -> None:
        """Count a boundary; die where it is time to."""
        if not boundary.startswith("before"):
            return
        self.seen += 1
        if self.seen == self.deadly:
            raise Crash(boundary)


class Fainting(Process):
    """A process that does nothing more, and leaves it to others to close what it had open."""

    def die(self) -> None:
        """End; whoever holds the connection undoes what is open."""
        self.is_dead = True


class CountedOnServer(Database):
    """A database on PostgreSQL whose statements are counted."""

    counted: Counted

    def connect(self) -> Connection:
        """Return a connection with cursors that count."""
        counted = self.counted

        class Counting(Cursor[Any]):
            """A cursor that counts."""

            def execute(self, *arguments: Any, **more: Any) -> Self:  # noqa: ANN401 (the driver's)
                counted.hear("before a statement")
                return super().execute(*arguments, **more)

        raw = super().connect()
        raw.cursor_factory = Counting
        return raw


def counted_on(url: str, counted: Counted) -> Database:
    """Return a database whose statements are counted."""
    if url.startswith("sqlite"):
        return WiredDatabase(url, Fainting(counted.hear))
    database = CountedOnServer(url)
    database.counted = counted
    return database


Copied = Callable[[], Database]


def copied(original: Database, place: Path) -> Database:
    """Return a copy of a SQLite file that nobody has open, with no keys yet."""
    shutil.copyfile(original.name, place)
    return Database(f"sqlite:///{place}", vault=Vault(place.with_suffix(".vault")))


def same(one: Ground, other: Ground) -> bool:
    """Return whether a visit stands the same in two databases, with the same history and mail."""
    return shown(one) == shown(other)


def shown(ground: Ground) -> tuple[object, ...]:
    """Return what there is of a visit."""
    with ground.database.reading() as link:
        mail = link.rows(
            "SELECT id, unique_key, recipient_id, tasks, status FROM outbox ORDER BY id"
        )
        woken = [str(row) for row in link.rows("SELECT reference FROM challenge ORDER BY wake_at")]
    return ground.history(), ground.views.look("NOR-26").challenge, mail, woken
