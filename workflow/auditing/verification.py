"""Whether the log and all that it speaks for is intact: the tree, its heads, every challenge.

Nothing is unsealed but where a doubt remains, so that what was destroyed verifies like the rest.
Much is checked in two processes, each with a connection of its own, a page at a time: a million
events take no more memory than a few thousand.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from workflow.auditing import dossiers, trees
from workflow.auditing.trees import Expected, Grown
from workflow.store.database import Database
from workflow.store.keeping.vault import Vault
from workflow.store.log import checkpoints, reading

if TYPE_CHECKING:
    from concurrent.futures import Future
    from pathlib import Path

A_PAGE = 4_000
"""About so many events are read at once."""
FEW = 100_000
"""Up to so many events, a second process takes longer to begin than it saves."""
PROCESSES = 2
MOST_WAITING = 8
"""How many pages may wait for a process."""
HIGHEST = 2**31 - 1
"""No challenge has a higher id."""

Progress = Callable[[int, int], None]
Page = tuple[int, int]
"""The first and the last id of the challenges of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Whether all is intact, and how much was looked at. `first_bad` says what is not.

    `entries` are those in the tree, `pending` those that no head speaks for yet; `destroyed` are
    references of challenges whose events are gone, each with its certificate.
    """

    is_intact: bool
    challenges: int = 0
    events: int = 0
    entries: int = 0
    pending: int = 0
    anchors: int = 0
    destroyed: tuple[tuple[str, str], ...] = ()
    first_bad: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found on a page."""

    challenges: int
    events: int
    destroyed: tuple[tuple[str, str], ...]
    fault: str


def verify(
    database: Database,
    *,
    given: Sequence[str] = (),
    few: int = FEW,
    on_progress: Progress = lambda done, total: None,
) -> Verified:
    """Return whether all is intact; `given` are notes from outside.

    Of more than `few` events several processes look at some each.
    """
    key = checkpoints.verifier(database.vault.signer())
    with database.reading(is_sealed=True) as link:
        total = reading.total(link)
        expected = trees.expected(link, key, given)
    looks = _in_processes if total > few else _here
    challenges, events, gone, fault = 0, 0, list[tuple[str, str]](), ""
    tree = Grown(0, 0, 0)
    for found in looks(database, expected):
        if isinstance(found, Grown):
            tree = found
            continue
        challenges, events = challenges + found.challenges, events + found.events
        gone.extend(found.destroyed)
        fault = found.fault
        on_progress(events, max(events, total))
    first_bad = tree.fault or fault
    return Verified(
        is_intact=not first_bad,
        challenges=challenges,
        events=events,
        entries=tree.size,
        pending=tree.pending,
        anchors=tree.anchors,
        destroyed=tuple(gone),
        first_bad=first_bad or None,
    )


def _here(database: Database, expected: Expected) -> Iterator[Grown | Checked]:
    """Yield what is found on the pages up to the first fault, then on the tree."""
    for page in pages(database):
        found = look(database, page)
        yield found
        if found.fault:
            break
    yield trees.check(database, expected)


def pages(database: Database) -> Iterator[Page]:
    """Yield pages of challenges, by their ids, that have about as many events each."""
    first, last, events, found = 0, -1, 0, [(0, 0)]
    while found:
        with database.reading(is_sealed=True) as link:
            found = reading.sizes(link, last)
        for last, version in found:
            events += version
            if events >= A_PAGE:
                yield first, last
                first, events = last + 1, 0
    yield first, HIGHEST


def look(database: Database, page: Page) -> Checked:
    """Return what is found on a page; it ends at the first fault."""
    with database.reading(is_sealed=True) as link:
        found = reading.dossiers(link, *page)
    events, gone = 0, list[tuple[str, str]]()
    for number, dossier in enumerate(found, 1):
        events += len(dossier.events)
        if dossier.certificate:
            gone.append((dossier.reference, dossier.certificate))
        fault = next(dossiers.faults(database, dossier), "")
        if fault:
            return Checked(number, events, tuple(gone), f"{dossier.reference}: {fault}")
    return Checked(len(found), events, tuple(gone), "")


def _in_processes(database: Database, expected: Expected) -> Iterator[Grown | Checked]:
    """Yield what `_here` does, found by several processes; only a few pages wait at any time."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    context = get_context("spawn")  # a connection does not survive a fork
    own = (database.url, database.vault.folder)
    pool = ProcessPoolExecutor(PROCESSES, context, initializer=_begin, initargs=own)
    try:
        tree = pool.submit(_tree, expected)
        for found in _in_order(pool.submit(_look, page) for page in pages(database)):
            yield found
            if found.fault:
                break
        yield tree.result()
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(begun: "Iterator[Future[Checked]]") -> Iterator[Checked]:
    """Yield results in the order in which they were asked for, which is ahead of them by a few."""
    waiting = deque(islice(begun, MOST_WAITING))
    while waiting:
        yield waiting.popleft().result()
        waiting.extend(islice(begun, 1))


_own: dict[str, Database] = {}  # of a process that looks


def _begin(url: str, folder: "Path") -> None:
    import gc

    gc.freeze()  # what is loaded by now stays
    gc.set_threshold(100_000)  # nearly nothing that is made here refers to itself
    _own["database"] = Database(url, vault=Vault(folder))


def _tree(expected: Expected) -> Grown:
    return trees.check(_own["database"], expected)


def _look(page: Page) -> Checked:
    return look(_own["database"], page)
