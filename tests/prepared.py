"""Databases that are ready: made once, and copied, since the steps take longer than most tests."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from workflow.store import schema
from workflow.store.database import Database

FILE = "ready.db"


def prepare(database: Database) -> None:
    """Bring a database to its last step; a SQLite file that is new is a copy of one that is."""
    if database.dialect == "sqlite" and database.is_missing:
        Path(database.name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copyfile(Path(_ready().name) / FILE, database.name)
        Path(database.name).chmod(0o600)
    else:
        schema.upgrade(database)


@cache
def _ready() -> "tempfile.TemporaryDirectory[str]":
    """Return a folder with a file at the last step, made when it is first asked for."""
    folder = tempfile.TemporaryDirectory()  # gone with the process
    database = Database(f"sqlite:///{Path(folder.name) / FILE}")
    schema.upgrade(database)
    database.close()
    return folder
