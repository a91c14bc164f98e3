"""People, as the engine knows them: kept apart from events, which hold ids only.

Texts of the model speak of people by id, as `{p4}`; `name_in` puts the names in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from workflow.model.errors import InvalidInput, Refused, WorkflowError

_MARK = re.compile(r"\{p(\d+)\}")


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


def ids_in(*texts: str) -> set[int]:
    """Return the ids of all people of whom texts speak."""
    return {int(number) for text in texts for number in _MARK.findall(text)}


def name_in(text: str, people: Mapping[int, Person]) -> str:
    """Return `text` with names for `{p4}`; an id that is not known stays visible as `person 4`."""

    def name(found: re.Match[str]) -> str:
        person = people.get(int(found[1]))
        return person.name if person else f"person {found[1]}"

    return _MARK.sub(name, text)


def named_error(error: WorkflowError, people: Mapping[int, Person]) -> WorkflowError:
    """Return an error with names in its texts."""
    if isinstance(error, Refused):
        return Refused(
            name_in(error.message, people),
            kind=error.kind,
            unmet=[item._replace(text=name_in(item.text, people)) for item in error.unmet],
            allowed=error.allowed,
            hint=name_in(error.hint, people),
        )
    if type(error) is InvalidInput:
        return InvalidInput(name_in(str(error), people))
    return error
