"""The register of obligations, of one challenge or of all, as it stands or as it stood once.

A report of the past is made from the events up to it, under the definitions and the calendars that
counted then, so that it says what was said then. People are named as they are now. One of the
present is made from what is kept of each challenge, and of many two processes make a half each: a
challenge is seen at one moment, all of them are not.
"""

import gc
import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from workflow.auditing.accounts import Account, Counted, Desk, Job, Kept, Stopped
from workflow.clock import Clock
from workflow.model.challenge import Challenge
from workflow.model.errors import InvalidInput, NotFound, Refused
from workflow.model.events import Event
from workflow.model.planning.rulebook import Rulebook
from workflow.model.register.compliance import Item
from workflow.model.register.exceptions import Exempted
from workflow.model.register.holding import Held
from workflow.model.register.totals import Numbers
from workflow.model.register.wanted import Wanted
from workflow.store.database import Database
from workflow.store.keeping.vault import Vault
from workflow.store.register import batches
from workflow.store.register.batches import Head
from workflow.store.register.pasts import Then

PROCESSES = 2
Progress = Callable[[int, int], None]
EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks the register. `as_of` is a past moment; None is the present one.

    `is_counting` wants the numbers only. `only` are the challenges that they may see; None: all.
    """

    reference: str | None = None
    wanted: Wanted = EVERYTHING
    as_of: datetime | None = None
    is_counting: bool = False
    only: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a report was made from: the moment, how many challenges and events, the log's head.

    `destroyed` is how many challenges had been destroyed by then, of which nothing can be said.
    """

    as_of: datetime
    challenges: int
    events: int
    destroyed: int
    head: Head | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """How obligations stand, who holds what, which exceptions were made, what was counted."""

    basis: Basis
    numbers: Numbers
    items: tuple[Item, ...] = ()
    held: tuple[Held, ...] = ()
    kept: tuple[Kept, ...] = ()
    stopped: tuple[Stopped, ...] = ()
    exempted: tuple[Exempted, ...] = ()
    counted: tuple[Counted, ...] = ()

    @property
    def breaches(self) -> tuple[Item, ...]:
        """The obligations whose limit was missed."""
        return tuple(item for item in self.items if item.is_breach)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One challenge at a moment, with its rules and all that had happened by then."""

    rulebook: Rulebook
    challenge: Challenge
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How many challenges are read together, and from how many on two processes share the work.

    Before that, starting them takes longer than what they save.
    """

    at_once: int = 100
    shared_from: int = 1_500


class Register:
    """Answers from the register of obligations in a database. Changes nothing."""

    def __init__(self, database: Database, clock: Clock, *, pace: Pace = Pace()) -> None:
        self.database, self.clock, self.pace = database, clock, pace

    def report(
        self, asked: Asked | None = None, *, on_progress: Progress = lambda done, total: None
    ) -> Report:
        """Return how the obligations of one challenge, or of all, stand or stood.

        Raises:
            NotFound: there is no such challenge, obligation, stage or client.
            InvalidInput: the moment has not come yet.
            Refused: the challenge had not begun by then, or is destroyed.
        """
        asked = asked or Asked()
        at = self._moment(asked.as_of)
        job = Job(
            at=at,
            is_past=asked.as_of is not None,
            wanted=asked.wanted,
            is_counting=asked.is_counting,
        )
        with self.database.reading() as link:
            gone = batches.destroyed(link, at=self.clock.now())
            known = _visible(batches.scope(link, asked.reference), asked.only)
            head = batches.head(link, at=at)
        ids = [number for number in known if number not in gone]
        account = self._account(job, ids, on_progress)
        if asked.reference and not account.challenges:
            raise _nothing(asked.reference, is_destroyed=len(ids) < len(known))
        _check_names(asked.wanted, account)
        basis = Basis(
            as_of=at,
            challenges=account.challenges,
            events=account.events,
            destroyed=len(known) - len(ids),
            head=head,
        )
        return _report(basis, account)

    def life(self, reference: str, as_of: datetime | None = None) -> Life:
        """Return one challenge with its history, as it is or was.

        Raises:
            NotFound: there is no such challenge.
            InvalidInput: the moment has not come yet.
            Refused: it had not begun by then, or is destroyed.
        """
        then = Then(self._moment(as_of))
        with self.database.reading() as link:
            ids = [number for number, _ in batches.scope(link, reference)]
            for past in then.pasts(link, ids):
                rulebook = then.rulebook(link, past.challenge.content_hash)
                return Life(rulebook=rulebook, challenge=past.challenge, events=tuple(past.events))
            gone = batches.destroyed(link, at=self.clock.now())
        raise _nothing(reference, is_destroyed=not gone.isdisjoint(ids))

    def lives(
        self, asked: Asked, *, on_progress: Progress = lambda done, total: None
    ) -> Iterator[Life]:
        """Yield challenges with their histories, one by one, without those not begun by then.

        Raises:
            NotFound: there is no such challenge.
            InvalidInput: the moment has not come yet.
        """
        then = Then(self._moment(asked.as_of))
        with self.database.reading() as link:
            known = _visible(batches.scope(link, asked.reference), asked.only)
            for done, number in enumerate(known, 1):
                for past in then.pasts(link, [number]):
                    rulebook = then.rulebook(link, past.challenge.content_hash)
                    yield Life(
                        rulebook=rulebook, challenge=past.challenge, events=tuple(past.events)
                    )
                on_progress(done, len(known))

    def _moment(self, as_of: datetime | None) -> datetime:
        now = self.clock.now()
        if as_of is not None and as_of > now:
            raise InvalidInput(
                "what is not past cannot be looked back to: --as-of takes a day or a moment "
                "up to now"
            )
        return as_of or now

    def _account(self, job: Job, ids: Sequence[int], on_progress: Progress) -> Account:
        """Do the job for all challenges, batch by batch."""
        whole = Account()
        at_once = self.pace.at_once
        parts = [ids[first : first + at_once] for first in range(0, len(ids), at_once)]
        is_shared = len(ids) >= self.pace.shared_from
        for account in self._shared(job, parts) if is_shared else self._alone(job, parts):
            whole.merge(account)
            on_progress(whole.challenges, len(ids))
        return whole

    def _alone(self, job: Job, parts: Sequence[Sequence[int]]) -> Iterator[Account]:
        desk = Desk(job)
        with self.database.reading(is_sealed=job.is_counting) as link:
            for ids in parts:
                yield desk.account(link, ids)

    def _shared(self, job: Job, parts: Sequence[Sequence[int]]) -> Iterator[Account]:
        place = (self.database.url, self.database.vault.folder)
        with (
            _without_looking_for_circles(),
            ProcessPoolExecutor(
                PROCESSES,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_Colleague.begin,
                initargs=(*place, job),
            ) as colleagues,
        ):
            yield from colleagues.map(_Colleague.account, parts)


class _Colleague:
    """A process that does a part of the work, on a connection of its own."""

    database: Database
    desk: Desk

    @classmethod
    def begin(cls, url: str, vault: Path, job: Job) -> None:
        """Open the database once for all parts; who is alone goes home."""
        gc.disable()
        threading.Thread(target=_leave_with_parent, daemon=True).start()
        cls.database, cls.desk = Database(url, vault=Vault(vault)), Desk(job)

    @classmethod
    def account(cls, ids: Sequence[int]) -> Account:
        """Do one part."""
        with cls.database.reading(is_sealed=cls.desk.job.is_counting) as link:
            return cls.desk.account(link, ids)


def _visible(found: Sequence[tuple[int, str]], only: frozenset[str] | None) -> list[int]:
    """Return the ids of challenges that the asker may see."""
    return [number for number, name in found if only is None or name in only]


def _check_names(wanted: Wanted, account: Account) -> None:
    """Refuse a name that nothing has, before an empty list is shown.

    Raises:
        NotFound: the nearest are named.
    """
    asked = {"obligation": wanted.obligation, "stage": wanted.stage}
    for kind, name in asked.items():
        if name and name not in account.names.get(kind, ()):
            raise NotFound(kind, name, sorted(account.names.get(kind, ())))
    clients = account.names.get("client", set())
    if wanted.client and not any(wanted.is_for(client) for client in clients):
        raise NotFound("client", wanted.client, sorted(clients))


@contextmanager
def _without_looking_for_circles() -> Iterator[None]:
    """Do without the collector: nothing in an account is a circle, and it looks at everything."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _leave_with_parent() -> None:
    """End this process when the one that asked for it has ended, whatever ended that."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _report(basis: Basis, account: Account) -> Report:
    return Report(
        basis=basis,
        numbers=account.numbers,
        items=tuple(account.items),
        held=tuple(account.held),
        kept=tuple(account.kept),
        stopped=tuple(account.stopped),
        exempted=tuple(account.exempted),
        counted=tuple(account.counted),
    )


def _nothing(reference: str, *, is_destroyed: bool) -> Refused:
    """Return why nothing can be said of a challenge that there is."""
    if is_destroyed:
        return Refused(
            f"{reference} is destroyed: nothing is left of it but its entries in the audit log",
            kind="destroyed",
            hint=f"see peer-challenge certificate list {reference}",
        )
    return Refused(
        f"{reference} had not begun by then: there is nothing to report",
        kind="not_begun",
        hint="ask as of a later day",
    )
