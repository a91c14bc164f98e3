"""Destroys what is due: decided, done and certified in one transaction; then what lies outside it.

Holds are looked at again in the transaction that destroys, with the challenge locked: nobody can
place one between the look and the deed.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from workflow.clock import Clock
from workflow.engine import Engine
from workflow.granting.access import Access, Request
from workflow.linking.ties import loaded
from workflow.model.access.admission import admit
from workflow.model.access.permissions import Permission
from workflow.model.calendar import in_words
from workflow.model.decide import Decision
from workflow.model.decisions.asking import Asking
from workflow.model.errors import Refused, Unavailable, WorkflowError
from workflow.model.log.texts import moment_text
from workflow.model.planning.rulebook import Rulebook
from workflow.model.records.commands import CarryOutDisposal, ReportFailure
from workflow.model.records.events import DisposalDone
from workflow.model.register.retention import Retained, register, retained
from workflow.outcomes import Outcome
from workflow.retaining import bodies, finishing
from workflow.retaining.applying import METHOD, Order, bury, erase
from workflow.store import challenges, rulebooks
from workflow.store.challenges import Stored
from workflow.store.database import Database, Link
from workflow.store.records import certificates, erasure, grants
from workflow.store.records.certificates import Certificate

NO_NUMBER = "made then"
_GOING_ON = Request(permission=Permission.DESTROY, action="CarryOutDisposal")
_LAST_ENTRY = "SELECT max(id) FROM entry WHERE challenge_id = :id"


def quietly(step: str) -> None:
    """Say nothing of a step."""


class Disposals:
    """Looks at retention and carries it out, in a database, by a clock."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock
        self._access = Access(database, clock)

    def listed(self, reference: str) -> tuple[Retained, ...]:
        """Return what every rule keeps of a challenge, as it stands now.

        Raises:
            NotFound: there is no such challenge.
        """
        with self.database.reading() as link:
            challenge = challenges.load(link, reference).challenge
            rulebook = rulebooks.fetch(link, challenge.content_hash)
        return register(rulebook, challenge, self.clock.now())

    def references(self) -> list[str]:
        """Return the references of all challenges."""
        with self.database.reading() as link:
            return challenges.references(link)

    def foresee(self, reference: str, rule: str, *, actor: int) -> Outcome:
        """Return what destroying would bring, or why it may not be.

        Raises:
            Refused, NotFound, InvalidInput: as `destroy`.
        """
        engine = Engine(self.database, self.clock)
        command = CarryOutDisposal(rule=rule, certificate=NO_NUMBER, method=METHOD)
        return engine.act(reference, command, actor=actor, is_dry_run=True)

    def destroy(
        self, reference: str, rule: str, *, actor: int, on_step: Callable[[str], None] = quietly
    ) -> Certificate:
        """Destroy our copies of what a rule keeps, and return the certificate.

        One whose process died on the way is taken to its end first. `on_step` hears each step.

        Raises:
            Refused: a hold, a missing approval or another rule says no; that is recorded, too.
            NotFound: there is no such challenge or rule.
            Unavailable: something cannot be removed now: recorded as an incident, and tried again.
        """
        half = self.half_done(reference, rule, actor=actor)
        if half is not None:
            return finishing.finish(self.database, half, at=self.clock.now(), on_step=on_step)
        command = CarryOutDisposal(rule=rule, certificate=new_number(), method=METHOD)
        engine = Destroying(self.database, self.clock)
        try:
            engine.act(reference, command, actor=actor)
        except Unavailable as error:
            self._report(reference, rule, str(error), actor=actor)
            raise
        on_step("kept")
        with self.database.reading() as link:
            begun = certificates.find(link, command.certificate)
        return finishing.finish(self.database, begun, at=self.clock.now(), on_step=on_step)

    def half_done(self, reference: str, rule: str, *, actor: int) -> Certificate | None:
        """Return what a process left half done of a destruction, to somebody who may go on with it.

        These are all who may destroy, and who began it: a whole challenge has no team any more.

        Raises:
            Refused: it is for somebody else; that is entered into the audit log.
        """
        with self.database.reading() as link:
            found = certificates.unfinished(link)
            waiting = (one for one in found if (one.reference, one.rule) == (reference, rule))
            half = next(waiting, None)
            if half is None or finishing.begun_by(half) == actor:
                return half
            stored, rulebook = loaded(link, reference)
            by = grants.asker(link, actor)
        at, challenge = self.clock.now(), stored.challenge
        asking = Asking(rulebook=rulebook, challenge=challenge, actor=by, at=at)
        try:
            _require_right(asking, half)
        except Refused as refused:
            raise self._access.refuse(actor, _GOING_ON, refused, on=reference) from None
        return half

    def go_on(self) -> list[Certificate]:
        """Take to its end what a process left half done; what still fails is left for later."""
        return finishing.go_on(self.database, at=self.clock.now())

    def _report(self, reference: str, rule: str, problem: str, *, actor: int) -> None:
        """Record that a destruction did not even begin, if the database takes that."""
        command = ReportFailure(rule=rule, problem=problem)
        with suppress(WorkflowError):
            Engine(self.database, self.clock).act(reference, command, actor=actor)


def new_number() -> str:
    """Return the number of a new certificate, such as `C-3F81C0A2D4`."""
    return f"C-{uuid4().hex[:10].upper()}"


def _require_right(asking: Asking, half: Certificate) -> None:
    """Refuse to go on with a destruction whoever could not have begun it."""
    definition = asking.rulebook.definition
    command = CarryOutDisposal(rule=half.rule, certificate=half.number, method=METHOD)
    admit(definition, asking.challenge, command, actor=asking.actor)
    asking.require_right_if_named(definition.authority.manages, "destroy records")


class Destroying(Engine):
    """An engine whose step also destroys, in its transaction."""

    def _also(self, link: Link, stored: Stored, decision: Decision) -> None:
        done = next((one for one in decision.events if isinstance(one, DisposalDone)), None)
        if done is not None:
            rulebook = rulebooks.fetch(link, stored.challenge.content_hash)
            _begin(link, rulebook, stored, decision, done)


def _begin(
    link: Link, rulebook: Rulebook, stored: Stored, decision: Decision, done: DisposalDone
) -> None:
    """Destroy what an event says is destroyed, and keep what is left to do in its certificate."""
    at, by = done.at, done.actor or 0
    found = retained(rulebook, decision.before, done.rule, at=at)
    roles = rulebook.definition.members(*found.part.of)
    people = dict.fromkeys(m.person for m in decision.before.team if m.role in roles)
    free, needed = erasure.forgettable(link, stored.id, tuple(people), rule=done.rule)
    order = Order(
        number=done.certificate,
        at=moment_text(at),
        rule=done.rule,
        challenge_id=stored.id,
        reference=stored.challenge.reference,
        kinds=tuple(found.part.copies),
        documents=found.part.documents,
        people=tuple(free),
    )
    said = bodies.of_challenge(rulebook, decision.before, found, by=by, at=at)
    if needed:
        said["kept"] = {"people_on_other_challenges": needed}
    certify(link, order, said, at=at)
    if order.is_whole:
        after = stored._replace(challenge=decision.after)
        bury(link, after, order, on=in_words(rulebook.today(at)))


def certify(link: Link, order: Order, said: dict[str, Any], *, at: datetime) -> Order:
    """Destroy what an order says under a certificate that is still to be signed."""
    row = link.row(_LAST_ENTRY, id=order.challenge_id) if order.challenge_id else None
    certificates.put(
        link,
        Certificate(
            order.number, order.challenge_id, order.reference, order.rule, order.is_whole, at,
            "{}", "",
        ),
    )  # fmt: skip
    erased = erase(link, order, at=at)
    order = replace(
        order,
        keys=tuple(erased.keys),
        files=tuple(erased.files),
        people=tuple(erased.people),
    )
    body = bodies.begun(order, said, erased, entry=row[0] if row else None)
    certificates.revise(link, order.number, bodies.text_of(body))
    return order
