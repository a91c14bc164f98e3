"""Many new challenges, line by line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from console.output import Output
from console.words import count
from workflow.model.events import NoticeRaised
from workflow.model.outlook.consequences import becoming_late

if TYPE_CHECKING:
    from workflow.model.task import Task
    from workflow.outcomes import Outcome

HEAD = ("ref", "title", "client", "definition", "tasks", "late", "messages", "warnings")


def show_imported(output: Output, outcomes: "Sequence[Outcome]", *, is_dry_run: bool) -> None:
    """Show which challenges were started, or would be."""
    if output.is_json:
        body = [_as_json(outcome) for outcome in outcomes]
        output.document("import", {"is_dry_run": is_dry_run, "challenges": body})
        return
    output.table(HEAD, [_cells(outcome) for outcome in outcomes])
    would = "would be " if is_dry_run else ""
    output.follow("list", summary=f"{count(len(outcomes), 'challenge')} {would}started.")


def _as_json(outcome: "Outcome") -> dict[str, Any]:
    return {
        "reference": outcome.after.reference,
        "late": [task.key for task in _late(outcome)],
        "messages": _messages(outcome),
        "warnings": list(outcome.warnings),
    }


def _late(outcome: "Outcome") -> "tuple[Task, ...]":
    """Return what is late from the start, without looking at what many challenges bring later."""
    return becoming_late(outcome.rulebook, None, outcome.after, at=outcome.at)


def _messages(outcome: "Outcome") -> int:
    raised = (event for event in outcome.events if isinstance(event, NoticeRaised))
    return sum(event.recipient is not None for event in raised)


def _cells(outcome: "Outcome") -> tuple[str, ...]:
    challenge = outcome.after
    return (
        challenge.reference,
        challenge.title,
        challenge.client,
        f"{challenge.definition} {challenge.definition_version}",
        str(len(challenge.tasks)),
        str(len(_late(outcome))),
        str(_messages(outcome)),
        "; ".join(outcome.warnings),
    )
