"""The schema: what migrations make is what the tables say, and every statement fits it."""

import inspect
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from importlib import import_module
from pathlib import Path
from types import ModuleType

import psycopg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.pool import NullPool

from workflow.model.errors import Unavailable
from workflow.store import link, schema
from workflow.store.database import Database
from workflow.store.rows import record_tables, tables  # noqa: F401 (both declare)

from .builders import opened

FOLDER = Path(inspect.getfile(schema)).parent
SPEAKERS = tuple(
    import_module(".".join(["workflow.store", *path.relative_to(FOLDER).with_suffix("").parts]))
    for pattern in ("[!_]*.py", "rows/[!_]*.py")
    for path in sorted(FOLDER.glob(pattern))
)
DIALECTS = {"sqlite", "postgresql"}
VERBS = ("SELECT", "INSERT", "UPDATE", "DELETE")


def differences(url: str, metadata: sa.MetaData) -> list[object]:
    """Return how a database differs from the tables: in names, types, nulls, indexes, keys."""
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"), poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def test_migrations_make_what_the_tables_say(database_url: str) -> None:
    with opened(database_url):
        assert differences(database_url, tables.Row.metadata) == []


def test_a_column_that_only_the_tables_have_is_seen(database_url: str) -> None:
    """The control: the comparison is not blind."""
    metadata = sa.MetaData()
    for table in tables.Row.metadata.sorted_tables:
        table.to_metadata(metadata)
    metadata.tables["task"].append_column(sa.Column("colour", sa.String()))
    with opened(database_url):
        assert len(differences(database_url, metadata)) == 1


def test_every_constraint_and_index_has_a_name(sqlite_url: str) -> None:
    with opened(sqlite_url):
        inspector = sa.inspect(sa.create_engine(sqlite_url, poolclass=NullPool))
        for table in tables.Row.metadata.tables:
            assert inspector.get_pk_constraint(table)["name"] == f"pk_{table}"
            for found in (inspector.get_foreign_keys, inspector.get_unique_constraints):
                assert all(constraint["name"] for constraint in found(table))


def test_the_program_knows_the_last_step() -> None:
    assert ScriptDirectory.from_config(schema.configuration()).get_current_head() == schema.HEAD


def test_a_database_is_made_and_then_only_checked(database_url: str) -> None:
    with opened(database_url) as database:
        assert schema.version(database) == schema.HEAD
        schema.prepare(database)
        schema.upgrade(database)
        assert schema.version(database) == schema.HEAD


def test_a_sqlite_file_that_is_not_there_is_made_on_first_use(sqlite_url: str) -> None:
    with closing(Database(sqlite_url)) as database:
        assert schema.version(database) is None
        schema.prepare(database)
        assert schema.version(database) == schema.HEAD


def test_an_empty_postgresql_database_is_not_filled_unasked(postgres_url: str) -> None:
    with closing(Database(postgres_url)) as database:
        with pytest.raises(Unavailable) as caught:
            schema.prepare(database)
        way_out = "bring it up to date with: peer-challenge init"
        assert str(caught.value) == f"the database {database.name} has no tables yet; {way_out}"
        schema.upgrade(database)
        schema.prepare(database)


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("0000", "is older than this program (it has step 0000, 0005 is needed); bring it up"),
        ("9999", "is newer than this program (it has step 9999, 0005 is known here); install"),
    ],
)
def test_an_older_or_a_newer_database_is_refused(database_url: str, step: str, text: str) -> None:
    with opened(database_url) as database:
        with database.writing() as writing:
            writing.execute("UPDATE alembic_version SET version_num = :step", step=step)
        with pytest.raises(Unavailable) as caught:
            schema.prepare(database)
        assert text in str(caught.value)


def test_a_newer_database_is_not_upgraded(database_url: str) -> None:
    with opened(database_url) as database:
        with database.writing() as writing:
            writing.execute("UPDATE alembic_version SET version_num = '9999'")
        with pytest.raises(Unavailable, match="is newer than this program"):
            schema.upgrade(database)


def test_two_programs_may_meet_an_empty_database(database_url: str) -> None:
    def make(_: int) -> str | None:
        with closing(Database(database_url)) as database:
            schema.upgrade(database)
            return schema.version(database)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(make, range(2))) == [schema.HEAD, schema.HEAD]


def statements(module: ModuleType, dialect: str) -> dict[str, str]:
    """Return the SQL that a module keeps in its constants, for one kind of database."""
    found: dict[str, str] = {}
    for name, value in vars(module).items():
        texts = value if isinstance(value, dict) else {dialect: value}
        chosen = {dialect: texts.get(dialect)} if texts.keys() & DIALECTS else texts
        for key, text in chosen.items():
            if isinstance(text, str) and text.strip().startswith(VERBS):
                found[f"{module.__name__}.{name} {key}"] = text
    return found


def prepare(url: str, sql: str) -> None:
    """Let a database read a statement without running it."""
    path = url.removeprefix("sqlite:///")
    if path != url:
        with closing(Database(url)) as database, database.reading() as reading:
            names = link.NAME.findall(sql)
            reading.rows(f"EXPLAIN {sql}", **dict.fromkeys(names))
        return
    numbers: dict[str, int] = {}
    text = link.NAME.sub(lambda m: f"${numbers.setdefault(m[1], len(numbers) + 1)}", sql)
    with psycopg.connect(url) as server:
        result = server.pgconn.prepare(b"", text.encode())
        assert result.status == psycopg.pq.ExecStatus.COMMAND_OK, result.error_message.decode()


def test_every_statement_is_understood(database_url: str) -> None:
    dialect = "sqlite" if database_url.startswith("sqlite") else "postgresql"
    found = {name: sql for m in SPEAKERS for name, sql in statements(m, dialect).items()}
    assert len(found) > 50
    with opened(database_url):
        for name, sql in found.items():
            try:
                prepare(database_url, sql)
            except Exception as error:
                pytest.fail(f"{name}: {error}")


def test_a_statement_with_a_wrong_column_is_seen(database_url: str) -> None:
    """The control: a database that reads a statement says what is wrong with it."""
    with opened(database_url), pytest.raises(Exception, match="colour"):
        prepare(database_url, "SELECT colour FROM task WHERE key = :key")


@pytest.mark.parametrize("module", ["queries", "reports", "tasks", "people", "library", "schema"])
def test_reading_needs_neither_pydantic_nor_sqlalchemy(module: str) -> None:
    heavy = "{'pydantic', 'sqlalchemy', 'sqlmodel', 'alembic', 'psycopg'}"
    code = f"import sys, workflow.store.{module}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
