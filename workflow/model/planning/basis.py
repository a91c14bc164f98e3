"""How a task's dates came about, line by line: kept with the event that sets them."""

from workflow.model import events as e
from workflow.model.challenge import Challenge
from workflow.model.planning.anchors import Occurrence
from workflow.model.planning.plan import explained, hanging, reckoned
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
    target: Trace = []
    limit: Trace = []
    if facts is None:
        reckoned(rulebook, challenge, occurrence, traces=(target, limit))
    else:
        _, target, limit = explained(rulebook, challenge, occurrence, facts=facts)
    parts = (("limit", limit), ("target", target))
    lines = tuple([e.Reason(part, *step) for part, steps in parts for step in steps])
    return f"{calendar.name} {calendar.version}", lines
