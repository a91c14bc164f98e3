"""In which order a mutant is tried on the tests: those near its module first.

Nearness is read from names and imports. (Which test runs which line would be nearer still, but to
trace it takes ten times as long as the tests do; and challenges that tests build once and share
would be traced for the first test only.)
"""

import re
from functools import cache
from pathlib import Path

_IMPORTED = re.compile(r"^\s*(?:from|import) ([\w.]+)(?: import (.+))?", re.MULTILINE)
_BROAD, _FAR = 3, 6


class Nearness:
    """The test files of a project, and how near each is to a module.

    `broad` are those that look at all that the package does.
    """

    def __init__(
        self, root: Path, package: str, tests: list[str], *, broad: tuple[str, ...] = ()
    ) -> None:
        self.root = root
        self._broad = dict.fromkeys(broad, _BROAD)
        found = [path for name in tests for path in (root / name).rglob("test_*.py")]
        self._tests = {path.relative_to(root): _imports_of_test(path) for path in sorted(found)}
        modules = sorted((root / package).rglob("*.py"))
        self._modules = {_name(path.relative_to(root)): _imports(path) for path in modules}

    def tests(self, path: Path, *, most: int | None = None) -> dict[str, int]:
        """Return the test files, or the nearest, and how near each is: the least is nearest.

        Near are those named after it, then those that import it, those of its folder first, then
        the others of its folder, then those that import a module that imports it; all others are
        far. The broad ones are as near to every module as those that import it.
        """
        module = _name(path)
        importers = {name for name, imported in self._modules.items() if module in imported}
        ranked = sorted(
            (_rank(test, imported, path, importers), str(test))
            for test, imported in self._tests.items()
        )
        return {test: rank for rank, test in ranked[:most]} | self._broad


def _rank(test: Path, imported: frozenset[str], path: Path, importers: set[str]) -> int:
    is_of_folder = test.parent.name == path.parent.name
    if test.stem == f"test_{path.stem}":
        return 0 if is_of_folder else 1
    if test.stem.startswith(f"test_{path.stem}_") or _name(path) in imported:
        return 2 if is_of_folder else _BROAD
    if is_of_folder:
        return 4
    return 5 if importers & imported else _FAR


def _name(path: Path) -> str:
    return ".".join(path.with_suffix("").parts)


def _imports_of_test(path: Path) -> frozenset[str]:
    """Return the modules that a test file imports, by way of others of its folder too."""
    found = _imports(path)
    beside = (path.with_name(f"{name.rpartition('.')[2]}.py") for name in found if "tests" in name)
    return found.union(*(_imports(one) for one in beside if one.exists()))


@cache
def _imports(path: Path) -> frozenset[str]:
    """Return the modules that a file imports: `from a import b` may mean `a` or `a.b`."""
    found: set[str] = set()
    for module, names in _IMPORTED.findall(path.read_text(encoding="utf-8")):
        found.add(module)
        found.update(f"{module}.{name.split()[0]}" for name in names.split(",") if name.strip("( "))
    return frozenset(found)
