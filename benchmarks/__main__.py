"""`python -m benchmarks`: measures the figures, prints a table, and writes all numbers as JSON."""

import argparse
import json
import platform
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks import (
    auditing,
    calendars,
    completion,
    grouping,
    mailing,
    planning,
    reporting,
    servers,
    starting,
    sweeping,
)
from benchmarks.figures import Figure, table

RESULTS = Path("build/benchmarks.json")


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured: rounds, and challenges in the small and the large database."""

    rounds: int
    few: int
    many: int


FULL = Effort(rounds=7, few=1_000, many=100_000)
QUICK = Effort(rounds=5, few=600, many=6_000)


def measure_completion(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield P1 and A3."""
    if "P1" in only:
        say("P1: completions, warm and cold")
        yield from completion.measure(folder, rounds=effort.rounds)
    if "A3" in only:
        say("A3: completions with and without the audit log")
        yield completion.measure_audit(folder, rounds=effort.rounds)


def measure_sweeping(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield P4 and P5, on SQLite and on PostgreSQL."""
    if not only & {"P4", "P5"}:
        return
    yield from _sweeps(servers.in_folder(folder), effort, only)
    with servers.postgresql() as url_of:
        if url_of is None:
            say(f"P4 and P5 on PostgreSQL are left out: {servers.MISSING}")
        else:
            yield from _sweeps(url_of, effort, only)


def _sweeps(url_of: servers.UrlOf, effort: Effort, only: set[str]) -> Iterator[Figure]:
    say(f"{', '.join(sorted(only & {'P4', 'P5'}))}: making {effort.many:,} challenges")
    few = sweeping.prepare(url_of("few"), effort.few)
    many = sweeping.prepare(url_of("many"), effort.many)
    with closing(few.ground.database), closing(many.ground.database):
        dialect = few.ground.database.dialect
        if "P4" in only:
            say(f"P4: sweeps with nothing due ({dialect})")
            yield sweeping.measure_idle(few, many, rounds=effort.rounds)
        if "P5" in only:
            say(f"P5: sweeps with {sweeping.DUE_AT_ONCE} due ({dialect})")
            yield sweeping.measure_due(few, many, rounds=effort.rounds)


def measure_starting(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield P9; a process is short, so that there are more rounds."""
    if "P9" in only:
        say("P9: starting the command line")
        yield from starting.measure(folder, rounds=max(11, effort.rounds))


def measure_calendars(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield C1."""
    if "C1" not in only:
        return
    counts = min(effort.few, calendars.FEW), min(effort.many, calendars.MANY)
    say(f"C1: making {counts[1]:,} challenges")
    url_of = servers.in_folder(folder)
    few, many = (
        calendars.prepare(url_of(name), count)
        for name, count in zip(("few", "many"), counts, strict=True)
    )
    say("C1: previews of a calendar's change")
    yield from calendars.measure(
        few, many, counts=counts, rounds=min(effort.rounds, calendars.ROUNDS)
    )


def measure_planning(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield D1 and D2."""
    if only & {"D1", "D2"}:
        say("D1, D2: planning and foreseeing one challenge")
        yield from planning.measure(rounds=max(11, effort.rounds))


def measure_mailing(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield M1."""
    if "M1" in only:
        say(f"M1: {mailing.BATCH:,} messages, rendered and sent")
        yield from mailing.measure(rounds=max(5, effort.rounds))


def measure_grouping(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield M2."""
    if "M2" not in only:
        return
    many = min(effort.many, grouping.MANY)
    counts = many // grouping.TIMES, many
    say(f"M2: {counts[1]:,} notices that wait")
    url_of = servers.in_folder(folder)
    urls = [grouping.prepare(url_of(str(count)), count) for count in counts]
    yield from grouping.measure(*urls, counts=counts, rounds=effort.rounds)


def measure_reporting(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield R1."""
    if "R1" not in only:
        return
    count = min(effort.many, reporting.MANY)
    say(f"R1: making {count:,} challenges")
    ground = reporting.prepare(servers.in_folder(folder)("report"), count)
    with closing(ground.database):
        say("R1: reports on all of them")
        yield from reporting.measure(
            ground, count=count, rounds=min(effort.rounds, reporting.ROUNDS)
        )


def measure_auditing(folder: Path, effort: Effort, only: set[str]) -> Iterator[Figure]:
    """Yield A1 and A2."""
    url_of, is_full = servers.in_folder(folder), effort.many > QUICK.many
    if "A1" in only:
        counts = [count // (1 if is_full else 20) for count in (auditing.FEW, auditing.MANY)]
        say(f"A1: making {counts[1]:,} events")
        few, many = (auditing.prepare(url_of(f"a{count}"), count) for count in counts)
        yield from auditing.measure(few, many, rounds=min(effort.rounds, auditing.ROUNDS))
    if "A2" in only:
        say(f"A2: making {auditing.LEAVES:,} leaves")
        url = auditing.plant(url_of("leaves"), auditing.LEAVES)
        yield auditing.measure_proofs(url, rounds=effort.rounds)


MEASURES: tuple[Callable[[Path, Effort, set[str]], Iterator[Figure]], ...] = (
    measure_completion,
    measure_sweeping,
    measure_starting,
    measure_planning,
    measure_calendars,
    measure_mailing,
    measure_grouping,
    measure_reporting,
    measure_auditing,
)
FIGURES = ("P1", "P4", "P5", "P9", "D1", "D2", "C1", "M1", "M2", "R1", "A1", "A2", "A3")


def say(text: str) -> None:
    """Say how far it has come, apart from the results."""
    print(text, file=sys.stderr, flush=True)


def read_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """Return what to measure, how long, and where."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=FIGURES, action="append", help="only this one; repeat it")
    parser.add_argument("--rounds", type=int, help=f"rounds to measure ({FULL.rounds})")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK.many:,} challenges, not more")
    parser.add_argument("--json", type=Path, default=RESULTS, help=f"results as JSON ({RESULTS})")
    parser.add_argument("--folder", type=Path, help="where the SQLite files lie meanwhile")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, write."""
    asked = read_arguments(arguments)
    standard = QUICK if asked.quick else FULL
    effort = Effort(asked.rounds or standard.rounds, standard.few, standard.many)
    only = set(asked.only or FIGURES)
    figures: list[Figure] = []
    for measure in MEASURES:
        with tempfile.TemporaryDirectory(prefix="benchmark-", dir=asked.folder) as folder:
            figures.extend(measure(Path(folder), effort, only))
    print(table(figures))
    missed = [figure.code for figure in figures if not figure.is_met]
    print(f"\nMissed: {', '.join(missed)}." if missed else "\nEvery budget is met.")
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(json.dumps(_results(figures, effort), indent=1) + "\n")


def _results(figures: list[Figure], effort: Effort) -> dict[str, object]:
    return {
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "rounds": effort.rounds,
        "challenges": {"few": effort.few, "many": effort.many},
        "figures": [figure.as_json() for figure in figures],
    }


if __name__ == "__main__":
    main()
