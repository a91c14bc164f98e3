"""Refuses words and days that cannot be kept as they are, before anything is decided.

What somebody types is theirs, and read back as it was typed. A sealed text that is pasted where
words are kept in clear would be opened for everybody who reads them, whoever may not. A day that
no calendar knows leads nowhere, and what counts from it would fail ever after.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache

from workflow.model.calendar import FIRST_YEAR, LAST_YEAR, in_words
from workflow.model.errors import InvalidInput
from workflow.store.keeping.marks import MARK, TOKEN
from workflow.store.rows.codec import SAID

_SEVERAL = (tuple, list, Set)
_WORDLESS = frozenset({type(None), bool, int})


def require_keepable(asked: object) -> None:
    """Refuse what is asked for (a dataclass) if a text or a day in it cannot be kept.

    Raises:
        InvalidInput: a text is not text, or a sealed one; or a day is in no year of the calendars.
    """
    for name, value in _facts_in(asked):
        if isinstance(value, date):
            _require_known(value)
        else:
            _require_clear(name, value)


def _require_known(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise InvalidInput(
            f"{in_words(day)} is outside the years {FIRST_YEAR} to {LAST_YEAR}, which the "
            "calendars know: check the date"
        )


def _require_clear(name: str, text: str) -> None:
    if not _is_unicode(text):
        raise InvalidInput(f"{text!r} cannot be kept: it has bytes in it that are no text")
    if name in SAID:  # these are sealed, whatever they are
        return
    if "\0" in text:
        raise InvalidInput(f"{text!r} cannot be kept: it has a control character in it")
    if MARK in text and TOKEN.search(text):
        raise InvalidInput(f'"{text[:30]}…" is a sealed text: write what you mean in clear')


def _facts(name: str, value: object) -> Iterator[tuple[str, str | date]]:
    """Yield each text and day in a value, at any depth, with the name of the fact that it is."""
    if isinstance(value, str | date):
        yield name, value
    elif isinstance(value, _SEVERAL):
        for one in value:
            yield from _facts(name, one)
    elif isinstance(value, Mapping):
        for pair in value.items():
            yield from _facts(name, pair)
    elif is_dataclass(value):
        yield from _facts_in(value)


def _facts_in(asked: object) -> Iterator[tuple[str, str | date]]:
    """Yield the texts and days of a dataclass."""
    kind: type = type(asked)
    for name in _names_of(kind):
        value = getattr(asked, name)
        if type(value) not in _WORDLESS:
            yield from _facts(name, value)


@cache
def _names_of(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
