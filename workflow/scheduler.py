"""Calls what it is given, on time. The only door of APScheduler.

The scheduler may only wake us: what is due stands in the database, so that a call that is missed,
doubled or killed loses nothing. Nothing is kept here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from threading import Event

EVERY_SECONDS = 10.0
"""How often is often enough: a reminder at 09:00 goes out ten seconds later at the latest."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be called every so many seconds, the first time at once. It must not raise."""

    name: str
    call: Callable[[], None]
    seconds: float = EVERY_SECONDS


def run(jobs: Sequence[Job], stop: Event) -> None:
    """Call each job on time until `stop` is set; return when the calls under way have ended.

    A signal handler may set `stop`, and must do nothing else: shutting the scheduler down inside
    a handler waits for a lock that the interrupted thread may hold. One job never runs twice at a
    time; calls that were missed become one.
    """
    import logging

    from apscheduler.executors.pool import ThreadPoolExecutor
    from apscheduler.schedulers.background import BackgroundScheduler

    # a turn that takes longer than the time between two is nothing to warn of: the next follows it
    logging.getLogger("apscheduler").addHandler(logging.NullHandler())
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(max_workers=max(1, len(jobs)))},
        job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
    )
    for job in jobs:
        if not stop.is_set():
            job.call()
        scheduler.add_job(job.call, "interval", seconds=job.seconds, id=job.name)
    scheduler.start()
    try:
        stop.wait()
    finally:
        scheduler.shutdown(wait=True)
