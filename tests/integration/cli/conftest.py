"""Desks: an empty one, and one with a rehearsal that is copied for each test."""

import shutil
from pathlib import Path

import pytest

from tests.integration.cli.desk import Desk


@pytest.fixture
def empty(tmp_path: Path) -> Desk:
    """Return a desk where nothing was made yet, at today's time."""
    return Desk(tmp_path, now="")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a filled rehearsal, made once."""
    folder = tmp_path_factory.mktemp("template")
    Desk(folder).fill()
    return folder


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Desk:
    """Return a desk with a rehearsal: people, and the challenge NOR-26."""
    shutil.copytree(template, tmp_path, dirs_exist_ok=True)
    return Desk(tmp_path)
