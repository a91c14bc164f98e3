"""A task of a challenge, and how events change it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

from workflow.model import events as e
from workflow.model.language.phrases import Unit
from workflow.model.lines import Progress

Value = TypeVar("Value")


class TaskStatus(StrEnum):
    """Where a task is in its life."""

    PENDING = "pending"
    OPEN = "open"
    DONE = "done"
    WAIVED = "waived"
    CANCELLED = "cancelled"


UNFINISHED = frozenset({TaskStatus.PENDING, TaskStatus.OPEN})
SETTLED = frozenset({TaskStatus.DONE, TaskStatus.WAIVED})
PAUSED, EXCUSED = "paused", "excused"
NO_REPLY = "no reply within the time allowed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended:
    """More time that was agreed `on` a day, by the name of the extension in the definition."""

    name: str
    count: int
    unit: Unit
    on: date


@dataclass(frozen=True, kw_only=True)
class Task(Progress):
    """Something a person must do in this challenge: one occurrence of a task of the definition.

    `key` is the spec's key, with `:PERSON` (an id) or `:DAY` where it is one of several.
    `first_done_on` is the day on which it was done first, whatever came after; `agreed_at` the time
    that was agreed for it; `said` tells for each rung the moment for which it was said last.
    """

    key: str
    spec: str
    issued_at: datetime
    extensions: tuple["Extended", ...] = ()
    status: TaskStatus = TaskStatus.PENDING
    first_done_on: date | None = None
    attested: tuple[str, ...] = ()
    agreed_at: datetime | None = None
    said: Mapping[str, datetime] = field(default_factory=dict)


def changed(value: Value, **facts: object) -> Value:
    """Return a copy of a frozen value with other facts.

    The same as `dataclasses.replace`, which calls the constructor and takes twenty times as long:
    every event makes such copies. Only for values without slots.

    Raises:
        TypeError: the value has no such fact.
    """
    if not facts.keys() <= value.__dict__.keys():
        raise TypeError(f"{type(value).__name__} has no {', '.join(facts.keys() - value.__dict__)}")
    copy = object.__new__(type(value))
    copy.__dict__.update(value.__dict__)
    copy.__dict__.update(facts)
    return copy


def opened(task: Task, event: e.TaskOpened) -> Task:
    """Return a task that is open from now on."""
    return changed(task, status=TaskStatus.OPEN, opened_at=event.at)


def suspended(task: Task, event: e.TaskSuspended) -> Task:
    """Return a task that is pending again."""
    return changed(task, status=TaskStatus.PENDING, opened_at=None)


def moved(task: Task, event: e.DeadlineMoved) -> Task:
    """Return a task with other dates; a limit that lies ahead again is not missed.

    One that was missed before it was excused stays missed.
    """
    is_later = event.clock != EXCUSED and (event.limit_at is None or event.limit_at > event.at)
    return changed(
        task,
        opens_at=event.opens_at,
        target_on=event.target_on,
        limit_on=event.limit_on,
        limit_at=event.limit_at,
        first_limit_on=task.first_limit_on or event.limit_on,
        first_target_on=task.first_target_on or event.target_on,
        clock=event.clock,
        clock_note=event.clock_note,
        is_missed=task.is_missed and not is_later,
    )


def extended(task: Task, event: e.DeadlineExtended) -> Task:
    """Return a task with more time; its dates move by an event of their own."""
    if event.is_void:
        last = max(n for n, one in enumerate(task.extensions) if one.name == event.extension)
        return changed(task, extensions=task.extensions[:last] + task.extensions[last + 1 :])
    given = Extended(name=event.extension, count=event.count, unit=event.unit, on=event.on)
    return changed(task, extensions=(*task.extensions, given))


def agreed(task: Task, event: e.TimeAgreed) -> Task:
    """Return a task whose time is agreed, or is not any more."""
    return changed(task, agreed_at=event.moment)


def missed(task: Task, event: e.DeadlineMissed) -> Task:
    """Return a task whose limit has passed."""
    return changed(task, is_missed=True)


def done(task: Task, event: e.TaskDone) -> Task:
    """Return a task that was done."""
    return changed(
        task,
        status=TaskStatus.DONE,
        done_on=event.on,
        first_done_on=task.first_done_on or event.on,
        done_at=event.at,
        done_moment=event.moment,
        done_by=event.by,
        recorded_by=event.actor,
        evidence=event.evidence,
        attested=event.attested,
    )


def waived(task: Task, event: e.TaskWaived) -> Task:
    """Return a task that is not to be done."""
    return changed(
        task,
        status=TaskStatus.WAIVED,
        done_at=event.at,
        recorded_by=event.actor,
        reason=event.reason,
        is_overridden=event.is_overridden,
    )


def lapsed(task: Task, event: e.TaskLapsed) -> Task:
    """Return a task that nobody answered."""
    return changed(task, status=TaskStatus.WAIVED, done_at=event.at, reason=NO_REPLY)


def reopened(task: Task, event: e.TaskReopened) -> Task:
    """Return a task as it was before it was done, with its dates."""
    return Task(
        key=task.key,
        spec=task.spec,
        issued_at=task.issued_at,
        person=task.person,
        day=task.day,
        opens_at=task.opens_at,
        target_on=task.target_on,
        limit_on=task.limit_on,
        limit_at=task.limit_at,
        first_limit_on=task.first_limit_on,
        first_target_on=task.first_target_on,
        extensions=task.extensions,
        clock=task.clock,
        clock_note=task.clock_note,
        first_done_on=task.first_done_on,
        reason=event.reason,
        said=task.said,  # what was said for a moment is not said again
    )


def cancelled(task: Task, event: e.TaskCancelled) -> Task:
    """Return a task that fell away."""
    return changed(task, status=TaskStatus.CANCELLED, done_at=event.at, reason=event.reason)


def renamed(task: Task, spec: str, rungs: Mapping[str, str]) -> Task:
    """Return a task under the key that its spec has now; `rungs` are said under other names."""
    key = spec + task.key[len(task.spec) :]
    said = {new: at for old, at in task.said.items() if (new := rungs.get(old, old))}
    return changed(task, key=key, spec=spec, said=said)
