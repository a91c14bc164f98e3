"""Two hundred lives, in which everything goes wrong that can: nothing is lost, early or doubled."""

import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.simulation.__main__ import boundaries, main, remembered
from tests.simulation.made.lots import lot_of
from tests.simulation.twins import Lived, live

Boundaries = dict[str, tuple[int, int]]
SEEDS, CHUNKS = 200, 10
A_CHUNK = SEEDS // CHUNKS
MOST_UNCRASHED = 0.9
"""The part of the boundaries that may stay uncrashed in a chunk."""

MOST_NEVER_CRASHED = 0.25
"""The part that may stay uncrashed in all chunks together; the large run asks for each."""


def _problems(lives: Iterable[Lived]) -> str:
    return "\n".join(f"seed {life.seed}: {life.problem}" for life in lives if life.broken)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all processes of a run of the tests have in common."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "boundaries"
    folder.mkdir(exist_ok=True)
    return folder


def _never_crashed(folder: Path, chunk: int, met: Boundaries) -> tuple[list[str], int] | None:
    """Return what nobody crashed in all chunks, and how many names there are; None before that."""
    new = folder / f"{chunk}.new"
    new.write_text(json.dumps(met), encoding="utf-8")
    new.rename(folder / f"{chunk}.json")
    files = list(folder.glob("*.json"))
    if len(files) < CHUNKS:
        return None
    total = Counter[str]()
    for file in files:
        crashed = json.loads(file.read_text(encoding="utf-8"))
        total.update({name: count for name, (_, count) in crashed.items()})
    return sorted(name for name, count in total.items() if not count), len(total)


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_nothing_is_lost_early_or_doubled_whatever_goes_wrong(chunk: int, shared: Path) -> None:
    lives = [live(seed) for seed in range(chunk * A_CHUNK, (chunk + 1) * A_CHUNK)]

    assert not _problems(lives)
    met = boundaries(lives)
    uncrashed = [name for name, (_, crashed) in met.items() if not crashed]
    assert len(uncrashed) < MOST_UNCRASHED * len(met), uncrashed
    if all_of_them := _never_crashed(shared, chunk, met):
        never, known = all_of_them
        print(f"never crashed, of {known} boundaries: {', '.join(never) or 'none'}")  # noqa: T201
        assert len(never) < MOST_NEVER_CRASHED * known, never


def test_what_nobody_crashed_is_named_once_all_chunks_are_there(tmp_path: Path) -> None:
    met = {"before commit": (9, 1), "after send": (3, 0)}
    told = [_never_crashed(tmp_path, chunk, met) for chunk in range(CHUNKS)]
    assert told == [*[None] * (CHUNKS - 1), (["after send"], 2)]


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
