"""Requirements, openings and occasions are read as they are written."""

import pytest

from workflow.model.errors import PhraseError
from workflow.model.language.conditions import parse_occasion, parse_opening, parse_requirement
from workflow.model.language.phrases import (
    Anchor,
    AnyOf,
    Choice,
    Condition,
    Happening,
    Occasion,
    Opening,
    Timing,
    Unit,
    Way,
)
from workflow.model.language.phrases import Test as Asked
from workflow.model.language.timing import parse_timing

DONE = Condition("x is done", "x", Asked.DONE)
LATER = Timing("3 weeks after y", Anchor(("y",)), 3, Unit.WEEKS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x", Condition("x", "x", Asked.HOLDS)),
        ("x is done", DONE),
        ("X  is Known", Condition("X is Known", "x", Asked.KNOWN)),
        ("x is reached", Condition("x is reached", "x", Asked.REACHED)),
        ("x is entered", Condition("x is entered", "x", Asked.ENTERED)),
        ("peers is filled", Condition("peers is filled", "peers", Asked.FILLED)),
        ("peers.enough", Condition("peers.enough", "peers", Asked.ENOUGH)),
    ],
)
def test_a_requirement_asks_something_of_its_subject(text: str, expected: Condition) -> None:
    assert parse_requirement(text) == expected


def test_a_choice_asks_for_some_of_several_requirements() -> None:
    choice = parse_requirement({"any": 2, "of": ["a", "x is done", "peers.enough"]})
    assert choice == AnyOf(
        2,
        (
            Condition("a", "a"),
            DONE,
            Condition("peers.enough", "peers", Asked.ENOUGH),
        ),
    )


ANY = "; write for example {any: 2, of: [first_call, second_call, third_call]}"
NO_CHOICE = "a choice has the keys any (a number) and of (a list), here: "
NO_NUMBER = "any is a whole number from 1 to 1, as many as the list has at most, not "


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            "x is don",
            '"x is don": unknown word after is "don"; did you mean "done"? '
            "(done, known, reached, entered, filled)",
        ),
        ("peers.few", '"peers.few": unknown part of a role or group "few"; there is: enough'),
        (
            "x y",
            '"x y": a task, a date, a stage, a role or a group is wanted, a key of small letters, '
            'digits and _, not "x y"; write for example "scope_agreed is done"',
        ),
        (
            "x is done and y is done",
            '"x is done and y is done": one condition at a time: several are a list, and of '
            "several enough is {any: 1, of: [a is known, b is known]}",
        ),
        ({}, f"{NO_CHOICE}none{ANY}"),
        ({"any": 1}, f"{NO_CHOICE}any{ANY}"),
        ({"any": 1, "of": []}, f"{NO_CHOICE}any, of{ANY}"),
        ({"any": 1, "of": "a"}, f"{NO_CHOICE}any, of{ANY}"),
        ({"any": 1, "of": ["a"], "or": 2}, f"{NO_CHOICE}any, of, or{ANY}"),
        ({"any": 2, "of": ["a"]}, f"{NO_NUMBER}2{ANY}"),
        ({"any": 0, "of": ["a"]}, f"{NO_NUMBER}0{ANY}"),
        ({"any": True, "of": ["a"]}, f"{NO_NUMBER}True{ANY}"),
        ({"any": "1", "of": ["a"]}, f"{NO_NUMBER}1{ANY}"),
        (
            {"any": 1, "of": [3]},
            'words in quotes are wanted, not 3; write for example "scope_agreed is done"',
        ),
    ],
)
def test_what_is_no_requirement_says_why(value: object, message: str) -> None:
    with pytest.raises(PhraseError) as refused:
        parse_requirement(value)
    assert str(refused.value) == message


CLOSED = Condition("closed is entered", "closed", Asked.ENTERED)
KNOWN = Condition("y is known", "y", Asked.KNOWN)


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        ("when x is done", [Way((DONE,))]),
        ("When x is done and y is known", [Way((DONE, KNOWN))]),
        ("when x is done, and when y is known", [Way((DONE, KNOWN))]),
        ("when x", [Way((Condition("x", "x"),))]),
        ("on leaving", [Way(is_leaving=True)]),
        ("on closed", [Way((CLOSED,))]),
        ("3 weeks after y", [Way(timing=LATER)]),
        ("x", [Way(timing=Timing("x", Anchor(("x",))))]),
        ("on joining", [Way(timing=Timing("on joining", Anchor(("joining",))))]),
        ("on z.limit", [Way(timing=Timing("on z.limit", Anchor(("z.limit",))))]),
        ("when x is done, and 3 weeks after y", [Way((DONE,), LATER)]),
        ("3 weeks after y and when x is done", [Way((DONE,), LATER)]),
        (
            "when x is done, or on leaving, or on closed or 3 weeks after y",
            [Way((DONE,)), Way(is_leaving=True), Way((CLOSED,)), Way(timing=LATER)],
        ),
        (
            "when x is done and the later of a and b",
            [
                Way(
                    (DONE,),
                    Timing("the later of a and b", Anchor(("a", "b"), Choice.LATEST)),
                )
            ],
        ),
    ],
)
def test_an_opening_has_ways_of_conditions_and_a_timing(text: str, ways: list[Way]) -> None:
    assert parse_opening(text) == Opening(text, tuple(ways))


MONDAY = "the first Monday on or after y"
AUGUST = "5 years after 31 August on or before y"
UNLESS = "3 weeks after y, unless a or b"


@pytest.mark.parametrize(
    ("text", "ways"),
    [
        (MONDAY, [Way(timing=parse_timing(MONDAY))]),
        (AUGUST, [Way(timing=parse_timing(AUGUST))]),
        (f"{MONDAY} or when x is done", [Way(timing=parse_timing(MONDAY)), Way((DONE,))]),
        (UNLESS, [Way(timing=parse_timing(UNLESS))]),
        (f"{UNLESS} or c", [Way(timing=parse_timing(f"{UNLESS} or c"))]),
        (f"{UNLESS} and when x is done", [Way((DONE,), parse_timing(UNLESS))]),
        (f"{UNLESS} or when x is done", [Way(timing=parse_timing(UNLESS)), Way((DONE,))]),
        (f"{UNLESS} or on leaving", [Way(timing=parse_timing(UNLESS)), Way(is_leaving=True)]),
        (f"{UNLESS}, or {MONDAY}", [Way(timing=parse_timing(one)) for one in (UNLESS, MONDAY)]),
    ],
)
def test_an_or_that_belongs_to_a_timing_is_no_other_way_to_open(text: str, ways: list[Way]) -> None:
    assert parse_opening(text).ways == tuple(ways)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x is done", '"x is done": a condition begins with when: write "when x is done"'),
        (
            "peers.enough",
            '"peers.enough": a condition begins with when: write "when peers.enough"',
        ),
        (
            "3 days after x and 4 days after y",
            '"3 days after x and 4 days after y": one way has one timing: join two with '
            '"the later of … and …"; write for example "when team_agreed is done, or on leaving"',
        ),
        (
            "when x, or 4 wekks after y",
            '"4 wekks after y": unknown unit "wekks"; did you mean "weeks"? '
            "(hours, days, working days, weeks, months, years)",
        ),
    ],
)
def test_what_is_no_opening_says_why(text: str, message: str) -> None:
    with pytest.raises(PhraseError) as refused:
        parse_opening(text)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("text", "happening", "subjects"),
    [
        ("joining", Happening.JOINING, ()),
        ("Leaving", Happening.LEAVING, ()),
        ("joining of peers", Happening.JOINING, ("peers",)),
        ("leaving of peers or host", Happening.LEAVING, ("peers", "host")),
        ("closed is entered", Happening.ENTERED, ("closed",)),
        ("a moves", Happening.MOVES, ("a",)),
        ("a or b moves", Happening.MOVES, ("a", "b")),
        ("a, b or c move", Happening.MOVES, ("a", "b", "c")),
        ("peers change", Happening.CHANGES, ("peers",)),
        ("lead_peer changes", Happening.CHANGES, ("lead_peer",)),
        ("signed_off is cleared", Happening.CLEARED, ("signed_off",)),
        ("Every week", Happening.WEEKLY, ()),
    ],
)
def test_an_occasion_is_a_happening_and_its_subjects(
    text: str, happening: Happening, subjects: tuple[str, ...]
) -> None:
    assert parse_occasion(text) == Occasion(text, happening, subjects)


OCCASION = '; write for example "onsite_start moves"'
KEY = "is wanted, a key of small letters, digits and _, not"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "sunshine",
            "an occasion is joining, leaving, joining of GROUP, leaving of GROUP, "
            "STAGE is entered, DATE moves, DATE is cleared, GROUP changes or every week"
            f"{OCCASION}",
        ),
        ("a b moves", f'a date {KEY} "a b"{OCCASION}'),
        ("a b change", f'a role or a group {KEY} "a b"{OCCASION}'),
        ("on is entered", f'a stage {KEY} "on"{OCCASION}'),
    ],
)
def test_what_is_no_occasion_says_why(text: str, why: str) -> None:
    with pytest.raises(PhraseError) as refused:
        parse_occasion(text)
    assert str(refused.value) == f'"{text}": {why}'
