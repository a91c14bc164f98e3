"""A closed visit with mail, answers, a file and sealed words, and empty places to move it to."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.grounds import ADA
from tests.integration.retaining.destroying import AFTER, Site, fill, opened
from workflow.backing_up.moving import Moving
from workflow.clock import SetClock
from workflow.store.database import Database


@pytest.fixture(scope="session")
def closed_visit(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return a folder with a closed visit, made once, and the hash of its definition."""
    folder = tmp_path_factory.mktemp("closed")
    with opened(f"sqlite:///{folder / 'visits.db'}") as site:
        fill(site.close())
    return folder, site.content_hash


@pytest.fixture
def site(closed_visit: tuple[Path, str], tmp_path: Path) -> Iterator[Site]:
    """Yield a site of one's own, four months after the visit was closed."""
    folder, content_hash = closed_visit
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    with closing(Database(f"sqlite:///{tmp_path / 'visits.db'}")) as database:
        yield Site(database, content_hash, SetClock(AFTER))


@pytest.fixture
def to_server(site: Site, postgres_url: str) -> Iterator[Moving]:
    """Yield what moves the site to an empty database on PostgreSQL."""
    with closing(Database(postgres_url, vault=site.database.vault)) as target:
        yield Moving(site.database, target, site.clock, actor=ADA)


@pytest.fixture
def moving(site: Site, tmp_path: Path) -> Iterator[Moving]:
    """Yield what moves the site to another file: where PostgreSQL does not matter. Quicker."""
    url = f"sqlite:///{tmp_path / 'new.db'}"
    with closing(Database(url, vault=site.database.vault)) as target:
        yield Moving(site.database, target, site.clock, actor=ADA)
