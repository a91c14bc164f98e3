"""Calendars, a version at a time: what a change proclaims makes the next one, and none goes.

What no version is stored for, or no year of it, the library answers.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from workflow.model.calendar import (
    FIRST_YEAR,
    LAST_YEAR,
    UNITED_KINGDOM,
    Calendar,
    calendar_named,
    stored_calendar,
)
from workflow.model.errors import Conflict
from workflow.store import meta
from workflow.store.link import Link, moment

REVISION = "calendars"
SEEDED_FROM, SEEDED_AHEAD = 2012, 12
"""The first year of which a calendar is stored, and how many after the present one."""
SEEDED = "as the official list has it"

_LATEST = """
SELECT version, first_year, last_year, days FROM calendar
WHERE name = :name ORDER BY version DESC LIMIT 1
"""
_VERSION = """
SELECT version, first_year, last_year, days FROM calendar WHERE name = :name AND version = :version
"""
_HISTORY = """
SELECT version, first_year, last_year, days, added_at, actor, reason FROM calendar
WHERE name = :name ORDER BY version
"""
_PUT = """
INSERT INTO calendar (name, version, first_year, last_year, days, added_at, actor, reason)
VALUES (:name, :version, :first_year, :last_year, :days, :added_at, :actor, :reason)
ON CONFLICT (name, version) DO NOTHING
"""
_NAMES = "SELECT DISTINCT name FROM calendar ORDER BY name"
_ALL_DAYS = "SELECT name, version, days FROM calendar ORDER BY name, version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A version of a calendar, as it is kept; `actor` is None for what the program put there."""

    calendar: Calendar
    added_at: datetime | None
    actor: int | None
    reason: str


def latest(link: Link, name: str) -> Calendar:
    """Return a base calendar as it is now: stored, else as the library has it. One query.

    Raises:
        InvalidInput: there is no such calendar.
    """
    row = link.row(_LATEST, name=name)
    return calendar_named(name) if row is None else _calendar(name, row)


def at_version(link: Link, name: str, version: int) -> Calendar:
    """Return a base calendar as a version had it; 0 is the library.

    Raises:
        InvalidInput: there is no such calendar.
    """
    row = link.row(_VERSION, name=name, version=version)
    return calendar_named(name) if row is None else _calendar(name, row)


def put(link: Link, calendar: Calendar, *, at: datetime, actor: int | None, reason: str) -> None:
    """Keep `calendar` as the version that it says it is.

    Raises:
        Conflict: there is such a version already: somebody else changed the calendar meanwhile.
    """
    days = {day.isoformat(): name for day, name in sorted((calendar.days or {}).items())}
    kept = link.execute(
        _PUT,
        name=calendar.name,
        version=calendar.version,
        first_year=calendar.years.start,
        last_year=calendar.years.stop - 1,
        days=json.dumps(days, ensure_ascii=False),
        added_at=at,
        actor=actor,
        reason=reason,
    )
    if kept != 1:
        raise Conflict(
            f"the calendar {calendar.name} was changed meanwhile; look at it, and try again"
        )
    meta.put(link, REVISION, _fingerprint(link))


def revision(link: Link) -> str:
    """Return what is another text as soon as any calendar changes. One query, by primary key."""
    return meta.get(link, REVISION) or ""


def names(link: Link) -> list[str]:
    """Return the names of the calendars that have a version."""
    return [name for (name,) in link.rows(_NAMES)]


def history(link: Link, name: str) -> list[Kept]:
    """Return the versions of a calendar, the first one first. One query."""
    return [
        Kept(
            calendar=_calendar(name, row[:4]), added_at=moment(row[4]), actor=row[5], reason=row[6]
        )
        for row in link.rows(_HISTORY, name=name)
    ]


def seed(link: Link, *, at: datetime) -> None:
    """Keep the calendars of the United Kingdom as the library has them, where there are none."""
    if names(link):
        return
    for name in UNITED_KINGDOM:
        calendar = with_days(calendar_named(name), {}, (), until=at.year + SEEDED_AHEAD)
        put(link, calendar, at=at, actor=None, reason=SEEDED)


def with_days(
    calendar: Calendar, adds: Mapping[date, str], removes: Iterable[date], *, until: int
) -> Calendar:
    """Return the next version of a base calendar, with some days more and some less.

    Its years are those that were stored and those up to `until`, and those of the days.
    """
    removed = frozenset(removes)
    years = _years(calendar, [day.year for day in (*adds, *removed)], until=until)
    listed = {day: name for year in years for day, name in calendar.holidays(year).items()}
    days = {day: name for day, name in {**listed, **adds}.items() if day not in removed}
    return stored_calendar(calendar.name, version=calendar.version + 1, days=days, years=years)


def _years(calendar: Calendar, others: Iterable[int], *, until: int) -> range:
    stored = calendar.years
    first = min([stored.start if stored else SEEDED_FROM, *others])
    last = max([stored.stop - 1, until, *others])
    return range(max(first, FIRST_YEAR), min(last, LAST_YEAR) + 1)


def _calendar(name: str, row: tuple[int, int, int, str]) -> Calendar:
    version, first, last, text = row
    days = {date.fromisoformat(day): title for day, title in json.loads(text).items()}
    return stored_calendar(name, version=version, days=days, years=range(first, last + 1))


def _fingerprint(link: Link) -> str:
    """Return a text that stands for the contents of all versions: no two databases confuse it."""
    digest = sha256()
    for row in link.rows(_ALL_DAYS):
        digest.update(repr(row).encode())
    return digest.hexdigest()[:32]
