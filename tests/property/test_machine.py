"""One made-up challenge and its model, step by step under what Hypothesis thinks of."""

import pytest
from hypothesis import Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.property.machine import Programme, bounded
from workflow.model.planning.rulebook import Rulebook

STEPS, SHARES, LIVES = 50, 3, 100
"""Three hundred lives of fifty steps, in shares that different processes can take."""


@pytest.mark.parametrize("share", range(SHARES))
def test_whatever_people_do_the_engine_comes_to_what_the_model_says(share: int) -> None:
    machine = seed(share)(type(f"Programme{share}", (Programme,), {}))
    run_state_machine_as_test(machine, settings=bounded(LIVES, STEPS))


@seed(6)  # soon found
class Forgetful(Programme):
    """By rules that do not know which task hangs on which."""

    def rules_of(self, rules: Rulebook) -> Rulebook:
        forgetful = Rulebook(rules.definition, rules.calendar)
        object.__setattr__(forgetful, "readers", dict.fromkeys(rules.specs, ()))
        return forgetful


class Elsewhere(Programme):
    """By the clocks of another place."""

    def rules_of(self, rules: Rulebook) -> Rulebook:
        definition = rules.definition.model_copy(update={"zone": "Etc/UTC"})
        return Rulebook(definition, rules.calendar)


class Unwritten(Programme):
    """With a history that lacks what a sweep brought last."""

    def sweep(self) -> None:
        kept = len(self.life.events)
        super().sweep()
        del self.life.events[max(kept, len(self.life.events) - 1) :]


@pytest.mark.parametrize(
    ("machine", "name"), [(Forgetful, "I[14]: "), (Elsewhere, "I5: "), (Unwritten, "I14: ")]
)
def test_a_mistake_in_the_engine_would_be_caught(machine: type[Programme], name: str) -> None:
    first = settings(bounded(LIVES, STEPS), phases=[Phase.generate], report_multiple_bugs=False)
    with pytest.raises(AssertionError, match=name):
        run_state_machine_as_test(machine, settings=first)
