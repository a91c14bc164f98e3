"""Certificates of destruction, as they are kept: their text exactly as signed.

One whose destruction has not come to its end yet has no signature: that row is what is left of an
order when a process dies, and whoever works next goes on from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflow.model.errors import NotFound
from workflow.store.link import Link, flag, moment

RESTORE = "restore"
"""The source of what a restore does again, in events and in the log."""

_COLUMNS = "f.number, f.challenge_id, c.reference, f.rule, f.is_whole, f.at, f.body, f.signature"
_FROM = "FROM certificate f LEFT JOIN challenge c ON c.id = f.challenge_id"
_PUT = """
INSERT INTO certificate (number, challenge_id, rule, is_whole, at, body, signature)
VALUES (:number, :challenge_id, :rule, :is_whole, :at, :body, :signature)
"""
_FINISH = """
UPDATE certificate SET body = :body, signature = :signature
WHERE number = :number AND signature = ''
"""
_REVISE = "UPDATE certificate SET body = :body WHERE number = :number AND signature = ''"
_FIND = f"SELECT {_COLUMNS} {_FROM} WHERE f.number = :number"
_UNFINISHED = f"SELECT {_COLUMNS} {_FROM} WHERE f.signature = '' ORDER BY f.at, f.number"
_OF = f"SELECT {_COLUMNS} {_FROM} WHERE c.reference = :reference ORDER BY f.at, f.number"
_ALL = f"SELECT {_COLUMNS} {_FROM} ORDER BY f.at, f.number"
_KNOWN = "SELECT 1 FROM certificate WHERE number = :number"
_NUMBERS = "SELECT number FROM certificate ORDER BY at DESC LIMIT 1000"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate; without a `signature` its destruction has not come to its end.

    `challenge_id` and `reference` are None for a person who was forgotten. `is_whole`: nothing is
    left of the challenge but its entries in the audit log.
    """

    number: str
    challenge_id: int | None
    reference: str | None
    rule: str
    is_whole: bool
    at: datetime
    body: str
    signature: str

    @property
    def is_finished(self) -> bool:
        """Whether all is done that it says."""
        return bool(self.signature)


def put(link: Link, certificate: Certificate) -> None:
    """Keep a certificate: of a destruction that begins now, or as it was signed, put back."""
    names = ("number", "challenge_id", "rule", "is_whole", "at", "body", "signature")
    link.execute(_PUT, **{name: getattr(certificate, name) for name in names})


def revise(link: Link, number: str, body: str) -> None:
    """Give a certificate that is not signed yet another text."""
    link.execute(_REVISE, number=number, body=body)


def finish(link: Link, number: str, *, body: str, signature: str) -> bool:
    """Keep what a certificate says in the end, signed; return whether nobody else had."""
    return link.execute(_FINISH, number=number, body=body, signature=signature) == 1


def unfinished(link: Link) -> list[Certificate]:
    """Return those whose destruction has not come to its end, the oldest first. One query."""
    return _listed(link.rows(_UNFINISHED))


def listed(link: Link, reference: str | None = None) -> list[Certificate]:
    """Return the certificates of a challenge, or all there are, the oldest first. One query."""
    return _listed(link.rows(_ALL) if reference is None else link.rows(_OF, reference=reference))


def is_known(link: Link, number: str) -> bool:
    """Return whether there is a certificate with a number, finished or not."""
    return link.row(_KNOWN, number=number) is not None


def find(link: Link, number: str) -> Certificate:
    """Return a certificate by its number.

    Raises:
        NotFound: there is none; the nearest are named.
    """
    row = link.row(_FIND, number=number)
    if row is None:
        raise NotFound("certificate", number, [known for (known,) in link.rows(_NUMBERS)])
    return _certificate(row)


def _listed(rows: Sequence[tuple[Any, ...]]) -> list[Certificate]:
    return [_certificate(row) for row in rows]


def _certificate(row: tuple[Any, ...]) -> Certificate:
    number, challenge_id, reference, rule, is_whole, at, body, signature = row
    made_at = moment(at)
    assert made_at is not None  # noqa: S101 (the column is never null)
    return Certificate(
        number, challenge_id, reference, rule, flag(is_whole), made_at, body, signature
    )
