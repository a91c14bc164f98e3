"""A client that does the least: six round trips to PostgreSQL for each completion, and no rules."""

import sys
from itertools import count

import psycopg

from benchmarks.ground import BEGUN
from benchmarks.peers.wire import serve

TABLES = """
CREATE TABLE bare_task (id bigint PRIMARY KEY, status text, done_at timestamptz, note text);
CREATE TABLE bare_history (
    task_id bigint, client int, seq int, at timestamptz, body text, PRIMARY KEY (client, seq)
);
CREATE TABLE bare_outbox (
    id bigserial PRIMARY KEY, task_id bigint, recipient int, created_at timestamptz
);
CREATE TABLE bare_timer (id bigserial PRIMARY KEY, task_id bigint, fires_at timestamptz);
CREATE INDEX bare_timer_fires_at ON bare_timer (fires_at);
"""
TASKS = 40_000
FILL = f"""
INSERT INTO bare_task SELECT n, 'open', NULL, '' FROM generate_series(0, {TASKS - 1}) AS n
"""  # noqa: S608 (our own number)
NOTE = "recorded by the manager, as agreed"


class Bare:
    """One of some clients, with tasks of its own."""

    def __init__(self, url: str, number: int, clients: int) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.number, self.clients, self.turns = number, clients, count(1)

    def complete(self, wanted: int) -> None:
        """Complete so many tasks, each for good."""
        for _ in range(wanted):
            turn = next(self.turns)
            self._complete(turn, (turn * self.clients + self.number) % TASKS)

    def _complete(self, turn: int, task: int) -> None:
        run = self.connection.execute
        run("BEGIN")
        run("UPDATE bare_task SET status = 'done', done_at = %s, note = %s WHERE id = %s",
            (BEGUN, NOTE, task))  # fmt: skip
        run("INSERT INTO bare_history VALUES (%s, %s, %s, %s, %s)",
            (task, self.number, turn, BEGUN, NOTE))  # fmt: skip
        run("INSERT INTO bare_outbox (task_id, recipient, created_at) VALUES (%s, %s, %s)",
            (task, 4, BEGUN))  # fmt: skip
        run("INSERT INTO bare_timer (task_id, fires_at) VALUES (%s, %s)", (task, BEGUN))
        run("COMMIT")


def main() -> None:
    """Serve as the client that the command names: URL, number, how many there are."""
    url, number, clients = sys.argv[1:]
    serve({"complete": Bare(url, int(number), int(clients)).complete})
