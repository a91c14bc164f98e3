"""Carries out an order to destroy: in a transaction, and again in a database that was restored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from workflow.changes import change_of
from workflow.model.challenge import Challenge
from workflow.model.decide import note
from workflow.model.decisions.disposals import ended
from workflow.model.errors import NotFound
from workflow.model.log.texts import moment_text
from workflow.model.records import events as r
from workflow.model.records.rules import RECORD
from workflow.model.records.state import Disposal, Records
from workflow.store import challenges, people, rulebooks
from workflow.store.challenges import Origin, Stored
from workflow.store.database import Database, Link
from workflow.store.keeping.files import Files
from workflow.store.log import entries
from workflow.store.records import certificates, erasure
from workflow.store.records.certificates import Certificate
from workflow.store.records.erasure import Erased, Whose
from workflow.store.rows import codec, snapshots

PERSON = "person"
"""What stands for the rule where a person is forgotten."""
METHOD = "rows deleted or blanked, keys destroyed, files removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be destroyed under a certificate: kinds of copies of a challenge, or a person.

    `keys` and `files` are those that go outside the database, once the transaction is kept.
    """

    number: str
    at: str
    rule: str
    challenge_id: int | None = None
    reference: str | None = None
    kinds: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    people: tuple[int, ...] = ()
    keys: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left of the challenge but its entries in the log."""
        return RECORD in self.kinds

    def as_json(self) -> dict[str, Any]:
        """Return the order as the ledger has it."""
        return {name: getattr(self, name) for name in self.__slots__} | {"is_whole": self.is_whole}

    @staticmethod
    def from_json(facts: Mapping[str, Any]) -> "Order":
        """Return the order that `as_json` wrote."""
        values: dict[str, Any] = {name: facts[name] for name in Order.__slots__}
        lists = {name: tuple(v) for name, v in values.items() if isinstance(v, list)}
        return Order(**{**values, **lists})


def erase(link: Link, order: Order, *, at: datetime) -> Erased:
    """Destroy in a transaction what an order says; return what, and what is left to do outside.

    The certificate of a whole challenge must be there already.
    """
    erased = Erased()
    for person in order.people:
        erasure.erase_person(link, person, erased, at=at)
    if order.challenge_id is None or order.reference is None:
        return erased
    whose = Whose(order.challenge_id, order.reference)
    if order.is_whole:
        erasure.erase_all(link, whose, erased)
    elif "texts" in order.kinds:
        erasure.erase_texts(link, whose, erased)
    elif "messages" in order.kinds:
        erasure.erase_messages(link, whose, erased)
    if "documents" in order.kinds:
        erasure.erase_files(link, order.challenge_id, erased, documents=order.documents)
    return erased


def bury(link: Link, stored: Stored, order: Order, *, on: str) -> None:
    """Leave a challenge's row as a tombstone: its reference, its definition, its certificate."""
    before = stored.challenge
    ended = Disposal(done_at=datetime.fromisoformat(order.at), certificate=order.number)
    left = Challenge(
        reference=before.reference,
        definition=before.definition,
        definition_version=before.definition_version,
        content_hash=before.content_hash,
        stage=before.stage,
        version=before.version,
        records=Records(disposals={order.rule: ended}),
    )
    snapshot = codec.dump_challenge(left)
    erasure.bury(link, stored.id, snapshot=snapshot, said=f"Destroyed on {on}")


def remove_outside(database: Database, order: Order) -> None:
    """Remove files and destroy keys; what is gone already is no problem.

    Raises:
        Unavailable: something cannot be removed: it may still be readable.
    """
    files = Files.beside(database.vault)
    for name in order.files:
        files.remove(name)
    for key_id in order.keys:
        database.vault.destroy(key_id)
    snapshots.forget()  # this process may still know the words by heart


def apply_again(
    database: Database,
    order: Order,
    *,
    certificate: Mapping[str, str],
    begun: Callable[[Order], str],
    at: datetime,
) -> bool:
    """Destroy once more what an order destroyed; return whether the database knew nothing of it.

    Of an order whose `certificate` was never signed, one is `begun`, for the next turn to end.

    Raises:
        Unavailable: a key or a file cannot be removed.
    """
    with database.writing() as link:
        is_new = not certificates.is_known(link, order.number)
        if is_new:
            order = _again(link, order, certificate=certificate, at=at)
            if not certificate:
                certificates.revise(link, order.number, begun(order))
    remove_outside(database, order)
    return is_new


def _again(link: Link, order: Order, *, certificate: Mapping[str, str], at: datetime) -> Order:
    """Destroy in a transaction; return the order, with what else is to go outside of it.

    Since another order was carried out again, a challenge may have a key that this one never knew.
    """
    theirs = tuple(p for p in order.people if people.key_of(link, p) in order.keys)
    order = replace(order, people=theirs)  # an id may be another's by now
    stored = _known(link, order)
    if stored is None:  # it may be another's number by now
        order = replace(order, challenge_id=None, reference=None)
    certificates.put(
        link,
        Certificate(
            number=order.number,
            challenge_id=order.challenge_id,
            reference=order.reference,
            rule=order.rule,
            is_whole=order.is_whole,
            at=datetime.fromisoformat(order.at),
            body=certificate.get("body", "{}"),
            signature=certificate.get("signature", ""),
        ),
    )
    if stored is not None:
        origin = Origin(certificates.RESTORE, uuid4().hex, "Reapply")
        note_done(link, stored, order, at=at, origin=origin)
    erased = erase(link, order, at=at)
    if stored is not None and order.is_whole:
        on = moment_text(datetime.fromisoformat(order.at))[:10]
        bury(link, stored, order, on=on)
    if certificate:
        source = certificates.RESTORE
        entries.put(link, issued(order, certificate["body"], at=at, actor=None, source=source))
    return replace(
        order,
        keys=tuple(dict.fromkeys((*order.keys, *erased.keys))),
        files=tuple(dict.fromkeys((*order.files, *erased.files))),
    )


def issued(
    order: Order, body: str, *, at: datetime, actor: int | None, source: str
) -> entries.Doing:
    """Return what the log says of a certificate that is signed: the digest of its `body`."""
    gone = {"destroyed": order.reference} if order.is_whole and order.reference else {}
    digest = sha256(body.encode()).hexdigest()
    return entries.Doing(
        at=at,
        actor=actor,
        action="IssueCertificate",
        source=source,
        detail={"certificate": order.number, "rule": order.rule, "sha256": digest, **gone},
    )


def _known(link: Link, order: Order) -> Stored | None:
    """Return the challenge of an order; None where it was started after the backup was made."""
    try:
        stored = challenges.load_by_id(link, order.challenge_id or 0)
    except NotFound:
        return None
    return stored if stored.challenge.reference == order.reference else None


def note_done(link: Link, stored: Stored, order: Order, *, at: datetime, origin: Origin) -> None:
    """Note in a challenge's history that an order was carried out, which ends its own task."""
    rulebook = rulebooks.fetch(link, stored.challenge.content_hash)
    done = r.DisposalDone(
        at=at, rule=order.rule, certificate=order.number, method=METHOD, counts={}
    )
    happened = (done, *ended(rulebook, stored.challenge, done))
    decision = note(rulebook, stored.challenge, *happened, is_time_passed=True)
    challenges.append(link, stored, change_of(rulebook, decision, at=at), origin=origin)
