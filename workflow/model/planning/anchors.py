"""What the anchors of a timing turn out to be, for one task of one challenge."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from workflow.model.challenge import Challenge
from workflow.model.duties import plain_title
from workflow.model.language.phrases import Edge
from workflow.model.planning.rulebook import LAST_ACTIVITY, Rulebook
from workflow.model.reckoning.moments import Known, Lookup
from workflow.model.reckoning.reckon import reckon
from workflow.model.task import SETTLED, Task

RECORDED = "recorded"


class Occurrence(NamedTuple):
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
        if name == LAST_ACTIVITY:
            return _activity(rulebook, challenge)
        return _of_challenge(rulebook, challenge, name)

    return find


def _of_challenge(rulebook: Rulebook, challenge: Challenge, name: str) -> Known | None:
    """Return what a date, a stage, a task or a part of a task is."""
    key, _, part = name.partition(".")
    if key in rulebook.definition.dates:
        return known_date(rulebook, challenge, key, is_recorded=part == RECORDED)
    if name in challenge.entered:
        return _entry(rulebook, challenge, name)
    if key in rulebook.specs:
        return _of_task(rulebook, challenge, key, part)
    return None


def known_date(
    rulebook: Rulebook, challenge: Challenge, key: str, *, is_recorded: bool = False
) -> Known | None:
    """Return what a date is, recorded or worked out; with `is_recorded`, when it was recorded.

    A moment later than the date's cut-off counts as the next day.
    """
    rule = rulebook.definition.dates[key]
    if rule.is_ is not None:
        find = lookup(rulebook, challenge, Occurrence(key="", spec=""))
        found = reckon(rule.is_, rulebook.ground(find), edge=Edge.START)
        if found is None:
            return None
        at = found.at if found.has_time else None
        return Known(on=found.on, at=at, title=rule.title, note=f"worked out: {rule.is_.text}")
    fact = challenge.dates.get(key)
    if fact is None:
        return None
    if is_recorded:
        on = rulebook.today(fact.recorded_at)
        return Known(on=on, at=fact.recorded_at, title=f"{rule.title}: the day of recording it")
    note = "recorded" if fact.is_actual else "planned"
    if rule.cut_off and fact.moment and _clock(rulebook, fact.moment) > rule.cut_off:
        note = f"{note} after {rule.cut_off}: counts as the next day"
        return Known(on=fact.on + timedelta(days=1), title=rule.title, note=note)
    return Known(on=fact.on, at=fact.moment, title=rule.title, note=note)


def _clock(rulebook: Rulebook, at: datetime) -> str:
    return f"{at.astimezone(rulebook.zone):%H:%M}"


def _entry(rulebook: Rulebook, challenge: Challenge, stage: str) -> Known:
    """Return when a stage was entered."""
    at = challenge.entered[stage]
    title = f'the stage "{rulebook.definition.stages[stage].title}" was entered'
    return Known(on=rulebook.today(at), at=at, title=title, note="recorded")


def _of_task(rulebook: Rulebook, challenge: Challenge, spec: str, part: str) -> Known | None:
    """Return when a task was done, or its limit, target, opening or recording."""
    if part in ("limit", "target"):
        return _deadline(rulebook, challenge, spec, part)
    if part == "opened":
        moments = [t.opened_at for t in challenge.occurrences(spec) if t.opened_at is not None]
        title = f'"{plain_title(rulebook.specs[spec])}" opened'
        first = min(moments, default=None)
        return Known(on=rulebook.today(first), at=first, title=title) if first else None
    found = _completion(rulebook, challenge, spec)
    if part != RECORDED or found is None:
        return found
    last = max(task.done_at for task in challenge.occurrences(spec) if task.done_at)
    title = f"{found.title}, as recorded"
    return Known(on=rulebook.today(last), at=last, title=title, note=RECORDED)


def _completion(rulebook: Rulebook, challenge: Challenge, spec: str) -> Known | None:
    """Return the day on which the last of a spec's tasks was settled, once all are."""
    tasks = challenge.occurrences(spec)
    if not tasks or any(task.status not in SETTLED for task in tasks):
        return None
    last = max(tasks, key=lambda task: (settled_on(rulebook, task), task.done_at or task.issued_at))
    title = f'"{plain_title(rulebook.specs[spec])}" was done'
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
    return Known(on=max(known), title=f'the {part} of "{plain_title(rulebook.specs[spec])}"')


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


def _activity(rulebook: Rulebook, challenge: Challenge) -> Known | None:
    """Return when somebody last changed the challenge."""
    at = challenge.active_at
    return Known(on=rulebook.today(at), at=at, title="the last activity") if at else None


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
