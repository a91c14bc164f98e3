"""Lets those who write to one SQLite file wait in a line, and each go when the one before is done.

SQLite itself has no line: whoever finds the file locked sleeps, longer each time, and looks again,
so that one may wait for seconds while others come and go. Here a writer takes a lock of the system
before it begins. It lies on the folder of the keys, which everyone must be able to read who
writes: there is no other file, nothing is left of one that was killed, and a copy has no trace
of it. It keeps order and nothing else: where it cannot be had, or is not had in time, SQLite's own
lock and its own wait are what they always were.
"""

import fcntl
import os
import threading
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from types import TracebackType
from typing import TypeVar

Work = TypeVar("Work")


def in_turn(
    work: AbstractContextManager[Work], folder: Path, *, seconds: float
) -> AbstractContextManager[Work]:
    """Begin a piece of work when it is our turn at `folder`, at the latest after so long."""
    return _Turn(work, folder, seconds=seconds)


class _Turn(AbstractContextManager[Work]):
    """A piece of work with a place in the line; every step passes here, so it is no generator."""

    def __init__(self, work: AbstractContextManager[Work], folder: Path, *, seconds: float) -> None:
        self._work, self._folder, self._seconds = work, folder, seconds
        self._place: int | None = None

    def __enter__(self) -> Work:
        self._place = _taken(self._folder, self._seconds)
        try:
            return self._work.__enter__()
        except BaseException:
            self._leave()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        try:
            return self._work.__exit__(kind, error, trace)
        finally:
            self._leave()

    def _leave(self) -> None:
        if self._place is not None:
            _leave(self._place)


def _taken(folder: Path, seconds: float) -> int | None:
    """Return our place, open and locked; nothing if there is no line, or it takes too long."""
    try:
        place = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return _Waiting(place).until(seconds)
    except OSError:  # a file system without such locks
        os.close(place)
        return None
    return place


def _leave(place: int) -> None:
    with suppress(OSError):
        fcntl.flock(place, fcntl.LOCK_UN)  # by name: a child may have the folder open, too
    os.close(place)


class _Waiting(threading.Thread):
    """Waits for a turn: the system wakes it, but knows no limit, so that it waits apart."""

    def __init__(self, place: int) -> None:
        super().__init__(daemon=True)
        self._place = place
        self._has_come, self._is_given_up = threading.Event(), False
        self._lock = threading.Lock()

    def run(self) -> None:
        """Wait; leave at once if nobody waits for it any more."""
        with suppress(OSError):
            fcntl.flock(self._place, fcntl.LOCK_EX)
        with self._lock:
            if self._is_given_up:
                _leave(self._place)
            self._has_come.set()

    def until(self, seconds: float) -> int | None:
        """Return the place when its turn has come; nothing if that takes too long."""
        if seconds <= 0 or not self._is_started():
            os.close(self._place)
            return None
        has_come = False
        try:
            has_come = self._has_come.wait(seconds)
        finally:
            if not has_come:
                has_come = self._give_up()
        return self._place if has_come else None

    def _is_started(self) -> bool:
        try:
            self.start()
        except RuntimeError:  # no more threads
            return False
        return True

    def _give_up(self) -> bool:
        with self._lock:
            self._is_given_up = not self._has_come.is_set()
            return not self._is_given_up
