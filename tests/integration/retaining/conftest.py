"""Sites: a closed visit with mail, answers and a file that have markers, copied for a test."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from workflow.clock import SetClock
from workflow.store.database import Database

from .destroying import AFTER, Site, fill, opened


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a folder with a closed visit, made once, and the hash of its definition."""
    folder = tmp_path_factory.mktemp("closed")
    with opened(f"sqlite:///{folder / 'visits.db'}") as site:
        fill(site.close())
    return folder, site.content_hash


@pytest.fixture
def site(template: tuple[Path, str], tmp_path: Path) -> Iterator[Site]:
    """Yield a site of one's own, four months after the visit was closed."""
    folder, content_hash = template
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    with closing(Database(f"sqlite:///{tmp_path / 'visits.db'}")) as database:
        yield Site(database, content_hash, SetClock(AFTER))
