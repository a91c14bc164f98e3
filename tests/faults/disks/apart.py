"""Our database on another SQLite, whose files we hold in our hands: `apsw`, with a VFS of our own.

`Held` is a `Database` whose one connection is apsw's, with as much around it as the store uses of
the standard library's driver. It is for one thread. The file is locked for good, so that SQLite
keeps the index of its log in memory, and all that is left of a power cut is what was written.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any

import apsw

from workflow.store.database import Database
from workflow.store.drivers import sqlite
from workflow.store.link import Connection

Hear = Callable[[str, str, int, bytes], None]
"""Hears what is done to a file, before it is: `write`, `truncate`, `sync` or `delete`; the file,
where, and what. What it raises happens instead."""

_names = count(1)
_CHANGES = ("INSERT", "UPDATE", "DELETE", "WITH")


class Disk(apsw.VFS):
    """Files as they are, with somebody who hears what is done to them."""

    def __init__(self, hear: Hear) -> None:
        self.name, self.hear = f"held-{next(_names)}", hear
        super().__init__(self.name, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:
        """Open a file; those without a name go with the process."""
        if name is None:
            return apsw.VFSFile("", name, flags)
        return _File(self.hear, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: FBT001
        """Remove a file."""
        self.hear("delete", filename, int(syncdir), b"")
        super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    def __init__(self, hear: Hear, name: str | apsw.URIFilename, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._hear = hear
        self._name = name if isinstance(name, str) else name.filename()

    def xWrite(self, data: bytes, offset: int) -> None:
        self._hear("write", self._name, offset, data)
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        self._hear("truncate", self._name, newsize, b"")
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        self._hear("sync", self._name, flags, b"")  # nobody cuts the power of this machine


class Held(Database):
    """A database on a disk that is heard. `more` are settings beside the product's own."""

    def __init__(self, url: str, disk: Disk, *more: str) -> None:
        super().__init__(url)
        self._disk, self._more = disk, more
        self._only: Connection | None = None

    def connect(self) -> Connection:
        """Return the one connection, opened when it is first asked for."""
        if self._only is None:
            with _as_driver():
                self._only = apsw.Connection(
                    self.name, flags=apsw.SQLITE_OPEN_READWRITE, vfs=self._disk.name
                )
                settings = ("PRAGMA locking_mode = EXCLUSIVE", *sqlite.SETTINGS, *self._more)
                for setting in settings:
                    self._only.execute(setting)
        return _Connection(self._only)

    def shut(self) -> None:
        """Close the connection for good."""
        self.close()
        if self._only is not None:
            self._only.close()
            self._only = None


class _Connection:
    """As much of a connection of `sqlite3` as the store uses."""

    def __init__(self, only: apsw.Connection) -> None:
        self._only = only

    def execute(self, sql: str, parameters: Mapping[str, Any] | None = None) -> "_Cursor":
        with _as_driver():
            rows = list(self._only.execute(sql, _bound(parameters or {})))
        is_change = sql.lstrip().upper().startswith(_CHANGES)
        return _Cursor(rows, self._only.changes() if is_change else -1)

    def cursor(self) -> "_Cursor":
        return _Cursor([], 0, self)

    @property
    def in_transaction(self) -> bool:
        return self._only.in_transaction

    def close(self) -> None:
        """Do nothing: the one connection stays."""


class _Cursor:
    """The rows that a statement brought, all of them."""

    def __init__(
        self, rows: list[tuple[Any, ...]], rowcount: int, owner: _Connection | None = None
    ) -> None:
        self._rows, self.rowcount, self._owner = rows, rowcount, owner
        self.description = ("rows",) if rows else None

    def executemany(self, sql: str, many: Sequence[Mapping[str, Any]]) -> None:
        assert self._owner is not None
        self.rowcount = sum(self._owner.execute(sql, one).rowcount for one in many)

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._rows.pop(0) if self._rows else None

    def fetchall(self) -> list[tuple[Any, ...]]:
        rows, self._rows = self._rows, []
        return rows

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.fetchall())


def _bound(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return parameters as apsw wants them: it takes no children of text."""
    return {name: str(v) if isinstance(v, str) else v for name, v in parameters.items()}


class _as_driver:
    """Raises the standard library's error in the place of apsw's, with the same name."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if isinstance(error, apsw.Error):
            kind = sqlite3.OperationalError
            if isinstance(error, apsw.ConstraintError):
                kind = sqlite3.IntegrityError  # type: ignore[assignment]
            said = kind(str(error))
            codes = {**apsw.mapping_result_codes, **apsw.mapping_extended_result_codes}
            said.sqlite_errorname = str(
                codes.get(getattr(error, "extendedresult", 0), "SQLITE_ERROR")
            )
            raise said from error
