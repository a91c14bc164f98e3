"""Checks that what is asked for can come to be: guards, deadlines, and what they wait for.

A world is everything that may ever be so: the stages that may be reached, the tasks that may be
done, the steps that may be taken. It grows from the first stage until nothing is added. What is
left out of it can never be, and the world without one task shows what hangs on that task.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from workflow.model.checks.circles import conditions_of, find_circular
from workflow.model.checks.finding import Finding, Path, Scope
from workflow.model.checks.lifecycle import PREVIOUS, find_reached
from workflow.model.checks.places import LAST_ACTIVITY, Place, timings, timings_of, within
from workflow.model.checks.spans import Measure
from workflow.model.definition import Definition, Transition
from workflow.model.duties import TaskSpec
from workflow.model.language.phrases import AnyOf, Choice, Condition, Test, Timing, Way

_DEADLINES = ("limit", "target", "lapses", "cap", "not_before")
_PAST = ("opened", "recorded")
_MOST_TURNS, _MOST_DEPTH, _MOST_WORLDS = 60, 40, 20_000
_PEOPLE = (Test.ENOUGH, Test.FILLED)


@dataclass
class World:
    """What may ever be so, when the task `without` is never done."""

    parts: Definition
    without: str = ""
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
            if name not in self.steps and self.can_take(name, step):
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

    def can_open(self, task: TaskSpec) -> bool:
        """Return whether any way in which a task opens may be there."""
        return task.opens is None or any(self._is_way(way) for way in task.opens.ways)

    def _is_way(self, way: Way) -> bool:
        is_time = way.timing is None or self.may_come(way.timing)
        return is_time and all(self.may_hold(one) for one in way.conditions)

    def is_settled(self, name: str) -> bool:
        """Return whether a task may hold: be done, or not be there at all."""
        task = self.parts.tasks.get(name)
        if task is None or name in self.tasks:
            return True
        each = task.for_each
        may_be_nobody = each and (each.is_past or each.is_issued or each.capability or each.every)
        return name != self.without and bool(task.when or may_be_nobody)

    def may_hold(self, requirement: Condition | AnyOf) -> bool:
        """Return whether a requirement may ever be met."""
        if isinstance(requirement, AnyOf):
            return sum(map(self.may_hold, requirement.of)) >= requirement.count
        if requirement.is_not or requirement.test in _PEOPLE:
            return True
        name = requirement.subject
        if name in self.parts.stages:
            return name in self.stages
        return self.may_know(name) if name in self.parts.dates else self.is_settled(name)

    def may_know(self, name: str, seen: frozenset[str] = frozenset()) -> bool:
        """Return whether a date may be known: recorded, set by its step, or worked out."""
        date = self.parts.dates.get(name)
        if date is None or name in seen or len(seen) > _MOST_DEPTH:
            return True
        if date.is_:
            return self.may_come(date.is_, seen | {name})
        setter = date.set_by
        if setter in self.parts.tasks:
            return setter in self.tasks
        return setter not in self.parts.transitions or setter in self.steps

    def may_come(self, timing: Timing, seen: frozenset[str] = frozenset()) -> bool:
        """Return whether what a timing counts from may ever be known."""
        anchor = timing.anchor
        if anchor.of:
            found = [self.may_come(inner, seen) for inner in anchor.of]
        else:
            found = [self.may_be(name, seen) for name in anchor.names]
        return any(found) if anchor.choice is Choice.EARLIEST else all(found)

    def may_be(self, name: str, seen: frozenset[str] = frozenset()) -> bool:
        """Return whether what one name stands for may ever be known."""
        key, _, part = name.partition(".")
        if key in self.parts.stages:
            return key in self.stages
        task = self.parts.tasks.get(key)
        if task is None or name in seen:
            return self.may_know(key, seen)
        if part in {"limit", "target"}:
            timing = getattr(task, part)
            return timing is None or self.may_come(timing, seen | {name})
        if part == "opened":
            return not self.stages.isdisjoint(task.stage) and self.can_open(task)
        return self.is_settled(key)


def find_in_reach(scope: Scope) -> Iterator[Finding]:
    """Give the guards that nothing can meet, and the deadlines that are known too late."""
    parts = scope.definition
    if not parts.stages:
        return
    world = World(parts).grow()
    yield from _find_in_guards(world)
    told: set[Path] = set()
    for finding in chain(_find_ended(parts), _find_counted_back(parts), _find_too_late(world)):
        if finding.path not in told:
            told.add(finding.path)
            yield finding


def binding(step: Transition) -> Iterator[tuple[Path, Condition | AnyOf]]:
    """Give what a step cannot be taken without; what it warns of binds where nobody is asked."""
    for key in ("requires", "warns") if step.at else ("requires",):
        for index, one in enumerate(getattr(step, key)):
            yield (key, index), one


def _find_in_guards(world: World) -> Iterator[Finding]:
    """Give the requirements of steps that can be met only once the step is taken."""
    reached, circular = find_reached(world.parts), find_circular(world.parts)
    for name, step in world.parts.transitions.items():
        if name in world.steps or world.stages.isdisjoint(step.from_):
            continue
        for path, one in binding(step):
            never = [c.subject for c in conditions_of(one) if not world.may_hold(c)]
            found = (_why_never(world, n, reached) for n in never if n not in circular)
            why = "" if world.may_hold(one) else next(filter(None, found), "")
            if why:
                text = f"no task can satisfy this: {why}; leave it out, or let it be done earlier"
                yield Finding(("transitions", name, *path), text)
        yield from _find_in_days(world, name, step)


def _find_in_days(world: World, name: str, step: Transition) -> Iterator[Finding]:
    """Give the days that a step waits for and that are known only after it."""
    for key in ("at", "not_before"):
        timing = getattr(step, key)
        if isinstance(timing, Timing) and not world.may_come(timing):
            text = "what it counts from is known only after this step"
            yield Finding(("transitions", name, key), f"{text}; count from something earlier")
    for key, date in world.parts.dates.items():
        if name in date.needed_for and date.set_by == name:
            text = f'"{name}" records it, and cannot be taken without it'
            yield Finding(("dates", key, "needed_for"), f"{text}; leave out one of the two")


def _why_never(world: World, name: str, reached: set[str], depth: int = 0) -> str:
    """Return why a task, a date or a stage can never be there; empty when others tell it."""
    parts = world.parts
    if name in parts.stages and name in reached and name not in world.stages:
        return f'the stage "{name}" is reached only by way of this step'
    if name in parts.dates and parts.dates[name].set_by and not world.may_know(name):
        return f'the date "{name}" is recorded only by "{parts.dates[name].set_by}", later on'
    task = parts.tasks.get(name)
    if task is None or depth > _MOST_DEPTH:
        return ""
    stages = [stage for stage in task.stage if stage in reached]
    if stages and world.stages.isdisjoint(stages):
        return f'"{name}" belongs to "{stages[0]}", a stage reached only by way of this step'
    found = (
        (other, _why_never(world, other, reached, depth + 1)) for other in _awaited(world, task)
    )
    return next((f'"{name}" waits for "{other}", and {why}' for other, why in found if why), "")


def _awaited(world: World, task: TaskSpec) -> list[str]:
    """Return what keeps a task from being done, as far as its own rule says."""
    ways = task.opens.ways if task.opens else ()
    opening = ways[0].conditions if len(ways) == 1 else ()
    never = [one.subject for one in opening if not world.may_hold(one)]
    timing = ways[0].timing if len(ways) == 1 else None
    if timing is not None and not world.may_come(timing):
        never += [name for name in timing.anchor.names if not world.may_be(name)]
    return [*(other for other in task.after if not world.is_settled(other)), *never]


def _find_too_late(world: World) -> Iterator[Finding]:
    """Give the timings of tasks that are known only once the task itself is done.

    Left alone are tasks that come again, and those that are for each person: the next one knows.
    """
    parts = world.parts
    possible = world.tasks - find_circular(parts)
    for name, task in parts.tasks.items() if is_small(parts) else ():
        if task.redo_when or task.for_each or name not in possible:
            continue
        timed = [
            p for p in timings_of(name, task) if p.path[2] in _DEADLINES and _is_moot(parts, p)
        ]
        if not timed:
            continue
        without = World(parts, without=name).grow()
        for place in timed:
            if world.may_come(place.timing) and not without.may_come(place.timing):
                names = dict.fromkeys(place.timing.anchor.names)
                told = " and ".join(f'"{one}"' for one in names if not without.may_be(one))
                text = f"it counts from {told}, known only once this task is done"
                yield Finding(place.path, f"{text}; count from something earlier")


def is_small(parts: Definition) -> bool:
    """Return whether the world without each single task can be looked at in good time."""
    return len(parts.tasks) * (len(parts.tasks) + len(parts.transitions)) < _MOST_WORLDS


def _is_moot(parts: Definition, place: Place) -> bool:
    """Return whether a timing counts from more than dates that people record."""
    names = (name.partition(".")[0] for name in place.timing.anchor.names)
    plain = [parts.dates[n] for n in names if n in parts.dates]
    is_plain = len(plain) == len(place.timing.anchor.names)
    return not is_plain or any(date.is_ or date.set_by for date in plain)


def _find_ended(parts: Definition) -> Iterator[Finding]:
    """Give the tasks that wait for a stage which, when it is entered, ends them."""
    for name, task in parts.tasks.items():
        ways = task.opens.ways if task.opens else ()
        for stage in find_ending(parts, name, task):
            if ways and all(_waits_for(way, stage) for way in ways):
                text = f'it opens when "{stage}" is entered, which ends it'
                yield Finding(
                    ("tasks", name, "opens"),
                    f"{text}; list it there under keeps, or under its stage",
                )
            for key in ("limit", "target"):
                timing = getattr(task, key)
                if timing and _counts_from(timing, stage):
                    text = f'it counts from "{stage}", and entering that stage ends the task'
                    yield Finding(("tasks", name, key), f"{text}; list it there under keeps")


def find_ending(parts: Definition, name: str, task: TaskSpec) -> Iterator[str]:
    """Give the stages that end a task, unfinished as it may be, when they are entered."""
    for key, stage in parts.stages.items():
        is_end = stage.final or stage.keeps is not None
        if is_end and key not in task.stage and name not in (stage.keeps or ()):
            yield key


def _waits_for(way: Way, stage: str) -> bool:
    is_asked = any(stage == one.subject and not one.is_not for one in way.conditions)
    return is_asked or (way.timing is not None and _counts_from(way.timing, stage))


def _counts_from(timing: Timing, stage: str) -> bool:
    return timing.anchor.names == (stage,) and timing.count >= 0


def _find_counted_back(parts: Definition) -> Iterator[Finding]:
    """Give the timings that count back from what is known only once it has happened."""
    measure, circular = Measure(parts), find_circular(parts)
    for place in timings(parts):
        names = dict.fromkeys(place.timing.anchor.names)
        if place.task in circular or not all(_is_known_late(parts, name) for name in names):
            continue
        bounds = measure.moment(place.timing, task=place.task)
        own = [bounds.get(name) or bounds.get(f"{place.task}.{name}") for name in names]
        if all(span is not None and span.high < 0 for span in own) and own:
            told = next(iter(names))
            text = f'it counts back from "{told}", which is known only once it has happened'
            yield Finding(place.path, f"{text}, too late for this; count from a planned date")


def _is_known_late(parts: Definition, name: str) -> bool:
    """Return whether a name stands for what is known only when it happens."""
    key, _, part = name.partition(".")
    if name in {"opening", "joining", "leaving", LAST_ACTIVITY} or part in _PAST:
        return True
    if key in parts.dates:
        return bool(parts.dates[key].set_by)
    return not part and (key in parts.tasks or key in parts.stages)


def counts_on(timing: Timing, name: str) -> bool:
    """Return whether a timing hangs on `name`, by itself or inside."""
    return any(name in inner.anchor.names for inner in within(timing))
