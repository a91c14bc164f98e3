"""May they? By which right, or the sentence that refuses."""

from workflow.model.access.permissions import ROLES, TITLES, Permission, Role, phrase
from workflow.model.access.relations import ADMINISTRATOR, Relation
from workflow.model.errors import Refused

NOT_ALLOWED = "not_allowed"


def right(relation: Relation, permission: Permission) -> str | None:
    """Return by which right somebody may do something: the least that is enough, None if none."""
    for one in relation.rights:
        if permission in ROLES[one.role]:
            return one.authority
    return ADMINISTRATOR if relation.is_administrator else None


def require(relation: Relation, permission: Permission, *, what: str = "") -> str:
    """Return by which right somebody may do something; `what` says it in other words.

    Raises:
        Refused: they may not; the message says who may.
    """
    found = right(relation, permission)
    if found is None:
        raise refusal(relation, permission, what=what)
    return found


def refusal(
    relation: Relation, permission: Permission, *, what: str = "", others: tuple[str, ...] = ()
) -> Refused:
    """Return the refusal: who may not do what, who may (`others` among them), and the way out."""
    titles = [TITLES[role] for role in Role if permission in ROLES[role]]
    *first, last = (*others, *_who(permission))
    who = f"{', '.join(first)} or {last}" if first else last
    asked = what or phrase(permission, relation.reference)
    return Refused(
        f"{{p{relation.person}}} may not {asked}: that is for {who}",
        kind=NOT_ALLOWED,
        allowed=titles,
        hint=_way_out(relation),
    )


def _who(permission: Permission) -> list[str]:
    """Return who has a permission, the least first, as a sentence names them."""
    has = [role for role in Role if permission in ROLES[role]]
    if Role.PEER in has:
        return ["those on its team", "whoever was given access", TITLES[Role.ADMINISTRATOR]]
    return [TITLES[role] for role in reversed(has)]


def _way_out(relation: Relation) -> str:
    if relation.is_none and relation.reference:
        on = f"--on {relation.reference}"
        return f"ask one of them for access: peer-challenge grant give PERSON ROLE {on}"
    return "ask one of them"
