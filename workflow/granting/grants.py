"""Giving access to a person and taking it back, each with an entry in the audit log."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime

from workflow.clock import Clock
from workflow.granting.access import Access, Request, relation_of
from workflow.model.access.deciding import refusal, right
from workflow.model.access.gifts import check_gift, check_not_last, check_taking
from workflow.model.access.permissions import Permission, Role
from workflow.model.errors import InvalidInput, Refused, WorkflowError
from workflow.model.people import ids_in, name_in, named_error
from workflow.store import people
from workflow.store.database import Database, Link
from workflow.store.log import entries
from workflow.store.records import grants
from workflow.store.records.grants import Given, Officer

__all__ = ["Checked", "Gift", "Given", "Grants", "Officer"]

GIVEN, REVOKED, DISMISSED = "access_granted", "access_revoked", "administrator_dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """Which role of access somebody is to have, in a challenge or (no `reference`) in all."""

    person: int
    role: Role = Role.PEER
    reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """Whether somebody may do something: by which `right`, or `why_not`."""

    person: int
    permission: Permission
    reference: str | None
    right: str | None
    why_not: str = ""


class Grants:
    """Gives access and takes it back, in a database, at the time of a clock."""

    def __init__(self, database: Database, clock: Clock, access: Access) -> None:
        self.database, self.clock, self.access = database, clock, access

    def give(self, gift: Gift, *, actor: int, is_dry_run: bool = False) -> Given:
        """Give a person a role of access; return the grant, which has the number 0 if only tried.

        Raises:
            Refused: it is for the actor, more than theirs, or there already.
            InvalidInput: an administrator is one for everything; they were forgotten.
            NotFound: there is no such challenge or person.
        """
        with self._refusing(actor, GIVEN, gift, is_dry_run=is_dry_run):
            return self._give(gift, actor=actor, is_dry_run=is_dry_run)

    def _give(self, gift: Gift, *, actor: int, is_dry_run: bool) -> Given:
        at = self.clock.now()
        with self._open(is_dry_run=is_dry_run) as link:
            giver = relation_of(link, actor, gift.reference, permission=Permission.GRANT_ACCESS)
            right = check_gift(giver, gift.person, gift.role, reference=gift.reference)
            people.require_known(link, gift.person)
            _require_new(link, gift)
            where = grants.challenge_id(link, gift.reference) if gift.reference else None
            if is_dry_run:
                return _tried(link, gift, where, at=at, by=actor)
            number = grants.give(
                link, person=gift.person, role=gift.role, challenge_id=where, at=at, by=actor
            )
            given = grants.one(link, number)
            self._enter(link, GIVEN, given, actor=actor, authority=right)
            return given

    def revoke(self, number: int, *, actor: int, reason: str, is_dry_run: bool = False) -> Given:
        """Take a grant back, for a reason; return it.

        Raises:
            Refused: it is not for the actor, or of the last administrator, or revoked already.
            InvalidInput: there is no reason.
            NotFound: there is no such grant.
        """
        _require_reason(reason)
        with self.database.reading() as link:
            given = grants.one(link, number)
        gift = Gift(person=given.person, role=given.role, reference=given.reference)
        with self._refusing(actor, REVOKED, gift, is_dry_run=is_dry_run):
            if given.revoked_at is not None:
                raise Refused(f"grant {number} is revoked already", kind="already")
            at = self.clock.now()
            with self._open(is_dry_run=is_dry_run) as link:
                authority = self._check_revoking(link, given, actor)
                if not is_dry_run:
                    if not grants.revoke(link, number, at=at, by=actor):
                        raise Refused(f"grant {number} is revoked already", kind="already")
                    self._enter(
                        link, REVOKED, given, actor=actor, authority=authority, reason=reason
                    )
        return given

    def _check_revoking(self, link: Link, given: Given, actor: int) -> str:
        taker = relation_of(link, actor, given.reference, permission=Permission.GRANT_ACCESS)
        authority = check_taking(taker, given.person, given.role)
        if given.role is Role.ADMINISTRATOR:
            grants.lock(link)
            is_one_by_office = any(one.id == given.person for one in grants.offices(link))
            if not is_one_by_office:
                check_not_last(_administrators(link), given.person)
        return authority

    def dismiss(self, person: int, *, actor: int, reason: str, is_dry_run: bool = False) -> None:
        """Let a person be an administrator no more who was made one when they were added.

        Raises:
            Refused: it is not for the actor, they are no administrator, or the last one.
            InvalidInput: there is no reason.
        """
        _require_reason(reason)
        gift = Gift(person=person, role=Role.ADMINISTRATOR)
        with (
            self._refusing(actor, DISMISSED, gift, is_dry_run=is_dry_run),
            self._open(is_dry_run=is_dry_run) as link,
        ):
            grants.lock(link)
            authority = check_taking(grants.of_all(link, actor), person, Role.ADMINISTRATOR)
            if all(one.id != person for one in grants.offices(link)):
                raise Refused(
                    f"{{p{person}}} was not made an administrator: their access is by grants",
                    kind="no_office",
                    hint="see them: peer-challenge grant list",
                )
            if all(
                one.role is not Role.ADMINISTRATOR for one in grants.listed(link, person=person)
            ):
                check_not_last(_administrators(link), person)
            if not is_dry_run:
                grants.revoke_office(link, person)
                doing = entries.Doing(
                    at=self.clock.now(),
                    actor=actor,
                    action=DISMISSED,
                    source=self.access.source,
                    authority=authority,
                    detail={"person": person},
                    reason=link.seal(reason, people.key_of(link, person)),
                )
                entries.put(link, doing)

    def listed(
        self, *, person: int | None = None, with_revoked: bool = False
    ) -> tuple[list[Given], list[Officer]]:
        """Return grants in the order of giving, and who is an administrator without one."""
        with self.database.reading() as link:
            given = grants.listed(link, person=person, with_revoked=with_revoked)
            return given, grants.offices(link)

    def check(self, gift: Gift, permission: Permission) -> Checked:
        """Return whether a person may do something, and why or why not. Enters nothing.

        Raises:
            NotFound: there is no such challenge.
        """
        with self.database.reading() as link:
            relation = relation_of(link, gift.person, gift.reference, permission=permission)
            found = right(relation, permission)
            known = people.named(link, [gift.person])
        refused = refusal(relation, permission)
        return Checked(
            person=gift.person,
            permission=permission,
            reference=gift.reference,
            right=found,
            why_not="" if found is not None else name_in(refused.message, known),
        )

    def _enter(
        self, link: Link, action: str, given: Given, *, actor: int, authority: str, reason: str = ""
    ) -> None:
        doing = entries.Doing(
            at=self.clock.now(),
            actor=actor,
            action=action,
            source=self.access.source,
            authority=authority,
            detail={
                "challenge": given.challenge_id,
                "grant": given.id,
                "person": given.person,
                "role": given.role.value,
            },
            reason=link.seal(reason, people.key_of(link, given.person)),
        )
        entries.put(link, doing)

    def _open(self, *, is_dry_run: bool) -> AbstractContextManager[Link]:
        return self.database.reading() if is_dry_run else self.database.writing()

    @contextmanager
    def _refusing(self, actor: int, action: str, gift: Gift, *, is_dry_run: bool) -> Iterator[None]:
        """Enter a refusal into the audit log, and put names into errors."""
        try:
            yield
        except Refused as refused:
            if is_dry_run:
                raise self._named(refused) from refused
            request = Request(
                permission=Permission.GRANT_ACCESS,
                action=action,
                detail={"person": gift.person, "role": gift.role.value},
            )
            on = gift.reference or ""
            raise self.access.refuse(actor, request, refused, on=on) from refused

    def _named(self, refused: Refused) -> WorkflowError:
        with self.database.reading() as link:
            return named_error(refused, people.named(link, ids_in(refused.message)))


def _require_new(link: Link, gift: Gift) -> None:
    """Refuse what the person was given already."""
    for one in grants.listed(link, person=gift.person):
        if (one.role, one.reference) == (gift.role, gift.reference):
            raise Refused(
                f"{{p{gift.person}}} has this access already, by grant {one.id}", kind="already"
            )
    is_office = any(one.id == gift.person for one in grants.offices(link))
    if gift.role is Role.ADMINISTRATOR and is_office:
        raise Refused(f"{{p{gift.person}}} is an administrator already", kind="already")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput('say why the access ends: --reason "…"')


def _administrators(link: Link) -> frozenset[int]:
    return frozenset(one.id for one in grants.administrators(link))


def _tried(link: Link, gift: Gift, where: int | None, *, at: datetime, by: int) -> Given:
    person = people.find(link, str(gift.person))
    return Given(
        id=0,
        person=person.id,
        name=person.name,
        email=person.email,
        role=gift.role,
        reference=gift.reference,
        challenge_id=where,
        at=at,
        by=by,
        revoked_at=None,
        revoked_by=None,
    )
