"""What will happen, and be sent, and when: the engine itself, run ahead on a copy.

There is no second set of rules that a forecast could get wrong. Time passes from one moment at
which something changes to the next; between them people act, or nobody does:

- if everyone is on time, each task is done at noon of its target day (of its limit without a
  target, of the day it opens without either), or by a limit in the morning of that day, and each
  plain step is taken as soon as it can be; our own copies are destroyed, as asked for and
  approved, on the day until which they are kept;
- if nobody acts, only time passes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from workflow.model import events as e
from workflow.model.challenge import Challenge
from workflow.model.language.phrases import Condition, Test
from workflow.model.outlook.showing import marked_title
from workflow.model.planning import steps
from workflow.model.planning.anchors import known_date
from workflow.model.planning.guards import destroyed_whole, may_go, rule_of
from workflow.model.planning.reconcile import Settling, reconcile
from workflow.model.planning.reminders import assignees, is_held
from workflow.model.planning.rulebook import Rulebook
from workflow.model.planning.steps import Step, Taking
from workflow.model.records.events import DisposalDone
from workflow.model.task import UNFINISHED, Task, TaskStatus

MOMENTS_AT_MOST = 5_000
NOON = time(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """Something that will happen `at` a moment (aware, UTC).

    `kind` is task, deadline, reminder, escalation, stage or message; `key` the task, notice or
    stage; `to` the people concerned. `text` names people as `{p4}`.
    """

    at: datetime
    kind: str
    key: str
    text: str
    to: tuple[int, ...] = ()


def foresee(
    rulebook: Rulebook, challenge: Challenge, *, at: datetime, is_anybody_acting: bool = True
) -> tuple[Foreseen, ...]:
    """Return the future of a challenge from a moment on, the earliest first."""
    ahead = _Ahead(rulebook, challenge, at, is_anybody_acting=is_anybody_acting)
    ahead.go_on()
    limits = _limits(rulebook, ahead.challenge, at, now=challenge)
    return tuple(sorted((*ahead.found, *limits), key=lambda entry: (entry.at, entry.kind)))


def pass_alone(rulebook: Rulebook, challenge: Challenge, *, at: datetime) -> tuple[e.Event, ...]:
    """Return all that time alone will bring from a moment on, when nobody acts."""
    ahead = _Ahead(rulebook, challenge, at, is_anybody_acting=False)
    ahead.go_on()
    return tuple(ahead.events)


class _Ahead:
    """A copy of a challenge that is walked into the future."""

    def __init__(
        self, rulebook: Rulebook, challenge: Challenge, at: datetime, *, is_anybody_acting: bool
    ) -> None:
        self.rulebook, self.challenge, self.at = rulebook, challenge, at
        self.is_anybody_acting = is_anybody_acting
        self.events: list[e.Event] = []
        self.found: list[Foreseen] = []
        self.wakes: dict[str, datetime | None] = {}
        self._settle(())

    def go_on(self) -> None:
        """Let time pass until nothing changes any more."""
        for _ in range(MOMENTS_AT_MOST):
            moment = self.next_moment()
            if moment is None:
                return
            self.go_to(moment)

    def next_moment(self) -> datetime | None:
        """Return when something changes next: by time alone, or because somebody acts."""
        moments = [moment for moment in self.wakes.values() if moment]
        step_at = steps.next_moment(self.rulebook, self.challenge, after=self.at)
        moments += [step_at] if step_at else []
        if self.is_anybody_acting:
            moments += [moment for moment, _ in self._acts()]
            moments += self._days_waited_for()
        return min((moment for moment in moments if moment >= self.at), default=None)

    def go_to(self, at: datetime) -> None:
        """Let time pass to a moment, and whoever acts then act."""
        is_later, self.at = at > self.at, at
        if is_later:
            waking = (key for key, wake_at in self.wakes.items() if wake_at and wake_at <= at)
            self._settle((), due=frozenset(waking))
        if not self.is_anybody_acting:
            return
        for moment, task in self._acts():
            if moment <= at and self.challenge.tasks[task.key].status is TaskStatus.OPEN:
                self._settle(self._done(task))
        while found := self._free_step():
            self._settle(steps.take(self.rulebook, self.challenge, found, how=Taking(at=at)))

    def _settle(self, events: tuple[e.Event, ...], *, due: frozenset[str] | None = None) -> None:
        settling = Settling(self.rulebook, self.challenge, self.at)
        for event in events:
            settling.apply(event)
        reconcile(settling, due=due)
        self.challenge = settling.challenge
        self.wakes.update(settling.wakes)
        self.events.extend(settling.events)
        self.found.extend(_entries(self.rulebook, settling))

    def _acts(self) -> list[tuple[datetime, Task]]:
        """Return when each open task will be done, the earliest first; none once all is gone."""
        if destroyed_whole(self.rulebook, self.challenge) is not None:
            return []
        acts = [
            (max(self.at, self._moment_of(task)), task)
            for task in self.challenge.tasks.values()
            if task.status is TaskStatus.OPEN
            and not _is_stopped(self.rulebook, self.challenge, task)
        ]
        return sorted(acts, key=lambda act: act[0])

    def _moment_of(self, task: Task) -> datetime:
        on = self._day_of(task)
        noon = _noon(self.rulebook, on)
        return min(noon, task.limit_at) if task.limit_at and task.limit_on == on else noon

    def _day_of(self, task: Task) -> date:
        rule = rule_of(self.rulebook, task)
        disposal = self.challenge.records.disposals.get(rule) if rule else None
        if disposal is not None and disposal.until is not None:
            return disposal.until
        return task.target_on or task.limit_on or self.rulebook.today(task.opened_at or self.at)

    def _done(self, task: Task) -> tuple[e.Event, ...]:
        on = self.rulebook.today(self.at)
        doing = assignees(self.rulebook, self.challenge, task)
        done = e.TaskDone(at=self.at, task=task.key, on=on, by=doing[0] if doing else None)
        if (rule := rule_of(self.rulebook, task)) is not None:
            return (DisposalDone(at=self.at, rule=rule, certificate="", method=""), done)
        dates = steps.record_dates(
            self.rulebook, self.challenge, task.spec, on=on, at=self.at, actor=None
        )
        return (done, *dates)

    def _free_step(self) -> Step | None:
        """Return the first plain step that nothing stands in the way of."""
        if destroyed_whole(self.rulebook, self.challenge) is not None:
            return None
        for trigger in self._plain_triggers():
            found = steps.step(
                self.rulebook, self.challenge, trigger, today=self.rulebook.today(self.at)
            )
            if not found.unmet:
                return replace(found, warnings=())
        return None

    def _plain_triggers(self) -> Iterator[str]:
        """Yield the steps that lead on and are taken by people without a special reason."""
        order = self.rulebook.stage_order
        for trigger in self.rulebook.graph.triggers(self.challenge.stage):
            transition = self.rulebook.definition.transitions[trigger]
            target = self.rulebook.graph.target(trigger, left=self.challenge.left)
            is_on = order(target) > order(self.challenge.stage)
            if transition.at is None and not transition.needs and is_on:
                yield trigger

    def _days_waited_for(self) -> list[datetime]:
        """Return the days that plain steps wait for (`onsite_start is reached`)."""
        days = []
        for trigger in self._plain_triggers():
            transition = self.rulebook.definition.transitions[trigger]
            first = steps.first_day(self.rulebook, self.challenge, transition)
            days += [first] if first else []
            for requirement in transition.requires:
                if isinstance(requirement, Condition) and requirement.test is Test.REACHED:
                    fact = known_date(self.rulebook, self.challenge, requirement.subject)
                    days += [fact.on] if fact else []
        return [_noon(self.rulebook, on) for on in days if on > self.rulebook.today(self.at)]


def _noon(rulebook: Rulebook, on: date) -> datetime:
    return datetime.combine(on, NOON, rulebook.zone).astimezone(UTC)


def _is_stopped(rulebook: Rulebook, challenge: Challenge, task: Task) -> bool:
    """Return whether a hold stops a task, or what it destroys may not go yet."""
    rule = rule_of(rulebook, task)
    return is_held(challenge, task) or (rule is not None and not may_go(rulebook, challenge, rule))


def _entries(rulebook: Rulebook, settling: Settling) -> Iterator[Foreseen]:
    """Yield what a reader of a forecast wants to know of some events."""
    definition, tasks = rulebook.definition, settling.challenge.tasks
    for event in settling.events:
        if isinstance(event, e.StageEntered):
            title = definition.stages[event.stage].title
            yield Foreseen(at=event.at, kind="stage", key=event.stage, text=f"enters {title}")
        elif isinstance(event, e.TaskOpened):
            task = tasks[event.task]
            yield Foreseen(
                at=event.at,
                kind="task",
                key=event.task,
                text=f"opens: {marked_title(rulebook, task)}",
                to=assignees(rulebook, settling.challenge, task),
            )
        elif isinstance(event, e.NoticeRaised):
            yield _message(rulebook, settling.challenge, event)


def _message(rulebook: Rulebook, challenge: Challenge, event: e.NoticeRaised) -> Foreseen:
    """Return a message: a reminder, an escalation (a rung after the limit), or news."""
    text = rulebook.definition.notice_title(event.notice)
    if event.tasks:
        titles = [marked_title(rulebook, challenge.tasks[key]) for key in event.tasks]
        text = f"{text}: {'; '.join(titles[:3])}" + ("; …" if titles[3:] else "")
    return Foreseen(
        at=event.at,
        kind=_kind(rulebook, event),
        key=event.notice,
        text=text,
        to=(event.recipient,) if event.recipient is not None else (),
    )


def _kind(rulebook: Rulebook, event: e.NoticeRaised) -> str:
    if not event.marks:
        return "message"
    ladder, number = event.marks[-1].rung.split(".")[:2]
    when = rulebook.definition.ladders[ladder][int(number)].when
    count = when.timing.count
    is_after = when.anchor == "limit" and (count > 0 or when.is_repeated)
    if when.anchor == "opening" and count == 0:
        return "message"
    return "escalation" if is_after else "reminder"


def _limits(
    rulebook: Rulebook, challenge: Challenge, at: datetime, *, now: Challenge
) -> Iterator[Foreseen]:
    """Yield the limits that lie ahead of what is to be done: not of what is done `now` already."""
    for task in challenge.tasks.values():
        own = now.tasks.get(task.key)
        is_new = own is None or own.done_at != task.done_at
        is_done_ahead = task.status is TaskStatus.DONE and is_new
        is_meant = task.status in UNFINISHED or is_done_ahead
        if is_meant and task.limit_at is not None and task.limit_at >= at:
            yield Foreseen(
                at=task.limit_at,
                kind="deadline",
                key=task.key,
                text=f"limit: {marked_title(rulebook, task)}",
                to=assignees(rulebook, challenge, task),
            )
