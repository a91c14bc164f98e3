"""P6: how much a sweep says in a second, notices and audit log included, against APScheduler.

Ours: many are due at once; each is claimed, looked at, and kept for good with its notices and an
entry in the log. Those of one sweep have other dates each, as they have in a programme. APScheduler
fires jobs that do nothing and are kept in memory only.

A fact beside it: looking when nothing is due, on PostgreSQL, against procrastinate, in which each
task's next time is a job that waits.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, timedelta
from threading import Semaphore
from time import perf_counter

from apscheduler.schedulers.background import BackgroundScheduler

from benchmarks.figures import Budget, Figure
from benchmarks.ground import BEGUN, TASKS
from benchmarks.peers.comparing import Command, OnMissing
from benchmarks.peers.environments import NotInstalled, python_of
from benchmarks.peers.wire import WorkerFailed, working
from benchmarks.servers import UrlOf
from benchmarks.sweeping import LATER, Field, prepare
from workflow.clock import SetClock
from workflow.store.database import Database
from workflow.sweep import Sweep

BUDGET = Budget(5, is_floor=True)
JOBS, DUE, LOOKS = 1_000, 100, 20
SHARE = 10
"""Looking is measured among this part of the many: each has forty tasks, each task is a job."""


def measure(
    url: str,
    *,
    rounds: int = 5,
    due: int = DUE,
    jobs: int = JOBS,
    on_ready: Callable[[Database], None] = lambda database: None,
) -> Iterator[Figure]:
    """Yield the notices of a second against the jobs of one; `on_ready` may spoil our database."""
    field = prepare(url, due * (rounds + 1), models=due)
    on_ready(field.ground.database)
    ours, against = [], []
    with closing(field.ground.database):
        for turn in range(rounds + 1):
            ours.append(_notices(field, field.ids[turn :: rounds + 1]))
            against.append(jobs / fire(jobs))
    yield Figure(
        code="P6",
        what=f"notices of a sweep with {due} due, against APScheduler firing {jobs:,} no-ops",
        unit="/s",
        ours=[rate for rate, _ in ours[1:]],
        against=against[1:],
        budget=BUDGET,
        facts={"notices_per_challenge": ours[-1][1]},
    )


def _notices(field: Field, ids: range) -> tuple[float, float]:
    """Return the notices of a second, and those of a challenge, of one sweep."""
    at, due = BEGUN + LATER, len(ids)
    field.ground.wake(ids, at - timedelta(hours=1))
    begun = perf_counter()
    swept = Sweep(field.ground.database, SetClock(at)).tick()
    seconds = perf_counter() - begun
    if swept.looked_at != due or swept.failed:
        raise RuntimeError(f"{due} challenges were due, but the sweep says {swept}")
    return swept.raised / seconds, swept.raised / due


def fire(count: int) -> float:
    """Return the seconds in which the library fires so many jobs that do nothing."""
    scheduler = BackgroundScheduler(
        timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": False}
    )
    done = Semaphore(0)
    for number in range(count):
        scheduler.add_job(done.release, "date", run_date=BEGUN, id=f"{number}")
    begun = perf_counter()
    scheduler.start()
    for _ in range(count):
        done.acquire()
    seconds = perf_counter() - begun
    scheduler.shutdown()
    return seconds


def waiting(url: str) -> Command:
    """Return the command of procrastinate's worker on a database."""
    code = "from benchmarks.peers.procrastinate import main; main()"
    return [python_of("procrastinate"), "-c", code, url]


def measure_looking(
    url_of: UrlOf,
    challenges: int,
    *,
    rounds: int = 5,
    made: Callable[[str], Command] = waiting,
    on_missing: OnMissing,
) -> Iterator[Figure]:
    """Yield what looking costs when nothing is due, with as many jobs as we have tasks."""
    field = prepare(url_of("sweeping"), challenges)
    jobs, pairs = challenges * TASKS, []
    with closing(field.ground.database):
        try:
            with working(made(url_of("queue"))) as (queue,):
                queue.ask("plan", jobs)
                for _ in range(rounds + 1):
                    ours = sum(field.idle() for _ in range(LOOKS)) / LOOKS
                    pairs.append((ours, 1000 * queue.ask("fetch", LOOKS).seconds / LOOKS))
        except (NotInstalled, WorkerFailed) as error:
            on_missing(f"procrastinate is left out: {error}")
            return
    yield Figure(
        code="P6 looking",
        what=f"nothing due among {jobs:,} tasks, against procrastinate fetching among as many jobs",
        unit="ms",
        ours=[ours for ours, _ in pairs[1:]],
        against=[fetch for _, fetch in pairs[1:]],
    )
