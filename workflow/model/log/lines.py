"""The lines of an exported log, and what of each can be checked without anything else."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflow.model.errors import InvalidInput
from workflow.model.log.merkle import leaf_hash

LOG = "peer-challenge/log/1"
"""The format, which the first line names."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of an exported log. `events` are None where they were destroyed."""

    position: int
    leaf: bytes
    text: str
    entry: Mapping[str, Any]
    events: list[str] | None


def read_object(text: str) -> dict[str, Any]:
    """Return the JSON object that a line is.

    Raises:
        InvalidInput: it is none.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InvalidInput("this is not a JSON object")
    return found


def read_line(text: str, position: int) -> Line:
    """Return the entry that a line is, which must be at a position.

    Raises:
        InvalidInput: it is not, or it is not what its own hash says.
    """
    found = read_object(text)
    if found.get("position") != position:
        raise InvalidInput(f"position {position} is missing (found {found.get('position')})")
    entry, leaf, events = found.get("entry"), found.get("leaf"), found.get("events")
    if not (isinstance(entry, str) and isinstance(leaf, str) and isinstance(events, list | None)):
        raise InvalidInput("an entry has a leaf, a text and a list of events, or null")
    if leaf_hash(entry.encode(errors="replace")).hex() != leaf:
        raise InvalidInput("the entry is not what it was when it was written")
    return Line(position, bytes.fromhex(leaf), entry, read_object(entry), events)
