"""The lifecycle graph of a definition: which step leads where. The only door of `transitions`.

One flat machine serves every challenge of a definition. It holds no challenge: a light carrier
with the stage goes in, and what the step's guards say is asked as it fires.
"""

from collections.abc import Callable, Iterator
from typing import Any

from transitions import EventData, Machine

from workflow.model.definition import Definition

PREVIOUS = "previous"


class Carrier:
    """Carries a stage through the machine, and the stage that was left before a pause."""

    def __init__(self, stage: str, left: str) -> None:
        self.state, self.left = stage, left


class Graph:
    """The steps of one definition."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._leading: dict[str, tuple[str, ...]] = {}
        self._machine = Machine(
            model=None,
            states=list(definition.stages),
            initial=definition.initial,
            transitions=list(_edges(definition)),
            auto_transitions=False,
            send_event=True,
            queued=False,
        )

    def triggers(self, stage: str) -> tuple[str, ...]:
        """Return the triggers that lead from `stage`, in the definition's order."""
        found = self._leading.get(stage)
        if found is None:
            leading = set(self._machine.get_triggers(stage))
            found = tuple(key for key in self._definition.transitions if key in leading)
            self._leading[stage] = found
        return found

    def target(self, trigger: str, *, left: str) -> str:
        """Return where a trigger leads; `left` is the stage that was left before a pause."""
        to = self._definition.transitions[trigger].to
        return left if to == PREVIOUS else to

    def fire(
        self, trigger: str, *, stage: str, left: str, is_allowed: Callable[[], bool]
    ) -> str | None:
        """Return the stage that `trigger` leads to from `stage`; None when `is_allowed` says no."""
        carrier = Carrier(stage, left)
        has_moved = self._machine.events[trigger].trigger(carrier, is_allowed=is_allowed)
        return carrier.state if has_moved is True else None


def _edges(definition: Definition) -> Iterator[dict[str, Any]]:
    """Yield the graph's edges; a step back to the previous stage is one edge for each stage."""
    for trigger, transition in definition.transitions.items():
        for source in transition.from_:
            if transition.to != PREVIOUS:
                yield _edge(trigger, source, transition.to, _is_allowed)
                continue
            for stage in definition.stages:
                yield _edge(trigger, source, stage, _was_left(stage))


def _edge(
    trigger: str, source: str, target: str, condition: Callable[[EventData], bool]
) -> dict[str, Any]:
    return {"trigger": trigger, "source": source, "dest": target, "conditions": [condition]}


def _is_allowed(event: EventData) -> bool:
    return event.kwargs["is_allowed"]() is True


def _was_left(stage: str) -> Callable[[EventData], bool]:
    """Return the condition that `stage` is the one that was left, and the guards allow it."""

    def condition(event: EventData) -> bool:
        return getattr(event.model, "left", None) == stage and _is_allowed(event)

    return condition
