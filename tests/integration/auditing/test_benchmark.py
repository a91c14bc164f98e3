"""A1 and A2 measure what they say, at a small size, and see a planted slowness."""

from pathlib import Path

import pytest

from benchmarks import auditing, servers

pytestmark = pytest.mark.timed


def test_verifying_is_measured_and_memory_that_grows_is_seen(tmp_path: Path) -> None:
    url_of = servers.in_folder(tmp_path)
    few, many = (auditing.prepare(url_of(name), n) for name, n in (("few", 1_000), ("many", 9_000)))
    took, memory = auditing.measure(few, many, rounds=1)
    assert took.what == "verifying 8,976 events against 20 s for 1,000,000"
    assert took.against == [20 * 8_976 / 1_000_000]
    assert memory.is_met
    control = auditing.run(many, ballast=40_000_000)
    assert not auditing.FLAT.is_met(control.peak_mb / memory.against[0])


def test_a_proof_is_measured_and_a_slow_one_is_seen(tmp_path: Path) -> None:
    url = auditing.plant(servers.in_folder(tmp_path)("leaves"), 70_000)
    found = auditing.measure_proofs(url, rounds=2)
    assert found.what == "a proof in a tree of 70,000 entries"
    control = auditing.measure_proofs(url, rounds=2, repeated=4)
    assert control.ratio > 2 * found.ratio
