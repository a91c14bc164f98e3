"""The stored files of a backup: copied as they lie there, encrypted, without their keys."""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from workflow.model.errors import Unavailable
from workflow.store.backups.disk import sync
from workflow.store.keeping.files import Files
from workflow.store.link import Link

_NAMES = "SELECT name FROM stored_file ORDER BY name"


def beside(file: Path) -> Path:
    """Return the folder in which the stored files of a backup lie."""
    return file.parent / f"{file.name}.files"


def copy(link: Link, files: Files, file: Path) -> int:
    """Copy the files that the register names beside a backup; return how many.

    One that is destroyed meanwhile is left out.

    Raises:
        Unavailable: a file cannot be written.
    """
    return _copy(_named(link), files.folder, beside(file))


def put_back(link: Link, files: Files, file: Path) -> int:
    """Copy the files that are missing back from beside a backup; return how many.

    Raises:
        Unavailable: a file cannot be written.
    """
    there = set(files.names())
    missing = [name for name in _named(link) if name not in there]
    return _copy(missing, beside(file), files.folder)


def _named(link: Link) -> list[str]:
    return [name for (name,) in link.rows(_NAMES)]


def _copy(names: list[str], source: Path, target: Path) -> int:
    copied = 0
    try:
        if names:
            target.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in names:
            with suppress(FileNotFoundError), (source / name).open("rb") as content:
                number = os.open(target / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                with os.fdopen(number, "wb") as copy:
                    shutil.copyfileobj(content, copy)
                    copy.flush()
                    os.fsync(copy.fileno())
                copied += 1
        if names:
            sync(target)
    except OSError as error:
        raise Unavailable(f"{target} cannot be written: {error.strerror or error}") from error
    return copied
