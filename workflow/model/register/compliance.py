"""How each obligation stands, from a challenge's state and history: what an audit says.

An obligation is kept by tasks, dates or steps, by the data model, or is a text that is shown; a
task that no obligation names is an item of its own. A limit that was missed is a breach for ever:
doing the work later does not erase it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from workflow.model import events as e
from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.definition import Stage
from workflow.model.outlook.sentences import why
from workflow.model.planning.anchors import known_date, settled_on
from workflow.model.planning.guards import why_absent
from workflow.model.planning.rulebook import Rulebook
from workflow.model.register.entries import Entry, Origin, entries
from workflow.model.register.exceptions import Exempted, exemptions
from workflow.model.register.lateness import is_late
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


_PRESSING = {standing: place for place, standing in enumerate(Compliance)}
SHOWN_AT_MOST = 3  # pieces of evidence in one line


class Kept(NamedTuple):
    """How something that is owed stands.

    `why` is one sentence on how `due_on` came about; `first_due_on` is the limit that was known
    first, where it has moved since. `by` is who did it, `actor` who recorded it last. `is_breach`:
    a hard limit was missed, met late or not yet.
    """

    standing: Compliance
    due_on: date | None = None
    why: str = ""
    first_due_on: date | None = None
    met_on: date | None = None
    evidence: str = ""
    by: int | None = None
    actor: int | None = None
    is_breach: bool = False


class Item(NamedTuple):
    """One obligation of one challenge; `stages` are those in which it is to be kept, by their keys.

    `names` are the tasks, dates and steps that keep it; `exceptions` what was allowed of these. How
    it stands is told as of each of these, in `Kept`.
    """

    reference: str
    client: str
    obligation: str
    title: str
    source: str
    origin: Origin
    standing: Compliance
    is_breach: bool = False
    due_on: date | None = None
    why: str = ""
    first_due_on: date | None = None
    met_on: date | None = None
    stages: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    evidence: str = ""
    by: int | None = None
    actor: int | None = None
    exceptions: tuple[Exempted, ...] = ()


def items(
    rulebook: Rulebook,
    challenge: Challenge,
    history: Iterable[e.Event],
    *,
    at: datetime,
    whys: Mapping[str, str] | None = None,
    rights: Mapping[e.Event, str] | None = None,
) -> Iterator[Item]:
    """Yield every obligation, in the definition's order, then the tasks that none names.

    Of the history, only steps and waivers count. `whys` says by task how its dates came about,
    where that is known already; `rights` by which role steps and waivers were allowed.
    """
    events = [one for one in history if isinstance(one, e.StageEntered | e.TaskWaived)]
    tasks: dict[str, list[Task]] = {}
    for task in challenge.tasks.values():
        tasks.setdefault(task.spec, []).append(task)
    audit = _Audit(
        rulebook=rulebook,
        challenge=challenge,
        at=at,
        steps={event.trigger: event for event in events if isinstance(event, e.StageEntered)},
        tasks=tasks,
        whys=whys,
        exceptions=tuple(exemptions(rulebook, challenge, events, rights=rights)),
    )
    for entry in entries(rulebook):
        yield audit.item(entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Audit:
    """One challenge under audit at a moment; `tasks` are its tasks by their specs."""

    rulebook: Rulebook
    challenge: Challenge
    at: datetime
    steps: Mapping[str, e.StageEntered]
    tasks: Mapping[str, Sequence[Task]]
    whys: Mapping[str, str] | None
    exceptions: tuple[Exempted, ...]

    def item(self, entry: Entry) -> Item:
        """Return how an obligation stands."""
        if not entry.names:
            standing = Compliance.MET if entry.kept_by else Compliance.NOT_APPLICABLE
            text = entry.kept_by or f"policy: {entry.policy}"
            return self._item(entry, [Kept(standing=standing, evidence=text)])
        return self._item(entry, [part for name in entry.names for part in self._found(name)])

    def _item(self, entry: Entry, found: list[Kept]) -> Item:
        counted = [f for f in found if f.standing is not Compliance.NOT_APPLICABLE] or found
        standing = min((f.standing for f in counted), key=_PRESSING.__getitem__)
        is_settled = all(f.met_on or f.standing is Compliance.WAIVED for f in counted)
        dated = [f for f in counted if f.due_on and (is_settled or not f.met_on)]
        due = (max if is_settled else min)(dated, key=_due_on, default=None)
        last = max(counted, key=_met_on)
        names = entry.names
        return Item(
            reference=self.challenge.reference,
            client=self.challenge.client,
            obligation=entry.key,
            title=entry.title,
            source=entry.source,
            origin=entry.origin,
            stages=entry.stages,
            names=names,
            standing=standing,
            due_on=due.due_on if due else None,
            why=due.why if due else "",
            first_due_on=min((f.first_due_on for f in counted if f.first_due_on), default=None),
            met_on=last.met_on if is_settled else None,
            evidence=_evidence(counted),
            by=last.by,
            actor=last.actor,
            is_breach=any(f.is_breach for f in counted),
            exceptions=tuple(
                one for one in self.exceptions if not set(names).isdisjoint(one.names)
            ),
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
        every = self.tasks.get(spec, ())
        tasks = [task for task in every if task.status is not TaskStatus.CANCELLED]
        yield from (self._of_task(task) for task in tasks)
        fallen = [task for task in every if _has_fallen_late(task)]
        for task in fallen:
            text = f"the limit was missed, then it fell away: {task.reason}"
            yield Kept(
                standing=Compliance.LATE,
                due_on=task.limit_on,
                why=self._why(task),
                evidence=text,
                is_breach=True,
            )
        if not tasks and not fallen:
            each = self.rulebook.specs[spec].for_each
            is_awaited = each is not None and not self._stage.final
            standing = Compliance.NOT_YET if is_awaited else Compliance.NOT_APPLICABLE
            yield Kept(standing=standing, evidence=why_absent(self.rulebook, self.challenge, spec))

    def _of_task(self, task: Task) -> Kept:
        if task.status in UNFINISHED:
            if task.clock == EXCUSED:
                return _excused(task)
            is_open = task.status is TaskStatus.OPEN
            standing = Compliance.OPEN if is_open else Compliance.NOT_YET
            is_missed = is_late(self.rulebook, self.challenge, task, at=self.at)
            return Kept(
                standing=Compliance.LATE if is_missed else standing,
                due_on=task.limit_on or task.target_on,
                why=self._why(task),
                first_due_on=_first_due(task),
                evidence=f"paused: {task.clock_note}" if task.clock else "",
                is_breach=is_missed,
            )
        met_on = settled_on(self.rulebook, task)
        standing, evidence = _settled(task, met_on)
        return Kept(
            standing=standing,
            due_on=task.limit_on or task.target_on,
            why=self._why(task),
            first_due_on=_first_due(task),
            met_on=met_on if task.status is TaskStatus.DONE else None,
            evidence=evidence,
            by=task.done_by,
            actor=task.recorded_by,
            is_breach=standing is Compliance.MET_LATE or _is_given_up_late(task),
        )

    def _why(self, task: Task) -> str:
        """Return how a task's dates came about."""
        if self.whys is not None and task.key in self.whys:
            return self.whys[task.key]
        return why(self.rulebook, self.challenge, task)

    def _of_date(self, key: str) -> Kept:
        fact = self.challenge.dates.get(key)
        if fact is None:
            found = known_date(self.rulebook, self.challenge, key)
            if found is None:
                return self._never(f"without {key}")
            text = f"{key} is {found.on.isoformat()}, {found.note}"
            return Kept(standing=Compliance.MET, met_on=found.on, evidence=text)
        met_on = self.rulebook.today(fact.recorded_at)
        text = f"{key} is {fact.on.isoformat()}"
        return Kept(standing=Compliance.MET, met_on=met_on, evidence=text, actor=fact.recorded_by)

    def _never(self, without: str) -> Kept:
        """Return how a date or a step stands that did not come: awaited until all is over."""
        if not self._stage.final:
            return Kept(standing=Compliance.NOT_YET)
        text = f'it ended with the stage "{self._stage.title}", {without}'
        return Kept(standing=Compliance.NOT_APPLICABLE, evidence=text)

    @property
    def _stage(self) -> Stage:
        return self.rulebook.definition.stages[self.challenge.stage]

    def _of_step(self, trigger: str) -> Kept:
        event = self.steps.get(trigger)
        if event is None:
            return self._never(f"without step {trigger}")
        standing = Compliance.OVERRIDDEN if event.is_overridden else Compliance.MET
        met_on = self.rulebook.today(event.at)
        text = f"step {trigger}" + (f": {event.reason}" if event.reason else "")
        return Kept(standing=standing, met_on=met_on, evidence=text, actor=event.actor)


def _due_on(kept: Kept) -> date:
    return kept.due_on or date.min


def _met_on(kept: Kept) -> date:
    return kept.met_on or date.min


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


def _has_fallen_late(task: Task) -> bool:
    """Return whether a limit was missed and the task then fell away with its stage.

    A day's task, or a person's, that falls away was for a day or a person that no longer counts.
    """
    is_single = task.day is None and task.person is None
    return task.status is TaskStatus.CANCELLED and task.is_missed and is_single


def _settled(task: Task, met_on: date) -> tuple[Compliance, str]:
    """Return how a task that is done or waived stands, and its evidence."""
    if task.status is TaskStatus.WAIVED:
        standing = Compliance.OVERRIDDEN if task.is_overridden else Compliance.WAIVED
        return standing, task.reason
    was_late = is_done_late(task, today=met_on)
    days = (met_on - task.limit_on).days if was_late and task.limit_on else 0
    late = f"late by {days} day{'s' if days != 1 else ''}" if days else "late by hours"
    late = late if was_late else ""
    first = _first_due(task)
    moved = ""
    if first is not None and met_on > first:
        days = (met_on - first).days
        moved = f"{days} day{'s' if days != 1 else ''} after the first limit, {in_words(first)}"
    said = (task.evidence, ", ".join(task.attested), late, moved)
    text = "; ".join(part for part in said if part)
    return (Compliance.MET_LATE if was_late else Compliance.MET), text


def _evidence(found: list[Kept]) -> str:
    """Return the evidence in one line: how many of how many, and what was said."""
    texts = list(dict.fromkeys(f.evidence for f in found if f.evidence))
    count = sum(1 for f in found if f.met_on)
    head = [f"{count} of {len(found)} done"] if len(found) > 1 else []
    rest = len(texts) - SHOWN_AT_MOST
    more = [f"and {rest} more"] if rest > 0 else []
    return "; ".join((*head, *texts[:SHOWN_AT_MOST], *more))
