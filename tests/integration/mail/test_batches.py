"""The figure of a batch of mail sees slow work, and work that leaves something behind."""

import pytest

from benchmarks import mailing

pytestmark = pytest.mark.timed


def test_a_slow_batch_and_one_that_fills_the_memory_are_seen() -> None:
    quick, flat = mailing.measure(rounds=1, batch=100)
    slow, _ = mailing.measure(rounds=1, batch=100, repeated=8)
    assert (quick.code, flat.code) == ("P10 rate", "P10 memory")
    assert slow.ratio < quick.ratio / 2
    assert not slow.is_met
    assert flat.is_met
    with mailing.serving() as url:
        assert not mailing.measure_memory(url, rounds=1, counts=(10, 100), ballast=200_000).is_met
