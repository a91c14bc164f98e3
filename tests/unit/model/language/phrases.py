"""Phrases of each kind, whole and with one word missing: how they are read, or what is said."""

from collections.abc import Callable, Iterator
from pathlib import Path

from tests.unit.model.chronicle.telling import told
from tests.unit.model.test_spans import TEXTS
from workflow.model.errors import PhraseError
from workflow.model.language.conditions import parse_occasion, parse_opening, parse_requirement
from workflow.model.language.rungs import parse_rung_time
from workflow.model.language.selections import (
    parse_count,
    parse_for_each,
    parse_quiet_days,
    parse_span,
)
from workflow.model.language.timing import parse_amount, parse_time_of_day, parse_timing

FILE = Path(__file__).with_name("phrases.txt")
TIMINGS = [
    *TEXTS, "x", "opening", "on x", "noon on x", "at 7.00pm on x", "7pm on x", "12am on x",
    "25:00 on x", "13pm on x", "midnight on x", "4 to 6 weeks after x", "6 to 4 weeks after x",
    "3..5 working days before x", "2-3 months after x", "within 3 weeks of x", "within 3 weeks",
    "no later than 4 weeks after x", "not later than noon on x", "at least 3 days before x",
    "10 working days after x, in the calendar bank, rolled to the next working day",
    "3 days after x, unless y or z", "3 days after x, rolled to the nearest working day",
    "3 days after x, rolled", "3 days from x", "3 weeks starting with x", "eleven days after x",
    "0 days after x", "1001 days after x", "thirteen days after x", "3 fortnights after x",
    "3 days after the latest of x and y and z", "the latest of x and y", "the later of x",
    "3 days after the earlier of x and 2 weeks after y", "the day after the day before x",
    "start of the day after x", "3 clear hours after x", "2 clear weeks before x", "after x",
    "the last day of the month of x", "the 31st of the month of x", "the 32nd of the month of x",
    "the third Monday after x", "30 February after x", "1 March before x", "29 February after x",
    "x and y", "x.limit", "2 days after x.recorded", "X-1", "1 x", "3 days after 4 days", "",
]  # fmt: skip
REQUIREMENTS = [
    "x", "x is done", "x is not done", "x is known", "x is not known", "x is reached",
    "x is entered", "x is not entered", "peers.enough", "peers is filled", "boss is not filled",
    "x is happy", "x is", "is done", "x is done or y is done", "x is done and y", "x.enough y",
]  # fmt: skip
OPENINGS = [
    "when x is done", "when x is done and y is known", "when x is done or when y is known",
    "3 weeks after x", "3 weeks after x or when y is done and z is known", "x", "when x",
    "when x is done or y is done", "the later of x and y", "when x is done and 3 days after y",
]  # fmt: skip
OCCASIONS = [
    "joining", "leaving", "joining of peers", "leaving of peers", "first is entered", "x moves",
    "x is cleared", "peers change", "peers changes", "x move", "every week", "every month", "x",
    "x or y moves", "x, y and z change", "joining of", "x is known",
]  # fmt: skip
SELECTIONS = [
    "peers", "peers, past and present", "peers who are leads", "peers, who are a lead",
    "peers who were sampled", "peers, past and present, who were sampled", "person", "the peers",
    "day from start to end", "day from start to end, except the first",
    "day from start to end, except the last", "day from start to end except the first and last",
    "day from start to end, except Monday", "day from start", "days from start to end",
    "every 6 months after x", "every 6 months from x, until y",
    "every 2 weeks after x at most 3 times",
    "every 2 weeks after x, then after the last one, until y, at most 6 times",
    "every week after x", "every 2 weeks", "every 0 weeks after x", "every 2 hours after x",
    "every 2 weeks after x, at most 0 times", "every 2 weeks after x, at most 1001 times",
]  # fmt: skip
RUNGS = [
    "on limit", "on opening", "7 days before target", "on limit at 08:00", "3 days after x at 9am",
    "every 2 working days after limit", "every 2 weeks after limit at 07:30", "every day after x",
    "every 2 days before limit", "19:00 on x at 08:00", "5 hours after opening at 08:00",
    "every 3 hours after x", "at 08:00", "every 2 working days", "on limit at 8",
]  # fmt: skip
QUIET = [
    "24 December to 1 January", "2027-03-01", "24 December", "2027-03-01 to 2027-04-02",
    "24 Dezember", "31 February", "29 February", "2027-02-30", "1 January to 24", "0 May", "32 May",
    *(f"{number} {month}" for number, month in enumerate((
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december"), 1)),
]  # fmt: skip
COUNTS = ["1", "5..6", "0..2", "6..5", "one..two", "x", "1..", "..2", "1001", "0", "2 .. 3"]
SPANS = ["3..4 days of x", "3 days of x", "1 day of x", "4..3 days of x", "days of x", "3 days of"]
AMOUNTS = [
    "2 months", "up to 20 working days", "1 day", "twelve weeks", "0 days", "72 hours", "up to x",
    "2 clear days", "up to", "2", "months",
]  # fmt: skip
TIMES = ["19:00", "7.00pm", "7pm", "12am", "12pm", "noon", "0:00", "24:00", "7", "7:60", "midnight"]
Parse = Callable[[object], object]
KINDS: dict[str, tuple[Parse, list[str]]] = {
    "timing": (parse_timing, TIMINGS),
    "requirement": (parse_requirement, REQUIREMENTS),
    "opening": (parse_opening, OPENINGS),
    "occasion": (parse_occasion, OCCASIONS),
    "for each": (parse_for_each, SELECTIONS),
    "rung": (parse_rung_time, RUNGS),
    "quiet days": (parse_quiet_days, QUIET),
    "count": (parse_count, COUNTS),
    "span": (parse_span, SPANS),
    "amount": (parse_amount, AMOUNTS),
    "time of day": (parse_time_of_day, TIMES),
}


def readings() -> Iterator[str]:
    """Yield each phrase with what it is read as, and what else is said of it with a word less."""
    known: set[str] = set()
    for kind, (parse, phrases) in KINDS.items():
        for phrase in phrases:
            yield f"{kind}: {phrase} => {_read(parse, phrase)}"
            for word in dict.fromkeys(phrase.split()):
                less = " ".join(phrase.replace(word, "", 1).split())
                line = f"{kind}: {less} => {_read(parse, less)}"
                if line not in known:
                    known.add(line)
                    yield line


def _read(parse: Parse, phrase: str) -> str:
    try:
        return told(parse(phrase))
    except PhraseError as error:
        return f"no: {error}"


if __name__ == "__main__":
    FILE.write_text("".join(f"{line}\n" for line in readings()), encoding="utf-8")
