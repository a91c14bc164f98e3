"""`python -m tests.mutation`: makes small mistakes in the core, one at a time; are they noticed?"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import takewhile
from math import inf, sqrt
from pathlib import Path

from tests.mutation.drawing import Mutant, Mutants
from tests.mutation.nearness import Nearness
from tests.mutation.trying import DEATHS, Trial, Verdict, preload

ROOT = Path(__file__).resolve().parents[2]
TESTS = ["tests/unit/model"]
BROAD = (
    "tests/unit/model/chronicle/test_stories.py",
    "tests/unit/model/checks/test_damages.py",
)
"""Those that look at the whole core: whole lives, and whatever may be wrong in a definition."""

Tried = list[tuple[Mutant, Verdict]]


def read_arguments() -> argparse.Namespace:
    """Return what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("--sample", default="400", help='how many are drawn, or "all"')
    parser.add_argument("--seed", type=int, default=1, help="which are drawn")
    parser.add_argument("--only", default="", help="a part of PATH:LINE: of the places to look at")
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--package", default="workflow/model", help="what mistakes are made in")
    parser.add_argument("--tests", nargs="+", default=TESTS)
    parser.add_argument("--files", type=int, help="so many test files for each one, not all")
    parser.add_argument("--minutes", type=float, default=inf, help="draw no more after so long")
    parser.add_argument("--into", type=Path, help="write the result here, as JSON")
    parser.add_argument("--progress", action="store_true", help="say how each one ended")
    parser.add_argument("--least", type=float, default=0.0, help="fail under this score (0 to 1)")
    return parser.parse_args()


def interval(killed: int, tried: int) -> tuple[float, float]:
    """Return the 95 % interval of Wilson for a share of a sample."""
    z, share = 1.96, killed / tried
    middle = share + z * z / (2 * tried)
    half = z * sqrt(share * (1 - share) / tried + z * z / (4 * tried * tried))
    return (middle - half) / (1 + z * z / tried), (middle + half) / (1 + z * z / tried)


def try_all(asked: argparse.Namespace, mutants: Mutants) -> Iterator[tuple[Mutant, Verdict]]:
    """Yield each mutant that is drawn and what became of it."""
    broad = tuple(test for test in BROAD if (asked.root / test).exists())
    near = Nearness(asked.root, asked.package, asked.tests, broad=broad)
    trial = Trial(asked.root)
    preload()
    drawn = mutants.drawn(None if asked.sample == "all" else int(asked.sample), seed=asked.seed)
    end = time.monotonic() + 60 * asked.minutes
    for number, mutant in enumerate(takewhile(lambda _: time.monotonic() < end, drawn), start=1):
        verdict, test = trial.attempt(mutant, near.tests(mutant.path, most=asked.files))
        if asked.progress:
            print(f"{number} {verdict}: {mutant}{test and f' ({test})'}", flush=True)
        yield mutant, verdict
    for test in trial.unsound:
        print(f"left out, since it fails without any mistake: {test}")


def report(tried: Tried, there_are: int, seed: int) -> float:
    """Print the score and those that lived; return the score."""
    dead = sum(verdict in DEATHS for _, verdict in tried)
    low, high = interval(dead, len(tried))
    living = [(mutant, verdict) for mutant, verdict in tried if verdict not in DEATHS]
    for mutant, verdict in sorted(living, key=lambda pair: (pair[0].path, pair[0].line)):
        print(f"{verdict}: {mutant}")
    print(f"tried {len(tried)} of {there_are} mutants (seed {seed}):", dict(_counts(tried)))
    print(f"score {dead / len(tried):.1%} (95 % interval {low:.1%} to {high:.1%})")
    return dead / len(tried)


def _counts(tried: Tried) -> Counter[str]:
    return Counter(str(verdict) for _, verdict in tried)


def main() -> None:
    """Draw, try, report."""
    asked = read_arguments()
    asked.root = asked.root.resolve()
    os.chdir(asked.root)
    sys.path.insert(0, str(asked.root))
    mutants = Mutants(asked.root, asked.package, only=asked.only)
    tried = list(try_all(asked, mutants))
    if not tried:
        sys.exit("nothing was tried: there is nothing to mutate, or no time")
    score = report(tried, len(mutants), asked.seed)
    if asked.into:
        result = [{"mutant": str(mutant), "verdict": str(verdict)} for mutant, verdict in tried]
        asked.into.write_text(json.dumps(result, indent=1), encoding="utf-8")
    if score < asked.least:
        sys.exit(f"the score is under {asked.least:.0%}")


if __name__ == "__main__":
    main()
