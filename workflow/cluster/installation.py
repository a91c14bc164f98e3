"""The tables of procrastinate: made on first use, brought up to date, never taken back.

A comment on their first table says that they are ours and up to which of procrastinate's own steps
they have come, so that it cannot be copied to a place where they are not.
"""

from pathlib import Path

from workflow.cluster.nudging import MARK, installed
from workflow.model.errors import InvalidInput, Refused, Unavailable
from workflow.store.database import Database
from workflow.store.link import Link

_LOCK = "SELECT pg_advisory_xact_lock(7305114)"
_THERE = "SELECT to_regclass('procrastinate_jobs')::text"
_MAY = "SELECT has_schema_privilege(current_schema(), 'CREATE')"


def require_postgresql(database: Database) -> None:
    """Refuse a SQLite file: machines cannot share it.

    Raises:
        Refused: it is one.
    """
    if database.dialect != "postgresql":
        raise Refused(
            f"several machines need PostgreSQL, and {database.name} is a SQLite file; allowed:"
            " one machine on it, with `run` alone",
            kind="cluster",
            hint="move it: peer-challenge migrate-database --to postgresql://USER@HOST/NAME",
        )


def require_library() -> None:
    """Refuse to go on without the library that brings the jobs.

    Raises:
        InvalidInput: it is not installed.
    """
    try:
        import procrastinate  # noqa: F401
    except ModuleNotFoundError as error:
        message = "--cluster needs one more package: pip install 'peer-challenge[cluster]'"
        raise InvalidInput(message) from error


def prepare(database: Database) -> str | None:
    """Make the tables or bring them up to date; return their step, None if it was so already.

    Raises:
        Unavailable: they are of a newer library or not ours, we may not make tables, or the
            database is away.
    """
    last = known()
    with database.reading() as link:
        if installed(link) == last:
            return None
    with database.writing() as link:
        link.row(_LOCK)  # of two machines that begin at once, one waits here
        found = installed(link)
        if found == last:
            return None
        _require_fit(link, database.name, found, last)
        comment = f"COMMENT ON TABLE procrastinate_jobs IS '{MARK}{last}'"
        database.maintain("BEGIN", *_steps(found), comment, "COMMIT")
    return last


def _require_fit(link: Link, name: str, found: str | None, last: str) -> None:
    if found is not None and found > last:
        raise Unavailable(
            f"the queue of {name} is newer than this program (it has step {found}, {last} is"
            " known here); install the newer program"
        )
    if found is None and link.row(_THERE) != (None,):
        raise Unavailable(
            f"the database {name} has tables of procrastinate that are not ours: give one of"
            " the two a database of its own"
        )
    if link.row(_MAY) != (True,):
        raise Unavailable(
            f"the tables of the queue are missing in {name}, and this user may not make them; let"
            " its owner type once: peer-challenge run --cluster"
        )


def known() -> str:
    """Return the last step that the installed library has."""
    return _files()[-1].stem


def _steps(found: str | None) -> list[str]:
    """Return what is to be run: everything at once, or the steps that are missing."""
    if found is None:
        return [folder().parent.joinpath("schema.sql").read_text(encoding="utf-8")]
    return [file.read_text(encoding="utf-8") for file in _files() if file.stem > found]


def _files() -> list[Path]:
    return sorted(folder().glob("*.sql"))


def folder() -> Path:
    """Return where the library keeps its steps."""
    from procrastinate.schema import SchemaManager

    return Path(SchemaManager.get_migrations_path())
