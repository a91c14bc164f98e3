"""Texts speak of people by id until somebody puts the names in."""

import pytest

from workflow.model.errors import InvalidInput, NotFound, Refused, Unmet
from workflow.model.people import Person, ids_in, name_in, named_error

PEOPLE = {
    4: Person(id=4, name="Ann Lead", email="ann@a.example"),
    14: Person(id=14, name="{p4}", email="odd@a.example"),
}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", ""),
        ("{p4} and {p4}", "Ann Lead and Ann Lead"),
        ("{p14}", "{p4}"),  # a name is not read again
        ("{p99}", "person 99"),
        ("{p} {person} {p4x} p4", "{p} {person} {p4x} p4"),
    ],
)
def test_ids_become_names(text: str, named: str) -> None:
    assert name_in(text, PEOPLE) == named


def test_a_refusal_is_named_in_all_its_texts_and_keeps_its_facts() -> None:
    refused = Refused(
        "{p4} may not",
        kind="not_allowed",
        unmet=[Unmet("1 of 2 ({p99})", "briefing 1", ("call:99",))],
        allowed=("Lead",),
        hint="ask {p4}",
    )
    named = named_error(refused, PEOPLE)
    assert isinstance(named, Refused)
    assert str(named) == named.message == "Ann Lead may not"
    assert (named.kind, named.allowed, named.hint) == ("not_allowed", ("Lead",), "ask Ann Lead")
    assert named.unmet == (Unmet("1 of 2 (person 99)", "briefing 1", ("call:99",)),)


def test_other_errors_are_named_or_left_alone() -> None:
    assert str(named_error(InvalidInput("say which: {p4}"), PEOPLE)) == "say which: Ann Lead"
    missing = NotFound("role", "x", ["y"])
    assert named_error(missing, PEOPLE) is missing


@pytest.mark.parametrize(
    ("texts", "ids"),
    [((), set()), (("{p4} and {p14}", "{p4} {p} {px}"), {4, 14}), (("p4", "{p 4}"), set())],
)
def test_who_is_spoken_of_is_found_in_texts(texts: tuple[str, ...], ids: set[int]) -> None:
    assert ids_in(*texts) == ids
