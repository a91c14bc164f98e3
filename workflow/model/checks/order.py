"""Checks that nothing waits for itself, and that soft dates do not lie after hard ones."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from workflow.model.checks.finding import Finding, Path, Scope
from workflow.model.definition import Definition, TaskSpec
from workflow.model.language.phrases import Choice, Timing, Unit

T = TypeVar("T", bound=Hashable)
Node = tuple[str, str]  # a task, and its part: done, opens, target, limit, lapses

_DONE = "done"
_TIMED = ("target", "limit", "lapses")
_DAYS = {
    Unit.HOURS: 1 / 24,
    Unit.DAYS: 1.0,
    Unit.WORKING_DAYS: 1.4,
    Unit.WEEKS: 7.0,
    Unit.MONTHS: 30.4,
    Unit.YEARS: 365.2,
}
_UNSURE_DAYS = 4.0
_MOST_CIRCLES = 10


def find_in_order(scope: Scope) -> Iterator[Finding]:
    """Give the circles among tasks, dates and their timings, and the targets after their limit."""
    parts = scope.definition
    yield from _find_circles_of_tasks(parts)
    yield from _find_circles_of_dates(parts)
    yield from _find_circles_of_steps(parts)
    for name, task in parts.tasks.items():
        if _is_clearly_later(task.target, task.limit):
            text = "the target lies after the limit; the target is the soft date, and comes first"
            yield Finding(("tasks", name, "target"), text)


def _find_circles_of_tasks(parts: Definition) -> Iterator[Finding]:
    after = {name: list(task.after) for name, task in parts.tasks.items()}
    circular: set[str] = set()
    for circle in find_circles(after):
        circular |= set(circle)
        yield Finding(("tasks", circle[0], "after"), f"it waits for itself: {_shown(circle)}")
    waits: dict[Node, list[Node]] = {}
    for name, task in parts.tasks.items():
        waits |= {(name, part): nodes for part, nodes in _waits(name, task).items()}
    for nodes in find_circles(waits):
        if circular.isdisjoint(name for name, _ in nodes):
            name, part = next((node for node in nodes if node[1] != _DONE), nodes[0])
            path: Path = ("tasks", name, "after" if part == _DONE else part)
            shown = _shown([_called(node) for node in nodes])
            yield Finding(path, f"it hangs on itself: {shown}")


def _find_circles_of_steps(parts: Definition) -> Iterator[Finding]:
    """Give the circles of steps that are taken by themselves: they would never come to rest."""
    ways: dict[str, list[str]] = {name: [] for name in parts.stages}
    triggers: dict[str, str] = {}
    for trigger, step in parts.transitions.items():
        for stage in step.from_ if step.at == "once ready" else ():
            ways.setdefault(stage, []).append(step.to)
            triggers.setdefault(stage, trigger)
    for circle in find_circles(ways):
        text = f"steps taken by themselves lead in a circle: {_shown(circle)}"
        path: Path = ("transitions", triggers[circle[0]], "at")
        yield Finding(path, f"{text}; leave `at` out of one of them")


def _called(node: Node) -> str:
    """Return `node` as a definition would write it."""
    name, part = node
    return name if part == _DONE else f"{name}.{part}"


def _shown(circle: Sequence[str]) -> str:
    """Return `a, b, a`, as an arrow each."""
    return " → ".join((*circle, circle[0]))


def _waits(name: str, task: TaskSpec) -> dict[str, list[Node]]:
    """Return what each part of a task must wait for before it is known.

    That a task is done hangs on its timings too: a limit that counts from its own task's
    completion, by whatever detour, would be known only when it is of no use any more.
    """
    waits: dict[str, list[Node]] = {"opens": [], _DONE: [(other, _DONE) for other in task.after]}
    waits[_DONE] += [(name, part) for part in ("opens", *_TIMED)]
    for part in _TIMED:
        waits[part] = _anchors(name, getattr(task, part))
    ways = task.opens.ways if task.opens else ()
    if len(ways) == 1:
        waits["opens"] += _anchors(name, ways[0].timing)
        waits["opens"] += [(condition.subject, _DONE) for condition in ways[0].conditions]
    return waits


def _anchors(name: str, timing: Timing | None) -> list[Node]:
    """Return what `timing` of task `name` must wait for; nothing when one of several is enough."""
    if timing is None or timing.anchor.choice is Choice.EARLIEST:
        return []
    found: list[Node] = []
    for anchor in timing.anchor.names:
        task, _, part = anchor.partition(".")
        if anchor in {"opening", "target", "limit"}:
            found.append((name, "opens" if anchor == "opening" else anchor))
        else:
            found.append((task, part or _DONE))
    return found


def _find_circles_of_dates(parts: Definition) -> Iterator[Finding]:
    earlier = {name: [date.not_before or ""] for name, date in parts.dates.items()}
    for circle in find_circles(earlier):
        text = f"each would have to come after the other: {_shown(circle)}"
        yield Finding(("dates", circle[0], "not_before"), text)
    leading = {name: [date.moves_with or ""] for name, date in parts.dates.items()}
    for circle in find_circles(leading):
        text = f"each would move with the other: {_shown(circle)}"
        yield Finding(("dates", circle[0], "moves_with"), text)
    for name, date in parts.dates.items():
        if date.within and date.within.of == name:
            yield Finding(("dates", name, "within"), "it counts its days from itself")


def find_circles(ways: Mapping[T, Sequence[T]]) -> list[list[T]]:
    """Return circles in `ways`, none sharing a member, each from the member listed first.

    There may be more of them than are returned: the first ten are enough to mend.
    """
    left = dict(ways)
    order = {node: place for place, node in enumerate(ways)}
    found: list[list[T]] = []
    while len(found) < _MOST_CIRCLES:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            circle: list[T] = error.args[1][:0:-1]
            at = circle.index(min(circle, key=order.__getitem__))
            found.append(circle[at:] + circle[:at])
            left = {node: targets for node, targets in left.items() if node not in circle}
        else:
            break
    return found


def _is_clearly_later(target: Timing | None, limit: Timing | None) -> bool:
    """Return whether `target` lies after `limit`, as far as the two can be compared."""
    if target is None or limit is None or target.anchor != limit.anchor:
        return False
    if target.unit is limit.unit:
        return target.count > limit.count
    days = target.count * _DAYS[target.unit] - limit.count * _DAYS[limit.unit]
    return days > _UNSURE_DAYS
