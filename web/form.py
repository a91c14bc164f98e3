"""What people typed into a form, read into an answer, or into what is wrong with it. Pure."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from workflow.answering.questions import Question
from workflow.model.calendar import MONTHS
from workflow.model.custody.holdings import is_statement
from workflow.model.errors import PhraseError
from workflow.model.language.timing import parse_time_of_day
from workflow.model.records.events import Confirmation

DONE, CANNOT, TIME = "done", "cannot", "time"
ACCEPT, DECLINE = "accept", "decline"
SETTLING = frozenset({ACCEPT, DECLINE})
DESTROYED = "DESTROYED"
MOST_WORDS = 2_000
MOST_LINE = 200
"""Characters in one field, of several lines or of one."""

LONG = ("done-words", "why", "time-words", "reason")
"""The fields that may have more than one line; a number may follow."""

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
_YEARS = range(2000, 2100)
_CENTURY = 2000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and the field where it can be put right."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """It was done on a day; `media` says of what is destroyed how, and when."""

    on: date
    attested: tuple[str, ...]
    words: str
    media: tuple[Confirmation, ...] = ()


@dataclass(frozen=True, slots=True)
class Cannot:
    """It cannot be done."""

    why: str


@dataclass(frozen=True, slots=True)
class AnotherTime:
    """Another time would suit."""

    words: str
    moment: datetime | None


@dataclass(frozen=True, slots=True)
class Settled:
    """An answer of somebody else counts; or, for a reason, it does not."""

    number: int
    reason: str | None


Answer = Done | Cannot | AnotherTime | Settled


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of a form, by name, as they were typed but for what nobody can see."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @staticmethod
    def of(pairs: Iterable[tuple[str, object]]) -> "Typed":
        """Return what was typed, from the names and values of a form; files are left out."""
        found: dict[str, tuple[str, ...]] = {}
        for name, value in pairs:
            if isinstance(value, str):
                text = _clean(value) if _is_long(name) else " ".join(_clean(value).split())
                found[name] = (*found.get(name, ()), text)
        return Typed(found)

    def get(self, name: str, default: str = "") -> str:
        """Return what a field holds."""
        return self.fields.get(name, (default,))[-1]

    def every(self, name: str) -> tuple[str, ...]:
        """Return all that a field holds, such as the boxes that are ticked."""
        return self.fields.get(name, ())

    @property
    def words(self) -> tuple[str, ...]:
        """Return what was written in words of one's own, so that it is not lost."""
        return tuple(said[-1] for name, said in self.fields.items() if _is_long(name) and said[-1])


def _is_long(name: str) -> bool:
    return name.rstrip("0123456789").removesuffix("-") in LONG


def _clean(text: str) -> str:
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def read(
    typed: Typed, question: Question, *, at: datetime
) -> tuple[Answer | None, tuple[Problem, ...]]:
    """Return the answer that was typed, or what is wrong with it: one of the two."""
    reading = _Reading(typed, question, at)
    answer = reading.answer()
    return (None if reading.problems else answer), tuple(reading.problems)


class _Reading:
    """Reads one form, and gathers its problems in the order of the page."""

    def __init__(self, typed: Typed, question: Question, at: datetime) -> None:
        self._typed, self._question, self._at = typed, question, at
        self.problems: list[Problem] = []

    def answer(self) -> Answer | None:
        """Return what was answered, as far as it can be read."""
        match self._typed.get("what"):
            case what if what in SETTLING:
                return self._settled(what)
            case "done":
                return self._done()
            case "cannot":
                return Cannot(self._words("why", "Write why it cannot be done"))
            case "time" if self._question.can_propose_time:
                return self._another_time()
            case _:
                self._wrong("main-content", "Choose one of the answers on this page")
                return None

    def _settled(self, what: str) -> Settled | None:
        number = self._typed.get("answer")
        if number not in {str(one.number) for one in self._question.waiting}:
            self._wrong("main-content", "This answer does not wait any more")
            return None
        if what == ACCEPT:
            return Settled(int(number), None)
        reason = self._words(f"reason-{number}", "Write why the answer does not count")
        return Settled(int(number), reason)

    def _done(self) -> Done | None:
        """Read the form of what was done: in the order of the page, as people put it right."""
        attested = self._attested()
        methods = self._methods(attested) if self._question.is_destruction else []
        said = [
            f"{key}={self._words(f'evidence-{number}').replace(';', ',')}"
            for number, key in enumerate(self._question.evidence, start=1)
            if self._typed.get(f"evidence-{number}")
        ]
        on = self._day("done", "Enter the day on which it was done, such as 9 3 2027")
        words = self._words("done-words")
        if self._question.evidence and not said and not words:
            wanted = ", ".join(key.replace("_", " ") for key in self._question.evidence)
            self._wrong("evidence-1", f"Say what shows it: {wanted}")
        if self._question.is_destruction and self._typed.get("typed").upper() != DESTROYED:
            self._wrong("typed", f"Type the word {DESTROYED} to confirm it")
        if on is None:
            return None
        media = tuple(
            Confirmation(medium=key, method=how, on=day or on) for key, how, day in methods
        )
        return Done(on, attested, "; ".join([*said, words] if words else said), media)

    def _attested(self) -> tuple[str, ...]:
        ticked = set(self._typed.every("item"))
        for number, key in enumerate(self._question.items, start=1):
            if key not in ticked:
                self._wrong(f"item-{number}", f"Confirm this too: {key.replace('_', ' ')}")
        return tuple(key for key in self._question.items if key in ticked)

    def _methods(self, attested: tuple[str, ...]) -> list[tuple[str, str, date | None]]:
        """Return how what is ticked was destroyed, and the day, where another one is given."""
        found: list[tuple[str, str, date | None]] = []
        for number, key in enumerate(self._question.items, start=1):
            if key not in attested or is_statement(key):
                continue
            how = self._words(f"how-{number}", f"Say how: {key.replace('_', ' ')}")
            text = self._typed.get(f"when-{number}")
            try:
                found.append((key, how, _day_in(text) if text else None))
            except ValueError:
                self._wrong(f"when-{number}", "Enter a day such as 9 3 2027, or leave it out")
        return found

    def _another_time(self) -> AnotherTime:
        parts = [self._typed.get(f"time-{part}") for part in ("day", "month", "year")]
        at = self._typed.get("time-at")
        is_named = any((*parts, at))
        words = self._words("time-words", "" if is_named else "Write which time would suit")
        if not is_named:
            return AnotherTime(words, None)
        day = self._day("time", "Enter the day that would suit, such as 9 3 2027, or leave it out")
        hour = self._hour(at)
        moment = None if day is None or hour is None else self._moment(day, hour)
        return AnotherTime(words, moment)

    def _moment(self, day: date, hour: time) -> datetime | None:
        local = datetime.combine(day, hour, self._question.zone)
        moment = local.astimezone(UTC)
        if moment.astimezone(self._question.zone).replace(tzinfo=None) != local.replace(
            tzinfo=None
        ):
            self._wrong("time-at", "On that day the clocks go forward and skip this time")
        elif moment <= self._at:
            self._wrong("time-day", "The time that would suit must be still to come")
        return moment

    def _hour(self, text: str) -> time | None:
        try:
            return parse_time_of_day(text)
        except PhraseError:
            self._wrong("time-at", "Enter the time of day, such as 14:30 or 2.30pm")
            return None

    def _day(self, name: str, hint: str) -> date | None:
        """Return a day from its three fields; a month may be named."""
        day, month, year = (self._typed.get(f"{name}-{part}") for part in ("day", "month", "year"))
        try:
            return date(_year(year), _month(month), _number(day))
        except ValueError:
            self._wrong(f"{name}-day", hint)
            return None

    def _words(self, name: str, wanted: str = "") -> str:
        text = self._typed.get(name)
        if not text and wanted:
            self._wrong(name, wanted)
        most = MOST_WORDS if _is_long(name) else MOST_LINE
        if len(text) > most:
            self._wrong(name, f"Write at most {most:,} characters; it has {len(text):,}")
        return text

    def _wrong(self, name: str, text: str) -> None:
        self.problems.append(Problem(name, text))


def _day_in(text: str) -> date:
    """Return the day that stands in one field, such as `9 3 2027` or `9 March 2027`."""
    day, month, year = re.split(r"[ ./-]+", text)
    return date(_year(year), _month(month), _number(day))


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text):
        raise ValueError
    return int(text)


def _month(text: str) -> int:
    """Return a month by its number, its name or the first three letters of it."""
    for number, name in enumerate(MONTHS, start=1):
        if text.casefold() in {name.casefold(), name[:3].casefold()}:
            return number
    return _number(text)


def _year(text: str) -> int:
    """Return a year; two digits mean this century."""
    year = _number(text) + (_CENTURY if len(text) == len("27") else 0)
    if year not in _YEARS:
        raise ValueError
    return year
