"""What is asked of access, made ready: whose grants are listed, which one is revoked."""

from typing import TYPE_CHECKING

import click

from workflow.granting.access import Request
from workflow.granting.grants import Checked, Gift, Given, Officer
from workflow.model.access.permissions import Permission

if TYPE_CHECKING:
    from console.session import Session
    from workflow.model.people import Person


def listed(
    session: "Session", person: str | None, *, with_revoked: bool
) -> tuple[list[Given], list[Officer]]:
    """Return the grants that somebody may see, and who is an administrator without one.

    Raises:
        Refused: another person's are asked for without the right to see them.
    """
    application, me = session.application, session.application.actor.id
    seen = session.visible(Permission.SEE_PEOPLE)
    whom = session.person_id(person)
    if seen is not None and whom not in (None, me):
        request = Request(permission=Permission.SEE_PEOPLE, what="see the access of others")
        application.access.require(me, request)
    if seen is not None:
        whom = me
    rows, offices = application.grants.listed(person=whom, with_revoked=with_revoked)
    return rows, [one for one in offices if whom in (None, one.id)]


def revoked(
    session: "Session", number: int | None, officer: str | None, *, reason: str
) -> tuple[str, str]:
    """Take access back; return whose, and which.

    Raises:
        UsageError: both or neither are named.
        Refused, NotFound, InvalidInput: as the use case beneath.
    """
    if (number is None) == (officer is None):
        raise click.UsageError("say which: the grant's ID, or --administrator PERSON")
    application = session.application
    actor, is_dry_run = application.actor.id, session.is_dry_run
    if number is not None:
        given = application.grants.revoke(number, actor=actor, reason=reason, is_dry_run=is_dry_run)
        return given.name, f"grant {given.id}: {given.role}"
    person = session.person(officer or "")
    application.grants.dismiss(person.id, actor=actor, reason=reason, is_dry_run=is_dry_run)
    return person.name, "administrator"


def checked(
    session: "Session", person: "Person", permission: Permission, *, reference: str | None
) -> Checked:
    """Return whether a person may do something; of others only those may ask who see people.

    Raises:
        Refused: it is about somebody else, whose access is not for the asker to see.
        NotFound: there is no such challenge.
    """
    application, me = session.application, session.application.actor.id
    if person.id != me:
        request = Request(permission=Permission.SEE_PEOPLE, what="see the access of others")
        application.access.require_anywhere(me, request)
    if reference is not None:
        see = Request(permission=Permission.SEE_CHALLENGE, is_own_enough=True)
        application.access.require(me, see, reference)
    gift = Gift(person=person.id, reference=reference)
    return application.grants.check(gift, permission)
