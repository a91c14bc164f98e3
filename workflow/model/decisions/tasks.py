"""Tasks: recorded as done, waived, or to be done after all."""

from datetime import date, datetime
from typing import Protocol

from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.access.relations import Actor
from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.decisions.asking import Asking, require_known, require_reason, right_of
from workflow.model.decisions.disposals import (
    require_exception,
    require_not_ours,
    require_undestroyed,
)
from workflow.model.decisions.handing.items import attested, confirm, require_confirmed
from workflow.model.duties import TaskSpec, plain_title
from workflow.model.errors import InvalidInput, Refused, Unmet
from workflow.model.language.phrases import Edge, Unit
from workflow.model.outlook.showing import marked_title
from workflow.model.planning.guards import holds, meets
from workflow.model.planning.occurrences import occurrence_of
from workflow.model.planning.plan import ground_of, plan
from workflow.model.planning.reminders import assignees, holds_on
from workflow.model.planning.rulebook import Rulebook
from workflow.model.planning.steps import record_dates
from workflow.model.reckoning.reckon import reckon
from workflow.model.task import UNFINISHED, Task, TaskStatus


class OnTask(Protocol):
    """A command about one task of the definition, for one person or one day."""

    @property
    def spec(self) -> str:
        """The task's key in the definition."""

    @property
    def person(self) -> int | None:
        """Whose task is meant, where it is one a person."""

    @property
    def day(self) -> date | None:
        """Which day's task is meant, where it is one a day."""


def complete(asking: Asking, command: c.CompleteTask) -> tuple[e.Event, ...]:
    """Record that a task was done, with its evidence."""
    task = find_task(asking, command, "open")
    require_not_ours(asking, task)
    spec = spoken(asking, task)
    require_hand(asking, task, spec)
    if command.on > asking.today:
        raise InvalidInput(f"{in_words(command.on)} is in the future: a task is done on a past day")
    _require_time(asking, task, spec, command.on)
    require_confirmed(asking, task, spec)
    confirmed = attested(spec, command)
    _require_evidence(spec, command.evidence)
    by = command.by if command.by is not None else _doer(asking, task)
    _require_other(asking, spec, by)
    settled = confirm(asking, task, spec, command=command, by=by)
    done = e.TaskDone(
        at=asking.at,
        actor=asking.actor.id,
        task=task.key,
        on=command.on,
        by=by,
        evidence=command.evidence,
        attested=confirmed,
        moment=_moment(asking, command, spec),
    )
    dates = record_dates(
        asking.rulebook,
        asking.challenge,
        task.spec,
        on=command.on,
        at=asking.at,
        actor=asking.actor.id,
    )
    return (*settled, done, *dates)


def _moment(asking: Asking, command: c.CompleteTask, spec: TaskSpec) -> datetime | None:
    """Return the moment of doing, where a limit has an hour; today, it is the present one.

    Raises:
        InvalidInput: it is in the future.
    """
    if command.moment is not None:
        if command.moment > asking.at:
            raise InvalidInput("that time is in the future: a task is done in the past")
        return command.moment
    timings = (timing for timing in (spec.limit, spec.target) if timing is not None)
    has_hour = any(timing.at is not None or timing.unit is Unit.HOURS for timing in timings)
    return asking.at if has_hour and command.on == asking.today else None


def waive(asking: Asking, command: c.WaiveTask) -> tuple[e.Event, ...]:
    """Record that a task is not to be done."""
    require_reason(command.reason, "it is not to be done")
    task = find_task(asking, command, "open")
    asking.require_right_if_named(asking.rulebook.definition.authority.waives, "waive a task")
    require_exception(asking, (task.key,))
    return (
        e.TaskWaived(at=asking.at, actor=asking.actor.id, task=task.key, reason=command.reason),
    )


def reopen(asking: Asking, command: c.ReopenTask) -> tuple[e.Event, ...]:
    """Record that a task was not done, or is not waived, after all."""
    require_reason(command.reason, "it is to be done after all")
    task = find_task(asking, command, "done")
    require_undestroyed(asking, task)
    spec = spoken(asking, task)
    require_hand(asking, task, spec)
    if task.key not in plan(asking.rulebook, asking.challenge, [task.spec]):
        asking.require_life()
        raise Refused(f'"{spec.title}" does not apply any more: it stays as it is', kind="no_task")
    return (
        e.TaskReopened(at=asking.at, actor=asking.actor.id, task=task.key, reason=command.reason),
    )


def find_task(asking: Asking, command: OnTask, wanted: str) -> Task:
    """Return the one task that a command means.

    Raises:
        NotFound: the definition has no such task.
        Refused: it is done already, or does not apply here.
        InvalidInput: there are several; the message says how to name one.
    """
    require_known("task", command.spec, asking.rulebook.specs)
    tasks = asking.challenge.occurrences(command.spec)
    title = plain_title(asking.rulebook.specs[command.spec])
    if not tasks:
        raise Refused(f'"{title}" does not apply to {asking.challenge.reference}', kind="no_task")
    meant = [t for t in tasks if _fits(t, command)]
    if not meant:
        raise InvalidInput(f'"{title}" is not for that person or day; there is: {_listed(tasks)}')
    fitting = [t for t in meant if (t.status in UNFINISHED) == (wanted == "open")]
    if not fitting:
        raise Refused(_already(meant[0], marked_title(asking.rulebook, meant[0])), kind="already")
    own = [t for t in fitting if t.person == asking.actor.id]
    if len(fitting) > 1 and len(own) != 1:
        raise InvalidInput(f'"{title}": say which one with --for: {_listed(tuple(fitting))}')
    return own[0] if own else fitting[0]


def spoken(asking: Asking, task: Task) -> TaskSpec:
    """Return the spec of a task, with the task's own person and day in its title."""
    rulebook, title = asking.rulebook, marked_title(asking.rulebook, task)
    key = ("spoken", task.spec, title)
    plain = rulebook.specs[task.spec]
    return rulebook.remembered(key, lambda: plain.model_copy(update={"title": title}))


def _fits(task: Task, command: OnTask) -> bool:
    return command.person in (None, task.person) and command.day in (None, task.day)


def _listed(tasks: tuple[Task, ...]) -> str:
    return ", ".join(
        f"{{p{task.person}}}" if task.person is not None else str(task.day or task.key)
        for task in tasks
    )


def _already(task: Task, title: str) -> str:
    if task.status in UNFINISHED:
        return f'"{title}" is not done'
    if task.status is TaskStatus.WAIVED:
        return f'"{title}" was waived: {task.reason}'
    on = in_words(task.done_on) if task.done_on else "before"
    return f'"{title}" is done already, on {on}'


def require_hand(asking: Asking, task: Task, spec: TaskSpec) -> None:
    """Refuse somebody who neither does the task nor may record it for others."""
    rulebook, challenge = asking.rulebook, asking.challenge
    if not _is_in_hand(task, asking.actor, rulebook=rulebook, challenge=challenge):
        asking.require_right(_recorders(rulebook, task), f'record "{spec.title}"')


def may_speak_of(task: Task, actor: Actor, *, rulebook: Rulebook, challenge: Challenge) -> bool:
    """Return whether somebody does a task, is whom it is about, or may record it for others."""
    if _is_in_hand(task, actor, rulebook=rulebook, challenge=challenge):
        return True
    roles = rulebook.definition.members(*_recorders(rulebook, task))
    return right_of(actor, roles, rulebook=rulebook, challenge=challenge) is not None


def _is_in_hand(task: Task, actor: Actor, *, rulebook: Rulebook, challenge: Challenge) -> bool:
    """Return whether a task is somebody's own, or anybody's."""
    own = (task.person, *assignees(rulebook, challenge, task))
    return actor.id in own or not rulebook.definition.authority.records


def _recorders(rulebook: Rulebook, task: Task) -> tuple[str, ...]:
    """Return the roles that may record a task."""
    roles = [name for name in rulebook.specs[task.spec].by if name != "person"]
    return (*roles, *rulebook.definition.authority.records)


def _require_not_before(asking: Asking, task: Task, spec: TaskSpec, on: date) -> None:
    """Refuse what was done on a day before the first one that is allowed."""
    if spec.not_before is None:
        return
    occurrence = occurrence_of(asking.rulebook, asking.challenge, task)
    ground = ground_of(asking.rulebook, asking.challenge, occurrence)
    first = reckon(spec.not_before, ground, edge=Edge.START)
    if first is not None and on >= first.on:
        return
    when = in_words(first.on) if first else "a day that is not known yet"
    raise Refused(
        f'"{spec.title}" may not be done before {when}: {spec.not_before.text}',
        kind="too_early",
        unmet=[Unmet(f"not before {when}", source=spec.source or "")],
    )


def _require_time(asking: Asking, task: Task, spec: TaskSpec, on: date) -> None:
    """Refuse what may not be done yet; flag what is merely early, or allowed to be."""
    names = holds_on(asking.challenge, task)
    if names:
        raise Refused(f'"{spec.title}" is on hold: {", ".join(names)}', kind="held")
    _require_not_before(asking, task, spec, on)
    if task.status is TaskStatus.OPEN:
        return
    missing = [holds(asking.rulebook, asking.challenge, key) for key in spec.after]
    unmet = [item for item in missing if item is not None]
    if unmet:
        raise Refused(f'"{spec.title}" comes after what is not done yet', kind="order", unmet=unmet)
    early = tuple(_not_open(asking, task, spec))
    if early and spec.early == "refuse":
        raise Refused(f'"{spec.title}" is not open yet', kind="not_open", unmet=early)
    asking.warnings.append(f'"{spec.title}" is recorded early: it was not open yet')


def _not_open(asking: Asking, task: Task, spec: TaskSpec) -> list[Unmet]:
    """Return why a task is not open, time alone left aside."""
    stages = asking.rulebook.definition.stages
    if not any(stage in asking.challenge.entered for stage in spec.stage):
        titles = " or ".join(f'"{stages[stage].title}"' for stage in spec.stage)
        return [Unmet(f"the stage {titles} is not reached")]
    is_cadence = spec.for_each is not None and spec.for_each.every is not None
    if task.day is not None and task.day > asking.today and not is_cadence:
        return [Unmet(f"its day is {in_words(task.day)}")]
    if spec.opens is None or any(way.timing or way.is_leaving for way in spec.opens.ways):
        return []
    ways = spec.opens.ways
    is_there = any(
        all(meets(asking.rulebook, asking.challenge, one) for one in way.conditions) for way in ways
    )
    return [] if is_there else [Unmet(f"it opens {spec.opens.text}")]


def _require_evidence(spec: TaskSpec, evidence: str) -> None:
    """Refuse to close without the evidence that the definition asks for."""
    if not spec.evidence:
        return
    words = evidence.strip()
    named = [name for name in spec.evidence if f"{name}=" in words]
    missing = [name for name in spec.evidence if name not in named] if named or not words else []
    wanted = (spec.evidence_needed or len(spec.evidence)) - len(named)
    if missing and wanted > 0:
        few = f", {wanted} of" if wanted < len(missing) else ""
        listed = ", ".join(name.replace("_", " ") for name in missing)
        example = " ".join(f"{name}=…" for name in missing)
        raise Refused(
            f'"{spec.title}": evidence is needed{few}: {listed}',
            kind="no_evidence",
            unmet=[Unmet(name.replace("_", " ")) for name in missing],
            hint=f'give it with --evidence "{example}", or in a sentence of your own',
        )


def _doer(asking: Asking, task: Task) -> int | None:
    """Return who did it, when nobody said: the person it is for, the asker, the only holder."""
    doing = assignees(asking.rulebook, asking.challenge, task)
    if "person" in asking.rulebook.specs[task.spec].by:
        return task.person
    if asking.actor.id in doing:
        return asking.actor.id
    return doing[0] if len(doing) == 1 else None


def _require_other(asking: Asking, spec: TaskSpec, by: int | None) -> None:
    """Refuse the same person twice where the definition wants two different ones."""
    if spec.other_than is None:
        return
    others = {t.done_by for t in asking.challenge.occurrences(spec.other_than)} - {None}
    if by in others:
        title = asking.rulebook.specs[spec.other_than].title
        raise Refused(
            f'"{spec.title}" must be done by somebody else than "{title}", which {{p{by}}} did',
            kind="same_person",
        )
