"""Several machines on one database: nothing is lost, nothing is said twice but what is in doubt.

`make cluster RUNS=10` does each of these ten times.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import conftest
from tests.integration.cluster import servers
from tests.integration.cluster.scenarios import CONTROLS, SCENARIOS, Sea

pytestmark = pytest.mark.postgres
Scenario = Callable[[Sea], list[str]]


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


def played(sea: Sea, scenario: Scenario) -> list[str]:
    """Return what went wrong in a scenario; skip one that cannot be played here."""
    try:
        return scenario(sea)
    except servers.Impossible as why:
        pytest.skip(str(why))


@pytest.mark.parametrize("name", SCENARIOS)
def test_whatever_happens_to_workers_the_outcome_is_that_of_a_quiet_run(
    sea: Sea, name: str
) -> None:
    assert played(sea, SCENARIOS[name]) == []


@pytest.mark.parametrize("name", CONTROLS)
def test_a_cluster_that_is_broken_on_purpose_is_caught_by_name(sea: Sea, name: str) -> None:
    scenario, says = CONTROLS[name]
    found = played(sea, scenario)
    assert any(fault.startswith(says) for fault in found), found


@pytest.mark.parametrize("scenario", [SCENARIOS["wrong_hosts"], CONTROLS["host_clocks"][0]])
def test_without_a_compiler_no_clock_is_wrong_and_it_is_said_what_to_install(
    sea: Sea, scenario: Scenario
) -> None:
    sea.programs = str(sea.folder)
    try:
        with pytest.raises(servers.Impossible, match="apt-get install gcc libc6-dev"):
            scenario(sea)
    finally:
        sea.programs = None
