"""What the workers of all peers do alike: the settings of SQLite, and what is written down."""

import sqlite3
from pathlib import Path

TASKS = 40
AT = "2026-11-02 10:00:00"
EVIDENCE = "recorded by the manager, as agreed"
ABREAST, CHAIN = "abreast", "chain"
"""The shapes of a case: all tasks open at once, as people work; or one after the other."""
SETTINGS = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL")


def opened(path: Path, tables: str) -> sqlite3.Connection:
    """Return a new SQLite file with tables; each transaction is begun by hand."""
    connection = sqlite3.connect(path, isolation_level=None)
    for setting in SETTINGS:
        connection.execute(setting)
    connection.executescript(tables)
    return connection


def durable(connection: sqlite3.Connection) -> None:
    """Let a connection that a library has made wait for the disk at each commit, and use a WAL."""
    for setting in SETTINGS:
        connection.execute(setting)
