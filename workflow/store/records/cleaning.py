"""Makes what was deleted unreadable in the database's own files, and looks whether it is.

SQLite overwrites what is deleted (`secure_delete`); what is left of it in the write-ahead log goes
with a checkpoint that truncates it, in free pages with VACUUM. PostgreSQL rewrites the tables.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from workflow.model.errors import Unavailable
from workflow.store.database import Database

METHODS = {
    "sqlite": "overwritten when deleted (secure_delete), VACUUM, write-ahead log truncated",
    "postgresql": "deleted, tables rewritten by VACUUM FULL; sealed words may be left in WAL files",
}
_TABLES = ("answer", "incoming", "outbox", "task", "event", "challenge", "person", "certificate")
_CHECKPOINT = "PRAGMA wal_checkpoint(TRUNCATE)"
_PIECE = 1 << 20


def clean(database: Database) -> None:
    """Rewrite the files of the database without what was deleted.

    Raises:
        Unavailable: somebody else is working in it: to be tried again; or the user may not do it.
    """
    if database.dialect != "sqlite":
        _rewrite(database)
        return
    *_, last = database.maintain(_CHECKPOINT, "VACUUM", _CHECKPOINT)
    if last is not None and last[0]:
        raise Unavailable(
            f"the database {database.name} is in use, so that its log cannot be truncated"
        )


def _rewrite(database: Database) -> None:
    """Rewrite the tables of PostgreSQL, which only warns a user who may not, and passes over them.

    So what tells is whether a table lies in another file by then.
    """
    for table in _TABLES:
        place = f"SELECT pg_relation_filenode('{table}')"
        before, _, after = database.maintain(place, f"VACUUM (FULL) {table}", place)
        if before == after:
            raise Unavailable(
                f"the table {table} of {database.name} still holds what was deleted: only its "
                "owner may rewrite it; let them GRANT their role to this user, or run "
                "peer-challenge tick as them"
            )


def found(database: Database, markers: Iterable[str]) -> int | None:
    """Return how many markers are in the files of the database; None where they are elsewhere."""
    wanted = [marker.encode() for marker in markers]
    if database.dialect != "sqlite":
        return None
    seen: set[bytes] = set()
    for suffix in ("", "-wal", "-shm", "-journal"):
        path = Path(f"{database.name}{suffix}")
        if wanted and path.exists():
            for piece in _pieces(path, overlap=max(map(len, wanted))):
                seen.update(marker for marker in wanted if marker in piece)
    return len(seen)


def _pieces(path: Path, *, overlap: int) -> Iterator[bytes]:
    """Yield a file piece by piece, each with the end of the one before it."""
    end = b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield end + piece
            end = piece[-overlap:]
