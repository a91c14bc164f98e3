"""The files of documents: encrypted, under random names, in a folder beside the keys.

A file is written before the transaction that enters it is kept, and removed when that fails: what
the register names (`store.records.files`) is always there.
"""

import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from workflow.model.errors import InvalidInput, Unavailable
from workflow.store.keeping.keys import sync
from workflow.store.keeping.vault import Vault

MOST_BYTES = 25 * 1024 * 1024
NAME_BYTES = 16

_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where the file of a version of a document is, and what it must be."""

    name: str
    size: int
    sha256: str
    key_id: str


class Files:
    """The files in a folder, which is made when the first one is. Threads may share it."""

    def __init__(self, folder: Path, vault: Vault) -> None:
        self.folder, self.vault = folder, vault

    @staticmethod
    def beside(vault: Vault) -> "Files":
        """Return the files that belong to some keys: in the folder beside theirs."""
        name = vault.folder.name.removesuffix(".vault")
        return Files(vault.folder.with_name(f"{name}.files"), vault)

    def write(self, content: bytes, key_id: str) -> str:
        """Keep a content under a key; return its name, once it is on the disk.

        Raises:
            InvalidInput: it is too large.
            Unavailable: it cannot be written, or its key is gone.
        """
        require_size(len(content))
        name = secrets.token_hex(NAME_BYTES)
        sealed = self.vault.seal_bytes(content, key_id)
        with self._at(name) as path:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            sync(path.parent)
        return name

    def read(self, kept: Kept) -> bytes:
        """Return a content; what is not exactly what was stored is not given out.

        Raises:
            Unavailable: it is not there, damaged, or its key is destroyed.
        """
        with self._at(kept.name) as path:
            sealed = path.read_bytes()
        content = self.vault.unseal_bytes(sealed, kept.key_id)
        if len(content) != kept.size or sha256(content).hexdigest() != kept.sha256:
            raise Unavailable("the file is damaged: it is not what was stored")
        return content

    def remove(self, name: str) -> bool:
        """Overwrite a file and remove it, for good; return whether it was there.

        Raises:
            Unavailable: it cannot be removed.
        """
        with self._at(name) as path:
            try:
                number = os.open(path, os.O_WRONLY)
            except FileNotFoundError:
                return False
            with os.fdopen(number, "wb", buffering=0) as file:
                file.write(secrets.token_bytes(os.fstat(number).st_size))
                os.fsync(number)
            path.unlink(missing_ok=True)  # whoever ends the same destruction may be quicker
            sync(path.parent)
        return True

    def names(self) -> Iterator[str]:
        """Yield the names of the files that are there, in order."""
        with suppress(FileNotFoundError):
            yield from sorted(path.name for path in self.folder.iterdir())

    @contextmanager
    def _at(self, name: str) -> Iterator[Path]:
        if not _NAME.fullmatch(name):
            raise Unavailable(f'"{name[:60]}" is not the name of a file that we keep')
        path = self.folder / name
        try:
            yield path
        except OSError as error:
            reason = error.strerror or str(error)
            raise Unavailable(f"the file {path} cannot be used: {reason}") from error


def require_size(size: int) -> None:
    """Refuse a file that is too large, or empty.

    Raises:
        InvalidInput: with the limit.
    """
    if size > MOST_BYTES:
        raise InvalidInput(
            f"the file has {size / 1_048_576:.1f} MB; at most {MOST_BYTES // 1_048_576} MB are "
            "kept: name its place with --location"
        )
    if not size:
        raise InvalidInput("the file is empty")


def remove_all(files: Files, names: Iterable[str]) -> None:
    """Remove files whose transaction did not come about; one that stays is found as a stray."""
    for name in names:
        with suppress(Unavailable):
            files.remove(name)
