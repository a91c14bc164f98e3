"""One database, SQLite or PostgreSQL, spoken to in plain SQL on its own driver.

SQLAlchemy is never loaded here (see `schema`), and a driver only when its database is opened, so
that a short command starts quickly.

A thread has one connection, which is used again. Writers on SQLite take the write lock at once
(`BEGIN IMMEDIATE`), since a transaction that reads first and locks later loses updates or fails.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from typing import TYPE_CHECKING

from workflow.model.errors import InvalidInput, Unavailable, WorkflowError
from workflow.store.keeping.vault import Vault
from workflow.store.link import Connection, Cursor, Link, day, flag, moment
from workflow.store.moving import fence

if TYPE_CHECKING:
    from workflow.store.drivers.postgresql import PostgreSQL
    from workflow.store.drivers.sqlite import SQLite

    Driver = SQLite | PostgreSQL

__all__ = ["Database", "Link", "day", "flag", "moment"]

ALLOWED_URLS = "sqlite:///FILE or postgresql://USER@HOST/NAME"
BUSY_SECONDS = 10.0
READ_ONLY = "25006"
"""What PostgreSQL says to whoever writes where it may only be read."""


class Database:
    """A database by its URL. Threads may share it; each gets a connection of its own."""

    def __init__(
        self, url: str, *, busy_seconds: float = BUSY_SECONDS, vault: Vault | None = None
    ) -> None:
        self.url = url  # may hold a password; `name` is what is shown
        self._driver = _driver_for(url, busy_seconds=busy_seconds)
        self.dialect = self._driver.dialect
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
        vault = None if is_sealed else self.vault
        begin = self._driver.begin_at_step if self.step else self._driver.begin_writing
        work = self._transaction(begin, is_writing=True, vault=vault)
        if getattr(self._own, "is_busy", False):  # a mistake: it is told, not waited for
            return work
        return self._driver.in_line(work, self.vault.folder)

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
        link = Link(
            connection,
            dialect=self.dialect,
            is_writing=is_writing,
            vault=vault,
            session=self.session,
        )
        self._own.is_busy, is_committing = True, False
        try:
            if is_writing and self.step:
                fence.require(self.name, self._driver.step(connection, begun), self.step)
            yield link
            is_committing = is_writing
            connection.execute("COMMIT" if is_writing else "ROLLBACK")
        except BaseException as error:
            with suppress(Exception):  # the error that led here is the one to show
                self._driver.roll_back(connection)
            if isinstance(error, Exception) and not is_committing:  # else nobody knows what is kept
                _destroy_new_keys(link)
            known = _known(self._driver, error, is_committing=is_committing, is_writing=is_writing)
            if isinstance(known or error, Unavailable):
                self._forget(connection)  # the next one sees what there is by then
            if known is not None:
                raise known from error
            raise
        finally:
            self._own.is_busy = False

    def _begun(self, begin: str | bytes) -> tuple[Connection, Cursor]:
        """Return the thread's connection, replaced once if it was cut, and what it answered."""
        connection = getattr(self._own, "connection", None)
        if connection is not None:
            with suppress(Unavailable):
                return connection, _answer(self._driver, connection, begin)
            if self._driver.is_usable(connection):
                return connection, _answer(self._driver, connection, begin)
            self._forget(connection)
        connection = self.connect()
        with self._lock:
            self._opened.append(connection)
        self._own.connection = connection
        return connection, _answer(self._driver, connection, begin)

    def _forget(self, connection: Connection) -> None:
        self._own.connection = None
        with self._lock, suppress(ValueError):
            self._opened.remove(connection)
        connection.close()

    @contextmanager
    def translating(self) -> Iterator[None]:
        """Turn what the driver raises into errors that a user may be shown; the rest are bugs."""
        try:
            yield
        except self._driver.errors() as error:
            known = _known(self._driver, error)
            if known is None:
                raise
            raise known from error


def _destroy_new_keys(link: Link) -> None:
    """Destroy the keys that were made for a transaction that is undone: they are of nobody."""
    for key_id in link.new_keys:
        with suppress(Unavailable):
            link.vault.destroy(key_id)


def _answer(driver: "Driver", connection: Connection, begin: str | bytes) -> Cursor:
    """Begin a transaction; undo what has begun when the rest of the beginning fails."""
    try:
        return connection.execute(begin)
    except BaseException as error:
        known = _known(driver, error)
        with suppress(Exception):
            driver.roll_back(connection)
        if known is None:
            raise
        raise known from error


def _known(
    driver: "Driver",
    error: BaseException,
    *,
    is_committing: bool = False,
    is_writing: bool = True,
) -> WorkflowError | None:
    """Return an error of the driver as a user may be shown it; None for a bug, or another one."""
    is_mistake = not is_writing and getattr(error, "sqlstate", None) == READ_ONLY  # of ours
    if is_mistake or not isinstance(error, driver.errors()):
        return None
    found = fence.moved(driver.shown, error)
    return found or driver.translated(error, is_committing=is_committing)


def _driver_for(url: str, *, busy_seconds: float) -> "Driver":
    scheme, separator, rest = url.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1 and rest != "/:memory:":
        from workflow.store.drivers.sqlite import SQLite

        return SQLite(rest[1:], busy_seconds=busy_seconds)
    if separator and scheme.partition("+")[0] in {"postgresql", "postgres"}:
        from workflow.store.drivers.postgresql import PostgreSQL

        return PostgreSQL(f"postgresql://{rest}", busy_seconds=busy_seconds)
    shown = re.sub(r"//[^@/]*@", "//…@", url)
    raise InvalidInput(f'cannot use the database "{shown}"; allowed: {ALLOWED_URLS}')
