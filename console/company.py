"""One machine of several on one database: it takes jobs as they come, and sweeps besides.

A job only says where to look now. Every machine does all that `run` does, on time, so that a job
that is lost, doubled or stuck changes nothing, and nobody leads.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import bootstrap
from console.working import guarded, work_until_stopped

Say = Callable[[str], None]

LONE_KEYS = (
    "links are signed with a key that only this machine has, and others refuse them: set"
    f" {bootstrap.PREFIX}LINK_KEYS, the same on all"
)


def work_in_company(
    application: bootstrap.Application,
    *,
    count: int,
    say: Say,
    pulse: "bootstrap.workers.Pulse | None" = None,
) -> None:
    """Work as one machine of several until SIGTERM or SIGINT, on `count` jobs at a time.

    Raises:
        Refused: the database is a SQLite file.
        InvalidInput: a package is missing.
        Unavailable: the database is away at the beginning, its queue cannot be used, or its schema
            was changed meanwhile: another program is needed.
    """
    joined = bootstrap.join_cluster(application)
    if has_lone_keys(joined.settings):
        say(LONE_KEYS)
    pace = pulse or bootstrap.workers.USUAL
    many = Many(joined, count=count, say=say, pulse=pace)
    work_until_stopped(joined, say=say, company=many, every_seconds=pace.turn_seconds)
    if many.is_outdated:
        bootstrap.schema.check(joined.database)


def has_lone_keys(settings: bootstrap.Settings) -> bool:
    """Return whether messages carry links or addresses that only this machine could read."""
    return not settings.link_keys and bool(settings.base_url or settings.mail_answers)


class Many:
    """What is done besides: jobs are taken, and an upgrade of the database is noticed."""

    def __init__(
        self,
        application: bootstrap.Application,
        *,
        count: int,
        say: Say,
        pulse: "bootstrap.workers.Pulse",
    ) -> None:
        self._application, self._count, self._say, self._pulse = application, count, say, pulse
        self._own = threading.local()
        self.is_outdated = False

    def jobs(self, stop: threading.Event) -> Mapping[str, Callable[[], None]]:
        """Return what else is called on time: whether this is still the right program."""

        def look() -> None:
            if bootstrap.schema.version(self._application.database) != bootstrap.schema.HEAD:
                self.is_outdated = True
                stop.set()

        return {"schema": guarded("schema", look, self._say)}

    @contextmanager
    def working(self, stop: threading.Event) -> Iterator[None]:
        """Take jobs in threads of their own, until the block ends."""
        workers = bootstrap.workers.Workers(
            self._application.database.url, self._tasks(stop), count=self._count, pulse=self._pulse
        )
        thread = threading.Thread(target=workers.run, args=(stop,), kwargs={"say": self._say})
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    def _tasks(self, stop: threading.Event) -> Mapping[str, Callable[[int], None]]:
        """Return what is done for a job, by its name."""

        def look(challenge: int) -> None:
            self._application.sweep.look(challenge)

        def deliver(person: int) -> None:
            if self._application.settings.smtp_url:
                self._courier().drain(recipient=person, is_stopping=stop.is_set)

        return {
            bootstrap.nudging.LOOK: self._safe("job", look),
            bootstrap.nudging.DELIVER: self._safe("job", deliver),
        }

    def _courier(self) -> "bootstrap.courier.Courier":
        """Return the thread's own courier, which remembers that a server needs a rest."""
        if not hasattr(self._own, "courier"):
            self._own.courier = self._application.new_courier()
        courier: bootstrap.courier.Courier = self._own.courier
        return courier

    def _safe(self, name: str, call: Callable[[int], None]) -> Callable[[int], None]:
        """Return a call that never raises: what was not done is found by a sweep."""
        told = guarded(name, lambda: call(self._own.number), self._say)

        def safe(number: int) -> None:
            self._own.number = number
            told()

        return safe
