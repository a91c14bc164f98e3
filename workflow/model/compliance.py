"""How each obligation stands, from a challenge's state and history: what an audit says.

An obligation is kept by tasks, dates or steps, by the data model, or is a text that is shown; a
task that no obligation names is an item of its own. A limit that was missed is a breach for ever:
doing the work later does not erase it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from workflow.model import events as e
from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.definition import Obligation
from workflow.model.duties import TaskSpec
from workflow.model.planning.anchors import known_date, settled_on
from workflow.model.planning.guards import why_absent
from workflow.model.planning.occurrences import has_material
from workflow.model.planning.rulebook import Rulebook
from workflow.model.standing import is_done_late
from workflow.model.task import EXCUSED, NO_REPLY, UNFINISHED, Task, TaskStatus


class Compliance(StrEnum):
    """How an obligation stands, the most pressing first."""

    LATE = "late"
    OPEN = "open"
    NOT_YET = "not_yet"
    OVERRIDDEN = "overridden"
    MET_LATE = "met_late"
    WAIVED = "waived"
    MET = "met"
    NOT_APPLICABLE = "not_applicable"


_PRESSING = list(Compliance)
SHOWN_AT_MOST = 3  # pieces of evidence in one line


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How something that is owed stands.

    `first_due_on` is the limit that was known first, where it has moved since. `actor` is who
    recorded it last. `is_breach`: a hard limit was missed, met late or not yet.
    """

    standing: Compliance
    due_on: date | None = None
    first_due_on: date | None = None
    met_on: date | None = None
    evidence: str = ""
    actor: int | None = None
    is_breach: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Kept):
    """One obligation of one challenge."""

    reference: str
    obligation: str
    title: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Somebody who has material that is not confirmed as destroyed, and since when."""

    reference: str
    person: int
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempted:
    """An exception that somebody made: a step without what it needs, or a task waived."""

    reference: str
    at: datetime
    actor: int | None
    what: str
    reason: str
    is_override: bool


def items(
    rulebook: Rulebook, challenge: Challenge, history: Iterable[e.Event], *, at: datetime
) -> Iterator[Item]:
    """Yield every obligation, in the definition's order, then the tasks that none names."""
    steps = {event.trigger: event for event in history if isinstance(event, e.StageEntered)}
    audit = _Audit(rulebook, challenge, steps, at)
    named: set[str] = set()
    for key, obligation in rulebook.definition.obligations.items():
        names = (*obligation.enforced_by, *obligation.tracked_by)
        named.update(names)
        yield audit.item(key, obligation, names)
    for key, spec in rulebook.specs.items():
        if key not in named:
            yield audit.of_task(key, spec)


@dataclass(frozen=True, slots=True)
class _Audit:
    """One challenge under audit at a moment."""

    rulebook: Rulebook
    challenge: Challenge
    steps: Mapping[str, e.StageEntered]
    at: datetime

    def item(self, key: str, obligation: Obligation, names: tuple[str, ...]) -> Item:
        """Return how an obligation stands."""
        if not names:
            standing = Compliance.MET if obligation.kept_by else Compliance.NOT_APPLICABLE
            text = obligation.kept_by or f"policy: {obligation.policy}"
            return self._item(
                key, obligation.title, obligation.source, [Kept(standing=standing, evidence=text)]
            )
        found = [part for name in names for part in self._found(name)]
        return self._item(key, obligation.title, obligation.source, found)

    def of_task(self, key: str, spec: TaskSpec) -> Item:
        """Return how a task stands that no obligation names."""
        source = spec.source or spec.target_source or ""
        return self._item(key, spec.title, source, list(self._of_tasks(key)))

    def _item(self, key: str, title: str, source: str, found: list[Kept]) -> Item:
        counted = [f for f in found if f.standing is not Compliance.NOT_APPLICABLE] or found
        standing = min((f.standing for f in counted), key=_PRESSING.index)
        is_settled = all(f.met_on or f.standing is Compliance.WAIVED for f in counted)
        met_on = [f.met_on for f in counted if f.met_on]
        due_on = [f.due_on for f in counted if f.due_on and (is_settled or not f.met_on)]
        last = max(counted, key=lambda f: f.met_on or date.min)
        return Item(
            reference=self.challenge.reference,
            obligation=key,
            title=title,
            source=source,
            standing=standing,
            due_on=(max if is_settled else min)(due_on, default=None),
            first_due_on=min((f.first_due_on for f in counted if f.first_due_on), default=None),
            met_on=max(met_on) if met_on and is_settled else None,
            evidence=_evidence(counted),
            actor=last.actor,
            is_breach=any(f.is_breach for f in counted),
        )

    def _found(self, name: str) -> Iterator[Kept]:
        """Yield how a task's occurrences, a date or a step stand."""
        if name in self.rulebook.specs:
            yield from self._of_tasks(name)
        elif name in self.rulebook.definition.dates:
            yield self._of_date(name)
        else:
            yield self._of_step(name)

    def _of_tasks(self, spec: str) -> Iterator[Kept]:
        tasks = self.challenge.occurrences(spec)
        yield from (self._of_task(task) for task in tasks)
        fallen = [task for task in self.challenge.tasks.values() if _has_fallen_late(task, spec)]
        for task in fallen:
            text = f"the limit was missed, then it fell away: {task.reason}"
            yield Kept(
                standing=Compliance.LATE, due_on=task.limit_on, evidence=text, is_breach=True
            )
        if not tasks and not fallen:
            is_over = self.rulebook.definition.stages[self.challenge.stage].final
            each = self.rulebook.specs[spec].for_each
            is_awaited = each is not None and not is_over
            standing = Compliance.NOT_YET if is_awaited else Compliance.NOT_APPLICABLE
            yield Kept(standing=standing, evidence=why_absent(self.rulebook, self.challenge, spec))

    def _of_task(self, task: Task) -> Kept:
        is_late = task.limit_at is not None and self.at > task.limit_at
        if task.status in UNFINISHED:
            is_open = task.status is TaskStatus.OPEN
            standing = Compliance.OPEN if is_open else Compliance.NOT_YET
            if task.clock == EXCUSED:
                return _excused(task)
            is_late = is_late and task.is_missed
            return Kept(
                standing=Compliance.LATE if is_late else standing,
                due_on=task.limit_on or task.target_on,
                first_due_on=_first_due(task),
                evidence=f"paused: {task.clock_note}" if task.clock else "",
                is_breach=is_late,
            )
        met_on = settled_on(self.rulebook, task)
        standing, evidence = _settled(task, met_on)
        return Kept(
            standing=standing,
            due_on=task.limit_on or task.target_on,
            first_due_on=_first_due(task),
            met_on=met_on if task.status is TaskStatus.DONE else None,
            evidence=evidence,
            actor=task.recorded_by,
            is_breach=standing is Compliance.MET_LATE or _is_given_up_late(task),
        )

    def _of_date(self, key: str) -> Kept:
        fact = self.challenge.dates.get(key)
        if fact is None:
            found = known_date(self.rulebook, self.challenge, key)
            text = f"{key} is {found.on.isoformat()}, {found.note}" if found else ""
            standing = Compliance.MET if found else Compliance.NOT_YET
            return Kept(standing=standing, met_on=found.on if found else None, evidence=text)
        met_on = self.rulebook.today(fact.recorded_at)
        text = f"{key} is {fact.on.isoformat()}"
        return Kept(standing=Compliance.MET, met_on=met_on, evidence=text, actor=fact.recorded_by)

    def _of_step(self, trigger: str) -> Kept:
        event = self.steps.get(trigger)
        if event is None:
            return Kept(standing=Compliance.NOT_YET)
        standing = Compliance.OVERRIDDEN if event.is_overridden else Compliance.MET
        met_on = self.rulebook.today(event.at)
        text = f"step {trigger}" + (f": {event.reason}" if event.reason else "")
        return Kept(standing=standing, met_on=met_on, evidence=text, actor=event.actor)


def _excused(task: Task) -> Kept:
    """Return how a task stands whose deadline a reason took away; missed before stays missed."""
    text = f"excused: {task.clock_note}"
    if task.is_missed:
        return Kept(
            standing=Compliance.LATE,
            due_on=task.first_limit_on,
            evidence=f"the limit was missed, then {text}",
            is_breach=True,
        )
    return Kept(standing=Compliance.WAIVED, first_due_on=task.first_limit_on, evidence=text)


def _first_due(task: Task) -> date | None:
    """Return the limit that was known first, where it is not the one that counts now."""
    return task.first_limit_on if task.first_limit_on != task.limit_on else None


def _is_given_up_late(task: Task) -> bool:
    """Return whether a limit was missed and the task then waived; silence is no breach."""
    is_waived = task.status is TaskStatus.WAIVED and task.reason != NO_REPLY
    return task.is_missed and is_waived


def _has_fallen_late(task: Task, spec: str) -> bool:
    """Return whether a limit was missed and the task then fell away with its stage.

    A day's task, or a person's, that falls away was for a day or a person that no longer counts.
    """
    is_single = task.day is None and task.person is None
    return (
        task.spec == spec and task.status is TaskStatus.CANCELLED and task.is_missed and is_single
    )


def _settled(task: Task, met_on: date) -> tuple[Compliance, str]:
    """Return how a task that is done or waived stands, and its evidence."""
    if task.status is TaskStatus.WAIVED:
        standing = Compliance.OVERRIDDEN if task.is_overridden else Compliance.WAIVED
        return standing, task.reason
    is_late = is_done_late(task, today=met_on)
    days = (met_on - task.limit_on).days if is_late and task.limit_on else 0
    late = f"late by {days} day{'s' if days != 1 else ''}" if days else "late by hours"
    late = late if is_late else ""
    first = _first_due(task)
    moved = ""
    if first is not None and met_on > first:
        days = (met_on - first).days
        moved = f"{days} day{'s' if days != 1 else ''} after the first limit, {in_words(first)}"
    said = (task.evidence, ", ".join(task.attested), late, moved)
    text = "; ".join(part for part in said if part)
    return (Compliance.MET_LATE if is_late else Compliance.MET), text


def _evidence(found: list[Kept]) -> str:
    """Return the evidence in one line: how many of how many, and what was said."""
    texts = list(dict.fromkeys(f.evidence for f in found if f.evidence))
    count = sum(1 for f in found if f.met_on)
    head = [f"{count} of {len(found)} done"] if len(found) > 1 else []
    rest = len(texts) - SHOWN_AT_MOST
    more = [f"and {rest} more"] if rest > 0 else []
    return "; ".join((*head, *texts[:SHOWN_AT_MOST], *more))


def held(rulebook: Rulebook, challenge: Challenge) -> Iterator[Held]:
    """Yield who was given something to keep and has not confirmed its destruction."""
    rules = rulebook.definition.retention.values()
    destroying = {key for rule in rules for key in rule.done_by}
    for person in dict.fromkeys(m.person for m in challenge.team):
        if not has_material(rulebook, challenge, person):
            continue
        own = [t for t in challenge.tasks.values() if t.person == person]
        confirmed = [t for t in own if t.spec in destroying and t.status is TaskStatus.DONE]
        owed = [t for t in own if t.spec in destroying and t.status in UNFINISHED]
        if owed or not confirmed:
            issued = [t.first_done_on for t in own if t.spec in rulebook.issuers]
            yield Held(
                reference=challenge.reference, person=person, since=min(on for on in issued if on)
            )


def exemptions(
    rulebook: Rulebook, reference: str, history: Iterable[e.Event]
) -> Iterator[Exempted]:
    """Yield the exceptions that were made, in the order in which they were."""
    for event in history:
        if isinstance(event, e.StageEntered) and event.unmet:
            what = f"step {event.trigger} without: {'; '.join(event.unmet)}"
            is_override = event.is_overridden
        elif isinstance(event, e.TaskWaived) and not event.is_overridden:
            what, is_override = f"waived: {event.task}", False
        else:
            continue
        yield Exempted(
            reference=reference,
            at=event.at,
            actor=event.actor,
            what=what,
            reason=event.reason,
            is_override=is_override,
        )
