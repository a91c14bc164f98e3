"""The words of messages: where they come from, what is wrong with them, how they read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import bootstrap
from console.output import Output
from console.words import count

if TYPE_CHECKING:
    from workflow.model.definition import Definition
    from workflow.model.errors import Problem
    from workflow.model.people import Person

_HEAD = ("notice", "words", "title", "definitions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Previewed:
    """A message that was not sent; `told` are all who would get one.

    `is_bare` if it is a reminder of tasks of which none is there yet.
    """

    reference: str
    notice: str
    recipient: "Person"
    told: "tuple[Person, ...]"
    is_bare: bool
    message: "bootstrap.message.Message"


def show_templates(
    output: Output, definitions: "Mapping[str, Definition]", *, own: Collection[str]
) -> None:
    """List notices; `own` are the names of the programme's own templates."""
    rows = _rows(definitions, own)
    if output.is_json:
        output.document("template-list", {"notices": rows})
        return
    cells = [
        (row["key"], row["words"], row["title"], ", ".join(row["definitions"])) for row in rows
    ]
    output.table(_HEAD, cells)
    output.follow(f"template export {rows[0]['key']} --to FOLDER")


def _rows(definitions: "Mapping[str, Definition]", own: Collection[str]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for name, definition in definitions.items():
        for key, notice in definition.notices.items():
            words = bootstrap.templates.origin_of(key, own)
            row = {"key": key, "title": notice.title, "words": words, "definitions": []}
            found.setdefault(key, row)["definitions"].append(name)
    return [found[key] for key in sorted(found)]


def show_checked(output: Output, folder: Path, problems: "Sequence[Problem]") -> bool:
    """Show what is wrong with a folder of templates; return whether it can be used."""
    errors = sum(not problem.is_warning for problem in problems)
    if output.is_json:
        told = [
            {
                "file": problem.file,
                "line": problem.line,
                "column": problem.column,
                "message": problem.message,
                "is_warning": problem.is_warning,
            }
            for problem in problems
        ]
        body = {"folder": str(folder), "is_usable": not errors, "problems": told}
        output.document("template-check", body)
        return not errors
    for problem in problems:
        click.echo(str(problem))
    warnings = count(len(problems) - errors, "warning")
    output.talk(f"{count(errors, 'problem')}, {warnings}.")
    if not errors:
        output.follow("template preview NOTICE --challenge REF")
    return not errors


def show_preview(output: Output, found: Previewed, *, html: str) -> None:
    """Show a message that was not sent: who would get it, its subject, its text."""
    message = found.message
    if output.is_json:
        body = {
            "challenge": found.reference,
            "notice": found.notice,
            "to": found.recipient.email,
            "recipients": [person.email for person in found.told],
            "subject": message.subject,
            "text": message.text,
            "html": message.html,
        }
        output.document("template-preview", body)
        return
    output.text([f"Subject: {message.subject}", "", *message.text.splitlines()])
    recipient = found.recipient
    others = [person for person in found.told if person.id != recipient.id]
    output.talk("", f"Nothing was sent. This is how it would be for {_shown(recipient)}.")
    if others:
        output.talk(f"Others who would get it: {', '.join(map(_shown, others))}.")
    if found.is_bare:
        output.talk("The tasks of which it reminds are not there yet; it will name them.")
    if html:
        output.talk(f"{html} has the HTML.")
    output.follow(f"mail list {found.reference}")


def _shown(person: "Person") -> str:
    return f"{person.name} <{person.email}>"
