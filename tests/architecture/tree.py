"""The source tree as the architecture tests see it: files, parsed once, and who imports whom."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("workflow", "definitions", "notifications", "web", "console")
ENTRY_POINTS = ("bootstrap.py", "cli.py", "mailroom.py", "settings.py", "timekeeping.py")

type_of_function = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file of a tree; `path` is relative to the tree's root."""

    root: Path
    path: Path

    @cached_property
    def text(self) -> str:
        """Return what the file holds."""
        return (self.root / self.path).read_text(encoding="utf-8")

    @cached_property
    def syntax(self) -> ast.Module:
        """Return the file, parsed."""
        return ast.parse(self.text, filename=str(self.path))

    @property
    def module(self) -> str:
        """Return the dotted name that the file is imported by."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def place(self, node: ast.stmt | ast.expr) -> str:
        """Return where `node` stands, for a message."""
        return f"{self.path}:{node.lineno}"

    def functions(self) -> Iterator[Function]:
        """Yield every function and method, nested ones too."""
        yield from (node for node in ast.walk(self.syntax) if isinstance(node, type_of_function))


def sources(root: Path, *folders: str) -> list[Source]:
    """Return the Python files under `folders` of `root`, or of the packages and entry points."""
    chosen = folders or (*PACKAGES, *ENTRY_POINTS)
    found = [
        file
        for name in chosen
        for file in ([root / name] if name.endswith(".py") else (root / name).rglob("*.py"))
        if file.exists()
    ]
    return [Source(root, file.relative_to(root)) for file in sorted(found)]


def docstring_lines(node: Documented) -> range:
    """Return the numbers of the lines that `node`'s docstring takes; empty without one."""
    if ast.get_docstring(node, clean=False) is None:
        return range(0)
    first = node.body[0]
    return range(first.lineno, (first.end_lineno or first.lineno) + 1)


def imported(source: Source, known: frozenset[str]) -> Iterator[tuple[str, int]]:
    """Yield (module of `known`, line) for every import, lazy and TYPE_CHECKING ones counted."""
    package = source.module.split(".")
    if source.path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(source.syntax):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            target = _longest_known(name, known)
            if target and target != source.module:
                yield target, node.lineno


def _longest_known(name: str, known: frozenset[str]) -> str | None:
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None


def import_graph(files: list[Source]) -> dict[str, set[str]]:
    """Return which module of `files` imports which others of them, wherever the import stands."""
    known = frozenset(file.module for file in files)
    return {file.module: {name for name, _ in imported(file, known)} for file in files}
