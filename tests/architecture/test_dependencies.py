"""Each dependency is there for a reason, and nothing is used that is not declared."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.architecture.tree import PACKAGES, ROOT, Source, imported, sources

PROGRAMS = {"coverage", "import-linter", "mypy", "pre-commit", "pytest-xdist", "ruff"}
SILENT = {
    "tzdata",  # read by zoneinfo where the system has no time zones
    "python-multipart",  # starlette reads forms with it
    "govuk-frontend-jinja",  # templates, which jinja2 loads by its name
}
BROUGHT = {
    "pydantic-core",  # pydantic asks for exactly one version of it
    "starlette",  # fastapi is made of it
}
OURS = {
    *PACKAGES, "bootstrap", "cli", "mailroom", "settings", "timekeeping",
    "tests", "docs", "benchmarks",
}  # fmt: skip


def declared(*extras: str) -> set[str]:
    """Return the distributions that `pyproject.toml` asks for, at run time or in `extras`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lists = [project["optional-dependencies"][extra] for extra in extras]
    wanted = [project["dependencies"], *lists]
    names = {re.split(r"[\[<>=~! ]", entry)[0] for entries in wanted for entry in entries}
    return names - {project["name"]}


def top_level_imports(files: list[Source]) -> set[str]:
    """Return the top-level names from outside that `files` import, lazily or not."""
    found: set[str] = set()
    for file in files:
        for node in ast.walk(file.syntax):
            if isinstance(node, ast.Import):
                found.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found - OURS - set(sys.stdlib_module_names)


def distributions(names: set[str]) -> set[str]:
    """Return what has to be installed for the imports called `names`."""
    known = packages_distributions()
    found = {entry for name in names for entry in known.get(name, [name])}
    return {
        re.sub(r"[-_.]+", "-", entry).lower().replace("ruamel-yaml", "ruamel.yaml")
        for entry in found
    }


@pytest.fixture(scope="module")
def used() -> set[str]:
    """Return the distributions that the application imports."""
    return distributions(top_level_imports(sources(ROOT)))


def test_every_dependency_of_the_application_is_imported(used: set[str]) -> None:
    assert (
        declared("postgres", "m365", "notify", "pdf", "timestamp", "cluster") - used - SILENT
        == set()
    )


def test_everything_that_the_application_imports_is_declared(used: set[str]) -> None:
    assert (
        used - declared("postgres", "m365", "notify", "pdf", "timestamp", "cluster") - BROUGHT
        == set()
    )


def test_the_tests_declare_what_they_import_and_import_what_they_declare() -> None:
    files = [file for file in sources(ROOT, "tests", "docs", "benchmarks") if not pins(file)]
    around = distributions(top_level_imports(files))
    stubs = {name for name in declared("test") if name.startswith("types-")}
    known = declared("test", "postgres", "timestamp", "mutation", "cluster", "fuzz")
    assert around - known - BROUGHT == set()
    assert declared("test") - declared() - around - PROGRAMS - stubs == set()


def pins(file: Source) -> set[str] | None:
    """Return what the environment of a file holds, if it has one of its own: a peer's worker."""
    pinned = (ROOT / file.path).with_suffix(".txt")
    if file.path.parts[:2] != ("benchmarks", "peers") or not pinned.exists():
        return None
    lines = pinned.read_text(encoding="utf-8").splitlines()
    return {line.partition("==")[0].lower().replace("_", "-") for line in lines if "==" in line}


BY_ANOTHER_NAME = {"django-fsm": "django-fsm-2", "viewflow": "django-viewflow"}


def test_a_peer_imports_only_what_its_own_environment_has_and_hardly_anything_of_ours() -> None:
    peers = {file: found for file in sources(ROOT, "benchmarks") if (found := pins(file))}
    assert {file.path.stem for file in peers} >= {"spiff", "viewflow", "dbos", "django_fsm"}
    for file, pinned in peers.items():
        names = {name.lower().replace("_", "-") for name in top_level_imports([file])}
        assert {BY_ANOTHER_NAME.get(name, name) for name in names} <= pinned, file.path
        known = frozenset(one.module for one in sources(ROOT, "benchmarks", *PACKAGES))
        ours = {name for name, _ in imported(file, known)}
        assert ours <= {"benchmarks.peers.tables", "benchmarks.peers.wire"}, file.path


def test_an_undeclared_import_is_seen() -> None:
    assert distributions({"setuptools", "no_such_library"}) - declared("test") == {
        "setuptools",
        "no-such-library",
    }
