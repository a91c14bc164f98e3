"""The ground that most tests of the engine stand on, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.grounds import Ground, opened


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    """Yield a database with nine people and a definition."""
    with opened(database_url) as ground:
        yield ground
