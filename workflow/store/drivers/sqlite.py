"""SQLite, spoken to through the standard library's module, which is loaded when it is opened."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workflow.model.errors import Unavailable, WorkflowError
from workflow.store.link import Connection, Cursor, Link
from workflow.store.moving import fence

if TYPE_CHECKING:
    import sqlite3

SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a lost "sent" mark would be a second e-mail
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
)

_AWAY = {
    "SQLITE_BUSY": "somebody else is writing to it",
    "SQLITE_LOCKED": "somebody else is writing to it",
    "SQLITE_CANTOPEN": "it cannot be opened",
    "SQLITE_READONLY": "it may not be written to",
    "SQLITE_PERM": "it may not be opened",
    "SQLITE_FULL": "the disk is full",
    "SQLITE_IOERR": "the disk reports an error",
    "SQLITE_NOTADB": "it is not a database",
    "SQLITE_CORRUPT": "it is damaged: restore a backup",
}

# most values of a row are nothing at all: for them the driver would look for a way each time
_AS_KEPT: dict[type, Callable[[Any], Any]] = {type(None): cache(lambda value: value), bool: int}


class SQLite:
    """A SQLite file."""

    dialect = "sqlite"
    begin_reading = "BEGIN"
    begin_writing = begin_at_step = "BEGIN IMMEDIATE"

    def __init__(self, path: str, *, busy_seconds: float) -> None:
        self.path = os.path.abspath(path)
        self.busy_seconds = busy_seconds
        self.shown = self.path
        self.vault_folder = Path(f"{self.path}.vault")

    def connect(self) -> "sqlite3.Connection":
        """Return a new connection to a file that is there."""
        import sqlite3

        for kind, as_kept in _AS_KEPT.items():
            sqlite3.register_adapter(kind, as_kept)
        name = self.path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        connection = sqlite3.connect(
            f"file:{name}?mode=rw",
            uri=True,
            timeout=self.busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        for setting in SETTINGS:
            connection.execute(setting)
        return connection

    def errors(self) -> type[Exception]:
        """Return what the driver raises."""
        import sqlite3

        return sqlite3.Error

    def step(self, connection: Connection, begun: Cursor) -> str | None:
        """Return of which step the schema is, in a transaction that has begun."""
        row = connection.execute(fence.STEP).fetchone()
        return row[0] if row else None

    def is_usable(self, connection: Connection) -> bool:
        """Return whether a connection that failed can go on."""
        return False  # one that was opened when the file was closed to us would stay read-only

    def in_line(
        self, work: AbstractContextManager[Link], folder: Path
    ) -> AbstractContextManager[Link]:
        """Return a piece of writing that waits for its turn at a folder."""
        from workflow.store.keeping.turns import in_turn  # who only reads starts sooner

        return in_turn(work, folder, seconds=self.busy_seconds / 2)

    def is_missing(self) -> bool:
        """Return whether there is no file yet, or an empty one."""
        return not os.path.exists(self.path) or os.path.getsize(self.path) == 0

    def roll_back(self, connection: Connection) -> None:
        """Undo what a transaction did."""
        # a full disk makes SQLite roll back by itself; a second time would hide the true error
        if connection.in_transaction:
            connection.execute("ROLLBACK")

    def translated(self, error: Exception, *, is_committing: bool) -> WorkflowError | None:
        """Return an error of the driver as a user may be shown it; None for a bug."""
        name = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith("SQLITE_CANTOPEN") and self.is_missing():
            return Unavailable(f"there is no database at {self.path}; peer-challenge init makes it")
        for kind, reason in _AWAY.items():
            if name.startswith(kind):
                return Unavailable(f"the database {self.path} cannot be used: {reason} ({error})")
        return None
