"""Reads when a rung of a ladder speaks: `7 days before target`, `every day after limit`."""

import re
from dataclasses import replace

from workflow.model.language.phrases import RungTime, Unit
from workflow.model.language.timing import read_time, read_timing
from workflow.model.language.words import Phrase, read_phrase

_HINT = "7 days before target"
_AT = re.compile(r"(?P<rest>.+) at (?P<time>.+)")
_EVERY = re.compile(r"every (?P<left>.+?) after (?P<right>.+)")


def parse_rung_time(value: object) -> RungTime:
    """Return when a rung of a ladder speaks: by the task's own dates, or by anything else.

    Raises:
        PhraseError: it is not such a time.
    """
    phrase = read_phrase(value, _HINT)
    body, at = phrase.lowered, None
    if found := _AT.fullmatch(body):
        body, at = found["rest"], read_time(phrase, found["time"])
    is_repeated = body.startswith("every ")
    timing = read_timing(phrase, _single(phrase, body) if is_repeated else body, text=phrase.text)
    if timing.unit is Unit.HOURS and at:
        raise phrase.refuse("hours are elapsed time: they take no time of day", is_hinted=False)
    if timing.since is not None:
        raise phrase.refuse("a reminder goes out on one day, not in a window")
    if timing.edge is not None:
        raise phrase.refuse(
            "a reminder goes out when the programme sends, or at a time: write for example "
            '"on limit at 08:00"',
            is_hinted=False,
        )
    return RungTime(phrase.text, replace(timing, at=at or timing.at), is_repeated)


def _single(phrase: Phrase, body: str) -> str:
    """Return the first turn of what repeats: `every 2 days after limit` is `2 days after limit`."""
    if not (found := _EVERY.fullmatch(body)):
        raise phrase.refuse(
            'what repeats comes after something: write for example "every 2 working days after '
            'limit"',
            is_hinted=False,
        )
    left = found["left"]
    is_counted = left[:1].isdigit() or " " in left.removeprefix("working ")
    return f"{left if is_counted else f'1 {left}'} after {found['right']}"
