"""Definitions made ready for the engine, each once for the calendars that it uses."""

from collections.abc import Mapping

from workflow.model.calendar import Calendar
from workflow.model.definition import Definition
from workflow.model.planning.rulebook import Rulebook, base_calendars
from workflow.store import calendars, library
from workflow.store.database import Link

REMEMBERED = 64
_known: dict[tuple[str, str], Rulebook] = {}  # neither a hash nor a revision means anything else


def fetch(link: Link, content_hash: str) -> Rulebook:
    """Return the rulebook of the definition with a hash, under the calendars as they are now.

    Raises:
        NotFound: the definition was never kept.
    """
    key = (content_hash, calendars.revision(link))
    if key not in _known:
        definition = library.fetch(link, content_hash)
        bases = {name: calendars.latest(link, name) for name in base_calendars(definition)}
        if len(_known) >= REMEMBERED:
            _known.clear()
        _known[key] = made(definition, bases)
    return _known[key]


def made(definition: Definition, bases: Mapping[str, Calendar]) -> Rulebook:
    """Return the rulebook of a definition under some versions of its base calendars."""
    return Rulebook(definition, bases=bases)
