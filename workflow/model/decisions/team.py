"""Who joins the team and who leaves it."""

from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.challenge import Membership
from workflow.model.decisions.asking import Asking, require_known, require_reason
from workflow.model.decisions.handing.documents import leave
from workflow.model.definition import Role
from workflow.model.errors import InvalidInput, Refused


def assign(asking: Asking, command: c.AssignPerson) -> tuple[e.Event, ...]:
    """Put a person into a role that exists, has room, and is open to them."""
    definition = asking.rulebook.definition
    require_known("role", command.role, definition.roles)
    asking.require_right_if_named(definition.authority.manages, "change the team")
    asking.require_life()
    role = definition.roles[command.role]
    holders = asking.challenge.holders([command.role])
    if command.person in holders:
        raise Refused(f"{{p{command.person}}} is {role.title} already", kind="already")
    if len(holders) >= role.needed.most:
        named = ", ".join(f"{{p{person}}}" for person in holders)
        raise Refused(
            f"{role.title}: at most {role.needed.most}, and there is {named}",
            kind="full",
            hint=f"release somebody first: peer-challenge release {asking.challenge.reference} "
            "PERSON --reason …",
        )
    _check_eligible(asking, command, role)
    joined = e.PersonAssigned(
        at=asking.at,
        actor=asking.actor.id,
        person=command.person,
        role=command.role,
        on=asking.today,
        capabilities=command.capabilities,
    )
    return (joined,)


def _check_eligible(asking: Asking, command: c.AssignPerson, role: Role) -> None:
    """Refuse, or warn of, somebody who has none of the capabilities that a role asks for."""
    if not role.eligible or set(role.eligible) & set(command.capabilities):
        return
    words = " or ".join(name.replace("_", " ") for name in role.eligible)
    text = f"{{p{command.person}}} is not recorded as {words}, as {role.title} should be"
    if role.otherwise == "warn":
        asking.warnings.append(text)
        return
    raise Refused(text, kind="not_eligible", allowed=role.eligible)


def release(asking: Asking, command: c.ReleasePerson) -> tuple[e.Event, ...]:
    """Take a person out of one role, or of all that they hold."""
    definition = asking.rulebook.definition
    require_reason(command.reason, "they leave")
    if command.role is not None:
        require_known("role", command.role, definition.roles)
    asking.require_right_if_named(definition.authority.manages, "change the team")
    stays = [m for m in asking.challenge.team if _is_meant(m, command)]
    if not stays:
        role = f" as {definition.roles[command.role].title}" if command.role else ""
        raise InvalidInput(
            f"{{p{command.person}}} is not on the team of {asking.challenge.reference}{role}"
        )
    released = [
        e.PersonReleased(
            at=asking.at,
            actor=asking.actor.id,
            person=command.person,
            role=member.role,
            on=asking.today,
            reason=command.reason,
        )
        for member in stays
    ]
    return (*released, *leave(asking, command.person, [member.role for member in stays]))


def _is_meant(member: Membership, command: c.ReleasePerson) -> bool:
    return (
        member.left_at is None
        and member.person == command.person
        and command.role in (None, member.role)
    )
