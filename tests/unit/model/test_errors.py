"""What errors say: what, where, what there is, and what was probably meant."""

import pytest

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
    did_you_mean,
    nearest,
)


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("confrim", ("confirm", "close"), "confirm"),
        ("CONFIRM", ("confirm",), "confirm"),
        ("confirm", ("Confirm",), "Confirm"),
        ("zzz", ("confirm",), None),
        ("x", (), None),
    ],
)
def test_the_nearest_name_is_found_whatever_its_case(
    name: str, known: tuple[str, ...], found: str | None
) -> None:
    assert nearest(name, known) == found


@pytest.mark.parametrize(
    ("name", "known", "text"),
    [
        ("peir", ("peer", "host"), '; did you mean "peer"? (peer, host)'),
        ("zzz", ("peer", "host"), "; there is: peer, host"),
        ("zzz", (), ""),
        ("zzz", tuple("abc"), "; there is: a, b, …"),
    ],
)
def test_what_is_not_known_is_answered_with_what_is(
    name: str, known: tuple[str, ...], text: str
) -> None:
    assert did_you_mean(name, known, most=2) == text


def test_what_is_not_found_names_itself() -> None:
    error = NotFound("role", "peir", ["peer"])
    assert str(error) == 'there is no role "peir"; did you mean "peer"? (peer)'
    assert (error.what, error.name, error.known) == ("role", "peir", ("peer",))


def test_a_refusal_carries_its_facts() -> None:
    refused = Refused("no", kind="unmet", unmet=[Unmet("a", "b")], allowed=["c"], hint="d")
    assert (str(refused), refused.kind, refused.unmet[0].tasks) == ("no", "unmet", ())
    assert (refused.allowed, refused.hint, str(refused.unmet[0])) == (("c",), "d", "a (b)")
    assert Refused("no").kind == "refused"
    assert str(Unmet("a")) == "a"


def test_problems_come_in_the_order_of_the_file_with_their_place() -> None:
    late = Problem("a.yaml", 10, 1, "tasks.x", "wrong")
    early = Problem("a.yaml", 2, 5, "", "odd", is_warning=True)
    error = InvalidDefinition([late, early])
    assert error.problems == (early, late)
    assert str(error) == "a.yaml:2:5: warning: odd\na.yaml:10:1: tasks.x: wrong"


@pytest.mark.parametrize(
    "kind", [PhraseError, InvalidDefinition, InvalidInput, Refused, NotFound, Conflict, Unavailable]
)
def test_every_error_that_a_user_meets_is_of_one_tree(kind: type[Exception]) -> None:
    assert issubclass(kind, WorkflowError)
