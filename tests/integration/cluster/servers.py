"""A PostgreSQL server that can be stopped and begun again, and hosts whose clocks are wrong."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

from tests import conftest

NO_COMPILER = (
    "no C compiler for Linux here, so that no host's clock can be wrong:"
    " apt-get install gcc libc6-dev, then run again"
)
_SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
static long off(void) { const char *s = getenv("CLOCK_OFF_BY"); return s ? atol(s) : 0; }
int clock_gettime(clockid_t id, struct timespec *t) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int found = real(id, t);
    if (!found && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) t->tv_sec += off();
    return found;
}
int gettimeofday(struct timeval *t, void *zone) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    t->tv_sec = now.tv_sec; t->tv_usec = now.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *t) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (t) *t = now.tv_sec;
    return now.tv_sec;
}
"""


class Impossible(Exception):
    """What a scenario needs is not here; the text says what to install."""


@dataclass
class Postgres:
    """A server out of a folder. `url` is that of its first database, and stays."""

    folder: Path
    binaries: Path
    port: int = field(default_factory=conftest._free_port)
    process: subprocess.Popen[bytes] | None = None
    numbers: Iterator[int] = field(default_factory=count)

    @property
    def url(self) -> str:
        """Return the URL of the first database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        """Make the server's files."""
        owner = conftest._owner()
        if owner:
            os.chown(self.folder, *owner)
        options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C"]
        place: list[str | Path] = [self.binaries / "initdb", "-D", self.folder / "data"]
        command = [*place, *options, "--no-sync"]
        log = self.folder / "initdb.log"
        assert self._called(command, log).wait(120) == 0, log.read_text(errors="replace")

    def start(self) -> None:
        """Begin, and wait until it answers."""
        chosen = conftest.SETTINGS | {"synchronous_commit": "on"}  # a crash loses no commit
        settings = [part for pair in chosen.items() for part in ("-c", "=".join(pair))]
        place: list[str | Path] = [
            "-D",
            self.folder / "data",
            "-p",
            str(self.port),
            "-k",
            self.folder,
        ]
        log = self.folder / "server.log"
        self.process = self._called([self.binaries / "postgres", *place, *settings], log)
        conftest._wait_until_up(self.url, self.process, log)

    def stop(self, number: int = signal.SIGQUIT) -> None:
        """Cut everybody off at once, as a crash does; with SIGINT, in order."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(30)
            self.process = None

    def copy(self, template: str) -> str:
        """Return the URL of a new database like a template; nobody may be using that."""
        name = f"copy_{next(self.numbers)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
            connection.execute(b"CHECKPOINT")  # else a crash sets the copied sequences back
        return self.url.removesuffix("postgres") + name

    def _called(
        self, command: Sequence[str | Path], log: Path | None = None
    ) -> "subprocess.Popen[bytes]":
        user, group = conftest._owner() or (None, None)
        with (log or Path(os.devnull)).open("ab") as output:
            return subprocess.Popen(
                command, cwd=self.folder, user=user, group=group, stdout=output, stderr=output
            )


@contextmanager
def serving() -> Iterator[Postgres | None]:
    """Run a server as long as the block; None where there are no binaries for it."""
    binaries = conftest._binaries()
    if binaries is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        server = Postgres(Path(folder), binaries)
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()


def wrong_clocks(folder: Path, *, programs: str | None = None) -> Path:
    """Return a library that moves a host's clock by CLOCK_OFF_BY seconds.

    It is loaded before the C library, so that the process under it is on a host whose wall clock
    is wrong; the clock that nobody can set goes on as it is. `programs` are the folders in which a
    compiler is looked for: those of PATH if not said.

    Raises:
        Impossible: there is no compiler, or it makes nothing that this machine could load.
    """
    compiler = shutil.which("cc", path=programs) or shutil.which("gcc", path=programs)
    if compiler is None or not sys.platform.startswith("linux"):
        raise Impossible(NO_COMPILER)
    source, library = folder / "clock.c", folder / "clock.so"
    source.write_text(_SHIM, encoding="ascii")
    command: list[str | Path] = [compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        raise Impossible(NO_COMPILER)
    return library
