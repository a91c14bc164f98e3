"""What one challenge looks like: how it stands, how a date came about, what will happen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from workflow.clock import Clock
from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.definition import Definition
from workflow.model.duties import HOUSE_POLICY, plain_title
from workflow.model.errors import NotFound, Refused, WorkflowError
from workflow.model.events import DeadlineMoved, Event, Reason, TaskIssued
from workflow.model.lines import TaskLine
from workflow.model.outlook.foresight import Foreseen, foresee
from workflow.model.outlook.sentences import why_limit, why_target
from workflow.model.outlook.showing import marked_title, task_line
from workflow.model.people import Person, name_in
from workflow.model.planning.anchors import known_date
from workflow.model.planning.basis import basis_of
from workflow.model.planning.guards import why_absent
from workflow.model.planning.occurrences import occurrence_of
from workflow.model.planning.rulebook import Rulebook
from workflow.model.planning.steps import Step, step
from workflow.model.standing import Standing, days_late, standing_of
from workflow.model.task import EXCUSED, UNFINISHED, Task
from workflow.store import challenges, people, rulebooks
from workflow.store.database import Database, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A challenge as it stands. `steps` lead from here; `days` are recorded or worked out.

    `absent` are tasks that do not apply, by their keys, with the reason.
    """

    challenge: Challenge
    rulebook: Rulebook
    people: Mapping[int, Person]
    steps: tuple[Step, ...]
    wake_at: datetime | None
    days: Mapping[str, date]
    absent: Mapping[str, str]

    @property
    def definition(self) -> Definition:
        """The definition that it is under."""
        return self.rulebook.definition

    @property
    def lines(self) -> tuple[TaskLine, ...]:
        """Its tasks in the definition's order, worked out from it and not read from the lists."""
        positions = self.rulebook.positions
        tasks = sorted(self.challenge.tasks.values(), key=lambda task: positions[task.spec])
        return tuple(task_line(self.rulebook, self.challenge, task, wake_at=None) for task in tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedStep:
    """One line of how a date came about; `on` is None while the day is not known."""

    part: str
    on: date | None
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Dates that a task once got `at` a moment, how they came about, and by which calendar."""

    at: datetime
    target_on: date | None
    limit_on: date | None
    clock: str
    note: str
    calendar: str
    basis: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A task's dates, how they stand, one sentence on them, and the steps that led there.

    `late_days` is counted from the limit as it is, `first_late_days` from the one that was known
    first; 0 is in time. `history` is every setting of its dates, the present one last.
    """

    line: TaskLine
    title: str
    standing: Standing
    sentence: str
    steps: tuple[ExplainedStep, ...]
    history: tuple[Setting, ...]
    calendar: str
    late_days: int
    first_late_days: int


class Views:
    """Looks at challenges in a database, at the time of a clock. Changes nothing."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock

    def look(self, reference: str) -> View:
        """Return a challenge as it stands.

        Raises:
            NotFound: there is no such challenge.
        """
        with self.database.reading() as link:
            stored = challenges.load(link, reference)
            challenge = stored.challenge
            rulebook = rulebooks.fetch(link, challenge.content_hash)
            known = _people(link, challenge)
        today = rulebook.today(self.clock.now())
        return View(
            challenge=challenge,
            rulebook=rulebook,
            people=known,
            steps=tuple(
                _named(step(rulebook, challenge, trigger, today=today), known)
                for trigger in rulebook.graph.triggers(challenge.stage)
            ),
            wake_at=stored.wake_at,
            days=_days(rulebook, challenge),
            absent={
                key: name_in(reason, known)
                for key in rulebook.specs
                if (reason := why_absent(rulebook, challenge, key))
            },
        )

    def explain(self, reference: str, name: str) -> tuple[Explained, ...]:
        """Return how the dates of a task came about; `name` is its key, of one or of all.

        Raises:
            NotFound: there is no such challenge or task.
        """
        with self.database.reading() as link:
            challenge = challenges.load(link, reference).challenge
            rulebook = rulebooks.fetch(link, challenge.content_hash)
            known = _people(link, challenge)
            events = [recorded.event for recorded in challenges.settings(link, reference)]
        tasks = [t for t in challenge.tasks.values() if name in (t.key, t.spec)]
        if not tasks:
            raise _nothing(rulebook, challenge, name)
        at, history = self.clock.now(), _settings(events)
        return tuple(
            _explained(
                rulebook,
                challenge,
                task,
                at=at,
                known=known,
                history=tuple(history.get(task.key, ())),
            )
            for task in tasks
        )

    def foresee(self, reference: str, *, is_anybody_acting: bool = True) -> tuple[Foreseen, ...]:
        """Return what will happen and be sent, and when, if everyone is on time or nobody acts.

        Raises:
            NotFound: there is no such challenge.
        """
        with self.database.reading() as link:
            challenge = challenges.load(link, reference).challenge
            rulebook = rulebooks.fetch(link, challenge.content_hash)
            known = _people(link, challenge)
        found = foresee(
            rulebook, challenge, at=self.clock.now(), is_anybody_acting=is_anybody_acting
        )
        return tuple(replace(entry, text=name_in(entry.text, known)) for entry in found)


def _days(rulebook: Rulebook, challenge: Challenge) -> Mapping[str, date]:
    """Return the dates that are known, recorded or worked out."""
    found = {key: fact.on for key, fact in challenge.dates.items()}
    for key, rule in rulebook.definition.dates.items():
        known = known_date(rulebook, challenge, key) if rule.is_ is not None else None
        if known is not None:
            found[key] = known.on
    return found


def _nothing(rulebook: Rulebook, challenge: Challenge, name: str) -> WorkflowError:
    """Return the error that there is no such deadline here: not at all, or not applicable."""
    spec = rulebook.specs.get(name)
    if spec is None:
        return NotFound("deadline", name, rulebook.specs)
    reason = why_absent(rulebook, challenge, name)
    text = f'"{plain_title(spec)}" does not apply to {challenge.reference}'
    return Refused(f"{text}: {reason}" if reason else text, kind="no_task")


def _people(link: Link, challenge: Challenge) -> Mapping[int, Person]:
    """Return everybody who has to do with a challenge."""
    ids = {member.person for member in challenge.team}
    for task in challenge.tasks.values():
        ids |= {p for p in (task.done_by, task.recorded_by) if p is not None}
    ids |= {f.recorded_by for f in challenge.dates.values() if f.recorded_by is not None}
    return people.named(link, ids)


def _named(found: Step, known: Mapping[int, Person]) -> Step:
    """Return a step with names in what is missing."""
    return replace(
        found,
        unmet=tuple(item._replace(text=name_in(item.text, known)) for item in found.unmet),
        warnings=tuple(item._replace(text=name_in(item.text, known)) for item in found.warnings),
    )


def _explained(
    rulebook: Rulebook,
    challenge: Challenge,
    task: Task,
    *,
    at: datetime,
    known: Mapping[int, Person],
    history: tuple[Setting, ...],
) -> Explained:
    """Return how one task's dates came about, and every date that it ever had."""
    line = task_line(rulebook, challenge, task, wake_at=None)
    steps = tuple(_steps(rulebook, challenge, task, history))
    today = rulebook.today(at)
    return Explained(
        line=line,
        title=name_in(marked_title(rulebook, task), known),
        standing=standing_of(
            line,
            at=at,
            today=today,
            due_soon=rulebook.definition.due_soon,
            is_paused=rulebook.definition.stages[challenge.stage].paused,
        ),
        sentence=_sentence(
            line,
            steps,
            limit=why_limit(rulebook, challenge, task),
            target=why_target(rulebook, challenge, task),
        ),
        steps=steps,
        history=history,
        calendar=history[-1].calendar if history else "",
        late_days=days_late(line, line.limit_on, today=today),
        first_late_days=days_late(line, line.first_limit_on, today=today),
    )


def _sentence(line: TaskLine, steps: tuple[ExplainedStep, ...], *, limit: str, target: str) -> str:
    """Return why a task's dates are what they are, in one sentence."""
    if line.clock == EXCUSED:
        return f"{line.why[:1].upper()}{line.why[1:]}."
    if line.clock and line.limit_on is None:
        return f"{line.clock.capitalize()}: {line.why}."
    if line.limit_on is None and line.target_on is None:
        return f"No date is known yet: {line.why}." if line.why else "It has no date."
    if line.limit_on is None:
        return f"Target {_day(line.target_on)}: {line.why}."
    said = f"Limit {_day(line.limit_on)}: {limit}"
    if line.target_on is None:
        return f"{said}."
    if line.target_on == line.limit_on:
        return f"{said}; target {_day(line.target_on)}."
    last = [step.text for step in steps if step.part == "target"][-1:]
    is_told = bool(last) and "working day" in last[0] and not last[0].startswith(("+", "-"))
    reason = f", since {last[0]}" if is_told else f": {target}"
    return f"{said}; target {_day(line.target_on)}{reason}."


def _day(on: date | None) -> str:
    return in_words(on) if on else "not known"


def _steps(
    rulebook: Rulebook, challenge: Challenge, task: Task, history: tuple[Setting, ...]
) -> list[ExplainedStep]:
    """Return the derivation of a task's limit and target, each with its rule.

    What is settled keeps the derivation that its dates had when it was.
    """
    spec = rulebook.specs[task.spec]
    if task.status in UNFINISHED:
        _, basis = basis_of(rulebook, challenge, occurrence_of(rulebook, challenge, task))
    else:
        basis = next((one.basis for one in reversed(history) if one.basis), ())
    limit_source = spec.source or HOUSE_POLICY
    sources = {"limit": limit_source, "target": spec.target_source or limit_source}
    return [
        ExplainedStep(
            part=reason.part,
            on=reason.on,
            text=f"{reason.text}: {reason.note}" if reason.note else reason.text,
            source=sources[reason.part],
        )
        for reason in basis
    ]


def _settings(history: Iterable[Event]) -> dict[str, list[Setting]]:
    """Return by task each time that its dates were set or moved, the first one first."""
    found: dict[str, list[Setting]] = {}
    for event in history:
        if isinstance(event, TaskIssued | DeadlineMoved):
            setting = Setting(
                at=event.at,
                target_on=event.target_on,
                limit_on=event.limit_on,
                clock=event.clock,
                note=event.clock_note,
                calendar=event.calendar,
                basis=event.basis,
            )
            found.setdefault(event.task, []).append(setting)
    return found
