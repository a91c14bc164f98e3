"""procrastinate on PostgreSQL: what it costs to look for a job when nothing is due.

Its jobs are rows, one for each time at which something is to happen.
"""

import sys

import psycopg
from procrastinate.schema import SchemaManager
from procrastinate.sql import queries

from benchmarks.peers.wire import serve

_JOBS = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args, scheduled_at)
SELECT 'rungs', 'remind', '{}', timestamptz '2100-01-01 00:00+00' + n * interval '1 minute'
FROM generate_series(1, %s) AS n
"""


class Queue:
    """The jobs that wait, and the statement with which the library fetches one."""

    def __init__(self, url: str) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.connection.execute(SchemaManager.get_schema())
        row = self.connection.execute(queries["register_worker"]).fetchone()
        self.worker = row[0] if row else None

    def plan(self, count: int) -> None:
        """Write so many jobs that are due in another century."""
        self.connection.execute(_JOBS, (count,))
        self.connection.execute("VACUUM ANALYZE")

    def fetch(self, count: int) -> None:
        """Look for a job so many times; there is none."""
        asked = {"queues": None, "worker_id": self.worker}
        for _ in range(count):
            found = self.connection.execute(queries["fetch_job"], asked).fetchone()
            if found is None or found[0] is not None:
                raise RuntimeError(f"nothing was due, but it fetched {found}")


def main() -> None:
    """Serve, in the database that the command names."""
    queue = Queue(sys.argv[1])
    serve({"plan": queue.plan, "fetch": queue.fetch})
