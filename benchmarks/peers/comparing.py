"""P2: the same completion by other systems that one might build on, in the same rounds.

Each keeps a case of forty tasks in a SQLite file of its own in the same folder (WAL,
`synchronous=FULL`), in an environment of its own, and records one task after another as done, each
for good. What each does for it stands in the module of its name. A case of ours has its tasks open
side by side; where a peer is quicker when they wait for each other, that is measured, too.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks.completion import SLICE, Course, prepare, timed
from benchmarks.figures import Budget, Figure
from benchmarks.peers.environments import NotInstalled, python_of
from benchmarks.peers.tables import ABREAST, CHAIN, TASKS
from benchmarks.peers.wire import Worker, WorkerFailed, working
from workflow.store.database import Database

Command = Sequence[str | Path]
OnMissing = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Peer:
    """Another system; `name` is its module and its environment, `at_least` how much faster we are.

    `made` returns the command that runs its worker with its files in a folder.
    """

    name: str
    title: str
    at_least: float
    made: Callable[["Peer", Path], Command]
    shape: str = ABREAST


def installed(peer: Peer, folder: Path) -> Command:
    """Return the command of a peer in its own environment, which is made if need be."""
    code = f"from benchmarks.peers.{peer.name} import main; main()"
    return [python_of(peer.name), "-c", code, folder, peer.shape]


SPIFF = Peer("spiff", "SpiffWorkflow", 15, installed)
PEERS = (
    SPIFF,
    Peer("spiff", "SpiffWorkflow, a chain", 15, installed, CHAIN),
    Peer("viewflow", "django-viewflow", 12, installed),
    Peer("viewflow", "django-viewflow, a chain", 12, installed, CHAIN),
    Peer("dbos", "DBOS on SQLite", 10, installed),
    Peer("django_fsm", "Django with django-fsm-2", 5, installed),
)


def begun(
    stack: ExitStack, peers: Sequence[Peer], folder: Path, *, on_missing: OnMissing
) -> dict[Peer, Worker]:
    """Return the workers of those peers that can be run here; say why others cannot."""
    workers = {}
    for peer in peers:
        try:
            (workers[peer],) = stack.enter_context(working(peer.made(peer, folder)))
        except (NotInstalled, WorkerFailed) as error:
            on_missing(f"{peer.title} is left out: {error}")
    return workers


def measure(
    folder: Path,
    *,
    rounds: int = 5,
    slices: int = 2,
    peers: Sequence[Peer] = PEERS,
    on_missing: OnMissing,
    on_ready: Callable[[Database], None] = lambda database: None,
) -> Iterator[Figure]:
    """Yield our rate against each peer's, warm and cold; `on_ready` may spoil our database."""
    course = prepare(folder, slices=(rounds + 1) * slices)
    on_ready(course.ground.database)
    with closing(course.ground.database), ExitStack() as stack:
        workers = begun(stack, peers, folder, on_missing=on_missing)
        taken = [_round(course, workers, slices) for _ in range(rounds + 1)][1:]  # the first warms
    for peer in workers:
        for name in ("warm", "cold"):
            yield Figure(
                code=f"P2 {name}",
                what=f"one task of {TASKS} done, {name}, against {peer.title}",
                unit="/s",
                ours=[one[name] for one in taken],
                against=[one[peer.title] for one in taken],
                budget=Budget(peer.at_least, is_floor=True),
            )


def _round(course: Course, workers: Mapping[Peer, Worker], slices: int) -> dict[str, float]:
    """Return how many tasks each has done in a second, a slice of each in turns."""
    seconds = dict.fromkeys(("warm", "cold", *(peer.title for peer in workers)), 0.0)
    for _ in range(slices):
        warm, cold = course.next_slice(), course.next_slice()
        course.read(warm)
        seconds["warm"] += timed(course.complete, warm)
        seconds["cold"] += timed(course.complete, cold)
        for peer, worker in workers.items():
            worker.ask("create", 1)
            seconds[peer.title] += worker.ask("complete", TASKS).seconds
    own = dict.fromkeys(("warm", "cold"), slices * SLICE)
    return {name: own.get(name, slices * TASKS) / spent for name, spent in seconds.items()}
