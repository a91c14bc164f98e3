"""Challenges that go on under another definition: each told as any other change, and the totals."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from console.output import Output
from console.views.happening import Teller
from console.views.plan.line import Line, set_out
from console.views.plan.mailing import MAIL
from console.views.plan.outcome import Plan
from console.words import count
from workflow.migrating.crossings import Crossing, Due
from workflow.migrating.migrations import Moved, Report
from workflow.model import events as e
from workflow.model.decisions.migration import Migrated
from workflow.model.task import UNFINISHED, Task, TaskStatus

MOST_IN_FULL = 10
_DATES = ("opens_at", "target_on", "limit_on", "limit_at")


def show_migrated(output: Output, report: Report) -> None:
    """Show what becomes of each challenge, the first in full, and what comes to in all."""
    told = [Told(one, report) for one in report.moved]
    if output.is_json:
        output.document("definition-migrate", _as_json(report, told))
        return
    lines: list[str] = []
    for one in told[:MOST_IN_FULL]:
        lines += [*one.head(), *(f"  {line}" for line in one.set_out()), ""]
    lines += [
        f"{one.title()}: {one.numbers.told() or 'nothing else'}" for one in told[MOST_IN_FULL:]
    ]
    lines += [""] if len(told) > MOST_IN_FULL else []
    output.text([*lines, *_totals(report, told)])
    if report.is_dry_run:
        output.talk("", "Nothing was changed. Without --dry-run, this is what happens.")
    output.follow(f"audit log {told[0].reference}" if told else "list")


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many tasks move, come, fall away, and how many messages go out."""

    moves: int = 0
    new: int = 0
    gone: int = 0
    mail: int = 0

    def told(self) -> str:
        """Return them in words, those that are none left out."""
        words = {
            "moves": ("deadline moves", "deadlines move"),
            "new": ("task is new", "tasks are new"),
            "gone": ("task falls away", "tasks fall away"),
            "mail": ("message", "messages"),
        }
        numbers = asdict(self)
        return ", ".join(count(numbers[name], *words[name]) for name in words if numbers[name])


class Told:
    """One challenge that goes on under another definition, told."""

    def __init__(self, moved: Moved, report: Report) -> None:
        self.moved, self.report, self.decision = moved, report, moved.decision
        self.reference = moved.decision.after.reference
        self.event = next(
            one
            for one in self.decision.events
            if isinstance(one, e.DefinitionMigrated | e.MigrationUndone)
        )
        self._back = tuple(_moved_back(self.decision, self.event))

    @cached_property
    def _due(self) -> Plan:
        """What was due under the old definition, as any other change."""
        outcome = Due(before=None, after=self.decision.before, **self._given())
        told = replace(outcome, events=self.moved.passed, rulebook=self.moved.old)
        return Plan(told, is_looking_ahead=False)

    @cached_property
    def _plan(self) -> Plan:
        """What follows under the new definition, as any other change."""
        return Plan(
            Crossing(
                before=self.decision.taken,
                after=self.decision.after,
                earlier=self.moved.old,
                decision=self.decision,
                waiting=self.moved.waiting,
                **self._given(),
            )
        )

    def _given(self) -> dict[str, Any]:
        """Return the facts that all outcomes share."""
        return {
            "at": self.event.at,
            "events": (*self._back, *self.decision.events),
            "warnings": (),
            "rulebook": self.moved.new,
            "people": self.moved.people,
            "is_dry_run": self.report.is_dry_run,
        }

    def title(self) -> str:
        """Return the challenge, and from which definition to which it goes."""
        old, new = self.moved.old.definition, self.moved.new.definition
        name = f"{new.definition} " if old.definition != new.definition else ""
        way = f"{old.definition} {old.version} → {name}{new.version}"
        return f"{self.reference}: {way}{', as it was' if self.report.is_undone else ''}"

    def head(self) -> list[str]:
        """Return the title, and the steps that are taken because of it."""
        return [self.title(), *self._due.asked(), *self._plan.asked()]

    def lines(self) -> list[Line]:
        """Return what becomes of the challenge."""
        return [
            *self._due.lines(),
            *_names(self.event),
            *_lost(self.moved, is_undone=self.report.is_undone),
            *_silent(self.decision.events),
            *self._plan.lines(),
        ]

    def set_out(self) -> list[str]:
        """Return the lines in columns, those on mail in columns of their own."""
        lines = self.lines()
        others = [line for line in lines if line.kind != MAIL]
        return [*set_out(others), *set_out(line for line in lines if line.kind == MAIL)]

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON has it; not when it was made, so that a preview is equal."""
        old, new = self.moved.old.definition, self.moved.new.definition
        due, following = self._due.as_json(), self._plan.as_json()
        return {
            "reference": self.reference,
            "from": {"definition": old.definition, "version": old.version},
            "to": {"definition": new.definition, "version": new.version},
            "stage": following["stage"],
            "asked": [*due["asked"], *following["asked"]],
            "plan": [line.as_json() for line in self.lines()],
            "messages": [*due["messages"], *following["messages"]],
            "late": following["late"],
            "events": [*due["events"], *following["events"][len(self._back) :]],
        }

    @cached_property
    def numbers(self) -> Numbers:
        """How much of each there is."""
        events = (*self.moved.passed, *self._back, *self.decision.events)
        new = {event.task for event in events if isinstance(event, e.TaskIssued)}
        moved = {event.task for event in events if isinstance(event, e.DeadlineMoved)}
        cancelled = sum(isinstance(event, e.TaskCancelled) for event in events)
        raised = (event for event in events if isinstance(event, e.NoticeRaised))
        return Numbers(
            moves=len(moved - new),
            new=len(new),
            gone=len(_dropped(self.decision)) + cancelled,
            mail=sum(event.recipient is not None for event in raised),
        )


def _names(event: e.Event) -> Iterator[Line]:
    """Yield what is called otherwise."""
    if isinstance(event, e.DefinitionMigrated):
        for old, new in (*event.renamed.items(), *event.roles.items()):
            yield Line(kind="renames", what=f"{old} → {new}")


def _dropped(decision: Migrated) -> list[Task]:
    """Return the tasks that there are no more; those that were cancelled were none."""
    renamed, there = decision.renamed, decision.taken.tasks
    tasks = decision.before.tasks.items()
    gone = [task for key, task in tasks if renamed.get(key, key) not in there]
    return [task for task in gone if task.status is not TaskStatus.CANCELLED]


def _lost(moved: Moved, *, is_undone: bool) -> Iterator[Line]:
    """Yield the tasks that the new definition does not have."""
    why = f"it is not in version {moved.new.definition.version}"
    if is_undone:
        why = f"it came with version {moved.old.definition.version}"
    teller = Teller(moved.old, moved.decision.before, moved.people)
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for task in _dropped(moved.decision):
        change = why if task.status in UNFINISHED else "kept in the history only"
        groups[task.spec, change].append(task.key)
    for (_, change), keys in groups.items():
        yield Line(kind="gone", what=teller.titles(keys), change=change)


def _moved_back(decision: Migrated, event: e.Event) -> Iterator[e.DeadlineMoved]:
    """Yield how deadlines move by being what they were: an undoing has no events for it."""
    if not isinstance(event, e.MigrationUndone):
        return
    renamed, there = decision.renamed, decision.taken.tasks
    for key, old in decision.before.tasks.items():
        new = there.get(renamed.get(key, key))
        if new and any(getattr(old, name) != getattr(new, name) for name in _DATES):
            yield _move(event, old, new)


def _silent(events: Iterable[e.Event]) -> Iterator[Line]:
    """Yield how many reminders are not sent, since their time has gone by."""
    number = sum(len(event.marks) for event in events if isinstance(event, e.RungsPassed))
    if number:
        what = count(number, "reminder whose time has gone by", "reminders whose time has gone by")
        yield Line(kind="silent", what=f"{what}: not sent")


def _move(event: e.Event, old: Task, new: Task) -> e.DeadlineMoved:
    return e.DeadlineMoved(
        at=event.at,
        task=new.key,
        opens_at=new.opens_at,
        target_on=new.target_on,
        limit_on=new.limit_on,
        limit_at=new.limit_at,
        old_target_on=old.target_on,
        old_limit_on=old.limit_on,
    )


def _sum(told: Iterable[Told]) -> Numbers:
    rows = [asdict(one.numbers) for one in told]
    return Numbers(**{name: sum(row[name] for row in rows) for name in asdict(Numbers())})


def _totals(report: Report, told: list[Told]) -> list[str]:
    """Return what it comes to, and who was left alone."""
    word = ("goes back", "go back") if report.is_undone else ("goes on", "go on")
    rest = _sum(told).told()
    number = count(len(told), "challenge")
    first = f"{number} {word[len(told) != 1]}{f': {rest}' if rest else ''}."
    already = "never migrated" if report.is_undone else "under this version already"
    left = [(report.over, "over"), (report.already, already)]
    alone = [f"{number} {word}" for number, word in left if number]
    return [first, *([f"Left alone: {', '.join(alone)}."] if alone else [])]


def _as_json(report: Report, told: list[Told]) -> dict[str, Any]:
    return {
        "is_dry_run": report.is_dry_run,
        "is_undone": report.is_undone,
        "challenges": [one.as_json() for one in told],
        "totals": {"challenges": len(told), **asdict(_sum(told))},
        "left_alone": {"over": report.over, "already": report.already},
    }
