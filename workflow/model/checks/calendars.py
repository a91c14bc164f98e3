"""Checks calendars, and the hours and days in which reminders may go out."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflow.model.calendar import weekend_of
from workflow.model.checks.finding import Finding, Path, Scope, find_unknown, name_all
from workflow.model.checks.places import timings, within
from workflow.model.definition import Definition
from workflow.model.duties import UK_CALENDARS, LocalCalendar, Sending
from workflow.model.errors import InvalidInput
from workflow.model.language.phrases import QuietDays, Unit
from workflow.model.language.timing import parse_time_of_day

MOST_QUIET = 60
_WEEK = 7
_SOME_YEAR, _LAST_YEAR, _YEARS = 2027, 9990, 2
_ONE_DAY = timedelta(days=1)
_LATEST_CHANGE = 5


def find_unknown_calendars(scope: Scope) -> Iterator[Finding]:
    """Give every calendar that is named and is none."""
    parts = scope.definition
    known = name_all(parts.calendars, UK_CALENDARS)
    if parts.calendar not in known:
        yield from _find_unofficial(("calendar",), parts.calendar)
    for name, local in parts.calendars.items():
        path: Path = ("calendars", name, "based_on")
        if local.based_on in parts.calendars:
            text = f'"{local.based_on}" is a calendar of its own; base it on an official one'
            yield Finding(path, f"{text} (such as {', '.join(UK_CALENDARS)}, or IE)")
        else:
            yield from _find_unofficial(path, local.based_on)
    for name, task in parts.tasks.items():
        path = ("tasks", name, "calendar")
        yield from find_unknown(path, "calendar", task.calendar, known=known)
    for place in timings(parts):
        for timing in within(place.timing):
            yield from find_unknown(place.path, "calendar", timing.calendar, known=known)


def _find_unofficial(path: Path, name: str) -> Iterator[Finding]:
    try:
        weekend_of(name)
    except InvalidInput as error:
        yield Finding(path, str(error), name=name)


def find_in_calendars(scope: Scope) -> Iterator[Finding]:
    """Give what is wrong with calendars of its own, and with when reminders may go out."""
    parts = scope.definition
    for name, local in parts.calendars.items():
        yield from _find_in_local(name, local)
    yield from _find_in_hours(parts)
    yield from _find_in_quiet_days(parts)
    yield from _find_odd_hours(parts)


def _find_in_local(name: str, local: LocalCalendar) -> Iterator[Finding]:
    path: Path = ("calendars", name)
    if name in UK_CALENDARS:
        yield Finding(path, f'"{name}" is an official calendar; give your own another name')
    for index, day in enumerate(local.removes):
        if day in local.adds:
            text = f"{day} is added and removed; leave out one of the two"
            yield Finding((*path, "removes", index), text)
    if len(set(local.weekend)) == _WEEK:
        text = "no day is left to work on; a weekend has at most six days"
        yield Finding((*path, "weekend"), text)


def _find_in_hours(parts: Definition) -> Iterator[Finding]:
    first, last = parts.sending.from_, parts.sending.until
    if first > last:
        text = f"nothing could ever go out: it begins at {first} and ends at {last} already"
        yield Finding(("sending", "until"), f"{text}; write the later time under until")
        return
    if not first <= parts.send_at <= last:
        text = f"reminders go out from {first} to {last}, but at {parts.send_at} they are due"
        yield Finding(("send_at",), f"{text}; name a time in between")
    for name, ladder in parts.ladders.items():
        for index, rung in enumerate(ladder):
            at = rung.when.timing.at
            if at and not rung.urgent and not first <= f"{at:%H:%M}" <= last:
                text = f"reminders go out from {first} to {last}, so that it never speaks at"
                tail = "name a time in between, or let it be urgent"
                path: Path = ("ladders", name, index, "when")
                yield Finding(path, f"{text} {at:%H:%M}; {tail}", is_warning=True)


def _find_in_quiet_days(parts: Definition) -> Iterator[Finding]:
    quiet = parts.sending.not_on
    longest = _longest_quiet(quiet) if quiet else 0
    path: Path = ("sending", "not_on")
    if longest >= 365:  # noqa: PLR2004  (a year)
        yield Finding(path, "every day is quiet, so that nothing could go out; leave some days")
    elif longest > MOST_QUIET:
        text = f"{longest} quiet days in a row: nothing is held back for more than {MOST_QUIET}"
        yield Finding(path, f"{text}, it goes out at once; leave days in between")


def _longest_quiet(quiet: tuple[QuietDays, ...]) -> int:
    """Return how many days in a row are quiet, at most, in any two years that are named."""
    years = {day.year for one in quiet if not one.is_yearly for day in (one.first, one.last)}
    longest = 0
    for year in {_SOME_YEAR, *years}:
        day, run = date(min(year, _LAST_YEAR), 1, 1), 0
        for _ in range(_YEARS * 366):
            run = run + 1 if any(one.contain(day) for one in quiet) else 0
            longest, day = max(longest, run), day + _ONE_DAY
    return longest


def _find_odd_hours(parts: Definition) -> Iterator[Finding]:
    """Give the times that the clocks skip or repeat once a year."""
    named: list[tuple[Path, time | None]] = [
        (("send_at",), parse_time_of_day(parts.send_at)),
    ]
    if parts.sending.from_ != Sending().from_:
        named.append((("sending", "from"), parse_time_of_day(parts.sending.from_)))
    for name, ladder in parts.ladders.items():
        for index, rung in enumerate(ladder):
            is_elapsed = rung.when.timing.unit is Unit.HOURS
            at = None if is_elapsed else rung.when.timing.at
            named.append((("ladders", name, index, "when"), at))
    for path, at in named:
        if at and at.hour < _LATEST_CHANGE and _is_odd(at, parts.zone):
            text = f"{at:%H:%M} is in the hour that the clocks skip in spring and repeat in autumn"
            yield Finding(path, f"{text}; name an earlier or a later time")


def _is_odd(at: time, zone_name: str) -> bool:
    """Return whether a local time does not exist, or comes twice, on some day of a year."""
    try:
        zone = ZoneInfo(zone_name)
    except (ValueError, OSError, LookupError):
        return False
    first = date(_SOME_YEAR, 1, 1)
    for number in range(365):
        moment = datetime.combine(first + number * _ONE_DAY, at, zone)
        if moment.utcoffset() != moment.replace(fold=1).utcoffset():
            return True
    return False
