"""R1: what a report on the obligations of all challenges takes.

Every challenge is a whole one, with its forty tasks and its history, half of the way through. The
whole register is made, items and exceptions and holders, and then its numbers alone; the figure is
the time against the ten seconds that ten thousand challenges may take, or their share.
"""

from collections.abc import Iterator
from time import perf_counter

from benchmarks.figures import Budget, Figure
from benchmarks.ground import BEGUN, Ground, lay
from workflow.auditing.reports import Asked, Register
from workflow.clock import SetClock

BUDGET = Budget(1.0)
SECONDS, MANY = 10.0, 10_000
STEPS = 18
ROUNDS = 5


def prepare(url: str, count: int) -> Ground:
    """Return a new database at `url` with so many challenges."""
    ground = lay(url)
    ground.copy(ground.start("MODEL", steps=STEPS), count - 1)
    ground.settle()
    return ground


def measure(
    ground: Ground, *, count: int, rounds: int = ROUNDS, repeated: int = 1
) -> Iterator[Figure]:
    """Yield what a report on `count` challenges takes, and its numbers alone.

    `repeated` makes each so many times for one that is counted, as a control.
    """
    for what, is_counting in (("the register", False), ("its numbers", True)):
        yield Figure(
            code="R1",
            what=f"{what} of {count:,} challenges",
            unit="s",
            ours=[
                sum(_seconds(ground, count, is_counting=is_counting) for _ in range(repeated))
                for _ in range(rounds)
            ],
            against=[SECONDS * count / MANY] * rounds,
            budget=BUDGET,
        )


def _seconds(ground: Ground, count: int, *, is_counting: bool) -> float:
    register = Register(ground.database, SetClock(BEGUN))
    begun = perf_counter()
    report = register.report(Asked(is_counting=is_counting))
    seconds = perf_counter() - begun
    if report.basis.challenges != count or not report.numbers.totals:
        raise RuntimeError(f"{count} challenges were to be reported on, not {report.basis}")
    return seconds
