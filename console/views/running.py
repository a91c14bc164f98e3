"""What one turn of the machine's work came to."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from console.failures import TRY_AGAIN, Failure
from console.output import Output
from console.words import count

if TYPE_CHECKING:
    from console.working import Turn

UNEXPECTED = 1


def show_turn(output: Output, turn: "Turn") -> None:
    """Show what was done and sent."""
    if output.is_json:
        output.document("tick", _as_json(turn))
        return
    output.text(_lines(turn))
    output.follow("list", "mail list")


def exit_code(turn: "Turn") -> int:
    """Return how `tick` ends."""
    if turn.swept.failed:
        return UNEXPECTED
    if turn.drained and turn.drained.trouble:
        return TRY_AGAIN
    return Failure(turn.troubles[0], is_json=False).exit_code if turn.troubles else 0


def _as_json(turn: "Turn") -> dict[str, Any]:
    drained = turn.drained
    return {
        "looked_at": turn.swept.looked_at,
        "raised": turn.swept.raised + turn.digests,
        "failures": [
            {"reference": reference, "message": str(error)}
            for reference, error in turn.swept.failed
        ],
        "sent": drained.sent if drained else 0,
        "cancelled": drained.cancelled if drained else 0,
        "postponed": drained.postponed if drained else 0,
        "uncertain": drained.uncertain if drained else 0,
        "failed": drained.failed if drained else 0,
        "waiting": turn.waiting,
        "is_held": drained.is_held if drained else False,
        "trouble": drained.trouble if drained else "",
        "came_in": _came_in(turn),
        "troubles": [str(error) for error in turn.troubles],
    }


def _came_in(turn: "Turn") -> dict[str, int]:
    """Return how many mails came in, by what became of them."""
    names = ("proposed", "problem", "unmatched", "filed")
    return {name: getattr(turn.collected, name, 0) for name in names}


def _lines(turn: "Turn") -> Iterator[str]:
    raised = turn.swept.raised + turn.digests
    looked_at = count(turn.swept.looked_at, "challenge")
    yield f"Looked at {looked_at}: {count(raised, 'new message')}."
    for reference, error in turn.swept.failed:
        yield f"{reference} failed, and is tried again in five minutes: {error}"
    told = [f"{number} {name}" for name, number in _came_in(turn).items() if number]
    if told:
        yield f"Came in: {', '.join(told)}."
    for error in turn.troubles:
        yield f"Not done, and tried again with the next turn: {error}"
    drained = turn.drained
    if drained is None:
        yield f"Mail: no server is set (PEER_CHALLENGE_SMTP_URL); {turn.waiting} waiting."
        return
    told = [f"{drained.sent} sent"]
    for name in ("cancelled", "postponed", "uncertain", "failed"):
        number = getattr(drained, name)
        told += [f"{number} {name}"] if number else []
    held = " (all mail is held)" if drained.is_held else ""
    yield f"Mail: {', '.join(told)}, {turn.waiting} waiting{held}."
    if drained.trouble:
        yield f"The mail server cannot be used, try again later: {drained.trouble}"
