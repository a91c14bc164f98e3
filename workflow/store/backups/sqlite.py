"""SQLite: a copy of a file that others write to, looked through, and put where a database was.

A live file is never copied as a file: its copy may hold half of a change. The online copy reads
inside one transaction, so that it is of one moment however long it takes, and nobody waits for it.
"""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from workflow.model.errors import Unavailable
from workflow.store.backups.disk import make_private, sync
from workflow.store.backups.manifest import Counts
from workflow.store.database import Database

SUFFIX = ".db"
PAGES = 2_000
"""So many pages are copied before the next word on how far it has come."""

_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)


def write(database: Database, file: Path, *, on_progress: Callable[[int, int], None]) -> Counts:
    """Copy a database, while others use it, into a file that is empty; return what is in it.

    Raises:
        Unavailable: the copy cannot be written, or the database cannot be read.
    """
    with _away(file), closing(database.connect()) as source, closing(_opened(file)) as target:
        source.execute("BEGIN")
        counts = _counted(source)  # reading fixes the moment that is copied
        source.backup(
            target,
            pages=PAGES,
            progress=lambda _, remaining, total: on_progress(total - remaining, total),
        )
        source.execute("ROLLBACK")
        target.execute("PRAGMA journal_mode = DELETE")  # all of it in one file
    return counts


def examine(file: Path) -> Counts:
    """Return how many rows a copy has in each table, after looking it through.

    Raises:
        Unavailable: it is damaged, or something in it refers to what is not there.
    """
    name = f"file:{_quoted(file)}?mode=ro&immutable=1"
    with _away(file), closing(sqlite3.connect(name, uri=True)) as copy:
        said = [row[0] for row in copy.execute("PRAGMA integrity_check(1)")]
        if said != ["ok"]:
            raise Unavailable(f"{file} is damaged: {said[0]}")
        broken = copy.execute("PRAGMA foreign_key_check").fetchone()
        if broken:
            raise Unavailable(
                f"{file} is damaged: a row of {broken[0]} refers to none of {broken[2]}"
            )
        return _counted(copy)


def counts(database: Database) -> Counts:
    """Return how many rows a database has in each table."""
    with _away(Path(database.name)), closing(database.connect()) as connection:
        return _counted(connection)


def unpack(file: Path, target: Database, *, stamp: str) -> str:
    """Copy a backup beside the place where it is to stand; return the URL of the copy."""
    draft = Path(f"{target.name}.restoring-{stamp}")
    drop(f"sqlite:///{draft}", target)  # of one that was broken off
    make_private(draft)
    with _away(file), closing(_opened(file)) as source, closing(_opened(draft)) as copy:
        source.backup(copy)
    return f"sqlite:///{draft}"


def is_there(target: Database) -> bool:
    """Return whether something stands where a backup is to be put."""
    return not target.is_missing


def is_in_use(target: Database) -> bool:
    """Return whether another program has a database open."""
    if target.is_missing:
        return False
    try:
        with closing(_opened(Path(target.name), busy_seconds=0)) as alone:
            return not _is_alone(alone)
    except sqlite3.DatabaseError:  # damaged: what is restored takes its place
        return False


def put_in_place(draft: str, target: Database, *, stamp: str) -> str:
    """Let the copy stand where the database is; return the name under which that one is kept.

    Empty where there was none.

    Raises:
        Unavailable: the disk does not let us.
    """
    copy, place = Path(draft.removeprefix("sqlite:///")), Path(target.name)
    aside = _free(Path(f"{place}.before-{stamp}"))
    with _away(place):
        settle(copy)
        has_old = place.exists()
        if has_old:
            os.link(place, aside)  # there is always one of both where the database is looked for
        for rest in ("-wal", "-shm"):  # of a database that is damaged
            if Path(f"{place}{rest}").exists():
                Path(f"{place}{rest}").replace(f"{aside}{rest}")
        copy.replace(place)
        sync(place.parent)
    return str(aside) if has_old else ""


def drop(draft: str, target: Database) -> None:
    """Remove a copy that is not to be used, with all that belongs to it."""
    for rest in ("", "-wal", "-shm", "-journal"):
        with suppress(OSError):
            Path(f"{draft.removeprefix('sqlite:///')}{rest}").unlink()


def settle(file: Path) -> None:
    """Bring everything of a copy that was opened as a database into its one file again.

    Raises:
        Unavailable: somebody has it open.
    """
    with _away(file), closing(_opened(file)) as alone:
        if not _is_alone(alone):
            raise Unavailable(f"{file} is in use")


def _free(path: Path) -> Path:
    """Return a name like this one that nothing has."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.name}-{number}")
    return found


def _is_alone(connection: sqlite3.Connection) -> bool:
    """Bring everything into the one file; return whether nobody else has it open."""
    try:
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.OperationalError:  # locked
        return False
    return bool(mode == ("delete",))


def _opened(file: Path, *, busy_seconds: float = 10.0) -> sqlite3.Connection:
    name = f"file:{_quoted(file)}?mode=rw"
    return sqlite3.connect(name, uri=True, isolation_level=None, timeout=busy_seconds)


def _quoted(file: Path) -> str:
    return str(file.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


def _counted(connection: sqlite3.Connection) -> Counts:
    names = [row[0] for row in connection.execute(_TABLES)]
    counting = 'SELECT count(*) FROM "{}"'
    return {name: connection.execute(counting.format(name)).fetchone()[0] for name in sorted(names)}


@contextmanager
def _away(file: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise Unavailable(f"{file} cannot be used: {error}") from error
