"""A programme of many challenges that is lived through the command line, and what was foreseen.

It is lived as `tests/integration/year.py` lives one challenge, but nobody looks at what has nothing
to do: a challenge is looked at when its own forecast says that something happens, and again as long
as looking finds something to do.
"""

import gc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from notifications.courier import MOST_A_ROUND
from tests.integration.year import (
    FIRST,
    MORNING,
    NOON,
    OF_NO_FORECAST,
    STEPS,
    ZONE,
    Typist,
    address,
    local,
)  # fmt: skip
from tests.rehearsal import cast
from workflow.model.lines import RETENTION_PREFIX

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
        self.looks[_noon(at.date())].add(reference)
        if entry["kind"] == "deadline":
            return
        self.looks[at].add(reference)
        if entry["kind"] == "stage" and entry["key"] == CLOSED:
            self.closing[reference] = at.date()
        if entry["kind"] in ("message", "reminder", "escalation"):
            for recipient in entry["to"]:
                self.foreseen[reference, at.date(), entry["key"], recipient] += 1

    def live(self, last: date, *, on_day: Callable[[date], None] = lambda day: None) -> None:
        """Let each day pass, up to the end of the last."""
        day = self.now.date()
        gc.freeze()  # the modules: else each day's collection would look through all of them
        while day <= last:
            for at in self._moments_of(day):
                self.set_clock(at)
                self.post()
                acting = self.looks.pop(at, set())
                while acting := {one for one in sorted(acting) if self.keep_up(one)}:
                    self.post()
            on_day(day)
            gc.collect()  # what a command leaves behind hangs in circles
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

    def keep_up(self, reference: str) -> bool:
        """Do what is due by now, or else take a step that can be taken; return whether one did.

        What follows is sent before anybody acts on it, as nobody is quicker than the mail.
        """
        if reference in self.over or reference in self.idle:
            return False
        found = self.read("show", reference)
        due = [task for task in found["tasks"] if self._is_due(task)]
        for task in due:
            self._do(reference, task)
        free = [s for s in found["steps"] if s["trigger"] in STEPS and not s["unmet"]]
        if free and not due:
            self.type("advance", reference, free[0]["trigger"], "--reason=as planned")
        elif found["is_final"] and not due:
            self.over.add(reference)
        elif not due:
            self._look_again(reference, found)
        return bool(due or free)

    def _look_again(self, reference: str, found: dict[str, Any]) -> None:
        """Note when to look next: at the noons on which something opens, or will be done."""
        ahead = {_noon_of(task) for task in found["tasks"] if task["status"] == "open"}
        opening = {line["opens_on"] for line in found["deadlines"]} - {None}
        ahead |= {_noon(date.fromisoformat(day)) for day in opening}
        for at in ahead:
            if at > self.now:
                self.looks[at].add(reference)

    def _do(self, reference: str, task: dict[str, Any]) -> None:
        if task["key"].startswith(RETENTION_PREFIX):
            rule = task["key"].removeprefix(RETENTION_PREFIX)
            self.type("retention", "request", reference, rule)
            self.type("--as", address(cast.COUNTERSIGN), "retention", "approve", reference, rule)
            self.type("retention", "destroy", reference, rule, "--yes")
        else:
            self.type("done", reference, task["id"], "--evidence=as agreed")

    def _is_due(self, task: dict[str, Any]) -> bool:
        """Return whether the noon of an open task has come."""
        return task["status"] == "open" and _noon_of(task) <= self.now

    def said(self) -> tuple[Said, list[dict[str, Any]]]:
        """Return what was raised of what had been foreseen, and the whole outbox."""
        rows: list[dict[str, Any]] = self.read("mail", "list")["messages"]
        found = Counter(
            (row["challenges"][0], local(row["created_at"]).date(), row["notices"][0], row["to"])
            for row in rows
            if row["challenges"] and row["notices"][0] not in OF_NO_FORECAST
        )
        return found, rows


def _noon_of(task: dict[str, Any]) -> datetime:
    """Return when an open task will be done: its target's noon, its limit's, or its opening's."""
    opened_on = local(task["opened_at"]).date().isoformat()
    on = date.fromisoformat(task["target_on"] or task["limit_on"] or opened_on)
    return _noon(on)


def _noon(day: date) -> datetime:
    return datetime.combine(day, NOON, ZONE)
