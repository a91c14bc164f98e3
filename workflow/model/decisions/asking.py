"""Who asks, of what, when; and the checks that several commands share."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from workflow.model.challenge import Challenge
from workflow.model.errors import InvalidInput, NotFound, Refused
from workflow.model.planning.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """The person who asks."""

    id: int
    is_administrator: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A command's surroundings. `warnings` collects what the asker should know but may do."""

    rulebook: Rulebook
    challenge: Challenge
    actor: Actor
    at: datetime
    warnings: list[str] = field(default_factory=list)

    @property
    def today(self) -> date:
        """Return the local day of the moment."""
        return self.rulebook.today(self.at)

    def is_one_of(self, names: Iterable[str]) -> bool:
        """Return whether the asker holds one of these roles, or a role of these groups."""
        definition = self.rulebook.definition
        roles = [role for name in names for role in definition.members(name)]
        return self.actor.id in self.challenge.holders(roles)

    def require_right(self, names: tuple[str, ...], what: str) -> None:
        """Refuse unless the asker is an administrator or holds one of these roles.

        Raises:
            Refused: somebody else may do it; the message says who.
        """
        if self.actor.is_administrator or self.is_one_of(names):
            return
        definition = self.rulebook.definition
        roles = [role for name in names for role in definition.members(name)]
        titles = [definition.roles[role].title for role in dict.fromkeys(roles)]
        who = " or ".join([*titles, "an administrator"])
        raise Refused(
            f"{{p{self.actor.id}}} may not {what}: that is for {who}",
            kind="not_allowed",
            allowed=titles,
            hint="ask one of them, or act as them with --as",
        )

    def require_right_if_named(self, names: tuple[str, ...], what: str) -> None:
        """Refuse as `require_right`, where roles are named at all: an empty list means anybody.

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
