"""Why something can never be so: in words, from what is asked for down to where it is stuck."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from workflow.model.checks.places import within
from workflow.model.checks.reach.world import World
from workflow.model.duties import TaskSpec
from workflow.model.language.phrases import Timing

_OF_DEADLINE = ("limit", "target")
_OPENED = "opened"
_MOST_TOLD = 8


@dataclass(frozen=True, slots=True)
class Reasons:
    """Says why things can never be in `world`, the part of `whole` that comes before a step.

    What is no fault of that step is left to others: stages that no way leads to (all but
    `reached`), and what hangs on itself (`circular`).
    """

    world: World
    whole: World
    reached: Collection[str]
    circular: Collection[str]
    told: dict[str, str] = field(default_factory=dict)

    def why(self, name: str, depth: int = 0) -> str:
        """Return why a task, a date or a stage can never be there; empty when others tell it."""
        if name.partition(".")[0] in self.circular:
            return ""
        if depth > _MOST_TOLD:
            return "that comes only after this step"
        if name not in self.told:
            self.told[name] = self._why(name, depth)
        return self.told[name]

    def _why(self, name: str, depth: int) -> str:
        key, _, part = name.partition(".")
        parts = self.world.parts
        if key in parts.stages:
            is_late = key in self.reached and key not in self.world.stages
            return f'the stage "{key}" {self._comes(key)}' if is_late else ""
        if key in parts.dates:
            return self._of_date(key, depth)
        task = parts.tasks[key]
        if part in _OF_DEADLINE:
            timing = getattr(task, part)
            lacking = self.lacking(timing) if timing else ()
            return self._chained(f'"{name}" counts from', lacking, depth)
        return self._of_task(name, task, depth)

    def lacking(self, timing: Timing) -> Iterator[str]:
        """Give what a timing counts from and can never be known."""
        for inner in within(timing):
            yield from (name for name in inner.anchor.names if not self.world.may_be(name))

    def _comes(self, stage: str) -> str:
        if stage in self.whole.stages:
            return "cannot have been reached before this step"
        return "is reached only by way of this step"

    def _of_date(self, key: str, depth: int) -> str:
        date = self.world.parts.dates[key]
        if self.world.may_know(key):
            return ""
        if date.is_:
            return self._chained(f'the date "{key}" counts from', self.lacking(date.is_), depth)
        return f'the date "{key}" is recorded only by "{date.set_by}", later on'

    def _of_task(self, name: str, task: TaskSpec, depth: int) -> str:
        key, _, part = name.partition(".")
        is_bound = part == _OPENED or task.early != "flag"
        stages = [stage for stage in task.stage if stage in self.reached] if is_bound else []
        if stages and self.world.stages.isdisjoint(stages):
            comes = self._comes(stages[0]).replace("is reached", "reached", 1)
            joined = comes if comes.startswith("reached") else f"that {comes}"
            return f'"{key}" belongs to "{stages[0]}", a stage {joined}'
        return self._chained(f'"{key}" waits for', self._awaited(task, is_bound=is_bound), depth)

    def _awaited(self, task: TaskSpec, *, is_bound: bool) -> Iterator[str]:
        """Give what keeps a task from being done, as far as its own rule says."""
        yield from (other for other in task.after if not self.world.is_settled(other))
        if not is_bound:
            return
        ways = task.opens.ways if task.opens and not self.world.can_open(task) else ()
        for way in ways:
            yield from (one.subject for one in way.conditions if not self.world.may_hold(one))
            yield from self.lacking(way.timing) if way.timing else ()
        yield from self.lacking(task.not_before) if task.not_before else ()
        each = task.for_each
        days = (each.first_day, each.last_day) if each else ()
        yield from (day for day in days if day and not self.world.may_know(day))

    def _chained(self, what: str, names: Iterable[str], depth: int) -> str:
        """Return that something hangs on the first of `names` that has a reason, and the reason."""
        found = ((name, self.why(name, depth + 1)) for name in names)
        return next((f'{what} "{name}", and {why}' for name, why in found if why), "")
