"""Circles in a graph: what waits for itself."""

import pytest

from workflow.model.checks.circles import find_circles


@pytest.mark.parametrize(
    ("ways", "circles"),
    [
        ({}, []),
        ({"a": ["b"], "b": ["c"]}, []),
        ({"a": ["a"]}, [["a"]]),
        ({"b": ["a"], "a": ["b"]}, [["b", "a"]]),
        ({"a": ["b"], "b": ["a"], "c": ["d"], "d": ["c"]}, [["a", "b"], ["c", "d"]]),
        ({"a": ["b"], "b": ["c"], "c": ["a", "x"]}, [["a", "b", "c"]]),
    ],
)
def test_circles_are_found_once_each(ways: dict[str, list[str]], circles: list[list[str]]) -> None:
    assert find_circles(ways) == circles


def test_ten_circles_are_enough_to_mend() -> None:
    ways = {f"{name}{number}": [f"{other}{number}"] for number in range(12) for name, other in
            (("a", "b"), ("b", "a"))}  # fmt: skip
    assert find_circles(ways) == [[f"a{number}", f"b{number}"] for number in range(10)]
