"""The control of the mutation run: what is tested dies, what nobody tests lives."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from tests.mutation.__main__ import ROOT, interval
from tests.mutation.drawing import Mutants

PRICE = '''"""Prices."""


def total(count: int, price: int) -> int:
    return count * price


def forgotten(pence: int) -> int:
    return pence + 1
'''
HALF_TESTED = """from shop.price import forgotten, total


def test_the_total_is_counted() -> None:
    assert total(3, 2) == 6


def test_that_cannot_fail() -> None:
    forgotten(3)
"""
BROKEN = """from shop import price


def test_that_fails_always() -> None:
    assert price.total(1, 1) == 2
"""


def run(root: Path, *options: str) -> tuple[dict[str, set[str]], subprocess.CompletedProcess[str]]:
    """Return what became of the mutants of a small project, by their functions, and the run."""
    result = root / "result.json"
    command = [sys.executable, "-m", "tests.mutation", "--root", str(root), "--package", "shop",
               "--tests", "tests", "--sample", "all", "--into", str(result), *options]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=600
    )
    verdicts: dict[str, set[str]] = defaultdict(set)
    for one in json.loads(result.read_text(encoding="utf-8")):
        line = int(one["mutant"].split(":")[1])
        verdicts[PRICE.splitlines()[line - 2].partition("(")[0]].add(one["verdict"])
    return verdicts, done


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return a small project: one function is tested, the other is only called."""
    for folder in ("shop", "tests"):
        (tmp_path / folder).mkdir()
    (tmp_path / "shop" / "price.py").write_text(PRICE, encoding="utf-8")
    (tmp_path / "tests" / "test_price.py").write_text(HALF_TESTED, encoding="utf-8")
    return tmp_path


def test_a_mistake_dies_where_there_is_a_test_and_lives_where_there_is_none(shop: Path) -> None:
    (shop / "tests" / "test_broken.py").write_text(BROKEN, encoding="utf-8")
    verdicts, done = run(shop, "--least", "0.9", "--progress")
    assert verdicts["def total"] == {"killed"}
    assert verdicts["def forgotten"] == {"survived"}
    assert (
        "1 killed: shop/price.py:5: count * price  ->  count / price (tests/test_price.py)"
        in done.stdout
    )
    assert "survived: shop/price.py:9: pence + 1  ->  pence - 1" in done.stdout
    assert "left out, since it fails without any mistake: tests/test_broken.py" in done.stdout
    assert (done.returncode, done.stderr) == (1, "the score is under 90%\n")
    assert (shop / "shop" / "price.py").read_text(encoding="utf-8") == PRICE


def test_one_line_can_be_looked_at_alone(shop: Path) -> None:
    every, chosen = Mutants(shop, "shop"), Mutants(shop, "shop", only="shop/price.py:9:")
    assert {mutant.line for mutant in every.drawn(None, seed=1)} == {5, 9}
    assert {mutant.line for mutant in chosen.drawn(None, seed=1)} == {9}


@pytest.mark.parametrize(
    ("killed", "tried", "low", "high"),
    [
        (50, 100, 0.404, 0.596),
        (100, 100, 0.963, 1.0),
        (0, 10, 0.0, 0.278),
        (360, 400, 0.867, 0.926),
    ],
)
def test_the_interval_of_a_sample_is_wilsons(
    killed: int, tried: int, low: float, high: float
) -> None:
    assert interval(killed, tried) == pytest.approx((low, high), abs=0.001)
