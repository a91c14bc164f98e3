"""An open transaction: plain SQL with `:name` parameters, and the values that go in and come out.

Moments are aware and kept in UTC, days are ISO dates, flags are booleans; `moment`, `day` and
`flag` read them back the same from SQLite and from PostgreSQL.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

Connection = Any  # of sqlite3 or of psycopg: only what both offer is used
Cursor = Any

NAME = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


def moment(value: object) -> datetime | None:
    """Return a kept moment, aware and in UTC."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC) if isinstance(value, datetime) else None


def day(value: object) -> date | None:
    """Return a kept day."""
    if isinstance(value, str):
        return date.fromisoformat(value)
    return value if isinstance(value, date) else None


def flag(value: object) -> bool:
    """Return a kept yes or no."""
    return bool(value)


def moment_text(value: datetime) -> str:
    """Return an aware moment as text in UTC, which sorts by time."""
    utc = value if value.tzinfo is UTC else _aware(value).astimezone(UTC)
    return utc.isoformat(" ", "microseconds")[:26]


def _aware(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError(f"a moment without a time zone: {value}")
    return value


_SQLITE_VALUES: Mapping[type, Any] = {datetime: moment_text, date: date.isoformat}
_POSTGRESQL_VALUES: Mapping[type, Any] = {datetime: _aware}


@cache
def _psycopg_text(sql: str) -> bytes:
    """Return SQL as psycopg wants it; each text is translated once."""
    return NAME.sub(r"%(\1)s", sql.replace("%", "%%")).encode()


class Link:
    """An open transaction. `is_writing` says of which kind."""

    def __init__(self, connection: Connection, *, dialect: str, is_writing: bool) -> None:
        self.dialect, self.is_writing = dialect, is_writing
        self._connection = connection
        self._is_sqlite = dialect == "sqlite"
        self._values = _SQLITE_VALUES if self._is_sqlite else _POSTGRESQL_VALUES

    def rows(self, sql: str, **params: object) -> list[tuple[Any, ...]]:
        """Return every row of a query."""
        found: list[tuple[Any, ...]] = self._run(sql, params).fetchall()
        return found

    def row(self, sql: str, **params: object) -> tuple[Any, ...] | None:
        """Return the first row of a query, if there is one."""
        found: tuple[Any, ...] | None = self._run(sql, params).fetchone()
        return found

    def execute(self, sql: str, **params: object) -> int:
        """Run a statement; return how many rows it touched."""
        return int(self._run(sql, params).rowcount)

    def insert(self, sql: str, **params: object) -> int:
        """Run an insert that ends in `RETURNING id`; return the id."""
        return int(self._run(sql, params).fetchone()[0])

    def executemany(self, sql: str, many: Sequence[Mapping[str, object]]) -> int:
        """Run a statement once for each of `many`; return how many rows were touched in all."""
        if not many:
            return 0
        bound = [self._bound(params) for params in many]
        cursor = self._connection.cursor()
        cursor.executemany(sql if self._is_sqlite else _psycopg_text(sql), bound)
        return int(cursor.rowcount)

    def each(self, sql: str, **params: object) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query one by one, with as little memory for a million as for one."""
        if self._is_sqlite:
            yield from self._run(sql, params)
            return
        with self._connection.cursor(name="each") as cursor:
            cursor.execute(_psycopg_text(sql), self._bound(params))
            yield from cursor

    def _run(self, sql: str, params: Mapping[str, object]) -> Cursor:
        if self._is_sqlite:
            return self._connection.execute(sql, self._bound(params))
        return self._connection.execute(_psycopg_text(sql), self._bound(params))

    def _bound(self, params: Mapping[str, object]) -> dict[str, Any]:
        values = self._values
        return {
            name: values[type(value)](value) if type(value) in values else value
            for name, value in params.items()
        }
