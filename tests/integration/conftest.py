"""The ground that most tests of the engine stand on, on SQLite and on PostgreSQL; closed visits.

A site is a closed visit with mail, answers, a file and sealed words that have markers, copied for
a test.
"""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.grounds import Ground, opened
from tests.integration.retaining import destroying
from tests.integration.retaining.destroying import AFTER, Site, fill
from workflow.clock import SetClock
from workflow.store.database import Database


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    """Yield a database with nine people and a definition."""
    with opened(database_url) as ground:
        yield ground


@pytest.fixture(scope="session")
def closed_visit(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a folder with a closed visit, made once, and the hash of its definition."""
    folder = tmp_path_factory.mktemp("closed")
    with destroying.opened(f"sqlite:///{folder / 'visits.db'}") as site:
        fill(site.close())
    return folder, site.content_hash


@pytest.fixture
def site(closed_visit: tuple[Path, str], tmp_path: Path) -> Iterator[Site]:
    """Yield a site of one's own, four months after the visit was closed."""
    folder, content_hash = closed_visit
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    with closing(Database(f"sqlite:///{tmp_path / 'visits.db'}")) as database:
        yield Site(database, content_hash, SetClock(AFTER))
