"""Circles in a graph: what waits for itself."""

from typing import Any

import pytest

from tests.unit.model.test_references import changed, said, task
from workflow.model.checks.circles import find_circles, find_circular


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


@pytest.mark.parametrize(
    ("opens", "circle"),
    [
        ("when two is done", "one.opens → two → two.opens → one → one.opens"),
        ("when two is done or when start is known", ""),
    ],
)
def test_what_opens_a_task_is_waited_for_only_where_there_is_no_other_way(
    opens: str, circle: str
) -> None:
    found = said(("tasks.one", task(opens=opens)), ("tasks.two", task(opens="when one is done")))
    assert found == ([f"tasks.one.opens: it hangs on itself: {circle}"] if circle else [])


@pytest.mark.parametrize(("key", "part"), [("opens", "opened"), ("target", "recorded")])
def test_the_opening_and_the_recording_of_another_task_are_waited_for(key: str, part: str) -> None:
    one, two = (task(**{key: f"2 days after {other}.{part}"}) for other in ("two", "one"))
    assert find_circular(changed(("tasks.one", one), ("tasks.two", two))) == {"one", "two"}


WEEK = {"title": "Longer", "by": "1 week"}
ITSELF = "1 day after more.limit"
DUE = ("dates.due", {"title": "Due", "is": ITSELF})


@pytest.mark.parametrize(
    ("more", "besides", "circle"),
    [
        ({"pauses": "p"}, ("pauses.p", {"title": "P", "from": ITSELF, "until": "over"}), ""),
        ({"pauses": "p"}, ("pauses.p", {"title": "P", "from": "start", "until": ITSELF}), ""),
        ({"extends": {"longer": {**WEEK, "no_later_than": ITSELF}}}, None, ""),
        ({"extends": {"longer": {**WEEK, "when": "due is known"}}}, DUE, "due → "),
        ({"extends": {"longer": {**WEEK, "unless": "due is known"}}}, DUE, "due → "),
        ({"excused_when": "due is known"}, DUE, "due → "),
        ({"restarts_on": "due"}, DUE, "due → "),
    ],
)
def test_whatever_a_clock_hangs_on_is_waited_for(
    more: dict[str, Any], besides: tuple[str, Any] | None, circle: str
) -> None:
    made = ("tasks.more", task(limit="2 weeks after end", source="rules", **more))
    assert said(*([besides] if besides else []), made) == [
        f"tasks.more.limit: it hangs on itself: more.limit → {circle}more.limit"
    ]
