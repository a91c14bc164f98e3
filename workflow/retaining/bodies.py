"""What a certificate says, as JSON: written when a destruction begins, completed when it ends.

It names ids, never content. It is honest: this is logical destruction and cryptographic erase, of
our own copies; what remains, where and until when, is said as well.

Source: house policy, after NIST SP 800-88 (its sample certificate) and RULES of the ICO.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from workflow.model.challenge import Challenge
from workflow.model.custody.holdings import holdings
from workflow.model.log.texts import moment_text
from workflow.model.planning.rulebook import Rulebook
from workflow.model.register.retention import Retained
from workflow.model.task import TaskStatus
from workflow.retaining.applying import PERSON, Order
from workflow.store.log.entries import software
from workflow.store.records.erasure import Erased

FORMAT = "peer-challenge/certificate/1"
KIND = "logical destruction and cryptographic erase; no sanitisation of media"
UNFINISHED = "unfinished"
BACKUPS = (
    "Backups made before: they hold rows and sealed words until they are deleted, but no keys; one "
    "that is restored loses them again before anybody gets in"
)
LOG = "Entries of the audit log: ids, dates and hashes, no words of people; for good"
ELSEWHERE = "Mail that was delivered, and what people copied themselves: with whoever has it"


def text_of(body: Mapping[str, Any]) -> str:
    """Return a body as it is signed: one line of JSON."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def of_challenge(
    rulebook: Rulebook, challenge: Challenge, found: Retained, *, by: int, at: datetime
) -> dict[str, Any]:
    """Return what a certificate says of a challenge and a rule, before anything is destroyed."""
    definition = rulebook.definition
    return {
        "subject": {"challenge": challenge.reference},
        "class": {"rule": found.rule, "title": found.part.title, "copies": found.part.copies},
        "authority": {
            "rule": found.rule,
            "source": found.part.source,
            "definition": definition.definition,
            "version": definition.version,
            "hash": challenge.content_hash,
            "trigger": found.how,
            "due_on": found.due_on.isoformat() if found.due_on else None,
        },
        "approvals": {
            "requested_by": found.disposal.requested_by,
            "requested_at": _moment(found.disposal.requested_at),
            "before_its_day": bool(found.due_on is None or rulebook.today(at) < found.due_on),
            "approved_by": found.disposal.approved_by,
            "approved_at": _moment(found.disposal.approved_at),
        },
        "holds": {"looked_for_at": moment_text(at), "found": list(found.holds)},
        "carried_out": {"by": by, "at": moment_text(at)},
        "peers": peers(rulebook, challenge),
    }


def peers(rulebook: Rulebook, challenge: Challenge) -> dict[str, Any]:
    """Return what people said of their own copies, and for whom an exception was made."""
    destroying = rulebook.definition.destroying
    waived = [
        {"person": task.person, "task": task.spec, "by": task.recorded_by}
        for task in challenge.tasks.values()
        if task.spec in destroying and task.status is TaskStatus.WAIVED
    ]
    told = [
        {
            "person": one.person,
            "medium": one.medium,
            "status": one.status,
            "on": one.on.isoformat() if one.on else None,
        }
        for one in holdings(rulebook, challenge)
    ]
    return {"confirmations": told, "exceptions": waived}


def of_person(person: int, *, by: int, at: datetime) -> dict[str, Any]:
    """Return what a certificate says of a person who is forgotten."""
    return {
        "subject": {"person": person},
        "class": {
            "rule": PERSON,
            "title": "What is known of a person, and what was said of them",
        },
        "authority": {"rule": PERSON, "source": "data protection law, or house policy"},
        "approvals": {},
        "holds": {"looked_for_at": moment_text(at), "found": []},
        "carried_out": {"by": by, "at": moment_text(at)},
    }


def of_order(order: Order) -> str:
    """Return the text of a certificate that is begun from its order: nothing else is known of it.

    So it is where a process died before it had signed, and the database was lost afterwards.
    """
    subject = {"challenge": order.reference} if order.reference else {"person": _first(order)}
    said = {
        "subject": subject,
        "class": {"rule": order.rule, "title": order.rule, "copies": list(order.kinds)},
        "authority": {"rule": order.rule, "source": "the ledger of destruction"},
        "approvals": {},
        "holds": {"looked_for_at": order.at, "found": []},
        "carried_out": {"by": None, "at": order.at},
    }
    return text_of(begun(order, said, Erased(), entry=None))


def _first(order: Order) -> int | None:
    return next(iter(order.people), None)


def begun(
    order: Order, said: Mapping[str, Any], erased: Erased, *, entry: int | None
) -> dict[str, Any]:
    """Return the body of a certificate whose rows are gone, and what is still to be done."""
    return {
        "format": FORMAT,
        "number": order.number,
        "what": KIND,
        **said,
        "items": {"documents": erased.documents, "people": erased.people},
        "counts": {kind: count for kind, count in erased.counts.items() if count},
        "log": {"entry": entry},
        UNFINISHED: {
            "order": order.as_json(),
            "markers": [marker[::-1] for marker in erased.markers],  # or this text has them
        },
    }


def finished(
    body: Mapping[str, Any],
    order: Order,
    *,
    method: str,
    checked: Mapping[str, Any],
    tree: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what a certificate says in the end: how it was done, what was found, what is left."""
    kept = {name: value for name, value in body.items() if name != UNFINISHED}
    return {
        **kept,
        "methods": [
            {"store": "database", "method": method},
            {
                "store": "keys",
                "method": "overwritten and removed (AES-256-GCM)",
                "keys": list(order.keys),
            },
            {"store": "files", "method": "removed, their key as above", "files": len(order.files)},
        ],
        "tool": software(),
        "verification": dict(checked),
        "remains": [BACKUPS, LOG, ELSEWHERE],
        "log": {**body["log"], "tree": tree},
    }


def _moment(at: datetime | None) -> str | None:
    return moment_text(at) if at is not None else None
