"""How large things become over the year: files on disk, and the memory of a command."""

import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from benchmarks import plots
from tests.architecture.tree import ROOT
from tests.rehearsal.programme import Programme

MEGABYTE = 1_000_000
COMMANDS = (("tick",), ("list",), ("audit", "report", "--totals"))

_MEASURED = """
import atexit, sys

def peak():
    lines = open("/proc/self/status").read().splitlines()
    print(next(line.split()[1] for line in lines if line.startswith("VmHWM")), file=sys.stderr)

atexit.register(peak)
import cli
cli.main()
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Sizes on a day, in megabytes; `memory` has the peak of commands, each in its own process."""

    on: str
    database: float
    keys: float
    messages: int
    closed: int
    memory: dict[str, float]


def drawn(samples: Sequence[Sample], *, first: date) -> dict[str, str]:
    """Return drawings of the sizes over the days from a first one on, by their names."""
    days = [(date.fromisoformat(one.on) - first).days + 1 for one in samples]

    def line(sizes: Iterable[float]) -> list[tuple[float, float]]:
        return [(day, size) for day, size in zip(days, sizes, strict=True) if size > 0]

    files = {"database": line(one.database for one in samples),
             "keys": line(one.keys for one in samples)}  # fmt: skip
    memory = {name: line(one.memory[name] for one in samples) for name in samples[0].memory}
    about = {"files": ("Files on disk", files), "memory": ("Memory of a command, peak", memory)}
    return {
        name: plots.lines(title, f"day of the programme, from {first}", kept, unit="MB")
        for name, (title, all_of_them) in about.items()
        if (kept := {of: points for of, points in all_of_them.items() if points})
    }


def sample(programme: Programme, on: date) -> Sample:
    """Measure a programme on a day."""
    database = Path(programme.desk.url.removeprefix("sqlite:///"))
    beside = [path for path in database.parent.iterdir() if path.name.startswith(database.name)]
    files = [path for path in beside if path.is_file()]
    vault = [path for path in database.parent.glob("*.vault/**/*") if path.is_file()]
    return Sample(
        on=on.isoformat(),
        database=sum(path.stat().st_size for path in files) / MEGABYTE,
        keys=sum(path.stat().st_size for path in vault) / MEGABYTE,
        messages=programme.sent,
        closed=len(programme.over),
        memory={" ".join(words): _peak(programme, words) for words in COMMANDS},
    )


def _peak(programme: Programme, words: tuple[str, ...]) -> float:
    """Return the peak memory of a command that runs by itself."""
    process = subprocess.run(
        [sys.executable, "-c", _MEASURED, *words],
        env={**os.environ, **programme.desk.surroundings(), "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    return int(process.stderr.split()[-1]) * 1024 / MEGABYTE
