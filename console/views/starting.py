"""Many new challenges, line by line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from console.output import Output
from console.words import count

if TYPE_CHECKING:
    from workflow.engine import Outcome

HEAD = ("ref", "title", "client", "definition", "tasks", "warnings")


def show_imported(output: Output, outcomes: "Sequence[Outcome]", *, is_dry_run: bool) -> None:
    """Show which challenges were started, or would be."""
    if output.is_json:
        body = [{"reference": o.after.reference, "warnings": list(o.warnings)} for o in outcomes]
        output.document("import", {"is_dry_run": is_dry_run, "challenges": body})
        return
    output.table(HEAD, [_cells(outcome) for outcome in outcomes])
    would = "would be " if is_dry_run else ""
    output.follow("list", summary=f"{count(len(outcomes), 'challenge')} {would}started.")


def _cells(outcome: "Outcome") -> tuple[str, ...]:
    challenge = outcome.after
    kind = f"{challenge.definition} {challenge.definition_version}"
    warnings = "; ".join(outcome.warnings)
    number = str(len(challenge.tasks))
    return (challenge.reference, challenge.title, challenge.client, kind, number, warnings)
