"""P3: starting a challenge with all of its forty tasks planned, each for good.

R is a bare transaction of the same shape: a challenge, forty tasks, forty timers, a line of
history; no rules, no team, no messages. SpiffWorkflow makes a case and saves it. Our challenges are
a week apart, as nobody is on two visits at once: none begins on dates that were reckoned before.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from benchmarks.completion import open_raw, timed
from benchmarks.figures import Budget, Figure
from benchmarks.ground import TASKS, Ground, lay
from benchmarks.peers.comparing import SPIFF, OnMissing, Peer, begun
from workflow.store.database import Database

OF_RAW, OF_SPIFF = Budget(0.5, is_floor=True), Budget(4, is_floor=True)
SLICE, SLICES = 20, 2


def measure(
    folder: Path,
    *,
    rounds: int = 5,
    size: int = SLICE,
    peers: Sequence[Peer] = (SPIFF,),
    on_missing: OnMissing,
    on_ready: Callable[[Database], None] = lambda database: None,
) -> Iterator[Figure]:
    """Yield our rate against R and against SpiffWorkflow; `on_ready` may spoil our database."""
    ground = lay(f"sqlite:///{folder / 'created.db'}")
    ground.start("MODEL")
    on_ready(ground.database)
    raw = open_raw(folder / "raw.db", challenges=0)
    rates: list[dict[str, float]] = []
    with closing(raw.connection), closing(ground.database), ExitStack() as stack:
        workers = begun(stack, peers, folder, on_missing=on_missing)
        for turn in range(rounds + 1):
            seconds = dict.fromkeys(("ours", "raw", *(peer.title for peer in workers)), 0.0)
            for number in range(turn * SLICES, (turn + 1) * SLICES):
                numbers = range(number * size, (number + 1) * size)
                seconds["ours"] += timed(lambda them: _create(ground, them), numbers)
                seconds["raw"] += timed(raw.create, numbers)
                for peer, worker in workers.items():
                    seconds[peer.title] += worker.ask("create", size).seconds
            rates.append({name: SLICES * size / spent for name, spent in seconds.items()})
    yield _figure("a bare transaction (R)", rates, "raw", OF_RAW)
    for peer in workers:
        yield _figure(peer.title, rates, peer.title, OF_SPIFF)


def _create(ground: Ground, numbers: range) -> None:
    engine = ground.engine()
    for number in numbers:
        new = ground.new(f"N-{number}", weeks=1 + number)
        engine.start(new, actor=ground.administrator)


def _figure(against: str, rates: Sequence[dict[str, float]], name: str, budget: Budget) -> Figure:
    measured = rates[1:]  # the first round fills caches and files
    return Figure(
        code="P3",
        what=f"a challenge of {TASKS} tasks started, against {against}",
        unit="/s",
        ours=[one["ours"] for one in measured],
        against=[one[name] for one in measured],
        budget=budget,
    )
