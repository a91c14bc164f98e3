"""What is said of a backup, in a file of JSON beside it."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from workflow.model.errors import InvalidInput, Unavailable

SUFFIX = ".json"
_CHUNK_BYTES = 1 << 20

Counts = Mapping[str, int]
"""How many rows each table has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A backup: when and by what it was made, what is in it, and by what it is recognised.

    `log_size` and `head` are those of the newest signed head of the audit log, the head as its
    whole text; 0 and empty where there is none. `files` counts the stored files that lie beside it.
    """

    made_at: datetime
    program: str
    dialect: str
    schema: str
    size_bytes: int
    sha256: str
    counts: Counts
    log_size: int
    head: str
    files: int | None = None

    def text(self) -> str:
        """Return it as its file has it."""
        return json.dumps({**asdict(self), "made_at": self.made_at.isoformat()}, indent=2) + "\n"


def beside(file: Path) -> Path:
    """Return where the manifest of a backup lies."""
    return file.parent / f"{file.name}{SUFFIX}"


def read(file: Path) -> Manifest:
    """Return what is said of a backup.

    Raises:
        InvalidInput: there is no manifest beside it, or it cannot be read.
    """
    path = beside(file)
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(**{**said, "made_at": datetime.fromisoformat(said["made_at"])})
    except FileNotFoundError:
        text = f"{path.name} is not beside {file}: nobody can say whether the backup is whole"
        raise InvalidInput(text) from None
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise InvalidInput(f"{path} is not the manifest of a backup: {error}") from error


def difference(found: Manifest, counts: Counts) -> str:
    """Return how a copy differs from what a manifest says of it."""
    for table in sorted({*counts, *found.counts}):
        if counts.get(table) != found.counts.get(table):
            return f"{table} has {counts.get(table)} rows instead of {found.counts.get(table)}"
    return "it differs"


def size_of(note: str) -> int:
    """Return of how many entries a head speaks."""
    return int(note.splitlines()[1])


def root_of(head: str) -> str:
    """Return the first eight digits of the root that a head signs; zeros where there is none."""
    lines = head.splitlines()
    return base64.b64decode(lines[2]).hex()[:8] if len(lines) > 2 else "0" * 8  # noqa: PLR2004


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file, in hex.

    Raises:
        Unavailable: it cannot be read.
    """
    found = hashlib.sha256()
    try:
        with file.open("rb") as content:
            while chunk := content.read(_CHUNK_BYTES):
                found.update(chunk)
    except OSError as error:
        raise Unavailable(f"{file} cannot be read: {error.strerror}") from error
    return found.hexdigest()
