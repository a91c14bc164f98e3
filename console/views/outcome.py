"""What a change came to, or would come to: one way of showing both.

First what was asked for, then what follows: dates that move, tasks that open or fall away, what
stays, what to beware of, what is sent.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from console.output import Output
from console.views.happening import Teller, deadline_change
from console.words import count, listing, short_day
from workflow.model import events as e
from workflow.model.calendar import calendar_named
from workflow.model.events import facts_of, kind_of
from workflow.model.planning.rulebook import Rulebook
from workflow.model.planning.showing import why
from workflow.model.task import TaskStatus

if TYPE_CHECKING:
    from datetime import date

    from workflow.engine import Outcome
    from workflow.model.definition import TaskSpec

CLASH = "clash: "
MOST_NEW = 8
WIDEST = 75
_FOLLOWS: dict[type[e.Event], str] = {
    e.TaskIssued: "new",
    e.TaskOpened: "opens",
    e.TaskSuspended: "waits",
    e.TaskReopened: "again",
    e.TaskCancelled: "gone",
    e.TaskLapsed: "lapses",
    e.DeadlineMissed: "missed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a plan: what becomes of something, from what to what, and why."""

    kind: str
    what: str
    change: str = ""
    why: str = ""


def show_outcome(output: Output, outcome: "Outcome") -> None:
    """Show the plan of a change, carried out or not."""
    plan = Plan(outcome)
    if output.is_json:
        output.document("change", plan.as_json())
        return
    lines = _set_out(plan.lines())
    output.text([*plan.asked(), *(["", *lines] if lines else [])])
    if outcome.is_dry_run:
        output.talk("", "Nothing was changed. Without --dry-run, this is what happens.")
    output.follow(f"show {outcome.after.reference}")


class Plan:
    """An outcome, told."""

    def __init__(self, outcome: "Outcome") -> None:
        definition = outcome.definition
        self.outcome = outcome
        self.rulebook = Rulebook(definition, calendar_named(definition.calendar))
        self.teller = Teller(self.rulebook, outcome.after, outcome.people)
        self._asked = tuple(_asked_for(outcome.events))
        self._new = {event.task for event in self._events(e.TaskIssued)}
        self._again = {event.task for event in self._events(e.TaskReopened)}
        self._opened = {event.task for event in self._events(e.TaskOpened)}

    def asked(self) -> list[str]:
        """Return what was asked for, line by line."""
        told = [self.teller.tell(event) for event in self._asked]
        return [f"{self.outcome.after.reference}: {text}" for text in told]

    def lines(self) -> list[Line]:
        """Return what follows, the moves first."""
        return [
            *self._moves(), *self._followers(), *self._keeps(), *self._warnings(), *self._mail(),
        ]  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        """Return the plan as JSON has it; moments are left out, so that a preview is equal."""
        outcome = self.outcome
        return {
            "reference": outcome.after.reference,
            "is_dry_run": outcome.is_dry_run,
            "stage": outcome.after.stage,
            "asked": self.asked(),
            "plan": [
                {"kind": line.kind, "what": line.what, "change": line.change, "why": line.why}
                for line in self.lines()
            ],
            "warnings": list(outcome.warnings),
            "events": [{"kind": kind_of(event), **_facts(event)} for event in outcome.events],
        }

    def _moves(self) -> Iterator[Line]:
        groups: dict[tuple[str, str], list[e.DeadlineMoved]] = defaultdict(list)
        for event in self._events(e.DeadlineMoved):
            if event.task in self._new:
                continue
            change = deadline_change(event)
            if change:
                groups[self.outcome.after.tasks[event.task].spec, change].append(event)
        for (_, change), moved in groups.items():
            task = self.outcome.after.tasks[moved[0].task]
            reason = why(self.rulebook, self.outcome.after, task)
            what = self.teller.titles([event.task for event in moved])
            yield Line(kind="moves", what=what, change=change, why=reason)

    def _followers(self) -> Iterator[Line]:
        for kind, name in _FOLLOWS.items():
            keys = [event.task for event in self._events(kind) if event not in self._asked]
            if kind is e.TaskIssued:
                keys = [key for key in keys if key not in self._opened]
            if kind is e.TaskOpened:
                keys = [key for key in keys if key not in self._again]
            groups: dict[str, list[str]] = defaultdict(list)
            for key in keys:
                groups[self.outcome.after.tasks[key].spec].append(key)
            if len(groups) > MOST_NEW:
                yield Line(kind=name, what=count(len(keys), "task"))
                continue
            for group in groups.values():
                yield Line(kind=name, what=self.teller.titles(group), change=self._due(group[0]))

    def _due(self, key: str) -> str:
        task = self.outcome.after.tasks[key]
        if task.status in (TaskStatus.CANCELLED, TaskStatus.WAIVED):
            return task.reason
        return _dates(task.target_on, task.limit_on)

    def _keeps(self) -> Iterator[Line]:
        """Yield what is done already, of the tasks that hang on the dates that move."""
        moved = {event.key for event in self._events(e.DateSet) if event.old is not None}
        tasks = self.outcome.after.tasks.values()
        for key, spec in self.rulebook.specs.items():
            kept = [task for task in tasks if task.spec == key and task.status is TaskStatus.DONE]
            if kept and moved & _anchors_of(spec):
                titles = self.teller.titles([task.key for task in kept])
                yield Line(kind="keeps", what=titles, change=f"{len(kept)} done already")

    def _warnings(self) -> Iterator[Line]:
        for text in sorted(self.outcome.warnings, key=lambda text: text.startswith(CLASH)):
            is_clash = text.startswith(CLASH)
            yield Line(kind="clash" if is_clash else "warns", what=text.removeprefix(CLASH))

    def _mail(self) -> Iterator[Line]:
        raised = self._events(e.NoticeRaised)
        numbers: dict[str, int] = defaultdict(int)
        for event in raised:
            if event.recipient is not None:
                numbers[event.notice] += 1
        if numbers:
            notices = self.outcome.definition.notices
            told = [f"{notices[key].title} ({number})" for key, number in numbers.items()]
            yield Line(
                kind="mail", what=f"{count(sum(numbers.values()), 'message')}: {listing(told)}"
            )
        for event in raised:
            if event.recipient is None:
                title = self.outcome.definition.notices[event.notice].title
                yield Line(kind="warns", what=f'nobody is there to be told: "{title}"')

    def _events(self, kind: type[e.Event]) -> list[Any]:
        return [event for event in self.outcome.events if type(event) is kind]


def _anchors_of(spec: "TaskSpec") -> set[str]:
    """Return the dates that a task's own dates hang on."""
    timings = [timing for timing in (spec.target, spec.limit) if timing is not None]
    return {name for timing in timings for name in timing.anchor.names}


def _asked_for(events: Sequence[e.Event]) -> Iterator[e.Event]:
    """Yield the events that say what was asked for, and the steps that followed by themselves."""
    telling = (
        e.ChallengeStarted, e.StageEntered, e.DateSet, e.DateCleared, e.PersonAssigned,
        e.PersonReleased, e.TaskDone, e.TaskWaived, e.HoldPlaced, e.HoldLifted,
    )  # fmt: skip
    for number, event in enumerate(events):
        is_first_reopening = isinstance(event, e.TaskReopened) and number == 0
        if isinstance(event, telling) or is_first_reopening:
            yield event


def _dates(target_on: "date | None", limit_on: "date | None") -> str:
    known = [("target", target_on), ("limit", limit_on)]
    return ", ".join(f"{name} {short_day(day)}" for name, day in known if day)


def _facts(event: e.Event) -> dict[str, Any]:
    """Return an event's facts without the marks of the rungs that it speaks for."""
    facts = facts_of(event)
    return {name: value for name, value in facts.items() if name not in {"marks"}}


def _set_out(lines: Iterable[Line]) -> list[str]:
    """Return the lines of a plan in columns."""
    kept = list(lines)
    what = min(max((len(line.what) for line in kept if line.change), default=0), WIDEST)
    change = max((len(line.change) for line in kept if line.why), default=0)
    return [
        f"{line.kind:7} {line.what:{what}}   {line.change:{change}}   {line.why}".rstrip()
        for line in kept
    ]
