"""An open transaction: plain SQL with `:name` parameters, and the values that go in and come out.

Moments are aware and kept in UTC, days are ISO dates, flags are booleans; `moment`, `day` and
`flag` read them back the same from SQLite and from PostgreSQL. What is sealed in the database is
read in clear, wherever it stands, as long as its key is there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from workflow.store.keeping.marks import MARK, TOKEN, There

if TYPE_CHECKING:
    from workflow.store.keeping.vault import Vault

Connection = Any  # of sqlite3 or of psycopg: only what both offer is used
Cursor = Any

NAME = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")
_QUOTED = re.compile(f'"({TOKEN.pattern})"')


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
    return _utc_text(value if value.tzinfo is UTC else _aware(value).astimezone(UTC))


@lru_cache(maxsize=256)
def _utc_text(value: datetime) -> str:
    """Return a moment in UTC as text; a step writes the same few moments again and again."""
    return value.isoformat(" ", "microseconds")[:26]


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
    """An open transaction. `is_writing` says of which kind, `session` who is logged in.

    Without a `vault` nothing is sealed, and what is sealed stays so. `stirred` collects the ids
    of challenges for which something may be due with this transaction, `new_keys` those of the keys
    that were made for it.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        dialect: str,
        is_writing: bool,
        vault: "Vault | None" = None,
        session: str = "",
    ) -> None:
        self.dialect, self.is_writing, self.session = dialect, is_writing, session
        self.stirred, self.new_keys = set[int](), list[str]()
        self._connection, self._vault = connection, vault
        self._is_sqlite = dialect == "sqlite"
        self._values = _SQLITE_VALUES if self._is_sqlite else _POSTGRESQL_VALUES

    @property
    def vault(self) -> "Vault":
        """The keys.

        Raises:
            RuntimeError: the transaction was opened without them.
        """
        if self._vault is None:
            raise RuntimeError("a transaction without keys: nothing can be sealed in it")
        return self._vault

    def seal(self, text: str, *key_ids: str | None) -> str:
        """Return a text as it is to be kept: sealed under keys, where there is a vault."""
        return self._vault.seal(text, *key_ids) if self._vault is not None else text

    def digest(self, text: str) -> str:
        """Return under what a text is found that is sealed; the text itself without a vault."""
        return self._vault.digest(text) if self._vault is not None else text

    def new_key(self) -> str | None:
        """Return the id of a new key, where there is a vault."""
        if self._vault is None:
            return None
        key_id = self._vault.new_key()
        self.new_keys.append(key_id)
        return key_id

    def rows(self, sql: str, **params: object) -> list[tuple[Any, ...]]:
        """Return every row of a query."""
        found: list[tuple[Any, ...]] = self._run(sql, params).fetchall()
        if self._vault is None:
            return found
        there: There = {}
        return [_clear(self._vault, row, there) for row in found]

    def row(self, sql: str, **params: object) -> tuple[Any, ...] | None:
        """Return the first row of a query, if there is one."""
        found: tuple[Any, ...] | None = self._run(sql, params).fetchone()
        return None if found is None else _clear(self._vault, found, {})

    def execute(self, sql: str, **params: object) -> int:
        """Run a statement; return how many rows it touched."""
        return int(self._run(sql, params).rowcount)

    def insert(self, sql: str, **params: object) -> int:
        """Run an insert that ends in `RETURNING id`; return the id."""
        return int(self._run(sql, params).fetchone()[0])  # an id is never sealed

    def executemany(self, sql: str, many: Sequence[Mapping[str, object]]) -> int:
        """Run a statement once for each of `many`; return how many rows were touched in all."""
        if not many:
            return 0
        bound = [_bound(self._values, params) for params in many]
        cursor = self._connection.cursor()
        cursor.executemany(sql if self._is_sqlite else _psycopg_text(sql), bound)
        return int(cursor.rowcount)

    def each(self, sql: str, **params: object) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query one by one, with as little memory for a million as for one."""
        if self._is_sqlite:
            yield from (_clear(self._vault, row, {}) for row in self._run(sql, params))
            return
        with self._connection.cursor(name="each") as cursor:
            cursor.execute(_psycopg_text(sql), _bound(self._values, params))
            yield from (_clear(self._vault, row, {}) for row in cursor)

    def _run(self, sql: str, params: Mapping[str, object]) -> Cursor:
        if self._is_sqlite:
            return self._connection.execute(sql, _bound(self._values, params))
        return self._connection.execute(_psycopg_text(sql), _bound(self._values, params))


def is_away(error: Exception) -> bool:
    """Return whether an error is the database's own: it is away, busy, full or damaged."""
    module, _, _ = type(error).__module__.partition(".")
    if module == "psycopg":
        return True
    name = getattr(error, "sqlite_errorname", "SQLITE_ERROR")  # such as a mistake in SQL
    return module == "sqlite3" and name != "SQLITE_ERROR"


def _bound(values: Mapping[type, Any], params: Mapping[str, object]) -> dict[str, Any]:
    """Return parameters as the driver wants them."""
    return {
        name: values[type(value)](value) if type(value) in values else value
        for name, value in params.items()
    }


def _clear(vault: "Vault | None", row: tuple[Any, ...], there: There) -> tuple[Any, ...]:
    """Return a row with everything in it in clear; most rows have nothing that is sealed."""
    for value in row:
        if type(value) is str and MARK in value and vault is not None:
            return tuple(
                _opened(vault, v, there) if type(v) is str and MARK in v else v for v in row
            )
    return row


def _opened(vault: "Vault", text: str, there: There) -> str:
    """Return a text in clear: a token, or JSON with tokens as values in it."""
    if text.startswith(MARK):
        return vault.unseal(text, there)
    from json.encoder import encode_basestring as quoted

    return _QUOTED.sub(lambda found: quoted(vault.unseal(found[1], there)), text)
