"""A year that is lived day by day through the command line, and what had been foreseen of it.

Every day has a `tick` at 12:00, and one at each other moment of that day of which a forecast has
spoken: a programme that never sleeps would work at those moments by itself (`run` looks every ten
seconds), and a day is then the same day on both sides. A message that no forecast has named would
go out at 12:00, and be found as one too many.

Whoever acts, acts at noon of the target's day (the limit's, where there is no target; the day of
opening, where there is neither), and at once where that has passed. What follows is sent before
anybody acts on it, as nobody is quicker than the mail.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.architecture.tree import ROOT
from tests.integration.cli.desk import DEFINITION, Desk
from tests.integration.post import Post
from workflow.model.lines import RETENTION_PREFIX
from workflow.store.keeping.marks import DESTROYED

ZONE = ZoneInfo("Europe/London")
FIRST, LAST = date(2026, 9, 1), date(2027, 8, 31)
APART = (date(2026, 10, 6), date(2026, 10, 8))
"""A stretch of days on which every command is a process of its own."""

MORNING, NOON = time(9), time(12)
TEAM = {
    "programme_manager": ("sam", "--administrator"),
    "challenge_manager": ("alex", ""),
    "client_contact": ("nia", ""),
    "system_lead": ("kit", ""),
    "member_lead": ("uma", ""),
    "lead_peer": ("ada", "--can=former_chief_executive"),
    "trust_peer": ("ben", "--can=trust_chief_executive"),
    "commissioning_peer": ("cara", "--can=clinical_leader"),
    "council_peer": ("dev", "--can=council_chief_executive"),
    "social_care_peer": ("eli", "--can=social_care_director"),
    "member_peer": ("fay", "--can=elected_member"),
    "system_peer": ("gus", "--can=independent_chair"),
}
SUBSTITUTE = ("hal", "--can=trust_chief_executive")
PEOPLE = (*TEAM.values(), SUBSTITUTE)
NAMES = tuple(name for name, _ in PEOPLE)
ON_TIME, IDLE, TROUBLED = "TIM-26", "IDL-26", "TRO-27"
VISITS = {
    ON_TIME: ("2026-11-24", "2026-11-27"),
    IDLE: ("2026-12-08", "2026-12-11"),
    TROUBLED: ("2027-01-12", "2027-01-15"),
}
STEPS = ("agree_scope", "confirm_team", "go_on_site", "present_feedback", "sign_off", "close")
MAIL_IS_AWAY = 75
OF_NO_FORECAST = {"calendar_entry", "calendar_cancelled", "answer_given", "address_refused"}
"""Entries, and what nobody could foresee."""

SILENT, AGAIN = date(2027, 2, 12), date(2027, 3, 2)
"""From when to when nobody acts on the troubled challenge, so that its draft is late."""

Said = Counter[tuple[date, str, str]]


def address(name: str) -> str:
    """Return somebody's address; a real mail server of the tests knows it, and no other does."""
    return f"{name}@challenge.test"


def local(moment: str) -> datetime:
    """Return a moment in the programme's zone."""
    return datetime.fromisoformat(moment).astimezone(ZONE)


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """What a forecast said of a challenge for a time, and which messages were there before."""

    reference: str
    entries: list[dict[str, Any]]
    known: frozenset[int]
    until: datetime

    def said(self) -> Said:
        """Return what was to be sent: on which day, which notice, to whom."""
        return Counter(
            (local(entry["at"]).date(), entry["key"], recipient)
            for entry in self.entries
            if entry["kind"] in ("message", "reminder", "escalation")
            and local(entry["at"]) < self.until
            for recipient in entry["to"]
        )

    def sent(self, rows: list[dict[str, Any]], arrived: set[str]) -> Said:
        """Return what was sent in that time, and has arrived."""
        return Counter(
            (local(row["sent_at"]).date(), row["notices"][0], row["to"])
            for row in rows
            if row["challenges"] == [self.reference]
            and row["notices"][0] not in OF_NO_FORECAST
            and row["id"] not in self.known
            and row["message_id"] in arrived
            and local(row["created_at"]) < self.until
        )

    def differences(self, rows: list[dict[str, Any]], arrived: set[str]) -> list[str]:
        """Return what was said and not sent, and what was sent and not said."""
        said, sent = self.said(), self.sent(rows, arrived)
        missing = [f"not sent: {day} {key} {to}" for day, key, to in (said - sent).elements()]
        more = [f"not foreseen: {day} {key} {to}" for day, key, to in (sent - said).elements()]
        return sorted(missing + more)


@dataclass
class Typist:
    """Types commands at set times; on some days each is a process of its own."""

    desk: Desk
    ticks: int = 0
    apart: int = 0

    @property
    def now(self) -> datetime:
        """The time that the rehearsal's clock shows."""
        return datetime.fromisoformat(self.desk.now)

    def set_clock(self, at: datetime) -> None:
        """Let the clock show another time."""
        self.desk.now = at.isoformat()

    def type(self, *arguments: str, more: tuple[int, ...] = ()) -> str:
        """Type a command; return what it answers. It ends with 0, or with one of `more`."""
        if not APART[0] <= self.now.date() <= APART[1]:
            return self.desk.type(*arguments, codes=(0, *more)).stdout
        self.apart += 1
        return subprocess.run(
            [sys.executable, "-c", "import cli; cli.main()", *arguments],
            env={**os.environ, **self.desk.surroundings(), "PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    def read(self, *arguments: str) -> dict[str, Any]:
        """Type a reading command; return its one object."""
        found: dict[str, Any] = json.loads(self.type(*arguments, "--json"))
        return found

    def tick(self) -> int:
        """Let the machine work; return at how many challenges it has looked."""
        self.ticks += 1
        return int(json.loads(self.type("tick", "--json", more=(MAIL_IS_AWAY,)))["looked_at"])

    def rows(self) -> list[dict[str, Any]]:
        """Return the outbox."""
        rows: list[dict[str, Any]] = self.read("mail", "list")["messages"]
        return rows


@dataclass
class Year(Typist):
    """A rehearsal with three challenges: one on time, one left alone, one in trouble."""

    skipped: frozenset[date] = frozenset()
    moments: set[datetime] = field(default_factory=set)
    forecasts: dict[str, Forecast] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    quiet: dict[str, datetime] = field(default_factory=dict)
    post: Post | None = None
    subjects: dict[int, str] = field(default_factory=dict)

    def begin(self) -> None:
        """Make the rehearsal: the people, and three challenges, one with its scope agreed."""
        self.set_clock(datetime.combine(FIRST, MORNING, ZONE))
        self.type("init", "--rehearsal")
        for name, fact in PEOPLE:
            self.type("person", "add", name.title(), address(name), *([fact] if fact else []))
        self.desk.environment["PEER_CHALLENGE_ACTOR"] = address("sam")
        roles = [f"--role={role}={address(name)}" for role, (name, _) in TEAM.items()]
        for reference, (start, end) in VISITS.items():
            self.type(
                "new", reference, f"--definition={DEFINITION}", "--title=A system",
                "--client=A system", f"--date=onsite_start={start}", f"--date=onsite_end={end}",
                *roles,
            )  # fmt: skip
        for task in ("commission", "scope_agreed"):
            self.type("done", IDLE, task, "--evidence=as agreed")
        self.type("advance", IDLE, "agree_scope")
        self.tick()

    def foresee(self, reference: str, until: date, *flags: str) -> None:
        """Keep what is foreseen now of a challenge, up to the beginning of a day."""
        entries = self.read("forecast", reference, *flags)["entries"]
        self.moments |= {local(one["at"]) for one in entries if one["kind"] != "deadline"}
        self.forecasts[f"{reference} from {self.now.date()}"] = Forecast(
            reference=reference,
            entries=entries,
            known=frozenset(row["id"] for row in self.rows()),
            until=datetime.combine(until, time(0), ZONE),
        )

    def quiet_day(self) -> date:
        """Return a day on which only the challenge that is left alone is written about."""
        days = {one.reference: {day for day, _, _ in one.said()} for one in self.forecasts.values()}
        return min(day for day in days[IDLE] - days[ON_TIME] if day > APART[1])

    def live(self, last: date) -> None:
        """Let each day pass, up to the end of the last."""
        day = self.now.date()
        while day <= last:
            for at in self._moments_of(day):
                self.set_clock(at)
                if self.post is not None:
                    self.post.before(self, at)
                if day not in self.skipped:
                    self._live_at(at)
            day += timedelta(days=1)

    def _live_at(self, at: datetime) -> None:
        looked_at = self.tick()
        if looked_at:
            self.quiet.clear()
        if looked_at or at.time() == NOON:
            self.act(at)

    def _moments_of(self, day: date) -> Iterator[datetime]:
        """Yield the moments of a day that lie ahead, with those that a forecast of it adds."""
        at = max(self.now, datetime.combine(day, time(0), ZONE) - timedelta(microseconds=1))
        moments = {datetime.combine(day, NOON, ZONE), *self.moments}
        while ahead := [m for m in moments if m > at and m.date() == day]:
            at = min(ahead)
            yield at

    def act(self, at: datetime) -> None:
        """Let people do at a moment what they do."""
        self.keep_up(ON_TIME)
        if at.time() == NOON:
            self._get_into_trouble(at.date())
        if at.date() == AGAIN and f"{TROUBLED} from {AGAIN}" not in self.forecasts:
            self.foresee(TROUBLED, LAST)
        if not SILENT <= at.date() < AGAIN:
            self.keep_up(TROUBLED)

    def keep_up(self, reference: str) -> None:
        """Do what is due by now, and take each step as soon as it can be taken."""
        while reference not in self.over and self.quiet.get(reference, self.now) <= self.now:
            found = self.read("show", reference)
            due = [task for task in found["tasks"] if self._is_due(task)]
            for task in due:
                self._do(reference, task)
            if due:
                self.tick()
                found = self.read("show", reference)
            while free := [s for s in found["steps"] if s["trigger"] in STEPS and not s["unmet"]]:
                self.type("advance", reference, free[0]["trigger"], "--reason=as planned")
                due.append({"id": "a step"})
                self.tick()
                found = self.read("show", reference)
            if found["is_final"]:
                self.over.add(reference)
            if not due:  # nor before the next noon that it waits for, unless something happens
                self.quiet[reference] = min(map(_noon, _open(found)), default=self.now)
                return

    def _do(self, reference: str, task: dict[str, Any]) -> None:
        """Let somebody do a task, and tell the manager: most of them by word of mouth."""
        if self.post is not None and self.post.is_answered(reference, task):
            self.post.answer(self, reference)
        elif task["key"].startswith(RETENTION_PREFIX):
            self._destroy(reference, task["key"].removeprefix(RETENTION_PREFIX))
        else:
            self.type("done", reference, task["id"], "--evidence=as agreed")

    def _destroy(self, reference: str, rule: str) -> None:
        """Let the manager ask to destroy our own copies, somebody else approve it, and do it."""
        manager = ("--as", address(TEAM["challenge_manager"][0]), "retention")
        self.type(*manager, "request", reference, rule)
        self.type("retention", "approve", reference, rule)
        self.subjects = {row["id"]: row["subject"] for row in self.sent()}
        self.type(*manager, "destroy", reference, rule, "--yes")

    def sent(self) -> list[dict[str, Any]]:
        """Return the outbox with the subjects that messages had before they were destroyed."""
        return [
            row | {"subject": self.subjects[row["id"]]} if row["subject"] == DESTROYED else row
            for row in self.rows()
        ]

    def _is_due(self, task: dict[str, Any]) -> bool:
        """Return whether the noon of an open task has come."""
        return task["status"] == "open" and _noon(task) <= self.now

    def _get_into_trouble(self, day: date) -> None:
        """Move a visit, let a peer leave and another come, and then let everybody fall silent."""
        self.quiet.pop(TROUBLED, None)
        if day == date(2026, 12, 1):
            self.type("date", TROUBLED, "onsite_start", "2027-01-19", "--reason=the client asked")
        if day == date(2026, 12, 10):
            self.type("release", TROUBLED, address("ben"), "--reason=called away")
        if day == date(2026, 12, 14):
            self.type("assign", TROUBLED, "trust_peer", address(SUBSTITUTE[0]))
        if day == SILENT:
            self.foresee(TROUBLED, AGAIN, "--nobody-acts")


def _open(found: dict[str, Any]) -> list[dict[str, Any]]:
    return [task for task in found["tasks"] if task["status"] == "open"]


def _noon(task: dict[str, Any]) -> datetime:
    """Return when somebody does an open task."""
    opened_on = local(task["opened_at"]).date().isoformat()
    on = date.fromisoformat(task["target_on"] or task["limit_on"] or opened_on)
    return datetime.combine(on, NOON, ZONE)
