"""Documents that a stranger can check: the proof of one entry, and the whole log as a file."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from workflow.model.errors import InvalidInput, Refused
from workflow.model.log import notes
from workflow.model.log.lines import LOG
from workflow.model.log.notes import VerifierKey
from workflow.model.log.tiles import Tree
from workflow.store.database import Link
from workflow.store.log import checkpoints, exports, signatures, tree
from workflow.store.log.checkpoints import Checkpoint

PROOF = "peer-challenge/audit-proof/1"


def proof(link: Link, key: VerifierKey, *, reference: str, seq: int) -> Mapping[str, Any] | None:
    """Return what proves that the entry of an event is in the log; None if no head covers it yet.

    `path` leads from the leaf to the root that the checkpoint says.

    Raises:
        NotFound: there is no such event.
    """
    position = exports.place_of(link, reference, seq)
    head = checkpoints.newest(link)
    if position is None or head is None or position >= head.size:
        return None
    placed = exports.at_position(link, position)
    kept = Tree(head.size, lambda level, number: tree.tile(link, level, number))
    return {
        "schema": PROOF,
        "reference": reference,
        "event": seq,
        "position": position,
        "entry": placed.text,
        "events": placed.events,
        "path": [one.hex() for one in kept.inclusion(position)],
        "checkpoint": head.note,
        "key": str(key),
    }


def lines(link: Link, key: VerifierKey, head: Checkpoint) -> Iterator[str]:
    """Yield the log up to a checkpoint, as lines of JSON."""
    yield _line({"format": LOG, "origin": key.name, "key": str(key), "size": head.size})
    for placed in exports.everything(link, head.size):
        yield _line(
            {
                "position": placed.position,
                "leaf": placed.digest.hex(),
                "entry": placed.text,
                "events": placed.events,
            }
        )
    yield _line({"checkpoint": head.note})


def check_head(link: Link, head: Checkpoint, key: VerifierKey) -> None:
    """Refuse to go on from a head that is not what the tree is now.

    Raises:
        Refused: the tree was tampered with.
    """
    said = notes.read_checkpoint(head.note, key, signatures.is_signed)
    if tree.kept(link).root(said.size) != said.root:
        raise Refused(
            f"the first {said.size} entries of the log are not those that were signed",
            kind="tampered",
            hint="see what is wrong with: peer-challenge audit verify",
        )


def is_other(kept: Tree, note: str, key: VerifierKey) -> bool:
    """Return whether a head is not of the tree that is kept; of a longer one nobody can say."""
    try:
        said = notes.read_checkpoint(note, key, signatures.is_signed)
    except InvalidInput:
        return True
    return said.size <= kept.size and kept.root(said.size) != said.root


def _line(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")) + "\n"
