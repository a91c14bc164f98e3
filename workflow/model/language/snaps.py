"""Reads days of the calendar: `end of the month of A`, `the first Monday after A`."""

import re

from workflow.model.language.phrases import ANY_MONTH, Edge, InPeriod, NextSuch, Period, Snap
from workflow.model.language.words import Phrase

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

_PERIODS = "|".join(period.value for period in Period)
_IN_PERIOD = re.compile(
    r"(?:the )?(?P<which>start|end|first day|last day|first working day|last working day"
    r"|[0-9]{1,2}(?:st|nd|rd|th)) of the (?P<period>" + _PERIODS + r")"
    r" (?P<way>of|after|before) (?P<rest>.+)"
)
_KINDS = "|".join(("working day", *WEEKDAYS))
_NEXT = re.compile(
    r"the (?:(?P<order>first|next|last|previous) )?(?P<kind>" + _KINDS + r")"
    r" (?P<same>on or )?(?P<way>after|before) (?P<rest>.+)"
)
_DATE = re.compile(
    r"(?:the )?(?P<number>[0-9]{1,2})(?:st|nd|rd|th)? (?:of )?(?P<month>" + "|".join(MONTHS) + r")"
    r" (?P<same>on or )?(?P<way>after|before) (?P<rest>.+)"
)
_MONTHLY = re.compile(
    r"(?:the )?(?P<number>[0-9]{1,2})(?:st|nd|rd|th)"
    r" (?P<same>on or )?(?P<way>after|before) (?P<rest>.+)"
)
_SHIFTS = {"of": 0, "after": 1, "before": -1}
_LONGEST_MONTH = 31
_DAYS_IN = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_snap(text: str) -> bool:
    """Return whether `text` (in small letters) names a day of the calendar."""
    return any(pattern.fullmatch(text) for pattern in (_IN_PERIOD, _NEXT, _DATE, _MONTHLY))


def read_snap(phrase: Phrase, text: str) -> tuple[Snap, Edge | None, str] | None:
    """Return the day of the calendar, the end of it that is meant, and what it starts from.

    None when `text` names no such day.

    Raises:
        PhraseError: there is no such day of the month.
    """
    if found := _IN_PERIOD.fullmatch(text):
        return _read_period(phrase, found)
    if found := _NEXT.fullmatch(text):
        kind = found["kind"]
        weekday = None if kind == "working day" else WEEKDAYS.index(kind)
        return _next(phrase, found, weekday=weekday), None, found["rest"]
    if found := _DATE.fullmatch(text):
        month = MONTHS.index(found["month"]) + 1
        number = _number(phrase, found["number"], most=_DAYS_IN[month - 1])
        return _next(phrase, found, month=month, number=number), None, found["rest"]
    if found := _MONTHLY.fullmatch(text):
        number = _number(phrase, found["number"], most=_LONGEST_MONTH)
        return _next(phrase, found, month=ANY_MONTH, number=number), None, found["rest"]
    return None


def _read_period(phrase: Phrase, found: re.Match[str]) -> tuple[Snap, Edge | None, str]:
    which, period = found["which"], Period(found["period"])
    edge = Edge.START if which.startswith(("start", "first")) else Edge.END
    number = None
    if which[0].isdigit():
        if period is not Period.MONTH:
            raise phrase.refuse(f"only a month has numbered days, not a {period}", is_hinted=False)
        number = _number(phrase, which[:-2], most=_LONGEST_MONTH)
    snap = InPeriod(
        period=period,
        shift=_SHIFTS[found["way"]],
        edge=edge,
        number=number,
        is_working="working" in which,
    )
    return snap, edge if which in ("start", "end") else None, found["rest"]


def _next(
    phrase: Phrase,
    found: re.Match[str],
    *,
    weekday: int | None = None,
    month: int | None = None,
    number: int = 1,
) -> NextSuch:
    is_before = found["way"] == "before"
    order = found.groupdict().get("order")
    if order in (("first", "next") if is_before else ("last", "previous")):
        right = "last" if is_before else "first"
        raise phrase.refuse(f'"the {order} … {found["way"]}" means no single day: say "{right}"')
    return NextSuch(
        weekday=weekday,
        month=month,
        number=number,
        is_before=is_before,
        is_same_allowed=found["same"] is not None,
    )


def _number(phrase: Phrase, text: str, *, most: int) -> int:
    if 1 <= int(text) <= most:
        return int(text)
    raise phrase.refuse(f"there is no day {text} in that month (1 to {most})", is_hinted=False)
