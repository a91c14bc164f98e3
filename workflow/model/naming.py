"""Puts people's names into texts that speak of them by id, as `{p4}`."""

import re
from collections.abc import Mapping
from dataclasses import replace

from workflow.model.errors import InvalidInput, Refused, WorkflowError
from workflow.model.people import Person

_MARK = re.compile(r"\{p(\d+)\}")


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
            unmet=[replace(item, text=name_in(item.text, people)) for item in error.unmet],
            allowed=error.allowed,
            hint=name_in(error.hint, people),
        )
    if type(error) is InvalidInput:
        return InvalidInput(name_in(str(error), people))
    return error
