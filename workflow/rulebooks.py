"""Definitions made ready for the engine, each once."""

from workflow.model.calendar import calendar_named
from workflow.model.planning.rulebook import Rulebook
from workflow.store import library
from workflow.store.database import Link

REMEMBERED = 64
_known: dict[str, Rulebook] = {}  # a hash never means anything else


def fetch(link: Link, content_hash: str) -> Rulebook:
    """Return the rulebook of the definition with a hash.

    Raises:
        NotFound: the definition was never kept.
    """
    if content_hash not in _known:
        definition = library.fetch(link, content_hash)
        if len(_known) >= REMEMBERED:
            _known.clear()
        _known[content_hash] = Rulebook(definition, calendar_named(definition.calendar))
    return _known[content_hash]
