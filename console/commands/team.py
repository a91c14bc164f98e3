"""The team: `assign`, `release`."""

import click

from console import frame, options
from console.session import Session, pass_session


@frame.command("assign", example="assign EAS-27 lead_peer peer.one@example.test", follow="show REF")
@options.reference
@click.argument("role")
@click.argument("person")
@options.changes
@pass_session
def assign_command(session: Session, reference: str, *, role: str, person: str) -> None:
    """Put a person on the team.

    Whoever is added to a team that is under way gets the tasks that the others had.
    """
    from workflow.model.commands import AssignPerson

    found = session.person(person)
    command = AssignPerson(person=found.id, role=role, capabilities=found.capabilities)
    session.act(reference, command)


@frame.command(
    "release",
    example='release EAS-27 peer.five@example.test --reason "ill"',
    follow="assign REF ROLE PERSON",
)
@options.reference
@click.argument("person")
@click.option("--role", metavar="ROLE", help="Only from this role; else from all.")
@options.needed_reason
@options.changes
@pass_session
def release_command(
    session: Session, reference: str, *, person: str, role: str | None, reason: str
) -> None:
    """Take a person off the team.

    Their open tasks fall away; what they were given is theirs to destroy.
    """
    from workflow.model.commands import ReleasePerson

    command = ReleasePerson(person=session.person(person).id, reason=reason, role=role)
    session.act(reference, command)
