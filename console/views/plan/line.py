"""One line of a plan, and lines set out in columns."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

WIDEST = 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a plan: what becomes of something, from what to what, and why."""

    kind: str
    what: str
    change: str = ""
    why: str = ""

    def as_json(self) -> dict[str, str]:
        """Return the line as JSON has it."""
        return asdict(self)


def set_out(lines: Iterable[Line]) -> list[str]:
    """Return the lines of a plan in columns."""
    kept = list(lines)
    what = min(max((len(line.what) for line in kept if line.change), default=0), WIDEST)
    change = max((len(line.change) for line in kept if line.why), default=0)
    return [
        f"{line.kind:7} {line.what:{what}}   {line.change:{change}}   {line.why}".rstrip()
        for line in kept
    ]
