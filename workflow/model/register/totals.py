"""The register in numbers: how many stand how, and month by month."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from workflow.model.register.compliance import Compliance, Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What was due in a month, `2027-03`, over all challenges: how it came out.

    `on_time` and `late` were met; `missed` are not met and past their limit; `open` wait;
    `excepted` were waived or overridden.
    """

    month: str
    on_time: int = 0
    late: int = 0
    missed: int = 0
    open: int = 0
    excepted: int = 0

    @property
    def due(self) -> int:
        """How many were due in all."""
        return self.on_time + self.late + self.missed + self.open + self.excepted


_OUTCOMES = {
    Compliance.MET: "on_time",
    Compliance.MET_LATE: "late",
    Compliance.LATE: "missed",
    Compliance.OPEN: "open",
    Compliance.NOT_YET: "open",
    Compliance.WAIVED: "excepted",
    Compliance.OVERRIDDEN: "excepted",
}


@dataclass(slots=True)
class Numbers:
    """The numbers of a register, which items are added to."""

    standings: Counter[Compliance]
    outcomes: Counter[tuple[str, str]]
    breaches: int = 0

    def add(self, items: Iterable[Item]) -> None:
        """Count items."""
        for item in items:
            self.standings[item.standing] += 1
            self.breaches += item.is_breach
            outcome = _OUTCOMES.get(item.standing)
            if item.due_on is not None and outcome is not None:
                self.outcomes[item.due_on.isoformat()[:7], outcome] += 1

    def merge(self, other: "Numbers") -> None:
        """Add what was counted elsewhere."""
        self.standings.update(other.standings)
        self.outcomes.update(other.outcomes)
        self.breaches += other.breaches

    @property
    def totals(self) -> dict[Compliance, int]:
        """How many stand how, each standing once, the most pressing first."""
        return {standing: self.standings[standing] for standing in Compliance}

    @property
    def months(self) -> tuple[Month, ...]:
        """What was due month by month, the first one first; a month without any is left out."""
        found: dict[str, dict[str, int]] = {}
        for (month, outcome), number in sorted(self.outcomes.items()):
            found.setdefault(month, {})[outcome] = number
        return tuple(Month(month=month, **numbers) for month, numbers in found.items())


def count(items: Iterable[Item] = ()) -> Numbers:
    """Return the numbers of some items."""
    numbers = Numbers(Counter(), Counter())
    numbers.add(items)
    return numbers
