"""What a change of the definition came to, as an outcome that is shown like any other."""

from dataclasses import dataclass
from functools import cached_property

from workflow.model.decisions.migration import Migrated
from workflow.model.decisions.shifting import shifted
from workflow.model.outlook.consequences import Consequences, is_untrue
from workflow.model.planning.rulebook import Rulebook
from workflow.outcomes import Outcome
from workflow.store.outbox import Waiting


@dataclass(frozen=True, kw_only=True)
class Due(Outcome):
    """What had come due before, under the old definition."""

    @cached_property
    def consequences(self) -> Consequences:
        """Nothing: time that passes shifts nothing of what comes later."""
        return Consequences()


@dataclass(frozen=True, kw_only=True)
class Crossing(Outcome):
    """What follows under the new definition; `earlier` is the one before.

    `before` is the challenge as the new definition has it, before anything followed from that.
    """

    earlier: Rulebook
    decision: Migrated

    @cached_property
    def consequences(self) -> Consequences:
        """What it shifts of what comes later."""
        return shifted(self.earlier, self.rulebook, self.decision, at=self.at)

    @cached_property
    def unsent(self) -> tuple[Waiting, ...]:
        """The waiting reminders that have nothing left to say after it, and had before."""
        return tuple(
            message
            for message in self.waiting
            if self._is_untrue_after(message)
            and not is_untrue(
                self.earlier,
                self.decision.before,
                message.tasks,
                to=message.recipient,
                rungs={},
                at=self.at,
            )
        )

    def _is_untrue_after(self, message: Waiting) -> bool:
        names = [self.decision.renamed.get(key, key) for key in message.tasks]
        return is_untrue(
            self.rulebook,
            self.decision.after,
            names,
            to=message.recipient,
            rungs={},  # the ladders are others now
            at=self.at,
        )
