"""All rows of a database, copied into another one as they are kept: sealed texts stay sealed.

What is compared afterwards is every value of every row, whichever kind of database keeps it.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from graphlib import TopologicalSorter
from itertools import islice
from typing import Any

from workflow.model.errors import Unavailable
from workflow.store.link import Link, day, moment
from workflow.store.moving import closing

AT_ONCE = 500
"""So many rows are put in with one call."""
STEPS = "alembic_version"
"""The table that no row is copied of: it says which step the schema is at."""

Progress = Callable[[int, int], None]
Kinds = Mapping[str, str]
"""The columns of a table, each with what it holds: `moment`, `day`, `flag`, `bytes` or nothing."""

_COLUMNS = {
    "sqlite": "SELECT name, type FROM pragma_table_info(:name) ORDER BY cid",
    "postgresql": "SELECT column_name, data_type FROM information_schema.columns"
    " WHERE table_name = :name AND table_schema = current_schema() ORDER BY ordinal_position",
}
_REFERENCES = {
    "sqlite": 'SELECT DISTINCT "table" FROM pragma_foreign_key_list(:name)',
    "postgresql": "SELECT DISTINCT f.relname FROM pg_constraint c"
    " JOIN pg_class t ON t.oid = c.conrelid JOIN pg_class f ON f.oid = c.confrelid"
    " WHERE c.contype = 'f' AND t.relname = :name"
    " AND t.relnamespace = CAST(current_schema() AS regnamespace)",
}
_KINDS = {
    "DATETIME": "moment",
    "timestamp with time zone": "moment",
    "DATE": "day",
    "date": "day",
    "BOOLEAN": "flag",
    "boolean": "flag",
    "BLOB": "bytes",
    "bytea": "bytes",
}
_READ: Mapping[str, Callable[[Any], Any]] = {
    "moment": moment,
    "day": day,
    "flag": bool,
    "bytes": bytes,
}
_SEQUENCE = "SELECT pg_get_serial_sequence(:name, 'id')"
_SET = "SELECT setval(CAST(:sequence AS regclass), (SELECT max(id) FROM {table}))"
_IS_EMPTY = "SELECT 1 FROM {table} LIMIT 1"


def in_order(link: Link) -> list[str]:
    """Return the tables, each after those that it refers to; not the one of the schema's step."""
    names = [name for name in closing.tables(link) if name != STEPS]
    needs = {
        name: {other for (other,) in link.rows(_REFERENCES[link.dialect], name=name)} - {name}
        for name in names
    }
    return list(TopologicalSorter(needs).static_order())


def counts(link: Link, tables: list[str]) -> dict[str, int]:
    """Return how many rows each table has."""
    found = {}
    for table in tables:
        row = link.row(f'SELECT count(*) FROM "{table}"')  # noqa: S608 (of the catalogue)
        found[table] = int(row[0]) if row else 0
    return found


def copy(source: Link, target: Link, *, on_progress: Progress = lambda done, total: None) -> int:
    """Copy all rows into a database whose tables are empty, and compare them; return how many.

    Raises:
        Unavailable: a row in the target is not what it is in the source.
    """
    tables = in_order(target)
    sizes = counts(source, tables)
    done, total = 0, 2 * sum(sizes.values())
    for table in tables:
        kinds = _kinds(target, table)
        put = _putting(table, kinds)
        rows = _rows(source, table, kinds)
        while batch := list(islice(rows, AT_ONCE)):
            target.executemany(put, [dict(zip(kinds, row, strict=True)) for row in batch])
            done += len(batch)
            on_progress(done, total)
        _set_sequence(target, table, kinds)
    for table in tables:
        _compare(source, target, table)
        done += sizes[table]
        on_progress(done, total)
    _require_whole(target)
    return total // 2


def _kinds(link: Link, table: str) -> Kinds:
    found = link.rows(_COLUMNS[link.dialect], name=table)
    return {name: _KINDS.get(kind, "") for name, kind in found}


def _putting(table: str, kinds: Kinds) -> str:
    names = ", ".join(f'"{name}"' for name in kinds)
    values = ", ".join(f":{name}" for name in kinds)
    return f'INSERT INTO "{table}" ({names}) VALUES ({values})'  # noqa: S608


def _rows(link: Link, table: str, kinds: Kinds) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table, the same from either kind of database."""
    names = ", ".join(f'"{name}"' for name in kinds)
    read = [_READ.get(kind) for kind in kinds.values()]
    for row in link.each(f'SELECT {names} FROM "{table}"'):  # noqa: S608
        yield tuple(
            value if value is None or plain is None else plain(value)
            for value, plain in zip(row, read, strict=True)
        )


def digest(link: Link, table: str, kinds: Kinds) -> tuple[int, int]:
    """Return the number of rows of a table, and a digest of them in whatever order."""
    number, whole = 0, 0
    for row in _rows(link, table, kinds):
        number += 1
        whole += int.from_bytes(hashlib.sha256(repr(row).encode()).digest(), "big")
    return number, whole % 2**256


def _compare(source: Link, target: Link, table: str) -> None:
    kinds = _kinds(target, table)
    wanted, found = (digest(link, table, kinds) for link in (source, target))
    if wanted != found:
        how = f"{found[0]} rows instead of {wanted[0]}" if wanted[0] != found[0] else "other rows"
        raise Unavailable(f"the copy is not what was copied: {table} has {how}")


def _set_sequence(link: Link, table: str, kinds: Kinds) -> None:
    """Let the next id be the one after the highest."""
    if link.dialect != "postgresql" or "id" not in kinds:
        return
    row = link.row(_SEQUENCE, name=table)
    if row and row[0] and link.row(_IS_EMPTY.format(table=table)):
        link.row(_SET.format(table=table), sequence=row[0])


def _require_whole(link: Link) -> None:
    """Look for rows that refer to nothing, where that is not checked at once."""
    broken = link.row("PRAGMA foreign_key_check") if link.dialect == "sqlite" else None
    if broken:
        raise Unavailable(
            f"the copy is not whole: a row of {broken[0]} refers to none of {broken[2]}"
        )


def clear(link: Link) -> None:
    """Remove all tables with what is in them, of a copy that is not to be used."""
    if link.dialect == "postgresql":
        for table in closing.tables(link):
            link.execute(f'DROP TABLE "{table}" CASCADE')
