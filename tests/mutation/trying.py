"""Tries a mutant: a forked child imports the mistaken module and runs the test files near it.

The source on the disk is never changed. The parent has imported no module of the project, so
that the child imports everything anew, with the mistake in it; what others have written
(`PRELOADED`) is imported once, before. A child tells of each test file as it ends, by a pipe.
"""

import os
import resource
import signal
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from enum import StrEnum
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from io import StringIO
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tests.mutation.drawing import Mutant

PRELOADED = ("hypothesis", "pydantic", "transitions", "holidays", "dateutil", "ruamel.yaml",
             "psycopg", "click")  # fmt: skip
PROCESSOR_SECONDS = 60
MEMORY = 2 << 30
OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist",
           "-W", "ignore::pytest.PytestAssertRewriteWarning")  # fmt: skip


class Verdict(StrEnum):
    """What became of a mutant. `ENDLESS` ran out of time or memory, and was noticed so."""

    KILLED = "killed"
    ENDLESS = "endless"
    SURVIVED = "survived"
    UNTESTED = "untested"


DEATHS = (Verdict.KILLED, Verdict.ENDLESS)


class _Mistaken(SourceFileLoader):
    """Loads a module's file with another text."""

    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self._text = text

    def get_code(self, fullname: str) -> CodeType:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a mistake may look odd: that is not to kill it
            return compile(self._text, self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    def __init__(self, root: Path, mutant: Mutant) -> None:
        self._file, self._mutant = root / mutant.path, mutant

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        if fullname != self._mutant.module:
            return None
        loader = _Mistaken(fullname, str(self._file), self._mutant.code)
        return spec_from_file_location(fullname, self._file, loader=loader)


def preload() -> None:
    """Import what every child needs and what is not ours: pytest runs once, on nothing."""
    for name in PRELOADED:
        import_module(name)
    with tempfile.TemporaryDirectory() as nothing, redirect_stdout(StringIO()):
        pytest.main([*OPTIONS, "-c", os.devnull, f"--rootdir={nothing}", nothing])


class Trial:
    """Tries mutants of a project. Test files that fail without any mistake are left out, and kept.

    A file that fails is run without the mistake, unless it has passed before: whatever it kills
    then, the mistake did. How long a file takes is kept, so that the quick come first.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seconds: dict[str, float] = {}
        self.unsound: list[str] = []

    def attempt(self, mutant: Mutant, near: Mapping[str, int]) -> tuple[Verdict, str]:
        """Return what became of a mutant, and the test file that noticed it (or nothing).

        `near` says of each test file how near it is: the nearest come first, of these the quickest.
        """
        verdict, left = Verdict.UNTESTED, self._in_order(near)
        while left:
            ended = self._run(left, mutant)
            test, left = left[len(ended) - 1], left[len(ended) :]
            if ended[-1] in DEATHS and self._is_sound(test):
                return ended[-1], test
            if Verdict.SURVIVED in ended:
                verdict = Verdict.SURVIVED
        return verdict, ""

    def _in_order(self, near: Mapping[str, int]) -> list[str]:
        sound = (test for test in near if test not in self.unsound)
        return sorted(sound, key=lambda test: (near[test], self._seconds.get(test, 0), test))

    def _is_sound(self, test: str) -> bool:
        if test not in self._seconds:
            self._run([test], None)
            if test not in self._seconds:
                self.unsound.append(test)
        return test in self._seconds

    def _run(self, tests: Sequence[str], mutant: Mutant | None) -> list[Verdict]:
        """Return how test files ended in a forked child, up to the first that failed."""
        ears, mouth = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                _run_all(self._root, tests, mutant, mouth)
            finally:
                os._exit(1)
        os.close(mouth)
        with open(ears, encoding="utf-8") as told:
            seconds = [float(line) for line in told]
        self._seconds = dict(zip(tests, seconds, strict=False)) | self._seconds
        status = os.waitpid(child, 0)[1]
        ended = [Verdict.SURVIVED] * len(seconds)
        if len(ended) < len(tests):
            ended.append(Verdict.ENDLESS if os.WIFSIGNALED(status) else Verdict.KILLED)
        return ended


def _run_all(root: Path, tests: Sequence[str], mutant: Mutant | None, mouth: int) -> None:
    """Run test files up to the first that fails; tell the seconds of each that did not."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if mutant is not None:
        sys.meta_path.insert(0, _Finder(root, mutant))
    for test in tests:
        before = time.process_time()
        limit = int(before) + PROCESSOR_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        if pytest.main([*OPTIONS, f"--rootdir={root}", test]) != pytest.ExitCode.OK:
            return
        os.write(mouth, f"{time.process_time() - before}\n".encode())
