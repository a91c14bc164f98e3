"""What a change lays on people: tasks that are late because of it, tasks that others are to do."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from console.views.plan.line import Line
from console.words import count, listing, short_day
from workflow.model.planning.reminders import assignees
from workflow.model.task import UNFINISHED

if TYPE_CHECKING:
    from datetime import date

    from console.views.happening import Teller
    from workflow.model.task import Task
    from workflow.outcomes import Outcome

MOST_PASSED = 3


def dates(target_on: "date | None", limit_on: "date | None") -> str:
    """Return a task's dates, such as `target Thu 24 Dec 2026, limit Fri 25 Dec 2026`."""
    known = [("target", target_on), ("limit", limit_on)]
    return ", ".join(f"{name} {short_day(day)}" for name, day in known if day)


def late_lines(late: "Sequence[Task]", teller: "Teller") -> Iterator[Line]:
    """Yield what is late because of a change, tasks of one kind and day together."""
    groups: dict[tuple[str, str], list[str]] = defaultdict(list)
    for task in late:
        groups[task.spec, dates(task.target_on, task.limit_on)].append(task.key)
    for (_, change), keys in groups.items():
        yield Line(kind="late", what=teller.titles(keys), change=change)


def late_json(late: "Sequence[Task]", teller: "Teller") -> list[dict[str, Any]]:
    """Return what is late because of a change as JSON has it."""
    return [
        {
            "task": task.key,
            "title": teller.title(task.key),
            "target_on": task.target_on,
            "limit_on": task.limit_on,
            "limit_at": task.limit_at,
        }
        for task in late
    ]


def passing_lines(outcome: "Outcome", teller: "Teller") -> Iterator[Line]:
    """Yield the unfinished tasks that others than before are to do, or fewer, or nobody."""
    groups: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for key, task in outcome.after.tasks.items():
        before = outcome.before.tasks.get(key) if outcome.before else None
        if (
            outcome.before is None
            or before is None
            or not {task.status, before.status} <= UNFINISHED
        ):
            continue
        now = set(assignees(outcome.rulebook, outcome.after, task))
        was = set(assignees(outcome.rulebook, outcome.before, before))
        if now != was:
            names = listing([teller.name(person) for person in sorted(now)]) or "nobody"
            groups[f"left to {names}" if now < was else f"to {names}"][task.spec].append(key)
    for to, specs in groups.items():
        if len(specs) > MOST_PASSED:
            number = sum(len(keys) for keys in specs.values())
            yield Line(kind="passes", what=count(number, "task"), change=to)
            continue
        for keys in specs.values():
            yield Line(kind="passes", what=teller.titles(keys), change=to)
