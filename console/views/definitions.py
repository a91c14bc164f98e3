"""Definitions: a list, the text of one, what is wrong with files."""

from collections.abc import Iterable
from functools import partial
from typing import Any

import click

import bootstrap
from console.output import Output
from console.words import count

_HEAD = ("name", "version", "title", "challenges", "kept")


def show_definitions(output: Output, application: bootstrap.Application) -> None:
    """List what comes with the program, and what challenges run under."""
    rows = list(_rows(application))
    if output.is_json:
        output.document("definition-list", {"definitions": rows})
        return
    cells = [
        (
            row["name"],
            row["version"],
            row["title"],
            str(row["challenges"]),
            row["content_hash"][:12],
        )
        for row in rows
    ]
    output.table(_HEAD, cells)
    output.follow(f"definition show {rows[0]['name']}" if rows else "definition check FILE")


def _rows(application: bootstrap.Application) -> Iterable[dict[str, Any]]:
    with application.database.reading() as link:
        kept = bootstrap.library.listed(link)
    for one in kept:
        yield {
            "name": one.name,
            "version": one.version,
            "title": one.title,
            "content_hash": one.content_hash,
            "challenges": one.challenges,
            "is_kept": True,
        }
    known = {one.content_hash for one in kept}
    for name in bootstrap.loader.shipped():
        text = bootstrap.loader.read_shipped(name)
        if bootstrap.loader.content_hash(text) not in known:
            yield {**_head_of(text, name), "challenges": 0, "is_kept": False}


def _head_of(text: str, name: str) -> dict[str, Any]:
    loaded = bootstrap.loader.load_text(text, file=f"{name}.yaml")
    definition = loaded.definition
    return {
        "name": definition.definition,
        "version": definition.version,
        "title": definition.title,
        "content_hash": loaded.content_hash,
    }


def as_json(loaded: "bootstrap.loader.Loaded", name: str) -> dict[str, Any]:
    """Return a definition as JSON has it."""
    whole = loaded.definition.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {"name": name, "content_hash": loaded.content_hash, "definition": whole}


def show_checked(output: Output, files: Iterable[str], *, templates: str) -> bool:
    """Show what is wrong with files; return whether all of them can be used.

    `templates` is the folder of the programme's own templates, if there is one.
    """
    further = partial(bootstrap.proofs.find_unwritable, templates=templates)
    found = {
        file: bootstrap.loader.check(bootstrap.loader.read_file(file), file=file, further=further)
        for file in files
    }
    problems = [problem for checked in found.values() for problem in checked.problems]
    errors = sum(not problem.is_warning for problem in problems)
    if output.is_json:
        output.document("definition-check", {"files": [_checked(f, c) for f, c in found.items()]})
        return errors == 0
    for problem in problems:
        click.echo(str(problem))
    warnings = count(len(problems) - errors, "warning")
    output.talk(f"{count(errors, 'problem')}, {warnings}.")
    if errors == 0:
        output.follow(f"new REF --definition {next(iter(found))} --title … --client …")
    return errors == 0


def _checked(file: str, checked: "bootstrap.loader.Checked") -> dict[str, Any]:
    problems = [
        {
            "line": problem.line,
            "column": problem.column,
            "path": problem.path,
            "message": problem.message,
            "is_warning": problem.is_warning,
        }
        for problem in checked.problems
    ]
    return {"file": file, "is_usable": not checked.errors, "problems": problems}
