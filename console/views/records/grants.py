"""Who may do what, as lists and answers."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from console.output import Output
from console.words import count, moment
from workflow.model.access.permissions import phrase

if TYPE_CHECKING:
    from workflow.granting.grants import Checked, Given, Officer
    from workflow.model.people import Person

HEAD = ("id", "person", "role", "in", "since", "by", "revoked")
EVERYWHERE = "all challenges"


def show_given(output: Output, given: "Given", *, is_dry_run: bool) -> None:
    """Show what was given, or would be."""
    if output.is_json:
        body = {"is_dry_run": is_dry_run, "grant": _as_json(given)}
        output.document("grant-give", body)
        return
    where = given.reference or EVERYWHERE
    number = "" if is_dry_run else f" (grant {given.id})"
    would = "would be" if is_dry_run else "is"
    output.text([f"{given.name} <{given.email}> {would} {given.role} in {where}{number}"])
    if is_dry_run:
        output.talk("Nothing was changed.")
    output.follow(f"grant list --person {given.email}")


def show_grants(
    output: Output,
    rows: "Sequence[Given]",
    offices: "Sequence[Officer]",
    *,
    people: "Mapping[int, Person]",
) -> None:
    """Show who was given which access, those first who were made administrators."""
    if output.is_json:
        body = {
            "administrators": [{"id": one.id, "email": one.email} for one in offices],
            "grants": [_as_json(row) for row in rows],
        }
        output.document("grant-list", body)
        return
    made = [("", one.email, "administrator", EVERYWHERE, "", "", "") for one in offices]
    output.table(HEAD, [*made, *(_cells(row, output, people) for row in rows)])
    standing = sum(row.revoked_at is None for row in rows)
    summary = f"{count(len(offices), 'administrator')}, {count(standing, 'grant')}."
    output.follow("grant give PERSON ROLE", summary=summary)


def show_revoked(output: Output, name: str, what: str, *, is_dry_run: bool) -> None:
    """Show what was taken back, or would be."""
    if output.is_json:
        body = {"is_dry_run": is_dry_run, "person": name, "access": what}
        output.document("grant-revoke", body)
        return
    would = "would be" if is_dry_run else "is"
    output.text([f"{name}: {what} {would} revoked"])
    if is_dry_run:
        output.talk("Nothing was changed.")
    output.follow("grant list")


def show_checked(output: Output, person: "Person", found: "Checked") -> None:
    """Show whether somebody may do something, and why or why not."""
    if output.is_json:
        body = {
            "person": person.email,
            "permission": found.permission.value,
            "reference": found.reference,
            "is_allowed": found.right is not None,
            "authority": found.right,
            "why_not": found.why_not or None,
        }
        output.document("grant-check", body)
        return
    asked = phrase(found.permission, found.reference or "")
    if found.right is None:
        output.text([f"No: {found.why_not}."])
        output.follow(f"grant give {person.email} ROLE")
    else:
        output.text([f"Yes: {person.name} may {asked}, as {found.right}."])
        output.follow(f"grant list --person {person.email}")


def _as_json(row: "Given") -> dict[str, Any]:
    return {
        "id": row.id,
        "person": row.email,
        "role": row.role.value,
        "reference": row.reference,
        "given_at": row.at,
        "given_by": row.by,
        "revoked_at": row.revoked_at,
        "revoked_by": row.revoked_by,
    }


def _cells(row: "Given", output: Output, people: "Mapping[int, Person]") -> tuple[str, ...]:
    giver = people.get(row.by or 0)
    return (
        str(row.id),
        row.email,
        row.role.value,
        row.reference or EVERYWHERE,
        moment(row.at, output.zone),
        giver.email if giver else "",
        moment(row.revoked_at, output.zone),
    )
