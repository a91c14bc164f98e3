"""Each dependency is there for a reason, and nothing is used that is not declared."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

import pytest

from tests.architecture.tree import PACKAGES, ROOT, Source, sources

PROGRAMS = {"import-linter", "mypy", "pre-commit", "pytest-xdist", "ruff"}
SILENT = {
    "tzdata",  # read by zoneinfo where the system has no time zones
    "python-multipart",  # starlette reads forms with it
    "govuk-frontend-jinja",  # templates, which jinja2 loads by its name
}
BROUGHT = {
    "pydantic-core",  # pydantic asks for exactly one version of it
    "starlette",  # fastapi is made of it
}
OURS = {*PACKAGES, "bootstrap", "cli", "mailroom", "settings", "tests", "docs", "benchmarks"}


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
    assert declared("postgres", "m365", "notify", "pdf", "timestamp") - used - SILENT == set()


def test_everything_that_the_application_imports_is_declared(used: set[str]) -> None:
    assert used - declared("postgres", "m365", "notify", "pdf", "timestamp") - BROUGHT == set()


def test_the_tests_declare_what_they_import_and_import_what_they_declare() -> None:
    around = distributions(top_level_imports(sources(ROOT, "tests", "docs", "benchmarks")))
    stubs = {name for name in declared("test") if name.startswith("types-")}
    assert around - declared("test", "postgres", "timestamp") - BROUGHT == set()
    assert declared("test") - declared() - around - PROGRAMS - stubs == set()


def test_an_undeclared_import_is_seen() -> None:
    assert distributions({"setuptools", "no_such_library"}) - declared("test") == {
        "setuptools",
        "no-such-library",
    }
