"""A programme of many challenges that is lived through the command line, and what was foreseen.

It is lived as `tests/integration/year.py` lives one challenge, but nobody looks at what has nothing
to do: a challenge is looked at when its own forecast says that something happens, and again as long
as looking finds something to do.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from typing import Any

from notifications.courier import MOST_A_ROUND
from tests.integration.year import (
    FIRST,
    MORNING,
    NOON,
    OF_NO_FORECAST,
    ZONE,
    Typist,
    address,
    local,
)  # fmt: skip
from tests.rehearsal import acting, cast

CLOSED = "closed"
Said = Counter[tuple[str, date, str, str]]
"""Of a challenge: on which day which notice to whom."""


@dataclass
class Programme(Typist):
    """A rehearsal with many challenges, all imported on the first day."""

    visits: list[cast.Visit] = field(default_factory=list)
    foreseen: Said = field(default_factory=Counter)
    looks: dict[datetime, set[str]] = field(default_factory=lambda: defaultdict(set))
    closing: dict[str, date] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    commands: int = 0
    sent: int = 0

    @cached_property
    def idle(self) -> set[str]:
        """The challenges on which nobody acts."""
        return {visit.reference for visit in self.visits if visit.is_idle}

    def type(self, *arguments: str, more: tuple[int, ...] = ()) -> str:
        """Type a command; return what it answers. None is a process of its own: there are many."""
        self.commands += 1
        return self.desk.type(*arguments, codes=(0, *more)).stdout

    def begin(self) -> None:
        """Make the rehearsal: import the people and the challenges from their files."""
        folder = self.desk.folder
        self.set_clock(datetime.combine(FIRST, MORNING, ZONE))
        self.type("init", "--rehearsal")
        for name in (cast.PROGRAMME, cast.COUNTERSIGN):
            self.type("person", "add", name.title(), address(name), "--administrator")
        self.desk.environment["PEER_CHALLENGE_ACTOR"] = address(cast.PROGRAMME)
        cast.write_people(self.visits, folder / "people.csv")
        cast.write_challenges(self.visits, folder / "challenges.csv")
        self.type("person", "import", str(folder / "people.csv"))
        self.type("import", str(folder / "challenges.csv"))

    def foresee(self, until: date, *, on_each: Callable[[], None] = lambda: None) -> None:
        """Ask of each challenge what will be sent before a day, and when to look at it."""
        for visit in self.visits:
            flags = ("--nobody-acts",) if visit.is_idle else ()
            for entry in self.read("forecast", visit.reference, *flags)["entries"]:
                at = local(entry["at"])
                if at.date() < until:
                    self._note(visit.reference, entry, at)
            on_each()

    def _note(self, reference: str, entry: dict[str, Any], at: datetime) -> None:
        if entry["kind"] != "deadline":
            self.looks.setdefault(at, set())  # the machine works then
        if entry["kind"] in ("task", "stage"):
            self.looks[at].add(reference)
        if entry["kind"] in ("task", "stage", "deadline"):
            self.looks[acting.noon(at.date())].add(reference)
        if entry["kind"] == "stage" and entry["key"] == CLOSED:
            self.closing[reference] = at.date()
        if entry["kind"] in ("message", "reminder", "escalation"):
            for recipient in entry["to"]:
                self.foreseen[reference, at.date(), entry["key"], recipient] += 1

    def live(self, last: date, *, on_day: Callable[[date], None] = lambda day: None) -> None:
        """Let each day pass, up to the end of the last."""
        day = self.now.date()
        with acting.crew() as crew:
            while day <= last:
                for at in self._moments_of(day):
                    self.set_clock(at)
                    self.post()
                    looked_at = self.looks.pop(at, set())
                    while looked_at := self.keep_up(looked_at, crew):
                        self.post()
                on_day(day)
                day += timedelta(days=1)

    def _moments_of(self, day: date) -> Iterator[datetime]:
        fixed = {datetime.combine(day, when, ZONE) for when in (MORNING, NOON)}
        at = max(self.now, datetime.combine(day, time(0), ZONE) - timedelta(microseconds=1))
        while ahead := [m for m in fixed | self.looks.keys() if m > at and m.date() == day]:
            at = min(ahead)
            yield at

    def post(self) -> None:
        """Let the machine work until nothing more goes out."""
        sent = MOST_A_ROUND
        while sent >= MOST_A_ROUND:
            self.ticks += 1
            sent = int(self.read("tick")["sent"])
            self.sent += sent

    def keep_up(self, references: set[str], crew: Executor) -> set[str]:
        """Let people act on challenges, side by side; return those on which they did.

        What is to be destroyed goes afterwards, one after the other.
        """
        going = sorted(references - self.over - self.idle)
        found = list(crew.map(partial(acting.keep_up, self.desk), going))
        for acted in found:
            self.commands += acted.commands
            for at in acted.looks:
                self.looks[at].add(acted.reference)
            for rule in acted.rules:
                self._destroy(acted.reference, rule)
            if acted.is_over:
                self.over.add(acted.reference)
        return {acted.reference for acted in found if acted.has_acted}

    def _destroy(self, reference: str, rule: str) -> None:
        self.type("retention", "request", reference, rule)
        self.type("--as", address(cast.COUNTERSIGN), "retention", "approve", reference, rule)
        self.type("retention", "destroy", reference, rule, "--yes")

    def said(self) -> tuple[Said, list[dict[str, Any]]]:
        """Return what was raised of what had been foreseen, and the whole outbox."""
        rows: list[dict[str, Any]] = self.read("mail", "list")["messages"]
        found = Counter(
            (row["challenges"][0], local(row["created_at"]).date(), row["notices"][0], row["to"])
            for row in rows
            if row["challenges"] and row["notices"][0] not in OF_NO_FORECAST
        )
        return found, rows
