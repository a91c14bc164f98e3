"""A definition that is damaged in one place after the other, and what is found of each damage."""

import json
import re
from collections.abc import Container, Iterable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tests import handing
from tests.invited import INVITED
from tests.property.lives import CLOCKED
from tests.visits import visit_rules
from workflow.model.checks.references import find_problems
from workflow.model.definition import Definition

Place = tuple[str | int, ...]
FREE = {"title", "text", "source", "version", "evidence", "starts", "kept_by", "policy"}
"""Keys under which anything may stand."""

FILE = Path(__file__).with_name("damages.txt")
_QUOTED = re.compile(r'"[^"]*"|\(.*?\)|there is: .*|allowed: .*|: [^:]* → .*')


def whole() -> dict[str, Any]:
    """Return a definition that has some of everything, as people write it."""
    definition = visit_rules(*handing.EDITS, INVITED, *CLOCKED).definition
    text = definition.model_dump_json(by_alias=True, exclude_unset=True)
    found: dict[str, Any] = json.loads(text)
    return found


def damages(
    document: dict[str, Any], wanted: Container[str] | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each damage that is wanted (all without it), and the definition that has it."""
    for name, place, value in _damages(document):
        if wanted is None or name in wanted:
            yield name, _with(document, place, value)


def _damages(document: dict[str, Any]) -> Iterator[tuple[str, Place, str | None]]:
    """Yield what is left out, and what is another."""
    for place in _places(document, ()):
        name, value = ".".join(map(str, place)), _at(document, place)
        yield f"without {name}", place, None
        if place[-1] in FREE or not isinstance(value, str):
            continue
        for word in dict.fromkeys(value.split()) if " " in value else ():
            yield f"{name} without {word}", place, value.replace(word, "", 1)
        yield f"{name} is nothing", place, "nothing"


def found(document: dict[str, Any]) -> Iterator[str]:
    """Yield what is found of a damaged definition."""
    try:
        definition = Definition.model_validate(document)
    except ValidationError as error:
        for one in error.errors():
            yield f"{'.'.join(map(str, one['loc']))}: {one['msg']}"
        return
    for finding in find_problems(definition):
        warning = "warning: " if finding.is_warning else ""
        yield f"{'.'.join(map(str, finding.path))}: {warning}{finding.message}"


def telling() -> Iterator[tuple[str, list[str]]]:
    """Yield each damage of which something new is found, with all that is found of it."""
    kinds: set[str] = set()
    for name, document in damages(whole()):
        lines = list(found(document))
        new = {_QUOTED.sub("", line.partition(": ")[2]) for line in lines} - kinds
        if new:
            kinds |= new
            yield name, lines


def _places(value: object, place: Place) -> Iterator[Place]:
    """Yield each place inside a value, the outer ones first."""
    inner: Iterable[tuple[str | int, object]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for key, one in inner:
        yield (*place, key)
        yield from _places(one, (*place, key))


def _at(document: Any, place: Place) -> Any:  # noqa: ANN401 (whatever stands there)
    for key in place:
        document = document[key]
    return document


def _with(document: dict[str, Any], place: Place, value: str | None) -> dict[str, Any]:
    changed = deepcopy(document)
    part, key = _at(changed, place[:-1]), place[-1]
    if value is None:
        del part[key]
    else:
        part[key] = value
    return changed


if __name__ == "__main__":
    FILE.write_text(
        "".join(
            f"{name}\n" + "".join(f"  {line}\n" for line in lines) for name, lines in telling()
        ),
        encoding="utf-8",
    )
