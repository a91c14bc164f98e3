"""Takes a destruction to its end, once its transaction is kept: each step may be done again.

What is left to do stands in the certificate, which is signed last of all. So a process that dies
between two steps leaves a certificate without a signature, and the next turn goes on from it.
"""

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from workflow.changes import change_of
from workflow.model.challenge import Challenge
from workflow.model.decide import note
from workflow.model.decisions.asking import Actor, Asking
from workflow.model.decisions.disposals import fail
from workflow.model.errors import Unavailable, WorkflowError
from workflow.model.log.texts import moment_text
from workflow.model.records.commands import ReportFailure
from workflow.model.register.retention import Status, retained
from workflow.retaining import bodies, ledger
from workflow.retaining.applying import Order, issued, note_done, remove_outside
from workflow.store import challenges, rulebooks
from workflow.store.challenges import Origin, Stored
from workflow.store.database import Database, Link
from workflow.store.keeping.files import Files
from workflow.store.log import checkpoints, entries, tree
from workflow.store.records import certificates, cleaning, erasure, restating
from workflow.store.records.certificates import Certificate
from workflow.store.rows import snapshots

Step = Callable[[str], None]
_FINISH = "FinishDisposal"


def go_on(database: Database, *, at: datetime) -> list[Certificate]:
    """Take every destruction that was left half done to its end; return those that are.

    One that fails again is recorded, and left for the next turn.
    """
    with database.reading() as link:
        half = certificates.unfinished(link)
    done = []
    for one in half:
        with suppress(WorkflowError):
            done.append(finish(database, one, at=at, source="tick"))
    return done


def begun_by(half: Certificate) -> int | None:
    """Return who began a destruction that is not finished; None: nobody, as far as it says."""
    by: int | None = json.loads(half.body)["carried_out"]["by"]
    return by


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ending:
    """A destruction that is taken to its end: what was ordered, and what its certificate says."""

    database: Database
    begun: Certificate
    body: dict[str, Any]
    order: Order
    at: datetime
    source: str


def finish(
    database: Database,
    begun: Certificate,
    *,
    at: datetime,
    source: str = "cli",
    on_step: Step = lambda step: None,
) -> Certificate:
    """Do what is left of a destruction outside its transaction, look, and sign.

    Raises:
        Unavailable: something cannot be removed now; it is recorded as an incident.
    """
    if begun.is_finished:
        return begun
    body = json.loads(begun.body)
    order = Order.from_json(body[bodies.UNFINISHED]["order"])
    ending = _Ending(database=database, begun=begun, body=body, order=order, at=at, source=source)
    snapshots.forget()  # whatever fails from here on, the words are not written back
    try:
        ledger.enter(database, order)
        on_step("ledger")
        remove_outside(database, order)
        on_step("removed")
        _restate(ending)
        cleaning.clean(database)
        on_step("cleaned")
        checked = _checked(ending)
    except Unavailable as error:
        _record_failure(ending, str(error))
        raise
    signed = _sign(ending, checked)
    on_step("signed")
    return signed


def _restate(ending: _Ending) -> None:
    """Write anew what steps have kept of the words since, while their keys were still there.

    What is said of a person stands in every challenge that they were ever on.
    """
    begun, database = ending.begun, ending.database
    doing = entries.Doing(
        at=ending.at,
        actor=None,
        action=_FINISH,
        source=ending.source,
        detail={"certificate": begun.number},
    )
    with database.reading() as link:
        concerned = restating.where_said(link, begun.challenge_id, ending.order.people)
    for challenge_id in concerned:
        with database.writing() as link:
            if not restating.is_buried(link, challenge_id):
                restating.restate(link, challenge_id, doing)
            elif begun.is_whole and challenge_id == begun.challenge_id:
                restating.drop_late(link, challenge_id)


def _checked(ending: _Ending) -> dict[str, Any]:
    """Look whether anything is left, and return what was looked for and found.

    Raises:
        Unavailable: something is.
    """
    database, order = ending.database, ending.order
    markers = [marker[::-1] for marker in ending.body[bodies.UNFINISHED]["markers"]]
    with database.reading() as link:
        rows = _rows_left(link, order)
    keys = [key_id for key_id in order.keys if database.vault.has(key_id)]
    files = set(order.files) & set(Files.beside(database.vault).names())
    seen = cleaning.found(database, markers)
    if rows or keys or files or seen:
        raise Unavailable(
            f"after the destruction {order.number} something is left: rows {rows}, keys "
            f"{len(keys)}, files {len(files)}, markers {seen or 0} of {len(markers)}"
        )
    return {
        "at": moment_text(ending.at),
        "rows_left": rows,
        "keys_left": len(keys),
        "files_left": len(files),
        "markers_looked_for": len(markers) if seen is not None else 0,
        "markers_found": seen or 0,
        "looked_in": "the files of the database" if seen is not None else "the tables",
    }


def _rows_left(link: Link, order: Order) -> int:
    if order.challenge_id is None:
        return 0
    if order.is_whole:
        return sum(erasure.left(link, order.challenge_id).values())
    return erasure.words_left(
        link, order.challenge_id, kinds=order.kinds, documents=order.documents, at=order.at
    )


def _sign(ending: _Ending, checked: dict[str, Any]) -> Certificate:
    """Sign the certificate as it is in the end, and enter that into the log and the ledger.

    Into the ledger first: nobody goes on with what is signed, and a backup needs it from there.
    """
    begun, database = ending.begun, ending.database
    with database.writing() as link:
        key = database.vault.signer()
        head = tree.grow(link)
        checkpoints.sign(link, head, key, at=ending.at)
        body = bodies.finished(
            ending.body,
            ending.order,
            method=cleaning.METHODS[database.dialect],
            checked=checked,
            tree={"size": head.size, "root": base64.b64encode(head.root).decode()},
        )
        text = bodies.text_of(body)
        signature = base64.b64encode(key.sign(text.encode())).decode()
        signed = replace(begun, body=text, signature=signature)
        if certificates.finish(link, begun.number, body=text, signature=signature):
            by = ending.body["carried_out"]["by"] or None
            source = ending.source
            entries.put(link, issued(ending.order, text, at=ending.at, actor=by, source=source))
            _mend(link, ending)
            ledger.close(database, signed)
            return signed
        return certificates.find(link, begun.number)  # somebody else was quicker


def _mend(link: Link, ending: _Ending) -> None:
    """Note that what had failed is done in the end."""
    begun = ending.begun
    stored = _living(link, begun)
    if stored is None:
        return
    disposal = stored.challenge.records.disposals.get(_rule(stored.challenge, begun))
    if disposal is not None and disposal.problem:
        _note_done(link, stored, ending)


def _note_done(link: Link, stored: Stored, ending: _Ending) -> None:
    order = replace(ending.order, rule=_rule(stored.challenge, ending.begun))
    origin = Origin(ending.source, uuid4().hex, _FINISH)
    note_done(link, stored, order, at=ending.at, origin=origin)


def _living(link: Link, begun: Certificate) -> Stored | None:
    """Return the challenge of a destruction, as long as there is more of it than a tombstone."""
    if begun.challenge_id is None or restating.is_buried(link, begun.challenge_id):
        return None
    return challenges.load_by_id(link, begun.challenge_id)


def _rule(challenge: Challenge, begun: Certificate) -> str:
    """Return by which rule something is destroyed: it may have another name since."""
    disposals = challenge.records.disposals
    found = (key for key, one in disposals.items() if one.certificate == begun.number)
    return next(found, begun.rule)


def _record_failure(ending: _Ending, problem: str) -> None:
    """Record an incident: in the challenge, where there still is one, once for each problem."""
    begun, at = ending.begun, ending.at
    with ending.database.writing() as link:
        if certificates.find(link, begun.number).is_finished:
            return  # somebody else was quicker
        left = ending.body[bodies.UNFINISHED]
        stored = _living(link, begun)
        if stored is None:
            if left.get("problem") != problem:
                body = {**ending.body, bodies.UNFINISHED: {**left, "problem": problem}}
                certificates.revise(link, begun.number, bodies.text_of(body))
                entries.put(link, _failed(ending))
            return
        rulebook = rulebooks.fetch(link, stored.challenge.content_hash)
        rule = _rule(stored.challenge, begun)
        if retained(rulebook, stored.challenge, rule, at=at).status is Status.FAILED:
            return
        by = Actor(id=ending.body["carried_out"]["by"])
        asking = Asking(rulebook=rulebook, challenge=stored.challenge, actor=by, at=at)
        events = fail(asking, ReportFailure(rule=rule, problem=problem))
        decision = note(rulebook, stored.challenge, *events, is_time_passed=True)
        origin = Origin(ending.source, uuid4().hex, "ReportFailure", by.id)
        challenges.append(link, stored, change_of(rulebook, decision, at=at), origin=origin)


def _failed(ending: _Ending) -> entries.Doing:
    return entries.Doing(
        at=ending.at,
        actor=None,
        action="ReportFailure",
        source=ending.source,
        result="refused",
        detail={"certificate": ending.begun.number, "rule": ending.begun.rule},
    )
