"""Reads what must be so, and what happens: `team_agreed is done`, `onsite_start moves`."""

import re
from collections.abc import Mapping

from workflow.model.errors import PhraseError
from workflow.model.language.phrases import (
    AnyOf,
    Condition,
    Happening,
    Occasion,
    Opening,
    Test,
    Timing,
    Way,
)
from workflow.model.language.timing import SELF_WORDS, parse_timing
from workflow.model.language.words import Phrase, read_phrase, split_list

_HINT = "scope_agreed is done"
_OPENING_HINT = "when team_agreed is done, or on leaving"
_OCCASION_HINT = "onsite_start moves"
_ANY_HINT = "{any: 2, of: [first_call, second_call, third_call]}"
_SUBJECT = "a task, a date, a stage, a role or a group"
_TESTS = (Test.DONE, Test.KNOWN, Test.REACHED, Test.ENTERED, Test.FILLED)

_OR = re.compile(
    r"(?P<kept>\bon or (?:after|before)\b|\bunless \w+(?: or \w+\b(?= or |,| and |$))+)"
    r"|\s*,?\s+or\s+",
    re.IGNORECASE,
)
_AND = re.compile(r"\s*,?\s+and\s+", re.IGNORECASE)
_CHOICE = re.compile(r"\b(?:later|latest|earlier|earliest) of\b", re.IGNORECASE)
_ON = re.compile(r"on (?P<name>\w+)", re.IGNORECASE)
_TIMED = re.compile(r"\b(?:after|before|of|on|rolled)\b", re.IGNORECASE)
_CONDITIONAL = re.compile(r"\bis\b|\.enough\b", re.IGNORECASE)
_PERSON = re.compile(r"(?P<happening>joining|leaving)(?: of (?P<who>.+))?")
_STAGE = re.compile(r"(?P<stage>\S+) is entered")
_CLEARED = re.compile(r"(?P<date>\S+) is cleared")
_CHANGE = re.compile(r"(?P<what>.+) (?P<verb>moves?|changes?)")


def parse_requirement(value: object) -> Condition | AnyOf:
    """Return what must be so: `scope_agreed`, `peers.enough`, `{any: 2, of: [a, b, c]}`.

    Raises:
        PhraseError: it is not a requirement.
    """
    if isinstance(value, Mapping):
        return _read_any(value)
    phrase = read_phrase(value, _HINT)
    return read_condition(phrase, phrase.text)


def parse_opening(value: object) -> Opening:
    """Return when a task opens: any of its ways, separated by `or`.

    Raises:
        PhraseError: one of them cannot be read.
    """
    phrase = read_phrase(value, _OPENING_HINT)
    return Opening(phrase.text, tuple(_read_way(phrase, way) for way in _split_or(phrase.text)))


def parse_occasion(value: object) -> Occasion:
    """Return what happens: `joining of peers`, `closed is entered`, `onsite_start moves`.

    Raises:
        PhraseError: it is not such a happening.
    """
    phrase = read_phrase(value, _OCCASION_HINT)
    if found := _PERSON.fullmatch(phrase.lowered):
        subjects = _read_keys(phrase, found["who"], "a role or a group") if found["who"] else ()
        return Occasion(phrase.text, Happening(found["happening"]), subjects)
    if phrase.lowered == "every week":
        return Occasion(phrase.text, Happening.WEEKLY)
    if found := _CLEARED.fullmatch(phrase.lowered):
        return Occasion(phrase.text, Happening.CLEARED, (phrase.key(found["date"], "a date"),))
    if found := _STAGE.fullmatch(phrase.lowered):
        return Occasion(phrase.text, Happening.ENTERED, (phrase.key(found["stage"], "a stage"),))
    if not (found := _CHANGE.fullmatch(phrase.lowered)):
        raise phrase.refuse(
            "an occasion is joining, leaving, joining of GROUP, leaving of GROUP, STAGE is "
            "entered, DATE moves, DATE is cleared, GROUP changes or every week"
        )
    is_move = found["verb"].startswith("move")
    what = "a date" if is_move else "a role or a group"
    happening = Happening.MOVES if is_move else Happening.CHANGES
    return Occasion(phrase.text, happening, _read_keys(phrase, found["what"], what))


def _read_keys(phrase: Phrase, text: str, what: str) -> tuple[str, ...]:
    """Return the keys of `A`, `A or B`, `A, B or C`."""
    return tuple(phrase.key(name, what) for name in split_list(text, "or"))


def _read_any(value: Mapping[object, object]) -> AnyOf:
    """Return `{any: 2, of: [a, b, c]}`: at least so many of the conditions."""
    count, of = value.get("any"), value.get("of")
    if set(value) != {"any", "of"} or not isinstance(of, list | tuple) or not of:
        keys = ", ".join(str(key) for key in value)[:60]
        raise PhraseError(
            f"a choice has the keys any (a number) and of (a list), here: {keys or 'none'}; "
            f"write for example {_ANY_HINT}"
        )
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= len(of):
        raise PhraseError(
            f"any is a whole number from 1 to {len(of)}, as many as the list has at most, not "
            f"{str(count)[:60]}; write for example {_ANY_HINT}"
        )
    phrases = [read_phrase(item, _HINT) for item in of]
    return AnyOf(count, tuple(read_condition(phrase, phrase.text) for phrase in phrases))


def read_condition(phrase: Phrase, text: str) -> Condition:
    """Return the condition that `text`, a part of `phrase`, says.

    Raises:
        PhraseError: it says none.
    """
    lowered = text.lower()
    if re.search(r" (?:or|and) ", lowered):
        raise phrase.refuse(
            "one condition at a time: several are a list, and of several enough is "
            "{any: 1, of: [a is known, b is known]}",
            is_hinted=False,
        )
    subject, separator, word = lowered.partition(" is ")
    if separator:
        test = word.removeprefix("not ")
        if test not in _TESTS:
            raise phrase.unknown("word after is", test, [test.value for test in _TESTS])
        is_not = test != word
        return Condition(text, phrase.key(subject, _SUBJECT), Test(test), is_not)
    subject, dot, part = lowered.partition(".")
    if dot and part != Test.ENOUGH:
        raise phrase.unknown("part of a role or group", part, [Test.ENOUGH.value])
    return Condition(text, phrase.key(subject, _SUBJECT), Test.ENOUGH if dot else Test.HOLDS)


def _read_way(phrase: Phrase, text: str) -> Way:
    """Return one way to open: conditions and at most one timing, joined by `and`."""
    conditions: list[Condition] = []
    timings: list[Timing] = []
    is_leaving = False
    for part in _split_and(text):
        is_leaving = is_leaving or part.lower() == "on leaving"
        read = _read_part(phrase, part, is_condition_meant=bool(conditions))
        if isinstance(read, Condition):
            conditions.append(read)
        elif read:
            timings.append(read)
    if len(timings) > 1:
        raise phrase.refuse('one way has one timing: join two with "the later of … and …"')
    return Way(tuple(conditions), timings[0] if timings else None, is_leaving)


def _split_or(text: str) -> list[str]:
    """Return the ways to open; `on or after` and `unless A or B` are in one piece."""
    return _OR.sub(lambda found: found["kept"] or "\n", text).split("\n")


def _split_and(text: str) -> list[str]:
    """Return the parts of one way, leaving `the later of A and B` in one piece, as the last."""
    chosen = _CHOICE.search(text)
    parts = _AND.split(text[: chosen.start()] if chosen else text)
    if chosen:
        parts[-1] += text[chosen.start() :]
    return parts


def _read_part(phrase: Phrase, text: str, *, is_condition_meant: bool) -> Condition | Timing | None:
    """Return a condition or a timing; None for `on leaving`."""
    if text.lower() == "on leaving":
        return None
    if text.lower().startswith("when "):
        return read_condition(phrase, text[5:])
    entered = _ON.fullmatch(text)
    if entered and entered["name"].lower() not in SELF_WORDS:
        stage = phrase.key(entered["name"].lower(), "a stage")
        return Condition(f"{stage} is entered", stage, Test.ENTERED)
    if _TIMED.search(text):
        return parse_timing(text)
    if is_condition_meant:
        return read_condition(phrase, text)
    if _CONDITIONAL.search(text):
        raise phrase.refuse(f'a condition begins with when: write "when {text}"', is_hinted=False)
    return parse_timing(text)
