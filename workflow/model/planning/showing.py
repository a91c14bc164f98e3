"""What lists show of a challenge and its tasks: titles, who is to do it, why a date is so."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from workflow.model import events as e
from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.definition import TaskSpec
from workflow.model.language.phrases import Choice, Timing
from workflow.model.lines import Headline, Progress, TaskLine
from workflow.model.planning import reminders, steps
from workflow.model.planning.anchors import Occurrence, lookup
from workflow.model.planning.plan import occurrences
from workflow.model.planning.rulebook import Rulebook, anchors_of
from workflow.model.reckoning import Lookup, reckon
from workflow.model.task import UNFINISHED, Task

MANAGER = "challenge_manager"
_PROGRESS = tuple(f.name for f in fields(Progress))
_OWN_WORDS = {
    "opening": "it opened",
    "joining": "joining",
    "leaving": "leaving",
    "day": "the day",
    "target": "its target",
    "limit": "its limit",
}


def task_line(
    rulebook: Rulebook, challenge: Challenge, task: Task, *, wake_at: datetime | None
) -> TaskLine:
    """Return a task as lists show it."""
    spec = rulebook.specs[task.spec]
    progress = {name: getattr(task, name) for name in _PROGRESS}
    return TaskLine(
        key=task.key,
        spec=task.spec,
        position=rulebook.positions[task.spec],
        title=spec.title,
        status=task.status.value,
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


def why(rulebook: Rulebook, challenge: Challenge, task: Task) -> str:
    """Return one sentence on how a task's dates came about; empty when it has none.

    Where there are both a target and a limit, the target comes first: it is what people work to.
    """
    target = why_target(rulebook, challenge, task)
    limit = why_limit(rulebook, challenge, task)
    return f"{target}; at the latest {limit}" if target and limit else target or limit


def why_target(rulebook: Rulebook, challenge: Challenge, task: Task) -> str:
    """Return how a task's target came about, with the rule behind it."""
    spec = rulebook.specs[task.spec]
    if spec.target is None:
        return ""
    find = lookup(rulebook, challenge, occurrence_of(rulebook, challenge, task))
    return _with_source(_sentence(spec.target, find, rulebook), spec.target_source or spec.source)


def why_limit(rulebook: Rulebook, challenge: Challenge, task: Task) -> str:
    """Return how a task's limit came about, with the rule behind it."""
    spec = rulebook.specs[task.spec]
    if spec.limit is None:
        return ""
    find = lookup(rulebook, challenge, occurrence_of(rulebook, challenge, task))
    sentence = _sentence(spec.limit, find, rulebook)
    if is_put_off(rulebook, spec.limit, find, limit_on=task.limit_on):
        sentence += "; put off to leave time to somebody who joined late"
    return _with_source(sentence, spec.source)


def _with_source(sentence: str, source: str | None) -> str:
    return f"{sentence} ({source})" if source else sentence


def _shown(rulebook: Rulebook, spec: str) -> set[str]:
    """Return the names that the dates of a spec's lines hang on."""
    timings = (rulebook.specs[spec].limit, rulebook.specs[spec].target)
    return {name for timing in timings for name in anchors_of(timing)}


def is_put_off(rulebook: Rulebook, limit: Timing, find: Lookup, *, limit_on: date | None) -> bool:
    """Return whether a limit lies later than its rule says, for somebody who joined late."""
    reckoned = reckon(limit, find, rulebook.calendar, zone=rulebook.zone)
    return bool(reckoned and limit_on and limit_on > reckoned.on)


def occurrence_of(rulebook: Rulebook, challenge: Challenge, task: Task) -> Occurrence:
    """Return the occurrence that a task stands for, with its person's joining and leaving."""
    if task.person is not None:
        for occurrence in occurrences(rulebook, challenge, task.spec, only={task.key}):
            return occurrence
    return Occurrence(key=task.key, spec=task.spec, person=task.person, day=task.day)


def _sentence(timing: Timing, find: Lookup, rulebook: Rulebook) -> str:
    """Return a timing in words, with what its anchors are."""
    if timing.anchor.choice is not Choice.ONLY:
        return timing.text
    name = timing.anchor.names[0]
    known = find(name)
    words = _OWN_WORDS.get(name) or (known.title if known else _title(rulebook, name))
    lowered = words if name in _OWN_WORDS else _with_article(words)
    on = f" ({in_words(known.on)})" if known else " (not known yet)"
    text = timing.text.replace("{day}", "day").replace("it opens", name).replace("told", name)
    before, found, after = text.partition(name)
    return f"{before}{lowered}{on}{after}" if found else f"{text}{on}"


def _with_article(title: str) -> str:
    """Return a title as it stands within a sentence."""
    if title.startswith(('"', "the ", "The ")):
        return title
    return f"the {title[0].lower()}{title[1:]}"


def _title(rulebook: Rulebook, name: str) -> str:
    """Return what people call an anchor that is not known yet."""
    key = name.partition(".")[0]
    definition = rulebook.definition
    if key in definition.dates:
        return definition.dates[key].title
    if key in definition.stages:
        return f'the stage "{definition.stages[key].title}"'
    return f'"{rulebook.specs[key].title}" is done' if key in rulebook.specs else name


def headline(rulebook: Rulebook, challenge: Challenge, *, at: datetime) -> Headline:
    """Return a challenge as a portfolio shows it, with what is due first."""
    definition = rulebook.definition
    stage = definition.stages[challenge.stage]
    managers = challenge.holders([MANAGER])
    upcoming = _next(challenge.tasks.values())
    shown = _next_shown(rulebook, upcoming) if upcoming else {}
    return Headline(
        stage=challenge.stage,
        stage_title=f"{stage.phase}: {stage.title.lower()}" if stage.phase else stage.title,
        is_final=stage.final,
        is_paused=stage.paused,
        manager=managers[0] if managers else None,
        due_soon=definition.due_soon,
        wake_at=steps.next_moment(rulebook, challenge, after=at),
        **shown,
        **_booking(rulebook, challenge),
    )


def _next(tasks: Iterable[Task]) -> Task | None:
    """Return the unfinished task whose target or limit comes first."""
    dated = [
        (task.target_on or task.limit_on, task.limit_on, number, task)
        for number, task in enumerate(tasks)
        if task.status in UNFINISHED and (task.target_on or task.limit_on)
    ]
    if not dated:
        return None
    return min(dated, key=lambda row: (row[0], row[1] or row[0], row[2]))[3]


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
    first, last = challenge.dates.get(occupies.first), challenge.dates.get(occupies.last)
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
        readers.update(name for name in rulebook.readers[spec] if spec in _shown(rulebook, name))
    if readers:
        keys.update(task.key for task in challenge.tasks.values() if task.spec in readers)
    return keys
