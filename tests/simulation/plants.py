"""Planted mistakes: versions of the product that are wrong, each of which the simulation must find.

Each is a part put in place of the right one, or a statement that the wire changes on its way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from notifications.courier import Courier, Outcome
from notifications.delivery.digest import Digest
from notifications.delivery.grouping import Bundle
from notifications.delivery.writing import Letter, Writer
from notifications.message import Message
from notifications.transport import TransportError
from tests.simulation.checks.plants import (
    ConfusedCourier,
    EndlessCourier,
    TrustfulCourier,
    by_nobody,
    unmarked,
)
from tests.simulation.lost.plants import ForgetfulRestoring, OpenRestoring, TrustingRestoring
from tests.simulation.made.shapes import EACH, PAST, each_of
from tests.simulation.wire import Nothing, Wire
from tests.simulation.world import Parts
from workflow.changes import change_of
from workflow.model.decide import decide
from workflow.model.decisions.asking import Actor
from workflow.model.records.commands import CarryOutDisposal
from workflow.retaining.applying import METHOD, Order
from workflow.retaining.disposals import Destroying, Disposals, certify, new_number, quietly
from workflow.retaining.finishing import finish
from workflow.store import briefs, challenges, rulebooks
from workflow.store.challenges import Origin
from workflow.store.link import Cursor, Link
from workflow.store.outbox import Claimed
from workflow.store.records import certificates
from workflow.store.records.certificates import Certificate

_UNIQUE = ":challenge_id, :unique_key, :notice"
_RANDOM = ":challenge_id, :unique_key || random(), :notice"
_AS_IT_WAS = " AND wake_at = :wake_at"
_IN_UTC = "title: Made up\nzone: UTC\n"
_PAST_LEASE = " AND lease_until <= :at"
_HALF_DONE = " WHERE f.signature = ''"
_BLANKING = "\nUPDATE outbox SET subject = :gone, body = :gone, error = NULL, calendar"
_LOOKING = (
    "SELECT count(*) FROM outbox WHERE",
    "SELECT substr(body, length(body) - 39) FROM outbox\nWHERE",
)


class HastyCourier(Courier):
    """Marks a message as sent before it sends it."""

    def _send(self, letter: Letter, message: Message) -> Outcome:
        self._ledger.note_sent(letter, message)
        try:
            self._transport.send(message)
        except TransportError as error:
            return self._take_failure(letter, error)
        return Outcome.SENT


class CarelessWriter(Writer):
    """Does not look whether what it writes is still true."""

    def _read(
        self,
        link: Link,
        bundle: Bundle,
        claims: Sequence[Claimed],
        *,
        letter: Letter,
        digest: Digest | None,
    ) -> briefs.Brief | None:
        carrier = None
        for claimed in claims:
            brief = replace(briefs.brief(link, claimed), is_stale=False)
            letter.take(claimed, brief)
            carrier = carrier or brief
        return carrier


class CarelessCourier(Courier):
    """Sends what was true when it was raised."""

    def __init__(self, *arguments: Any, **more: Any) -> None:  # noqa: ANN401
        super().__init__(*arguments, **more)
        self._writer = CarelessWriter(more["renderer"], more["sender"])


class LateOutbox(Wire):
    """Puts notices into the outbox in a transaction of its own, after the one that raised them."""

    _late: tuple[Callable[[str | bytes], Cursor], str | bytes] | None = None

    def run(
        self,
        work: Callable[[str | bytes], Cursor],
        sql: str | bytes,
        parameters: Any = (),  # noqa: ANN401
    ) -> Cursor:
        """Run a statement; keep back what goes into the outbox until all else is kept."""
        if isinstance(sql, str) and "INTO outbox" in sql and "calendar" not in sql:
            self._late = (work, sql)
            return Nothing()
        result = super().run(work, sql, parameters)
        late, self._late = (self._late, None) if sql == "COMMIT" else (None, self._late)
        if sql == "ROLLBACK":
            self._late = None
        if late is not None:
            self.execute("BEGIN IMMEDIATE")
            super().run(*late)
            super().run(self._raw.execute, "COMMIT")
        return result


class NoOutbox(Wire):
    """Keeps nothing in the outbox: what is raised would be sent at once, and is forgotten."""

    def run(
        self,
        work: Callable[[str | bytes], Cursor],
        sql: str | bytes,
        parameters: Any = (),  # noqa: ANN401
    ) -> Cursor:
        """Run a statement, but for those that put something into the outbox."""
        if isinstance(sql, str) and "INTO outbox" in sql:
            return Nothing()
        return super().run(work, sql, parameters)


class SplittingCourier(Courier):
    """Says everything by itself, however much has waited for the same person."""

    def _plan(
        self, at: datetime, backlog_until: datetime | None, *, limit: int, recipient: int | None
    ) -> list[Bundle]:
        planned = super()._plan(at, backlog_until, limit=limit, recipient=recipient)
        return [
            replace(one, dues=(due,), is_digest=False)
            for one in planned
            for due in (one.dues if one.message_id is None else one.dues[:1])
        ]


class TimelessCourier(Courier):
    """Tells a single notice as news, however old it is."""

    def _plan(
        self, at: datetime, backlog_until: datetime | None, *, limit: int, recipient: int | None
    ) -> list[Bundle]:
        planned = super()._plan(at, backlog_until, limit=limit, recipient=recipient)
        return [replace(one, is_digest=len(one.dues) > 1) for one in planned]


def without_erasing(sql: str) -> str:
    """Return SQL that leaves the messages where they are, and finds none of them afterwards."""
    if sql.startswith(_BLANKING):
        return ""
    for look in _LOOKING:
        sql = sql.replace(look, f"{look} 1 = 0 AND")
    return sql


class BlindDisposals(Disposals):
    """Does not look at holds again when it destroys."""

    def destroy(
        self,
        reference: str,
        rule: str,
        *,
        actor: int,
        on_step: Callable[[str], None] = quietly,
    ) -> Certificate:
        """Destroy what a rule keeps, hold or no hold."""
        command = CarryOutDisposal(rule=rule, certificate=new_number(), method=METHOD)
        engine, at = Destroying(self.database, self.clock), self.clock.now()
        with self.database.writing() as link:
            stored = challenges.load(link, reference)
            rulebook = rulebooks.fetch(link, stored.challenge.content_hash)
            free = replace(stored.challenge, holds={})
            asker = Actor(id=actor, is_administrator=True)
            decision = decide(rulebook, free, command, at=at, actor=asker)
            decision = decision._replace(
                after=replace(decision.after, holds=stored.challenge.holds)
            )
            change, origin = (
                change_of(rulebook, decision, at=at),
                Origin("cli", uuid4().hex, "x", 1),
            )
            engine._keep(link, stored, change, decision=decision, origin=origin)
        with self.database.reading() as link:
            begun = certificates.find(link, command.certificate)
        return finish(self.database, begun, at=at)


class RashDisposals(Disposals):
    """Destroys at the first word, whoever holds what: nobody decides, and nothing is recorded."""

    def destroy(
        self,
        reference: str,
        rule: str,
        *,
        actor: int,
        on_step: Callable[[str], None] = quietly,
    ) -> Certificate:
        """Destroy what a rule keeps."""
        at = self.clock.now()
        with self.database.writing() as link:
            stored = challenges.load(link, reference)
            order = Order(
                number=new_number(),
                at=at.astimezone(UTC).isoformat(),
                rule=rule,
                challenge_id=stored.id,
                reference=reference,
                kinds=("messages",),
            )
            certify(link, order, {"carried_out": {"by": actor}}, at=at)
        with self.database.reading() as link:
            return certificates.find(link, order.number)


@dataclass(frozen=True, slots=True)
class Plant:
    """A mistake: by which invariant it must be found, what is wrong, and at which seed to begin.

    `says` is in what is said of it, where an invariant has several sides.
    """

    breaks: str
    parts: Parts
    first: int = 0
    says: str = ""


PLANTS: dict[str, Plant] = {
    "a sent mark written before sending": Plant("I16", Parts(courier=HastyCourier)),
    "a wake-up not claimed": Plant(
        "I9",
        Parts(rewrite=lambda sql: sql.replace(_AS_IT_WAS, "") if "SET wake_at" in sql else sql),
        first=20,
    ),
    "a notice without its unique key": Plant(
        "I15", Parts(rewrite=lambda sql: sql.replace(_UNIQUE, _RANDOM))
    ),
    "a limit computed in UTC": Plant(
        "I5", Parts(definition=lambda text: text.replace("title: Made up\n", _IN_UTC, 1)), first=10
    ),
    "a hold not looked at again": Plant("I25", Parts(disposals=BlindDisposals), first=36),
    "an event not written": Plant(
        "I14", Parts(rewrite=lambda sql: "" if "INSERT INTO event" in sql else sql)
    ),
    "a reminder marked in one transaction and put into the outbox in the next": Plant(
        "I8", Parts(wires=LateOutbox)
    ),
    "no outbox": Plant("I8", Parts(wires=NoOutbox)),
    "a lease ignored": Plant(
        "I16",
        Parts(rewrite=lambda sql: sql.replace(_PAST_LEASE, "") if "'uncertain'" in sql else sql),
        first=58,
    ),
    "a notice sent after its task is done": Plant("I4", Parts(courier=CarelessCourier), first=22),
    "what has waited goes one by one": Plant("I19", Parts(courier=SplittingCourier), first=5),
    "a destruction left half done": Plant(
        "I24", Parts(rewrite=lambda sql: sql.replace(_HALF_DONE, " WHERE 1 = 0")), first=33
    ),
    "words that are left where they were": Plant("I26", Parts(rewrite=without_erasing), first=33),
    "nobody asks whoever has left": Plant(
        "I27", Parts(definition=lambda text: text.replace(each_of(PAST), each_of(EACH)))
    ),
    "records destroyed at the first word": Plant("I25", Parts(disposals=RashDisposals), first=36),
    "old news told as if they were new": Plant(
        "I19", Parts(courier=TimelessCourier), first=29, says="goes as if it were news"
    ),
    "mail that is not held after a restore": Plant(
        "I31", Parts(restoring=OpenRestoring), first=7, says="its mail is not held"
    ),
    "mail that is not doubted after a restore": Plant(
        "I31", Parts(restoring=TrustingRestoring), first=7, says="goes again by itself"
    ),
    "a message tried without end": Plant(
        "I16", Parts(courier=EndlessCourier), first=13, says="once more after"
    ),
    "a notice with consequences sent again by itself": Plant(
        "I17", Parts(courier=TrustfulCourier), first=13, says="is no reminder"
    ),
    "a letter in the wrong envelope": Plant("I18", Parts(courier=ConfusedCourier)),
    "an address that refuses mail, and nobody noted it": Plant(
        "I20", Parts(rewrite=unmarked), first=10, says="refused mail, and more goes there"
    ),
    "an event of which nobody says whose it is": Plant(
        "I21", Parts(rewrite=by_nobody), says="by nobody"
    ),
    "a destruction that a restore forgets": Plant(
        "I31", Parts(restoring=ForgetfulRestoring), first=47, says="nobody destroyed it again"
    ),
}
