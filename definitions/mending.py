"""Checks across the parts of a definition that has other problems too.

Somebody who writes a definition wants to see everything that is wrong at once. When some values
cannot be read, they are taken out or replaced, the rest is checked, and only such findings are
kept as cannot come from the mending.
"""

from copy import deepcopy
from typing import cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from definitions.messages import KEY_MARK, MOST_ERRORS
from definitions.tree import Path
from workflow.model.checks.finding import Finding
from workflow.model.checks.references import find_unknown_names
from workflow.model.definition import Definition

_ROUNDS = 4
_PLACEHOLDER = "placeholder"


def find_trusted(error: ValidationError, document: object) -> list[Finding]:
    """Return what is wrong across the parts of `document`, as far as `error` leaves it certain."""
    if error.error_count() > MOST_ERRORS:
        return []
    mended = deepcopy(document)
    touched: set[Path] = set()
    found: ValidationError | None = error
    definition = None
    for _ in range(_ROUNDS):
        if found is not None:
            details = reversed(found.errors(include_url=False))
            touched |= {_mend(mended, detail) for detail in details}
        definition, found = _validated(mended)
        if definition is not None:
            break
    if definition is None:
        return []
    names = _names(document)
    return [
        finding
        for finding in find_unknown_names(definition)
        if finding.name
        and finding.name not in names
        and finding.name != _PLACEHOLDER
        and not any(_touches(finding.path, path) for path in touched)
    ]


def _validated(document: object) -> tuple[Definition | None, ValidationError | None]:
    try:
        return Definition.model_validate(document), None
    except ValidationError as error:
        return None, error


def _mend(document: object, detail: ErrorDetails) -> Path:
    """Take out what `detail` is about, or put in what it misses; return where."""
    parent: object = document
    path: Path = ()
    steps = [step for step in detail["loc"] if step != KEY_MARK]
    for index, step in enumerate(steps):
        if isinstance(parent, list) and not isinstance(step, int):
            continue
        inner = _inner(parent, step)
        if index == len(steps) - 1 or not isinstance(inner, dict | list):
            wanted = _EXTENSION if _is_of_extension(path) else _STAND_INS
            stand_in = wanted.get(str(step), _PLACEHOLDER) if detail["type"] == "missing" else None
            _replace(parent, step, stand_in=stand_in)
            return path if isinstance(parent, list) else (*path, step)
        parent, path = inner, (*path, step)
    return path


def _inner(parent: object, step: int | str) -> object:
    if isinstance(parent, dict):
        return parent.get(step)
    is_place = isinstance(parent, list) and isinstance(step, int) and step < len(parent)
    return cast("list[object]", parent)[cast("int", step)] if is_place else None


def _is_of_extension(path: Path) -> bool:
    return path[-2:-1] == ("extends",)


def _replace(parent: object, step: int | str, *, stand_in: object) -> None:
    """Put a stand-in where `step` is missing from `parent`; without one, take it out."""
    if isinstance(parent, dict) and stand_in is not None:
        parent[step] = stand_in
    elif isinstance(parent, dict):
        parent.pop(step, None)
    elif isinstance(parent, list) and isinstance(step, int) and step < len(parent):
        del parent[step]


_EXTENSION: dict[str, object] = {"by": "1 day"}
_STAND_INS: dict[str, object] = {
    "side": "team",
    "when": "on limit",
    "roles": {},
    "stages": {},
    "transitions": {},
}


def _names(document: object) -> set[str]:
    """Return every key that the file declares somewhere, readable or not."""
    parts = document.values() if isinstance(document, dict) else ()
    return {str(key) for part in parts if isinstance(part, dict) for key in part}


def _touches(path: Path, other: Path) -> bool:
    """Return whether one of the two lies inside the other."""
    least = min(len(path), len(other))
    return path[:least] == other[:least]
