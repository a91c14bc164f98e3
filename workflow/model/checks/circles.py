"""Checks that nothing waits for itself: tasks, their timings, and dates."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from workflow.model.checks.finding import Finding, Path, Scope
from workflow.model.definition import Definition
from workflow.model.duties import TaskSpec
from workflow.model.language.phrases import AnyOf, Choice, Condition, Timing

T = TypeVar("T", bound=Hashable)
Requirements = tuple[Condition | AnyOf, ...]
Node = tuple[str, str]  # a task or a date, and its part: done (or known), opens, target, limit …

_DONE = "done"
_IS = "is"
_TIMED = ("target", "limit", "lapses", "cap")
_OWN = {"opening": "opens", "target": "target", "limit": "limit"}
_PARTS = {"opened": "opens", "recorded": _DONE}
_MOST_CIRCLES = 10


def find_circles_in(scope: Scope) -> Iterator[Finding]:
    """Give the circles among tasks, dates and their timings."""
    yield from _find_circles_of_tasks(scope.definition)
    yield from _find_circles_of_dates(scope.definition)
    yield from _find_excuses(scope.definition)


def _find_circles_of_tasks(parts: Definition) -> Iterator[Finding]:
    after = {name: list(task.after) for name, task in parts.tasks.items()}
    circular: set[str] = set()
    for circle in find_circles(after):
        circular |= set(circle)
        yield Finding(("tasks", circle[0], "after"), f"it waits for itself: {_shown(circle)}")
    for nodes in find_circles(_ways(parts)):
        if circular.isdisjoint(name for name, _ in nodes):
            name, part = next((node for node in nodes if node[1] != _DONE), nodes[0])
            shown = _shown([_called(node) for node in nodes])
            if name in parts.dates:
                text = f"it is worked out from itself: {shown}"
                yield Finding(
                    ("dates", name, _IS), f"{text}; count one of them from something else"
                )
            else:
                path: Path = ("tasks", name, "after" if part == _DONE else part)
                yield Finding(path, f"it hangs on itself: {shown}")


def find_circular(parts: Definition) -> set[str]:
    """Return the tasks and dates that hang on themselves."""
    return {name for nodes in find_circles(_ways(parts)) for name, _ in nodes}


def _ways(parts: Definition) -> dict[Node, list[Node]]:
    """Return for each part of a task, and for each worked-out date, what it waits for."""
    ways: dict[Node, list[Node]] = {}
    for name, task in parts.tasks.items():
        ways |= {(name, part): nodes for part, nodes in _waits(parts, name, task).items()}
    for name, date in parts.dates.items():
        if date.is_:
            ways[name, _IS] = _anchors(name, date.is_)
            ways[name, _DONE] = [(name, _IS)]
    return ways


def _find_excuses(parts: Definition) -> Iterator[Finding]:
    """Give the deadlines that being done themselves would take away, or put off."""
    for name, task in parts.tasks.items():
        asked: list[tuple[Path, Requirements]] = [(("excused_when",), task.excused_when)]
        asked += [(("extends", key, "when"), one.when) for key, one in task.extends.items()]
        for path, requirements in asked:
            for index, one in enumerate(requirements):
                if name in {condition.subject for condition in conditions_of(one)}:
                    text = "doing the task itself would change its deadline; name something else"
                    yield Finding(("tasks", name, *path, index), text)


def _called(node: Node) -> str:
    """Return `node` as a definition would write it."""
    name, part = node
    return name if part in {_DONE, _IS} else f"{name}.{part}"


def _shown(circle: Sequence[str]) -> str:
    """Return `a, b, a`, as an arrow each; what follows itself stands once."""
    told = [name for index, name in enumerate(circle) if index == 0 or name != circle[index - 1]]
    if len(told) > 1 and told[-1] == told[0]:
        told.pop()
    return " → ".join((*told, told[0]))


def _waits(parts: Definition, name: str, task: TaskSpec) -> dict[str, list[Node]]:
    """Return what each part of a task must wait for before it is known.

    That a task is done hangs on its timings too: a limit that counts from its own task's
    completion, by whatever detour, would be known only when it is of no use any more.
    """
    waits: dict[str, list[Node]] = {"opens": [(name, "not_before")]}
    waits[_DONE] = [(other, _DONE) for other in task.after]
    waits[_DONE] += [(name, part) for part in ("when", "for_each", "opens", *_TIMED)]
    waits["when"] = [node for one in task.when for node in _asked(one)]
    waits["for_each"] = _of_turns(name, task)
    for part in _TIMED:
        waits[part] = _anchors(name, getattr(task, part))
    for part in ("target", "limit"):
        waits[part] += list(_of_clock(parts, name, task)) if waits[part] else []
    waits["not_before"] = [n for n in _anchors(name, task.not_before) if n[1] not in _OWN.values()]
    ways = task.opens.ways if task.opens else ()
    if len(ways) == 1:
        waits["opens"] += _anchors(name, ways[0].timing)
        waits["opens"] += [node for one in ways[0].conditions for node in _asked(one)]
    return waits


def _of_turns(name: str, task: TaskSpec) -> list[Node]:
    """Return what a task that comes again and again waits for until it is done for good."""
    every = task.for_each.every if task.for_each else None
    if every is None:
        return []
    until = _asked(every.until) if every.until else []
    return [*_anchors(name, every.start), *until]


def _of_clock(parts: Definition, name: str, task: TaskSpec) -> Iterator[Node]:
    """Give the worked-out dates and the deadlines that a task's clock hangs on."""
    nodes = [(restart, _DONE) for restart in task.restarts_on]
    for key in task.pauses:
        pause = parts.pauses.get(key)
        nodes += _anchors(name, pause.from_) + _anchors(name, pause.until) if pause else []
    extensions = task.extends.values()
    nodes += [n for one in extensions for n in _anchors(name, one.no_later_than)]
    asked = [*task.excused_when, *(c for one in extensions for c in (*one.when, *one.unless))]
    nodes += [node for one in asked for node in _asked(one)]
    yield from (node for node in nodes if node[0] in parts.dates or node[1] != _DONE)


def _asked(requirement: Condition | AnyOf) -> list[Node]:
    """Return what must all be so before a requirement holds."""
    if isinstance(requirement, AnyOf) and requirement.count < len(requirement.of):
        return []
    return [(condition.subject, _DONE) for condition in conditions_of(requirement)]


def conditions_of(requirement: Condition | AnyOf) -> tuple[Condition, ...]:
    """Return the single conditions of a requirement."""
    return requirement.of if isinstance(requirement, AnyOf) else (requirement,)


def _anchors(name: str, timing: Timing | None) -> list[Node]:
    """Return what `timing` of task `name` must wait for; nothing when one of several is enough."""
    if timing is None or timing.anchor.choice is Choice.EARLIEST:
        return []
    if timing.anchor.of:
        return [node for inner in timing.anchor.of for node in _anchors(name, inner)]
    found: list[Node] = []
    for anchor in timing.anchor.names:
        key, _, part = anchor.partition(".")
        found.append(
            (name, _OWN[anchor]) if anchor in _OWN else (key, _PARTS.get(part, part) or _DONE)
        )
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
