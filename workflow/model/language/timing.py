"""Reads when something is: `4 weeks after onsite_end`, `19:00 on the day before onsite_start`."""

import re
from dataclasses import dataclass, replace
from datetime import time

from workflow.model.language.phrases import (
    Amount,
    Anchor,
    Choice,
    Counting,
    Edge,
    Roll,
    Timing,
    Unit,
)
from workflow.model.language.snaps import is_snap, read_snap
from workflow.model.language.words import Phrase, read_phrase, split_list

OWN_WORDS = ("opening", "joining", "leaving", "target", "limit", "day")
SELF_WORDS = (*OWN_WORDS, "last_activity")

_HINT = "4 weeks after onsite_end"
_TIME_HINT = "19:00"
_AMOUNT_HINT = "2 months"
_NOT_BOTH = '"start of" or "end of" a day, or a time of day, not both'
_SAYINGS = {
    "it opens": "opening",
    "told": "opening",
    "{day}": "day",
    "last activity": "last_activity",
    "the last activity": "last_activity",
}
PARTS = ("limit", "target", "opened", "recorded")
_CHOICES = {
    "later": Choice.LATEST,
    "latest": Choice.LATEST,
    "earlier": Choice.EARLIEST,
    "earliest": Choice.EARLIEST,
}
_NOISE = re.compile(r"(?:within|no later than|not later than|at least) (?P<rest>.+)")
_WITHIN_OF = re.compile(r"within (?P<left>\S+ (?:clear )?(?:working )?[a-z]+) of (?P<right>.+)")
_MORE = r"(?P<more>(?:(?:,| (?=in the calendar|rolled|unless)).*)?)"
_CALENDAR = re.compile(r"(?P<rest>.*?),? in the calendar (?P<name>[^\s,]+)" + _MORE)
_UNLESS = re.compile(r"(?P<rest>.*?),? unless (?P<names>\w+(?: or \w+)*)" + _MORE)
_ROLL = re.compile(r"(?P<rest>.*?),? rolled\b(?P<to>.*)")
_OF_OPTION = re.compile(r", (?=in the calendar|rolled|unless)")
_FROM = re.compile(r".+ (?:days?|weeks?|months?|years?) (?:from|starting|commencing)\b.+")
_ROLL_TO = re.compile(r" to the (?P<way>next|previous) working day")
_EDGE = re.compile(r"(?:the )?(?P<edge>start|end) of (?P<rest>.+)")
_TIME_ON = re.compile(r"(?P<time>.+?) on (?P<rest>.+)")
_OFFSET = re.compile(
    r"(?P<left>.*?) ?\b(?P<way>after|before|beginning with|ending with) (?P<right>.+)"
)
_CHOSEN = re.compile(r"(?:the )?(?P<choice>later|latest|earlier|earliest) of (?P<names>.+)")
_WINDOW = re.compile(r"(?P<since>\w+) ?(?:to|\.\.|-) ?(?P<until>\w+) (?P<unit>.+)")
_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})")
_HALF_DAY = re.compile(r"(?P<hour>0?[1-9]|1[0-2])(?:[.:](?P<minute>[0-9]{2}))? ?(?P<half>am|pm)")
_AT = re.compile(r"(?P<rest>.+) at (?P<time>.+)")
_COUNTED = re.compile(r"\b(?:after|before|with|of)\b")


@dataclass(frozen=True, slots=True)
class _Offset:
    """So many units after (or, when negative, before) what `right` says."""

    count: int
    unit: Unit
    right: str
    counting: Counting = Counting.FROM_NEXT
    since: int | None = None


def parse_timing(value: object) -> Timing:
    """Return the day or moment that `value` says.

    Raises:
        PhraseError: it is not a timing.
    """
    phrase = read_phrase(value, _HINT)
    return read_timing(phrase, phrase.lowered, text=phrase.text)


def read_timing(phrase: Phrase, body: str, *, text: str) -> Timing:
    """Return the timing that `body`, a part of `phrase` in small letters, says; `text` is kept."""
    body, calendar = _read_calendar(phrase, body)
    body, unless = _read_unless(phrase, body)
    body, roll = _read_roll(phrase, body)
    body = _plain(phrase, body)
    body, edge, at = _read_moment(phrase, body)
    snap = read_snap(phrase, body)
    if snap is not None and (edge is None or snap[1] is None):
        offset, edge = _Offset(0, Unit.DAYS, body), edge or snap[1]
    else:
        offset = _read_offset(phrase, body)
    if at and edge:
        raise phrase.refuse(_NOT_BOTH)
    if offset.unit is Unit.HOURS and (at or edge or roll or offset.counting is Counting.CLEAR):
        raise phrase.refuse(
            "hours are elapsed time and end at their own moment: they take no time of day, no "
            '"start of" or "end of" and no working day',
            is_hinted=False,
        )
    return Timing(
        text=text,
        anchor=_read_anchor(phrase, offset.right),
        count=offset.count,
        unit=offset.unit,
        at=at,
        edge=edge,
        roll=roll,
        counting=offset.counting,
        since=offset.since,
        calendar=calendar,
        unless=unless,
    )


def parse_time_of_day(value: object) -> time:
    """Return a local time of day: `19:00`, `7.00pm`, `7 pm`, `noon`.

    Raises:
        PhraseError: it is not a time of day.
    """
    phrase = read_phrase(value, _TIME_HINT)
    return read_time(phrase, phrase.lowered)


def parse_amount(value: object) -> Amount:
    """Return how much time: `2 months`, `up to 20 working days`.

    Raises:
        PhraseError: it is no such amount.
    """
    phrase = read_phrase(value, _AMOUNT_HINT)
    body = phrase.lowered.removeprefix("up to ")
    number, _, unit = body.partition(" ")
    if not unit:
        raise phrase.refuse("a number and a unit are wanted")
    count = phrase.number(number)
    return Amount(phrase.text, count, phrase.unit(unit), body != phrase.lowered)


def _read_calendar(phrase: Phrase, body: str) -> tuple[str, str | None]:
    """Return `body` without `in the calendar NAME`, and the name."""
    found = _CALENDAR.fullmatch(body)
    if found is None or _is_of_part(found):
        return body, None
    return found["rest"] + found["more"], phrase.key(found["name"], "a calendar")


def _read_unless(phrase: Phrase, body: str) -> tuple[str, tuple[str, ...]]:
    """Return `body` without `unless A or B`, and the names."""
    found = _UNLESS.fullmatch(body)
    if found is None:
        if " unless " in body:
            raise phrase.refuse(
                'after "unless" stands a date: work the rest out first, as a date of its own '
                '(dates: {last_day: {is: 1 month after b}}), and say "unless last_day"',
                is_hinted=False,
            )
        return body, ()
    if _is_of_part(found):
        return body, ()
    names = tuple(phrase.key(name, "a date") for name in split_list(found["names"], "or"))
    return found["rest"] + found["more"], names


def _is_of_part(found: re.Match[str]) -> bool:
    """Return whether an option is followed by another one of several that are chosen from."""
    return " and " in found["more"]


def _plain(phrase: Phrase, body: str) -> str:
    """Return `body` without words that change nothing: `within`, `no later than`, `at least`."""
    if found := _WITHIN_OF.fullmatch(body):
        return f"{found['left']} after {found['right']}"
    if body.startswith("at least ") and " before " not in body:
        raise phrase.refuse(
            'a least time is a minimum: say it with `not_before`, without "at least"',
            is_hinted=False,
        )
    if found := _NOISE.fullmatch(body):
        return _plain(phrase, str(found["rest"]))
    if _FROM.fullmatch(body):
        raise phrase.refuse(
            'say whether the first day counts: "after" (it does not) or "beginning with" (it does)'
        )
    return body


def _read_roll(phrase: Phrase, body: str) -> tuple[str, Roll | None]:
    """Return `body` without `, rolled to the next working day`, and the roll."""
    found = _ROLL.fullmatch(body)
    way = _ROLL_TO.fullmatch(found["to"]) if found else None
    if found is None or (way is None and _CHOSEN.search(body)):
        return body, None
    if way is None:
        raise phrase.refuse(
            'a day is "rolled to the next working day" or "rolled to the previous working day", '
            f'not "rolled{found["to"]}"',
            is_hinted=False,
        )
    return found["rest"], Roll(way["way"])


def _read_moment(phrase: Phrase, body: str) -> tuple[str, Edge | None, time | None]:
    """Return `body` without `start of`, `end of` or `19:00 on`, and what it said."""
    bare = body.removeprefix("on ")
    if is_snap(bare):
        return bare, None, None
    if found := _EDGE.fullmatch(body):
        rest, second, at = _read_moment(phrase, found["rest"])
        if at is not None or second is not None:
            raise phrase.refuse(_NOT_BOTH)
        return rest, Edge(found["edge"]), None
    if found := _time_on(body):
        if _EDGE.fullmatch(found["rest"]) and not is_snap(found["rest"]):
            raise phrase.refuse(_NOT_BOTH)
        return found["rest"], None, read_time(phrase, _clock_text(found["time"]))
    if _AT.fullmatch(body):
        raise phrase.refuse(
            'a time of day comes first: write for example "19:00 on the day before onsite_start"',
            is_hinted=False,
        )
    return bare, None, None


def _time_on(text: str) -> re.Match[str] | None:
    """Return what of `19:00 on DAY` is the time and the rest; None when the text is none."""
    found = _TIME_ON.fullmatch(text)
    return None if found is None or _COUNTED.search(found["time"]) else found


def _clock_text(text: str) -> str:
    return text.removeprefix("at ").removeprefix("by ")


def read_time(phrase: Phrase, text: str) -> time:
    """Return the time of day that `text` says.

    Raises:
        PhraseError: it is not a time of day.
    """
    if text == "noon":
        return time(12)
    try:
        if found := _CLOCK.fullmatch(text):
            return time(int(found["hour"]), int(found["minute"]))
        if found := _HALF_DAY.fullmatch(text):
            later = 12 if found["half"] == "pm" else 0
            return time(int(found["hour"]) % 12 + later, int(found["minute"] or 0))
    except ValueError:
        pass
    raise phrase.refuse(
        f'"{text}" is not a time of day; write 19:00, 7.00pm, 7pm or noon (midnight is the '
        '"end of" a day, or 00:00 on it)',
        is_hinted=False,
    )


def _read_offset(phrase: Phrase, body: str) -> _Offset:
    """Return how far `body` is from its anchor: nothing for a bare anchor, or `on` one."""
    if _CHOSEN.fullmatch(body):
        return _Offset(0, Unit.DAYS, body)
    if not (found := _OFFSET.fullmatch(body)):
        return _Offset(0, Unit.DAYS, body.removeprefix("on "))
    left, way, right = found["left"], found["way"], found["right"]
    if left == "the day" and way in ("after", "before"):
        return _Offset(1 if way == "after" else -1, Unit.DAYS, right)
    return read_amount(phrase, left, way=way, right=right)


def read_amount(phrase: Phrase, left: str, *, way: str, right: str) -> _Offset:
    """Return `10 working days`, `5 clear days`, `10 to 12 months` before or after something."""
    sign = -1 if way in ("before", "ending with") else 1
    counting = Counting.FROM_SAME if "with" in way else Counting.FROM_NEXT
    since, text = None, left
    if window := _WINDOW.fullmatch(left):
        since, text = phrase.number(window["since"]), f"{window['until']} {window['unit']}"
    number, _, unit = text.partition(" ")
    if not unit:
        raise phrase.refuse(f'a number and a unit are wanted before "{way}"')
    if unit.startswith("clear "):
        unit = unit.removeprefix("clear ")
        if counting is Counting.FROM_SAME:
            raise phrase.refuse(
                f'clear days leave out both ends: they come before "after", not "{way}"'
            )
        counting = Counting.CLEAR
    count = phrase.number(number)
    if " and " in unit:
        raise phrase.refuse(
            "say one after the other: 1 day after 2 months after A", is_hinted=False
        )
    if since is not None:
        if sign > 0 and since > count:
            raise phrase.refuse("the smaller number comes first")
        since, count = sorted((since * sign, count * sign))
        return _Offset(count, phrase.unit(unit), right, counting, since)
    return _Offset(count * sign, phrase.unit(unit), right, counting)


def _read_anchor(phrase: Phrase, text: str) -> Anchor:
    """Return what `text` counts from: one anchor, a day of the calendar, or one of several."""
    if snapped := read_snap(phrase, text):
        start = read_timing(phrase, snapped[2], text=snapped[2])
        return Anchor(start.names, of=(start,), snap=snapped[0])
    if found := _CHOSEN.fullmatch(text):
        return _read_choice(phrase, found["choice"], found["names"])
    if _OFFSET.fullmatch(text) or _time_on(text):
        inner = read_timing(phrase, text, text=text)
        return Anchor(inner.names, of=(inner,))
    if re.search(r" (?:and|or) ", text):
        raise phrase.refuse(
            'of several, say which one counts: "the later of A and B", "the earlier of A and B"',
            is_hinted=False,
        )
    return Anchor((read_name(phrase, text),))


def _read_choice(phrase: Phrase, choice: str, text: str) -> Anchor:
    """Return the later or earlier of several anchors or timings."""
    parts = split_list(_OF_OPTION.sub(" ", text), "and")
    timings = [read_timing(phrase, part, text=part) for part in parts]
    if len({replace(timing, text="") for timing in timings}) < max(2, len(timings)):
        raise phrase.refuse(
            f'"the {choice} of" takes two or more different anchors: write for example '
            f'"the {choice} of report_sent and onsite_end"',
            is_hinted=False,
        )
    names = tuple(dict.fromkeys(name for timing in timings for name in timing.names))
    is_plain = all(timing == Timing(timing.text, timing.anchor) for timing in timings)
    of = () if is_plain and len(names) == len(timings) else tuple(timings)
    return Anchor(names, _CHOICES[choice], of)


def read_name(phrase: Phrase, text: str) -> str:
    """Return one anchor: a key, `TASK.limit`, `DATE.recorded`, or a word for the task itself.

    Raises:
        PhraseError: it is no such name.
    """
    text = _SAYINGS.get(text, text)
    key, dot, part = text.partition(".")
    phrase.key(key, "a date, a task, a stage, TASK.limit or TASK.target")
    if dot and part not in PARTS:
        raise phrase.unknown("part of a task", part, PARTS)
    return text
