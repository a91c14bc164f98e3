"""Giving access and taking it back: nobody gives themselves, or anybody, more than they have."""

from workflow.model.access.deciding import NOT_ALLOWED, require
from workflow.model.access.permissions import ROLES, TITLES, Permission, Role
from workflow.model.access.relations import Relation
from workflow.model.errors import InvalidInput, Refused


def check_gift(giver: Relation, person: int, role: Role, *, reference: str | None) -> str:
    """Return by which right somebody may give a person a role, in a challenge or in all.

    Raises:
        InvalidInput: the role is not for one challenge.
        Refused: it is for themselves, or more than they have.
    """
    if role is Role.ADMINISTRATOR and reference is not None:
        raise InvalidInput("an administrator is one for everything: leave out --on")
    right = require(giver, Permission.GRANT_ACCESS)
    if giver.person == person:
        raise Refused(
            f"{{p{person}}} may not give access to themselves: somebody else must",
            kind="same_person",
            hint="ask another administrator",
        )
    _require_no_more(giver, role, "give")
    return right


def check_taking(taker: Relation, person: int, role: Role) -> str:
    """Return by which right somebody may take a person's role back; their own they may give up.

    Raises:
        Refused: it is not for them.
    """
    if taker.person == person:
        return "their own"
    right = require(taker, Permission.GRANT_ACCESS)
    _require_no_more(taker, role, "revoke")
    return right


def check_not_last(administrators: frozenset[int], person: int) -> None:
    """Refuse to take the way in of the last administrator.

    Raises:
        Refused: nobody would be left who may do everything.
    """
    if administrators <= {person}:
        raise Refused(
            f"{{p{person}}} is the last administrator: somebody must stay who may do everything",
            kind="last_administrator",
            hint="make another one first: peer-challenge grant give PERSON administrator",
        )


def _require_no_more(giver: Relation, role: Role, verb: str) -> None:
    """Refuse a role that may do more than whoever gives it, or takes it back."""
    if ROLES[role] <= giver.permissions:
        return
    raise Refused(
        f"{{p{giver.person}}} may not {verb} what {TITLES[role]} may do: it is more than their own",
        kind=NOT_ALLOWED,
        allowed=[one.value for one in Role if ROLES[one] <= giver.permissions],
        hint="ask an administrator",
    )
