"""Who may do what: `grant give`, `list`, `revoke`, `check`."""

import click

from console import frame, options
from console.session import Session, pass_session
from workflow.model.access.permissions import Permission, Role

on_challenge = click.option(
    "--on", "reference", metavar="REF", help="In this challenge only; else in all of them."
)


@frame.group("grant")
def grant_command() -> None:
    """Who may do what: give access, take it back, ask why."""


@grant_command.command(
    "give",
    example="grant give kim.audit@audit.example auditor\n"
    "grant give jo.bell@council.example challenge_manager --on EAS-27 --dry-run",
    follow="grant list",
)
@click.argument("person")
@click.argument("role", metavar="ROLE", type=click.Choice([role.value for role in Role]))
@on_challenge
@options.changes
@pass_session
def give_access(session: Session, *, person: str, role: str, reference: str | None) -> None:
    """Give a person a role of access, in one challenge or in all.

    The roles: administrator, programme_manager, challenge_manager, peer, client, auditor. Who is on
    a team needs none: their place gives them access. Nobody gives access to themselves, nor more
    than they have.
    """
    from console.views.records.grants import show_given
    from workflow.granting.grants import Gift

    gift = Gift(person=session.person(person).id, role=Role(role), reference=reference)
    application = session.application
    given = application.grants.give(gift, actor=application.actor.id, is_dry_run=session.is_dry_run)
    show_given(session.output, given, is_dry_run=session.is_dry_run)


@grant_command.command(
    "list",
    example="grant list\ngrant list --person kim.audit@audit.example --all",
    follow="grant revoke ID --reason TEXT",
)
@click.option("--person", metavar="PERSON", help="Only what this person was given.")
@click.option("--all", "with_revoked", is_flag=True, help="Also what was revoked.")
@options.as_json
@pass_session
def list_grants(session: Session, person: str | None, *, with_revoked: bool) -> None:
    """List who was given which access; without the right to see it, only your own."""
    from console.intake.grants import listed
    from console.views.records.grants import show_grants

    rows, offices = listed(session, person, with_revoked=with_revoked)
    show_grants(session.output, rows, offices, people=session.people())


@grant_command.command(
    "revoke",
    example='grant revoke 4 --reason "the audit is over"\n'
    'grant revoke --administrator jo.bell@council.example --reason "left"',
    follow="grant list",
)
@click.argument("number", metavar="[ID]", type=options.NUMBER, required=False)
@click.option(
    "--administrator", "officer", metavar="PERSON",
    help="Instead of a grant: somebody who was made an administrator when they were added.",
)  # fmt: skip
@options.needed_reason
@options.changes
@pass_session
def revoke_access(
    session: Session, number: int | None, *, officer: str | None, reason: str
) -> None:
    """Take access back, at once. The last administrator keeps theirs."""
    from console.intake.grants import revoked
    from console.views.records.grants import show_revoked

    name, what = revoked(session, number, officer, reason=reason)
    show_revoked(session.output, name, what, is_dry_run=session.is_dry_run)


@grant_command.command(
    "check",
    example="grant check jo.bell@council.example change_team --on EAS-27",
    follow="grant give PERSON ROLE",
)
@click.argument("person")
@click.argument(
    "permission", metavar="PERMISSION", type=click.Choice([one.value for one in Permission])
)
@on_challenge
@options.as_json
@pass_session
def check_access(session: Session, *, person: str, permission: str, reference: str | None) -> None:
    """Say whether a person may do something, and why or why not.

    A misspelt PERMISSION is answered with the names of all that there are.
    """
    from console.intake.grants import checked
    from console.views.records.grants import show_checked

    who = session.person(person)
    found = checked(session, who, Permission(permission), reference=reference)
    show_checked(session.output, who, found)
