"""What the anchors of a timing turn out to be, for one task of one challenge."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from workflow.model.challenge import Challenge
from workflow.model.planning.rulebook import Rulebook
from workflow.model.reckoning import Known, Lookup
from workflow.model.task import SETTLED, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One of the tasks that a spec asks for: for whom, or for which day."""

    key: str
    spec: str
    person: int | None = None
    day: date | None = None
    joined_on: date | None = None
    left_at: datetime | None = None


def lookup(
    rulebook: Rulebook, challenge: Challenge, occurrence: Occurrence, *, own: Task | None = None
) -> Lookup:
    """Return the function that says what an anchor is; None where it is not known yet.

    `own` is the task whose `opening`, `target` and `limit` are meant; without it, the task of
    the occurrence as it stands.
    """
    task = own or challenge.tasks.get(occurrence.key)

    def find(name: str) -> Known | None:
        ask = _OF_ITSELF.get(name)
        if ask is not None:
            return ask(rulebook, occurrence, task)
        return _of_challenge(rulebook, challenge, name)

    return find


def _of_challenge(rulebook: Rulebook, challenge: Challenge, name: str) -> Known | None:
    """Return what a date, a stage, a task or a task's deadline is."""
    fact = challenge.dates.get(name)
    if fact is not None:
        title = rulebook.definition.dates[name].title if name in rulebook.definition.dates else name
        note = "recorded" if fact.is_actual else "planned"
        return Known(on=fact.on, at=fact.moment, title=title, note=note)
    if name in challenge.entered:
        return _entry(rulebook, challenge, name)
    key, _, part = name.partition(".")
    if key in rulebook.specs:
        return (
            _deadline(rulebook, challenge, key, part)
            if part
            else _completion(rulebook, challenge, key)
        )
    return None


def _entry(rulebook: Rulebook, challenge: Challenge, stage: str) -> Known:
    """Return when a stage was entered."""
    at = challenge.entered[stage]
    title = f'the stage "{rulebook.definition.stages[stage].title}" was entered'
    return Known(on=rulebook.today(at), at=at, title=title, note="recorded")


def _completion(rulebook: Rulebook, challenge: Challenge, spec: str) -> Known | None:
    """Return the day on which the last of a spec's tasks was settled, once all are."""
    tasks = challenge.occurrences(spec)
    if not tasks or any(task.status not in SETTLED for task in tasks):
        return None
    last = max(tasks, key=lambda task: (settled_on(rulebook, task), task.done_at or task.issued_at))
    title = f'"{rulebook.specs[spec].title}" was done'
    is_same_day = last.done_at is not None and rulebook.today(last.done_at) == last.done_on
    on = settled_on(rulebook, last)
    return Known(on=on, at=last.done_at if is_same_day else None, title=title, note="recorded")


def settled_on(rulebook: Rulebook, task: Task) -> date:
    """Return the day on which a task counts as done, waived or lapsed."""
    return task.done_on or rulebook.today(task.done_at or task.issued_at)


def _deadline(rulebook: Rulebook, challenge: Challenge, spec: str, part: str) -> Known | None:
    """Return the target or the limit of another task: the last, where there are several."""
    tasks = challenge.occurrences(spec)
    days = [task.target_on if part == "target" else task.limit_on for task in tasks]
    known = [day for day in days if day is not None]
    if not known or len(known) < len(days):
        return None
    return Known(on=max(known), title=f'the {part} of "{rulebook.specs[spec].title}"')


def _opening(rulebook: Rulebook, occurrence: Occurrence, task: Task | None) -> Known | None:
    if task is None or task.opened_at is None:
        return None
    on = rulebook.today(task.opened_at)
    return Known(on=on, at=task.opened_at, title="the day it opened", note="recorded")


def _target(rulebook: Rulebook, occurrence: Occurrence, task: Task | None) -> Known | None:
    on = task and (task.target_on or task.limit_on)
    return Known(on=on, title="its target") if on else None


def _limit(rulebook: Rulebook, occurrence: Occurrence, task: Task | None) -> Known | None:
    if task is None or task.limit_on is None:
        return None
    return Known(on=task.limit_on, at=task.limit_at, title="its limit")


def _joining(rulebook: Rulebook, occurrence: Occurrence, task: Task | None) -> Known | None:
    on = occurrence.joined_on
    return Known(on=on, title="the day of joining", note="recorded") if on else None


def _leaving(rulebook: Rulebook, occurrence: Occurrence, task: Task | None) -> Known | None:
    at = occurrence.left_at
    if at is None:
        return None
    return Known(on=rulebook.today(at), at=at, title="the day of leaving", note="recorded")


def _day(rulebook: Rulebook, occurrence: Occurrence, task: Task | None) -> Known | None:
    return Known(on=occurrence.day, title="the day itself") if occurrence.day else None


_OF_ITSELF: dict[str, Callable[[Rulebook, Occurrence, Task | None], Known | None]] = {
    "opening": _opening,
    "target": _target,
    "limit": _limit,
    "joining": _joining,
    "leaving": _leaving,
    "day": _day,
}
