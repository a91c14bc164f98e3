"""Which items of the register somebody wants to see."""

from dataclasses import dataclass
from datetime import date

from workflow.model.register.compliance import Compliance, Item
from workflow.model.register.entries import Origin

WRONG = frozenset({Compliance.LATE, Compliance.OVERRIDDEN, Compliance.WAIVED})
"""What went otherwise than the definition has it, although no limit was missed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is wanted; what is left out or empty is not asked about.

    `is_late` wants what went wrong: missed, overridden or waived. `due_from` and `due_to` are local
    days, both included: an item without a due date lies in no such span.
    """

    standings: frozenset[Compliance] = frozenset()
    obligation: str = ""
    stage: str = ""
    origin: Origin | None = None
    is_late: bool = False
    client: str = ""
    due_from: date | None = None
    due_to: date | None = None

    def is_met_by(self, item: Item) -> bool:
        """Return whether an item is wanted."""
        return self._is_kind(item) and self._is_of(item) and self._is_in_span(item.due_on)

    def is_for(self, client: str) -> bool:
        """Return whether a client's challenges are wanted."""
        return not self.client or client.casefold() == self.client.casefold()

    def _is_kind(self, item: Item) -> bool:
        if self.standings and item.standing not in self.standings:
            return False
        return not self.is_late or item.is_breach or item.standing in WRONG

    def _is_of(self, item: Item) -> bool:
        if self.obligation and item.obligation != self.obligation:
            return False
        if self.stage and self.stage not in item.stages:
            return False
        if self.origin and item.origin is not self.origin:
            return False
        return self.is_for(item.client)

    def _is_in_span(self, due_on: date | None) -> bool:
        if self.due_from is None and self.due_to is None:
            return True
        if due_on is None:
            return False
        return (self.due_from or date.min) <= due_on <= (self.due_to or date.max)
