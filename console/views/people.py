"""People, as lists show them; how one is written to, and whether mail reaches them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from console.output import Output
from console.words import count, long_day, moment

if TYPE_CHECKING:
    import bootstrap
    from workflow.model.people import Person
    from workflow.retaining.certificates import Certificate

HEAD = ("id", "name", "email", "organisation", "phone", "capabilities", "administrator")

_RHYTHMS = {
    "at_once": "at once",
    "daily": "once a day, at {at}",
    "urgent_at_once": "what is urgent at once, the rest once a day, at {at}",
}


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


def show_preference(
    output: Output,
    person: "Person",
    known: "bootstrap.preferences.Preference",
    *,
    people: "Mapping[int, Person]",
    is_dry_run: bool,
) -> None:
    """Show how a person is written to, or would be."""
    stand_in = people.get(known.stand_in or 0)
    if output.is_json:
        body = {
            "is_dry_run": is_dry_run,
            "person": as_json(person),
            "rhythm": str(known.rhythm),
            "digest_at": f"{known.digest_at:%H:%M}",
            "away_from": known.away_from,
            "away_until": known.away_until,
            "stand_in": stand_in.email if stand_in else None,
            "refused_at": known.refused_at,
            "refused_why": known.refused_why,
        }
        output.document("person-mail", body)
        return
    output.text(_lines(output, person, known, stand_in))
    if is_dry_run:
        output.talk("Nothing was changed.")
    output.follow(f"mail list --to {person.email}")


def _lines(
    output: Output,
    person: "Person",
    known: "bootstrap.preferences.Preference",
    stand_in: "Person | None",
) -> Iterator[str]:
    rhythm = _RHYTHMS[known.rhythm].format(at=f"{known.digest_at:%H:%M}")
    yield f"{person.name} <{person.email}> is written to {rhythm}."
    if known.away_from is not None:
        until = f" until {long_day(known.away_until)}" if known.away_until else ""
        yield f"Away from {long_day(known.away_from)}{until}. {_meanwhile(stand_in)}"
    if known.refused_at is not None:
        at = moment(known.refused_at, output.zone)
        yield f"Mail has been refused since {at}: {known.refused_why}"
        yield f"Give the right address: peer-challenge person change {person.email} --email ADDRESS"


def _meanwhile(stand_in: "Person | None") -> str:
    if stand_in is None:
        return "Mail waits meanwhile, but for what is urgent."
    return f"{stand_in.name} <{stand_in.email}> gets the mail meanwhile."


def show_forgotten(output: Output, person: "Person", certificate: "Certificate | None") -> None:
    """Show that a person is forgotten under a certificate; without one, that they would be."""
    number = certificate.number if certificate else None
    if output.is_json:
        body = {"is_dry_run": certificate is None, "person": person.id, "certificate": number}
        output.document("person-forget", body)
        return
    if certificate is None:
        output.text([f"{person.name} <{person.email}> would be forgotten: nothing is in the way"])
        output.talk("Nothing was changed.")
        return
    output.text([f"person {person.id} is forgotten (certificate {number})"])
    output.follow(f"certificate show {number}")


def show_changed(output: Output, person: "Person", *, is_dry_run: bool) -> None:
    """Show a person as they are after a change, or would be."""
    if output.is_json:
        output.document("person-change", {"is_dry_run": is_dry_run, "person": as_json(person)})
        return
    facts = [person.organisation, person.phone]
    more = "".join(f", {fact}" for fact in facts if fact)
    would = "would be " if is_dry_run else ""
    output.text([f"{person.name} <{person.email}>{more} {would}kept"])
    if is_dry_run:
        output.talk("Nothing was changed.")
    output.follow(f"mail list --to {person.email}")
