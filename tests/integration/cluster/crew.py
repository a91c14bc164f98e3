"""Workers in processes of their own: how they begin, what they say, how they end."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.architecture.tree import ROOT

SECONDS = 120.0


class Nursery:
    """Forks workers, and knows how they ended."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.cluster.nursery"],
            cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip

    def ask(self, order: dict[str, Any]) -> int | None:
        """Return the answer to an order."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(order)}\n")
        self._process.stdin.flush()
        answer: int | None = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


@dataclass
class Worker:
    """A worker in a process of its own, and what it says."""

    process: int
    said_in: Path
    ended: Callable[[], int | None]
    code: int | None = None

    @property
    def said(self) -> str:
        """Return all that it has said."""
        return self.said_in.read_text(encoding="utf-8", errors="replace")

    def is_over(self) -> bool:
        """Return whether it has ended."""
        if self.code is None:
            self.code = self.ended()
        return self.code is not None

    def signal(self, number: int) -> None:
        """Send it a signal."""
        with suppress(ProcessLookupError):
            os.kill(self.process, number)

    def stop(self) -> int:
        """Ask it to end, and return its exit code."""
        self.signal(signal.SIGTERM)
        wait_for(self.is_over, "the worker ends when it is told to")
        assert self.code is not None
        return self.code


def wait_for(is_so: Callable[[], bool], what: str, seconds: float = SECONDS) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, f"it never came to this: {what}"
        time.sleep(0.15)
