"""Forgets a person: what is known of them, and what was said of them, cannot be read any more.

Their id stays in what happened, and what was computed from it still verifies. Whoever is still
needed is not forgotten: on a challenge, with something to confirm, or under a hold.

Source: UK GDPR article 17, and house policy: what is asked for is not destroyed.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from workflow.clock import Clock
from workflow.granting.access import Access, Request
from workflow.model.access.permissions import Permission
from workflow.model.decisions.asking import require_reason
from workflow.model.errors import NotFound, Refused, Unmet, WorkflowError
from workflow.model.log.texts import moment_text
from workflow.model.register.retention import Status, retained
from workflow.retaining import bodies, finishing
from workflow.retaining.applying import PERSON, Order
from workflow.retaining.disposals import certify, new_number, quietly
from workflow.store import challenges, rulebooks
from workflow.store.challenges import Stored
from workflow.store.database import Database, Link
from workflow.store.link import flag
from workflow.store.log import entries
from workflow.store.records import certificates, grants
from workflow.store.records.certificates import Certificate

_STATE = "SELECT forgotten_at IS NOT NULL FROM person WHERE id = :person"
_LOCK = " FOR UPDATE"  # PostgreSQL: nobody lets them join, or gives them access, meanwhile
_ON = """
SELECT DISTINCT c.reference FROM member m JOIN challenge c ON c.id = m.challenge_id
WHERE m.person_id = :person AND m.until IS NULL AND NOT c.is_final ORDER BY c.reference
"""
_OWING = """
SELECT c.reference, t.spec FROM task t JOIN challenge c ON c.id = t.challenge_id
WHERE t.person = :person AND t.status IN ('open', 'pending') ORDER BY c.reference, t.number
"""
_EVER_ON = """
SELECT DISTINCT c.reference FROM member m JOIN challenge c ON c.id = m.challenge_id
WHERE m.person_id = :person ORDER BY c.reference
"""
FORGETTING = Request(permission=Permission.FORGET_PERSON, action="ForgetPerson")
_ENDED = (Status.DESTROYED, Status.EXCEPTED, Status.KEPT)


class Forgetting:
    """Forgets people in a database, by a clock."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock

    def foresee(self, person: int) -> None:
        """Refuse as `forget` would, and change nothing.

        Raises:
            NotFound: there is no such person.
            Refused: they are still needed.
        """
        with self.database.reading() as link:
            _require_free(link, person, at=self.clock.now())

    def forget(
        self, person: int, reason: str, *, actor: int, on_step: Callable[[str], None] = quietly
    ) -> Certificate:
        """Destroy what is known of a person and what was said of them; return the certificate.

        Raises:
            InvalidInput: no reason is given.
            NotFound: there is no such person.
            Refused: they are still needed, or it is not for this person; that is recorded, too.
        """
        require_reason(reason, "they are to be forgotten")
        right = Access(self.database, self.clock).require(actor, FORGETTING)
        at = self.clock.now()
        number = new_number()
        refusal: WorkflowError | None = None
        with self.database.writing() as link:
            try:
                _require_free(link, person, at=at)
            except Refused as error:
                refusal = error
            result = "applied" if refusal is None else "refused"
            entries.put(
                link,
                entries.Doing(
                    at=at,
                    actor=actor,
                    action=FORGETTING.action,
                    source="cli",
                    authority=right,
                    result=result,
                    detail={"person": person},
                    reason=link.seal(reason),
                ),
            )
            if refusal is None:
                order = Order(number=number, at=moment_text(at), rule=PERSON, people=(person,))
                certify(link, order, bodies.of_person(person, by=actor, at=at), at=at)
        if refusal is not None:
            raise refusal
        on_step("kept")
        with self.database.reading() as link:
            begun = certificates.find(link, number)
        return finishing.finish(self.database, begun, at=at, on_step=on_step)


def _require_free(link: Link, person: int, *, at: datetime) -> None:
    """Refuse to forget somebody who is still needed, and say where.

    Raises:
        NotFound: there is no such person.
        Refused: they are.
    """
    is_shared = link.is_writing and link.dialect == "postgresql"
    row = link.row(_STATE + _LOCK if is_shared else _STATE, person=person)
    if row is None:
        raise NotFound("person with the id", str(person), ())
    if flag(row[0]):
        raise Refused(f"person {person} is forgotten already", kind="already")
    grants.lock(link)
    if {one.id for one in grants.administrators(link)} == {person}:
        raise Refused(
            "the last administrator cannot be forgotten: nobody could do anything any more",
            kind="last_administrator",
            hint="make somebody else an administrator first: peer-challenge grant give …",
        )
    unmet = list(_needs(link, person, at=at))
    if unmet:
        raise Refused(
            "this person cannot be forgotten yet",
            kind="needed",
            unmet=unmet,
            hint="release them (peer-challenge release REF PERSON), let them confirm what they "
            "destroyed, lift the hold; then ask again",
        )


def _needs(link: Link, person: int, *, at: datetime) -> Iterator[Unmet]:
    """Yield what somebody is still needed for."""
    for (reference,) in link.rows(_ON, person=person):
        yield Unmet(f"{reference}: they are on its team")
    for reference, spec in link.rows(_OWING, person=person):
        yield Unmet(f"{reference}: {spec}, which is about them, is still to be done")
    for (reference,) in link.rows(_EVER_ON, person=person):
        stored = challenges.load(link, reference)
        names = [
            name
            for name, hold in stored.challenge.holds.items()
            if not hold.people or person in hold.people
        ]
        if names:
            yield Unmet(f"{reference}: it is on hold ({', '.join(names)})")
        yield from _owned(link, stored, person, at=at)


def _owned(link: Link, stored: Stored, person: int, *, at: datetime) -> Iterator[Unmet]:
    """Yield the retention of a challenge that nobody else would see to."""
    challenge = stored.challenge
    rulebook = rulebooks.fetch(link, challenge.content_hash)
    for key, rule in rulebook.definition.retention.items():
        roles = rulebook.definition.members(rule.review_by or "")
        if not roles or set(challenge.holders(roles)) != {person}:
            continue
        if retained(rulebook, challenge, key, at=at).status not in _ENDED:
            yield Unmet(f'{challenge.reference}: nobody else sees to "{rule.title}"')
