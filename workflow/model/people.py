"""People, as the engine knows them: kept apart from events, which hold ids only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who can be assigned, act, or be written to.

    `capabilities` are the words that `eligible` and `who are` ask for.
    """

    id: int
    name: str
    email: str
    organisation: str = ""
    phone: str = ""
    capabilities: tuple[str, ...] = ()
    is_administrator: bool = False
