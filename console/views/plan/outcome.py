"""What a change came to, or would come to: one way of showing both.

First what was asked for, then what follows: dates that move, tasks that open or fall away, who is
to do them now, what is late because of it, what stays, what to beware of, what is sent now and
later.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from console.output import Output
from console.views.happening import Teller, deadline_change, facts_of
from console.views.plan.burden import dates, late_json, late_lines, passing_lines
from console.views.plan.line import Line, set_out
from console.views.plan.mailing import MAIL, Mailing
from console.views.plan.messages import invitations_json, messages_json, unheard_lines
from console.views.records.telling import asked_for
from console.words import count
from workflow.model import events as e
from workflow.model.events import kind_of
from workflow.model.outlook.sentences import why, why_limit
from workflow.model.records.state import CHANGES as RECORDED
from workflow.model.task import TaskStatus

if TYPE_CHECKING:
    from workflow.model.duties import TaskSpec
    from workflow.outcomes import Outcome

CLASH = "clash: "
MOST_NEW = 8
_FOLLOWS: dict[type[e.Event], str] = {
    e.TaskIssued: "new",
    e.TaskOpened: "opens",
    e.TaskSuspended: "waits",
    e.TaskReopened: "again",
    e.TaskCancelled: "gone",
    e.TaskLapsed: "lapses",
    e.DeadlineMissed: "missed",
}


def show_outcome(output: Output, outcome: "Outcome") -> None:
    """Show the plan of a change, carried out or not."""
    plan = Plan(outcome)
    if output.is_json:
        output.document("change", plan.as_json())
        return
    found = plan.lines()
    lines = [line for is_mail in (False, True) for line in set_out(_some(found, is_mail=is_mail))]
    output.text([*plan.asked(), *(["", *lines] if lines else [])])
    if outcome.is_dry_run:
        output.talk("", "Nothing was changed. Without --dry-run, this is what happens.")
    output.follow(f"show {outcome.after.reference}")


class Plan:
    """An outcome, told; without looking ahead only what it does at once."""

    def __init__(self, outcome: "Outcome", *, is_looking_ahead: bool = True) -> None:
        self.outcome, self.rulebook = outcome, outcome.rulebook
        self._ahead = outcome.consequences if is_looking_ahead else None
        self._late = self._ahead.late if self._ahead else ()
        self.teller = Teller(self.rulebook, outcome.after, outcome.people)
        self._asked = tuple(_asked_for(outcome.events))
        self._new = {event.task for event in self._events(e.TaskIssued)}
        self._again = {event.task for event in self._events(e.TaskReopened)}
        self._opened = {event.task for event in self._events(e.TaskOpened)}

    def asked(self) -> list[str]:
        """Return what was asked for, line by line."""
        told = asked_for(self.teller, self._asked)
        return [f"{self.outcome.after.reference}: {text}" for text in told]

    def lines(self) -> list[Line]:
        """Return what follows, the moves first."""
        return [
            *self._moves(),
            *self._followers(),
            *passing_lines(self.outcome, self.teller),
            *late_lines(self._late, self.teller),
            *self._keeps(),
            *self._warnings(),
            *unheard_lines(self.outcome, self.teller),
            *Mailing(self.outcome, self.teller, self._ahead).lines(),
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the plan as JSON has it; not when it was made, so that a preview is equal."""
        outcome = self.outcome
        return {
            "reference": outcome.after.reference,
            "is_dry_run": outcome.is_dry_run,
            "stage": outcome.after.stage,
            "asked": self.asked(),
            "plan": [line.as_json() for line in self.lines()],
            "messages": messages_json(self.outcome),
            "invitations": invitations_json(self.outcome),
            "late": late_json(self._late, self.teller),
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
            has_limit_moved = moved[0].old_limit_on != moved[0].limit_on
            tell = why_limit if has_limit_moved else why
            reason = tell(self.rulebook, self.outcome.after, task)
            what = self.teller.titles([event.task for event in moved])
            yield Line(kind="moves", what=what, change=change, why=reason)

    def _followers(self) -> Iterator[Line]:
        for kind, name in _FOLLOWS.items():
            keys = [event.task for event in self._events(kind) if event not in self._asked]
            if kind is e.DeadlineMissed:
                late = {task.key for task in self._late}
                keys = [key for key in keys if key not in late]
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
        return dates(task.target_on, task.limit_on)

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
        e.PersonReleased, e.TaskDone, e.TaskWaived, e.HoldPlaced, e.HoldLifted, e.ClockPaused,
        e.ClockResumed, e.DeadlineExtended, e.AnswerGiven, e.TimeAgreed,
    )  # fmt: skip
    for number, event in enumerate(events):
        is_first_reopening = isinstance(event, e.TaskReopened) and number == 0
        if isinstance(event, telling) or type(event) in RECORDED or is_first_reopening:
            yield event


def _facts(event: e.Event) -> dict[str, Any]:
    """Return an event's facts without the marks of the rungs that it speaks for."""
    facts = facts_of(event)
    return {name: value for name, value in facts.items() if name not in {"marks"}}


def _some(lines: Sequence[Line], *, is_mail: bool) -> list[Line]:
    """Return the lines on mail, or the others: each have columns of their own."""
    return [line for line in lines if (line.kind == MAIL) is is_mail]
