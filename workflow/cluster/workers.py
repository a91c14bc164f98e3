"""Takes the jobs of a cluster, one by one, as they come. The only door of procrastinate.

A job may only wake us: what is due stands in the database, and every worker sweeps besides. So a
job is never tried again. It is deleted when it ends, however it ends; so is one that a dead worker
left behind, since one that kills its workers would kill them all in turn.

procrastinate's own worker ends, as if all were well, when PostgreSQL goes away. Here it is begun
again, after a pause that grows, until somebody says stop.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from workflow.cluster.nudging import QUEUE
from workflow.scheduler import EVERY_SECONDS

if TYPE_CHECKING:
    from procrastinate import App

Say = Callable[[str], None]

PAUSES = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Seconds until the database is tried again; the last one again and again."""

_LOOKS_A_SECOND = 5
_LOGGERS = ("procrastinate", "psycopg.pool", "asyncio")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """How often a worker sweeps, looks for jobs and says that it lives.

    After which silence it is taken for dead is several beats. What does not end when it is told to
    is told again after `ending_seconds`: it may wait for a database that has gone away.
    """

    turn_seconds: float = EVERY_SECONDS
    poll_seconds: float = 5.0
    beat_seconds: float = 10.0
    dead_after_seconds: float = 60.0
    ending_seconds: float = 20.0


USUAL = Pulse()


class Workers:
    """Several workers in threads of one process. `tasks` are called with the number of a row."""

    def __init__(
        self,
        url: str,
        tasks: Mapping[str, Callable[[int], None]],
        *,
        count: int = 1,
        pulse: Pulse = USUAL,
    ) -> None:
        self._url = f"postgresql://{url.partition('://')[2]}"
        self._tasks, self._count, self._pulse = dict(tasks), count, pulse
        self._trouble = ""

    def run(self, stop: Event, *, say: Say) -> None:
        """Take jobs until `stop` is set; return when those under way have ended.

        What goes wrong is said in one line, and once; a task must not raise.
        """
        pauses = iter(PAUSES)
        with ThreadPoolExecutor(self._count, "worker") as pool, _quiet():
            while not stop.is_set():
                try:
                    asyncio.run(self._serve(pool, stop, say=say))
                    trouble = "the connection was cut"
                except Exception as error:  # the rim of the loop: the database comes back
                    trouble = " ".join(str(error.__cause__ or error).split())
                if stop.is_set():
                    return
                if not self._trouble:
                    say(f"no jobs come ({trouble}); sweeps go on, and it is tried again")
                    pauses = iter(PAUSES)
                self._trouble = trouble
                stop.wait(next(pauses, PAUSES[-1]))

    async def _serve(self, pool: ThreadPoolExecutor, stop: Event, *, say: Say) -> None:
        """Work until `stop` is set, or the database goes away."""
        working = asyncio.create_task(self._work(pool, say))
        while not working.done() and not stop.is_set():
            await asyncio.wait({working}, timeout=1 / _LOOKS_A_SECOND)
        while not working.done():
            working.cancel()
            await asyncio.wait({working}, timeout=self._pulse.ending_seconds)
        with suppress(asyncio.CancelledError):
            await working

    async def _work(self, pool: ThreadPoolExecutor, say: Say) -> None:
        app = self._app(pool)
        async with app.open_async():
            if self._trouble:
                say("jobs come again")
                self._trouble = ""
            burying = asyncio.create_task(self._bury(app))
            try:
                await app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=self._count,
                    delete_jobs="always",
                    install_signal_handlers=False,
                    fetch_job_polling_interval=self._pulse.poll_seconds,
                    update_heartbeat_interval=self._pulse.beat_seconds,
                    stalled_worker_timeout=self._pulse.dead_after_seconds,
                )
            finally:
                burying.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await burying

    def _app(self, pool: ThreadPoolExecutor) -> "App":
        from procrastinate import App, PsycopgConnector

        named = {"application_name": "peer-challenge worker", "connect_timeout": 10}
        connector = PsycopgConnector(
            conninfo=self._url, kwargs=named, min_size=1, max_size=2, timeout=3
        )
        app = App(connector=connector)
        for name, call in self._tasks.items():
            app.task(name=name, queue=QUEUE)(_in(pool, call))
        return app

    async def _bury(self, app: "App") -> None:
        """Delete, now and then, what dead workers were at, and the workers."""
        from procrastinate.jobs import Status

        manager, seconds = app.job_manager, self._pulse.dead_after_seconds
        while True:
            await manager.prune_stalled_workers(seconds)
            for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=seconds):
                with suppress(Exception):  # another was quicker
                    await manager.finish_job(job, Status.FAILED, delete_job=True)
            await asyncio.sleep(seconds / 2)


def _in(pool: ThreadPoolExecutor, call: Callable[[int], None]) -> Callable[..., object]:
    """Return a task that calls in a thread of the pool."""

    async def task(number: int) -> None:
        await asyncio.get_running_loop().run_in_executor(pool, call, number)

    return task


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep libraries from writing on the terminal what is said here in one line."""
    hush = logging.NullHandler()
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    for logger in loggers:
        logger.addHandler(hush)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(hush)
