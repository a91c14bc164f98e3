"""DBOS on SQLite: a durable workflow of forty steps; each step is recorded before the next begins.

A completion is one step, and the record of its result is the whole of it: no other table, no
message, no wait for a person (waiting would take a poll's length). That is the least that it does.
"""

import sqlite3
import sys
from pathlib import Path
from queue import SimpleQueue

import sqlalchemy
from dbos import DBOS, DBOSConfig

from benchmarks.peers.tables import EVIDENCE, TASKS, durable
from benchmarks.peers.wire import serve


@sqlalchemy.event.listens_for(sqlalchemy.Engine, "connect")
def on_connect(connection: sqlite3.Connection, record: object) -> None:
    """Let each connection of the library wait for the disk."""
    durable(connection)


class Turns:
    """Lets workflows go on, a step each time."""

    def __init__(self) -> None:
        self.allowed: SimpleQueue[int] = SimpleQueue()
        self.taken: SimpleQueue[int] = SimpleQueue()

    def complete(self, count: int) -> None:
        """Complete so many steps, each for good, one at a time."""
        for number in range(count):
            self.allowed.put(number)
            self.taken.get()


turns = Turns()


@DBOS.step()
def task(number: int) -> str:
    """Do nothing: what is measured is its record."""
    return f"{number}: {EVIDENCE}"


@DBOS.workflow()
def case() -> int:
    """Complete forty tasks, each when its turn comes."""
    for number in range(TASKS):
        turns.allowed.get()
        task(number)
        turns.taken.put(number)
    return TASKS


def create(count: int) -> None:
    """Start so many workflows, each for good."""
    for _ in range(count):
        DBOS.start_workflow(case)


def main() -> None:
    """Serve, with the files in the folder that the command names."""
    config: DBOSConfig = {
        "name": "case",
        "system_database_url": f"sqlite:///{Path(sys.argv[1]) / 'dbos.db'}",
        "log_level": "ERROR",
    }
    DBOS(config=config)
    DBOS.launch()
    serve({"create": create, "complete": turns.complete})
