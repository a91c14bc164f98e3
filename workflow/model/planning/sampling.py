"""Whose confirmation is checked: a choice that anybody can repeat, and nobody can steer."""

from collections.abc import Iterable
from hashlib import sha256

from workflow.model.definition import Definition


def rate(definition: Definition, roles: Iterable[str]) -> int | None:
    """Return of how many people in these roles one is checked; None where nobody is."""
    held = set(roles)
    found = [
        int(rule.sample.rpartition(" ")[2])
        for rule in definition.retention.values()
        if rule.sample and any(held & set(definition.members(name)) for name in rule.held_by)
    ]
    return min(found, default=None)


def is_sampled(
    definition: Definition, reference: str, person: int, *, roles: Iterable[str]
) -> bool:
    """Return whether a person's destruction is checked: by SHA-256 of `REFERENCE:ID`."""
    one_in = rate(definition, roles)
    if one_in is None:
        return False
    digest = sha256(f"{reference}:{person}".encode()).digest()
    return int.from_bytes(digest, "big") % one_in == 0
