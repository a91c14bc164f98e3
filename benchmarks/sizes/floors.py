"""F1, F3 and F6: what the database alone takes, however quick the rules are: the limit.

The statements of completions, starts and sweeps are written down as the driver gets them, with
their values. Then they are run again, bare, on a copy of the file as it was before, in turns with
what the budgets P1, P3 and P6 compare with. No rule is asked, no text is made and no key is
written meanwhile. So P1, P3 and P6 cannot be better than this without other tables.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks import completion, sweeping
from benchmarks.completion import SLICE, open_raw, timed
from benchmarks.figures import Figure
from benchmarks.ground import BEGUN, Ground, lay
from benchmarks.peers.firing import JOBS, fire
from workflow.clock import SetClock
from workflow.store.database import Database
from workflow.store.drivers import sqlite
from workflow.store.link import Connection
from workflow.sweep import Sweep

STARTS, DUE = 20, 100


@dataclass(slots=True)
class Tape:
    """Statements in their order, each with its values; `many` ran once for each of several."""

    statements: list[tuple[str, Any, bool]] = field(default_factory=list)

    def play(self, path: Path) -> float:
        """Run the statements on a database; return the seconds that they took."""
        with closing(sqlite3.connect(path, isolation_level=None, cached_statements=256)) as link:
            for setting in sqlite.SETTINGS:
                link.execute(setting)
            begun = perf_counter()
            for sql, values, is_many in self.statements:
                (link.executemany if is_many else link.execute)(sql, values).fetchall()
            return perf_counter() - begun


class _Taped:
    """A connection whose statements are written down."""

    def __init__(self, inner: Connection, tape: Tape) -> None:
        self._inner, self._tape = inner, tape
        self.rowcount = -1

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (the driver's own)
        return getattr(self._inner, name)

    def execute(self, sql: str, values: object = ()) -> Any:  # noqa: ANN401
        self._tape.statements.append((sql, values, False))
        return self._inner.execute(sql, values)

    def cursor(self) -> "_Taped":
        return self

    def executemany(self, sql: str, values: Sequence[object]) -> None:
        self._tape.statements.append((sql, values, True))
        self.rowcount = self._inner.executemany(sql, values).rowcount


class _TapedDatabase(Database):
    """A database whose statements are written down."""

    def __init__(self, url: str, tape: Tape) -> None:
        super().__init__(url)
        self._tape = tape

    def connect(self) -> Connection:
        return _Taped(super().connect(), self._tape)


@dataclass(frozen=True, slots=True)
class _Taping:
    """A ground whose statements are written down, with the file as it was before."""

    ground: Ground
    tape: Tape
    before: Path

    def play(self) -> float:
        """Run the statements on a copy of the file; return the seconds."""
        copy = self.before.with_suffix(".copy")
        shutil.copy(self.before, copy)
        for rest in ("-wal", "-shm"):
            copy.with_name(f"{copy.name}{rest}").unlink(missing_ok=True)
        return self.tape.play(copy)


def _taping(ground: Ground) -> _Taping:
    ground.database.maintain("PRAGMA wal_checkpoint(TRUNCATE)")
    tape, path = Tape(), Path(ground.database.name)
    before = path.with_suffix(".before")
    shutil.copy(path, before)
    return _Taping(
        replace(ground, database=_TapedDatabase(ground.database.url, tape)), tape, before
    )


def measure(
    folder: Path, *, rounds: int, starts: int = STARTS, due: int = DUE, repeated: int = 1
) -> Iterator[Figure]:
    """Yield what the statements alone come to; the control lets them run `repeated` times."""
    made = [folder / name for name in ("completed", "started", "swept")]
    for one in made:
        one.mkdir()
    yield from _completions(made[0], rounds, repeated)
    yield from _starts(made[1], rounds, starts, repeated)
    yield from _sweeps(made[2], rounds, due, repeated)


def _completions(folder: Path, rounds: int, repeated: int) -> Iterator[Figure]:
    course = completion.prepare(folder, slices=1)
    wanted = course.next_slice()
    taping = _taping(course.ground)
    course.read(wanted)
    with closing(taping.ground.database), closing(course.ground.database):
        replace(course, ground=taping.ground).complete(wanted)
    raw = open_raw(folder / "raw.db", challenges=len(wanted))
    numbers = iter(range(SLICE * (rounds + 1)))
    with closing(raw.connection):
        pairs = [
            (_played(taping, repeated), timed(raw.complete, [next(numbers) for _ in wanted]))
            for _ in range(rounds + 1)
        ]
    yield _figure("F1", "one task of 40 done", "R", [(SLICE / a, SLICE / b) for a, b in pairs])


def _starts(folder: Path, rounds: int, starts: int, repeated: int) -> Iterator[Figure]:
    ground = lay(f"sqlite:///{folder / 'started.db'}")
    ground.start("MODEL")
    taping = _taping(ground)
    with closing(taping.ground.database), closing(ground.database):
        for number in range(starts):
            taping.ground.start(f"N-{number}", weeks=1 + number)
    raw = open_raw(folder / "raw.db", challenges=0)
    with closing(raw.connection):
        pairs = [
            (
                _played(taping, repeated),
                timed(raw.create, range(turn * starts, (turn + 1) * starts)),
            )
            for turn in range(rounds + 1)
        ]
    rates = [(starts / a, starts / b) for a, b in pairs]
    yield _figure("F3", "a challenge of 40 tasks started", "a bare transaction (R)", rates)


def _sweeps(folder: Path, rounds: int, due: int, repeated: int) -> Iterator[Figure]:
    swept_field = sweeping.prepare(f"sqlite:///{folder / 'swept.db'}", due, models=due)
    at = BEGUN + sweeping.LATER
    swept_field.ground.wake(swept_field.ids, at - timedelta(hours=1))
    taping = _taping(swept_field.ground)
    with closing(taping.ground.database), closing(swept_field.ground.database):
        swept = Sweep(taping.ground.database, SetClock(at)).tick()
    pairs = [(_played(taping, repeated), fire(JOBS)) for _ in range(rounds + 1)]
    rates = [(swept.raised / a, JOBS / b) for a, b in pairs]
    yield _figure("F6", f"notices of a sweep with {due} due", "APScheduler firing no-ops", rates)


def _played(taping: _Taping, repeated: int) -> float:
    return sum(taping.play() for _ in range(repeated))


def _figure(code: str, what: str, against: str, rates: list[tuple[float, float]]) -> Figure:
    return Figure(
        code=code,
        what=f"{what}: its statements alone, against {against}",
        unit="/s",
        ours=[ours for ours, _ in rates[1:]],  # the first round fills caches and files
        against=[other for _, other in rates[1:]],
    )
