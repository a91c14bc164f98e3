"""What is held and by whom, as a list shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from console.output import Output
from console.words import count, listing, short_day

if TYPE_CHECKING:
    from workflow.model.custody.holdings import Holding
    from workflow.model.people import Person

HEAD = ("who", "what", "medium", "since", "standing", "how", "on")


@dataclass(frozen=True, slots=True)
class Held:
    """What is or was held, and of whom the destruction is checked."""

    rows: "Sequence[Holding]"
    sampled: tuple[int, ...]


def show_items(
    output: Output, reference: str, held: Held, *, people: "Mapping[int, Person]"
) -> None:
    """Show what is or was held in a challenge."""
    if output.is_json:
        found = [_as_json(row, people) for row in held.rows]
        sampled = [people[person].email for person in held.sampled]
        body = {"reference": reference, "holdings": found, "sampled": sampled}
        output.document("item-list", body)
        return
    output.table(HEAD, [_cells(row, people) for row in held.rows])
    if held.sampled:
        names = listing([people[person].name for person in held.sampled])
        output.talk(f"Sampled: the destruction by {names} is checked.")
    left = sum(1 for row in held.rows if row.status == "held")
    summary = f"{count(len(held.rows), 'entry', 'entries')}: {left} still held."
    output.follow(f"tasks {reference}", summary=summary)


def _cells(row: "Holding", people: "Mapping[int, Person]") -> tuple[str, ...]:
    return (
        people[row.person].name,
        row.what,
        row.medium.replace("_", " "),
        short_day(row.since),
        row.status,
        row.method,
        short_day(row.on),
    )


def _as_json(row: "Holding", people: "Mapping[int, Person]") -> dict[str, Any]:
    return {
        "person": people[row.person].email,
        "what": row.what,
        "medium": row.medium,
        "since": row.since,
        "status": row.status,
        "method": row.method,
        "on": row.on,
    }
