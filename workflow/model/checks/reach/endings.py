"""Which stages end a task for good when they are entered.

Entering a final stage, or one with `keeps`, ends what is not kept there. Yet a challenge goes on
from a stage that is not final, and in a later stage the task is there again: it may count from the
one that ended it, as long as that one still counts as reached.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from workflow.model.checks.lifecycle import find_ways
from workflow.model.definition import Definition
from workflow.model.duties import TaskSpec


@dataclass
class Endings:
    """What ends tasks in a definition; what follows on each stage is looked for once."""

    parts: Definition
    followers: dict[str, frozenset[str]] = field(default_factory=dict)

    def of(self, name: str, task: TaskSpec) -> Iterator[str]:
        """Give the stages that end a task, unfinished as it may be, and never bring it back."""
        for key, stage in self.parts.stages.items():
            is_end = stage.final or stage.keeps is not None
            if is_end and not self._is_kept(key, name, task):
                later = () if stage.final else self._after(key)
                if not any(self._is_back(one, name, task) for one in later):
                    yield key

    def _is_kept(self, key: str, name: str, task: TaskSpec) -> bool:
        return key in task.stage or name in (self.parts.stages[key].keeps or ())

    def _is_back(self, key: str, name: str, task: TaskSpec) -> bool:
        """Return whether a later stage has a task again; what a pause shows soon ends again."""
        stage = self.parts.stages[key]
        is_going_on = not stage.final and not stage.paused and stage.keeps is None
        return is_going_on or self._is_kept(key, name, task)

    def _after(self, key: str) -> frozenset[str]:
        if key not in self.followers:
            self.followers[key] = _followers(self.parts, key)
        return self.followers[key]


def _followers(parts: Definition, start: str) -> frozenset[str]:
    """Return the stages that may follow on a stage, itself among them, while it counts as reached.

    A step back to before it makes it unreached; a step into a pause or out of one does not. A pause
    on the way leads back to where it came from, which is nothing new.
    """
    order, ways = list(parts.stages), {start: find_ways(parts)[start]}
    later = set(order[order.index(start) + 1 :])
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        for target in ways.get(here) or _plain_ways(parts, here):
            is_paused = parts.stages[here].paused or parts.stages[target].paused
            if target not in seen and (target in later or is_paused):
                seen.add(target)
                waiting.append(target)
    return frozenset(seen)


def _plain_ways(parts: Definition, stage: str) -> list[str]:
    """Return the stages that steps out of a stage name; those that are not there are left out."""
    steps = parts.transitions.values()
    return [step.to for step in steps if stage in step.from_ and step.to in parts.stages]
