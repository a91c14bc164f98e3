"""A year day by day, through the command line only; what was sent is what `forecast` had said.

Every day of the year has a `tick` at 09:00 and one at 12:00, and one at each other moment of that
day of which a forecast has spoken: a programme that never sleeps would work at those moments by
itself (`run` looks every ten seconds), and a day is then the same day on both sides. A message that
no forecast has named would go out at 09:00 or 12:00, and be found as one too many.

Whoever acts, acts at noon, and what follows is sent before anybody acts on it.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from notifications.sink import Sink
from tests.architecture.tree import ROOT
from tests.integration import mailrig
from tests.integration.cli.desk import DEFINITION, Desk

ZONE = ZoneInfo("Europe/London")
FIRST, LAST = date(2026, 9, 1), date(2027, 8, 31)
APART = (date(2026, 10, 6), date(2026, 10, 8))
"""A stretch of days on which every command is a process of its own."""

MORNING, NOON = time(9), time(12)
TEAM = {
    "programme_manager": ("sam", ""),
    "challenge_manager": ("alex", ""),
    "client_contact": ("nia", ""),
    "system_lead": ("kit", ""),
    "member_lead": ("uma", ""),
    "lead_peer": ("ada", "former_chief_executive"),
    "trust_peer": ("ben", "trust_chief_executive"),
    "commissioning_peer": ("cara", "clinical_leader"),
    "council_peer": ("dev", "council_chief_executive"),
    "social_care_peer": ("eli", "social_care_director"),
    "member_peer": ("fay", "elected_member"),
    "system_peer": ("gus", "independent_chair"),
}
SUBSTITUTE = "hal"
NAMES = (*(name for name, _ in TEAM.values()), SUBSTITUTE)
ON_TIME, IDLE, TROUBLED = "TIM-26", "IDL-26", "TRO-27"
VISITS = {
    ON_TIME: ("2026-11-24", "2026-11-27"),
    IDLE: ("2026-12-08", "2026-12-11"),
    TROUBLED: ("2027-01-12", "2027-01-15"),
}
STEPS = ("agree_scope", "confirm_team", "go_on_site", "present_feedback", "sign_off", "close")
SILENT, AGAIN = date(2027, 2, 12), date(2027, 3, 2)
"""From when to when nobody acts on the troubled challenge, so that its draft is late."""

Said = Counter[tuple[date, str, str]]


def address(name: str) -> str:
    return f"{name}@{mailrig.DOMAIN}"


def local(moment: str) -> datetime:
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
class Year:
    """A rehearsal that is walked through day by day."""

    desk: Desk
    moments: set[datetime] = field(default_factory=set)
    forecasts: dict[str, Forecast] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    ticks: int = 0
    apart: int = 0
    skipped: frozenset[date] = frozenset()

    # ------------------------------------------------------------------ typing commands

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self.desk.now)

    @now.setter
    def now(self, at: datetime) -> None:
        self.desk.now = at.isoformat()

    def type(self, *arguments: str) -> str:
        """Type a command; on some days it is a process of its own. Return its output."""
        if not APART[0] <= self.now.date() <= APART[1]:
            return self.desk.type(*arguments).stdout
        done = subprocess.run(
            [sys.executable, "-c", "import cli; cli.main()", *arguments],
            env={**os.environ, **self.desk.surroundings(), "PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        self.apart += 1
        return done.stdout

    def read(self, *arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.type(*arguments, "--json"))
        return found

    def tick(self) -> None:
        self.type("tick")
        self.ticks += 1

    # ------------------------------------------------------------------ the days

    def begin(self) -> None:
        """Make the rehearsal: the people and three challenges, one of them with its scope agreed."""
        self.now = datetime.combine(FIRST, MORNING, ZONE)
        self.type("init", "--rehearsal")
        can = {name: capability for name, capability in TEAM.values()}
        for name in NAMES:
            facts = [f"--can={can.get(name, 'trust_chief_executive')}"] if can.get(name, "x") else []
            facts += ["--administrator"] if name == "sam" else []
            self.type("person", "add", name.title(), address(name), *facts)
        self.desk.environment["PEER_CHALLENGE_ACTOR"] = address("sam")
        for reference, (start, end) in VISITS.items():
            roles = [f"--role={role}={address(name)}" for role, (name, _) in TEAM.items()]
            dates = [f"--date=onsite_start={start}", f"--date=onsite_end={end}"]
            self.type(
                "new", reference, f"--definition={DEFINITION}", "--title=A system",
                "--client=A system", *dates, *roles,
            )  # fmt: skip
        for task in ("commission", "scope_agreed"):
            self.type("done", IDLE, task, "--evidence=as agreed")
        self.type("advance", IDLE, "agree_scope")
        self.tick()

    def foresee(self, reference: str, until: date, *flags: str) -> None:
        """Keep what is foreseen now of a challenge, up to the beginning of a day."""
        entries = self.read("forecast", reference, *flags)["entries"]
        self.moments |= {
            local(entry["at"]) for entry in entries if entry["kind"] not in ("deadline",)
        }
        end = datetime.combine(until, time(0), ZONE)
        known = frozenset(row["id"] for row in self.rows())
        name = f"{reference} from {self.now.date()}"
        self.forecasts[name] = Forecast(
            reference=reference, entries=entries, known=known, until=end
        )

    def rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.read("mail", "list")["messages"]
        return rows

    def live(self, last: date) -> None:
        """Let each day pass, up to the end of the last."""
        day = self.now.date()
        while day <= last:
            for at in self._moments_of(day):
                self.now = at
                if day not in self.skipped:
                    self.tick()
                    self.act(at)
            day += timedelta(days=1)

    def _moments_of(self, day: date) -> Iterator[datetime]:
        """Yield the moments of a day, those included that a forecast of that very day adds."""
        at = max(self.now, datetime.combine(day, time(0), ZONE) - timedelta(microseconds=1))
        while True:
            fixed = {datetime.combine(day, when, ZONE) for when in (MORNING, NOON)}
            ahead = [m for m in fixed | self.moments if m > at and m.date() == day]
            if not ahead:
                return
            at = min(ahead)
            yield at

    # ------------------------------------------------------------------ what people do

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
        """Do what is due by now, and each step as soon as it can be taken."""
        while reference not in self.over:
            due = [task for task in self.read("tasks", reference)["tasks"] if self._is_due(task)]
            for task in due:
                self.type("done", reference, task["id"], "--evidence=as agreed")
            if due:
                self.tick()
            is_noon = self.now.time() == NOON
            if not ((due or is_noon) and self._step_on(reference)) and not due:
                return

    def _step_on(self, reference: str) -> bool:
        """Take the steps that can be taken; return whether there was one."""
        has_moved = False
        while True:
            found = self.read("show", reference)
            free = [s["trigger"] for s in found["steps"] if s["trigger"] in STEPS and not s["unmet"]]
            if found["is_final"]:
                self.over.add(reference)
            if not free:
                return has_moved
            self.type("advance", reference, free[0], "--reason=as planned")
            self.tick()
            has_moved = True

    def _is_due(self, task: dict[str, Any]) -> bool:
        """Return whether an open task's target day, limit day or day of opening has its noon."""
        if task["status"] != "open":
            return False
        opened_on = local(task["opened_at"]).date().isoformat()
        on = date.fromisoformat(task["target_on"] or task["limit_on"] or opened_on)
        return datetime.combine(on, NOON, ZONE) <= self.now

    def _get_into_trouble(self, day: date) -> None:
        """Move a visit, let a peer leave and another come, and then let everybody fall silent."""
        if day == date(2026, 12, 1):
            self.type("date", TROUBLED, "onsite_start", "2027-01-19", "--reason=the client asked")
        if day == date(2026, 12, 10):
            self.type("release", TROUBLED, address("ben"), "--reason=called away")
        if day == date(2026, 12, 14):
            self.type("assign", TROUBLED, "trust_peer", address(SUBSTITUTE))
        if day == SILENT:
            self.foresee(TROUBLED, AGAIN, "--nobody-acts")


@contextmanager
def mail_server() -> Iterator[tuple[Any, dict[str, str]]]:
    """Yield a mail server, the real one where it is installed, and the settings that lead to it."""
    if not mailrig.is_possible():
        with Sink() as sink:
            yield sink, {"PEER_CHALLENGE_SMTP_URL": sink.url}
        return
    with mailrig.running(NAMES) as rig:
        settings = {
            "PEER_CHALLENGE_SMTP_URL": rig.url,
            "PEER_CHALLENGE_MAIL_FROM": f"Peer challenges <programme@{mailrig.DOMAIN}>",
            "SSL_CERT_FILE": str(rig.folder / "cert.pem"),
        }
        yield rig, settings
