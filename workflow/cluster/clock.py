"""The clock of a cluster: that of the database, since the hosts' clocks may differ by hours."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from typing import cast

from workflow.clock import SystemClock
from workflow.store.database import Database

ANCHORED_SECONDS = 5.0
"""For how long the database's answer serves: in between, the host's steady seconds are added."""

_NOW = "SELECT clock_timestamp()"


class DatabaseClock(SystemClock):
    """Tells the time of a PostgreSQL database. The wall clock of this machine is never read.

    The database is asked on a short connection of its own, so that a transaction under way does
    not matter. `steady` tells seconds that no setting of a clock changes. Threads may share it.
    """

    def __init__(
        self,
        database: Database,
        *,
        steady: Callable[[], float] | None = None,
        anchored_seconds: float = ANCHORED_SECONDS,
    ) -> None:
        self._database, self._anchored_seconds = database, anchored_seconds
        self._steady = steady or super().steady
        self._lock = Lock()
        self._anchor: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC.

        Raises:
            Unavailable: the database is away.
        """
        with self._lock:
            seconds = self._steady()
            if self._anchor is None or seconds - self._anchor[1] > self._anchored_seconds:
                self._anchor = self._asked(), self._steady()
            at, since = self._anchor
            return at + timedelta(seconds=max(0.0, self._steady() - since))

    def steady(self) -> float:
        """Return seconds since a fixed moment, sleep included; setting a clock does not count."""
        return self._steady()

    def _asked(self) -> datetime:
        (answer,) = self._database.maintain(_NOW)
        return cast("tuple[datetime]", answer)[0]
