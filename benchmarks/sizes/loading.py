"""L1: a programme of half a million tasks in one SQLite file: steps, sweeps and pages there.

Each is held against what somebody who waits for it may be asked to wait. A step is one that a
person takes by hand, with a reason for what is missing: a stage is entered, tasks open, notices are
written. Each is taken by a challenge that this process has not seen before, all in one process.
"""

from collections.abc import Iterator, Sequence
from math import ceil
from statistics import median
from time import perf_counter

from benchmarks.figures import Budget, Figure
from benchmarks.ground import TASKS
from benchmarks.sizes.listing import open_page
from benchmarks.sweeping import Field
from workflow.model.commands import Advance

LOAD = 500_000
STEPS_A_SECOND, SWEEP_MS, PAGE_MS = 50.0, 1_000.0, 300.0
AT_LEAST, AT_MOST = Budget(1.0, is_floor=True), Budget(1.0)
STEPS, SWEEPS, PAGES = 100, 20, 200
"""So many of each a round."""
SLOW = 0.95
"""Of a hundred pages the slowest five are left out."""

_STEP = Advance(trigger="go", reason="measured", override="what is missing is measured, too")


def challenges_for(tasks: int) -> int:
    """Return how many challenges have so many tasks in all."""
    return ceil(tasks / TASKS)


def measure(
    field: Field, *, rounds: int, steps: int = STEPS, pages: int = PAGES
) -> Iterator[Figure]:
    """Yield steps in a second, a sweep with nothing due, and how slow a page of fifty may be."""
    among = f"among {len(field.ids) * TASKS:,} tasks"
    turns = [field.ids[turn :: rounds + 1] for turn in range(rounds + 1)]
    swept = [median(field.idle() for _ in range(SWEEPS)) for _ in turns]
    opened = [_slow_page(field, ids[:: max(1, len(ids) // pages)]) for ids in turns]
    taken = [_steps(field, ids[:steps]) for ids in turns]
    for what, ours, against, budget, unit in (
        ("steps in a second", taken, STEPS_A_SECOND, AT_LEAST, "/s"),
        ("a sweep with nothing due", swept, SWEEP_MS, AT_MOST, "ms"),
        ("the slowest but five of a hundred pages", opened, PAGE_MS, AT_MOST, "ms"),
    ):
        yield Figure(
            code="L1",
            what=f"{what}, {among}",
            unit=unit,
            ours=ours[1:],  # the first one warms
            against=[against] * rounds,
            budget=budget,
        )


def _steps(field: Field, ids: Sequence[int]) -> float:
    """Let each of some challenges take a step; return how many that is in a second."""
    ground = field.ground
    engine = ground.engine()
    begun = perf_counter()
    for number in ids:
        engine.act(f"C-{number}", _STEP, actor=ground.administrator)
    return len(ids) / (perf_counter() - begun)


def _slow_page(field: Field, ids: Sequence[int]) -> float:
    """Open the page after each of some challenges; return the milliseconds that the slow take."""
    taken = sorted(open_page(field, after=f"C-{number}").milliseconds for number in ids)
    return taken[int(len(taken) * SLOW)]
