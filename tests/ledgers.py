"""Logs made up in memory, as an export has them: written honestly, or anew after tampering."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from workflow.model.log import notes
from workflow.model.log.lines import LOG
from workflow.model.log.merkle import Range, leaf_hash
from workflow.model.log.notes import Head, VerifierKey
from workflow.model.log.texts import event_text, events_digest, moment_text

SIGNER = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
KEY = notes.verifier_of(SIGNER.public_key().public_bytes_raw())
BEGUN = datetime(2027, 3, 1, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody did in a challenge: minutes after the beginning, and what events say."""

    challenge: int
    minute: int
    words: tuple[str, ...]
    detail: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Ledger:
    """An exported log, and the checkpoints that lie outside."""

    lines: list[str]
    anchors: list[str] = field(default_factory=list)


def steps(count: int, *, challenges: int = 3) -> list[Step]:
    """Return what happened in several challenges, in turns."""
    return [Step(n % challenges, n, (f"done {n}", "noted")[: 1 + n % 2]) for n in range(count)]


def write(
    done: Sequence[Step],
    *,
    anchored: Sequence[int] = (),
    signer: Ed25519PrivateKey = SIGNER,
) -> Ledger:
    """Return the log of what was done, with an anchor at each of some sizes."""
    key = notes.verifier_of(signer.public_key().public_bytes_raw())
    tree, anchors, lines = Range(), list[str](), list[str]()
    last: dict[int, tuple[str, int]] = {}
    for position, step in enumerate(done):
        previous, seq = last.get(step.challenge, ("", 0))
        entry, texts = _entry(step, previous, seq)
        digest = leaf_hash(entry.encode())
        last[step.challenge] = digest.hex(), seq + len(texts)
        tree.append(digest)
        line = {"position": position, "leaf": digest.hex(), "entry": entry, "events": texts}
        lines.append(json.dumps(line))
        if tree.size in anchored:
            anchors.append(_signed(tree, key, signer))
    head = {"format": LOG, "origin": key.name, "key": str(key), "size": len(done)}
    end = {"checkpoint": _signed(tree, key, signer)}
    return Ledger([json.dumps(head), *lines, json.dumps(end)], anchors)


def backdated(step: Step) -> Step:
    """Return a step as of a minute before everything else."""
    return replace(step, minute=-1)


def edited(step: Step) -> Step:
    """Return a step with other words."""
    return replace(step, words=("never happened", *step.words[1:]))


def _signed(tree: Range, key: VerifierKey, signer: Ed25519PrivateKey) -> str:
    return notes.checkpoint(Head(tree.size, tree.root()), key, signer.sign)


def _entry(step: Step, previous: str, seq: int) -> tuple[str, list[str]]:
    at = BEGUN + timedelta(minutes=step.minute)
    texts = [
        event_text((seq + number, at, 1, "TaskDone", json.dumps({"says": said}), "cli"))
        for number, said in enumerate(step.words, 1)
    ]
    entry = {
        "at": moment_text(at),
        "actor": 1,
        "action": "CompleteTask",
        "challenge": {"id": step.challenge, "reference": f"C-{step.challenge}",
                      "previous": previous},
        "events": {"from": seq + 1, "to": seq + len(texts), "sha256": events_digest(texts)},
        "detail": step.detail,
    }  # fmt: skip
    return json.dumps(entry), texts
