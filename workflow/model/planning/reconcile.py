"""From what is to what should be: the one mechanism behind every change.

After a command, and whenever time has passed, the difference between the plan and what exists
becomes events: tasks are issued, opened, moved, suspended, cancelled; limits are missed; rungs
speak; steps that are taken by themselves are taken. Each round is planned anew on what the last
one left, until nothing is left to do. Rounds after the first look only at what the last one
touched.

The moment is an argument; nothing here depends on when it was last run. So a sweep that comes
late finds everything that came due, once, and a sweep that comes twice finds nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from workflow.model import events as e
from workflow.model.challenge import Challenge, evolve
from workflow.model.planning import reminders, steps
from workflow.model.planning.basis import basis_of
from workflow.model.planning.occurrences import occurrence_of
from workflow.model.planning.plan import Planned, plan, plan_one
from workflow.model.planning.rulebook import Rulebook
from workflow.model.task import UNFINISHED, Task, TaskStatus

Subject = tuple[str, int | None, int | None]
ROUNDS_AT_MOST = 60  # in which there is no new task
SECOND = timedelta(seconds=1)  # a limit's last second is still in time


@dataclass(slots=True)
class Settling:
    """A challenge on its way to where nothing is left to do: its state, and what happened.

    `told` are the subjects of occasions of which people know already.
    """

    rulebook: Rulebook
    challenge: Challenge
    at: datetime
    events: list[e.Event] = field(default_factory=list)
    wakes: dict[str, datetime | None] = field(default_factory=dict)
    told: frozenset[Subject] = frozenset()

    def apply(self, event: e.Event) -> None:
        """Let an event happen, and raise the notices that it is the occasion for."""
        self.challenge = evolve(self.challenge, event)
        self.events.append(event)
        if isinstance(event, reminders.ANNOUNCED):
            for notice in reminders.announce(self.rulebook, self.challenge, event, at=self.at):
                self._raise(notice)

    def _raise(self, notice: e.NoticeRaised) -> None:
        """Raise the notice of an occasion, once a person however much happens at once."""
        if subject_of(notice) in self.told | announced(self.events):
            return
        self.challenge = evolve(self.challenge, notice)
        self.events.append(notice)


def subject_of(notice: e.NoticeRaised) -> Subject:
    """Return what makes two notices the same to whoever gets them."""
    return notice.notice, notice.recipient, notice.about


def announced(events: Iterable[e.Event]) -> frozenset[Subject]:
    """Return the subjects of the occasions that people were told of."""
    raised = (one for one in events if isinstance(one, e.NoticeRaised))
    return frozenset(subject_of(one) for one in raised if not one.marks)


def settle(settling: Settling) -> None:
    """Bring the tasks alone to what the plan says: no rung speaks, and no step is taken yet."""
    for start in _rounds(settling):
        _settle_tasks(settling, None)
        if len(settling.events) == start:
            return
    raise RuntimeError(f"the tasks of {settling.challenge.reference} do not come to rest")


def _rounds(settling: Settling) -> Iterator[int]:
    """Yield how many events there are before each round, as long as it may come to rest.

    A turn that is due leads to the next one, a round later: however many there are, they end.
    """
    left = ROUNDS_AT_MOST
    while left:
        known = len(settling.challenge.tasks)
        yield len(settling.events)
        if len(settling.challenge.tasks) == known:
            left -= 1


def reconcile(
    settling: Settling,
    *,
    since: int = 0,
    is_time_passed: bool = True,
    due: frozenset[str] | None = None,
) -> None:
    """Bring a challenge to where nothing is left to do at its moment.

    `since` is the number of events that were there before the change. When no time has passed
    since the last run that a task waited for, only what the change touched is looked at; when it
    is known which tasks waited for it (`due`), and nothing else has happened, only they are.
    """
    touched = due if is_time_passed else _touched(settling, since)
    seen: frozenset[str] | None = frozenset()
    for start in _rounds(settling):
        _redo(settling, since)
        since = start
        planned_at = _settle_tasks(settling, touched)
        seen = _merged(seen, touched)
        if len(settling.events) == start:
            _remind(settling, seen)
            _step(settling)
        if len(settling.events) == start:
            return
        # where all was planned, only what happened after that can have changed any of it
        touched = _touched(settling, planned_at if touched is None else start)
    raise RuntimeError(f"{settling.challenge.reference} does not come to rest")


def _touched(settling: Settling, since: int) -> frozenset[str] | None:
    """Return the tasks, and specs with all theirs, to plan again after events; None means all."""
    found: set[str] = set()
    for event in settling.events[since:]:
        if isinstance(event, e.CommandRefused | e.NoticeRaised):
            continue
        key = getattr(event, "task", None)
        if key is None:
            return None
        if event.actor is not None:
            found.update(settling.rulebook.watchers)
        found.add(key)
        found.update(settling.rulebook.readers[settling.challenge.tasks[key].spec])
    return frozenset(found)


def _merged(first: frozenset[str] | None, second: frozenset[str] | None) -> frozenset[str] | None:
    return None if first is None or second is None else first | second


def _settle_tasks(settling: Settling, touched: frozenset[str] | None) -> int:
    """Bring the touched tasks to what the plan says, and note when to look again.

    Return how many events there were when the last plan was made.
    """
    wanted = plan(settling.rulebook, settling.challenge, touched)
    fresh = [planned for key, planned in wanted.items() if _is_fresh(settling.challenge, key)]
    for planned in fresh:
        settling.apply(_issue(settling, planned))
    if fresh:  # what exists decides what may open: look again, at all that was to be looked at
        return _settle_tasks(settling, touched)
    planned_at = len(settling.events)
    for task in _concerned(settling, touched):
        if task.key not in wanted:
            _drop(settling, task)
    for key, planned in wanted.items():
        for event in _differences(settling, settling.challenge.tasks[key], planned):
            settling.apply(event)
        settling.wakes[key] = _wake_at(settling, settling.challenge.tasks[key], planned)
    return planned_at


def _concerned(settling: Settling, touched: frozenset[str] | None) -> list[Task]:
    """Return the tasks that are touched, themselves or with all of their spec."""
    tasks = settling.challenge.tasks.values()
    if touched is None:
        return list(tasks)
    return [task for task in tasks if task.key in touched or task.spec in touched]


def _drop(settling: Settling, task: Task) -> None:
    """Cancel a task that is not wanted any more, unless it is settled already."""
    settling.wakes[task.key] = None
    if task.status in UNFINISHED:
        settling.apply(e.TaskCancelled(at=settling.at, task=task.key, reason=_why(settling, task)))


def _why(settling: Settling, task: Task) -> str:
    """Return why a task falls away, as readers are told."""
    stage = settling.rulebook.definition.stages[settling.challenge.stage]
    if stage.final or stage.keeps is not None:
        return f'it ends with the stage "{stage.title}"'
    if task.person is not None:
        return "the person it is for has left, or it does not apply to them"
    return "it is not needed any more"


def _is_fresh(challenge: Challenge, key: str) -> bool:
    """Return whether a task does not exist, or was cancelled and is wanted again."""
    task = challenge.tasks.get(key)
    return task is None or task.status is TaskStatus.CANCELLED


def _differences(settling: Settling, task: Task, planned: Planned) -> Iterator[e.Event]:
    """Yield what must happen to one task, one thing after the other."""
    at = settling.at
    if task.status not in UNFINISHED:
        return
    if _dates(task) != _dates(planned):
        yield _move(settling, task, planned)
    is_due = planned.is_ready and (planned.opens_at is None or planned.opens_at <= at)
    if is_due and task.status is TaskStatus.PENDING:
        yield e.TaskOpened(at=at, task=task.key)
    elif not is_due and task.status is TaskStatus.OPEN:
        yield e.TaskSuspended(at=at, task=task.key)
    task = settling.challenge.tasks[task.key]
    if task.status is TaskStatus.OPEN and planned.lapses_at and planned.lapses_at <= at:
        yield e.TaskLapsed(at=at, task=task.key)
    elif _is_missed(settling, task) and task.limit_on:
        yield e.DeadlineMissed(at=at, task=task.key, limit_on=task.limit_on)


def _dates(of: Task | Planned) -> tuple[object, ...]:
    return (of.opens_at, of.target_on, of.limit_on, of.limit_at, of.clock, of.clock_note)


def _issue(settling: Settling, planned: Planned) -> e.TaskIssued:
    calendar, basis = basis_of(settling.rulebook, settling.challenge, planned.occurrence)
    return e.TaskIssued(
        at=settling.at,
        task=planned.occurrence.key,
        spec=planned.occurrence.spec,
        person=planned.occurrence.person,
        day=planned.occurrence.day,
        opens_at=planned.opens_at,
        target_on=planned.target_on,
        limit_on=planned.limit_on,
        limit_at=planned.limit_at,
        clock=planned.clock,
        clock_note=planned.clock_note,
        calendar=calendar,
        basis=basis,
    )


def _move(settling: Settling, task: Task, planned: Planned) -> e.DeadlineMoved:
    calendar, basis = basis_of(settling.rulebook, settling.challenge, planned.occurrence)
    return e.DeadlineMoved(
        at=settling.at,
        task=task.key,
        opens_at=planned.opens_at,
        target_on=planned.target_on,
        limit_on=planned.limit_on,
        limit_at=planned.limit_at,
        old_target_on=task.target_on,
        old_limit_on=task.limit_on,
        clock=planned.clock,
        clock_note=planned.clock_note,
        calendar=calendar,
        basis=basis,
    )


def _is_watched(settling: Settling, task: Task) -> bool:
    """Return whether a limit counts: the task is to be done, and its clock runs."""
    return (
        task.status in UNFINISHED
        and not task.is_missed
        and not settling.rulebook.definition.stages[settling.challenge.stage].paused
        and not reminders.is_held(settling.challenge, task)
    )


def _is_missed(settling: Settling, task: Task) -> bool:
    return (
        task.limit_at is not None
        and task.limit_at + SECOND <= settling.at
        and _is_watched(settling, task)
    )


def _wake_at(settling: Settling, task: Task, planned: Planned) -> datetime | None:
    """Return the next moment at which time alone changes something about a task."""
    moments = [
        reminders.next_firing(settling.rulebook, settling.challenge, task, after=settling.at)
    ]
    if task.status is TaskStatus.PENDING and planned.is_ready:
        moments.append(planned.opens_at)
    if task.status is TaskStatus.OPEN:
        moments.append(planned.lapses_at)
    if task.limit_at is not None and _is_watched(settling, task):
        moments.append(task.limit_at + SECOND)
    return min((m for m in moments if m is not None and m > settling.at), default=None)


def _redo(settling: Settling, since: int) -> None:
    """Reopen what is done but must be done again because of the events from `since` on."""
    for event in list(settling.events[since:]):
        if not isinstance(event, reminders.ANNOUNCED):
            continue
        for task in tuple(settling.challenge.tasks.values()):
            occasions = settling.rulebook.specs[task.spec].redo_when
            if task.status is not TaskStatus.DONE or task.person == getattr(event, "person", -1):
                continue
            if reminders.is_redone(settling.rulebook, occasions, event):
                reason = "the team changed" if hasattr(event, "person") else "the dates moved"
                again = e.TaskReopened(at=settling.at, task=task.key, reason=reason)
                if not _is_too_late(settling, task, again):
                    settling.apply(again)


def _is_too_late(settling: Settling, task: Task, again: e.TaskReopened) -> bool:
    """Return whether a task that is reopened falls away at once: ended by the stage, or lapsed."""
    rulebook = settling.rulebook
    if rulebook.is_ended(task.spec, stage=settling.challenge.stage):
        return True
    challenge = evolve(settling.challenge, again)
    occurrence = occurrence_of(rulebook, challenge, task)
    lapses_at = plan_one(rulebook, challenge, occurrence).lapses_at
    return lapses_at is not None and lapses_at <= settling.at


def _remind(settling: Settling, touched: frozenset[str] | None) -> None:
    """Raise the notices of the rungs that are due."""
    tasks = _concerned(settling, touched)
    due = reminders.remind(settling.rulebook, settling.challenge, tasks, at=settling.at)
    for notice in tuple(due):
        settling.apply(notice)


def _step(settling: Settling) -> None:
    """Take the first step that is to be taken by itself now, if there is one."""
    for event in steps.taken_by_itself(settling.rulebook, settling.challenge, at=settling.at):
        settling.apply(event)
