"""DBOS on SQLite: a case has forty rows from the start; a completion is a durable workflow.

It has one step, a transaction of the library's data source: it reads the case with its tasks, asks
whether the task is open, writes it, a line of history and the case, which another must not have
changed meanwhile. The library records what it was asked, what its step gave and how it ended, each
for good, so that it would go on after a crash. That is how a service on it records what a person
did; a workflow that waits for the person would take a poll's length.
"""

import sqlite3
import sys
from pathlib import Path

import sqlalchemy
from dbos import DBOS, DBOSConfig, SQLAlchemyDatasource
from sqlalchemy import text

from benchmarks.peers.tables import AT, EVIDENCE, TASKS, durable, opened
from benchmarks.peers.wire import serve

_TABLES = """
CREATE TABLE flow (id INTEGER PRIMARY KEY, title TEXT, version INT);
CREATE TABLE task (
    flow_id INT, number INT, status TEXT, done_at TEXT, note TEXT, PRIMARY KEY (flow_id, number)
);
CREATE TABLE history (id INTEGER PRIMARY KEY, flow_id INT, at TEXT, body TEXT);
"""
_FLOW = text("SELECT version FROM flow WHERE id = :flow")
_STATES = text("SELECT number, status FROM task WHERE flow_id = :flow")
_DONE = text(
    "UPDATE task SET status = 'done', done_at = :at, note = :note"
    " WHERE flow_id = :flow AND number = :number"
)
_LINE = text("INSERT INTO history (flow_id, at, body) VALUES (:flow, :at, :note)")
_CHANGED = text("UPDATE flow SET version = version + 1 WHERE id = :flow AND version = :version")

folder = Path(sys.argv[1])
config: DBOSConfig = {
    "name": "case",
    "system_database_url": f"sqlite:///{folder / 'dbos.db'}",
    "log_level": "ERROR",
}


@sqlalchemy.event.listens_for(sqlalchemy.Engine, "connect")
def on_connect(connection: sqlite3.Connection, record: object) -> None:
    """Let each connection of the library wait for the disk."""
    durable(connection)


own = opened(folder / "dbos-cases.db", _TABLES)
DBOS(config=config)
source = SQLAlchemyDatasource.create(f"sqlite:///{folder / 'dbos-cases.db'}")


@source.transaction
def done(flow: int, number: int) -> int:
    """Record a task as done; return how many are left."""
    run, which = source.sql_session().execute, {"flow": flow}
    version = run(_FLOW, which).scalar_one()
    states = dict(run(_STATES, which).tuples().all())
    if states[number] != "open":
        raise ValueError(f"task {number} is done already")
    kept = {**which, "at": AT, "note": EVIDENCE}
    run(_DONE, {**kept, "number": number})
    run(_LINE, kept)
    if run(_CHANGED, {**which, "version": version}).rowcount != 1:
        raise ValueError("somebody else changed the case")
    left: int = sum(status == "open" for status in states.values()) - 1
    return left


@DBOS.workflow()
def complete_task(flow: int, number: int) -> int:
    """Record a task as done, whatever happens to this process meanwhile."""
    left: int = done(flow, number)
    return left


class Cases:
    """Cases in a SQLite file; `complete` goes through them one by one."""

    def __init__(self) -> None:
        self.made = self.completed = 0

    def create(self, count: int) -> None:
        """Start so many cases, each for good."""
        for _ in range(count):
            self.made += 1
            own.execute("BEGIN IMMEDIATE")
            own.execute("INSERT INTO flow VALUES (?, 'A case', 0)", (self.made,))
            own.executemany(
                "INSERT INTO task VALUES (?, ?, 'open', NULL, '')",
                ((self.made, number) for number in range(TASKS)),
            )
            own.execute("COMMIT")

    def complete(self, count: int) -> None:
        """Complete so many tasks, each for good."""
        for _ in range(count):
            complete_task(1 + self.completed // TASKS, self.completed % TASKS)
            self.completed += 1


def main() -> None:
    """Serve, with the files in the folder that the command names."""
    DBOS.launch()
    cases = Cases()
    serve({"create": cases.create, "complete": cases.complete})
