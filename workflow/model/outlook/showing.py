"""What lists show of a challenge and its tasks: titles, who is to do it, why a date is so."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from operator import attrgetter, itemgetter
from typing import Any

from workflow.model import events as e
from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.definition import Stage
from workflow.model.duties import TaskSpec
from workflow.model.lines import Headline, Progress, TaskLine
from workflow.model.outlook.sentences import why
from workflow.model.planning import reminders, steps
from workflow.model.planning.anchors import known_date
from workflow.model.planning.guards import destroyed_whole
from workflow.model.planning.rulebook import Rulebook
from workflow.model.records.state import Disposal
from workflow.model.task import UNFINISHED, Task, changed

MANAGER = "challenge_manager"
_PROGRESS = tuple(f.name for f in fields(Progress))
_progress_of = attrgetter(*_PROGRESS)
_BARE = TaskLine(key="", spec="", position=0, title="", status="")


def task_line(
    rulebook: Rulebook, challenge: Challenge, task: Task, *, wake_at: datetime | None
) -> TaskLine:
    """Return a task as lists show it."""
    spec = rulebook.specs[task.spec]
    progress = dict(zip(_PROGRESS, _progress_of(task), strict=True))
    return changed(
        _BARE,
        key=task.key,
        spec=task.spec,
        position=rulebook.positions[task.spec],
        title=spec.title,
        status=str(task.status),
        assignees=reminders.assignees(rulebook, challenge, task),
        is_held=reminders.is_held(challenge, task),
        source=source_of(spec),
        why=why(rulebook, challenge, task),
        wake_at=wake_at,
        **progress,
    )


def marked_title(rulebook: Rulebook, task: Task) -> str:
    """Return a task's title with its person as `{p4}` and its day in it."""
    title = rulebook.specs[task.spec].title
    if task.person is not None:
        title = title.replace("{person}", f"{{p{task.person}}}")
    return title.replace("{day}", in_words(task.day)) if task.day else title


def source_of(spec: TaskSpec) -> str:
    """Return the rule behind a task's limit, or behind its target where it has no limit."""
    if spec.limit is None and spec.target_source:
        return spec.target_source
    return spec.source or spec.target_source or ""


def headline(rulebook: Rulebook, challenge: Challenge, *, at: datetime) -> Headline:
    """Return a challenge as a portfolio shows it, with what is due first."""
    definition = rulebook.definition
    stage = definition.stages[challenge.stage]
    managers = challenge.holders([MANAGER])
    gone = destroyed_whole(rulebook, challenge)
    upcoming = _next(rulebook, challenge, at=at)
    shown = _next_shown(rulebook, upcoming) if upcoming else {}
    return Headline(
        stage=challenge.stage,
        stage_title=_gone(rulebook, gone) if gone else _titled(stage),
        is_final=stage.final,
        is_paused=stage.paused,
        manager=managers[0] if managers else None,
        due_soon=definition.due_soon,
        wake_at=steps.next_moment(rulebook, challenge, after=at),
        **shown,
        **_booking(rulebook, challenge),
    )


def _titled(stage: Stage) -> str:
    return f"{stage.phase}: {stage.title.lower()}" if stage.phase else stage.title


def _gone(rulebook: Rulebook, disposal: Disposal) -> str:
    """Return what lists show of a challenge of which nothing is left."""
    on = f" on {in_words(rulebook.today(disposal.done_at))}" if disposal.done_at else ""
    return f"Destroyed{on}"


def _next(rulebook: Rulebook, challenge: Challenge, *, at: datetime) -> Task | None:
    """Return the unfinished task that is late, else the one whose target or limit comes first.

    What is held waits, and is not shown.
    """
    today = rulebook.today(at)
    dated = [
        (_pressing(task, due_on, at=at, today=today), number, task)
        for number, task in enumerate(challenge.tasks.values())
        if task.status in UNFINISHED
        and (due_on := task.limit_on or task.target_on)
        and not reminders.is_held(challenge, task)
    ]
    return min(dated, key=itemgetter(0, 1))[2] if dated else None


def _pressing(task: Task, due_on: date, *, at: datetime, today: date) -> tuple[bool, date, date]:
    """Return what orders tasks by how they press: what is late by its limit, then by target."""
    is_late = task.limit_at < at if task.limit_at else due_on < today
    return not is_late, due_on if is_late else task.target_on or due_on, due_on


def _next_shown(rulebook: Rulebook, task: Task) -> Mapping[str, Any]:
    return {
        "next_key": task.key,
        "next_title": rulebook.specs[task.spec].title,
        "next_target_on": task.target_on,
        "next_limit_on": task.limit_on,
        "next_limit_at": task.limit_at,
    }


def _booking(rulebook: Rulebook, challenge: Challenge) -> Mapping[str, Any]:
    """Return who is booked from when to when, once both dates are known."""
    occupies = rulebook.definition.occupies
    if occupies is None or rulebook.definition.stages[challenge.stage].final:
        return {}
    first, last = (known_date(rulebook, challenge, key) for key in (occupies.first, occupies.last))
    if first is None or last is None:
        return {}
    people = challenge.holders(rulebook.definition.members(occupies.group))
    return {"busy_from": first.on, "busy_to": last.on, "busy_people": people}


def shown_anew(
    rulebook: Rulebook, challenge: Challenge, events: Iterable[e.Event]
) -> Collection[str]:
    """Return the keys of the tasks whose lines events may have changed, their wake-ups apart.

    A line tells of its task, of the tasks that its date hangs on, and of the rest of the
    challenge: an event that is not about a task may change them all.
    """
    keys: set[str] = set()
    readers: set[str] = set()
    for event in events:
        if isinstance(event, e.CommandRefused | e.NoticeRaised):
            continue
        key = getattr(event, "task", None)
        if key is None:
            return challenge.tasks.keys()
        spec = challenge.tasks[key].spec
        keys.add(key)
        readers.update(name for name in rulebook.readers[spec] if spec in rulebook.dated[name])
        if event.actor is not None:
            readers.update(rulebook.watchers)
    if readers:
        keys.update(task.key for task in challenge.tasks.values() if task.spec in readers)
    return keys
