"""What binds a person to a challenge, or to the programme: a place, a grant, an office."""

from typing import NamedTuple

from workflow.model.access.permissions import ROLES, Permission, Role

ADMINISTRATOR = "administrator"
_BY_KEY = {role.value: role for role in (Role.PROGRAMME_MANAGER, Role.CHALLENGE_MANAGER)}
_STANDS_IN = {
    Role.PROGRAMME_MANAGER: frozenset({Role.PROGRAMME_MANAGER, Role.CHALLENGE_MANAGER}),
    Role.CHALLENGE_MANAGER: frozenset({Role.CHALLENGE_MANAGER}),
}
_BY_SIDE = {"programme": Role.CHALLENGE_MANAGER, "team": Role.PEER, "client": Role.CLIENT}


class Grant(NamedTuple):
    """A role of access that a person was given; without `reference`, for all challenges."""

    id: int
    role: Role
    reference: str | None = None

    @property
    def authority(self) -> str:
        """Return the grant as the audit log names it."""
        return f"grant {self.id}: {self.role}"


class Actor(NamedTuple):
    """The person who asks, with all their grants of access."""

    id: int
    is_administrator: bool = False
    grants: tuple[Grant, ...] = ()

    def grants_on(self, reference: str) -> tuple[Grant, ...]:
        """Return the grants that count for a challenge."""
        return tuple(one for one in self.grants if one.reference in (None, reference))


class Place(NamedTuple):
    """A place on a team: the definition's key of the role, and the role of access it gives."""

    key: str
    reference: str
    role: Role

    @property
    def authority(self) -> str:
        """Return the place as the audit log names it."""
        return f"{self.key} on {self.reference}"


class Relation(NamedTuple):
    """A person's places and grants that count for a challenge, or without one for all of them.

    `was_here`: they had a place on the team, and have left.
    """

    person: int
    reference: str = ""
    is_administrator: bool = False
    grants: tuple[Grant, ...] = ()
    places: tuple[Place, ...] = ()
    was_here: bool = False

    @property
    def is_none(self) -> bool:
        """Return whether nothing binds them."""
        return not (self.is_administrator or self.grants or self.places)

    @property
    def rights(self) -> tuple["Place | Grant", ...]:
        """Return what they have a role of access by, the places first."""
        return (*self.places, *self.grants)

    @property
    def permissions(self) -> frozenset[Permission]:
        """Return all that they may do."""
        roles = {one.role for one in self.rights}
        if self.is_administrator:
            roles.add(Role.ADMINISTRATOR)
        return frozenset[Permission]().union(*(ROLES[role] for role in roles))


def stands_for(key: str, side: str = "") -> Role:
    """Return the role of access that a role of a definition gives.

    By its key where that says it, else by its side; where that is not known it is the least.
    """
    return _BY_KEY.get(key) or _BY_SIDE.get(side, Role.PEER)


def counts_as(role: Role) -> frozenset[Role]:
    """Return the roles for which whoever was granted a role may stand in where rules name them.

    To manage is enough by itself; a peer's or a client's place is theirs who hold it.
    """
    return _STANDS_IN.get(role, frozenset())


def is_told_by_key(key: str) -> bool:
    """Return whether the key of a role alone says which role of access it gives."""
    return key in _BY_KEY
