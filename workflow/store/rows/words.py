"""Refuses words that cannot be kept as they are, before anything is decided.

What somebody types is theirs, and read back as it was typed. A sealed text that is pasted where
words are kept in clear would be opened for everybody who reads them, whoever may not.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from functools import cache

from workflow.model.errors import InvalidInput
from workflow.store.keeping.marks import MARK, TOKEN
from workflow.store.rows.codec import SAID

_SEVERAL = (tuple, list, Set)
_WORDLESS = frozenset({type(None), bool, int, date, datetime})


def require_keepable(asked: object) -> None:
    """Refuse what is asked for (a dataclass) if a text in it cannot be kept.

    Raises:
        InvalidInput: a text is not text, or a sealed one.
    """
    for name, text in _texts_of(asked):
        if not _is_unicode(text):
            raise InvalidInput(f"{text!r} cannot be kept: it has bytes in it that are no text")
        if name in SAID:  # these are sealed, whatever they are
            continue
        if "\0" in text:
            raise InvalidInput(f"{text!r} cannot be kept: it has a control character in it")
        if MARK in text and TOKEN.search(text):
            raise InvalidInput(f'"{text[:30]}…" is a sealed text: write what you mean in clear')


def _texts(name: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield each text in a value, at any depth, with the name of the fact that it is."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, _SEVERAL):
        for one in value:
            yield from _texts(name, one)
    elif isinstance(value, Mapping):
        for pair in value.items():
            yield from _texts(name, pair)
    elif is_dataclass(value):
        yield from _texts_of(value)


def _texts_of(asked: object) -> Iterator[tuple[str, str]]:
    """Yield the texts of a dataclass."""
    kind: type = type(asked)
    for name in _facts_of(kind):
        value = getattr(asked, name)
        if type(value) not in _WORDLESS:
            yield from _texts(name, value)


@cache
def _facts_of(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
