"""What reckoning works with: days and moments, what is known, what stands still.

Days are local dates of a zone; moments are aware, in UTC. The end of a day is 23:59:59 local time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import NamedTuple
from zoneinfo import ZoneInfo

from workflow.model.calendar import Calendar
from workflow.model.errors import InvalidInput, did_you_mean
from workflow.model.language.phrases import Unit

_END_OF_DAY = time(23, 59, 59, fold=1)  # of two, the later one
_START_OF_DAY = time(0)


class Known(NamedTuple):
    """What an anchor is: a local day, and the moment (aware, UTC) where that is known exactly."""

    on: date
    at: datetime | None = None
    title: str = ""
    note: str = ""


class Reckoned(NamedTuple):
    """What a timing comes to: a local day, and the moment (aware, UTC) that ends or starts it.

    `has_time` says that the moment itself was asked for, not only an end of the day. `since` is
    the first day of a window.
    """

    on: date
    at: datetime
    has_time: bool
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Stopped:
    """A clock stands still since a day: what it comes to is not known until it runs again."""

    since: date
    title: str


class Step(NamedTuple):
    """One line of an explanation: the day it leads to, if that is known, and why."""

    on: date | None
    text: str
    note: str = ""


Trace = list[Step]
Lookup = Callable[[str], Known | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Days that a clock does not count, `first` and `last` among them; no last: still.

    `from_at` and `until_at` are the moments, for hours.
    """

    first: date
    last: date | None
    title: str
    from_at: datetime
    until_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class More:
    """Time that a clock was given on top, and why."""

    count: int
    unit: Unit
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """What makes a deadline's clock differ from a plain count.

    `start` stands in for the anchor: the clock began anew there. `paused` are the stretches that
    do not count, in order; those with moments may share a day. `more` is what it was given on top.
    """

    start: Known | None = None
    paused: tuple[Stretch, ...] = ()
    more: tuple[More, ...] = ()


class Ground(NamedTuple):
    """What a timing is reckoned on: what anchors are, the calendar and the zone.

    `others` are the calendars that a timing may name instead.
    """

    find: Lookup
    calendar: Calendar
    zone: ZoneInfo
    others: Mapping[str, Calendar] = MappingProxyType({})

    def within(self, calendar: str | None) -> "Ground":
        """Return the same ground with another calendar; None leaves it as it is.

        Raises:
            InvalidInput: there is no such calendar.
        """
        if calendar is None:
            return self
        if calendar not in self.others:
            hint = did_you_mean(calendar, tuple(self.others))
            raise InvalidInput(f'there is no calendar "{calendar}"{hint}')
        return self._replace(calendar=self.others[calendar])


def moment_of(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return a local time in UTC: an hour later where it does not exist, the first of two."""
    return datetime.combine(day, at, zone).astimezone(UTC)


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a local `day`, in UTC."""
    return moment_of(day, _START_OF_DAY, zone)


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the last second of a local `day` (23:59:59), in UTC."""
    return moment_of(day, _END_OF_DAY, zone)
