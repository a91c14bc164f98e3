"""What a task is called now: a link has the key that it had when the link was sent. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from workflow.model import events as e


class Renamed(NamedTuple):
    """That tasks got other keys: at which place of a history, when, and which by which."""

    place: int
    at: datetime
    keys: Mapping[str, str]


def renames(history: Iterable[e.Event]) -> tuple[Renamed, ...]:
    """Return when tasks got other keys, and got their own back, in order."""
    found: list[Renamed] = []
    keys: Mapping[str, str] = {}
    for place, event in enumerate(history):
        if isinstance(event, e.DefinitionMigrated):
            keys = event.renamed
            found.append(Renamed(place, event.at, keys))
        elif isinstance(event, e.MigrationUndone):
            found.append(Renamed(place, event.at, {new: old for old, new in keys.items()}))
    return tuple(found)


def called_now(key: str, since: Iterable[Renamed]) -> str:
    """Return the key of a task that had this one before it was renamed."""
    for one in since:
        spec, mark, rest = key.partition(":")
        key = f"{one.keys.get(spec, spec)}{mark}{rest}"
    return key
