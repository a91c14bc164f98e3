"""Keys in a folder: one of 256 bits in a file of its own for each person and each challenge.

A key is on the disk before it is used, and is overwritten before its file is removed. Whoever
remembers a key asks for its file each time: one that another process has destroyed is gone here,
too.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from workflow.model.errors import Unavailable

KEY_BYTES, ID_BYTES, NONCE_BYTES = 32, 16, 12
MOST_REMEMBERED = 20_000
SITE = "site.key"
"""The key of the vault itself, made with the first one."""


class Keys:
    """The keys in a folder, which is made when the first key is. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._place = f"{folder}/keys/"  # a text: it is asked about for every token
        self._known: dict[str, bytes] = {}
        self._was_there = False

    @property
    def is_missing(self) -> bool:
        """Whether there is no key yet, or the folder is not where it was."""
        return not (self.folder / SITE).exists()

    def new(self) -> str:
        """Return the id of a new key.

        Raises:
            Unavailable: it cannot be written.
        """
        key_id = os.urandom(ID_BYTES).hex()
        self._write(self.path(key_id), os.urandom(KEY_BYTES))
        return key_id

    def find(self, key_id: str) -> bytes | None:
        """Return a key, None if it is not there any more.

        Raises:
            Unavailable: it cannot be read, or the whole folder has gone away.
        """
        known = self._known.get(key_id)
        if known is not None and os.path.exists(f"{self._place}{key_id[:2]}/{key_id}.key"):
            return known
        path = self.path(key_id)
        try:
            key = path.read_bytes()
        except FileNotFoundError:
            self._known.pop(key_id, None)
            self._require_folder()  # else all that was said would be taken for destroyed
            return None
        except OSError as error:
            raise _away(path, error) from error
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[key_id] = key
        self._was_there = self._was_there or not self.is_missing
        return key

    def need(self, key_id: str) -> bytes:
        """Return a key.

        Raises:
            Unavailable: it was destroyed.
        """
        key = self.find(key_id)
        if key is None:
            text = "the key of what you ask for was destroyed: it cannot be read any more"
            raise Unavailable(text)
        return key

    def own(self, name: str) -> bytes:
        """Return a key of the vault itself, which is made when it is not there yet."""
        known = self._known.get(name)
        if known is not None:
            return known
        path = self.folder / name
        self._write(path, os.urandom(KEY_BYTES))
        with _at(path):
            key = self._known[name] = path.read_bytes()
        self._was_there = self._was_there or not self.is_missing
        return key

    def keep(self, key_id: str, key: bytes) -> None:
        """Keep a key that was made from another one, unless it is there."""
        self._write(self.path(key_id), key)

    def destroy(self, key_id: str) -> bool:
        """Overwrite a key and remove it, for good; return whether it was there.

        Raises:
            Unavailable: it cannot be removed: it may still be readable.
        """
        path = self.path(key_id)
        self._known.clear()
        with _at(path):
            try:
                number = os.open(path, os.O_WRONLY)
            except FileNotFoundError:
                return False
            with os.fdopen(number, "wb", buffering=0) as file:
                file.write(os.urandom(KEY_BYTES))
                os.fsync(file.fileno())
            path.unlink(missing_ok=True)  # whoever ends the same destruction may be quicker
            sync(path.parent)
        return True

    def _require_folder(self) -> None:
        """Refuse to go on with another folder than the one that there was.

        Raises:
            Unavailable: it was removed, or its disk is not there any more.
        """
        if self._was_there and self.is_missing:
            raise Unavailable(f"the keys are not in {self.folder} any more: put the folder back")

    def path(self, key_id: str) -> Path:
        """Return where a key lies, or would lie."""
        return self.folder / "keys" / key_id[:2] / f"{key_id}.key"

    def _write(self, path: Path, key: bytes) -> None:
        """Write a key for its owner only; whoever comes second keeps the first one's."""
        self._require_folder()
        with _at(path):
            if path.exists():
                return
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            for folder in (self.folder, self.folder / "keys", path.parent):
                folder.mkdir(mode=0o700, exist_ok=True)  # of parents, mkdir forgets the mode
            draft = path.with_name(f"{os.urandom(8).hex()}.draft")  # never half a key
            number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "wb") as file:
                file.write(key)
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(draft, path)
            draft.unlink()
            sync(path.parent)


@contextmanager
def _at(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise _away(path, error) from error


def _away(path: Path, error: OSError) -> Unavailable:
    return Unavailable(f"the key {path} cannot be used: {error.strerror or error}")


def sync(folder: Path) -> None:
    """Have what a folder lists on the disk, before it is relied on."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
