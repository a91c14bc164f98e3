"""PostgreSQL, spoken to through psycopg, which is loaded when it is opened."""

import re
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from workflow.model.errors import Conflict, InvalidInput, Unavailable, WorkflowError
from workflow.store.link import Connection, Cursor, Link
from workflow.store.moving import fence

if TYPE_CHECKING:
    import psycopg

CONNECT_SECONDS = 10


class PostgreSQL:
    """A PostgreSQL database."""

    dialect = "postgresql"
    begin_reading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    begin_writing = "BEGIN"
    begin_at_step = fence.BEGIN

    def __init__(self, url: str, *, busy_seconds: float) -> None:
        self.url = url
        self.settings = f"-c timezone=UTC -c lock_timeout={int(busy_seconds * 1000)}"
        self.shown = re.sub(r"//[^@/]*@", "//", url).partition("?")[0]  # no password in a text

    @property
    def vault_folder(self) -> Path:
        """Where the keys lie unless the settings say otherwise: by the database's name."""
        name = re.sub(r"[^A-Za-z0-9.-]+", "-", self.shown.partition("://")[2])
        return Path.home() / ".local" / "share" / "peer-challenge" / f"{name}.vault"

    def connect(self) -> "psycopg.Connection":
        """Return a new connection.

        Raises:
            InvalidInput: the driver is not installed.
        """
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
        """Return what the driver raises."""
        import psycopg

        return psycopg.Error

    def step(self, connection: Connection, begun: Cursor) -> str | None:
        """Return of which step the schema is, in a transaction that has begun."""
        while begun.nextset():  # the last statement of the beginning is the one that asks
            pass
        row = begun.fetchone()
        return row[0] if row else None

    def is_usable(self, connection: Connection) -> bool:
        """Return whether a connection that failed can go on."""
        return not (connection.closed or connection.broken)

    def in_line(
        self, work: AbstractContextManager[Link], folder: Path
    ) -> AbstractContextManager[Link]:
        """Return a piece of writing as it is: whoever writes to the same rows waits for them."""
        return work

    def is_missing(self) -> bool:
        """Return whether there is nothing yet: who connects is told."""
        return False

    def roll_back(self, connection: Connection) -> None:
        """Undo what a transaction did."""
        if self.is_usable(connection):
            connection.execute(b"ROLLBACK")

    def translated(self, error: Exception, *, is_committing: bool) -> WorkflowError | None:
        """Return an error of the driver as a user may be shown it; None for a bug."""
        import psycopg

        state = getattr(error, "sqlstate", None) or ""
        if state in {"40001", "40P01"}:
            return Conflict("somebody else changed the same rows meanwhile; try again")
        if state == "42501":
            text = f"{self.shown} does not let this user do that ({str(error).splitlines()[0]})"
            return Unavailable(f"the database {text}; its owner has to GRANT it")
        if state == "25006":
            text = f"{self.shown} can only be read at present ({str(error).splitlines()[0]})"
            return Unavailable(f"the database {text}: try again when it takes changes again")
        if state == "55P03":
            text = f"{self.shown} cannot be used: somebody else is in the middle of a change to it"
            return Unavailable(f"the database {text} ({str(error).splitlines()[0]})")
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
