"""P9: how long a command takes to start and to answer, against a bare interpreter.

Each is a process of its own, run by the same interpreter, in turns. Compiled modules are kept, as
they are for whoever installed the program; the first round, which may compile them, is not
counted.
"""

import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter

from benchmarks.figures import Budget, Figure
from benchmarks.ground import lay

ROOT = Path(__file__).resolve().parents[1]
HELP, LIST = Budget(5), Budget(8)
CHALLENGES = 50
BARE = "pass"
PROGRAM = "import sys; from cli import main; sys.exit(main())"  # what the installed command does


def measure(
    folder: Path, *, rounds: int = 15, challenges: int = CHALLENGES, root: Path = ROOT
) -> tuple[Figure, Figure]:
    """Return what `--help` and `list` cost; `root` is where the program lies."""
    url = f"sqlite:///{folder / 'portfolio.db'}"
    ground = lay(url)
    ground.copy(ground.start("MODEL"), challenges - 1)
    ground.database.close()
    commands = {
        "bare": [BARE],
        "help": [PROGRAM, "--help"],
        "list": [PROGRAM, "--db", url, "--as", str(ground.administrator), "list"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(rounds + 1):
        for name, (code, *arguments) in commands.items():
            milliseconds = _run(folder, root, code, *arguments)
            if turn:
                times[name].append(milliseconds)
    return (
        _figure("P9 --help", times["help"], times["bare"], HELP),
        _figure(f"P9 list, {challenges} challenges", times["list"], times["bare"], LIST),
    )


def _run(folder: Path, root: Path, code: str, *arguments: str) -> float:
    """Run one process; return its milliseconds."""
    environment = {**os.environ, "HOME": str(folder), "PYTHONPATH": str(root)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = perf_counter()
    subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=folder, env=environment, check=True, capture_output=True,
    )  # fmt: skip
    return (perf_counter() - start) * 1000


def _figure(code: str, ours: list[float], against: list[float], budget: Budget) -> Figure:
    return Figure(
        code=code.partition(",")[0],
        what=f"{code.partition(' ')[2]}, against a bare interpreter",
        unit="ms",
        ours=ours,
        against=against,
        budget=budget,
    )
