"""Mail that came in, as a list and by itself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from console import words
from console.output import Output

if TYPE_CHECKING:
    import bootstrap

_HEAD = ("id", "ref", "kind", "from", "subject", "why", "when")
_MOST_SHOWN = 60


def show_inbox(output: Output, rows: "Sequence[bootstrap.incoming.Kept]") -> None:
    """Show a list of mail."""
    if output.is_json:
        output.document("inbox-list", {"mail": [_as_json(row) for row in rows]})
        return
    output.table(_HEAD, [_cells(row, output) for row in rows])
    summary = f"{words.count(len(rows), 'mail')} to be seen to." if rows else "Nothing to see to."
    output.follow(f"inbox show {rows[0].id}" if rows else "answer list", summary=summary)


def show_one(output: Output, row: "bootstrap.incoming.Kept") -> None:
    """Show one mail, whole."""
    if output.is_json:
        output.document("inbox-show", _as_json(row))
        return
    about = f"answers message {row.outbox_id} of {row.reference or 'the programme'}"
    output.text(
        [
            f"Mail {row.id}: {row.kind} ({row.status}), {words.moment(row.came_at, output.zone)}",
            f"From: {row.sender}",
            f"Subject: {row.subject}",
            f"Message-ID: {row.message_id}",
            about if row.outbox_id else "It matches no message of ours.",
            *([f"Why it is here: {row.note}"] if row.note else []),
            "",
            *(f"    {line}" for line in row.body.splitlines()),
        ]
    )
    output.follow(f"inbox close {row.id}" if row.status != "closed" else "inbox list")


def _as_json(row: "bootstrap.incoming.Kept") -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "status": row.status,
        "from": row.sender,
        "subject": row.subject,
        "message_id": row.message_id,
        "reference": row.reference,
        "answers": row.outbox_id,
        "words": row.body,
        "came_at": row.came_at,
        "note": row.note,
        "sha256": row.digest,
    }


def _cells(row: "bootstrap.incoming.Kept", output: Output) -> tuple[str, ...]:
    note = row.note if len(row.note) <= _MOST_SHOWN else f"{row.note[: _MOST_SHOWN - 1]}…"
    return (
        str(row.id),
        row.reference or "",
        row.kind,
        row.sender,
        row.subject[:_MOST_SHOWN],
        note,
        words.moment(row.came_at, output.zone),
    )
