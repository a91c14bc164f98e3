"""What may ever be so in a definition: the ground on which guards and deadlines are checked.

A world is everything that may ever be so: the stages that may be reached, the tasks that may be
done, the steps that may be taken. It grows from the first stage until nothing is added. What is
left out of it can never be, the world without one task shows what hangs on that task, and the
world before one step what may be so when that step is asked for the first time.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from workflow.model.checks.finding import Path
from workflow.model.checks.lifecycle import PREVIOUS, find_leading
from workflow.model.definition import Definition, Transition
from workflow.model.duties import TaskSpec
from workflow.model.language.phrases import AnyOf, Choice, Condition, Test, Timing, Way

_MOST_SEEN = 100
_MOST_TURNS, _MOST_WORLDS = 60, 20_000
_PEOPLE = (Test.ENOUGH, Test.FILLED)


@dataclass
class World:
    """What may ever be so, when the task `without` is never done, and no step of `closed` taken."""

    parts: Definition
    without: str = ""
    closed: frozenset[str] = frozenset()
    stages: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)
    tasks: set[str] = field(default_factory=set)

    def grow(self) -> "World":
        """Add whatever may be, until nothing is added; return the world.

        Of a definition in which that takes very long, everything may be.
        """
        self.stages.add(self.parts.initial)
        for turn in range(_MOST_TURNS):
            if not self._grow_once(1 if turn % 2 == 0 else -1):
                return self
        self.stages |= self.parts.stages.keys()
        self.steps |= self.parts.transitions.keys()
        self.tasks |= self.parts.tasks.keys()
        return self

    def _grow_once(self, direction: int) -> bool:
        """Add what may be by now, forwards or backwards; return whether there was anything."""
        size = len(self.stages) + len(self.steps) + len(self.tasks)
        for name in [*self.parts.transitions][::direction]:
            step = self.parts.transitions[name]
            if name not in self.closed | self.steps and self.can_take(name, step):
                self.steps.add(name)
                self.stages |= {step.to} - {PREVIOUS}
        for name in [*self.parts.tasks][::direction]:
            if name not in self.tasks and self.can_do(name, self.parts.tasks[name]):
                self.tasks.add(name)
        return len(self.stages) + len(self.steps) + len(self.tasks) > size

    def can_take(self, name: str, step: Transition) -> bool:
        """Return whether a step may ever be taken."""
        needed = (key for key, date in self.parts.dates.items() if name in date.needed_for)
        times = (step.not_before, step.at)
        return (
            not self.stages.isdisjoint(step.from_)
            and all(self.may_hold(one) for _, one in binding(step))
            and all(self.may_know(key) for key in needed)
            and all(self.may_come(time) for time in times if isinstance(time, Timing))
        )

    def can_do(self, name: str, task: TaskSpec) -> bool:
        """Return whether a task may ever be done."""
        if name == self.without or not all(self.is_settled(key) for key in task.after):
            return False
        if task.early == "flag":
            return True
        known = self.parts.stages.keys() & task.stage
        is_reached = not known or not self.stages.isdisjoint(known)
        is_timely = task.not_before is None or self.may_come(task.not_before)
        each = task.for_each
        days = [day for day in (each.first_day, each.last_day) if day] if each else []
        has_days = all(self.may_know(day) for day in days)
        return is_reached and is_timely and has_days and self.can_open(task)

    def can_open(self, task: TaskSpec, seen: dict[str, bool] | None = None) -> bool:
        """Return whether any way in which a task opens may be there."""
        seen = {} if seen is None else seen
        return task.opens is None or any(self._is_way(way, seen) for way in task.opens.ways)

    def _is_way(self, way: Way, seen: dict[str, bool]) -> bool:
        is_time = way.timing is None or self.may_come(way.timing, seen)
        return is_time and all(self.may_hold(one, seen) for one in way.conditions)

    def is_settled(self, name: str) -> bool:
        """Return whether a task may hold: be done, or not be there at all."""
        task = self.parts.tasks.get(name)
        if task is None or name in self.tasks:
            return True
        each = task.for_each
        may_be_nobody = each and (each.is_past or each.is_issued or each.capability or each.every)
        return name != self.without and bool(task.when or may_be_nobody)

    def may_hold(self, requirement: Condition | AnyOf, seen: dict[str, bool] | None = None) -> bool:
        """Return whether a requirement may ever be met."""
        if isinstance(requirement, AnyOf):
            return sum(map(self.may_hold, requirement.of)) >= requirement.count
        if requirement.is_not or requirement.test in _PEOPLE:
            return True
        name = requirement.subject
        if name in self.parts.stages:
            return name in self.stages
        return self.may_know(name, seen) if name in self.parts.dates else self.is_settled(name)

    def may_know(self, name: str, seen: dict[str, bool] | None = None) -> bool:
        """Return whether a date may be known: recorded, set by its step, or worked out.

        In `seen` is what was found on the way: each name is looked at once.
        """
        seen = {} if seen is None else seen
        date = self.parts.dates.get(name)
        if date is None or name in seen or len(seen) > _MOST_SEEN:
            return seen.get(name, True)
        if date.is_:
            return self._remembered(name, date.is_, seen)
        setter = date.set_by
        if setter in self.parts.tasks:
            return setter in self.tasks
        return setter not in self.parts.transitions or setter in self.steps

    def _remembered(self, name: str, timing: Timing, seen: dict[str, bool]) -> bool:
        seen[name] = True  # where it hangs on itself, others tell it
        seen[name] = self.may_come(timing, seen)
        return seen[name]

    def may_come(self, timing: Timing, seen: dict[str, bool] | None = None) -> bool:
        """Return whether what a timing counts from may ever be known."""
        seen = {} if seen is None else seen
        anchor = timing.anchor
        if anchor.of:
            found = [self.may_come(inner, seen) for inner in anchor.of]
        else:
            found = [self.may_be(name, seen) for name in anchor.names]
        return any(found) if anchor.choice is Choice.EARLIEST else all(found)

    def may_be(self, name: str, seen: dict[str, bool] | None = None) -> bool:
        """Return whether what one name stands for may ever be known."""
        seen = {} if seen is None else seen
        key, _, part = name.partition(".")
        if key in self.parts.stages:
            return key in self.stages
        task = self.parts.tasks.get(key)
        if task is None:
            return self.may_know(key, seen)
        if part in {"limit", "target"}:
            timing = getattr(task, part)
            if timing is None or name in seen or len(seen) > _MOST_SEEN:
                return seen.get(name, True)
            return self._remembered(name, timing, seen)
        if part == "opened" and name not in seen:
            seen[name] = True  # as above
            is_there = not self.stages.isdisjoint(task.stage)
            seen[name] = is_there and self.can_open(task, seen)
        if part == "opened":
            return seen[name]
        return self.is_settled(key)


def binding(step: Transition) -> Iterator[tuple[Path, Condition | AnyOf]]:
    """Give what a step cannot be taken without; what it warns of binds where nobody is asked."""
    for key in ("requires", "warns") if step.at else ("requires",):
        for index, one in enumerate(getattr(step, key)):
            yield (key, index), one


def is_small(parts: Definition) -> bool:
    """Return whether the world without each single task can be looked at in good time."""
    return len(parts.tasks) * (len(parts.tasks) + len(parts.transitions)) < _MOST_WORLDS


def before(parts: Definition, names: Collection[str], stage: str) -> World:
    """Return what may be so in a stage before any of the steps `names` was ever taken."""
    rest = {key: step for key, step in parts.transitions.items() if key not in names}
    less = parts.model_copy(update={"transitions": rest})
    leading = find_leading(less, [stage]) | {PREVIOUS}
    astray = {key for key, step in rest.items() if step.to not in leading}
    return World(parts, closed=frozenset({*names, *astray})).grow()
