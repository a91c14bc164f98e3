"""Days, moments, standings and people in words, as lists show them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from workflow.model.people import Person, name_in
from workflow.model.standing import Standing


def short_day(day: date | None, *, beside: date | None = None) -> str:
    """Return `Fri 25 Dec`, with the year where it is not the year of `beside`."""
    if day is None:
        return ""
    text = f"{day:%a} {day.day} {day:%b}"
    return text if beside is not None and beside.year == day.year else f"{text} {day.year}"


def long_day(day: date) -> str:
    """Return `Friday 25 December 2026`."""
    return f"{day:%A} {day.day} {day:%B} {day.year}"


def moment(at: datetime | None, zone: ZoneInfo) -> str:
    """Return `Fri 25 Dec 2026 09:00` in a zone."""
    if at is None:
        return ""
    local = at.astimezone(zone)
    return f"{short_day(local.date())} {local:%H:%M}"


def count(number: int, one: str, many: str = "") -> str:
    """Return `1 day`, `2 days`."""
    return f"{number} {one if number == 1 else many or f'{one}s'}"


def standing(value: Standing, due_on: date | None, today: date) -> str:
    """Return a standing in words, such as `late 2 days`, `due in 4 days`, `on track`."""
    if value is Standing.LATE and due_on is not None:
        days = (today - due_on).days
        return f"late {count(days, 'day')}" if days > 0 else "late"
    if value is Standing.DUE_SOON and due_on is not None:
        return due(due_on, today)
    plain = {
        Standing.AHEAD: "on track",
        Standing.MET: "done",
        Standing.MET_LATE: "done late",
        Standing.PAUSED: "paused",
        Standing.EXCUSED: "not needed",
        Standing.NOT_SET: "no date",
        Standing.LATE: "late",
        Standing.DUE_SOON: "due soon",
    }
    return plain[value]


def due(due_on: date, today: date) -> str:
    """Return `due today`, `due tomorrow`, `due in 4 days`; `due since …` when it is past."""
    days = (due_on - today).days
    if days < 0:
        return f"due {count(-days, 'day')} ago"
    return {0: "due today", 1: "due tomorrow"}.get(days, f"due in {days} days")


def deadline(target_on: date | None, limit_on: date | None, today: date) -> str:
    """Return the date that counts next, such as `target Tue 9 Mar` or `limit Fri 16 Apr`."""
    if target_on is not None and (limit_on is None or target_on >= today):
        return f"target {short_day(target_on, beside=today)}"
    return f"limit {short_day(limit_on, beside=today)}" if limit_on is not None else ""


def listing(items: Sequence[str], *, most: int = 6) -> str:
    """Return `a, b and c`; of many only the first few."""
    kept = list(items[:most])
    if len(items) > most:
        kept = [*items[: most - 1], f"{len(items) - most + 1} more"]
    return " and ".join([", ".join(kept[:-1]), kept[-1]]) if len(kept) > 1 else "".join(kept)


def sentence(key: str) -> str:
    """Return a key as words: `call_peer` is `call peer`."""
    return key.replace("_", " ")


def name_of(person: int | None, people: Mapping[int, Person]) -> str:
    """Return a person's name, of one who is not known `person 4`; nobody has none."""
    return "" if person is None else name_in(f"{{p{person}}}", people)


def address_of(person: int | None, people: Mapping[int, Person]) -> str | None:
    """Return a person's address; None of nobody, and of one who is not known."""
    found = people.get(person) if person is not None else None
    return found.email if found else None
