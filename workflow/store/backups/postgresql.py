"""PostgreSQL: a dump of one moment, looked through, and put where a database was.

The programs of PostgreSQL do the work: `pg_dump` reads in the transaction in which the rows were
counted, `pg_restore` fills a new database, and that takes the other's name at the end.
"""

import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit

from workflow.model.errors import InvalidInput, Unavailable, WorkflowError
from workflow.store.backups.manifest import Counts
from workflow.store.database import Database
from workflow.store.link import Connection

SUFFIX = ".dump"
MAINTENANCE = "postgres"

_TABLES = b"SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
_COPY = re.compile(rb'^COPY (?:\w+\.)?"?(\w+)"? \(')
_IS_THERE = b"SELECT 1 FROM pg_database WHERE datname = %s"
_IN_USE = b"SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"


def write(database: Database, file: Path, *, on_progress: Callable[[int, int], None]) -> Counts:
    """Dump a database, while others use it, into a file that is empty; return what is in it.

    Raises:
        InvalidInput: `pg_dump` is not installed.
        Unavailable: it says that it cannot.
    """
    dump = _tool("pg_dump")
    with closing(database.connect()) as connection:
        connection.execute(b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        snapshot = connection.execute(b"SELECT pg_export_snapshot()").fetchone()[0]
        counts = _counted(connection)
        on_progress(0, 1)
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        _run([dump, *options, f"--file={file}", _without_password(database.url)], database.url)
        on_progress(1, 1)
    return counts


def examine(file: Path) -> Counts:
    """Return how many rows a dump has in each table, after reading all of it.

    Raises:
        InvalidInput: `pg_restore` is not installed.
        Unavailable: the dump is damaged.
    """
    command = [_tool("pg_restore"), "--data-only", "--file=-", str(file)]
    counts: Counter[str] = Counter()
    table = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as reading:  # noqa: S603
        assert reading.stdout is not None  # noqa: S101 (we asked for it)
        assert reading.stderr is not None  # noqa: S101 (we asked for it)
        for line in reading.stdout:
            if not table and (begins := _COPY.match(line)):
                table = begins[1].decode()
                counts[table] += 0
            elif line == b"\\.\n":
                table = ""
            elif table:
                counts[table] += 1
        said = reading.stderr.read().decode(errors="replace").strip()
    if reading.returncode:
        raise Unavailable(f"{file} is damaged: {said}")
    return dict(sorted(counts.items()))


def counts(database: Database) -> Counts:
    """Return how many rows a database has in each table."""
    with closing(database.connect()) as connection:
        return _counted(connection)


def unpack(file: Path, target: Database, *, stamp: str) -> str:
    """Fill a new database beside the one that is to be replaced; return its URL.

    Raises:
        Unavailable: the server does not let us, or the dump cannot be read.
    """
    restore = _tool("pg_restore")
    name = f"{_name(target.url)}_restoring_{stamp}"
    url = _sibling(target.url, name)
    drop(url, target)  # of one that was broken off
    _maintain(target, f"CREATE DATABASE {_quoted(name)} TEMPLATE template0 ENCODING 'UTF8'")
    try:
        options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]
        _run([restore, *options, f"--dbname={_without_password(url)}", str(file)], url)
    except WorkflowError:
        drop(url, target)
        raise
    return url


def is_there(target: Database) -> bool:
    """Return whether something stands where a backup is to be put: a database with tables."""
    with closing(_maintenance(target)) as connection:
        if connection.execute(_IS_THERE, [_name(target.url)]).fetchone() is None:
            return False
    with closing(target.connect()) as connection:
        return bool(connection.execute(_TABLES).fetchone())


def is_in_use(target: Database) -> bool:
    """Return whether another program has a database open."""
    with closing(_maintenance(target)) as connection:
        found = connection.execute(_IN_USE, [_name(target.url)]).fetchone()
    return bool(found[0])


def put_in_place(draft: str, target: Database, *, stamp: str) -> str:
    """Let the copy have the database's name; return the name under which that one is kept.

    Empty where there was none.

    Raises:
        Unavailable: the server does not let us; then all is as it was.
    """
    name, copy = _name(target.url), _name(draft)
    aside = f"{name}_before_{stamp}"
    with closing(_maintenance(target)) as connection:
        has_old = connection.execute(_IS_THERE, [name]).fetchone() is not None
    if has_old:
        _maintain(target, f"ALTER DATABASE {_quoted(name)} RENAME TO {_quoted(aside)}")
    try:
        _maintain(target, f"ALTER DATABASE {_quoted(copy)} RENAME TO {_quoted(name)}")
    except WorkflowError:
        if has_old:
            _maintain(target, f"ALTER DATABASE {_quoted(aside)} RENAME TO {_quoted(name)}")
        raise
    return aside if has_old else ""


def drop(draft: str, target: Database) -> None:
    """Remove a database that is not to be used."""
    with suppress(WorkflowError):
        _maintain(target, f"DROP DATABASE IF EXISTS {_quoted(_name(draft))} WITH (FORCE)")


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise InvalidInput(
            f"{name} is not here: install PostgreSQL's client programs, not older than the server"
        )
    return found


def _run(command: list[str], url: str) -> None:
    """Run a program of PostgreSQL; a password goes by the environment, where no list shows it."""
    parts = _parts(url)
    password = dict(parse_qsl(parts.query)).get("password") or unquote(parts.password or "")
    surroundings = {**os.environ, **({"PGPASSWORD": password} if password else {})}
    ended = subprocess.run(command, env=surroundings, capture_output=True, check=False)  # noqa: S603
    if ended.returncode:
        said = ended.stderr.decode(errors="replace").strip()
        raise Unavailable(f"{Path(command[0]).name} failed: {said}")


def _without_password(url: str) -> str:
    parts = _parts(url)
    user, _, host = parts.netloc.rpartition("@")
    netloc = f"{user.partition(':')[0]}@{host}" if user else host
    return _whole(parts._replace(netloc=netloc), without="password")


def _name(url: str) -> str:
    parts = _parts(url)
    return dict(parse_qsl(parts.query)).get("dbname") or unquote(parts.path.lstrip("/"))


def _sibling(url: str, name: str) -> str:
    return _whole(_parts(url)._replace(path=f"/{quote(name, safe='')}"), without="dbname")


def _parts(url: str) -> SplitResult:
    """Return the parts of a URL, whichever driver it names: the programs know of none."""
    return urlsplit(f"postgresql://{url.partition('://')[2]}")


def _whole(parts: SplitResult, *, without: str) -> str:
    """Return the URL of some parts without one of its options; `//` stays where no host is."""
    asked = [pair for pair in parts.query.split("&") if not pair.startswith(f"{without}=")]
    query = f"?{'&'.join(asked)}" if any(asked) else ""
    return f"postgresql://{parts.netloc}{parts.path}{query}"


def _maintenance(target: Database) -> Connection:
    return Database(_sibling(target.url, MAINTENANCE), vault=target.vault).connect()


def _maintain(target: Database, statement: str) -> None:
    url = _sibling(target.url, MAINTENANCE)
    options = ["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--command={statement}"]
    _run([_tool("psql"), *options, _without_password(url)], url)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _counted(connection: Connection) -> Counts:
    names = [row[0] for row in connection.execute(_TABLES).fetchall()]
    return {
        name: connection.execute(f"SELECT count(*) FROM {_quoted(name)}".encode()).fetchone()[0]  # noqa: S608
        for name in names
    }
