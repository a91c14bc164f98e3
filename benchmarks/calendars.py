"""C1: what a calendar's change would move, over ten thousand challenges.

Each challenge is a whole one, and in each the holiday that is proclaimed moves something: nothing
can be passed over. A preview is a process of its own, as the command is, so that its peak memory
can be told; that of its largest process counts.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

from benchmarks.figures import Budget, Figure
from benchmarks.ground import BEGUN, lay
from workflow.amending.calendars import Amendment, Calendars, Listener
from workflow.clock import SetClock
from workflow.store import calendars
from workflow.store.database import Database

IN_TIME, FLAT = Budget(1.0), Budget(1.3)
SECONDS, OF = 30.0, 10_000
"""The time that a preview may take over so many challenges, on two cores."""
FEW, MANY, ROUNDS = 1_000, 10_000, 3
HOLIDAY = date(2026, 11, 9)  # a week after the start, before the first reminders
NAME = "england_and_wales"

_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True, slots=True)
class Preview:
    """What one preview took."""

    seconds: float
    peak_mb: float


def prepare(url: str, count: int) -> str:
    """Make a database at `url` with calendars and so many challenges; return the URL."""
    ground = lay(url)
    with closing(ground.database):
        with ground.database.writing() as link:
            calendars.seed(link, at=BEGUN)
        ground.copy(ground.start("MODEL"), count - 1)
        ground.settle()
    return url


def preview(url: str, *, ballast: int = 0) -> None:
    """Look ahead and print what it took; `ballast` bytes are kept of every challenge."""
    kept: list[bytes] = []
    peaks: list[float] = []
    amendment = Amendment(name=NAME, adds={HOLIDAY: "Day of Thanks"}, reason="proclaimed")
    listener = Listener(
        on_progress=lambda done, total: peaks.extend(peaks_now()),
        on_found=lambda effect: kept.append(b"x" * ballast),
    )
    with closing(Database(url)) as database:
        start = perf_counter()
        changed = Calendars(database, SetClock(BEGUN)).change(
            amendment, actor=1, is_dry_run=True, listener=listener
        )
        seconds = perf_counter() - start
    facts = {"seconds": seconds, "peak_mb": max(peaks), "touched": changed.touched}
    print(json.dumps({**facts, "looked_at": changed.looked_at}))


def peaks_now() -> Iterator[float]:
    """Yield the peak memory in MB of this process and of those that it began, as Linux tells it."""
    began = (path.read_text().split() for path in Path("/proc/self/task").glob("*/children"))
    for process in ("self", *(number for numbers in began for number in numbers)):
        with suppress(OSError):  # it has just ended
            found = _PEAK.search(Path(f"/proc/{process}/status").read_text())
            if found:
                yield int(found[1]) / 1024


def run(url: str, count: int, *, ballast: int = 0) -> Preview:
    """Look ahead in a process of its own; each challenge must be touched."""
    code = f"from benchmarks.calendars import preview; preview({url!r}, ballast={ballast})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    if (found["looked_at"], found["touched"]) != (count, count):
        raise RuntimeError(f"{count} challenges were to change, but the preview says {found}")
    return Preview(found["seconds"], found["peak_mb"])


def measure(
    few: str, many: str, *, counts: tuple[int, int], rounds: int, ballast: int = 0
) -> Sequence[Figure]:
    """Return how long a preview takes over many, and how much more memory than over few."""
    pairs = [
        (run(few, counts[0], ballast=ballast), run(many, counts[1], ballast=ballast))
        for _ in range(rounds)
    ]
    what = f"preview of a calendar's change, {counts[1]:,} challenges"
    return (
        Figure(
            code="C1 time",
            what=f"{what} against {SECONDS:g} s for {OF:,}",
            unit="s",
            ours=[of_many.seconds for _, of_many in pairs],
            against=[SECONDS * counts[1] / OF] * rounds,
            budget=IN_TIME,
        ),
        Figure(
            code="C1 memory",
            what=f"{what} against {counts[0]:,}",
            unit="MB",
            ours=[of_many.peak_mb for _, of_many in pairs],
            against=[of_few.peak_mb for of_few, _ in pairs],
            budget=FLAT,
        ),
    )
