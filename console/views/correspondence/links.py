"""The links that people act by."""

from typing import TYPE_CHECKING

from console.output import Output

if TYPE_CHECKING:
    from workflow.model.people import Person


def show_feed(output: Output, person: "Person", address: str | None) -> None:
    """Show the address of a person's calendar; None where there is none any more."""
    if output.is_json:
        output.document("link-feed", {"person": person.email, "address": address})
        return
    if address is None:
        output.text([f"{person.name} has no calendar address any more."])
    else:
        output.text([address])
    output.follow(f"link feed {person.email} --{'renew' if address is None else 'revoke'}")
