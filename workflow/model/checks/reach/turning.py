"""Checks that steps which are taken by themselves come to rest: none leads back for ever.

What a step waits for may be what another of the same circle clears, or must not find so: then one
bars the other, the circle is not walked again and again, and it is left alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from workflow.model.checks.circles import conditions_of, find_circles
from workflow.model.checks.finding import Finding, Scope
from workflow.model.checks.lifecycle import PREVIOUS
from workflow.model.checks.places import within
from workflow.model.checks.reach.world import binding
from workflow.model.definition import Definition, Transition
from workflow.model.language.phrases import AnyOf, Condition, Edge, Happening, Test, Timing

Steps = Mapping[str, Transition]
Edges = Mapping[tuple[str, str], str]  # from a stage to another, and the first step that does so

_MOST_LOOKS = 60
_REDOING = (Happening.ENTERED, Happening.CLEARED)


def find_turning(scope: Scope) -> Iterator[Finding]:
    """Give the circles of steps that are taken by themselves: they would never come to rest."""
    parts = scope.definition
    todo: list[Steps] = [{name: one for name, one in parts.transitions.items() if one.at}]
    told: set[frozenset[str]] = set()
    for _ in range(_MOST_LOOKS):
        steps = todo.pop() if todo else {}
        edges = _edges(parts, steps)
        for circle in find_circles(_ways(edges)):
            barring = _Turning(parts, edges, circle).barring()
            if barring:  # another circle may do without one of the two
                todo += [_without(steps, name) for name in dict.fromkeys(barring)]
                break
            if frozenset(circle) not in told:
                told.add(frozenset(circle))
                yield _told(edges, circle)


def _without(steps: Steps, name: str) -> Steps:
    return {key: step for key, step in steps.items() if key != name}


def _edges(parts: Definition, steps: Steps) -> Edges:
    """Return which step leads where; out of a pause that began by itself, back to before it."""
    before: dict[str, list[str]] = {name: [] for name, one in parts.stages.items() if one.paused}
    for step in steps.values():
        before.get(step.to, []).extend(step.from_)
    edges: dict[tuple[str, str], str] = {}
    for name, step in steps.items():
        for source in step.from_:
            for target in before.get(source, ()) if step.to == PREVIOUS else (step.to,):
                edges.setdefault((source, target), name)
    return edges


def _ways(edges: Edges) -> Mapping[str, Sequence[str]]:
    ways: dict[str, list[str]] = {}
    for source, target in edges:
        ways.setdefault(source, []).append(target)
    return ways


def _told(edges: Edges, circle: Sequence[str]) -> Finding:
    shown = " → ".join((*circle, circle[0]))
    text = f"steps taken by themselves lead in a circle: {shown}"
    trigger = edges[circle[0], circle[1 % len(circle)]]
    return Finding(("transitions", trigger, "at"), f"{text}; leave `at` out of one of them")


@dataclass(frozen=True, slots=True)
class _Turning:
    """A circle of stages, and the steps by which it may be walked."""

    parts: Definition
    edges: Edges
    circle: Sequence[str]

    def barring(self) -> tuple[str, ...]:
        """Return two steps (or one) of the circle that bar each other; nothing if none do."""
        ways = zip(self.circle, (*self.circle[1:], self.circle[0]), strict=True)
        taken = [(self.edges[way], way[1]) for way in ways]
        waiting = {what: name for name, _ in taken for what in self._awaited(name)}
        waiting |= {target: name for name, target in taken if self._is_pause(target)}
        setters = {name for name, _ in taken}
        for name, target in taken:
            for what in self._against(name, target, setters):
                if what in waiting:
                    return name, waiting[what]
        return ()

    def _is_pause(self, stage: str) -> bool:
        """Return whether a stage is a pause: once entered, it counts as reached from then on."""
        return stage in self.parts.stages and self.parts.stages[stage].paused

    def _awaited(self, trigger: str) -> Iterator[str]:
        """Give what must be so before a step is taken, and what would have to be so again."""
        step = self.parts.transitions[trigger]
        yield from (key for key, date in self.parts.dates.items() if trigger in date.needed_for)
        for timing in (step.at, step.not_before):
            if isinstance(timing, Timing):
                yield from _passed(self._chain([timing]))
        for condition in _asked(step):
            if not condition.is_not:
                yield from self._of_condition(condition)

    def _of_condition(self, condition: Condition) -> Iterator[str]:
        """Give what must be so for a condition, and what makes a task that it asks for redone."""
        name = condition.subject
        chain = self._chain(self._behind(name))
        yield name
        if condition.test is Test.REACHED:
            yield f"{name} is reached"
            yield from _passed(chain)
        else:
            yield from (key for timing in chain for key in _keys(timing))
        task = self.parts.tasks.get(name)
        for occasion in task.redo_when if task else ():
            if occasion.happening in _REDOING:
                yield from (f"{one} is {occasion.happening}" for one in occasion.subjects)

    def _chain(self, timings: list[Timing]) -> list[Timing]:
        """Return timings, and those by which the dates in them are worked out, each once."""
        chain, seen = list(timings), set[str]()
        for timing in chain:  # it grows as it is walked
            fresh = [key for key in dict.fromkeys(_keys(timing)) if key not in seen]
            seen.update(fresh)
            chain += [behind for key in fresh for behind in self._behind(key)]
        return chain

    def _behind(self, name: str) -> list[Timing]:
        """Return what a worked-out date is worked out by."""
        date = self.parts.dates.get(name)
        return [date.is_] if date and date.is_ else []

    def _against(self, trigger: str, target: str, setters: set[str]) -> Iterator[str]:
        """Give what a step must not find so, and what is not so any more after it."""
        step = self.parts.transitions[trigger]
        if step.to != PREVIOUS:  # which is no new entry
            yield f"{target} is entered"
        for condition in _asked(step):
            if condition.is_not:
                name = condition.subject
                is_day = condition.test is Test.REACHED and name in self.parts.dates
                yield f"{name} is reached" if is_day else name
        for key in step.clears:
            if key in self.parts.dates and self.parts.dates[key].set_by not in setters:
                yield from (key, f"{key} is cleared")


def _asked(step: Transition) -> Iterator[Condition]:
    """Give the conditions that must all hold before a step is taken by itself."""
    for _, one in binding(step):
        if not isinstance(one, AnyOf) or one.count == len(one.of):
            yield from conditions_of(one)


def _keys(timing: Timing) -> list[str]:
    """Return the names of a timing's anchors, without `.limit` and the like."""
    return [name.partition(".")[0] for name in timing.names]


def _passed(chain: Sequence[Timing]) -> Iterator[str]:
    """Give what is so when a timing has come; and what, entered again, puts it off."""
    parts = [part for timing in chain for part in within(timing)]
    is_backward = any(one.count < 0 for one in parts)
    is_later = any(one.count > 0 or one.edge is Edge.END for one in parts)
    for key in dict.fromkeys(key for timing in chain for key in _keys(timing)):
        yield key
        yield from () if is_backward else (f"{key} is reached",)
        yield from (f"{key} is entered",) if is_later else ()
