"""Nudges: what a commit asks the workers of a cluster to do now.

A nudge is a job of procrastinate, written in the transaction that makes something due: it says
"look at challenge 7" or "deliver to person 3", and nothing else. It is never the only copy of
anything. So a nudge that cannot be written is left out, none is written while no worker lives, and
one that is lost, doubled or stuck changes nothing: the sweeps of every worker find what is due.

It is written as SQL, by the function that procrastinate's own program calls: whoever types one
command does not load a library for it, nor needs to have it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from workflow.store.database import Database
from workflow.store.link import Link

LOOK, DELIVER = "peer_challenge.look", "peer_challenge.deliver"
"""The names of the jobs."""

QUEUE = "peer_challenge"
MARK = "peer-challenge "
"""How the comment begins by which the tables of the queue are known to be ours."""

_COMMENT = "SELECT obj_description(to_regclass('procrastinate_jobs'), 'pg_class')"
_NUDGE = f"""
WITH due AS (
    SELECT '{LOOK}' AS task, id FROM challenge
    WHERE id = ANY(:challenges) AND wake_at <= clock_timestamp()
    UNION
    SELECT '{DELIVER}', recipient_id FROM outbox
    WHERE challenge_id = ANY(:challenges)
        AND status = 'waiting' AND next_attempt_at <= clock_timestamp()
)
SELECT procrastinate_defer_jobs_v1(array_agg(ROW(
    '{QUEUE}', due.task, 0, NULL, NULL, jsonb_build_object('number', due.id), NULL
)::procrastinate_job_to_defer_v1)) FROM due
WHERE EXISTS (
    SELECT 1 FROM procrastinate_workers
    WHERE last_heartbeat > clock_timestamp() - INTERVAL '1 minute'
)
HAVING count(*) > 0
"""  # noqa: S608  (our own words)


_ALIVE = """
SELECT count(*) FROM procrastinate_workers
WHERE last_heartbeat > clock_timestamp() - INTERVAL '1 minute'
"""


def at_work(link: Link) -> int | None:
    """Return how many machines have worked within a minute; None where there is no cluster."""
    row = link.row(_ALIVE) if installed(link) is not None else None
    return int(row[0]) if row else None


def installed(link: Link) -> str | None:
    """Return up to which step the queue's tables are there; None where there is no cluster."""
    if link.dialect != "postgresql":
        return None
    row = link.row(_COMMENT)
    comment = str(row[0] or "") if row else ""
    return comment.removeprefix(MARK) if comment.startswith(MARK) else None


class NudgingDatabase(Database):
    """A PostgreSQL database whose commits tell the workers, where there is a cluster."""

    is_clustered = False

    @contextmanager
    def writing(self, *, is_sealed: bool = False) -> Iterator[Link]:
        """Open a transaction as `Database.writing`; what it makes due is nudged at its end."""
        with super().writing(is_sealed=is_sealed) as link:
            yield link
            if self.is_clustered and link.stirred:
                self._nudge(link)

    def _nudge(self, link: Link) -> None:
        """Write the nudges; where that fails, the transaction goes on as if nobody had tried."""
        link.execute("SAVEPOINT nudge")
        try:
            nudge(link)
        except self._driver.errors():
            link.execute("ROLLBACK TO SAVEPOINT nudge")


def look_for_cluster(database: Database, link: Link) -> None:
    """Note whether a database has the tables of a cluster, as an open transaction sees it."""
    if isinstance(database, NudgingDatabase):
        database.is_clustered = installed(link) is not None


def is_clustered(database: Database) -> bool:
    """Return whether a database was found to have the tables of a cluster."""
    return isinstance(database, NudgingDatabase) and database.is_clustered


def nudge(link: Link) -> None:
    """Ask workers to do what the transaction has made due, if any worker lives."""
    link.row(_NUDGE, challenges=sorted(link.stirred))
