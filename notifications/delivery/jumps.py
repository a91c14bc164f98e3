"""Notices when the clock is set forward while we run: mail would go that is not due."""

from collections.abc import Callable
from datetime import datetime, timedelta

from workflow.clock import Clock, SystemClock

MOST_JUMP = timedelta(days=1)


class JumpWatch:
    """Compares a clock with one that nobody can set.

    `steady` tells the seconds since any fixed moment. Where there is none, as beside a clock that
    is set on purpose, nothing is ever noticed. Downtime is no jump: a new watch begins afresh.
    """

    def __init__(self, clock: Clock, steady: Callable[[], float] | None = None) -> None:
        self._clock = clock
        self._steady = steady or (clock.steady if isinstance(clock, SystemClock) else None)
        self._seen: tuple[datetime, float] | None = None

    def jumped(self) -> timedelta | None:
        """Return how far the clock has jumped since the last call, if that is over a day."""
        if self._steady is None:
            return None
        now, seconds = self._clock.now(), self._steady()
        before, self._seen = self._seen, (now, seconds)
        if before is None:
            return None
        jump = now - before[0] - timedelta(seconds=seconds - before[1])
        return jump if jump > MOST_JUMP else None
