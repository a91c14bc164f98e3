"""Who asks, of what, when; and the checks that several commands share."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from workflow.model.access.relations import ADMINISTRATOR, Actor, counts_as, stands_for
from workflow.model.challenge import Challenge
from workflow.model.errors import InvalidInput, NotFound, Refused
from workflow.model.planning.rulebook import Rulebook

__all__ = ["Actor", "Asking", "require_known", "require_reason"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A command's surroundings. `warnings` collects what the asker should know but may do.

    `rights` are those by which it was allowed, where the rules asked for one.
    """

    rulebook: Rulebook
    challenge: Challenge
    actor: Actor
    at: datetime
    warnings: list[str] = field(default_factory=list)
    rights: list[str] = field(default_factory=list)

    @property
    def today(self) -> date:
        """Return the local day of the moment."""
        return self.rulebook.today(self.at)

    def require_right(self, names: tuple[str, ...], what: str) -> None:
        """Refuse unless the asker holds one of these roles, or was granted it, or is administrator.

        Raises:
            Refused: somebody else may do it; the message says who.
        """
        definition = self.rulebook.definition
        roles = definition.members(*names)
        right = right_of(self.actor, roles, rulebook=self.rulebook, challenge=self.challenge)
        if right is not None:
            self.rights.append(right)
            return
        titles = [definition.roles[role].title for role in dict.fromkeys(roles)]
        who = " or ".join([*titles, "an administrator"])
        raise Refused(
            f"{{p{self.actor.id}}} may not {what}: that is for {who}",
            kind="not_allowed",
            allowed=titles,
            hint="ask one of them",
        )

    def require_right_if_named(self, names: tuple[str, ...], what: str) -> None:
        """Refuse as `require_right`, where roles are named: else their access was enough.

        Raises:
            Refused: somebody else may do it; the message says who.
        """
        if names:
            self.require_right(names, what)

    def require_life(self) -> None:
        """Refuse what makes no sense once the challenge is over.

        Raises:
            Refused: the stage is final.
        """
        stage = self.rulebook.definition.stages[self.challenge.stage]
        if stage.final:
            raise Refused(
                f'{self.challenge.reference} is over (stage "{stage.title}"): nothing of this '
                "can change any more",
                kind="closed",
            )


def right_of(
    actor: Actor, roles: Iterable[str], *, rulebook: Rulebook, challenge: Challenge
) -> str | None:
    """Return by which right somebody counts as one of these roles: the least that is enough."""
    for role in roles:
        if actor.id in challenge.holders([role]):
            return f"{role} on {challenge.reference}"
    known = rulebook.definition.roles
    given = {stands_for(role, known[role].side) for role in roles}
    for grant in actor.grants_on(challenge.reference):
        if given & counts_as(grant.role):
            return grant.authority
    return ADMINISTRATOR if actor.is_administrator else None


def require_reason(reason: str, what: str) -> None:
    """Refuse an empty reason.

    Raises:
        InvalidInput: there is no reason.
    """
    if not reason.strip():
        raise InvalidInput(f'say why {what}: --reason "…"')


def require_known(what: str, name: str, known: Iterable[str]) -> None:
    """Refuse a name that the definition does not have.

    Raises:
        NotFound: with the nearest name, and the list.
    """
    names = tuple(known)
    if name not in names:
        raise NotFound(what, name, names)
