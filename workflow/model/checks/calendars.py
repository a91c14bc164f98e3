"""Checks calendars, what stands in those of people, and when reminders may go out."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from workflow.model.calendar import weekend_of
from workflow.model.checks.duties import BRACES
from workflow.model.checks.finding import Finding, Path, Scope, find_unknown, name_all
from workflow.model.checks.places import timings, within
from workflow.model.checks.reach.late import hangs_on
from workflow.model.checks.spans import Measure, is_later
from workflow.model.definition import Definition, Invitation
from workflow.model.duties import UK_CALENDARS, LocalCalendar, Sending, TaskSpec
from workflow.model.errors import InvalidInput
from workflow.model.language.phrases import QuietDays, Timing, Unit
from workflow.model.language.timing import parse_time_of_day

MOST_QUIET = 60
MOST_HOURS = 24
_WEEK = 7
_WHEN = ("first", "at", "task")
_WITH = {"last": ("first",), "lasts": ("at", "task"), "stage": ("first", "at")}
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
    for name, invitation in parts.invitations.items():
        yield from _find_in_invitation(parts, ("invitations", name), invitation)


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


def _find_in_invitation(parts: Definition, path: Path, invitation: Invitation) -> Iterator[Finding]:
    """Give what is wrong with an entry in people's calendars."""
    given = [key for key in _WHEN if getattr(invitation, key)]
    if len(given) != 1:
        shown = " and ".join(given) if given else "none of them is given"
        text = f"exactly one of {', '.join(_WHEN)} says when it is; here: {shown}"
        yield Finding(path, text)
        return
    for key, wants in _WITH.items():
        if getattr(invitation, key) and given[0] not in wants:
            text = f"`{key}` goes with {' or '.join(wants)}, not with {given[0]}"
            yield Finding((*path, key), f"{text}; leave it out")
    if not invitation.to:
        yield Finding((*path, "to"), "it stands in nobody's calendar: name a role or a group")
    yield from _find_in_time(parts, path, invitation)
    task = parts.tasks.get(invitation.task or "")
    if task or not invitation.task:
        yield from _find_for_task(path, invitation, task)


def _find_in_time(parts: Definition, path: Path, invitation: Invitation) -> Iterator[Finding]:
    """Give what is wrong with the days or the hours of an entry."""
    if invitation.at and not (invitation.at.at or invitation.at.unit is Unit.HOURS):
        text = f'"{invitation.at.text}" is a whole day; begin with the time of day, such as'
        yield Finding((*path, "at"), f'{text} "19:00 on …", or write it under first')
    for key in ("first", "last"):
        timing = getattr(invitation, key)
        if timing and (timing.at or timing.unit is Unit.HOURS):
            text = f'"{timing.text}" is a time of day, but this is a whole day'
            yield Finding((*path, key), f"{text}; leave out the time, or write it under at")
    for key in ("first", "at"):
        yield from _find_after_all(parts, (*path, key), getattr(invitation, key))
    lasts = invitation.lasts
    if lasts and (lasts.unit is not Unit.HOURS or lasts.is_at_most or lasts.count > MOST_HOURS):
        text = f'"{lasts.text}": an entry lasts 1 to {MOST_HOURS} hours'
        yield Finding((*path, "lasts"), f"{text}; whole days stand under first and last")
    if invitation.first and invitation.last:
        first, last = (Measure(parts).moment(t) for t in (invitation.first, invitation.last))
        if is_later(first, last):
            text = "it would end before it begins: last lies before first"
            yield Finding((*path, "last"), f"{text}; move one of the two")


def _find_after_all(parts: Definition, path: Path, timing: Timing | None) -> Iterator[Finding]:
    """Give the entry that would stand there only once all is over."""
    for name, stage in parts.stages.items():
        if timing and stage.final and hangs_on(parts, timing, name):
            text = (
                f'entering "{name}" ends the challenge, and takes what lies ahead out of calendars'
            )
            yield Finding(path, f"{text}; count from something earlier")
            return


def _find_for_task(path: Path, invitation: Invitation, task: TaskSpec | None) -> Iterator[Finding]:
    """Give what an entry says of its task, and the task has not; or of a task without one."""
    if task is None and not invitation.title:
        yield Finding(path, "nothing says what it is called; add `title:`")
    if task and task.target is None and task.limit is None:
        text = f'"{invitation.task}" has neither target nor limit, so that it has no day'
        yield Finding((*path, "task"), f"{text} to stand on; name another task")
    is_personal = bool(task and task.for_each and task.for_each.people)
    for index, word in enumerate(invitation.to):
        if (word == "by" and task is None) or (word == "person" and not is_personal):
            wanted = "a task that is for each person" if word == "person" else "a task"
            text = f"`{word}` needs {wanted}; name a role or a group"
            yield Finding((*path, "to", index), text)
    allowed = {"{client}"}
    if task and task.for_each:
        allowed.add("{person}" if task.for_each.people else "{day}")
    for found in sorted(set(BRACES.findall(invitation.title or "")) - allowed):
        text = f"{found} stands for nothing here; allowed: {', '.join(sorted(allowed))}"
        yield Finding((*path, "title"), text)


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
    for name, invitation in parts.invitations.items():
        at = invitation.at.at if invitation.at else None
        named.append((("invitations", name, "at"), at))
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
