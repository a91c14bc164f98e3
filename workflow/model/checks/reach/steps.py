"""Checks that steps can be taken: nothing that they ask for may come only after them."""

from collections.abc import Iterator
from dataclasses import dataclass

from workflow.model.checks.circles import conditions_of, find_circular
from workflow.model.checks.finding import Finding, Path, Scope
from workflow.model.checks.lifecycle import find_reached
from workflow.model.checks.reach.reasons import Reasons
from workflow.model.checks.reach.world import World, before, binding, is_small
from workflow.model.definition import Definition, Transition
from workflow.model.language.phrases import AnyOf, Condition, Timing

_MOST_LISTED = 12
_TRAPPED = "add a way out, or ask for something that comes earlier"


def find_in_steps(scope: Scope) -> Iterator[Finding]:
    """Give what steps ask for and what can never be so when they are asked."""
    parts = scope.definition
    if not parts.stages:
        return
    whole = World(parts).grow()
    reached, circular = find_reached(parts), find_circular(parts)
    told: set[str] = set()
    for name, step in parts.transitions.items():
        world = _stuck_in(whole, name, step)
        if world is not None:
            told.add(name)
            reasons = Reasons(world=world, whole=whole, reached=reached, circular=circular)
            yield from _Asked(reasons, name, step).find()
    for stage in parts.stages if is_small(parts) else ():
        names = [name for name, step in parts.transitions.items() if stage in step.from_]
        if names and told.isdisjoint(names) and stage in whole.stages:
            world = before(parts, names, stage)
            reasons = Reasons(world=world, whole=whole, reached=reached, circular=circular)
            yield from _find_trap(reasons, stage, names)


def _stuck_in(whole: World, name: str, step: Transition) -> World | None:
    """Return the world in which a step cannot be taken: the whole, or what comes before it.

    A step out of several stages is looked at in each: it is enough that it can be taken in one.
    """
    stages = [stage for stage in step.from_ if stage in whole.stages]
    if not stages or not _is_asking(whole.parts, name, step):
        return None
    if name not in whole.steps:
        return whole
    stuck: World | None = None
    for stage in stages if is_small(whole.parts) else ():
        world = before(whole.parts, [name], stage)
        if world.can_take(name, step):
            return None
        if stage in world.stages:
            stuck = stuck or world
    return stuck


def _is_asking(parts: Definition, name: str, step: Transition) -> bool:
    """Return whether anything at all keeps a step from being taken."""
    is_timed = step.not_before is not None or isinstance(step.at, Timing)
    is_needing = any(name in date.needed_for for date in parts.dates.values())
    return is_timed or is_needing or any(binding(step))


def _find_trap(reasons: Reasons, stage: str, names: list[str]) -> Iterator[Finding]:
    """Give the stage that cannot be left, as every step out of it asks for what comes later."""
    world, steps = reasons.world, reasons.world.parts.transitions
    if stage not in world.stages or any(world.can_take(name, steps[name]) for name in names):
        return
    found = [one for name in names for one in _Asked(reasons, name, steps[name]).find()]
    if found:
        text = f'no step leads out of "{stage}" when it is entered for the first time'
        asked = ".".join(map(str, found[0].path))
        yield Finding(("stages", stage), f"{text} ({asked}); {_TRAPPED}")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a step asks for, in a world in which it cannot be taken."""

    reasons: Reasons
    name: str
    step: Transition

    def find(self) -> Iterator[Finding]:
        """Give what can be met only once the step is taken."""
        for path, one in binding(self.step):
            yield from self._find_in_guard(("transitions", self.name, *path), one)
        for key in ("at", "not_before"):
            timing = getattr(self.step, key)
            if isinstance(timing, Timing) and not self.reasons.world.may_come(timing):
                text = "what it counts from is known only after this step"
                place: Path = ("transitions", self.name, key)
                yield Finding(place, f"{text}; count from something earlier")
        for key, date in self.reasons.world.parts.dates.items():
            if self.name in date.needed_for:
                yield from self._find_in_need(key, ("dates", key, "needed_for"))

    def _find_in_guard(self, path: Path, asked: Condition | AnyOf) -> Iterator[Finding]:
        world = self.reasons.world
        if world.may_hold(asked):
            return
        for name in (one.subject for one in conditions_of(asked) if not world.may_hold(one)):
            if why := self.reasons.why(name):
                way_out = f"leave it out, or {self._way_out(name)}"
                yield Finding(path, f"no task can satisfy this: {why}; {way_out}")
                return

    def _find_in_need(self, key: str, path: Path) -> Iterator[Finding]:
        """Give the date that the step needs and that is known only after it."""
        if self.reasons.world.parts.dates[key].set_by == self.name:
            text = f'"{self.name}" records it, and cannot be taken without it'
            yield Finding(path, f"{text}; leave out one of the two")
        elif why := self.reasons.why(key):
            text = f'"{self.name}" cannot be taken without it, and {why}'
            yield Finding(path, f"{text}; leave it out, or {self._way_out(key)}")

    def _way_out(self, name: str) -> str:
        """Return what else may be done about what is asked for: for a date, with what is known."""
        world = self.reasons.world
        date = world.parts.dates.get(name)
        if date is None or date.is_ is None:
            return "let it be done earlier"
        known = [key for key in world.parts.dates if world.may_know(key)]
        known += [key for key in world.parts.stages if key in world.stages]
        listed = [*known[:_MOST_LISTED], *(["…"] if len(known) > _MOST_LISTED else [])]
        return f'let "{name}" count from something earlier ({", ".join(listed)})'
