"""The history event by event, for auditors."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from console.output import Output

if TYPE_CHECKING:
    import bootstrap

_HEAD = ("seq", "at", "actor", "kind", "source", "facts")
ENGINE = "by itself"


def show_log(output: Output, reference: str, rows: "Sequence[bootstrap.queries.LogRow]") -> None:
    """Show every event as it is kept."""
    if output.is_json:
        output.document(
            "audit-log", {"reference": reference, "events": [_log_json(r) for r in rows]}
        )
        return
    output.table(_HEAD, [_log_cells(row, output) for row in rows])
    output.follow("audit verify", f"audit report {reference}")


def _log_json(row: "bootstrap.queries.LogRow") -> dict[str, Any]:
    return {
        "seq": row.seq,
        "at": row.at,
        "actor": row.actor.email or row.actor.id if row.actor else None,
        "kind": row.kind,
        "facts": dict(row.facts),
        "source": row.source,
        "command_id": row.command_id,
    }


def _log_cells(row: "bootstrap.queries.LogRow", output: Output) -> tuple[str, ...]:
    facts = ", ".join(f"{name}={value}" for name, value in row.facts.items())
    who = row.actor.name if row.actor else ENGINE
    at = row.at.astimezone(output.zone).isoformat(timespec="seconds") if row.at else ""
    return (str(row.seq), at, who, row.kind, row.source, facts)
