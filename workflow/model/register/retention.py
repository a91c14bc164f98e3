"""What is kept of a challenge, until when, and how far its end has come: the register of retention.

A rule of retention ends in one of two ways. What others keep ends with their tasks, which confirm
it. Our own copies (`copies` of the rule) are destroyed by the engine, and only after somebody asked
for it and somebody else approved; a hold stops both.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.lines import RETENTION_PREFIX
from workflow.model.planning.anchors import Occurrence, lookup
from workflow.model.planning.guards import destroyed_whole, holding
from workflow.model.planning.rulebook import Rulebook
from workflow.model.reckoning.moments import Trace
from workflow.model.reckoning.reckon import reckon
from workflow.model.records.rules import RetentionRule
from workflow.model.records.state import Disposal
from workflow.model.register.lateness import is_late
from workflow.model.task import UNFINISHED, Task, TaskStatus


class Status(StrEnum):
    """How far the end of what a rule keeps has come."""

    KEPT = "kept"
    SCHEDULED = "scheduled"
    EXTENDED = "extended"
    DUE = "due"
    OVERDUE = "overdue"
    REQUESTED = "requested"
    APPROVED = "approved"
    HELD = "held"
    FAILED = "failed"
    EXCEPTED = "excepted"
    DESTROYED = "destroyed"


PRESSING = frozenset(
    {Status.DUE, Status.OVERDUE, Status.REQUESTED, Status.APPROVED, Status.FAILED, Status.HELD}
)
"""What somebody has to do something about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """What a rule keeps of a challenge, and how far its end has come.

    `due_on` is None while the day is not known; `how` says how it came about. `is_overdue` is said
    of what waits for somebody, too. `holds` are the names of those that stop it.
    """

    rule: str
    part: RetentionRule
    status: Status
    due_on: date | None = None
    how: str = ""
    is_overdue: bool = False
    holds: tuple[str, ...] = ()
    disposal: Disposal = field(default_factory=Disposal)

    @property
    def is_pressing(self) -> bool:
        """Whether somebody has to do something about it, or a hold does not let them."""
        return self.status in PRESSING


def register(rulebook: Rulebook, challenge: Challenge, at: datetime) -> tuple[Retained, ...]:
    """Return what every rule keeps, in the definition's order, as it stands at a moment."""
    rules = rulebook.definition.retention
    return tuple(retained(rulebook, challenge, key, at=at) for key in rules)


def retained(rulebook: Rulebook, challenge: Challenge, key: str, *, at: datetime) -> Retained:
    """Return what one rule keeps, as it stands at a moment (aware, UTC).

    Source: house policy, after the ICO: what is due is destroyed, held, or visibly late.
    """
    part = rulebook.definition.retention[key]
    if (gone := destroyed_whole(rulebook, challenge)) is not None:
        return Retained(rule=key, part=part, status=Status.DESTROYED, disposal=gone)
    disposal = challenge.records.disposals.get(key, Disposal())
    due_on, how = _due(rulebook, challenge, key)
    today = rulebook.today(at)
    is_past = due_on is not None and today > due_on + timedelta(days=part.grace)
    holds = holding(challenge, key, part)
    tasks = _tasks(rulebook, challenge, key, part)
    status = _by_tasks(part, tasks)
    is_ours = bool(part.copies) and (disposal.done_at is None or bool(disposal.problem))
    if is_ours:
        status = _by_disposal(disposal, is_due=due_on is not None and today >= due_on)
    if holds and status not in (Status.DESTROYED, Status.EXCEPTED):
        status = Status.HELD
    is_waiting = status in PRESSING and status is not Status.HELD
    is_missed = any(is_late(rulebook, challenge, task, at=at) for task in tasks)
    is_overdue = is_waiting and (is_missed or (is_past and (is_ours or not part.copies)))
    return Retained(
        rule=key,
        part=part,
        status=Status.OVERDUE if is_overdue and status is Status.DUE else status,
        due_on=due_on,
        how=how,
        is_overdue=is_overdue,
        holds=holds,
        disposal=disposal,
    )


def _due(rulebook: Rulebook, challenge: Challenge, key: str) -> tuple[date | None, str]:
    """Return the day on which what a rule keeps is due to go, and how it came about."""
    part = rulebook.definition.retention[key]
    until = challenge.records.disposals.get(key, Disposal()).until
    if until is not None:
        return until, f"extended until {in_words(until)}"
    if part.for_ is None:
        return _last_limit(challenge, part), part.starts or ""
    name = f"{RETENTION_PREFIX}{key}"
    ground = rulebook.ground(lookup(rulebook, challenge, Occurrence(key=name, spec=name)))
    trace: Trace = []
    found = reckon(part.for_, ground, trace=trace)
    if found is None:
        return None, part.for_.text
    steps = "; ".join(step.text for step in trace if step.text != part.for_.text)
    return found.on, f"{part.for_.text} ({steps})" if steps else part.for_.text


def _last_limit(challenge: Challenge, part: RetentionRule) -> date | None:
    tasks = [task for key in part.done_by for task in challenge.occurrences(key)]
    return max((task.limit_on for task in tasks if task.limit_on), default=None)


def _tasks(
    rulebook: Rulebook, challenge: Challenge, key: str, part: RetentionRule
) -> tuple[Task, ...]:
    """Return the tasks by which people end what a rule keeps."""
    own = f"{RETENTION_PREFIX}{key}"
    names = (*part.done_by, *((own,) if own in rulebook.specs and not part.copies else ()))
    return tuple(task for name in names for task in challenge.occurrences(name))


def _by_tasks(part: RetentionRule, tasks: tuple[Task, ...]) -> Status:
    """Return how far it has come by the tasks of those who keep it."""
    if any(task.status is TaskStatus.OPEN for task in tasks):
        return Status.DUE
    if any(task.status in UNFINISHED for task in tasks):
        return Status.SCHEDULED
    if any(task.status is TaskStatus.WAIVED for task in tasks):
        return Status.EXCEPTED
    if tasks or part.copies:
        return Status.DESTROYED
    return Status.KEPT if part.then == "archive" else Status.SCHEDULED


def _by_disposal(disposal: Disposal, *, is_due: bool) -> Status:
    """Return how far the destruction of our own copies has come."""
    if disposal.problem:
        return Status.FAILED
    if disposal.approved_at is not None:
        return Status.APPROVED
    if disposal.requested_at is not None:
        return Status.REQUESTED
    if is_due:
        return Status.DUE
    return Status.EXTENDED if disposal.until is not None else Status.SCHEDULED
