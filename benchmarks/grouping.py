"""M2: how long it takes to see what goes together of a hundred thousand notices that wait.

They wait for a thousand people, a hundred each, as after a downtime; one in twenty is urgent and
every third person wants one message a day. A round is planned in a process of its own, so that its
peak memory can be told.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import time, timedelta
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from benchmarks.figures import Budget, Figure
from benchmarks.ground import BEGUN
from notifications.delivery.grouping import Bundle, Moment, next_round
from workflow.store import people, schema
from workflow.store.correspondence import bundles, preferences
from workflow.store.correspondence.bundles import Due
from workflow.store.correspondence.preferences import Rhythm
from workflow.store.database import Database
from workflow.store.outbox import PUT_NOTICE

IN_TIME, FLAT = Budget(1.0), Budget(1.3)
SECONDS, OF = 5.0, 100_000
"""The time that planning may take over so many notices, on two cores."""
MANY, EACH, TIMES = 100_000, 100, 5
A_ROUND = 200

_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning one round took."""

    seconds: float
    peak_mb: float


def prepare(url: str, count: int) -> str:
    """Make a database at `url` in which so many notices wait; return the URL."""
    with closing(Database(url)) as database:
        schema.upgrade(database)
        with database.writing() as link:
            for number in range(count // EACH):
                email = f"reader.{number}@example.test"
                reader = people.add(link, name=f"Reader {number}", email=email).id
                link.executemany(PUT_NOTICE, [_notice(reader, n) for n in range(EACH)])
                if number % 3 == 0:
                    preferences.set_rhythm(link, reader, rhythm=Rhythm.DAILY, digest_at=time(8))
    return url


def _notice(reader: int, number: int) -> dict[str, object]:
    at = BEGUN - timedelta(minutes=37 * number)
    return {
        "challenge_id": None,
        "unique_key": f"C-{number}/reminder/{reader}",
        "notice": "reminder",
        "recipient_id": reader,
        "about_id": None,
        "tasks": "[]",
        "marks": None,
        "calendar": None,
        "is_ladder": True,
        "is_urgent": number % 20 == 0,
        "created_at": at,
        "not_before": at,
    }


def plan(url: str, *, ballast: int = 0) -> None:
    """Plan a round and print what it took; `ballast` bytes are kept of every notice."""
    with closing(Database(url)) as database:
        start = perf_counter()
        with database.reading() as link:
            now = Moment(
                at=BEGUN, zone=ZoneInfo("Europe/London"), habits=preferences.everybody(link)
            )
            waiting = bundles.each_due(link, BEGUN)
            found = next_round(_kept(waiting, ballast), now, limit=A_ROUND)
        seconds = perf_counter() - start
    print(json.dumps({"seconds": seconds, "peak_mb": _peak(), "rows": _rows(found)}))


def _kept(waiting: Iterator[Due], ballast: int) -> Iterator[Due]:
    """Yield what waits, keeping so many bytes of each."""
    kept = list[bytes]()
    for due in waiting:
        kept.append(b"x" * ballast)
        yield due


def _peak() -> float:
    """Return the peak memory in MB of this process, as Linux tells it."""
    found = _PEAK.search(Path("/proc/self/status").read_text())
    if found is None:
        raise RuntimeError("this system does not tell the peak memory of a process")
    return int(found[1]) / 1024


def _rows(found: Sequence[Bundle]) -> int:
    return sum(len(bundle.dues) for bundle in found)


def run(url: str, *, ballast: int = 0) -> Planned:
    """Plan a round in a process of its own; it must find something to send."""
    code = f"from benchmarks.grouping import plan; plan({url!r}, ballast={ballast})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    if found["rows"] < A_ROUND:
        raise RuntimeError(f"a full round was to be planned, but it is {found}")
    return Planned(found["seconds"], found["peak_mb"])


def measure(
    few: str, many: str, *, counts: tuple[int, int], rounds: int, ballast: int = 0
) -> Sequence[Figure]:
    """Return how long planning takes over many, and how much more memory than over few."""
    pairs = [(run(few, ballast=ballast), run(many, ballast=ballast)) for _ in range(rounds)]
    what = f"a round planned of {counts[1]:,} notices that wait"
    return (
        Figure(
            code="M2 time",
            what=f"{what}, against {SECONDS:g} s for {OF:,}",
            unit="s",
            ours=[of_many.seconds for _, of_many in pairs],
            against=[SECONDS * counts[1] / OF] * rounds,
            budget=IN_TIME,
        ),
        Figure(
            code="M2 memory",
            what=f"{what}, against {counts[0]:,}",
            unit="MB",
            ours=[of_many.peak_mb for _, of_many in pairs],
            against=[of_few.peak_mb for of_few, _ in pairs],
            budget=FLAT,
        ),
    )
