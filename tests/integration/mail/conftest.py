"""What the tests of arriving mail begin with."""

from collections.abc import Iterator

import pytest

from tests.grounds import opened
from tests.integration.mail.arrivals import Arrivals, begun


@pytest.fixture(name="anywhere")
def arrivals_anywhere(database_url: str) -> Iterator[Arrivals]:
    """Yield a visit whose visitors are to be called, and one message that asks Vic of it."""
    with opened(database_url) as ground:
        yield begun(ground)


@pytest.fixture
def arrivals(sqlite_url: str) -> Iterator[Arrivals]:
    """Yield the same on SQLite."""
    with opened(sqlite_url) as ground:
        yield begun(ground)
