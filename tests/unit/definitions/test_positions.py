"""Every problem stands where the mistake is, and says the same words each time."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest

from definitions import loader
from definitions.loader import Checked
from workflow.model.errors import Problem

FIXTURES = Path(__file__).parents[2] / "fixtures" / "definitions"
GOOD = (Path(__file__).parents[3] / "docs" / "examples" / "site_visit.yaml").read_text()
ANY_TAIL = "…"


class Case(TypedDict):
    """One mistake: `old` of the good file becomes `new`.

    Each problem is a piece of the new file with ^ before the place, and what is said there; a
    text that ends with … may go on. `seen` says what a real system shipped.
    """

    old: str
    new: str
    seen: NotRequired[str]
    problems: list[tuple[str, str]]


CASES: list[Case] = json.loads((FIXTURES / "broken.json").read_text())


def place_of(mark: str, text: str) -> tuple[int, int]:
    """Return the line and the column of the ^ of `mark`, which stands once in `text`."""
    piece = mark.replace("^", "", 1)
    assert text.count(piece) == 1 or text.startswith(piece), piece
    before = text[: text.index(piece) + mark.index("^")]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def is_as_expected(problem: Problem, says: str, place: tuple[int, int]) -> bool:
    """Return whether `problem` stands at `place` and says what is expected."""
    said = str(problem).removeprefix(f"f.yaml:{place[0]}:{place[1]}: ")
    return said.startswith(says[:-1]) if says.endswith(ANY_TAIL) else said == says


def differs(case: Case, check: Callable[[str], Checked]) -> bool:
    """Return whether `check` says anything else of `case` than is expected."""
    text = GOOD.replace(case["old"], case["new"], 1)
    expected = sorted((place_of(mark, text), says) for mark, says in case["problems"])
    found = sorted(check(text).problems, key=lambda one: (one.line, one.column, one.path))
    return len(found) != len(expected) or not all(
        is_as_expected(problem, says, place)
        for problem, (place, says) in zip(found, expected, strict=True)
    )


@cache
def check(text: str) -> Checked:
    return loader.check(text, file="f.yaml")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["new"].strip()[:40] or "left out")
def test_a_mistake_is_told_with_its_place_and_the_way_out(case: Case) -> None:
    assert not differs(case, check)


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 230


@pytest.mark.parametrize(
    "mistake",
    [
        "an overdue reminder that hung on an early one having been sent",
        "rungs keyed 0, 1, 3 over three dates",
        "a reminder sent only on the exact day",
    ],
)
def test_the_mistakes_that_real_systems_shipped_are_told(mistake: str) -> None:
    assert [case["new"] for case in CASES if case.get("seen") == mistake]


def test_the_good_file_has_nothing_wrong() -> None:
    assert check(GOOD).problems == ()


@pytest.mark.parametrize(("lines", "columns"), [(1, 0), (-1, 0), (0, 1), (0, -1)])
def test_places_that_are_off_by_one_would_be_seen(lines: int, columns: int) -> None:
    def check_badly(text: str) -> Checked:
        found = check(text)
        moved = tuple(
            problem._replace(line=problem.line + lines, column=problem.column + columns)
            for problem in found.problems
        )
        return replace(found, problems=moved)

    assert all(differs(case, check_badly) for case in CASES)


def test_a_problem_that_is_lost_would_be_seen() -> None:
    def check_badly(text: str) -> Checked:
        found = check(text)
        return replace(found, problems=found.problems[1:])

    assert all(differs(case, check_badly) for case in CASES)
