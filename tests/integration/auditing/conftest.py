"""A database in which two challenges began, anchored; each test gets a copy."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.grounds import opened
from tests.visits import BEGUN
from workflow.auditing.log import Log
from workflow.clock import SetClock
from workflow.store.database import Database


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a database in which two challenges began, anchored in `anchors.txt`."""
    folder = tmp_path_factory.mktemp("lived")
    with opened(f"sqlite:///{folder / 'x.db'}") as ground:
        ground.start()
        ground.done("scope_agreed")
        ground.start("SOU-26")
        ground.log.anchor(folder / "anchors.txt")
        ground.done("scope_agreed", reference="SOU-26")
    return folder


@pytest.fixture
def folder(lived: Path, tmp_path: Path) -> Path:
    """Return a copy of it."""
    shutil.copytree(lived, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture
def log(folder: Path) -> Iterator[Log]:
    """Yield the log of the copy."""
    with closing(Database(f"sqlite:///{folder / 'x.db'}")) as database:
        yield Log(database, SetClock(BEGUN))
