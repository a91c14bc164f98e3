"""What another calendar would change, over all challenges that go on: looked at, never kept.

Many challenges are counted in two processes, each with a connection of its own, a page at a time.
Nobody ever holds more than the pages that are being counted, so that ten thousand take no more
memory than a few hundred.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from workflow.model.calendar import Calendar
from workflow.model.events import CalendarChanged, NoticeRaised
from workflow.model.planning.rulebook import base_calendars
from workflow.model.recounting.recount import Exchange, Move, Recount, recount
from workflow.store import calendars, challenges, library, rulebooks, wakeups
from workflow.store.challenges import Stored
from workflow.store.database import Database, Link
from workflow.store.keeping.vault import Vault

if TYPE_CHECKING:
    from concurrent.futures import Future

PAGE = 100
FEW = 300
"""Up to so many challenges, a second process takes longer to begin than it saves."""
PROCESSES = 2
MOST_FIRINGS = 2_000
"""How many moments of reminders a rulebook may remember from one page to the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What changes in one challenge, or what went wrong there.

    `messages` are reminders that speak at another time, `raised` are messages that go at once.
    """

    reference: str
    client: str = ""
    moves: tuple[Move, ...] = ()
    messages: int = 0
    raised: int = 0
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some challenges that were looked at, and what changes in those of them that change."""

    number: int
    effects: tuple[Effect, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended:
    """A base calendar before and after a change.

    `days` are worked before or after it only; none where holidays have other names only. By the
    right `authority` it is changed.
    """

    before: Calendar
    after: Calendar
    days: tuple[date, ...]
    changed: CalendarChanged
    authority: str = ""
    exchanges: dict[str, Exchange] = field(default_factory=dict, compare=False, repr=False)

    def exchange(self, link: Link, content_hash: str) -> Exchange:
        """Return a definition made ready under the calendar before and after; each is made once."""
        found = self.exchanges.get(content_hash)
        if found is None:
            definition = library.fetch(link, content_hash)
            names = base_calendars(definition)
            bases = {name: calendars.latest(link, name) for name in names}
            old, new = (
                rulebooks.made(definition, {**bases, calendar.name: calendar})
                for calendar in (self.before, self.after)
            )
            if len(self.exchanges) >= rulebooks.REMEMBERED:
                self.exchanges.clear()
            found = self.exchanges[content_hash] = Exchange(old, new, self.days)
        return found

    def count_anew(self, link: Link, stored: Stored) -> Recount | None:
        """Return what the change comes to in a challenge; None when it comes to nothing."""
        challenge, at = stored.challenge, self.changed.at
        if not self.days:
            return None
        exchange = self.exchange(link, challenge.content_hash)
        is_due = stored.wake_at is not None and stored.wake_at <= at
        found = recount(exchange, challenge, self.changed, wakes=stored.wakes, is_due=is_due)
        return found if found.is_touched else None

    def forget(self) -> None:
        """Forget what was remembered of other challenges, where it has become much."""
        for exchange in self.exchanges.values():
            for rulebook in (exchange.old, exchange.new):
                if len(rulebook.firings) > MOST_FIRINGS:
                    rulebook.firings.clear()


def users_of(link: Link, name: str) -> list[str]:
    """Return the hashes of the definitions that use a base calendar."""
    hashes = [one.content_hash for one in library.listed(link)]
    return [
        content_hash
        for content_hash in hashes
        if name in base_calendars(library.fetch(link, content_hash))
    ]


def differing(before: Calendar, after: Calendar) -> tuple[date, ...]:
    """Return the days, of the years that are stored, that are a holiday in one of two only."""
    return tuple(
        day
        for year in after.years
        for day in sorted(before.holidays(year).keys() ^ after.holidays(year).keys())
    )


def effect_of(found: Recount) -> Effect:
    """Return what a change comes to in a challenge, as it is shown."""
    since = next(
        number for number, event in enumerate(found.events) if isinstance(event, CalendarChanged)
    )
    raised = (event for event in found.events[since:] if isinstance(event, NoticeRaised))
    return Effect(
        reference=found.after.reference,
        client=found.after.client,
        moves=found.moves,
        messages=found.messages,
        raised=sum(1 for event in raised if event.recipient is not None),
    )


def pages(database: Database, hashes: Sequence[str]) -> Iterator[list[int]]:
    """Yield the ids of what goes on under some definitions, a page at a time."""
    last = 0
    while True:
        with database.reading() as link:
            ids = wakeups.going_on(link, hashes, after=last, limit=PAGE)
        if not ids:
            return
        yield ids
        last = ids[-1]


def look(database: Database, amended: Amended, ids: Sequence[int]) -> Page:
    """Return what a change would come to in some challenges; one that fails says so."""
    effects = []
    for challenge_id in ids:
        with database.reading() as link:
            stored = challenges.load_by_id(link, challenge_id)
            try:
                found = amended.count_anew(link, stored)
            except Exception as error:  # one challenge must not hide what becomes of the others
                effects.append(
                    Effect(reference=stored.challenge.reference, failure=failure_of(error))
                )
                continue
        if found is not None:
            effects.append(effect_of(found))
    amended.forget()
    return Page(number=len(ids), effects=tuple(effects))


def failure_of(error: Exception) -> str:
    """Return what went wrong, in one line."""
    return f"{type(error).__name__}: {error}"


def looked_at(database: Database, amended: Amended) -> Iterator[Page]:
    """Yield what a change would come to in all that goes on and uses the calendar, in order."""
    with database.reading() as link:
        hashes = users_of(link, amended.after.name)
        number = wakeups.number_going_on(link, hashes)
    if number > FEW:
        yield from _in_processes(database, amended, hashes)
    else:
        yield from (look(database, amended, ids) for ids in pages(database, hashes))


def _in_processes(database: Database, amended: Amended, hashes: Sequence[str]) -> Iterator[Page]:
    """Yield the pages that several processes count; only a few wait at any time."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(
        PROCESSES,
        mp_context=get_context("spawn"),  # a connection does not survive a fork
        initializer=_begin,
        initargs=(database.url, database.vault.folder, amended),
    )
    waiting: deque[Future[Page]] = deque()
    try:
        for ids in pages(database, hashes):
            waiting.append(pool.submit(_look, ids))
            if len(waiting) > 2 * PROCESSES:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


_own: dict[str, tuple[Database, Amended]] = {}  # of a process that counts


def _begin(url: str, folder: Path, amended: Amended) -> None:
    import gc

    gc.freeze()  # what is loaded by now stays: looking for rubbish in it takes a fifth of the time
    _own["work"] = (Database(url, vault=Vault(folder)), amended)


def _look(ids: Sequence[int]) -> Page:
    database, amended = _own["work"]
    return look(database, amended, ids)
