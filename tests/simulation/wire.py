"""The wire between the product and the world, on which every boundary has a name.

A `Process` is one program as the world sees it. Everything that it does passes its `reach(name)`:
each statement, each message that it sends, each file that it writes or removes, before and after.
`observe(name)` hears the name and may raise what is to happen there:

- `Crash`: the process dies. What it had open is rolled back and closed, and whatever it still tries
  (in a `finally`, say) raises `Crash` again, before anything of it is done;
- a driver's error, made by `driver_error("SQLITE_BUSY" | "SQLITE_FULL" | "SQLITE_IOERR")` or
  `line_lost()`: the connection is left as the driver leaves it. At `before commit` nothing was
  kept, at `after commit` it was, and the process cannot tell which;
- at `before send` and `after send` a `TransportError`: the message was not taken, or it was;
- at `before write …`, `before unlink …` and the like an `OSError`.

The parts:

- `WiredDatabase(url, process)` is a `Database`. Names: `begin`, `read` (begin of a reading),
  `commit`, `rollback`, `select person`, `insert event`, `delete booking`, `update challenge`,
  `update challenge.wake_at` (the only column), `update outbox to sent` (a status).
  `rewrite(sql)` may return other SQL for what is run, and `""` for nothing at all (it then says
  that one row was touched), and `wires` is the kind of wire: so mistakes are planted.
- `WiredTransport(inner, process)` is a `Transport`: `send`.
- `with files_of(process, folder, …):` names what the process does to files below the folders:
  `write key`, `unlink key`, `rename …`, `link …` (by the ending of the name). `after …` is said
  when the process does the next thing.

Boundaries are `before <name>` and `after <name>`. A `witness` hears of each statement that was run.
"""

import os
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from notifications.message import Message
from notifications.transport import Transport
from workflow.store.database import Database
from workflow.store.keeping.vault import Vault
from workflow.store.link import Connection, Cursor

_TABLE = re.compile(
    r"\b(?:(INSERT)\s+(?:OR\s+\w+\s+)?INTO|(UPDATE)|(DELETE)\s+FROM)\s+\"?(\w+)", re.IGNORECASE
)
_FROM = re.compile(r"\bFROM\s+\"?(\w+)", re.IGNORECASE)
_CTE = re.compile(r"\b(\w+)\s*(?:\([^()]*\))?\s+AS\s+(?:MATERIALIZED\s+)?\(", re.IGNORECASE)
_STATUS = re.compile(r"\bSET\s+status\s*=\s*'(\w+)'", re.IGNORECASE)
_ONLY = re.compile(r"\bSET\s+(\w+)\s*=\s*[:%(][\w()]+\s*(?:WHERE|$)", re.IGNORECASE)
_PLAIN = frozenset({"BEGIN", "COMMIT", "ROLLBACK"})
_WRITING = os.O_WRONLY | os.O_RDWR
Observer = Callable[[str], None]
Witness = Callable[[str, Any, int], None]
"""Hears of a statement that was run: its name, its parameters, how many rows it touched."""


class Crash(BaseException):
    """The process dies here; nothing that it would still do is done."""


class Process:
    """A program that runs until it dies, with all that it has open."""

    def __init__(self, observe: Observer = lambda boundary: None) -> None:
        self.observe = observe
        self.witness: Witness = lambda name, parameters, touched: None
        self.is_dead = False
        self._open: list[Connection] = []
        self._done = ""

    def reach(self, boundary: str) -> None:
        """Say that a boundary is reached; raise what is to happen there."""
        if self.is_dead:
            raise Crash(boundary)
        self.finish_file()
        self._hear(boundary)

    def begin_file(self, name: str) -> None:
        """Say that something is about to be done to a file, and remember to say that it was."""
        self.reach(f"before {name}")
        self._done = f"after {name}"

    def finish_file(self) -> None:
        """Say that what was done to a file last is done."""
        done, self._done = self._done, ""
        if done:
            self._hear(done)

    def holds(self, connection: Connection) -> None:
        """Remember a connection that dies with the process."""
        self._open.append(connection)

    def die(self) -> None:
        """End at once: what is open is undone."""
        self.is_dead = True
        opened, self._open = self._open, []
        for connection in opened:
            with suppress(Exception):
                connection.close()

    def _hear(self, boundary: str) -> None:
        try:
            self.observe(boundary)
        except Crash:
            self.die()
            raise


class WiredDatabase(Database):
    """A database whose every statement passes a process. Crashes are not power cuts: no fsync."""

    def __init__(
        self,
        url: str,
        process: Process,
        *,
        rewrite: Callable[[str], str] | None = None,
        busy_seconds: float = 0.0,
        vault: Vault | None = None,
    ) -> None:
        super().__init__(url, busy_seconds=busy_seconds, vault=vault)
        self.process, self.wires = process, Wire
        self._rewrite = rewrite

    def connect(self) -> Connection:
        """Return a new connection of the driver, with the wire on it."""
        with self.translating():
            self.process.reach("before connect")
        raw = super().connect()
        if self.dialect == "sqlite":
            raw.execute("PRAGMA synchronous = OFF")
        self.process.holds(raw)
        return self.wires(raw, self.process, self._rewrite, reading=self._driver.begin_reading)


class Wire:
    """A driver's connection on which every statement is named before and after."""

    def __init__(
        self,
        raw: Connection,
        process: Process,
        rewrite: Callable[[str], str] | None,
        *,
        reading: str,
    ) -> None:
        self._raw, self._process, self._rewrite, self._reading = raw, process, rewrite, reading

    def execute(self, sql: str | bytes, parameters: Any = (), **more: Any) -> Cursor:  # noqa: ANN401
        """Run a statement, named."""
        work = self._raw.execute
        return self.run(lambda said: work(said, parameters, **more), sql, parameters)

    def cursor(self, *arguments: Any, **more: Any) -> "_WiredCursor":  # noqa: ANN401
        """Return a cursor whose statements are named."""
        return _WiredCursor(self._raw.cursor(*arguments, **more), self)

    def run(
        self,
        work: Callable[[str | bytes], Cursor],
        sql: str | bytes,
        parameters: Any = (),  # noqa: ANN401 (as the driver's own)
    ) -> Cursor:
        """Do what a statement says between its two boundaries."""
        name = "read" if sql == self._reading else name_of(sql)
        self._reach(f"before {name}")
        said = self._said(sql)
        result = work(said) if said else Nothing()
        self._process.witness(name, parameters, result.rowcount)
        self._reach(f"after {name}")
        return result

    def _said(self, sql: str | bytes) -> str | bytes:
        if self._rewrite is None:
            return sql
        if isinstance(sql, bytes):
            return self._rewrite(sql.decode()).encode()
        return self._rewrite(sql)

    def _reach(self, boundary: str) -> None:
        try:
            self._process.reach(boundary)
        except Exception as error:
            self._suffer(error)
            raise

    def _suffer(self, error: Exception) -> None:
        """Leave the connection as a driver leaves it after such an error."""
        name = getattr(error, "sqlite_errorname", "")
        if not isinstance(error, sqlite3.Error):
            self._raw.close()
        elif not name.startswith("SQLITE_BUSY") and self._raw.in_transaction:
            self._raw.execute("ROLLBACK")

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (as the driver's own)
        return getattr(self._raw, name)


class _WiredCursor:
    """A driver's cursor on the wire."""

    def __init__(self, raw: Cursor, wire: Wire) -> None:
        self._raw, self._wire = raw, wire
        self._skipped: Nothing | None = None

    def execute(self, sql: str | bytes, parameters: Any = (), **more: Any) -> Cursor:  # noqa: ANN401
        """Run a statement, named."""
        work = self._raw.execute
        return self._wire.run(lambda said: work(said, parameters, **more), sql, parameters)

    def executemany(self, sql: str | bytes, many: Sequence[Mapping[str, object]]) -> Cursor:
        """Run a statement for each, as one boundary."""
        result = self._wire.run(
            lambda said: self._raw.executemany(said, many) or self._raw, sql, many
        )
        self._skipped = result if isinstance(result, Nothing) else None
        return result

    @property
    def rowcount(self) -> int:
        """Return how many rows were touched."""
        return int(self._raw.rowcount) if self._skipped is None else self._skipped.rowcount

    def __enter__(self) -> "_WiredCursor":
        return self

    def __exit__(self, *_: object) -> None:
        self._raw.close()

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._raw)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (as the driver's own)
        return getattr(self._raw, name)


class Nothing:
    """What a statement answers that was never run."""

    rowcount, description = 1, None

    def fetchone(self) -> None:
        """Return no row."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return no rows."""
        return []


class WiredTransport:
    """A transport whose every message passes a process, before and after it is taken."""

    def __init__(self, inner: Transport, process: Process) -> None:
        self._inner, self._process = inner, process

    def send(self, message: Message) -> None:
        """Send a message between its two boundaries."""
        self._process.reach("before send")
        self._inner.send(message)
        self._process.reach("after send")

    def close(self) -> None:
        """Let go; a dead process has."""
        if not self._process.is_dead:
            self._inner.close()


def driver_error(name: str) -> sqlite3.OperationalError:
    """Return SQLite's own error with a name such as `SQLITE_BUSY`, which came out of nothing."""
    error = sqlite3.OperationalError(f"{name.removeprefix('SQLITE_').lower()} (simulated)")
    error.sqlite_errorname = name
    return error


def line_lost() -> Exception:
    """Return PostgreSQL's error for a connection that is gone; whether before or after is open."""
    import psycopg

    return psycopg.OperationalError("server closed the connection unexpectedly (simulated)")


@cache
def name_of(sql: str | bytes) -> str:
    """Return what a statement is called: its verb and its table."""
    text = (sql.decode() if isinstance(sql, bytes) else sql).strip()
    verb = re.split(r"\W", text, maxsplit=1)[0].upper()
    if verb in _PLAIN:
        return verb.lower()
    changed = _TABLE.search(text)
    if changed and verb in {"INSERT", "UPDATE", "DELETE", "WITH"}:
        return _change(text, changed)
    if verb in {"SELECT", "WITH"}:
        own = {name.lower() for name in _CTE.findall(text)}
        tables = (name.lower() for name in _FROM.findall(text))
        return "select " + next((name for name in tables if name not in own), "nothing")
    return " ".join(text.split("=")[0].split()[:2]).lower()


def _change(text: str, found: re.Match[str]) -> str:
    verb = next(word for word in found.groups()[:3] if word).lower()
    name = f"{verb} {found[4].lower()}"
    if verb == "update":
        rest = text[found.end() :]
        if status := _STATUS.search(rest):
            return f"{name} to {status[1]}"
        if only := _ONLY.search(rest):
            return f"{name}.{only[1]}"
    return name


class _Watch:
    """Whose work on files is named just now: one hook for all, since none can be taken away."""

    watched: tuple[Process, tuple[str, ...]] | None = None
    is_hooked = False

    def hook(self) -> None:
        if not self.is_hooked:
            self.is_hooked = True
            sys.addaudithook(self.hear)

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.watched is None or event not in _FILED:
            return
        process, folders = self.watched
        path = os.fspath(arguments[0]) if isinstance(arguments[0], str | Path) else ""
        if not path.startswith(folders):
            return
        if event == "open" and not (int(arguments[2] or 0) & _WRITING):
            process.finish_file()  # a folder is opened to have its list on the disk
            return
        process.begin_file(f"{_FILED[event]} {Path(path).suffix[1:] or 'file'}")


_FILED = {"open": "write", "os.remove": "unlink", "os.rename": "rename", "os.link": "link"}
_watch = _Watch()


@contextmanager
def files_of(process: Process, *folders: Path) -> Iterator[None]:
    """Name what a process does to files below some folders, until the block ends."""
    _watch.hook()
    before, _watch.watched = _watch.watched, (process, tuple(map(str, folders)))
    try:
        yield
    finally:
        _watch.watched = before
