"""What the workers of the tests run: the program itself, one with short leases, and broken ones."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from importlib import import_module
from pkgutil import walk_packages
from threading import Event

import bootstrap
import cli
from console import company
from definitions import loader
from notifications.courier import Courier
from notifications.delivery.conduct import Conduct
from notifications.delivery.grouping import Bundle
from notifications.delivery.ledger import Ledger
from tests.visits import FILE
from workflow.cluster.workers import Pulse
from workflow.model.calendar import calendar_named
from workflow.model.errors import WorkflowError
from workflow.store.correspondence.bundles import Stamp
from workflow.store.outbox import Claimed

LEASE_SECONDS = 5.0
PULSE = Pulse(turn_seconds=1.0, poll_seconds=1.0, beat_seconds=0.5, dead_after_seconds=3.0)
_HEAVY = (
    "procrastinate", "psycopg", "psycopg_pool", "apscheduler.schedulers.background", "css_inline",
    "apscheduler.executors.pool", "encodings.idna", "console.commands.running",
)  # fmt: skip
_OURS = ("workflow", "notifications", "definitions")
_NOT_NEEDED = ("workflow.store.tables", "workflow.store.migrations", "notifications.providers.")
_TAKE = "UPDATE outbox SET status = 'sending', lease_until = :until WHERE id = :id"


def load() -> None:
    """Load what a worker needs, and read the holidays, once for all."""
    for package in _OURS:
        place = import_module(package)
        for module in walk_packages(place.__path__, f"{package}."):
            if not module.name.startswith(_NOT_NEEDED):
                import_module(module.name)
    for name in _HEAVY:
        import_module(name)
    calendar_named(loader.load_file(FILE).definition.calendar)


def run(name: str) -> int:
    """Run a program until it is told to stop; return its exit code."""
    return PROGRAMS[name]()


def _command(*words: str) -> int:
    try:
        cli.main(list(words), prog_name="peer-challenge")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    return 0


class Hasty(bootstrap.Application):
    """The application with short leases."""

    @property
    def conduct(self) -> Conduct:
        """When mail rests, how fast it goes, and for how long it is claimed."""
        return replace(super().conduct, lease=timedelta(seconds=LEASE_SECONDS))


class UnclaimedLedger(Ledger):
    """Takes what another may have taken."""

    def claim(self, bundle: Bundle, stamp: Stamp, at: datetime) -> tuple[Claimed, ...] | None:
        """Take the rows, without looking, and without raising the fence."""
        with self._database.writing() as link:
            for due in bundle.dues:
                link.execute(_TAKE, id=due.id, until=at + self._lease)
        return tuple(Claimed(due.id, due.fence, due.attempts, at) for due in bundle.dues)


class UnclaimedCourier(Courier):
    """The control: sends without a claim."""

    def _use(self, ledger: Ledger) -> None:
        self._ledger = ledger


class Careless(Hasty):
    """The application, but nobody claims a message."""

    def new_courier(self) -> Courier:
        """Return a courier that does not claim."""
        from notifications.providers.choice import open_transport

        courier = UnclaimedCourier(
            self.database,
            self.clock,
            open_transport(self.settings.smtp_url),
            renderer=self.stationery.renderer,
            sender=self.stationery.sender,
            conduct=self.conduct,
        )
        courier._use(UnclaimedLedger(self.database, self.clock))
        return courier


def _work(kind: type[bootstrap.Application]) -> int:
    opened = bootstrap.open_application(bootstrap.read_settings({}))
    application = kind(opened.settings, opened.database, is_rehearsal=False)
    try:
        company.work_in_company(application, count=2, say=_say, pulse=PULSE)
    except WorkflowError as error:
        _say(str(error))
        return 1
    return 0


def _jobs_alone() -> int:
    """Take jobs, but never sweep."""
    opened = bootstrap.open_application(bootstrap.read_settings({}))
    joined = bootstrap.join_cluster(Hasty(opened.settings, opened.database, is_rehearsal=False))
    stop = Event()
    with company.Many(joined, count=2, say=_say, pulse=PULSE).working(stop):
        _say("running; jobs alone")
        stop.wait(600)
    return 0


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


PROGRAMS: dict[str, Callable[[], int]] = {
    "cluster": lambda: _command("run", "--cluster", "--workers", "2"),
    "embedded": lambda: _command("run"),
    "quick": lambda: _work(bootstrap.Application),
    "hasty": lambda: _work(Hasty),
    "careless": lambda: _work(Careless),
    "jobs alone": _jobs_alone,
}
