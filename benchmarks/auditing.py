"""A1 and A2: how long it takes to verify a million events, and to prove one of a million entries.

One challenge is made by the engine and copied, with its events and its entries in the log, each
entry written anew so that it follows the one before it in its own challenge. A verification is a
process of its own, as the command is, so that its peak memory can be told; that of its largest
process counts. For proofs the leaves are random: a proof does not look at what they are of.
"""

import json
import secrets
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from time import perf_counter
from typing import Any

from benchmarks.calendars import peaks_now
from benchmarks.figures import Budget, Figure
from benchmarks.ground import BEGUN, lay
from workflow.auditing import verification
from workflow.auditing.log import Log
from workflow.clock import SetClock
from workflow.model.log.merkle import HASH_BYTES, leaf_hash
from workflow.model.log.texts import event_texts, events_digest
from workflow.store.database import Database, Link
from workflow.store.log import checkpoints, entries, reading, tree
from workflow.store.log.reading import Dossier

IN_TIME, FLAT, OF_BARE = Budget(1.0), Budget(1.3), Budget(0.12, is_floor=True)
SECONDS, OF = 20.0, 1_000_000
"""The time that verifying so many events may take, on two cores."""
PROOF_SECONDS, LEAVES, PROOFS = 0.010, 1_000_000, 50
"""The time that a proof may take in a tree of so many leaves."""
FEW, MANY, ROUNDS, STEPS = 200_000, 1_000_000, 3, 14
HASHED = 80_000
"""So many events are verified in one process."""

_EVENT = """
INSERT INTO event (challenge_id, seq, at, actor, kind, body, source, entry_id)
SELECT :copy, seq, at, actor, kind, replace(body, '"MODEL"', :quoted), source, entry_id + :further
FROM event WHERE challenge_id = :model
"""
_ENTRY = """
INSERT INTO entry (id, challenge_id, at, body, digest)
SELECT :id, :copy, at, :body, :digest FROM entry WHERE id = :like
"""
_CHAIN = "UPDATE challenge SET chain = :chain WHERE id = :copy"
_LEAF = "INSERT INTO leaf (position, entry_id) VALUES (:position, :entry_id)"
_HIGHEST = "SELECT max(id) FROM entry"


@dataclass(frozen=True, slots=True)
class Verifying:
    """What one verification took."""

    seconds: float
    peak_mb: float
    events: int


def prepare(url: str, events: int) -> str:
    """Make a database at `url` with about so many events, all in a signed tree; return the URL."""
    ground = lay(url)
    with closing(ground.database):
        model = ground.start("MODEL", steps=STEPS)
        with ground.database.reading(is_sealed=True) as link:
            (dossier,) = reading.dossiers(link, model, model)
        copies = ground.copy(model, events // len(dossier.events) - 1, tables=("challenge", "task"))
        with ground.database.writing() as link:
            _write(link, dossier, copies)
            checkpoints.sign(link, tree.grow(link), link.vault.signer(), at=BEGUN)
        ground.settle()
    return url


def _write(link: Link, model: Dossier, copies: range) -> None:
    """Write the log and the events of copies as if each had been a challenge of its own."""
    row = link.row(_HIGHEST)
    begun = model.entries[0].id
    highest = row[0] if row else 0
    for number, copy in enumerate(copies):
        further = highest + 1 - begun + number * len(model.entries)
        written = list(_entries(model, copy, further))
        link.executemany(_ENTRY, written)
        quoted = f'"C-{copy}"'
        own = {"copy": copy, "further": further, "quoted": quoted, "model": model.id}
        link.execute(_EVENT, **own)
        link.execute(_CHAIN, copy=copy, chain=written[-1]["digest"].hex())


def _entries(model: Dossier, copy: int, further: int) -> Iterator[dict[str, Any]]:
    """Yield the entries of a copy, each after the one before it."""
    previous = ""
    for kept in model.entries:
        entry = json.loads(kept.body)
        entry["challenge"] |= {"id": copy, "reference": f"C-{copy}", "previous": previous}
        own = [event for event in model.events if event.entry_id == kept.id]
        bodies = [event.body.replace('"MODEL"', f'"C-{copy}"') for event in own]
        texts = event_texts(
            [(*event[:4], body, event.source) for event, body in zip(own, bodies, strict=True)]
        )
        entry["events"]["sha256"] = events_digest(texts)
        body = json.dumps(entry, ensure_ascii=False, separators=(",", ":"))
        digest = leaf_hash(body.encode())
        previous = digest.hex()
        entry_id = kept.id + further
        yield {"id": entry_id, "copy": copy, "body": body, "digest": digest, "like": kept.id}


def verify(url: str, *, ballast: int = 0) -> None:
    """Verify all and print what it took; `ballast` bytes are kept of every page."""
    kept, most = list[bytes](), list[float]()

    def note(done: int, total: int) -> None:
        kept.append(b"x" * ballast)
        most.extend(peaks_now())

    with closing(Database(url)) as database:
        start = perf_counter()
        found = verification.verify(database, on_progress=note)
        seconds = perf_counter() - start
    if not found.is_intact:
        raise RuntimeError(f"what was prepared is not intact: {found.first_bad}")
    print(json.dumps({"seconds": seconds, "peak_mb": max(most), "events": found.events}))


def run(url: str, *, ballast: int = 0) -> Verifying:
    """Verify all in a process of its own."""
    code = f"from benchmarks.auditing import verify; verify({url!r}, ballast={ballast})"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Verifying(**json.loads(done.stdout))


def measure(few: str, many: str, *, rounds: int, ballast: int = 0) -> Sequence[Figure]:
    """Return how long verifying many takes, and how much more memory than verifying few."""
    pairs = [(run(few, ballast=ballast), run(many, ballast=ballast)) for _ in range(rounds)]
    events = pairs[0][1].events
    what = f"verifying {events:,} events"
    return (
        Figure(
            code="A1 time",
            what=f"{what} against {SECONDS:g} s for {OF:,}",
            unit="s",
            ours=[of_many.seconds for _, of_many in pairs],
            against=[SECONDS * events / OF] * rounds,
            budget=IN_TIME,
        ),
        Figure(
            code="A1 memory",
            what=f"{what}, against {pairs[0][0].events:,}",
            unit="MB",
            ours=[of_many.peak_mb for _, of_many in pairs],
            against=[of_few.peak_mb for of_few, _ in pairs],
            budget=FLAT,
        ),
    )


def plant(url: str, leaves: int) -> str:
    """Make a database at `url` whose tree has so many leaves, random but for a few; return it."""
    ground = lay(url)
    with closing(ground.database):
        with ground.database.writing() as link:
            tree.put_hashes(link, 0, secrets.token_bytes((leaves - 1) * HASH_BYTES))
            planting = entries.Doing(at=BEGUN, actor=None, action="Plant", source="benchmark")
            link.execute(_LEAF, position=leaves - 2, entry_id=entries.put(link, planting))
        ground.start("LAST")
    return url


def measure_proofs(url: str, *, rounds: int, repeated: int = 1) -> Figure:
    """Return how long a proof takes, on average; `repeated` does the work so many times."""
    with closing(Database(url)) as database:
        log = Log(database, SetClock(BEGUN))
        log.prove("LAST", 1)  # which signs a head
        size = log.checkpoint().size
        took = []
        for _ in range(rounds):
            start = perf_counter()
            for _ in range(PROOFS * repeated):
                log.prove("LAST", 1)
            took.append((perf_counter() - start) / PROOFS)
    return Figure(
        code="A2",
        what=f"a proof in a tree of {size:,} entries",
        unit="s",
        ours=took,
        against=[PROOF_SECONDS] * rounds,
        budget=IN_TIME,
    )


def measure_hashing(url: str, *, rounds: int, repeated: int = 1) -> Figure:
    """Return P8: events verified in a second, against a bare chain of SHA-256 over their texts.

    So few that both take one process. `repeated` counts each verification so many times.
    """
    texts = _texts(url)
    ours, alone = [], []
    for _ in range(rounds + 1):
        found = run(url)
        start, times = perf_counter(), 0
        while perf_counter() - start < found.seconds / 2:  # as long, on a machine that others use
            _chain(texts)
            times += 1
        alone.append(times * found.events / (perf_counter() - start))
        ours.append(found.events / found.seconds / repeated)
    return Figure(
        code="P8 rate",
        what=f"{found.events:,} events verified, against chaining SHA-256 over the same texts",
        unit="/s",
        ours=ours[1:],
        against=alone[1:],
        budget=OF_BARE,
    )


def _texts(url: str) -> list[bytes]:
    """Return all that is hashed of the events and the entries of a database."""
    with closing(Database(url)) as database, database.reading(is_sealed=True) as link:
        found = reading.dossiers(link, 0, verification.HIGHEST)
    events = (event for dossier in found for event in dossier.events)
    texts = [text.encode() for text in event_texts(event[:6] for event in events)]
    return texts + [entry.body.encode() for dossier in found for entry in dossier.entries]


def _chain(texts: Sequence[bytes]) -> bytes:
    """Return the last of a chain of digests."""
    digest = b""
    for text in texts:
        digest = sha256(digest + text).digest()
    return digest
