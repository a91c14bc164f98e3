"""P4 and P5: what a sweep costs among a hundred times as many challenges.

Two databases that differ in nothing but their number of challenges are swept in turns. Every
challenge is a whole one, with its forty tasks, its history and its messages. P4: nothing is due,
and the clock stands where the sweep before has left it, so that nothing but looking is measured.
P5: the same hundred are due in both, spread over all there are; each has rungs that speak.
"""

from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from time import perf_counter

from benchmarks.figures import Budget, Figure
from benchmarks.ground import BEGUN, Ground, lay
from workflow.clock import SetClock
from workflow.sweep import Sweep

IDLE, DUE = Budget(1.5), Budget(2.5)
LATER = timedelta(days=8)  # the first reminders speak a week after the start
DUE_AT_ONCE = 100
SWEEPS = 200


@dataclass(frozen=True, slots=True)
class Field:
    """A database and the ids of the challenges in it, which all sleep."""

    ground: Ground
    ids: range

    def idle(self) -> float:
        """Sweep when nothing is due; return the milliseconds."""
        return self._sweep(Sweep(self.ground.database, SetClock(BEGUN)), expected=0)

    def due(self, turn: int, count: int) -> float:
        """Let so many be due that never were, spread over all; return the milliseconds."""
        return self.sweep(self.ids[turn :: len(self.ids) // count][:count])

    def sweep(self, ids: range) -> float:
        """Let challenges be due, and sweep; return the milliseconds."""
        at = BEGUN + LATER
        self.ground.wake(ids, at - timedelta(hours=1))
        return self._sweep(Sweep(self.ground.database, SetClock(at)), expected=len(ids))

    def _sweep(self, sweep: Sweep, *, expected: int) -> float:
        start = perf_counter()
        swept = sweep.tick()
        seconds = perf_counter() - start
        if swept.looked_at != expected or swept.failed:
            raise RuntimeError(f"{expected} challenges were due, but the sweep says {swept}")
        return seconds * 1000


def prepare(url: str, count: int, *, models: int = 1) -> Field:
    """Return a new database at `url` with so many challenges, none of them due.

    They are copies of some `models`, a week apart: as many of each, those of one after the other.
    """
    ground = lay(url)
    made = [ground.start(f"MODEL-{number}", weeks=number) for number in range(models)]
    copies = [ground.copy(model, count // models) for model in made]
    ground.wake(made, BEGUN + LATER * 100)
    ground.settle()
    return Field(ground, range(copies[0].start, copies[-1].stop))


def measure_idle(few: Field, many: Field, *, rounds: int, sweeps: int = SWEEPS) -> Figure:
    """Return what a sweep with nothing due costs among many, against among few."""
    pairs = [_idle_round(few, many, sweeps) for _ in range(rounds + 1)][1:]  # the first one warms
    return _figure("P4", "sweep with nothing due", few, many, pairs=pairs, budget=IDLE)


def _idle_round(few: Field, many: Field, sweeps: int) -> tuple[float, float]:
    """Return the milliseconds of one sweep of each, the median of many taken in turns."""
    pairs = [(few.idle(), many.idle()) for _ in range(sweeps)]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def measure_due(few: Field, many: Field, *, rounds: int, count: int = DUE_AT_ONCE) -> Figure:
    """Return what a sweep with `count` due costs among many, against among few.

    Each round needs `count` challenges that were never due: a tenth of the few at the most.
    """
    possible = min(rounds, len(few.ids) // count - 1)
    pairs = [(few.due(turn, count), many.due(turn, count)) for turn in range(possible + 1)][1:]
    return _figure("P5", f"sweep with {count} due", few, many, pairs=pairs, budget=DUE)


def _figure(
    code: str,
    what: str,
    few: Field,
    many: Field,
    *,
    pairs: list[tuple[float, float]],
    budget: Budget,
) -> Figure:
    dialect = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[few.ground.database.dialect]
    return Figure(
        code=f"{code} {dialect}",
        what=f"{what}, of {len(many.ids):,} challenges against of {len(few.ids):,}",
        unit="ms",
        ours=[among_many for _, among_many in pairs],
        against=[among_few for among_few, _ in pairs],
        budget=budget,
    )
