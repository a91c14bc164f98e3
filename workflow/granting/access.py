"""The check that every way in uses: may this person do this, here? What is refused is entered.

Commands on a challenge are checked by the engine, in their own transaction (see `admission`);
everything else comes through here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict, Unpack

from workflow.clock import Clock
from workflow.model.access.deciding import refusal, right
from workflow.model.access.permissions import Permission
from workflow.model.access.relations import Relation
from workflow.model.errors import NotFound, Refused
from workflow.model.people import ids_in, named_error
from workflow.store import people
from workflow.store.database import Database, Link
from workflow.store.records import grants

READ = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody wants to do. `what` says it in words of its own, `action` for the audit log.

    `others` are those who may besides whoever has the permission, as a refusal names them;
    `is_own_enough`: whose it is, or who was on the team, may, too.
    """

    permission: Permission
    action: str = READ
    what: str = ""
    others: tuple[str, ...] = ()
    is_own_enough: bool = False
    detail: Mapping[str, Any] = field(default_factory=dict)


class _More(TypedDict, total=False):
    """What else an entry may say."""

    result: str
    authority: str
    reason: str


class Access:
    """Says who may do what, in a database, at the time of a clock."""

    def __init__(self, database: Database, clock: Clock, *, source: str = "cli") -> None:
        self.database, self.clock, self.source = database, clock, source

    def require(self, actor: int, request: Request, reference: str | None = None) -> str:
        """Return by which right somebody may do something in a challenge, or with them all.

        One query, where it is allowed.

        Raises:
            NotFound: there is no such challenge; those that they may see are named.
            Refused: they may not; that is entered into the audit log.
        """
        with self.database.reading() as link:
            relation = relation_of(link, actor, reference, permission=request.permission)
        return self._decided(relation, request)

    def require_anywhere(self, actor: int, request: Request) -> str:
        """Return by which right somebody may do something in some challenge at least.

        Raises:
            Refused: as `require`.
        """
        with self.database.reading() as link:
            relation = grants.anywhere(link, actor, request.permission)
        return self._decided(relation, request)

    def require_of(self, actor: int, request: Request, *, kind: str, number: int | str) -> str:
        """Return by which right somebody may do something with a thing of a kind, by its number.

        A `message`, an `answer`, a `mail` that came in or a `certificate`.

        Raises:
            NotFound: there is none with the number.
            Refused: as `require`.
        """
        with self.database.reading() as link:
            reference, owner = grants.whereabouts(link, kind, number)
            if request.is_own_enough and owner == actor:
                return "their own"
            relation = relation_of(link, actor, reference, permission=request.permission)
        return self._decided(relation, request, is_own=False)

    def visible(
        self, actor: int, permission: Permission = Permission.SEE_CHALLENGE
    ) -> frozenset[str] | None:
        """Return the references of the challenges where somebody has a permission; None: in all."""
        with self.database.reading() as link:
            return grants.visible(link, actor, permission)

    def acquainted(self, actor: int) -> frozenset[int] | None:
        """Return the ids of the people whom somebody may see in a list; None: everybody."""
        with self.database.reading() as link:
            found = grants.anywhere(link, actor, Permission.SEE_PEOPLE)
            if right(found, Permission.SEE_PEOPLE) is not None:
                return None
            return grants.teammates(link, actor)

    def is_beyond(self, person: int, actor: int) -> bool:
        """Return whether a person may do something, anywhere, that somebody may not."""
        with self.database.reading() as link:
            theirs = grants.anywhere(link, person, Permission.GRANT_ACCESS)
            mine = grants.anywhere(link, actor, Permission.GRANT_ACCESS)
        return not theirs.permissions <= mine.permissions

    def enter(
        self, link: Link, actor: int, request: Request, *, on: str = "", reason: str = ""
    ) -> None:
        """Enter what somebody does into the audit log, in the transaction that does it.

        It is for what is no command on a challenge: people, mail, links.
        """
        found = grants.anywhere(link, actor, request.permission)
        authority = right(found, request.permission) or "their own"
        self._put(link, actor, request, on=on, authority=authority, reason=link.seal(reason))

    def refuse(self, actor: int, request: Request, refused: Refused, *, on: str = "") -> Refused:
        """Return a refusal with names in it, and enter it into the audit log."""
        with self.database.writing() as link:
            said = {"permission": request.permission.value, **request.detail}
            self._put(link, actor, replace(request, detail=said), on=on, result="refused")
            known = people.named(link, ids_in(refused.message, refused.hint))
        error = named_error(refused, known)
        assert isinstance(error, Refused)  # noqa: S101 (names change no kind)
        return error

    def _put(
        self, link: Link, actor: int, request: Request, *, on: str, **more: Unpack[_More]
    ) -> None:
        from workflow.store.log import entries

        where = {"challenge": grants.challenge_id(link, on)} if on else {}
        doing = entries.Doing(
            at=self.clock.now(),
            actor=actor,
            action=request.action,
            source=self.source,
            detail={**where, **request.detail},
            **more,
        )
        entries.put(link, doing)

    def hiding(self, error: NotFound, actor: int) -> NotFound:
        """Return an error that names those challenges and people only that somebody may see."""
        if error.what == "challenge":
            with self.database.reading() as link:
                return NotFound(error.what, error.name, _known_to(link, actor))
        seen = self.acquainted(actor) if error.what == "person" else None
        if seen is None:
            return error
        with self.database.reading() as link:
            emails = [person.email for person in people.named(link, seen).values()]
        return NotFound(error.what, error.name, sorted(emails))

    def _decided(self, relation: Relation, request: Request, *, is_own: bool = True) -> str:
        found = right(relation, request.permission)
        if found is None and is_own and request.is_own_enough and relation.was_here:
            return "their own"
        if found is not None:
            return found
        refused = refusal(relation, request.permission, what=request.what, others=request.others)
        raise self.refuse(relation.person, request, refused, on=relation.reference)


def relation_of(
    link: Link, person: int, reference: str | None, *, permission: Permission
) -> Relation:
    """Return what binds somebody to a challenge, or to them all, to ask for a permission.

    Raises:
        NotFound: there is no such challenge; those that they may see are named.
    """
    if reference is None:
        return grants.of_all(link, person)
    found = grants.of_one(link, person, reference, permission=permission)
    if found is None:
        raise NotFound("challenge", reference, _known_to(link, person))
    return found


def _known_to(link: Link, actor: int) -> list[str]:
    """Return the references that an error may name to somebody."""
    seen = grants.visible(link, actor, Permission.SEE_CHALLENGE)
    return sorted(grants.references(link) if seen is None else seen)
