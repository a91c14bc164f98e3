"""Two hundred lives, in which everything goes wrong that can: nothing is lost, early or doubled."""

from collections.abc import Iterable

import pytest

from tests.simulation.__main__ import boundaries, main, remembered
from tests.simulation.made.lots import lot_of
from tests.simulation.twins import Lived, live

SEEDS, CHUNKS = 200, 10
A_CHUNK = SEEDS // CHUNKS
MOST_UNCRASHED = 0.9
"""The part of the boundaries that may stay uncrashed in a chunk; the large run asks for each."""


def _problems(lives: Iterable[Lived]) -> str:
    return "\n".join(f"seed {life.seed}: {life.problem}" for life in lives if life.broken)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_nothing_is_lost_early_or_doubled_whatever_goes_wrong(chunk: int) -> None:
    lives = [live(seed) for seed in range(chunk * A_CHUNK, (chunk + 1) * A_CHUNK)]

    assert not _problems(lives)
    met = boundaries(lives)
    uncrashed = [name for name, (_, crashed) in met.items() if not crashed]
    assert len(uncrashed) < MOST_UNCRASHED * len(met)


def test_what_has_failed_once_does_not_fail_again() -> None:
    assert not _problems(live(seed) for seed in remembered() if seed >= SEEDS)


def test_a_seed_always_draws_the_same_and_meets_the_same() -> None:
    first, again = live(3), live(3)

    assert lot_of(3) == lot_of(3)
    assert (first.seen, first.done, first.messages) == (again.seen, again.done, again.messages)


def test_a_seed_is_told_as_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "1"]) == 0

    said = capsys.readouterr().out
    assert "the office works" in said
    assert "from here on nothing goes wrong" in said
    assert said.endswith("nothing broke\n")
