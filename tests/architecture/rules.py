"""What the house forbids, as functions from a tree to the places that break the rule."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from tests.architecture.tree import (
    Function,
    Source,
    docstring_lines,
    import_graph,
    imported,
    type_of_function,
)

COMMAND_LINES = 15
FUNCTION_LINES, PARAMETERS, POSITIONAL, METHODS, FILE_LINES, FOLDER_MODULES = 40, 6, 3, 12, 350, 15
REPEATED_LINES = 6
NUMBERED = "migrations"  # grows by one file for each change of the tables
MEANINGLESS = {"utils", "util", "helpers", "common", "manager", "data", "info", "process", "misc"}
CLOCK = "workflow/clock.py"
CLOCK_READS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "ctime"},
    "uuid": {"uuid1"},
    "utils": {"localtime", "make_msgid"},
}
TIMINGS = {"ratio", "is_met", "monotonic", "perf_counter"}
CLOCK_SQL = ("current_timestamp", "current_date", "datetime('now", "date('now", "now()")


def long_functions(files: list[Source]) -> Iterator[str]:
    """Find functions that are longer than the limit, their docstrings not counted."""
    for file in files:
        for function in file.functions():
            lines = (
                (function.end_lineno or 0) - function.lineno + 1 - len(docstring_lines(function))
            )
            if lines > FUNCTION_LINES:
                yield f"{file.place(function)} {function.name}: {lines} lines > {FUNCTION_LINES}"


def long_commands(files: list[Source]) -> Iterator[str]:
    """Find commands of the command line whose bodies do more than parse, call and print."""
    for file in files:
        for function in file.functions():
            body = function.body[1:] if docstring_lines(function) else function.body
            lines = (function.end_lineno or 0) - body[0].lineno + 1 if body else 0
            if lines > COMMAND_LINES and any(map(_makes_command, function.decorator_list)):
                place = file.place(function)
                yield f"{place} {function.name}: a body of {lines} lines > {COMMAND_LINES}"


def _makes_command(decorator: ast.expr) -> bool:
    target = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(target, ast.Attribute) and target.attr in {"command", "group"}


def wide_functions(files: list[Source]) -> Iterator[str]:
    """Find functions with too many parameters, and public ones with too many positional ones."""
    for file in files:
        for function in file.functions():
            positional, every = _parameters(function)
            place = f"{file.place(function)} {function.name}"
            if every > PARAMETERS:
                yield f"{place}: {every} parameters > {PARAMETERS}"
            if positional > POSITIONAL and not function.name.startswith("_"):
                yield f"{place}: {positional} positional > {POSITIONAL}"


def _parameters(function: Function) -> tuple[int, int]:
    """Return how many parameters are positional, and how many in all, `self` and `cls` apart."""
    arguments = function.args
    positional = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    if positional[:1] in (["self"], ["cls"]):
        positional = positional[1:]
    return len(positional), len(positional) + len(arguments.kwonlyargs)


def large_classes(files: list[Source]) -> Iterator[str]:
    """Find classes with too many methods."""
    for file in files:
        for node in ast.walk(file.syntax):
            if isinstance(node, ast.ClassDef):
                methods = sum(isinstance(member, type_of_function) for member in node.body)
                if methods > METHODS:
                    yield f"{file.place(node)} {node.name}: {methods} methods > {METHODS}"


def long_files(files: list[Source]) -> Iterator[str]:
    """Find files with too many lines."""
    for file in files:
        lines = len(file.text.splitlines())
        if lines > FILE_LINES:
            yield f"{file.path}: {lines} lines > {FILE_LINES}"


def full_folders(files: list[Source]) -> Iterator[str]:
    """Find folders with too many modules; their faces do not count."""
    modules: dict[str, int] = defaultdict(int)
    for file in files:
        if file.path.name != "__init__.py" and NUMBERED not in file.path.parts:
            modules[file.path.parent.as_posix()] += 1
    for folder, number in sorted(modules.items()):
        if number > FOLDER_MODULES:
            yield f"{folder}: {number} modules > {FOLDER_MODULES}"


def import_circles(files: list[Source]) -> Iterator[str]:
    """Find a circle of imports of any kind; one is named, mend it and look again."""
    try:
        TopologicalSorter(import_graph(files)).prepare()
    except CycleError as error:
        yield " imports ".join(reversed(error.args[1]))


def talking_faces(files: list[Source]) -> Iterator[str]:
    """Find package faces that hold more than a docstring."""
    for file in files:
        if file.path.name == "__init__.py":
            body = file.syntax.body
            is_plain = len(body) == 1 and ast.get_docstring(file.syntax) is not None
            if not is_plain:
                yield f"{file.path}: a face holds a docstring and nothing else"


def meaningless_names(files: list[Source]) -> Iterator[str]:
    """Find modules and folders whose names say nothing."""
    for file in files:
        for part in file.path.with_suffix("").parts:
            if part in MEANINGLESS:
                yield f"{file.path}: the name {part!r} says nothing"


def clock_reads(files: list[Source]) -> Iterator[str]:
    """Find places other than the clock's module that ask what time it is."""
    for file in files:
        if file.path.as_posix() == CLOCK:
            continue
        for node in ast.walk(file.syntax):
            for what in _asks_the_time(node):
                yield f"{file.path}:{getattr(node, 'lineno', 0)} {what}"


def _asks_the_time(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute):
        owner = _last(node.value)
        if node.attr in CLOCK_READS.get(owner, ()):
            yield f"{owner}.{node.attr}"
    elif isinstance(node, ast.ImportFrom) and node.module in {"time", "uuid", "email.utils"}:
        hidden = CLOCK_READS[node.module.rpartition(".")[2]]
        yield from (
            f"{alias.name} of {node.module}" for alias in node.names if alias.name in hidden
        )
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value.lower()
        yield from (f"{phrase} in a text" for phrase in CLOCK_SQL if phrase in text)


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def repeated_lines(files: list[Source]) -> Iterator[str]:
    """Find runs of lines that stand in two places; imports, docstrings, brackets do not count."""
    seen: dict[tuple[str, ...], str] = {}
    for file in files:
        lines = list(_telling_lines(file))
        for start in range(len(lines) - REPEATED_LINES + 1):
            run = lines[start : start + REPEATED_LINES]
            place = f"{file.path}:{run[0][0]}"
            first = seen.setdefault(tuple(text for _, text in run), place)
            if first != place:
                yield f"{place} repeats {first}"


def _telling_lines(file: Source) -> Iterator[tuple[int, str]]:
    silent: set[int] = set()
    for node in ast.walk(file.syntax):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            silent.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        if isinstance(node, (ast.Module, ast.ClassDef, *type_of_function)):
            silent.update(docstring_lines(node))
    for number, line in enumerate(file.text.splitlines(), start=1):
        text = line.strip()
        is_telling = any(letter.isalnum() for letter in text) and not text.startswith("#")
        if is_telling and number not in silent:
            yield number, text


def unmarked_timings(files: list[Source]) -> Iterator[str]:
    """Find tests that assert how long something took, and are not marked `timed`."""
    for file in files:
        for function in file.functions():
            marks = [*function.decorator_list, *_marks_of_all(file)]
            is_marked = any("timed" in ast.unparse(mark) for mark in marks)
            if function.name.startswith("test_") and not is_marked:
                yield from (
                    f"{file.place(node)} {function.name}: asserts a time, and is not `timed`"
                    for node in ast.walk(function)
                    if isinstance(node, ast.Assert) and _tells_a_time(node)
                )


def _marks_of_all(file: Source) -> Iterator[ast.expr]:
    for node in file.syntax.body:
        if isinstance(node, ast.Assign) and "pytestmark" in map(ast.unparse, node.targets):
            yield node.value


def _tells_a_time(node: ast.Assert) -> bool:
    return any(
        (isinstance(part, ast.Attribute) and part.attr in TIMINGS)
        or (isinstance(part, ast.Name) and part.id in TIMINGS - {"ratio", "is_met"})
        for part in ast.walk(node)
    )


def entry_point_trespass(files: list[Source]) -> Iterator[str]:
    """Find imports that the entry points may not make, and who imports them wrongly."""
    known = frozenset(file.module for file in files)
    for file in files:
        for name, line in imported(file, known):
            if _is_trespass(file.module, name):
                yield f"{file.path}:{line} imports {name}"


def _is_trespass(importer: str, name: str) -> bool:
    if name == "cli":
        return True
    if name in {"mailroom", "settings", "timekeeping"}:
        return importer not in {"bootstrap", "mailroom", "timekeeping"}
    if name == "bootstrap":
        return importer != "cli" and not importer.startswith("console")
    if importer == "cli":
        return not name.startswith(("console", "workflow.model"))
    return importer == "bootstrap" and name.startswith("console")
