"""Every phrase is short text that can be shown; anything else says what is wanted."""

import re
from collections.abc import Callable

import pytest
from pydantic import ValidationError

from workflow.model.duties import LocalCalendar
from workflow.model.errors import PhraseError
from workflow.model.language.conditions import parse_occasion, parse_opening, parse_requirement
from workflow.model.language.rungs import parse_rung_time
from workflow.model.language.selections import parse_count, parse_for_each, parse_span
from workflow.model.language.timing import parse_time_of_day, parse_timing
from workflow.model.language.words import read_phrase, split_list

PARSERS: list[Callable[[object], object]] = [
    parse_count,
    parse_for_each,
    parse_occasion,
    parse_opening,
    parse_requirement,
    parse_rung_time,
    parse_span,
    parse_time_of_day,
    parse_timing,
]
LONG = f'"{"x" * 40}…": a phrase has at most 200 characters, not 201; write for example "on x"'


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, 'words in quotes are wanted, not None; write for example "on x"'),
        (1.5, 'words in quotes are wanted, not 1.5; write for example "on x"'),
        (["on x"], "words in quotes are wanted, not ['on x']; write for example \"on x\""),
        (" \n ", 'words are wanted here, not an empty text; write for example "on x"'),
        ("x" * 201, LONG),
        (
            "a\x1b[31m b",
            '"a?[31m b": there is a character that cannot be shown; write for example "on x"',
        ),
    ],
)
def test_what_is_not_a_phrase_says_what_is_wanted(value: object, message: str) -> None:
    with pytest.raises(PhraseError) as refused:
        read_phrase(value, "on x")
    assert str(refused.value) == message


def test_a_phrase_of_200_characters_is_read_with_single_spaces() -> None:
    assert read_phrase(f"{'x' * 197} \ty", "on x").text == f"{'x' * 197} y"


@pytest.mark.parametrize("parse", PARSERS, ids=lambda parse: parse.__name__)
@pytest.mark.parametrize("value", [None, 1.5, True, [], "", "x" * 201, "a\0b", "?", "и", "of"])
def test_every_parser_refuses_what_no_phrase_can_be(
    parse: Callable[[object], object], value: object
) -> None:
    with pytest.raises(PhraseError, match=r"write for example|there is|did you mean|; write"):
        parse(value)


def test_a_parser_that_takes_everything_would_be_caught() -> None:
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE"):
        test_every_parser_refuses_what_no_phrase_can_be(repr, "?")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a", ["a"]),
        ("a and b", ["a", "b"]),
        ("a, b and c", ["a", "b", "c"]),
        ("a , b, and c", ["a", "b", "c"]),
        ("band", ["band"]),
    ],
)
def test_a_list_is_split_at_its_commas_and_its_joiner(text: str, parts: list[str]) -> None:
    assert split_list(text, "and") == parts


@pytest.mark.parametrize(
    ("days", "why"),
    [
        ("2027-08-31 to 2027-07-22", "the first day comes first, the last within a year of it"),
        ("2027-01-01 to 2028-01-03", "the first day comes first, the last within a year of it"),
        ("2027-02-30", 'there is no day "2027-02-30"; write it as 2027-03-27'),
    ],
)
def test_days_that_are_added_to_a_calendar_are_there_and_in_order(days: str, why: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(why)):
        LocalCalendar.model_validate({"adds": {days: "Closed"}})


@pytest.mark.parametrize(
    "days", ["2027-07-22", "2027-07-22 to 2027-07-22", "2027-01-01 to 2028-01-01"]
)
def test_days_of_up_to_a_year_are_added_as_they_are_written(days: str) -> None:
    assert LocalCalendar.model_validate({"adds": {days: "Closed"}}).adds == {days: "Closed"}
