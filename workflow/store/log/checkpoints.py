"""Signed heads of the tree, and where copies of them lie outside: the anchors.

The tree makes tampering visible to whoever knows an earlier root; an anchor is what makes somebody
else know one. So anchors are the security, and the structure is the convenience.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from workflow.model.log import notes
from workflow.model.log.notes import Head, VerifierKey
from workflow.store.link import Link, moment
from workflow.store.log import signatures

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_PUT = """
INSERT INTO checkpoint (size, at, note) VALUES (:size, :at, :note)
ON CONFLICT (size) DO NOTHING
"""
_AT_SIZE = "SELECT size, at, note FROM checkpoint WHERE size = :size"
_NEWEST = "SELECT size, at, note FROM checkpoint ORDER BY size DESC LIMIT 1"
_ALL = "SELECT size, at, note FROM checkpoint ORDER BY size"
_PUT_ANCHOR = """
INSERT INTO anchor (size, at, kind, place, receipt) VALUES (:size, :at, :kind, :place, :receipt)
"""
_ANCHORS = """
SELECT a.size, a.at, a.kind, a.place, a.receipt, c.note
FROM anchor a JOIN checkpoint c ON c.size = a.size ORDER BY a.id
"""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A head of the tree, signed `at` a moment; `note` is its text."""

    size: int
    at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A checkpoint that is kept outside: of which `kind` the place is, and where it lies."""

    checkpoint: Checkpoint
    kind: str
    place: str
    at: datetime
    receipt: bytes | None = None


def sign(link: Link, head: Head, key: "Ed25519PrivateKey", *, at: datetime) -> Checkpoint:
    """Sign a head and keep it; one of its size that was signed before stays, and is returned."""
    if (known := of_size(link, head.size)) is not None:
        return known
    note = notes.checkpoint(head, verifier(key), key.sign)
    link.execute(_PUT, size=head.size, at=at, note=note)
    return Checkpoint(head.size, at, note)


def verifier(key: "Ed25519PrivateKey") -> VerifierKey:
    """Return what checks the signatures of a key."""
    return notes.verifier_of(signatures.public_of(key))


def of_size(link: Link, size: int) -> Checkpoint | None:
    """Return the checkpoint of the tree at a size."""
    row = link.row(_AT_SIZE, size=size)
    return _checkpoint(row) if row else None


def newest(link: Link) -> Checkpoint | None:
    """Return the checkpoint of the largest tree, None if nothing was ever signed."""
    row = link.row(_NEWEST)
    return _checkpoint(row) if row else None


def listed(link: Link) -> Iterator[Checkpoint]:
    """Yield all checkpoints, that of the smallest tree first."""
    yield from map(_checkpoint, link.rows(_ALL))


def put_anchor(link: Link, anchor: Anchor) -> None:
    """Keep where a checkpoint was put outside."""
    link.execute(
        _PUT_ANCHOR,
        size=anchor.checkpoint.size,
        at=anchor.at,
        kind=anchor.kind,
        place=anchor.place,
        receipt=anchor.receipt,
    )


def anchors(link: Link) -> list[Anchor]:
    """Return all anchors, in the order in which they were made."""
    return [
        Anchor(
            checkpoint=Checkpoint(size, _moment(at), note),
            kind=kind,
            place=place,
            at=_moment(at),
            receipt=None if receipt is None else bytes(receipt),
        )
        for size, at, kind, place, receipt, note in link.rows(_ANCHORS)
    ]


def anchored(link: Link) -> set[str]:
    """Return the notes that were put somewhere outside."""
    return {anchor.checkpoint.note for anchor in anchors(link)}


def _checkpoint(row: tuple[Any, ...]) -> Checkpoint:
    return Checkpoint(row[0], _moment(row[1]), row[2])


def _moment(value: object) -> datetime:
    found = moment(value)
    assert found is not None  # noqa: S101 (the column is never null)
    return found
