"""Days, moments and counts as people say them."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from workflow.model.calendar import in_words

_NOON = time(12)
_LAST_MINUTE = time(23, 59)


def in_words_of_the_year(day: date) -> str:
    """Return `Tuesday 9 March`: the year goes without saying."""
    return in_words(day).rsplit(" ", 1)[0]


def span_in_words(first: date, last: date) -> str:
    """Return `Tuesday 16 to Friday 19 March 2027`, without saying a month or a year twice."""
    if first == last:
        return in_words(first)
    start = in_words_of_the_year(first) if first.year == last.year else in_words(first)
    if (first.year, first.month) == (last.year, last.month):
        start = start.rsplit(" ", 1)[0]
    return f"{start} to {in_words(last)}"


def clock_in_words(at: time) -> str:
    """Return `7pm`, `7.30pm`, `9am` or `noon`."""
    if at == _NOON:
        return "noon"
    minutes = f".{at.minute:02}" if at.minute else ""
    return f"{(at.hour - 1) % 12 + 1}{minutes}{'am' if at < _NOON else 'pm'}"


def moment_in_words(at: datetime, zone: ZoneInfo) -> str:
    """Return `7pm on Monday 15 March 2027` in `zone`; only the day where the whole day counts."""
    local = at.astimezone(zone)
    if local.time() >= _LAST_MINUTE:
        return in_words(local.date())
    return f"{clock_in_words(local.time())} on {in_words(local.date())}"


def several(count: int, one: str, many: str) -> str:
    """Return `a call`, `4 calls`: `one` is said whole, `many` after its number."""
    return one if count == 1 else f"{count} {many}"
