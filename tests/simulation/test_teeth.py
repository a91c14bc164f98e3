"""The simulation finds mistakes that are made on purpose, each by the name of what it breaks."""

import pytest

from tests.simulation.plants import PLANTS
from tests.simulation.twins import live

MOST_SEEDS = 60


@pytest.mark.parametrize("mistake", PLANTS)
def test_a_mistake_made_on_purpose_is_found_by_name(mistake: str) -> None:
    plant = PLANTS[mistake]

    seeds = range(plant.first, plant.first + MOST_SEEDS)
    lives = (live(seed, parts=plant.parts) for seed in seeds)
    found = next(life for life in lives if life.broken)

    assert found.broken == plant.breaks, found.problem
    assert found.problem.startswith(f"{plant.breaks}: ")
    assert plant.says in found.problem
