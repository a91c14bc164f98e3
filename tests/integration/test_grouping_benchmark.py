"""M2 measures what it says, at a small size, and sees memory that grows with what waits."""

from pathlib import Path

import pytest

from benchmarks import grouping, servers

pytestmark = pytest.mark.timed
COUNTS = 500, 2_500


def test_planning_is_measured_and_memory_that_grows_is_seen(tmp_path: Path) -> None:
    """The control keeps some bytes of every notice."""
    url_of = servers.in_folder(tmp_path)
    few, many = (grouping.prepare(url_of(str(count)), count) for count in COUNTS)
    took, memory = grouping.measure(few, many, counts=COUNTS, rounds=1)
    _, control = grouping.measure(few, many, counts=COUNTS, rounds=1, ballast=40_000)
    assert (took.code, memory.code) == ("M2 time", "M2 memory")
    assert took.against == [5 * 2_500 / 100_000]
    assert memory.is_met
    assert control.ratio > memory.ratio
    assert not control.is_met
