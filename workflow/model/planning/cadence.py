"""Tasks that come again and again: which turns there are, and on which days.

A turn exists once the one before it is open or settled, so that there is always one to look forward
to and never more than one that waits. When the days move, what was done stays done: it counts for
the earliest turns.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from workflow.model.calendar import Calendar
from workflow.model.challenge import Challenge
from workflow.model.language.phrases import Every
from workflow.model.planning.anchors import Occurrence, lookup, settled_on
from workflow.model.planning.guards import meets
from workflow.model.planning.rulebook import Rulebook
from workflow.model.reckoning.counting import count_from
from workflow.model.reckoning.reckon import reckon
from workflow.model.task import SETTLED, Task, TaskStatus


def turns(
    rulebook: Rulebook, challenge: Challenge, key: str, *, every: Every
) -> Iterator[Occurrence]:
    """Yield the turns of a task that comes again and again, settled ones first."""
    tasks = {task.key: task for task in challenge.occurrences(key)}
    settled = [task for task in tasks.values() if task.status in SETTLED]
    for task in settled:
        yield Occurrence(key=task.key, spec=key, day=task.day)
    if every.until is not None and meets(rulebook, challenge, every.until):
        return
    if every.is_from_last and settled:
        yield from _after_last(rulebook, key, every, settled)
        return
    days = _days(rulebook, challenge, key, every=every)
    done = {task.key for task in settled}
    moved = len(done - {f"{key}:{day}" for day in days})  # done on days that are none any more
    for day in days[moved:]:
        name = f"{key}:{day}"
        if name in done:
            continue
        yield Occurrence(key=name, spec=key, day=day)
        is_waiting = name not in tasks or tasks[name].status is not TaskStatus.OPEN
        if is_waiting or every.is_from_last:
            return


def _after_last(
    rulebook: Rulebook, key: str, every: Every, settled: list[Task]
) -> Iterator[Occurrence]:
    """Yield the turn that follows the one that was done last, if there is to be another.

    A day on which there was a turn already has no second one: then it is a period later.
    """
    if len(settled) >= every.at_most:
        return
    last = max(settled_on(rulebook, task) for task in settled)
    calendar = rulebook.calendar_of(rulebook.specs[key])
    had = {task.day for task in settled}
    days = _counted(last, range(1, len(had) + 2), every=every, calendar=calendar)
    for day in [day for day in days if day not in had][:1]:
        yield Occurrence(key=f"{key}:{day}", spec=key, day=day)


def _days(rulebook: Rulebook, challenge: Challenge, key: str, *, every: Every) -> list[date]:
    """Return the day of every turn; none while the day that they count from is not known."""
    spec = rulebook.specs[key]
    ground = rulebook.ground(lookup(rulebook, challenge, Occurrence(key="", spec=key)), spec)
    start = reckon(every.start, ground)
    if start is None:
        return []
    first = 0 if every.is_from else 1
    numbers = range(first, first + every.at_most)
    return _counted(start.on, numbers, every=every, calendar=ground.calendar)


def _counted(
    start: date, numbers: Iterable[int], *, every: Every, calendar: Calendar
) -> list[date]:
    """Return the days that are so many turns after a day."""
    found = (
        count_from(start, number * every.count, every.unit, calendar=calendar) for number in numbers
    )
    return [day for day in found if isinstance(day, date)]
