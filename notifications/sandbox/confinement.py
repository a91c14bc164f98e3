"""The bounds of a process in which foreign templates are tried: memory, time, files."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager

MOST_MEMORY = 512 * 2**20
MOST_SECONDS = 2.0


def confine() -> None:
    """Bound the memory of this process, and let it write no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def timed() -> Iterator[None]:
    """End this process when what is inside takes more than its time of the processor.

    A signal that nothing handles ends a process in the middle of a long calculation too.
    """
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
