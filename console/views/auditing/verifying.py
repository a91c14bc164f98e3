"""Whether the log is intact, and what of it goes to outsiders: heads, anchors, proofs."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console import words
from console.output import Output
from workflow.model.errors import Unavailable

if TYPE_CHECKING:
    from workflow.auditing.exported import Exported
    from workflow.auditing.log import Anchored, Checkpoint
    from workflow.auditing.verification import Verified


def show_verified(output: Output, found: "Verified") -> None:
    """Show whether the history is intact."""
    if output.is_json:
        body = {
            "intact": found.is_intact,
            "challenges": found.challenges,
            "events": found.events,
            "entries": found.entries,
            "pending": found.pending,
            "anchors": found.anchors,
            "destroyed": [
                {"reference": reference, "certificate": number}
                for reference, number in found.destroyed
            ],
            "first_bad": found.first_bad,
        }
        output.document("audit-verify", body)
        return
    looked_at = (
        f"{words.count(found.challenges, 'challenge')}, {words.count(found.events, 'event')}"
    )
    output.text([f"{looked_at}: {_state(found.is_intact, found.first_bad)}", *_beside(found)])
    output.follow("audit report")


def _state(is_intact: bool, first_bad: str | None) -> str:  # noqa: FBT001
    return "intact" if is_intact else f"NOT INTACT: {first_bad}"


def _beside(found: "Verified") -> Iterator[str]:
    """Yield what is known of the log, and what cannot be read any more."""
    entries = words.count(found.entries, "entry", "entries")
    anchors = words.count(found.anchors, "anchor") if found.anchors else "no anchor"
    yield f"The log's tree has {entries}; {found.pending} more wait for a checkpoint; {anchors}."
    for reference, number in found.destroyed:
        yield f"{reference}: destroyed, certificate {number}; its entries in the log are intact"


def show_exported(output: Output, found: "Exported") -> None:
    """Show whether an exported log is intact."""
    if output.is_json:
        body = {
            "intact": found.is_intact,
            "entries": found.entries,
            "events": found.events,
            "anchors": found.anchors,
            "covered": found.covered,
            "destroyed": list(found.destroyed),
            "first_bad": found.first_bad,
        }
        output.document("audit-verify-log", body)
        return
    looked_at = (
        f"{words.count(found.entries, 'entry', 'entries')}, {words.count(found.events, 'event')}"
    )
    lines = [f"{looked_at}: {_state(found.is_intact, found.first_bad)}"]
    if found.is_intact:
        lines.append(_covered(found))
        lines += [f"{one}: its events were destroyed" for one in found.destroyed]
    output.text(lines)


def _covered(found: "Exported") -> str:
    if not found.covered:
        return "No anchor speaks for it: whoever holds the log's key could have made it up."
    return f"Anchors from outside speak for the first {found.covered} of {found.entries}."


def show_checkpoint(output: Output, head: "Checkpoint") -> None:
    """Show a signed head of the log."""
    if output.is_json:
        output.document("audit-checkpoint", {"size": head.size, "at": head.at, "note": head.note})
        return
    output.text(head.note.rstrip("\n").split("\n"))
    output.follow("audit anchor FILE")


def show_head(output: Output, head: "Checkpoint", done: str) -> None:
    """Show what was done with the head of the log."""
    output.text([f"{words.count(head.size, 'entry', 'entries')}: {done}"])


def show_anchored(output: Output, found: "Anchored") -> None:
    """Show where the head of the log was put."""
    done = "anchored in" if found.is_new else "anchored before in"
    show_head(output, found.checkpoint, f"{done} {found.place}")


def show_proof(output: Output, found: Mapping[str, Any], file: Path | None) -> None:
    """Show a proof as JSON, or write it to a file.

    Raises:
        Unavailable: the file cannot be written.
    """
    import json

    if file is None:
        output.document("audit-proof", found)
        return
    text = json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Unavailable(f"cannot write {file}: {error.strerror}") from error
    output.text([f"The proof of event {found['event']} of {found['reference']} is in {file}"])
    output.follow("audit key")
