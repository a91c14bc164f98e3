"""How a task's dates came about, line by line: kept with the event that sets them."""

from workflow.model import events as e
from workflow.model.challenge import Challenge
from workflow.model.planning.anchors import Occurrence
from workflow.model.planning.plan import hanging, reckoned
from workflow.model.planning.rulebook import Rulebook
from workflow.model.reckoning.moments import Trace


def basis_of(
    rulebook: Rulebook, challenge: Challenge, occurrence: Occurrence
) -> tuple[str, tuple[e.Reason, ...]]:
    """Return the calendar, with its version, and the lines on limit and target; empty without.

    Raises:
        InvalidInput: a date leads out of the years that the calendar knows.
    """
    spec = rulebook.specs[occurrence.spec]
    if spec.limit is None and spec.target is None:
        return "", ()
    calendar = rulebook.calendar_of(spec)
    facts = hanging(rulebook, challenge, occurrence)
    if facts is None:
        lines = _lines(rulebook, challenge, occurrence)
    else:
        key = ("basis", occurrence.spec, *facts)
        lines = rulebook.remembered(key, lambda: _lines(rulebook, challenge, occurrence))
    return f"{calendar.name} {calendar.version}", lines


def _lines(
    rulebook: Rulebook, challenge: Challenge, occurrence: Occurrence
) -> tuple[e.Reason, ...]:
    target: Trace = []
    limit: Trace = []
    reckoned(rulebook, challenge, occurrence, traces=(target, limit))
    parts = (("limit", limit), ("target", target))
    return tuple(e.Reason(part, *step) for part, steps in parts for step in steps)
