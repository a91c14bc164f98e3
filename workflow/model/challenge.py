"""A challenge as it stands: the fold of its events.

`evolve` only adds up: facts are facts, and nothing here refuses. What time alone changes (late,
due soon) is not here: see `standing`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from workflow.model import events as e
from workflow.model import task as tasks
from workflow.model.records import state
from workflow.model.records.state import Hold, Records
from workflow.model.task import Task, TaskStatus

Facts = dict[str, Any]
"""What an event changes of a challenge: the names of its facts, and what they are now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person in a role, from a day until another (None: still). Both days included."""

    person: int
    role: str
    since: date
    joined_at: datetime
    capabilities: tuple[str, ...] = ()
    until: date | None = None
    left_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A date that is known: planned, or actual."""

    on: date
    recorded_at: datetime
    recorded_by: int | None = None
    moment: datetime | None = None
    is_actual: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A time for which clocks stand still: from a day on, until another (None: still).

    `since` and `until` are the moments, where they were given.
    """

    from_on: date
    since: datetime | None = None
    until_on: date | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Challenge:
    """One case of a definition, after `version` events.

    `active_at` is when somebody last changed it. `before_migration` is what it was under its last
    definition, as long as nobody but the engine has changed it since.
    """

    reference: str = ""
    title: str = ""
    client: str = ""
    definition: str = ""
    definition_version: str = ""
    content_hash: str = ""
    stage: str = ""
    left: str = ""
    version: int = 0
    started_at: datetime | None = None
    entered: Mapping[str, datetime] = field(default_factory=dict)
    dates: Mapping[str, Fact] = field(default_factory=dict)
    team: tuple[Membership, ...] = ()
    tasks: Mapping[str, Task] = field(default_factory=dict)
    holds: Mapping[str, Hold] = field(default_factory=dict)
    pauses: Mapping[str, tuple[Spell, ...]] = field(default_factory=dict)
    records: Records = field(default_factory=Records)
    active_at: datetime | None = None
    before_migration: "Challenge | None" = None

    def holders(self, roles: Iterable[str]) -> tuple[int, ...]:
        """Return who holds any of `roles` now, each once, in the order in which they joined."""
        wanted = set(roles)
        found = [m.person for m in self.team if m.role in wanted and m.left_at is None]
        return tuple(dict.fromkeys(found))

    def occurrences(self, spec: str) -> tuple[Task, ...]:
        """Return the tasks of a spec that count: all but the cancelled ones."""
        found = [task for task in self.tasks.values() if task.spec == spec]
        return tuple([task for task in found if task.status is not TaskStatus.CANCELLED])


def replay(events: Iterable[e.Event], start: Challenge | None = None) -> Challenge:
    """Return the state that `events` add up to, from `start` or from nothing."""
    challenge = tasks.changed(start or Challenge())
    for event in events:
        vars(challenge).update(_facts(challenge, event))  # nobody else has seen it yet
    return challenge


def evolve(challenge: Challenge, event: e.Event) -> Challenge:
    """Return `challenge` as it is after `event`. Never refuses."""
    return tasks.changed(challenge, **_facts(challenge, event))


def _facts(challenge: Challenge, event: e.Event) -> Facts:
    facts = _CHANGES[type(event)](challenge, event)
    if _is_work(event):
        facts["active_at"] = event.at
        if challenge.before_migration is not None:
            facts["before_migration"] = None
    return {**facts, "version": challenge.version + 1}


def _is_work(event: e.Event) -> bool:
    """Return whether somebody works on the challenge itself with an event."""
    return event.actor is not None and not isinstance(event, _ASIDE)


def _started(challenge: Challenge, event: e.ChallengeStarted) -> Facts:
    return {
        "reference": event.reference,
        "title": event.title,
        "client": event.client,
        "definition": event.definition,
        "definition_version": event.version,
        "content_hash": event.content_hash,
        "stage": event.stage,
        "started_at": event.at,
        "entered": {event.stage: event.at},
    }


def _stage_entered(challenge: Challenge, event: e.StageEntered) -> Facts:
    entered = {s: at for s, at in challenge.entered.items() if s not in event.unreached}
    kept = challenge.tasks
    if event.is_resumed:
        kept = {key: _restarted(task, event.at) for key, task in kept.items()}
    else:
        entered[event.stage] = event.at
    return {"stage": event.stage, "left": event.left, "entered": entered, "tasks": kept}


def _restarted(task: Task, at: datetime) -> Task:
    """Return an open task as opened anew when a pause ends."""
    return tasks.changed(task, opened_at=at) if task.status is TaskStatus.OPEN else task


def _assigned(challenge: Challenge, event: e.PersonAssigned) -> Facts:
    member = Membership(
        person=event.person,
        role=event.role,
        since=event.on,
        joined_at=event.at,
        capabilities=event.capabilities,
    )
    return {"team": (*challenge.team, member)}


def _released(challenge: Challenge, event: e.PersonReleased) -> Facts:
    team = tuple(
        replace(m, until=event.on, left_at=event.at)
        if (m.person, m.role, m.left_at) == (event.person, event.role, None)
        else m
        for m in challenge.team
    )
    return {"team": team}


def _date_set(challenge: Challenge, event: e.DateSet) -> Facts:
    fact = Fact(
        on=event.on,
        recorded_at=event.at,
        recorded_by=event.actor,
        moment=event.moment,
        is_actual=event.is_actual,
    )
    return {"dates": {**challenge.dates, event.key: fact}}


def _date_cleared(challenge: Challenge, event: e.DateCleared) -> Facts:
    dates = {key: fact for key, fact in challenge.dates.items() if key != event.key}
    return {"dates": dates}


def _hold_placed(challenge: Challenge, event: e.HoldPlaced) -> Facts:
    before = challenge.holds.get(event.name)  # it stops more now
    since = before.since if before else event.at
    hold = Hold(tasks=event.tasks, since=since, rules=event.rules, people=event.people)
    return {"holds": {**challenge.holds, event.name: hold}}


def _hold_lifted(challenge: Challenge, event: e.HoldLifted) -> Facts:
    return {"holds": {n: h for n, h in challenge.holds.items() if n != event.name}}


def _paused(challenge: Challenge, event: e.ClockPaused) -> Facts:
    spells = challenge.pauses.get(event.name, ())
    begun = Spell(from_on=event.on, since=event.since)
    return {"pauses": {**challenge.pauses, event.name: (*spells, begun)}}


def _resumed(challenge: Challenge, event: e.ClockResumed) -> Facts:
    *over, last = challenge.pauses[event.name]
    if event.is_void:
        return {"pauses": {**challenge.pauses, event.name: tuple(over)}}
    ended = replace(last, until_on=event.on, until=event.since)
    return {"pauses": {**challenge.pauses, event.name: (*over, ended)}}


_NO_TASK = Task(key="", spec="", issued_at=datetime.min.replace(tzinfo=UTC))


def _issued(challenge: Challenge, event: e.TaskIssued) -> Facts:
    before = challenge.tasks.get(event.task)  # cancelled before, and wanted again
    task = tasks.changed(
        _NO_TASK,
        key=event.task,
        spec=event.spec,
        issued_at=event.at,
        person=event.person,
        day=event.day,
        opens_at=event.opens_at,
        target_on=event.target_on,
        limit_on=event.limit_on,
        limit_at=event.limit_at,
        first_limit_on=event.limit_on,
        first_target_on=event.target_on,
        clock=event.clock,
        clock_note=event.clock_note,
        first_done_on=before.first_done_on if before else None,
        said=before.said if before else {},
    )
    return {"tasks": {**challenge.tasks, event.task: task}}


def _noticed(challenge: Challenge, event: e.NoticeRaised | e.RungsPassed) -> Facts:
    return {"tasks": _marked(challenge.tasks, event.marks)}


def _marked(before: Mapping[str, Task], marks: Iterable[e.Mark]) -> dict[str, Task]:
    """Return tasks with what was said of them."""
    marked = dict(before)
    for mark in marks:
        task = marked[mark.task]
        said = {**task.said, mark.rung: mark.fires_at}
        marked[mark.task] = tasks.changed(task, said=said)
    return marked


def _migrated(challenge: Challenge, event: e.DefinitionMigrated) -> Facts:
    """Return what is called otherwise now; the dates of tasks are moved by events of their own."""

    def new(key: str) -> str:
        return event.renamed.get(key, key)

    kept = (task for key, task in challenge.tasks.items() if key not in event.dropped)
    moved = [tasks.renamed(task, new(task.spec), event.rungs.get(task.spec, {})) for task in kept]
    return {
        "definition": event.definition,
        "definition_version": event.version,
        "content_hash": event.content_hash,
        "stage": event.stage,
        "left": new(challenge.left),
        "entered": {new(stage): at for stage, at in challenge.entered.items()},
        "dates": {new(key): fact for key, fact in challenge.dates.items()},
        "team": tuple(replace(m, role=event.roles.get(m.role, m.role)) for m in challenge.team),
        "tasks": {task.key: task for task in moved},
        "holds": {
            name: state.held(hold, new, rules=event.rules) for name, hold in challenge.holds.items()
        },
        "pauses": {new(name): spells for name, spells in challenge.pauses.items()},
        "records": state.renamed(challenge.records, new, rules=event.rules),
        "before_migration": tasks.changed(challenge, before_migration=None),
    }


def _undone(challenge: Challenge, event: e.MigrationUndone) -> Facts:
    before = challenge.before_migration or challenge
    facts = {name: value for name, value in vars(before).items() if name != "version"}
    return {**facts, "tasks": _marked(before.tasks, event.said)}


def _on_task(change: Callable[[Task, Any], Task]) -> Callable[[Challenge, Any], Facts]:
    """Return what becomes of a challenge when an event changes the one task that it names."""

    def facts(challenge: Challenge, event: e.TaskOpened) -> Facts:  # or another of a task
        task = change(challenge.tasks[event.task], event)
        return {"tasks": {**challenge.tasks, event.task: task}}

    return facts


def _on_records(change: Callable[[Records, Any], Records]) -> Callable[[Challenge, Any], Facts]:
    """Return what becomes of a challenge when an event changes its records."""
    return lambda challenge, event: {"records": change(challenge.records, event)}


# What is done to many challenges at once, or comes to nothing, is no work on one of them.
_ASIDE = (e.CommandRefused, e.CalendarChanged, e.DefinitionMigrated, e.MigrationUndone)

# One entry an event; a test holds that none is forgotten. What is refused changes nothing, nor do
# an answer and a calendar: what is done about them has events of its own.
_CHANGES: dict[type[e.Event], Callable[[Challenge, Any], Facts]] = {
    e.ChallengeStarted: _started,
    e.StageEntered: _stage_entered,
    e.PersonAssigned: _assigned,
    e.PersonReleased: _released,
    e.DateSet: _date_set,
    e.DateCleared: _date_cleared,
    e.HoldPlaced: _hold_placed,
    e.HoldLifted: _hold_lifted,
    e.TaskIssued: _issued,
    e.ClockPaused: _paused,
    e.ClockResumed: _resumed,
    e.DeadlineExtended: _on_task(tasks.extended),
    e.TimeAgreed: _on_task(tasks.agreed),
    e.TaskOpened: _on_task(tasks.opened),
    e.TaskSuspended: _on_task(tasks.suspended),
    e.DeadlineMoved: _on_task(tasks.moved),
    e.DeadlineMissed: _on_task(tasks.missed),
    e.TaskDone: _on_task(tasks.done),
    e.TaskWaived: _on_task(tasks.waived),
    e.TaskLapsed: _on_task(tasks.lapsed),
    e.TaskReopened: _on_task(tasks.reopened),
    e.TaskCancelled: _on_task(tasks.cancelled),
    e.NoticeRaised: _noticed,
    e.RungsPassed: _noticed,
    e.DefinitionMigrated: _migrated,
    e.MigrationUndone: _undone,
    e.CommandRefused: lambda challenge, event: {},
    e.AnswerGiven: lambda challenge, event: {},
    e.CalendarChanged: lambda challenge, event: {},
    **{kind: _on_records(change) for kind, change in state.CHANGES.items()},
}
