"""P11 and P12: the same completion by eight processes at once.

P11, on PostgreSQL: eight clients of ours against eight that do the least, six round trips each;
the server waits for its disk at each commit. P12, on SQLite, where one writes at a time: eight
processes against one, how long the slowest in a hundred takes, and that nobody is told that the
file is locked. The clients run all the time; a turn ends when the last of them has answered.
"""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from time import perf_counter

import psycopg

from benchmarks.completion import prepare_at
from benchmarks.crowds import bare
from benchmarks.crowds.client import Shared
from benchmarks.figures import Budget, Figure
from benchmarks.peers.wire import Worker, working
from workflow.store.database import BUSY_SECONDS, Database

OF_BARE, OF_ONE = Budget(0.6, is_floor=True), Budget(0.7, is_floor=True)
IN_TIME, NONE = Budget(1.0), Budget(0.0)
CLIENTS, SLICE, SLOWEST = 8, 18, 0.99
"""Each client completes each of the eighteen steps once in a turn."""
MILLISECONDS = 100.0
"""What the slowest completion in a hundred may take."""

OnReady = Callable[[Database], None]


@dataclass(slots=True)
class Turn:
    """What a turn of a crowd took, in all and each time."""

    seconds: float = 0.0
    each: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return the completions of a second."""
        return len(self.each) / self.seconds

    def slowest(self) -> float:
        """Return what the slowest in a hundred took, in milliseconds."""
        kept = sorted(one for one in self.each if one >= 0)
        return 1000 * kept[min(len(kept) - 1, int(len(kept) * SLOWEST))]

    @property
    def failed(self) -> int:
        """Return how many a user would have been told had failed."""
        return sum(one < 0 for one in self.each)


def measure_postgresql(
    url: str,
    folder: Path,
    *,
    rounds: int = 5,
    slices: int = 3,
    clients: int = CLIENTS,
    on_ready: OnReady = lambda database: None,
) -> Iterator[Figure]:
    """Yield P11, warm and cold; `on_ready` may spoil our database."""
    completions = 2 * (rounds + 1) * slices * clients * SLICE
    _lay(url, folder, completions=completions, on_ready=on_ready)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(bare.TABLES.encode())
        connection.execute(bare.FILL.encode())
    rates: dict[str, list[float]] = {"warm": [], "cold": [], "bare": []}
    with ExitStack() as stack:
        ours = _clients(stack, "client", str(folder), count=clients)
        least = _clients(stack, "bare", url, count=clients)
        for turn in range(rounds + 1):
            taken = {name: Turn() for name in rates}
            for _ in range(slices):
                together(ours, "read", SLICE)
                for name in ("warm", "cold"):
                    _add(taken[name], together(ours, name, SLICE))
                _add(taken["bare"], together(least, "complete", SLICE))
            for name, took in taken.items():
                if turn:  # the first one fills caches and files
                    rates[name].append(slices * clients * SLICE / took.seconds)
    for name in ("warm", "cold"):
        yield Figure(
            code=f"P11 {name}",
            what=f"one task done, {name}, {clients} clients on PostgreSQL, against six round trips",
            unit="/s",
            ours=rates[name],
            against=rates["bare"],
            budget=OF_BARE,
        )


def measure_sqlite(
    url: str,
    folder: Path,
    *,
    rounds: int = 5,
    slices: int = 3,
    clients: int = CLIENTS,
    busy_seconds: float = BUSY_SECONDS,
) -> Iterator[Figure]:
    """Yield P12; so long a client waits for another before it gives up."""
    turns = count()
    completions = (2 * (rounds + 1) * slices + clients) * clients * SLICE
    _lay(url, folder, completions=completions, busy_seconds=busy_seconds)
    taken: list[tuple[Turn, Turn]] = []
    with ExitStack() as stack:
        crowd = _clients(stack, "client", str(folder), count=clients)
        for _ in range(rounds + 1):
            many, alone = Turn(), Turn()
            for _ in range(slices):
                together(crowd, "read", SLICE)
                _add(many, together(crowd, "warm", SLICE))
                one = [crowd[next(turns) % clients]]
                for _ in range(clients):
                    together(one, "read", SLICE)
                    _add(alone, together(one, "warm", SLICE))
            taken.append((many, alone))
    yield from _of_sqlite(taken[1:], clients)


def _of_sqlite(taken: Sequence[tuple[Turn, Turn]], clients: int) -> Iterator[Figure]:
    what = f"{clients} processes writing on SQLite"
    ones = [1.0] * len(taken)
    yield Figure(
        code="P12 rate",
        what=f"one task done, {what}, against one process",
        unit="/s",
        ours=[many.rate for many, _ in taken],
        against=[alone.rate for _, alone in taken],
        budget=OF_ONE,
    )
    yield Figure(
        code="P12 slowest",
        what=f"{what}: the slowest in a hundred, against {MILLISECONDS:g} ms",
        unit="ms",
        ours=[many.slowest() for many, _ in taken],
        against=[MILLISECONDS for _ in taken],
        budget=IN_TIME,
        facts={"alone_ms": max(alone.slowest() for _, alone in taken)},
    )
    yield Figure(
        code="P12 refused",
        what=f"{what}: told that it is locked, of {len(taken[0][0].each):,} each round",
        unit="",
        ours=[many.failed for many, _ in taken],
        against=ones,
        budget=NONE,
    )


def together(workers: Sequence[Worker], do: str, count: int) -> Turn:
    """Let workers do something at once; return what it took until the last had answered."""
    begun = perf_counter()
    for worker in workers:
        worker.send(do, count)
    answers = [worker.receive() for worker in workers]
    return Turn(perf_counter() - begun, [one for answer in answers for one in answer.each])


def _add(turn: Turn, more: Turn) -> None:
    turn.seconds += more.seconds
    turn.each += more.each


def _lay(
    url: str,
    folder: Path,
    *,
    completions: int,
    on_ready: OnReady = lambda database: None,
    busy_seconds: float = BUSY_SECONDS,
) -> None:
    """Make a database with challenges for so many completions, and leave word of it."""
    course = prepare_at(url, completions=completions)
    with closing(course.ground.database):
        on_ready(course.ground.database)
        ids = [list(numbers) for numbers in course.ids]
        Shared(url, course.ground.people, ids, busy_seconds).write(folder)


def _clients(stack: ExitStack, module: str, place: str, *, count: int) -> list[Worker]:
    """Run so many clients of a module of this folder."""
    code = f"from benchmarks.crowds.{module} import main; main()"
    return [
        worker
        for number in range(count)
        for worker in stack.enter_context(
            working([sys.executable, "-c", code, place, str(number), str(count)])
        )
    ]
