"""A client: a process that records tasks as done, one after another, when it is told to.

Its folder holds what all clients share; each takes every so-many-th challenge. Errors that a user
would be shown are counted, not raised: under load there must be none.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from benchmarks.completion import Course
from benchmarks.ground import Ground
from benchmarks.peers.wire import Work, serve
from workflow.model.errors import WorkflowError
from workflow.store.database import BUSY_SECONDS, Database

SHARED = "shared.json"
FAILED = -1.0
Wanted = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Shared:
    """What all clients of a database know; the lists of `ids` are those of a course."""

    url: str
    people: Sequence[int]
    ids: Sequence[Sequence[int]]
    busy_seconds: float = BUSY_SECONDS

    def write(self, folder: Path) -> None:
        """Leave it in a folder."""
        (folder / SHARED).write_text(json.dumps(asdict(self)))


class Client:
    """One of `count` clients; slices warm, which it has read before, and cold take turns."""

    def __init__(self, folder: Path, number: int, count: int) -> None:
        shared = Shared(**json.loads((folder / SHARED).read_text()))
        database = Database(shared.url, busy_seconds=shared.busy_seconds)
        ground = Ground(database, "", tuple(shared.people))
        self.course = Course(ground, [ids[number::count] for ids in shared.ids])
        self.ready: Wanted = []

    def works(self) -> dict[str, Work]:
        """Return what it can be told."""
        return {"read": self.read, "warm": self.warm, "cold": self.cold}

    def read(self, count: int) -> None:
        """Read what is next, so that this process has seen it."""
        self.ready = self.course.next_slice(count)
        self.course.read(self.ready)

    def warm(self, count: int) -> list[float]:
        """Complete what was read."""
        return self._complete(self.ready[:count])

    def cold(self, count: int) -> list[float]:
        """Complete what was not read."""
        return self._complete(self.course.next_slice(count))

    def _complete(self, wanted: Wanted) -> list[float]:
        ground, taken = self.course.ground, list[float]()
        engine, steps = ground.engine(), ground.steps()
        for reference, step in wanted:
            begun = perf_counter()
            try:
                engine.act(reference, steps[step], actor=ground.administrator)
            except WorkflowError as error:
                print(error, file=sys.stderr)
                taken.append(FAILED)
            else:
                taken.append(perf_counter() - begun)
        return taken


def main() -> None:
    """Serve as the client that the command names: folder, number, how many there are."""
    folder, number, count = sys.argv[1:]
    serve(Client(Path(folder), int(number), int(count)).works())
