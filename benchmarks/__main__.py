"""`python -m benchmarks`: measures the figures, and writes a table, drawings, and all numbers."""

import argparse
import json
import platform
import sqlite3
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import plots, servers
from benchmarks.figures import Figure, table
from benchmarks.menu import FIGURES, FULL, MEASURES, QUICK, Effort, say
from benchmarks.sizes import growth
from benchmarks.sizes.growth import Series, Sizes

RESULTS = Path("build/benchmarks.json")
GROWTH = "growth"
QUICKLY = Sizes((600, 2_000, 6_000), (6, 16, 36), (200, 500, 1_000))


@dataclass(frozen=True, slots=True)
class Found:
    """What was measured, and what could not be."""

    figures: list[Figure]
    series: list[Series]
    missing: list[str]


def read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """Return what to measure, how long, and where."""
    choices = (*FIGURES, GROWTH)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=choices, action="append", help="only this one; repeat it")
    parser.add_argument("--rounds", type=int, help=f"rounds to measure ({FULL.rounds})")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK.many:,} challenges, not more")
    parser.add_argument(
        "--json", type=Path, default=RESULTS, help=f"all numbers ({RESULTS}); the rest beside it"
    )
    parser.add_argument("--folder", type=Path, help="where the SQLite files lie meanwhile")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, write."""
    asked = read_arguments(arguments)
    standard = QUICK if asked.quick else FULL
    missing = list[str]()
    effort = Effort(
        asked.rounds or standard.rounds, standard.few, standard.many, leave_out=missing.append
    )
    only = set(asked.only or (*FIGURES, GROWTH))
    found = Found([], [], missing)
    for measure in MEASURES:
        with _folder(asked.folder) as folder, _going_on(measure.__name__, missing):
            for figure in measure(folder, effort, only):
                found.figures.append(figure)
                _write(asked.json, found, effort)  # what is measured so far is not lost
    if GROWTH in only:
        say("growth: with challenges, with tasks, with events")
        sizes = QUICKLY if asked.quick else Sizes()
        with _folder(asked.folder) as folder, _going_on(GROWTH, missing):
            for one in growth.measure(servers.in_folder(folder), sizes, rounds=effort.rounds):
                found.series.append(one)
    _write(asked.json, found, effort)
    print(_page(found))


def _write(results: Path, found: Found, effort: Effort) -> None:
    """Write the tables, the drawings and all numbers."""
    results.parent.mkdir(parents=True, exist_ok=True)
    drawings = _drawings(results, found)
    for path, drawing in drawings.items():
        path.write_text(drawing)
    shown = [f"![{path.stem}]({path.name})" for path in drawings]
    page = "\n\n".join((_page(found), *shown))
    results.with_suffix(".md").write_text(f"{page}\n")
    results.write_text(json.dumps(_results(found, effort), indent=1) + "\n")


@contextmanager
def _folder(where: Path | None) -> Iterator[Path]:
    """Make a folder for what is needed meanwhile."""
    with tempfile.TemporaryDirectory(prefix="benchmark-", dir=where) as folder:
        yield Path(folder)


@contextmanager
def _going_on(name: str, missing: list[str]) -> Iterator[None]:
    """Let the others be measured when one fails; what failed is said."""
    try:
        yield
    except Exception as error:  # the rim: an hour's figures are not lost for one
        traceback.print_exc()
        missing.append(f"{name} failed: {error}")


def _page(found: Found) -> str:
    """Return what was found as Markdown: tables, and what is missed or left out."""
    missed = [figure.code for figure in found.figures if not figure.is_met]
    parts = [
        table(found.figures) if found.figures else "",
        growth.table(found.series) if found.series else "",
        f"Missed: {', '.join(missed)}." if missed else "Every budget is met.",
        *found.missing,
    ]
    return "\n\n".join(filter(None, parts))


def _drawings(results: Path, found: Found) -> dict[Path, str]:
    """Return drawings by the files that they go to."""
    drawn = {}
    if any(figure.budget and figure.budget.limit for figure in found.figures):
        drawn[results.with_name(f"{results.stem}-budgets.svg")] = plots.budgets(found.figures)
    for one in found.series:
        name = f"{results.stem}-by-{one.axis.partition(' ')[0]}.svg"
        lines = {
            what: [(float(size), costs[what]) for size, costs in one.points]
            for what in growth.WHATS
        }
        drawn[results.with_name(name)] = plots.lines("What it costs", one.axis, lines)
    return drawn


def _results(found: Found, effort: Effort) -> dict[str, object]:
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "rounds": effort.rounds,
        "challenges": {"few": effort.few, "many": effort.many},
        "figures": [figure.as_json() for figure in found.figures],
        "growth": [one.as_json() for one in found.series],
        "left_out": found.missing,
    }


if __name__ == "__main__":
    main()
