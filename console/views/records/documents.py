"""The register of documents, as a list shows it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.output import Output
from console.words import count, listing, short_day

if TYPE_CHECKING:
    from workflow.filing.registers import Listed
    from workflow.model.people import Person
    from workflow.model.records.state import Document

HEAD = ("key", "document", "version", "since", "where", "with", "acknowledged", "still to get it")


def show_documents(
    output: Output, reference: str, rows: "Sequence[Listed]", *, people: "Mapping[int, Person]"
) -> None:
    """Show the documents of a challenge."""
    if output.is_json:
        found = [_as_json(row, people) for row in rows]
        output.document("document-list", {"reference": reference, "documents": found})
        return
    output.table(HEAD, [_cells(row, people) for row in rows])
    entered = [row for row in rows if row.document is not None]
    owed = [row for row in entered if row.owed]
    told = f"{len(owed)} still to be given out" if owed else "nothing is owed to anybody"
    following = f"document issue {reference} {owed[0].key}" if owed else f"show {reference}"
    output.follow(following, summary=f"{count(len(entered), 'document')} entered: {told}.")


def show_saved(output: Output, reference: str, place: Path, *, size: int) -> None:
    """Show where a file was saved."""
    if output.is_json:
        output.document("document-get", {"file": str(place), "size": size})
        return
    output.text([f"saved: {place} ({count(size, 'byte')})"])
    output.follow(f"document list {reference}")


def _cells(row: "Listed", people: "Mapping[int, Person]") -> tuple[str, ...]:
    document = row.document
    if document is None:
        return (row.key, row.title, "", "", "not entered", "", "", "")
    copies = row.copies
    return (
        row.key,
        row.title,
        str(document.version),
        short_day(document.on),
        _place(document, is_kept=row.is_kept),
        str(len(copies)),
        f"{len(copies) - len(row.silent)} of {len(copies)}" if copies else "",
        listing([people[person].name for person in row.owed]),
    )


def _place(document: "Document", *, is_kept: bool) -> str:
    """Return where a document is, in words."""
    if document.is_stored:
        return f"kept here: {document.location}" if is_kept else "destroyed"
    return document.location or "made when it is issued"


def _as_json(row: "Listed", people: "Mapping[int, Person]") -> dict[str, Any]:
    document = row.document
    facts: dict[str, Any] = {"key": row.key, "title": row.title}
    if document is not None:
        facts |= {
            "kind": document.kind,
            "version": document.version,
            "on": document.on,
            "sha256": document.sha256,
            "location": document.location,
            "is_stored": row.is_kept,
            "copies": [
                {
                    "person": people[person].email,
                    "version": copy.version,
                    "issued_on": copy.issued_on,
                    "acknowledged": copy.acknowledged,
                    "acknowledged_on": copy.acknowledged_on,
                    "revoked_on": copy.revoked_on,
                }
                for person, copy in document.copies.items()
            ],
        }
    return {**facts, "owed_to": [people[person].email for person in row.owed]}
