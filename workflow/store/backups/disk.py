"""Files of backups on the disk: made for their owner only, and there after the power went."""

import os
from contextlib import suppress
from pathlib import Path

from workflow.model.errors import Unavailable


def make_private(file: Path) -> None:
    """Make an empty file that only its owner may read.

    Raises:
        Unavailable: it cannot be made, or there is one already.
    """
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise Unavailable(f"there is a file {file} already; remove it, or name another") from None
    except OSError as error:
        raise Unavailable(f"cannot write {file}: {error.strerror}") from error


def sync(folder: Path) -> None:
    """Let the names in a folder reach the disk."""
    names = os.open(folder, os.O_RDONLY)
    with suppress(OSError):  # not every kind of disk has this for folders
        os.fsync(names)
    os.close(names)
