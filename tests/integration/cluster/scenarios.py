"""What goes wrong among several machines. Each scenario returns what is not as it should be.

One that cannot be played here raises `Impossible`: it must never count as one that went well.
"""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import psycopg

from tests.integration.cluster.crew import Nursery, Worker, wait_for
from tests.integration.cluster.fleet import (
    VISITS,
    Fleet,
    Harbour,
    at_sea,
    past_the_lease,
)
from tests.integration.cluster.servers import Postgres, wrong_clocks
from workflow.clock import SystemClock
from workflow.engine import Engine
from workflow.model import commands as c
from workflow.model.records.commands import LinkChallenge

HOUR = 3600
THREADS = 3
"""Messages that one worker may have under way: its round of mail, and two jobs."""

_LATER = "UPDATE outbox SET next_attempt_at = clock_timestamp() + INTERVAL '{0}' WHERE id = {1}"
_SLEEP = "UPDATE challenge SET wake_at = clock_timestamp() + INTERVAL '1 hour' WHERE id = 1"
_STATUS = "SELECT status FROM outbox WHERE id = {0}"
_STEP = "SELECT version_num FROM alembic_version"
_SET_STEP = "UPDATE alembic_version SET version_num = '{0}'"
_NEWER = "is newer than this program (it has step 9999"
_JOBS = "SELECT count(*) FROM procrastinate_jobs"
_WORKERS = "SELECT count(*) FROM procrastinate_workers"
_DOUBLED = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args)
SELECT queue_name, task_name, args FROM procrastinate_jobs WHERE id % 3 = 0
"""
_DELETED = "DELETE FROM procrastinate_jobs WHERE id % 3 = 1"
_STUCK = """
WITH dead AS (
    INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - INTERVAL '1 day')
    RETURNING id
)
UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM dead) WHERE id % 3 = 2
"""


@dataclass
class Sea:
    """Where fleets sail: a server with the visits in a database to be copied, and the nursery."""

    folder: Path
    server: Postgres
    nursery: Nursery = field(default_factory=Nursery)
    numbers: Iterator[int] = field(default_factory=count)
    programs: str | None = None
    """Where a compiler is looked for, if not where everything is."""

    def __post_init__(self) -> None:
        self.harbour = Harbour(self.folder)
        self._run(self.server.url, "CREATE DATABASE built TEMPLATE template0")
        place = self.server.url.removesuffix("postgres")
        self.harbour.fill(f"{place}built")
        self._run(self.server.url, "CREATE DATABASE alone TEMPLATE built")
        self._run(f"{place}alone", "COMMENT ON TABLE procrastinate_jobs IS NULL")

    def _run(self, url: str, sql: str) -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(sql.encode())

    @contextmanager
    def fleet(self, template: str = "built") -> Iterator[Fleet]:
        """Yield a fleet on a database of its own."""
        folder = self.folder / f"fleet-{next(self.numbers)}"
        folder.mkdir()
        with at_sea(self.harbour, self.nursery, self.server.copy(template), folder) as fleet:
            yield fleet


def four_workers(sea: Sea) -> list[str]:
    """Four programs begin at the same moment, and nothing goes wrong."""
    with sea.fleet() as fleet:
        fleet.launch("cluster", 4)
        fleet.wait_until_quiet()
        return [*_stopped(fleet), *fleet.faults()]


def killed(sea: Sea) -> list[str]:
    """Of four workers two are killed while mail goes; one more comes."""
    with sea.fleet() as fleet:
        fleet.slow_down(0.05)
        first, second, *_ = fleet.launch("hasty", 4)
        for number, worker in ((6, first), (12, second)):
            fleet.wait_for_mail(number)
            worker.signal(signal.SIGKILL)
            fleet.blows += THREADS
        fleet.launch()
        fleet.slow_down(0)
        fleet.settle()
        return fleet.faults()


def stopped(sea: Sea) -> list[str]:
    """A worker stands still for longer than its leases, and goes on when others have done it."""
    with sea.fleet() as fleet:
        fleet.slow_down(0.05)
        late, _ = fleet.launch("hasty", 2)
        fleet.wait_for_mail(5)
        late.signal(signal.SIGSTOP)
        fleet.blows += THREADS
        past_the_lease()
        fleet.slow_down(0)
        fleet.wait_until_quiet()
        late.signal(signal.SIGCONT)
        time.sleep(1)
        fleet.settle()
        return [*_stopped(fleet), *fleet.faults()]


def restarts(sea: Sea) -> list[str]:
    """PostgreSQL goes away for two seconds, three times, while mail goes."""
    with sea.fleet() as fleet:
        fleet.slow_down(0.02)
        workers = fleet.launch("hasty", 3)
        for _ in range(3):
            fleet.wait_for_mail(len(fleet.begun) + 2 if len(fleet.begun) < 18 else 0)
            sea.server.stop()
            fleet.blows += THREADS * len(workers)
            time.sleep(2)
            sea.server.start()
            time.sleep(1)
        fleet.settle()
        found = [*_alive(fleet), *fleet.faults()]
        sent = len(fleet.taken)
        _move_a_date(fleet)
        wait_for(lambda: len(fleet.taken) > sent, "mail goes again after the restarts")
        return [*found, *_stopped(fleet)]


def jobs_deleted_doubled_stuck(sea: Sea) -> list[str]:
    """Of the jobs a third is lost, a third comes twice, a third is with a worker that is dead."""
    with sea.fleet() as fleet:
        _spoil_jobs(fleet)
        fleet.launch("quick", 2)
        fleet.wait_until_quiet()
        wait_for(lambda: fleet.ask(_JOBS) == 0, "no job is left behind")
        return [*_stopped(fleet, fleet.workers[1:]), *fleet.faults()]


def jobs_alone(sea: Sea) -> list[str]:
    """The control: workers that take jobs and never sweep lose what a lost job stood for."""
    with sea.fleet() as fleet:
        _spoil_jobs(fleet)
        fleet.launch("jobs alone", 2)
        wait_for(lambda: fleet.ask(_JOBS) == 0, "no job is left behind")
        return fleet.faults()


def unclaimed(sea: Sea) -> list[str]:
    """The control: couriers that do not claim say things twice."""
    with sea.fleet() as fleet:
        fleet.slow_down(0.05)
        fleet.launch("careless", 2)
        fleet.wait_until_quiet()
        return fleet.faults()


def host_clocks(sea: Sea) -> list[str]:
    """The control: where the hosts' clocks count, a fast one sends before the time."""
    return _by_clocks(sea, "embedded", "alone", (3,))


def upgraded(sea: Sea) -> list[str]:
    """The schema becomes a newer one: an old worker ends, and does not begin again."""
    with sea.fleet() as fleet:
        (old,) = fleet.launch("quick")
        step = fleet.ask(_STEP)
        fleet.ask(_SET_STEP.format("9999"))
        wait_for(old.is_over, "an old worker ends")
        (again,) = fleet.launch("cluster")
        wait_for(again.is_over, "an old program does not begin")
        found = [
            f"an old worker ended with {worker.code}: {worker.said}"
            for worker, says in ((old, "stopped; nothing is lost"), (again, "Error: "))
            if not worker.code or says not in worker.said or _NEWER not in worker.said
        ]
        fleet.ask(_SET_STEP.format(step))
        fleet.launch("quick")
        fleet.wait_until_quiet()
        return [*found, *fleet.faults()]


def wrong_hosts(sea: Sea) -> list[str]:
    """One host is three hours slow and one three hours fast: nothing goes late, nothing early."""
    return _by_clocks(sea, "cluster", "built", (-3, 3))


def _by_clocks(sea: Sea, program: str, template: str, hours_off: tuple[int, ...]) -> list[str]:
    library = wrong_clocks(sea.folder, programs=sea.programs)
    with sea.fleet(template) as fleet:
        fleet.ask(_SLEEP)
        fleet.ask(_LATER.format("1 hour", 1))
        fleet.ask(_LATER.format("-1 minute", 2))
        found = []
        for hours in hours_off:
            fleet.launch_at(library, program, off_by=hours * HOUR)
            wait_for(lambda: fleet.ask(_STATUS.format(2)) == "sent", "what is due goes")
            fleet.wait_until_quiet()
        time.sleep(1)
        if fleet.ask(_STATUS.format(1)) != "waiting":
            found.append("I4: sent an hour before its time")
        return [*found, *_stopped(fleet)]


def _spoil_jobs(fleet: Fleet) -> None:
    """Let jobs be written, and lose, double or block them."""
    (deaf,) = fleet.launch("jobs alone")
    wait_for(lambda: fleet.ask(_WORKERS) > 0, "a worker is known")
    deaf.signal(signal.SIGSTOP)  # it lives, as far as anybody knows: jobs are written for it
    _act(fleet)
    changed = [fleet.ask(sql) for sql in (_STUCK, _DOUBLED, _DELETED)]
    deaf.signal(signal.SIGKILL)
    assert min(changed) > 0, "no job was written: the harness is broken"


def _act(fleet: Fleet) -> None:
    """Let a person change every visit, as one who types commands: much is due there."""
    with fleet.database() as database:
        engine = Engine(database, SystemClock())
        for number in range(VISITS):
            other = f"V-{(number + 1) % VISITS}"
            link = LinkChallenge(other=other, relation="concerns")
            engine.act(f"V-{number}", link, actor=1)


def _move_a_date(fleet: Fleet) -> None:
    """Let a person do something that the team is told of."""
    with fleet.database() as database:
        clock = SystemClock()
        on = clock.now().date() + timedelta(days=2)
        Engine(database, clock).act("V-0", c.SetDate(key="visit_end", on=on), actor=1)


def _stopped(fleet: Fleet, workers: list[Worker] | None = None) -> Iterator[str]:
    """Stop workers; yield which did not end as they should."""
    for worker in fleet.workers if workers is None else workers:
        if worker.is_over() or worker.stop() or "nothing is lost" not in worker.said:
            yield f"a worker did not end well ({worker.code}): {worker.said}"


def _alive(fleet: Fleet) -> Iterator[str]:
    for worker in fleet.workers:
        if worker.is_over():
            yield f"a worker has ended by itself ({worker.code}): {worker.said}"


SCENARIOS: dict[str, Callable[[Sea], list[str]]] = {
    each.__name__: each
    for each in (
        four_workers,
        killed,
        stopped,
        restarts,
        jobs_deleted_doubled_stuck,
        upgraded,
        wrong_hosts,
    )
}
CONTROLS: dict[str, tuple[Callable[[Sea], list[str]], str]] = {
    "unclaimed": (unclaimed, "I17: sent 2 times"),
    "jobs_alone": (jobs_alone, "I16: waiting"),
    "host_clocks": (host_clocks, "I4: sent an hour before its time"),
}
"""Broken on purpose, and how the fault is named by which each must be caught."""
