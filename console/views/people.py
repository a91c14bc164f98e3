"""People, as lists show them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from console.output import Output
from console.words import count

if TYPE_CHECKING:
    from workflow.model.people import Person

HEAD = ("id", "name", "email", "organisation", "phone", "capabilities", "administrator")


def show_people(output: Output, people: "Sequence[Person]") -> None:
    """Show a list of people."""
    if output.is_json:
        output.document("person-list", {"people": [as_json(person) for person in people]})
        return
    output.table(HEAD, [_cells(person) for person in people])
    output.follow("person add NAME EMAIL", summary=f"{count(len(people), 'person', 'people')}.")


def show_added(output: Output, people: "Sequence[Person]", *, is_dry_run: bool) -> None:
    """Show who was added, or would be."""
    if output.is_json:
        body = {"is_dry_run": is_dry_run, "people": [as_json(person) for person in people]}
        output.document("person-add", body)
        return
    would = "would be " if is_dry_run else ""
    output.text(f"{person.name} <{person.email}> {would}added" for person in people)
    if is_dry_run:
        output.talk("Nothing was changed.")
    output.follow("person list")


def as_json(person: "Person") -> dict[str, Any]:
    """Return a person as JSON has it."""
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "organisation": person.organisation,
        "phone": person.phone,
        "capabilities": list(person.capabilities),
        "is_administrator": person.is_administrator,
    }


def _cells(person: "Person") -> tuple[str, ...]:
    return (
        str(person.id),
        person.name,
        person.email,
        person.organisation,
        person.phone,
        " ".join(person.capabilities),
        "yes" if person.is_administrator else "",
    )
