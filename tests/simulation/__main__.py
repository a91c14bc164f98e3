"""`python -m tests.simulation`: lives seeds, prints one as a trace or many as counts.

    --seed N            one seed, with everything that happens in it
    --count N           seeds 0 to N-1        --seeds A..B   seeds A to B
    --progress          a bar

A seed that fails is added to `seeds.txt`, which every run of the tests lives again.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.progress import track

from tests.simulation.hazards import CRASH
from tests.simulation.twins import Lived, live

FAILED = Path(__file__).with_name("seeds.txt")
PROCESSES = 2
MANY, LEAST = 10_000, 100
"""From so many seeds on, every boundary must have been crashed so often."""

_console = Console(highlight=False)


def main(arguments: list[str]) -> int:
    """Live what is asked for; return how the program ends: 1 when something broke."""
    asked = _parser().parse_args(arguments)
    if asked.seed is not None:
        return _trace(asked.seed)
    first, last = asked.seeds or (0, asked.count - 1)
    lives = list(_lived(range(first, last + 1), is_shown=asked.progress))
    return _report(lives)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="one seed, as a trace")
    parser.add_argument("--seeds", type=_range, help="A..B")
    parser.add_argument("--count", type=int, default=200, help="so many seeds, from 0 on")
    parser.add_argument("--progress", action="store_true", help="show a bar")
    return parser


def _range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("..")
    return int(first), int(last or first)


def _trace(seed: int) -> int:
    def tell(at: datetime, text: str) -> None:
        _console.print(f"{at:%a %Y-%m-%d %H:%M:%S}  {text}", markup=False, soft_wrap=True)

    lived = live(seed, tell=tell)
    _console.print(lived.problem or "nothing broke", markup=False, soft_wrap=True)
    return int(bool(lived.broken))


def _lived(seeds: range, *, is_shown: bool) -> Iterator[Lived]:
    context = get_context("spawn")
    with ProcessPoolExecutor(PROCESSES, context) as pool:
        found: Iterable[Lived] = pool.map(live, seeds, chunksize=5)
        yield from track(found, "lives", len(seeds), console=_console) if is_shown else found


def _report(lives: list[Lived]) -> int:
    broken = [life for life in lives if life.broken]
    total = boundaries(lives)
    for name, (seen, crashed) in sorted(total.items(), key=lambda item: item[1][1]):
        _console.print(f"{crashed:7} crashed of {seen:9} at {name}", markup=False)
    years = sum(life.days for life in lives) / 365
    messages, copies = sum(life.messages for life in lives), sum(life.copies for life in lives)
    troubles = sum(life.done.total() for life in lives)
    _console.print(
        f"{len(lives)} seeds, {years:.1f} years, {troubles} troubles, "
        f"{messages} messages, of which {copies} were second copies (I17)"
    )
    for life in broken:
        _console.print(f"seed {life.seed}: {life.problem}", markup=False, soft_wrap=True)
    remember(life.seed for life in broken)
    never = sorted(name for name, (_, crashed) in total.items() if not crashed)
    _console.print(f"never crashed: {', '.join(never) or 'none'}", markup=False, soft_wrap=True)
    seldom = [name for name, (_, crashed) in total.items() if crashed < LEAST]
    if len(lives) >= MANY and seldom:
        _console.print(f"crashed fewer than {LEAST} times: {', '.join(sorted(seldom))}")
        return 1
    return int(bool(broken))


def boundaries(lives: Iterable[Lived]) -> dict[str, tuple[int, int]]:
    """Return for each boundary how often it was reached, and how often something died there."""
    seen, crashed = Counter[str](), Counter[str]()
    for life in lives:
        seen.update(life.seen)
        crashed.update({name: n for (name, kind), n in life.done.items() if kind == CRASH})
    return {name: (count, crashed[name]) for name, count in seen.items()}


def remember(seeds: Iterable[int]) -> None:
    """Add seeds to those that are lived for ever."""
    known = remembered()
    new = [seed for seed in seeds if seed not in known]
    if new:
        with FAILED.open("a", encoding="utf-8") as file:
            file.writelines(f"{seed}\n" for seed in new)


def remembered() -> list[int]:
    """Return the seeds that have failed once."""
    lines = FAILED.read_text(encoding="utf-8").split("\n")
    return [int(line) for line in lines if line.strip() and not line.startswith("#")]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
