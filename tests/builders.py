"""A challenge to try things on: people, days and commands in a line each, and no database.

`Case` drives the pure model as the engine does: every command is decided and kept, and time
passes one sweep at a time. All people are invented; they are known by their numbers.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Protocol

from definitions import loader
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.calendar import calendar_named
from workflow.model.challenge import Challenge, replay
from workflow.model.decide import decide, pass_time
from workflow.model.decisions.asking import Actor
from workflow.model.planning.rulebook import Rulebook
from workflow.model.task import Task

ADMINISTRATOR = 1
PEERS = {
    "lead_peer": 11,
    "trust_peer": 12,
    "commissioning_peer": 13,
    "council_peer": 14,
    "social_care_peer": 15,
    "member_peer": 16,
    "system_peer": 17,
}
OTHERS = {
    "programme_manager": 2,
    "challenge_manager": 3,
    "client_contact": 4,
    "system_lead": 5,
    "member_lead": 6,
}
SUBSTITUTE = 18
SWEEPS = (time(9, 5), time(18, 0))
TO_GO_ON_SITE = ("position_statement", "timetable", "file_share", "ask_lead_peer")
OF_EACH_PEER = ("receive_pack", "call_peer")


@cache
def rulebook(name: str = "local_system_peer_challenge") -> Rulebook:
    """Return a shipped definition made ready for the engine."""
    definition = loader.load(name).definition
    return Rulebook(definition, calendar_named(definition.calendar))


@dataclass
class Case:
    """One challenge, the moment it is, all that happened, and what the last command warned of."""

    at: datetime
    rules: Rulebook = field(default_factory=rulebook)
    challenge: Challenge = field(default_factory=Challenge)
    events: list[e.Event] = field(default_factory=list)
    warnings: tuple[str, ...] = ()

    def started(self) -> "Case":
        """Begin the challenge in its first stage."""
        definition = self.rules.definition
        begun = e.ChallengeStarted(
            at=self.at,
            reference="NOR-26",
            title="Northshire",
            client="Northshire system",
            definition=definition.definition,
            version=definition.version,
            content_hash="",
            stage=definition.initial,
        )
        self.challenge, self.events = replay([begun]), [begun]
        return self.sweep()

    @property
    def today(self) -> date:
        """Return the local day."""
        return self.rules.today(self.at)

    def do(self, command: c.Command, *, actor: int = ADMINISTRATOR) -> "Case":
        """Let somebody ask for something; a refusal is raised."""
        asker = Actor(id=actor, is_administrator=actor == ADMINISTRATOR)
        decision = decide(self.rules, self.challenge, command, at=self.at, actor=asker)
        self.challenge, self.warnings = decision.after, decision.warnings
        self.events += decision.events
        return self

    def sweep(self) -> "Case":
        """Let what has come due happen."""
        decision = pass_time(self.rules, self.challenge, at=self.at)
        self.challenge = decision.after
        self.events += decision.events
        return self

    def until(self, day: date, at: time = time(18)) -> "Case":
        """Let time pass, two sweeps a day, until a local time of a day."""
        end = datetime.combine(day, at, self.rules.zone).astimezone(UTC)
        while self.at < end:
            self.at = min(end, self._next_sweep())
            self.sweep()
        return self

    def _next_sweep(self) -> datetime:
        days = (self.today, self.today + timedelta(days=1))
        moments = (
            datetime.combine(day, at, self.rules.zone).astimezone(UTC)
            for day in days
            for at in SWEEPS
        )
        return next(moment for moment in moments if moment > self.at)

    def assign(self, role: str, person: int, *capabilities: str) -> "Case":
        """Put a person into a role."""
        return self.do(c.AssignPerson(person=person, role=role, capabilities=capabilities))

    def release(self, person: int) -> "Case":
        """Let a person leave."""
        return self.do(c.ReleasePerson(person=person, reason="cannot come"))

    def plan(self, key: str, on: date, **given: datetime) -> "Case":
        """Set or move a date."""
        return self.do(c.SetDate(key=key, on=on, moment=given.get("moment"), reason="agreed"))

    def done(self, *specs: str, by: int | None = None, evidence: str = "noted") -> "Case":
        """Record every open or waiting task of some specs as done today."""
        for spec in specs:
            for task in self.unfinished(spec):
                self.do(self._completion(task, by, evidence))
        return self

    def _completion(self, task: Task, by: int | None, evidence: str) -> c.CompleteTask:
        return c.CompleteTask(
            spec=task.spec, on=self.today, person=task.person, day=task.day, by=by,
            evidence=evidence,
        )  # fmt: skip

    def done_for(self, person: int, *specs: str) -> "Case":
        """Record one person's tasks as done today."""
        for spec in specs:
            (task,) = [task for task in self.unfinished(spec) if task.person == person]
            self.do(self._completion(task, None, "noted"))
        return self

    def waive(self, spec: str, *, person: int | None = None) -> "Case":
        """Say that a task is not to be done."""
        return self.do(c.WaiveTask(spec=spec, reason="as agreed", person=person))

    def advance(self, trigger: str, *, reason: str = "", override: str = "") -> "Case":
        """Take a step."""
        return self.do(c.Advance(trigger=trigger, reason=reason, override=override))

    def task(self, spec: str, *, person: int | None = None, day: date | None = None) -> Task:
        """Return one task."""
        key = f"{spec}:{person or day}" if person or day else spec
        return self.challenge.tasks[key]

    def unfinished(self, spec: str) -> list[Task]:
        """Return the tasks of a spec that are open or waiting."""
        found = self.challenge.occurrences(spec)
        return [task for task in found if task.status.value in ("pending", "open")]

    def told(self, notice: str, *, since: int = 0) -> list[int | None]:
        """Return who was told something, each time, from an event on."""
        raised = (one for one in self.events[since:] if isinstance(one, e.NoticeRaised))
        return [one.recipient for one in raised if one.notice == notice]


class Builder(Protocol):
    """Builds a challenge for the days of a visit, begun on a day, without some roles."""

    def __call__(
        self, start: date, end: date, *, begun: date, without: tuple[str, ...] = ()
    ) -> Case:
        """Return a challenge of the test's own."""
        ...


def _once(build: Builder) -> Builder:
    """Build each challenge once, and give every test a copy: facts never change."""
    built: dict[tuple[object, ...], Case] = {}

    def copied(start: date, end: date, *, begun: date, without: tuple[str, ...] = ()) -> Case:
        key = (start, end, begun, without)
        if key not in built:
            built[key] = build(start, end, begun=begun, without=without)
        return replace(built[key], events=list(built[key].events))

    return copied


@_once
def planned(start: date, end: date, *, begun: date, without: tuple[str, ...] = ()) -> Case:
    """Return a challenge in scoping, with dates, and with people in all roles but some."""
    case = Case(at=datetime.combine(begun, time(10), UTC)).started()
    for role, person in {**OTHERS, **PEERS}.items():
        if role not in without:
            case.assign(role, person)
    return case.plan("onsite_start", start).plan("onsite_end", end)


@_once
def sourced(start: date, end: date, *, begun: date, without: tuple[str, ...] = ()) -> Case:
    """Return a challenge whose team is proposed but not yet confirmed."""
    case = planned(start, end, begun=begun, without=without)
    case.done("commission", "scope_agreed").advance("agree_scope")
    return case.done("take_on_peer", "acknowledge", "propose_team")


@_once
def confirmed(start: date, end: date, *, begun: date, without: tuple[str, ...] = ()) -> Case:
    """Return a challenge whose team is confirmed."""
    case = sourced(start, end, begun=begun, without=without).done("client_confirms_team")
    return case.advance("confirm_team", reason="places left empty")


@_once
def ready(start: date, end: date, *, begun: date, without: tuple[str, ...] = ()) -> Case:
    """Return a challenge with all that must be there before the visit."""
    case = confirmed(start, end, begun=begun, without=without)
    case.done(*TO_GO_ON_SITE, "ask_member_peer", *OF_EACH_PEER)
    return case.done("call_system_lead", "call_member_lead")


@_once
def on_site(start: date, end: date, *, begun: date, without: tuple[str, ...] = ()) -> Case:
    """Return a challenge on the morning of its first day on site."""
    case = ready(start, end, begun=begun, without=without).until(start - timedelta(days=1))
    case.done("base_room", "evening_meeting").until(start, time(9, 30))
    return case.advance("go_on_site")


@_once
def visited(start: date, end: date, *, begun: date, without: tuple[str, ...] = ()) -> Case:
    """Return a challenge on the evening of its last day on site, its feedback given."""
    case = on_site(start, end, begun=begun, without=without)
    while case.today < end:
        case.until(case.today, time(18))
        _record_day(case)
        case.until(case.today + timedelta(days=1), time(17))
    _record_day(case)
    case.done("coverage", "findings_triangulated", "feedback_session")
    return case.advance("present_feedback")


def _record_day(case: Case) -> None:
    """Record what is recorded on each day on site."""
    for spec in ("session_record", "catch_up"):
        for task in case.unfinished(spec):
            if task.day == case.today:
                case.do(c.CompleteTask(spec=spec, on=case.today, day=task.day, evidence="held"))


@_once
def issued(start: date, end: date, *, begun: date, without: tuple[str, ...] = ()) -> Case:
    """Return a challenge whose draft report went to the client ten days after the visit."""
    case = visited(start, end, begun=begun, without=without).until(end + timedelta(days=3))
    case.done("draft_circulated", by=OTHERS["challenge_manager"])
    case.until(end + timedelta(days=10), time(10)).done("comment_on_draft")
    return case.done("draft_report")


@_once
def signed_off(start: date, end: date, *, begun: date, without: tuple[str, ...] = ()) -> Case:
    """Return a challenge whose report was signed off four weeks after it went to the client."""
    case = issued(start, end, begun=begun, without=without)
    case.until(end + timedelta(days=38), time(10)).done("client_comments", "report_agreed")
    case.done("client_sign_off", by=OTHERS["client_contact"])
    return case.advance("sign_off")


@_once
def closed(start: date, end: date, *, begun: date, without: tuple[str, ...] = ()) -> Case:
    """Return a challenge that was published, destroyed and closed within two weeks of sign-off."""
    case = signed_off(start, end, begun=begun, without=without)
    case.until(case.today + timedelta(days=11)).done("destroy_notes", "destroy_team_material")
    return case.done("publish", "offer_support").advance("close")
