"""Tries a mutant: a forked child imports the mistaken module and runs the tests near it.

The source on the disk is never changed. The parent has imported no module of the project, so
that the child imports everything anew, with the mistake in it; what others have written
(`PRELOADED`) is imported once, before.
"""

import os
import resource
import signal
import sys
import warnings
from collections.abc import Sequence
from enum import StrEnum
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tests.mutation.drawing import Mutant

PRELOADED = ("hypothesis", "pydantic", "transitions", "holidays", "dateutil", "ruamel.yaml")
PROCESSOR_SECONDS = 120
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
    """Import what every child needs and what is not ours."""
    for name in PRELOADED:
        import_module(name)


class Trial:
    """Tries mutants of a project. Test files that fail without any mistake are left out, and kept.

    A file is run without a mistake before its first use: whatever it kills then, the mistake did.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._sound: dict[str, bool] = {}

    @property
    def unsound(self) -> list[str]:
        """Return the test files that fail without any mistake."""
        return [test for test, is_sound in self._sound.items() if not is_sound]

    def attempt(self, mutant: Mutant, tests: Sequence[str]) -> Verdict:
        """Return what became of a mutant, by test files in order up to the first that fails."""
        verdict = Verdict.UNTESTED
        for test in tests:
            if test not in self._sound:
                self._sound[test] = _forked(self._root, test, None) is Verdict.SURVIVED
            if self._sound[test]:
                verdict = _forked(self._root, test, mutant)
            if verdict in DEATHS:
                return verdict
        return verdict


def _forked(root: Path, test: str, mutant: Mutant | None) -> Verdict:
    """Return what a forked child says of a mutant, or of the project as it is."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = _run(root, test, mutant)
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status):
        return Verdict.ENDLESS
    return Verdict.SURVIVED if os.WEXITSTATUS(status) == pytest.ExitCode.OK else Verdict.KILLED


def _run(root: Path, test: str, mutant: Mutant | None) -> int:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if mutant is not None:
        sys.meta_path.insert(0, _Finder(root, mutant))
    return int(pytest.main([*OPTIONS, f"--rootdir={root}", test]))
