"""Empty places to move a closed visit to."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.grounds import ADA
from tests.integration.retaining.destroying import Site
from workflow.backing_up.moving import Moving
from workflow.store.database import Database


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
