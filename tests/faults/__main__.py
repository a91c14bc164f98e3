"""The long runs: `python -m tests.faults power | crashes | kills | races | backups | chaos`.

The same code as the tests, with every point or for as long as one likes. It ends with 1 when
something is wrong, and says what as it comes; progress goes to the standard error.
"""

import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests import conftest
from tests.faults import copying, lives, racing
from tests.faults.crashes import Chooser, Crashing
from tests.faults.disks import failing, power
from tests.faults.disks.failing import Failing
from tests.faults.holding import Holding
from tests.faults.racing import Fight, Ring
from tests.faults.restarting import Server, soak

MOST_SHOWN = 20


@dataclass
class Found:
    """What was tried, and what is wrong."""

    what: str
    tried: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, faults: list[str], *, said: str = "") -> None:
        """Count one try, and show how far it has come."""
        self.tried += 1
        self.note(faults)
        if sys.stderr.isatty() or self.tried % 100 == 0:
            print(
                f"\r{self.tried} {self.what}, {len(self.faults)} faults {said}",
                end="" if sys.stderr.isatty() else "\n",
                file=sys.stderr,
                flush=True,
            )

    def note(self, faults: Iterable[str]) -> None:
        """Keep what is wrong, and say it at once: a long run may be broken off."""
        for fault in faults:
            self.faults.append(fault)
            if len(self.faults) <= MOST_SHOWN:
                print(f"  {fault}", flush=True)

    def told(self) -> int:
        """Say what came of it; return the exit status."""
        print(f"\n{self.what}: {self.tried} tried, {len(self.faults)} faults")
        return 1 if self.faults else 0


def cut_power(asked: Namespace, folder: Path) -> Found:
    """Cut the power at every moment, and let the disk fail at every write."""
    found = Found("power cuts and failing writes")
    tape = power.record(folder / "home")
    for moment in power.moments(tape, most=asked.most):
        for fate in power.FATES:
            found.add(power.cut(tape, moment, fate, folder=folder / "trial"))
    (folder / "disk").mkdir()
    bench = failing.prepare(folder / "disk")
    for deed in failing.DEEDS:
        for first in range(bench.writes(deed))[: asked.most]:
            for code in failing.REASONS:
                for is_lasting in (True, False):
                    fails = Failing(code=code, is_lasting=is_lasting)
                    found.add(bench.fail(deed, fails, first), said=deed.__name__)
    return found


def crash(asked: Namespace, folder: Path) -> Found:
    """Crash at every named boundary of two lives, once for each kind of deed; then in pairs."""
    found = Found("crashes")
    for name, plan in (("visit", lives.visit()), ("reference", lives.reference())):
        for way in ("singles", "pairs"):
            if way == "pairs" and name == "reference":
                continue
            kinds = {"send", "step", "destroy"}
            chooser = Chooser(kinds=kinds, is_everywhere=asked.all and way == "singles")
            place = folder / f"{name}-{way}"
            place.mkdir()
            crashing, before = Crashing(plan, place), 0
            for deed in crashing.live(getattr(chooser, way)):
                number = crashing.tally.tries
                found.tried += number - before - 1
                found.add([], said=f"{name} {way}: {deed.at:%Y-%m-%d} {deed.name}")
                before = number
            found.note(crashing.tally.faults)
            if way == "singles":
                found.note([f"never crashed: {one}" for one in sorted(crashing.tally.missed)])
            print(f"\n{name}, {way}: {len(crashing.tally.seen)} names of boundaries, "
                  f"{len(crashing.tally.crashed)} crashed, {before} tries, "
                  f"{crashing.tally.copies} copies of messages")  # fmt: skip
    return found


def kill(asked: Namespace, folder: Path) -> Found:
    """Kill a real process, on SQLite and on PostgreSQL."""
    from tests.integration import test_killed
    from tests.integration.cli.desk import Desk

    found = Found("kills of a process")
    peace = folder / "peace"
    peace.mkdir()
    expected = test_killed.in_peace(peace)
    each, number = test_killed.KILLS_A_MOMENT * len(test_killed.MOMENTS), 0
    with _server() as url:
        while found.tried * each < asked.number:
            number += 1
            place = folder / str(number)
            place.mkdir()
            environment = {}
            if url and number % 4 == 0:
                ring = Ring(place, server=url)
                environment["PEER_CHALLENGE_DATABASE_URL"] = ring.made(f"kill_{number}")
            office = test_killed.Office(Desk(place, environment=environment))
            test_killed.under_fire(office, seed=number, kills=test_killed.KILLS_A_MOMENT)
            found.add(list(test_killed.faults(office, expected)), said=f"({each} kills each)")
    return found


def race(asked: Namespace, folder: Path) -> Found:
    """Let all meet all who work on the same base, at boundaries drawn at random."""
    found, random = Found("interleavings"), Random(asked.seed)  # noqa: S311 (to be had again)
    with _server() as url:
        rings = [Ring(folder / "near")] + ([Ring(folder / "far", server=url)] if url else [])
        for ring in rings:
            ring.folder.mkdir()
            pairs = [(one, two) for one in ring.lots for two in racing.partners(ring, one)]
            lengths = {one: racing.length(ring, one) for one in ring.lots}
            for number in range(asked.number):
                if number % len(pairs) == 0:
                    random.shuffle(pairs)
                one, other = pairs[number % len(pairs)]
                point = random.randrange(lengths[one])
                found.add(Fight(ring, one, other, point).run(), said=f"{one} and {other}")
            holding = Holding(ring)
            for point in range(len(holding.boundaries())):
                found.add(holding.run(point), said="mail is held")
    return found


def back_up(asked: Namespace, folder: Path) -> Found:
    """Make backups while two write."""
    found, place = Found("backups"), copying.begin(folder)
    with copying.writing(place):
        for number in range(asked.number):
            found.add(copying.back_up(place, number))
    return found


def restart(asked: Namespace, folder: Path) -> Found:
    """Stop a PostgreSQL server and start it again, under load."""
    binaries = conftest._binaries()
    if binaries is None:
        sys.exit(conftest.MISSING)
    found = Found("minutes of restarts", tried=asked.number)

    def say(text: str) -> None:
        print(f"\r{text}", end="", file=sys.stderr, flush=True)

    with Server(folder / "server").lasting(binaries) as server:
        done = soak(server, seconds=asked.number * 60, pauses=(5, 40), say=say)
    print(f"\n{done.commands} commands, {done.restarts} restarts, {done.doubts} answers in doubt")
    found.note(done.faults)
    return found


RUNS: dict[str, Callable[[Namespace, Path], Found]] = {
    "power": cut_power,
    "crashes": crash,
    "kills": kill,
    "races": race,
    "backups": back_up,
    "chaos": restart,
}


@contextmanager
def _server() -> Iterator[str]:
    """Yield the URL of a PostgreSQL server, or nothing where none is installed."""
    binaries = conftest._binaries()
    if binaries is None:
        yield ""
        return
    with (
        tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder,
        conftest._server(Path(folder), binaries) as url,
    ):
        yield url


def main() -> int:
    """Run what is asked for."""
    parser = ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("run", choices=RUNS)
    parser.add_argument("--number", type=int, default=1_000, help="tries, or minutes of chaos")
    parser.add_argument("--most", type=int, help="so many points only")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="every boundary, not every name once")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="faults-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        return RUNS[asked.run](asked, Path(folder)).told()


if __name__ == "__main__":
    sys.exit(main())
