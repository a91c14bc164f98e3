"""A copy of the keys, apart from every backup: without it a lost machine loses all that is sealed.

While such a copy lasts, what was destroyed with a key can be read from it and an old backup. So it
says by when it is to be destroyed itself, and whoever puts keys back leaves out the destroyed ones.
"""

import io
import json
import re
import tarfile
from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager, suppress
from datetime import date, datetime
from pathlib import Path

from workflow.model.errors import InvalidInput, Refused, Unavailable
from workflow.store.backups.disk import make_private, sync
from workflow.store.keeping.vault import Vault

_ABOUT = "about.json"
_KEY = re.compile(r"keys/[0-9a-f]{2}/([0-9a-f]{32})\.key")
_OWN = re.compile(r"[a-z]+\.(?:key|jsonl)")
_MOST_BYTES = 100_000_000

ELSEWHERE = "restore to another place, with --to URL; or put that folder aside first"
"""What to do where the keys are those of another database."""


def pack(vault: Vault, file: Path, *, at: datetime, until: date) -> int:
    """Write all keys into a file of its owner's only, and read it again; return how many keys.

    Raises:
        Unavailable: it cannot be written, or there is one already.
    """
    found = dict(_files(vault))
    about = {"made_at": at.isoformat(), "destroy_by": until.isoformat(), "keys": len(found)}
    make_private(file)
    with _away(file):
        with tarfile.open(file, "w") as archive:
            for name, content in {_ABOUT: json.dumps(about).encode(), **found}.items():
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode, entry.mtime = len(content), 0o600, int(at.timestamp())
                archive.addfile(entry, io.BytesIO(content))
        sync(file.parent)
    if {name: text for name, text in _read(file) if name != _ABOUT} != found:
        raise Unavailable(f"{file} is not what was written: the disk is not to be trusted")
    return sum(bool(_KEY.fullmatch(name)) for name in found)


def unpack(file: Path, vault: Vault, *, without: Set[str]) -> list[Path]:
    """Put back what is missing of a vault, but destroyed keys; return the files that were put.

    Raises:
        InvalidInput: the file is no copy of keys.
        Refused: the keys that are there are those of another database.
        Unavailable: a key cannot be written.
    """
    found = dict(_read(file))
    for name, content in found.items():
        own = vault.folder / name
        is_own = bool(_OWN.fullmatch(name)) and name.endswith(".key") and own.exists()
        if is_own and own.read_bytes() != content:
            raise Refused(
                f"the keys in {vault.folder} are those of another database than {file}",
                kind="other_keys",
                hint=ELSEWHERE,
            )
    back = list[Path]()
    for name, content in found.items():
        key, path = _KEY.fullmatch(name), vault.folder / name
        if name != _ABOUT and (key is None or key[1] not in without) and not path.exists():
            back.append(path)
            _put(path, content)
    return back


def number_of(files: Iterable[Path]) -> int:
    """Return how many of the files of a vault are keys of something."""
    return sum(bool(_KEY.fullmatch("/".join(path.parts[-3:]))) for path in files)


def take_back(files: Iterable[Path]) -> None:
    """Remove files that were put into a vault for what did not come about."""
    for path in files:
        with suppress(OSError):
            path.unlink()


def _put(path: Path, content: bytes) -> None:
    with _away(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_private(path)
        path.write_bytes(content)
        sync(path.parent)


def _files(vault: Vault) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a vault, with their names in it; not those that are being written."""
    with _away(vault.folder):
        for path in sorted(vault.folder.rglob("*")):
            name = path.relative_to(vault.folder).as_posix()
            if _KEY.fullmatch(name) or _OWN.fullmatch(name):
                yield name, path.read_bytes()


def _read(file: Path) -> list[tuple[str, bytes]]:
    """Return what is in a copy of keys; a name that has no place among keys is refused."""
    try:
        with tarfile.open(file, "r:") as archive:
            entries = archive.getmembers()
            for entry in entries:
                is_known = entry.name == _ABOUT or _KEY.fullmatch(entry.name)
                if not entry.isfile() or not (is_known or _OWN.fullmatch(entry.name)):
                    raise InvalidInput(f'{file} is no copy of keys: it holds "{entry.name[:60]}"')
            if sum(entry.size for entry in entries) > _MOST_BYTES:
                raise InvalidInput(f"{file} is no copy of keys: it is too large")
            return [(one.name, _content(archive, one)) for one in entries]
    except tarfile.TarError as error:
        raise InvalidInput(f"{file} is no copy of keys: {error}") from error
    except OSError as error:
        raise Unavailable(f"{file} cannot be read: {error.strerror or error}") from error


def _content(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(entry)
    return file.read() if file else b""


@contextmanager
def _away(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{path} cannot be used: {error.strerror or error}") from error
