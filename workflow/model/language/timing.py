"""Reads when something is: `4 weeks after onsite_end`, `19:00 on the day before onsite_start`."""

import re
from dataclasses import dataclass
from datetime import time

from workflow.model.language.phrases import Anchor, Choice, Edge, Roll, RungTime, Timing, Unit
from workflow.model.language.words import Phrase, read_phrase, split_list

SELF_WORDS = ("opening", "joining", "leaving", "target", "limit", "day")

_HINT = "4 weeks after onsite_end"
_RUNG_HINT = "7 days before target"
_TIME_HINT = "19:00"
_SAYINGS = {"it opens": "opening", "told": "opening", "{day}": "day"}
_PARTS = ("limit", "target")
_RUNG_ANCHORS = ("opening", "target", "limit")
_CHOICES = {
    "later": Choice.LATEST,
    "latest": Choice.LATEST,
    "earlier": Choice.EARLIEST,
    "earliest": Choice.EARLIEST,
}
_ROLL = re.compile(r"(?P<rest>.*?),? rolled\b(?P<to>.*)")
_ROLL_TO = re.compile(r" to the (?P<way>next|previous) working day")
_EDGE = re.compile(r"(?:the )?(?P<edge>start|end) of (?P<rest>.+)")
_TIME_ON = re.compile(r"(?P<time>.+?) on (?P<rest>.+)")
_OFFSET = re.compile(r"(?P<left>.*?) ?\b(?P<way>after|before) (?P<right>.+)")
_CHOSEN = re.compile(r"(?:the )?(?P<choice>later|latest|earlier|earliest) of (?P<names>.+)")
_WINDOW = re.compile(r"\bto\b|\.\.|\w-\w")
_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})")
_HALF_DAY = re.compile(r"(?P<hour>0?[1-9]|1[0-2])(?:[.:](?P<minute>[0-9]{2}))? ?(?P<half>am|pm)")
_AT = re.compile(r"(?P<rest>.+) at (?P<time>.+)")


@dataclass(frozen=True, slots=True)
class _Offset:
    """So many units after (or, when negative, before) what `right` says."""

    count: int
    unit: Unit
    right: str


def parse_timing(value: object) -> Timing:
    """Return the day or moment that `value` says.

    Raises:
        PhraseError: it is not a timing.
    """
    phrase = read_phrase(value, _HINT)
    body, roll = _read_roll(phrase, phrase.lowered)
    body, edge = _read_edge(body)
    body, at = _read_time_on(phrase, body)
    if _EDGE.fullmatch(body) or (edge and at):
        raise phrase.refuse('"start of" or "end of" a day, or a time of day, not both')
    offset = _read_offset(phrase, body)
    if offset.unit is Unit.HOURS and (at or edge or roll):
        raise phrase.refuse(
            "hours are elapsed time and end at their own moment: they take no time of day, no "
            '"start of" or "end of" and no working day',
            is_hinted=False,
        )
    anchor = _read_anchor(phrase, offset.right)
    return Timing(phrase.text, anchor, offset.count, offset.unit, at, edge, roll)


def parse_rung_time(value: object) -> RungTime:
    """Return when a rung of a ladder speaks, by the task's opening, target or limit.

    Raises:
        PhraseError: it is not such a time.
    """
    phrase = read_phrase(value, _RUNG_HINT)
    body, at = phrase.lowered, None
    if found := _AT.fullmatch(body):
        body, at = found["rest"], _read_time(phrase, found["time"])
    is_repeated = body.startswith("every ")
    offset = _read_every(phrase, body[6:]) if is_repeated else _read_offset(phrase, body)
    if offset.unit is Unit.HOURS and at:
        raise phrase.refuse("hours are elapsed time: they take no time of day", is_hinted=False)
    anchor = _SAYINGS.get(offset.right, offset.right)
    if anchor not in _RUNG_ANCHORS:
        raise phrase.unknown("anchor", anchor, _RUNG_ANCHORS)
    return RungTime(phrase.text, anchor, offset.count, offset.unit, at, is_repeated)


def parse_time_of_day(value: object) -> time:
    """Return a local time of day: `19:00`, `7.00pm`, `7 pm`, `noon`.

    Raises:
        PhraseError: it is not a time of day.
    """
    phrase = read_phrase(value, _TIME_HINT)
    return _read_time(phrase, phrase.lowered)


def _read_roll(phrase: Phrase, body: str) -> tuple[str, Roll | None]:
    """Return `body` without `, rolled to the next working day`, and the roll."""
    if not (found := _ROLL.fullmatch(body)):
        return body, None
    if not (way := _ROLL_TO.fullmatch(found["to"])):
        raise phrase.refuse(
            'a day is "rolled to the next working day" or "rolled to the previous working day", '
            f'not "rolled{found["to"]}"',
            is_hinted=False,
        )
    return found["rest"], Roll(way["way"])


def _read_edge(body: str) -> tuple[str, Edge | None]:
    """Return `body` without `start of` or `end of`, and the edge."""
    found = _EDGE.fullmatch(body)
    return (found["rest"], Edge(found["edge"])) if found else (body, None)


def _read_time_on(phrase: Phrase, body: str) -> tuple[str, time | None]:
    """Return `body` without `19:00 on`, and the time."""
    if found := _TIME_ON.fullmatch(body):
        return found["rest"], _read_time(phrase, found["time"].removeprefix("at "))
    if _AT.fullmatch(body):
        raise phrase.refuse(
            'a time of day comes first: write for example "19:00 on the day before onsite_start"',
            is_hinted=False,
        )
    return body.removeprefix("on "), None


def _read_time(phrase: Phrase, text: str) -> time:
    """Return the time of day that `text` says."""
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
    if not (found := _OFFSET.fullmatch(body)):
        return _Offset(0, Unit.DAYS, body.removeprefix("on "))
    left = found["left"]
    count, unit = (1, Unit.DAYS) if left == "the day" else _read_amount(phrase, left)
    return _Offset(count if found["way"] == "after" else -count, unit, found["right"])


def _read_every(phrase: Phrase, body: str) -> _Offset:
    """Return the step of a repeated time: `2 working days after limit`, `day after limit`."""
    found = _OFFSET.fullmatch(body)
    if not found or found["way"] != "after":
        raise phrase.refuse(
            'what repeats comes after something: write for example "every 2 working days after '
            'limit"',
            is_hinted=False,
        )
    left = found["left"]
    is_counted = left[:1].isdigit() or " " in left.removeprefix("working ")
    count, unit = _read_amount(phrase, left if is_counted else f"1 {left}")
    return _Offset(count, unit, found["right"])


def _read_amount(phrase: Phrase, text: str) -> tuple[int, Unit]:
    """Return the number and the unit that `text` says: `10 working days`, `four weeks`."""
    number, _, unit = text.partition(" ")
    if _WINDOW.search(text):
        raise phrase.refuse(
            "a timing is one day, not a window: give its two ends apart, as opens, target or limit"
        )
    if not unit:
        raise phrase.refuse('a number and a unit are wanted before "after" or "before"')
    return phrase.number(number), phrase.unit(unit)


def _read_anchor(phrase: Phrase, text: str) -> Anchor:
    """Return what `text` counts from: one anchor, or the latest or earliest of several."""
    if not (found := _CHOSEN.fullmatch(text)):
        return Anchor((_read_name(phrase, text),))
    names = tuple(_read_name(phrase, name) for name in split_list(found["names"], "and"))
    if len(set(names)) < max(2, len(names)):
        raise phrase.refuse(
            f'"the {found["choice"]} of" takes two or more different anchors: write for example '
            f'"the {found["choice"]} of report_sent and onsite_end"',
            is_hinted=False,
        )
    return Anchor(names, _CHOICES[found["choice"]])


def _read_name(phrase: Phrase, text: str) -> str:
    """Return one anchor: a key, `TASK.limit`, `TASK.target`, or a word for the task itself."""
    text = _SAYINGS.get(text, text)
    key, dot, part = text.partition(".")
    phrase.key(key, "a date, a task, a stage, TASK.limit or TASK.target")
    if dot and part not in _PARTS:
        raise phrase.unknown("part of a task", part, _PARTS)
    return text
