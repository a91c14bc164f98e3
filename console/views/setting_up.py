"""The database that was made, and what the doctor found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import bootstrap
from console.output import Output
from console.words import count

State = Literal["ok", "advice", "wrong"]
_MARKS = {"ok": "ok", "advice": "advice", "wrong": "WRONG"}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found."""

    check: str
    state: State
    text: str


def show_made(output: Output, application: bootstrap.Application) -> None:
    """Show what `init` made."""
    database = application.database
    with database.reading() as link:
        first = bootstrap.people.everybody(link)[0]
    kind = "rehearsal" if application.is_rehearsal else "database"
    if output.is_json:
        body = {
            "database": database.name,
            "version": bootstrap.schema.version(database),
            "is_rehearsal": application.is_rehearsal,
            "administrator": first.email,
        }
        output.document("init", body)
        return
    output.text(
        [
            f"The {kind} {database.name} is ready.",
            f"Its first administrator is {first.name} <{first.email}>.",
        ]
    )
    output.follow("definition list", "person add NAME EMAIL")


def show_examined(output: Output, findings: Sequence[Finding]) -> int:
    """Show what the doctor found; return how `doctor` ends."""
    wrong = [finding for finding in findings if finding.state == "wrong"]
    if output.is_json:
        checks = [
            {"check": finding.check, "state": finding.state, "text": finding.text}
            for finding in findings
        ]
        output.document("doctor", {"is_well": not wrong, "checks": checks})
        return 1 if wrong else 0
    width = max(len(finding.check) for finding in findings)
    lines = (f"{_MARKS[f.state]:6}  {f.check:{width}}  {f.text}" for f in findings)
    output.text(lines)
    summary = f"{count(len(wrong), 'problem')}." if wrong else "All is well."
    output.follow("doctor" if wrong else "list", summary=summary)
    return 1 if wrong else 0
