"""Databases that are ready: made once, and copied, since the steps take longer than most tests."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from workflow.store import schema
from workflow.store.database import Database


def prepare(database: Database) -> None:
    """Bring a database to its last step; a SQLite file that is new is a copy of one that is."""
    if database.dialect == "sqlite" and database.is_missing:
        Path(database.name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(_ready(), database.name)
        Path(database.name).chmod(0o600)
    else:
        schema.upgrade(database)


@cache
def _ready() -> Path:
    """Return a SQLite file at the last step, made when it is first asked for."""
    path = Path(tempfile.mkdtemp()) / "ready.db"
    database = Database(f"sqlite:///{path}")
    schema.upgrade(database)
    database.close()
    return path
