"""One turn of the machine's work, and turn after turn until somebody says stop."""

import signal
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import bootstrap
from workflow.model.errors import WorkflowError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workflow.sweep import Swept

WAIT_SECONDS = 240.0
"""How long a mailbox that can tell of new mail is listened to before it is opened anew."""

DEFAULT_LISTEN = "127.0.0.1:8000"
MOST_A_TURN = 10_000
"""Messages that one `tick` sends at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What one turn came to.

    `drained` is None without a mail server, `collected` without a mailbox that is read. `troubles`
    say what could not be done beside the rest, such as to read a mailbox that is away.
    """

    swept: "Swept"
    digests: int
    drained: "bootstrap.courier.Drained | None"
    waiting: int
    collected: "bootstrap.collector.Collected | None" = None
    troubles: tuple[WorkflowError, ...] = ()


class Company(Protocol):
    """What one machine of many does besides."""

    def jobs(self, stop: threading.Event) -> "Mapping[str, Callable[[], None]]":
        """Return what else is called on time."""

    def working(self, stop: threading.Event) -> AbstractContextManager[None]:
        """Be open as long as the machine works; `stop` is set at the end."""


def take_turn(application: bootstrap.Application) -> Turn:
    """Take what came in, let time pass once, and send what waits.

    A mailbox that is away, or a head of the log that cannot be told, stops nothing else.
    """
    collected, troubles = None, list[WorkflowError]()
    with _noted(troubles):
        collected = application.collect() if application.settings.imap_url else None
    swept, digests = application.sweep.tick(), _raise_due(application, troubles)
    has_mail = bool(application.settings.smtp_url)
    drained = application.courier.drain(MOST_A_TURN) if has_mail else None
    with application.database.reading() as link:
        waiting = bootstrap.outbox.counts(link).get("waiting", 0)
    return Turn(
        swept=swept,
        digests=digests,
        drained=drained,
        waiting=waiting,
        collected=collected,
        troubles=tuple(troubles),
    )


@contextmanager
def _noted(troubles: list[WorkflowError]) -> "Iterator[None]":
    """Note down what could not be done, and go on."""
    try:
        yield
    except WorkflowError as error:
        troubles.append(error)


def _raise_due(application: bootstrap.Application, troubles: list[WorkflowError]) -> int:
    """Raise the digests and the heads of the audit log that are due; return how many."""
    digests = application.digests.raise_due()
    with _noted(troubles):
        digests += application.heads.anchor_due(bootstrap.ZONE)
    return digests


def work_until_stopped(
    application: bootstrap.Application,
    *,
    say: Callable[[str], None],
    company: Company | None = None,
    every_seconds: float | None = None,
) -> None:
    """Sweep and send on time until SIGTERM or SIGINT; each job works in a thread of its own."""
    stop = threading.Event()
    jobs = {"sweep": _sweeping(application, say)}
    if application.settings.smtp_url:
        jobs["mail"] = _sending(application, say, stop)
    else:
        say(bootstrap.office.NO_MAIL_SERVER)
    if application.settings.imap_url:
        jobs["answers"] = _collecting(application, say, stop)
    jobs.update(company.jobs(stop) if company else {})
    beside = company.working(stop) if company else nullcontext()
    with _stopping(stop), _pages(application, say), beside:
        say("running; stop it with Ctrl-C or SIGTERM")
        seconds = every_seconds or bootstrap.scheduler.EVERY_SECONDS
        timed = [bootstrap.scheduler.Job(n, call, seconds) for n, call in jobs.items()]
        bootstrap.scheduler.run(timed, stop)
    say("stopped; nothing is lost")


@contextmanager
def _pages(application: bootstrap.Application, say: Callable[[str], None]) -> "Iterator[None]":
    """Serve the pages beside the rest, where the site has an address."""
    if not application.settings.base_url:
        yield
        return
    with bootstrap.server.serving(application.pages, listen_at(application.settings)) as server:
        say(f"pages at {server.address}, for {application.settings.base_url}")
        yield


def serve_until_stopped(
    application: bootstrap.Application, *, listen: str | None, say: Callable[[str], None]
) -> None:
    """Serve the pages, and nothing else, until SIGTERM or SIGINT; at `listen`, or where it is set.

    Raises:
        InvalidInput: `listen` is not HOST:PORT.
        Unavailable: nothing can listen there.
    """
    stop, place = threading.Event(), listen or listen_at(application.settings)
    with _stopping(stop):
        bootstrap.server.serve(application.pages, place, stop=stop, say=say)
    say("stopped")


def listen_at(settings: bootstrap.Settings) -> str:
    """Return where the pages are served."""
    return settings.listen or DEFAULT_LISTEN


@contextmanager
def _stopping(stop: threading.Event) -> "Iterator[None]":
    """Set an event at SIGTERM and SIGINT, and do nothing else there."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda *_: stop.set()) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _sweeping(application: bootstrap.Application, say: Callable[[str], None]) -> Callable[[], None]:
    def sweep() -> None:
        troubles: list[WorkflowError] = []
        swept, digests = application.sweep.tick(), _raise_due(application, troubles)
        if swept.looked_at or digests:
            say(f"looked at {swept.looked_at}, {swept.raised + digests} new messages")
        for reference, error in swept.failed:
            say(f"{reference} failed and is tried again in five minutes: {error}")
        for trouble in troubles:
            raise trouble

    return guarded("sweep", sweep, say)


def _sending(
    application: bootstrap.Application, say: Callable[[str], None], stop: threading.Event
) -> Callable[[], None]:
    courier = application.courier  # one for all turns: it remembers that a server needs a rest
    troubles = [""]

    def send() -> None:
        drained = courier.drain(is_stopping=stop.is_set)
        if drained.sent or drained.failed or drained.uncertain:
            say(f"sent {drained.sent}, failed {drained.failed}, uncertain {drained.uncertain}")
        if drained.trouble != troubles[0]:
            say(f"mail waits: {drained.trouble}" if drained.trouble else "mail goes again")
            troubles[0] = drained.trouble

    return guarded("mail", send, say)


def _collecting(
    application: bootstrap.Application, say: Callable[[str], None], stop: threading.Event
) -> Callable[[], None]:
    wait_seconds = [0.0]  # the first time, the others wait for us to be done

    def collect() -> None:
        collected = application.collect(wait_seconds=wait_seconds[0], is_stopping=stop.is_set)
        wait_seconds[0] = WAIT_SECONDS
        told = [
            f"{number} {name}"
            for name in ("proposed", "problem", "unmatched")
            if (number := getattr(collected, name))
        ]
        if told:
            say(f"mail came in: {', '.join(told)}")
        if collected.trouble:
            say(f"a mail is left for later: {collected.trouble}")

    return guarded("answers", collect, say)


def guarded(name: str, call: Callable[[], None], say: Callable[[str], None]) -> Callable[[], None]:
    """Return a call that never raises: the next turn tries again. What is wrong is said once."""
    told = [""]

    def guarded() -> None:
        trouble = ""
        try:
            call()
        except WorkflowError as error:
            trouble = f"{name}: {error}; it is tried again"
        except Exception as error:
            trouble = f"{name}: unexpected {type(error).__name__}: {error}; it is tried again"
        if trouble != told[0]:
            say(trouble or f"{name}: goes on")
            told[0] = trouble

    return guarded
