"""Reads for whom, for which days and how many: `peers, past and present`, `5..6`."""

import re
from datetime import date

from workflow.model.language.conditions import read_condition
from workflow.model.language.phrases import Count, Every, ForEach, QuietDays, Span, Unit
from workflow.model.language.snaps import MONTHS
from workflow.model.language.timing import read_timing
from workflow.model.language.words import Phrase, read_phrase

MOST_PEOPLE = 100
MOST_TURNS = 60

_HINT = "peers, past and present"
_DAY_HINT = "day from onsite_start to onsite_end, except the last"
_EVERY_HINT = "every 6 months after signed_off, until closed"
_QUIET_HINT = "24 December to 1 January"
_COUNT_HINT = "5..6"
_SPAN_HINT = "3..4 days of onsite_start"
_DAYS = re.compile(r"day from (?P<first>\S+) to (?P<last>[^\s,]+)(?:,? except (?P<except>.+))?")
_EVERY = re.compile(
    r"every (?P<amount>.+?) (?P<way>after|from) (?P<start>.+?)"
    r"(?P<last>,? then after the last one)?"
    r"(?:,? until (?P<until>[^,]+))?(?:,? at most (?P<most>\S+) times)?"
)
_YEARLY = re.compile(r"(?P<number>[0-9]{1,2}) (?P<month>[a-z]+)")
_LEAP_YEAR = 2000
_CAPABLE = re.compile(r"who are (?:an? )?(?P<capability>\S+)")
_RANGE = re.compile(r"(?P<least>\w+)(?: ?\.\. ?(?P<most>\w+))?")
_SPAN = re.compile(r"(?P<range>.+?) days? of (?P<of>.+)")
_ENDS = ("the first", "the last", "the first and last")
_KNOWN = ("past and present", "past", "who were issued something", "who were sampled")
_SELECTIONS = (*_KNOWN, "who are CAPABILITY")


def parse_for_each(value: object) -> ForEach:
    """Return for whom, or for which days, there is one task each.

    Raises:
        PhraseError: it is neither people nor days.
    """
    phrase = read_phrase(value, _HINT)
    if re.match(r"days?\b", phrase.lowered):
        return _read_days(phrase)
    if phrase.lowered.startswith("every "):
        return ForEach(phrase.text, every=_read_every(Phrase(phrase.text, _EVERY_HINT)))
    people, *selections = re.split(r"\s*,\s*", phrase.lowered)
    phrase.key(people, "a role or a group")
    chosen = [_read_selection(phrase, selection) for selection in selections]
    times = [selection for selection in chosen if selection in _KNOWN[:2]]
    capabilities = [name for name in chosen if name not in _SELECTIONS]
    if len(times) > 1 or len(capabilities) > 1 or len(set(chosen)) < len(chosen):
        raise phrase.refuse("each kind of selection may be said once")
    return ForEach(
        phrase.text,
        people=people,
        is_present="past" not in times,
        is_past=bool(times),
        is_issued="who were issued something" in chosen,
        is_sampled="who were sampled" in chosen,
        capability=capabilities[0] if capabilities else None,
    )


def parse_count(value: object) -> Count:
    """Return how many: `1`, `5..6`, `0..2`; at most 100.

    Raises:
        PhraseError: it is no such number or range.
    """
    is_number = isinstance(value, int) and not isinstance(value, bool)
    phrase = read_phrase(str(value)[:60] if is_number else value, _COUNT_HINT)
    least, most = _read_range(phrase, phrase.lowered)
    return Count(phrase.text, least, most)


def parse_span(value: object) -> Span:
    """Return how many days something lasts, both ends counted: `3..4 days of onsite_start`.

    Raises:
        PhraseError: it is no such span.
    """
    phrase = read_phrase(value, _SPAN_HINT)
    if not (found := _SPAN.fullmatch(phrase.lowered)):
        raise phrase.refuse("a span is a number of days, or a range, and the date it starts from")
    least, most = _read_range(phrase, found["range"])
    if least < 1:
        raise phrase.refuse("a span has at least one day: the first day is day 1")
    return Span(phrase.text, least, most, phrase.key(found["of"], "a date"))


def parse_quiet_days(value: object) -> QuietDays:
    """Return days on which nothing is sent: `24 December to 1 January`, `2027-03-01`.

    Raises:
        PhraseError: they are no such days.
    """
    phrase = read_phrase(value, _QUIET_HINT)
    ends = phrase.lowered.split(" to ")
    days = [_read_day(phrase, end) for end in ends]
    if len(days) > 2 or len({is_yearly for _, is_yearly in days}) > 1:  # noqa: PLR2004 (two ends)
        raise phrase.refuse("quiet days are one day, or one day to another, both written alike")
    (first, is_yearly), (last, _) = days[0], days[-1]
    if last < first and not is_yearly:
        raise phrase.refuse("the first day comes first, the last one after it")
    return QuietDays(phrase.text, first, last, is_yearly)


def _read_day(phrase: Phrase, text: str) -> tuple[date, bool]:
    """Return a day, and whether it is one of every year."""
    try:
        if (found := _YEARLY.fullmatch(text)) and found["month"] in MONTHS:
            return date(_LEAP_YEAR, MONTHS.index(found["month"]) + 1, int(found["number"])), True
        return date.fromisoformat(text), False
    except ValueError as error:
        why = f'"{text}" is not a day: write 24 December, or 2027-12-24'
        raise phrase.refuse(why) from error


def _read_every(phrase: Phrase) -> Every:
    """Return `every 6 months after A, until B, at most 10 times`."""
    if not (found := _EVERY.fullmatch(phrase.lowered)):
        raise phrase.refuse("what comes again and again counts from something")
    amount = found["amount"]
    number, _, unit = amount.partition(" ")
    if not unit or number == "working":
        number, unit = "1", amount
    read = phrase.unit(unit)
    if read is Unit.HOURS:
        raise phrase.refuse("tasks come again after days, weeks, months or years, not hours")
    start = read_timing(phrase, found["start"], text=found["start"])
    return Every(
        count=phrase.number(number),
        unit=read,
        start=start,
        is_from=found["way"] == "from",
        is_from_last=found["last"] is not None,
        until=read_condition(phrase, found["until"]) if found["until"] else None,
        at_most=phrase.number(found["most"], most=MOST_TURNS) if found["most"] else MOST_TURNS,
    )


def _read_days(phrase: Phrase) -> ForEach:
    """Return `day from A to B`, less the ends that are excepted."""
    if not (found := _DAYS.fullmatch(phrase.lowered)):
        raise Phrase(phrase.text, _DAY_HINT).refuse("days are selected from one date to another")
    ends = found["except"] or ""
    if ends and ends not in _ENDS:
        raise phrase.unknown("exception", ends, _ENDS)
    return ForEach(
        phrase.text,
        first_day=phrase.key(found["first"], "a date"),
        last_day=phrase.key(found["last"], "a date"),
        except_first="first" in ends,
        except_last="last" in ends,
    )


def _read_selection(phrase: Phrase, text: str) -> str:
    """Return one of the known selections, or the capability that `text` asks for."""
    if text in _KNOWN:
        return text
    if found := _CAPABLE.fullmatch(text):
        return phrase.key(found["capability"], "a capability")
    raise phrase.unknown("selection", text, _SELECTIONS)


def _read_range(phrase: Phrase, text: str) -> tuple[int, int]:
    """Return the least and the most of `5` or `5..6`, both from 0 to 100."""
    found = _RANGE.fullmatch(text)
    if not found:
        raise phrase.refuse(f"a number, or a range such as 5..6, is wanted, not {text}")
    least = _read_least(phrase, found["least"])
    most = _read_least(phrase, found["most"]) if found["most"] else least
    if least > most or not most:
        raise phrase.refuse("the least comes first, the most after it, and the most is not 0")
    return least, most


def _read_least(phrase: Phrase, word: str) -> int:
    """Return a number from 0 to 100."""
    return 0 if word == "0" else phrase.number(word, most=MOST_PEOPLE)
