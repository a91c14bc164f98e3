"""Who reads what is written to somebody: they, their stand-in, or nobody for now. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workflow.store.correspondence.preferences import Preference

_OF_THE_MESSAGE = re.compile(r"(?<![\d.])5\.(?:7\.\d{1,3}|6\.\d{1,3}|3\.4|2\.3)(?!\d|\.\d)")
"""Codes of RFC 3463 for a policy against who sends, for content, and for size."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Where mail to a person goes.

    `reader` is whose address it is; `away_until` the last day away of somebody who has a stand-in.
    `is_waiting`: they are away, nobody stands in, and what is not urgent waits. `refusal` says why
    nothing is sent at all.
    """

    reader: int
    away_until: date | None = None
    is_waiting: bool = False
    refusal: str = ""


def reach(person: int, habits: Mapping[int, Preference], *, on: date) -> Reach:
    """Return where mail to a person goes on a local day."""
    own = habits.get(person)
    if own is None:
        return Reach(person)
    is_away = own.is_away(on)
    if is_away:
        reader = _stand_in(own, habits, on)
        if reader is not None:
            return Reach(reader, away_until=own.away_until)
    return Reach(person, is_waiting=is_away, refusal=refusal(own))


def _stand_in(own: Preference, habits: Mapping[int, Preference], on: date) -> int | None:
    """Return who stands in; where that one is away as well, who stands in for them, and no more."""
    first = own.stand_in
    if first is None or _can_read(first, habits, on):
        return first
    second = habits[first].stand_in
    is_someone = second is not None and second != own.person
    return second if is_someone and second and _can_read(second, habits, on) else None


def _can_read(person: int, habits: Mapping[int, Preference], on: date) -> bool:
    known = habits.get(person)
    return known is None or not (known.is_away(on) or known.refused_at)


def is_about_address(said: str) -> bool:
    """Return whether a refusal for good is one of the address, not of this message or of us."""
    return _OF_THE_MESSAGE.search(said) is None


def refusal(own: Preference) -> str:
    """Return why nothing is sent to a person; empty where mail is taken."""
    if own.refused_at is None:
        return ""
    return f"mail to this address is refused: {own.refused_why or 'the server says so'}"
