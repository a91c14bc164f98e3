"""Several machines on one database: nothing is lost, nothing is said twice but what is in doubt.

`make cluster RUNS=10` does each of these ten times.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import conftest
from tests.integration.cluster import servers
from tests.integration.cluster.scenarios import CONTROLS, SCENARIOS, Sea

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def sea() -> Iterator[Sea]:
    """Yield a server of its own: it is stopped and begun again."""
    with servers.serving() as server, tempfile.TemporaryDirectory(prefix="sea-") as folder:
        if server is None:
            pytest.skip(conftest.MISSING)
        made = Sea(Path(folder), server)
        try:
            yield made
        finally:
            made.nursery.close()


@pytest.mark.parametrize("name", SCENARIOS)
def test_whatever_happens_to_workers_the_outcome_is_that_of_a_quiet_run(
    sea: Sea, name: str
) -> None:
    assert SCENARIOS[name](sea) == []


@pytest.mark.parametrize("name", CONTROLS)
def test_a_cluster_that_is_broken_on_purpose_is_caught_by_name(sea: Sea, name: str) -> None:
    scenario, says = CONTROLS[name]
    if name == "host_clocks" and servers.wrong_clocks(sea.folder) is None:
        pytest.skip("no C compiler here: hosts' clocks cannot be made wrong")
    found = scenario(sea)
    assert any(fault.startswith(says) for fault in found), found
