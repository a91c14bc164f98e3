"""How a process of its own is told what to do next: a line of JSON each way, in turns.

The rounds of a benchmark interleave; whoever runs in another process waits on standard input
meanwhile. Only the standard library is used: the environments of peers have nothing else of ours.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[2]
READY = "ready"

Work = Callable[[int], Sequence[float] | None]
"""Does something so many times; may return what each took, in seconds, below zero if it failed."""


class WorkerFailed(Exception):
    """A worker ended before it had answered; the message is the last thing that it said."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What something took in all, and each time if the worker says."""

    seconds: float
    each: tuple[float, ...] = ()


def serve(works: Mapping[str, Work]) -> None:
    """Do what each line of standard input asks for, until there are no more.

    Standard output is kept for the answers; what anything else prints goes to standard error.
    """
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as answers:
        os.dup2(2, 1)
        print(json.dumps(READY), file=answers, flush=True)
        for line in sys.stdin:
            asked = json.loads(line)
            begun = perf_counter()
            each = works[asked["do"]](asked["count"])
            answer = {"seconds": perf_counter() - begun, "each": list(each or ())}
            print(json.dumps(answer), file=answers, flush=True)


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that does what it is told."""

    process: subprocess.Popen[str]
    complaints: Path

    def send(self, do: str, count: int) -> None:
        """Ask for something; `receive` waits for it.

        Raises:
            WorkerFailed: it has ended.
        """
        assert self.process.stdin is not None  # noqa: S101 (made with a pipe)
        try:
            self.process.stdin.write(json.dumps({"do": do, "count": count}) + "\n")
            self.process.stdin.flush()
        except BrokenPipeError as error:
            raise self._failed() from error

    def receive(self) -> Answer:
        """Return the answer to what was asked last.

        Raises:
            WorkerFailed: it has ended without one.
        """
        said = json.loads(self._line())
        return Answer(said["seconds"], tuple(said["each"]))

    def ask(self, do: str, count: int) -> Answer:
        """Ask for something and wait for it."""
        self.send(do, count)
        return self.receive()

    def wait_until_ready(self) -> None:
        """Wait until it listens.

        Raises:
            WorkerFailed: it could not begin.
        """
        self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None  # noqa: S101 (made with a pipe)
        line = self.process.stdout.readline()
        if not line:
            raise self._failed()
        return line

    def _failed(self) -> WorkerFailed:
        self.process.wait()
        said = self.complaints.read_text(errors="replace").strip().splitlines()
        return WorkerFailed(said[-1] if said else f"it ended with {self.process.returncode}")


@contextmanager
def working(command: Sequence[str | Path], *, count: int = 1) -> Iterator[list[Worker]]:
    """Run so many processes of a command; yield them when all listen; end them afterwards."""
    with tempfile.TemporaryDirectory(prefix="workers-") as folder:
        complaints = [Path(folder, f"{number}.txt") for number in range(count)]
        workers = [Worker(_started(command, path), path) for path in complaints]
        try:
            for worker in workers:
                worker.wait_until_ready()
            yield workers
        finally:
            for worker in workers:
                worker.process.kill()
                worker.process.communicate()


def _started(command: Sequence[str | Path], complaints: Path) -> subprocess.Popen[str]:
    with complaints.open("w") as said:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
