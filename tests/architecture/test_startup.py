"""What a command loads: the command line answers at once because heavy libraries wait."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

HEAVY = {
    "sqlalchemy",
    "sqlmodel",
    "alembic",
    "pydantic",
    "jinja2",
    "apscheduler",
    "asyncio",
    "holidays",
}
PROBE = """
import sys
{planted}
import cli
sys.argv = ["peer-challenge", *sys.argv[1:]]
try:
    cli.main()
finally:
    print("loaded:", *sorted({{name.partition(".")[0] for name in sys.modules}}), file=sys.stderr)
"""


def loaded_by(folder: Path, *arguments: str, planted: str = "") -> set[str]:
    """Run a command in a process of its own and return what it imported, by top-level name."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE.format(planted=planted), *arguments],
        cwd=folder, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(ROOT), "HOME": str(folder), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return set(done.stderr.rpartition("loaded:")[2].split())


@pytest.mark.parametrize("arguments", [["--help"], ["list", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(tmp_path: Path, arguments: list[str]) -> None:
    assert loaded_by(tmp_path, *arguments) & (HEAVY | {"sqlite3", "rich"}) == set()


@pytest.mark.parametrize("command", [["list"], ["tasks"], ["mail", "list"], ["person", "list"]])
def test_a_reading_command_loads_no_sqlalchemy(tmp_path: Path, command: list[str]) -> None:
    database = ["--db", f"sqlite:///{tmp_path / 'challenges.db'}"]
    loaded_by(tmp_path, *database, "init", "--rehearsal")
    assert loaded_by(tmp_path, *database, *command) & (HEAVY - {"asyncio"}) == set()


def test_a_heavy_import_is_seen(tmp_path: Path) -> None:
    assert "sqlalchemy" in loaded_by(tmp_path, "--help", planted="import sqlalchemy")
