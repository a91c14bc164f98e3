"""How errors end a command: each family its exit code, its words, its JSON."""

import json

import pytest

from console.failures import Failure
from workflow.model.errors import (
    Conflict,
    InvalidDefinition,
    InvalidInput,
    NotFound,
    PhraseError,
    Problem,
    Refused,
    Unavailable,
    Unmet,
    WorkflowError,
)

REFUSED = Refused(
    "EAS-27 cannot go on site yet.",
    kind="unmet",
    unmet=[Unmet("4 peers were not called", "guidance 71"), Unmet("the timetable is missing")],
    allowed=["postpone"],
    hint="record what is done",
)


@pytest.mark.parametrize(
    ("error", "code", "kind"),
    [
        (REFUSED, 4, "unmet"),
        (NotFound("task", "x", ["y"]), 5, "not_found"),
        (Conflict("changed"), 6, "conflict"),
        (Unavailable("away"), 75, "unavailable"),
        (InvalidInput("bad"), 2, "invalid"),
        (PhraseError("bad"), 2, "invalid"),
        (WorkflowError("bad"), 2, "invalid"),
        (InvalidDefinition([Problem("a.yaml", 1, 2, "x", "bad")]), 2, "invalid_definition"),
    ],
)
def test_each_family_has_its_exit_code_and_kind(error: WorkflowError, code: int, kind: str) -> None:
    failure = Failure(error, is_json=True)
    assert failure.exit_code == code
    assert failure.as_json()["error"]["kind"] == kind
    assert failure.as_json()["error"].keys() >= {"kind", "message", "unmet", "allowed"}


def test_a_refusal_says_what_is_missing_and_the_way_out() -> None:
    assert Failure(REFUSED, is_json=False).as_lines() == [
        "Refused: EAS-27 cannot go on site yet.",
        "  - 4 peers were not called   guidance 71",
        "  - the timetable is missing",
        "You can: record what is done",
    ]


def test_without_a_hint_a_refusal_says_what_is_allowed() -> None:
    error = Refused("no", allowed=["postpone", "withdraw"])
    assert Failure(error, is_json=False).as_lines()[-1] == "Allowed: postpone, withdraw"


def test_problems_of_a_definition_stand_each_on_a_line() -> None:
    problems = [Problem("a.yaml", 2, 1, "x", "bad"), Problem("a.yaml", 1, 2, "y", "worse")]
    lines = Failure(InvalidDefinition(problems), is_json=False).as_lines()
    assert lines == ["a.yaml:1:2: y: worse", "a.yaml:2:1: x: bad"]


def test_json_goes_to_stdout_and_text_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    Failure(REFUSED, is_json=True).show()
    Failure(InvalidInput("bad"), is_json=False).show()
    told = capsys.readouterr()
    assert json.loads(told.out)["error"]["unmet"][0] == "4 peers were not called (guidance 71)"
    assert told.err == "Error: bad\n"
