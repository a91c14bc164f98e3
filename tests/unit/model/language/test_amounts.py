"""How much time there is: `up to 20 working days`, `within 5 days of something`."""

import pytest

from workflow.model.errors import PhraseError
from workflow.model.language.phrases import Amount, Anchor, Counting, Unit
from workflow.model.language.timing import parse_amount, parse_timing


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 months", Amount("2 months", 2, Unit.MONTHS)),
        ("Up to twelve  working days", Amount("Up to twelve working days", 12, Unit.WORKING_DAYS,
                                              is_at_most=True)),
        ("1 business day", Amount("1 business day", 1, Unit.WORKING_DAYS)),
        ("3 calendar days", Amount("3 calendar days", 3, Unit.DAYS)),
        ("4 consecutive weeks", Amount("4 consecutive weeks", 4, Unit.WEEKS)),
    ],
)  # fmt: skip
def test_an_amount_is_a_number_and_a_unit(text: str, expected: Amount) -> None:
    assert parse_amount(text) == expected


@pytest.mark.parametrize("text", ["5", "up to 5"])
def test_an_amount_without_a_unit_says_so(text: str) -> None:
    with pytest.raises(PhraseError) as refused:
        parse_amount(text)
    assert str(refused.value) == (
        f'"{text}": a number and a unit are wanted; write for example "2 months"'
    )


@pytest.mark.parametrize("text", ["within 5 clear days of x", "within 5 clear days after x"])
def test_within_so_many_days_of_something_is_after_it(text: str) -> None:
    found = parse_timing(text)
    assert (found.text, found.count, found.unit) == (text, 5, Unit.DAYS)
    assert (found.counting, found.anchor) == (Counting.CLEAR, Anchor(("x",)))
