"""Which step of a lifecycle a side door means: definitions may call it what they like."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workflow.views import View

PREVIOUS = "previous"


def find_trigger(view: "View", names: Sequence[str], *, towards: str) -> str:
    """Return the step of one of these names, else one that leads `towards` a pause or back.

    Where there is neither, the first name is returned, so that the refusal says what there is.
    """
    steps = {step.trigger: step for step in view.steps}
    named = next((name for name in names if name in steps), None)
    if named is not None or not towards:
        return named or names[0]
    stages, transitions = view.definition.stages, view.definition.transitions
    for trigger, step in steps.items():
        is_back = transitions[trigger].to == PREVIOUS
        if is_back if towards == PREVIOUS else stages[step.target].paused:
            return trigger
    return names[0]
