"""Reads certificates of destruction, and checks whether they are as they were signed."""

import base64
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from workflow.model.challenge import Challenge
from workflow.model.custody.holdings import Holding, holdings
from workflow.model.planning.rulebook import Rulebook
from workflow.model.planning.sampling import is_sampled
from workflow.store import challenges, people, rulebooks
from workflow.store.database import Database, Link
from workflow.store.log.signatures import is_signed, public_of
from workflow.store.records import certificates
from workflow.store.records.certificates import Certificate

__all__ = ["Certificate", "Certificates", "Checked", "Confirmed"]

_ISSUED = "SELECT body FROM entry WHERE body LIKE :wanted ORDER BY id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A certificate, and what is wrong with it; nothing is if it is as it was signed."""

    certificate: Certificate
    problems: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether it is signed by the log's key, and entered in the log as it is."""
        return not self.problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What one person said of one thing that they held, and how that is known.

    `evidence` is what they said, `recorded_by` who wrote it down, `said_at` when the notice that
    asked for it went out (`notice_id` is its Message-ID).
    """

    holding: Holding
    recorded_by: int | None = None
    recorded_at: str = ""
    evidence: str = ""
    notice_id: str = ""
    is_sampled: bool = False


class Certificates:
    """Looks at certificates in a database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def listed(self, reference: str | None = None) -> list[Certificate]:
        """Return the certificates of a challenge, or all there are, the oldest first.

        Raises:
            NotFound: there is no such challenge.
        """
        with self.database.reading() as link:
            if reference is not None:
                challenges.load(link, reference)
            return certificates.listed(link, reference)

    def find(self, number: str) -> Certificate:
        """Return a certificate.

        Raises:
            NotFound: there is none with this number.
        """
        with self.database.reading() as link:
            return certificates.find(link, number)

    def names(self, certificate: Certificate) -> dict[int, str]:
        """Return the names of the people whom a certificate speaks of, as they are known now."""
        with self.database.reading() as link:
            known = people.named(link, _ids_in(json.loads(certificate.body)))
        return {number: person.name for number, person in known.items()}

    def check(self, number: str) -> Checked:
        """Check a certificate's signature, and whether the log knows it as it is.

        Raises:
            NotFound: there is none with this number.
        """
        with self.database.reading() as link:
            found = certificates.find(link, number)
            problems = tuple(self._problems(link, found))
        return Checked(certificate=found, problems=problems)

    def _problems(self, link: Link, found: Certificate) -> list[str]:
        if not found.is_finished:
            return ["it is not signed: its destruction has not come to its end"]
        problems = []
        public = public_of(self.database.vault.signer())
        if not is_signed(public, _decoded(found.signature), found.body.encode()):
            problems.append("its signature is not that of the log's key over its text")
        digest = sha256(found.body.encode()).hexdigest()
        wanted = f'%"action":"IssueCertificate"%"certificate":"{found.number}"%'
        entered = [json.loads(body)["detail"] for (body,) in link.rows(_ISSUED, wanted=wanted)]
        if all(detail.get("sha256") != digest for detail in entered):
            problems.append("the audit log does not know it with this text")
        return problems

    def peers(self, reference: str) -> list[Confirmed]:
        """Return what everybody said of what they held: their side of the destruction.

        Raises:
            NotFound: there is no such challenge.
        """
        with self.database.reading() as link:
            stored = challenges.load(link, reference)
            rulebook = rulebooks.fetch(link, stored.challenge.content_hash)
            notices = _notices(link, stored.id)
        return [
            _confirmed(rulebook, stored.challenge, one, notices)
            for one in holdings(rulebook, stored.challenge)
        ]


_NOTICES = """
SELECT recipient_id, tasks, message_id FROM outbox
WHERE challenge_id = :id AND message_id IS NOT NULL ORDER BY id
"""


def _notices(link: Link, challenge_id: int) -> dict[str, str]:
    """Return the Message-ID of the first notice about each task to whom it is for."""
    found: dict[str, str] = {}
    for person, tasks, message_id in link.rows(_NOTICES, id=challenge_id):
        for key in json.loads(tasks or "[]"):
            if key.endswith(f":{person}"):
                found.setdefault(key, message_id)
    return found


def _confirmed(
    rulebook: Rulebook, challenge: Challenge, holding: Holding, notices: dict[str, str]
) -> Confirmed:
    roles = {member.role for member in challenge.team if member.person == holding.person}
    for key in rulebook.definition.destroying:
        task = challenge.tasks.get(f"{key}:{holding.person}")
        if task is None or holding.status != "confirmed":
            continue
        return Confirmed(
            holding=holding,
            recorded_by=task.recorded_by,
            recorded_at=task.done_at.isoformat() if task.done_at else "",
            evidence=task.evidence,
            notice_id=notices.get(task.key, ""),
            is_sampled=is_sampled(
                rulebook.definition, challenge.reference, holding.person, roles=roles
            ),
        )
    return Confirmed(holding=holding)


def _decoded(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except ValueError:
        return b""


def _ids_in(body: dict[str, Any]) -> set[int]:
    """Return the ids of people in the body of a certificate."""
    approvals, peers = body.get("approvals", {}), body.get("peers", {})
    found = [approvals.get("requested_by"), approvals.get("approved_by")]
    found += [body.get("carried_out", {}).get("by"), body.get("subject", {}).get("person")]
    found += [one["person"] for one in peers.get("confirmations", ())]
    found += [who for one in peers.get("exceptions", ()) for who in (one["person"], one["by"])]
    return {number for number in found if number}
