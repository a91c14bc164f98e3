"""One database, SQLite or PostgreSQL, spoken to in plain SQL on its own driver.

SQLAlchemy is never loaded here (see `schema`), and a driver only when its database is opened, so
that a short command starts quickly.

A thread has one connection, which is used again. Writers on SQLite take the write lock at once
(`BEGIN IMMEDIATE`), since a transaction that reads first and locks later loses updates or fails.
"""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from workflow.model.errors import Conflict, InvalidInput, Unavailable, WorkflowError
from workflow.store.keeping.vault import Vault
from workflow.store.link import Connection, Cursor, Link, day, flag, moment
from workflow.store.moving import fence

if TYPE_CHECKING:
    import sqlite3

    import psycopg

__all__ = ["Database", "Link", "day", "flag", "moment"]

ALLOWED_URLS = "sqlite:///FILE or postgresql://USER@HOST/NAME"
BUSY_SECONDS = 10.0
CONNECT_SECONDS = 10
SQLITE_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # a lost "sent" mark would be a second e-mail
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA wal_autocheckpoint = 4000",  # pages: a commit seldom pays for a checkpoint
)

_SQLITE_AWAY = {
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


class _SQLite:
    """A SQLite file."""

    begin_reading = "BEGIN"
    begin_writing = begin_at_step = "BEGIN IMMEDIATE"

    def __init__(self, path: str, *, busy_seconds: float) -> None:
        self.path = os.path.abspath(path)
        self.busy_seconds = busy_seconds
        self.shown = self.path
        self.vault_folder = Path(f"{self.path}.vault")

    def connect(self) -> "sqlite3.Connection":
        import sqlite3

        name = self.path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
        connection = sqlite3.connect(
            f"file:{name}?mode=rw",
            uri=True,
            timeout=self.busy_seconds,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        for setting in SQLITE_SETTINGS:
            connection.execute(setting)
        return connection

    def errors(self) -> type[Exception]:
        import sqlite3

        return sqlite3.Error

    def step(self, connection: Connection, begun: Cursor) -> str | None:
        row = connection.execute(fence.STEP).fetchone()
        return row[0] if row else None

    def is_usable(self, connection: Connection) -> bool:
        return False  # one that was opened when the file was closed to us would stay read-only

    def is_missing(self) -> bool:
        return not os.path.exists(self.path) or os.path.getsize(self.path) == 0

    def roll_back(self, connection: Connection) -> None:
        # a full disk makes SQLite roll back by itself; a second time would hide the true error
        if connection.in_transaction:
            connection.execute("ROLLBACK")

    def translated(self, error: Exception, *, is_committing: bool) -> WorkflowError | None:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith("SQLITE_CANTOPEN") and self.is_missing():
            return Unavailable(f"there is no database at {self.path}; peer-challenge init makes it")
        for kind, reason in _SQLITE_AWAY.items():
            if name.startswith(kind):
                return Unavailable(f"the database {self.path} cannot be used: {reason} ({error})")
        return None


class _PostgreSQL:
    """A PostgreSQL database."""

    begin_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    begin_writing = "BEGIN"
    begin_at_step = fence.BEGIN

    def __init__(self, url: str, *, busy_seconds: float) -> None:
        self.url = url
        self.settings = f"-c timezone=UTC -c lock_timeout={int(busy_seconds * 1000)}"
        self.shown = re.sub(r"//[^@/]*@", "//", url).partition("?")[0]  # no password in a text

    @property
    def vault_folder(self) -> Path:
        name = re.sub(r"[^A-Za-z0-9.-]+", "-", self.shown.partition("://")[2])
        return Path.home() / ".local" / "share" / "peer-challenge" / f"{name}.vault"

    def connect(self) -> "psycopg.Connection":
        try:
            import psycopg
        except ModuleNotFoundError as error:
            message = "PostgreSQL needs one more package: pip install 'peer-challenge[postgres]'"
            raise InvalidInput(message) from error
        return psycopg.connect(
            self.url,
            autocommit=True,
            connect_timeout=CONNECT_SECONDS,
            application_name="peer-challenge",
            options=self.settings,
        )

    def errors(self) -> type[Exception]:
        import psycopg

        return psycopg.Error

    def step(self, connection: Connection, begun: Cursor) -> str | None:
        while begun.nextset():  # the last statement of the beginning is the one that asks
            pass
        row = begun.fetchone()
        return row[0] if row else None

    def is_usable(self, connection: Connection) -> bool:
        return not (connection.closed or connection.broken)

    def is_missing(self) -> bool:
        return False

    def roll_back(self, connection: Connection) -> None:
        if self.is_usable(connection):
            connection.execute(b"ROLLBACK")

    def translated(self, error: Exception, *, is_committing: bool) -> WorkflowError | None:
        import psycopg

        state = getattr(error, "sqlstate", None) or ""
        if state in {"40001", "40P01"}:
            return Conflict("somebody else changed the same rows meanwhile; try again")
        if state == "42501":
            text = f"{self.shown} does not let this user do that ({str(error).splitlines()[0]})"
            return Unavailable(f"the database {text}; its owner has to GRANT it")
        if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
            return None
        outcome = (
            "; it is not known whether the change was kept: look before you repeat it"
            if is_committing
            else ""
        )
        said = str(error).strip().splitlines()
        reason = said[0] if said else type(error).__name__
        return Unavailable(f"the database {self.shown} is away: {reason}{outcome}")


class Database:
    """A database by its URL. Threads may share it; each gets a connection of its own."""

    def __init__(
        self, url: str, *, busy_seconds: float = BUSY_SECONDS, vault: Vault | None = None
    ) -> None:
        self.url = url  # may hold a password; `name` is what is shown
        self._driver = _driver_for(url, busy_seconds=busy_seconds)
        self.dialect = "sqlite" if isinstance(self._driver, _SQLite) else "postgresql"
        self.vault = vault or Vault(self._driver.vault_folder)
        self.session = ""  # who is logged in where the program runs
        self.step = ""  # of the schema: those who write look whether it is still there, if known
        self._own = threading.local()
        self._opened: list[Connection] = []
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """The file, or the URL without its password: fit to be shown."""
        return self._driver.shown

    @property
    def is_missing(self) -> bool:
        """Whether the SQLite file is not there yet (or empty)."""
        return self._driver.is_missing()

    def connect(self) -> Connection:
        """Return a new connection of the driver, for migrations and backups.

        Raises:
            Unavailable: the database is away, or the file is not there.
        """
        with self.translating():
            return self._driver.connect()

    def maintain(self, *statements: str) -> list[tuple[object, ...] | None]:
        """Run statements outside of a transaction, one by one; return the first row of each.

        Raises:
            Unavailable: the database is away, or somebody else is working in it for too long.
        """
        with closing(self.connect()) as connection, self.translating():
            cursors = (connection.execute(statement) for statement in statements)
            return [cursor.fetchone() if cursor.description else None for cursor in cursors]

    def reading(self, *, is_sealed: bool = False) -> AbstractContextManager[Link]:
        """Open a transaction that sees one moment of the database, and changes nothing.

        `is_sealed` leaves everything as it is kept, for those who check what was hashed.
        """
        vault = None if is_sealed else self.vault
        return self._transaction(self._driver.begin_reading, is_writing=False, vault=vault)

    def writing(self, *, is_sealed: bool = False) -> AbstractContextManager[Link]:
        """Open a transaction that is kept when the block ends, and undone when it raises.

        `is_sealed` leaves everything as it is kept.

        Raises:
            Unavailable: the database is away, busy for too long, its disk is full, or its schema is
                not the one that it had when it was opened.
            Conflict: PostgreSQL stopped it in favour of another transaction.
            Refused: it was moved to another place.
        """
        driver, vault = self._driver, None if is_sealed else self.vault
        begin = driver.begin_at_step if self.step else driver.begin_writing
        work = self._transaction(begin, is_writing=True, vault=vault)
        if isinstance(driver, _PostgreSQL) or getattr(self._own, "is_busy", False):
            return work
        from workflow.store.keeping.turns import in_turn  # who only reads starts sooner

        return in_turn(work, self.vault.folder, seconds=driver.busy_seconds / 2)

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            opened, self._opened = self._opened, []
        for connection in opened:
            connection.close()
        self._own = threading.local()

    @contextmanager
    def _transaction(
        self, begin: str | bytes, *, is_writing: bool, vault: Vault | None
    ) -> Iterator[Link]:
        if getattr(self._own, "is_busy", False):
            raise RuntimeError("a transaction inside another one: hand the open link down instead")
        connection, begun = self._begun(begin)
        self._own.is_busy = True
        try:
            with self.translating():
                if is_writing and self.step:
                    fence.require(self.name, self._driver.step(connection, begun), self.step)
                yield Link(
                    connection,
                    dialect=self.dialect,
                    is_writing=is_writing,
                    vault=vault,
                    session=self.session,
                )
            with self.translating(is_committing=is_writing):
                connection.execute("COMMIT" if is_writing else "ROLLBACK")
        except BaseException as error:
            with suppress(Exception):  # the error that led here is the one to show
                self._driver.roll_back(connection)
            if isinstance(error, Unavailable):
                self._forget(connection)  # the next one sees what there is by then
            raise
        finally:
            self._own.is_busy = False

    def _begun(self, begin: str | bytes) -> tuple[Connection, Cursor]:
        """Return the thread's connection, replaced once if it was cut, and what it answered."""
        connection = getattr(self._own, "connection", None)
        if connection is not None:
            with suppress(Unavailable), _undone(self._driver, connection), self.translating():
                return connection, connection.execute(begin)
            if self._driver.is_usable(connection):
                with _undone(self._driver, connection), self.translating():
                    return connection, connection.execute(begin)
            self._forget(connection)
        connection = self.connect()
        with self._lock:
            self._opened.append(connection)
        self._own.connection = connection
        with _undone(self._driver, connection), self.translating():
            return connection, connection.execute(begin)

    def _forget(self, connection: Connection) -> None:
        self._own.connection = None
        with self._lock, suppress(ValueError):
            self._opened.remove(connection)
        connection.close()

    @contextmanager
    def translating(self, *, is_committing: bool = False) -> Iterator[None]:
        """Turn what the driver raises into errors that a user may be shown; the rest are bugs."""
        try:
            yield
        except self._driver.errors() as error:
            known = fence.moved(self.name, error) or self._driver.translated(
                error, is_committing=is_committing
            )
            if known is None:
                raise
            raise known from error


@contextmanager
def _undone(driver: _SQLite | _PostgreSQL, connection: Connection) -> Iterator[None]:
    """Undo what has begun when the rest of the beginning fails."""
    try:
        yield
    except BaseException:
        with suppress(Exception):
            driver.roll_back(connection)
        raise


def _driver_for(url: str, *, busy_seconds: float) -> _SQLite | _PostgreSQL:
    scheme, separator, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1 and rest != "/:memory:":
        return _SQLite(rest[1:], busy_seconds=busy_seconds)
    if separator and scheme.partition("+")[0] in {"postgresql", "postgres"}:
        return _PostgreSQL(f"postgresql://{rest}", busy_seconds=busy_seconds)
    shown = re.sub(r"//[^@/]*@", "//…@", url)
    raise InvalidInput(f'cannot use the database "{shown}"; allowed: {ALLOWED_URLS}')
