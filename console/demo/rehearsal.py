"""Plays the script: walks the clock day by day, lets people act, sends the mail."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import bootstrap
from console.demo.cast import Cast
from console.demo.script import BEGIN, PARTS, Part
from workflow.clock import SetClock

MORNING, NOON = time(9, 5), time(12)


class Rehearsal:
    """A rehearsal database that is walked through time."""

    def __init__(self, application: bootstrap.Application) -> None:
        clock = application.clock
        if not isinstance(clock, SetClock):
            raise TypeError("a rehearsal needs a clock that can be set")
        self.application, self.clock = application, clock
        self.cast = Cast(application)

    def walk(self, first: date, last: date, *, say: Callable[[date], None]) -> None:
        """Let each day pass: in the morning the machine, at noon the people, then the machine."""
        day = first
        while day <= last:
            say(day)
            self._set(day, MORNING)
            self._work()
            self._set(day, NOON)
            for part in PARTS:
                self._live(part, day)
            self._work()
            day += timedelta(days=1)

    def _set(self, day: date, at: time) -> None:
        self.clock.at = datetime.combine(day, at, tzinfo=bootstrap.ZONE)

    def _work(self) -> None:
        self.application.sweep.tick()
        self.application.digests.raise_due()
        self.application.courier.drain()

    def _live(self, part: Part, day: date) -> None:
        if day == part.begins:
            self.cast.start(part)
        if day == part.peers_from:
            self.cast.assign(part)
        self.cast.visit(part, day)
        if part.begins <= day < part.until and day.weekday() < 5:  # noqa: PLR2004  (Friday)
            self.cast.drop_out(part, day)
            for _ in range(4):  # what is done may open what comes next
                if not self.cast.do_tasks(part, day) and not self.cast.advance(part):
                    break


def opening_time() -> str:
    """Return the moment at which a rehearsal begins, as a setting has it."""
    return datetime.combine(BEGIN, time(8)).isoformat()
