"""Days and times of day as people write them, against the day on which they wrote. Pure."""

import re
from collections.abc import Iterator
from datetime import date, time, timedelta

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEK = 7

_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_NUMBER = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:,? ?(\d{4}))?"
_WEEKDAY = r"(mon|tue|wed|thu|fri|sat|sun)(?:day|sday|nesday|rsday|urday|s|rs|r)?"
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b")
_FIGURES = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})\b")
_DAY_MONTH = re.compile(rf"\b{_NUMBER} (?:of )?{_MONTH}{_YEAR}(?![\w:])")
_MONTH_DAY = re.compile(rf"\b{_MONTH} (?:the )?{_NUMBER}{_YEAR}(?![\w:])")
_NAMED = re.compile(rf"\b(last |next |this |coming )?{_WEEKDAY}\b")
_AGO = re.compile(r"\b(a|one|two|three|four|five|six|\d{1,2}) (day|week)s? ago\b")
_NEAR = re.compile(
    r"\b(today|this morning|this afternoon|this evening|tonight|yesterday|last night|tomorrow)\b"
)
_OFFSETS = {"yesterday": -1, "last night": -1, "tomorrow": 1}
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_CLOCK = re.compile(
    r"\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))? ?(?P<half>am|pm|a\.m\.|p\.m\.)(?!\w)"
    r"|\b(?P<hour24>\d{1,2}):(?P<minute24>\d{2})\b"
    r"|\b(?P<noon>noon|midday)\b"
)
_NOON = 12


def days_in(text: str, *, on: date, is_past: bool) -> set[date]:
    """Return the days that a text names, as it was written `on` a day.

    A weekday, or a day without its year, is the nearest one before that day or on it; where it is
    not `is_past`, the nearest one after it.
    """
    found: set[date] = set()
    rest = text.casefold()
    for pattern, read in _READERS:
        for match in pattern.finditer(rest):
            found.update(read(match, on, is_past))
        rest = pattern.sub(" ", rest)
    return found


def times_in(text: str) -> set[time]:
    """Return the times of day that a text names; a bare number is none."""
    found = (_time(match) for match in _CLOCK.finditer(text.casefold()))
    return {moment for moment in found if moment is not None}


def _time(match: re.Match[str]) -> time | None:
    if match["noon"]:
        return time(_NOON)
    hour, minute = int(match["hour"] or match["hour24"]), match["minute"] or match["minute24"]
    if match["half"]:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if match["half"].startswith("p") else 0)
    try:
        return time(hour, int(minute or 0))
    except ValueError:
        return None


def _day(year: int, month: int, number: int) -> Iterator[date]:
    try:
        yield date(year, month, number)
    except ValueError:
        return


def _iso(match: re.Match[str], on: date, is_past: bool) -> Iterator[date]:  # noqa: FBT001
    yield from _day(int(match[1]), int(match[2]), int(match[3]))


def _figures(match: re.Match[str], on: date, is_past: bool) -> Iterator[date]:  # noqa: FBT001
    year = int(f"20{match[3]}"[-4:])
    yield from _day(year, int(match[2]), int(match[1]))


def _day_month(match: re.Match[str], on: date, is_past: bool) -> Iterator[date]:  # noqa: FBT001
    yield from _nearest(match[3], match[2], match[1], on=on, is_past=is_past)


def _month_day(match: re.Match[str], on: date, is_past: bool) -> Iterator[date]:  # noqa: FBT001
    yield from _nearest(match[3], match[1], match[2], on=on, is_past=is_past)


def _nearest(
    year: str | None, month: str, number: str, *, on: date, is_past: bool
) -> Iterator[date]:
    at = next(index for index, name in enumerate(MONTHS, 1) if name.startswith(month))
    if year is not None:
        yield from _day(int(year), at, int(number))
        return
    years = range(on.year, on.year - 5, -1) if is_past else range(on.year, on.year + 5)
    near = (day for each in years for day in _day(each, at, int(number)))
    fitting = (day for day in near if (day <= on if is_past else day >= on))
    yield from [day for day in [next(fitting, None)] if day is not None]


def _named(match: re.Match[str], on: date, is_past: bool) -> Iterator[date]:  # noqa: FBT001
    at = next(index for index, name in enumerate(WEEKDAYS) if name.startswith(match[2]))
    word = (match[1] or "").strip()
    if word == "last" or (is_past and not word):
        back = (on.weekday() - at) % WEEK
        yield on - timedelta(days=back or (WEEK if word == "last" else 0))
    else:
        yield on + timedelta(days=(at - on.weekday()) % WEEK or WEEK)


def _ago(match: re.Match[str], on: date, is_past: bool) -> Iterator[date]:  # noqa: FBT001
    count = _COUNTS.get(match[1]) or int(match[1])
    yield on - timedelta(days=count * (WEEK if match[2] == "week" else 1))


def _near(match: re.Match[str], on: date, is_past: bool) -> Iterator[date]:  # noqa: FBT001
    yield on + timedelta(days=_OFFSETS.get(match[1], 0))


_READERS = (
    (_ISO, _iso),
    (_FIGURES, _figures),
    (_DAY_MONTH, _day_month),
    (_MONTH_DAY, _month_day),
    (_AGO, _ago),
    (_NEAR, _near),
    (_NAMED, _named),
)
