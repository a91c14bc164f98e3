"""The ledger of destruction: a file outside the database and its backups, one line an order.

An old backup holds what was destroyed since it was made. So whoever restores one applies the
ledger to it, before anybody gets in: keys and files that came back go again, rows are deleted
again, and the certificates are put back.
"""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from workflow.model.errors import Unavailable
from workflow.retaining import bodies
from workflow.retaining.applying import Order, apply_again
from workflow.store.database import Database
from workflow.store.keeping.keys import sync
from workflow.store.records.certificates import Certificate

FILE = "destroyed.jsonl"


@dataclass(frozen=True, slots=True)
class Line:
    """An order of the ledger, and its certificate once that was signed."""

    order: Order
    certificate: Mapping[str, str] = field(default_factory=dict)


def path_of(database: Database) -> Path:
    """Return where the ledger of a database lies: beside its keys."""
    return database.vault.folder / FILE


def enter(database: Database, order: Order) -> None:
    """Enter an order, unless it is there; it is on the disk before this returns.

    Raises:
        Unavailable: the ledger cannot be written.
    """
    if all(line.order.number != order.number for line in lines(database)):
        _append(path_of(database), order.as_json())


def close(database: Database, certificate: Certificate) -> None:
    """Enter the certificate of an order, once it is signed."""
    signed = {"body": certificate.body, "signature": certificate.signature}
    _append(path_of(database), {"number": certificate.number, **signed})


def lines(database: Database) -> list[Line]:
    """Return what was ordered, in order; a last line that was not written whole is passed over."""
    found: dict[str, Line] = {}
    for facts in _read(path_of(database)):
        number = facts["number"]
        if "signature" not in facts:
            found.setdefault(number, Line(Order.from_json(facts)))
        elif number in found:
            found[number] = Line(found[number].order, facts)
    return list(found.values())


def reapply(database: Database, at: datetime) -> int:
    """Destroy in a restored database what was destroyed since it was backed up.

    Returns how many orders it did not know of. To be called before anybody gets in; calling it
    twice changes nothing.

    Raises:
        Unavailable: a key or a file cannot be removed, or the ledger cannot be read.
    """
    return sum(
        apply_again(
            database, line.order, certificate=line.certificate, begun=bodies.of_order, at=at
        )
        for line in lines(database)
    )


def _append(path: Path, facts: Mapping[str, Any]) -> None:
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":")) + "\n"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        is_torn = path.stat().st_size > 0 and not path.read_bytes().endswith(b"\n")
        with os.fdopen(number, "ab", buffering=0) as file:
            file.write(b"\n" * is_torn + text.encode())
            os.fsync(file.fileno())
        sync(path.parent)  # a file that is new must be found again
    except OSError as error:
        raise _away(path, error) from error


def _read(path: Path) -> Iterator[dict[str, Any]]:
    try:
        text = path.read_bytes() if path.exists() else b""
    except OSError as error:
        raise _away(path, error) from error
    for line in text.split(b"\n"):  # not at what else ends a line: titles may have that
        try:
            facts = json.loads(line)
        except ValueError:
            continue
        yield facts


def _away(path: Path, error: OSError) -> Unavailable:
    return Unavailable(f"the ledger of destruction {path} cannot be used: {error.strerror}")
