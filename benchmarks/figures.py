"""What was measured: two series, taken in turns, and the ratio that a budget is about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

COLUMNS = ("#", "what", "ours", "against", "ratio", "spread", "budget", "")


@dataclass(frozen=True, slots=True)
class Budget:
    """What a ratio is to be: at least `limit` when `is_floor`, else at most."""

    limit: float
    is_floor: bool = False

    def __str__(self) -> str:
        return f"{'≥' if self.is_floor else '≤'} {self.limit:g}"

    def is_met(self, ratio: float) -> bool:
        """Return whether a ratio keeps to the budget."""
        return ratio >= self.limit if self.is_floor else ratio <= self.limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure: what we did and what it is compared with, one value of each a round.

    The ratio is the median of the rounds' ratios: both values of a round were taken side by side,
    while those of two rounds may differ by half. Without a budget it is told, and nothing is held
    against it.
    """

    code: str
    what: str
    unit: str
    ours: Sequence[float]
    against: Sequence[float]
    budget: Budget | None = None
    facts: Mapping[str, float] = field(default_factory=dict)

    @property
    def ratios(self) -> list[float]:
        """Return the ratio of each round, the smallest first."""
        return sorted(a / b for a, b in zip(self.ours, self.against, strict=True))

    @property
    def ratio(self) -> float:
        """Return the median ratio."""
        return median(self.ratios)

    @property
    def is_met(self) -> bool:
        """Return whether the median ratio keeps to the budget, if there is one."""
        return self.budget is None or self.budget.is_met(self.ratio)

    @property
    def verdict(self) -> str:
        """Return whether the budget is met, in a word."""
        if self.budget is None:
            return "told"
        return "met" if self.is_met else "**missed**"

    def row(self) -> str:
        """Return the figure as a row of the table."""
        cells = (
            self.code,
            self.what,
            f"{median(self.ours):,.4g} {self.unit}",
            f"{median(self.against):,.4g} {self.unit}",
            f"{self.ratio:.2f}",
            f"{self.ratios[0]:.2f} to {self.ratios[-1]:.2f}",
            str(self.budget or ""),
            self.verdict,
        )
        return f"| {' | '.join(cells)} |"

    def as_json(self) -> dict[str, Any]:
        """Return the figure with all that was measured."""
        return {
            "figure": self.code,
            "what": self.what,
            "unit": self.unit,
            "ours": list(self.ours),
            "against": list(self.against),
            "median": {"ours": median(self.ours), "against": median(self.against)},
            "ratio": self.ratio,
            "spread": [self.ratios[0], self.ratios[-1]],
            "budget": str(self.budget or ""),
            "is_met": self.is_met,
            "facts": dict(self.facts),
        }


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as a table in Markdown."""
    head = f"| {' | '.join(COLUMNS)} |\n{'|---' * len(COLUMNS)}|"
    return "\n".join((head, *(figure.row() for figure in figures)))
