"""A phrase in a definition is kept as it was written."""

import pytest
from pydantic import ValidationError

from tests.unit.model.keys import parts, ruled, rules
from tests.unit.model.test_references import changed
from workflow.model.definition import Definition


def test_a_definition_is_written_as_it_was_read() -> None:
    asked = [{"any": 1, "of": ["plan", "write"]}]
    definition = changed(("transitions.go.requires", asked))
    written = definition.model_dump(mode="json", by_alias=True)
    assert written["transitions"]["go"]["requires"] == asked
    assert Definition.model_validate(written) == definition


@pytest.mark.parametrize("part", ["Definition", *parts()])
def test_editors_are_told_of_each_phrase_how_it_is_written(part: str) -> None:
    assert ruled(part) == rules(part)


@pytest.mark.parametrize(
    ("days", "text"),
    [
        ("2027-02-30", 'there is no day "2027-02-30"; write it as 2027-03-27'),
        ("2027-03-02 to 2027-02-30", 'there is no day "2027-02-30"; write it as 2027-03-27'),
        (
            "2027-03-02 to 2027-03-01",
            '"2027-03-02 to 2027-03-01": the first day comes first, the last within a year of it',
        ),
        (
            "2027-03-02 to 2028-03-03",
            '"2027-03-02 to 2028-03-03": the first day comes first, the last within a year of it',
        ),
    ],
)
def test_days_that_are_none_are_told(days: str, text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        changed(("calendars.own", {"title": "Own", "adds": {days: "Closed"}}))
    assert [error["msg"] for error in caught.value.errors()] == [f"Value error, {text}"]


def test_days_may_be_one_or_up_to_a_year() -> None:
    days = ("2027-03-02 to 2027-03-02", "2027-03-02 to 2028-03-02", "2027-03-02")
    own = {"title": "Own", "adds": dict.fromkeys(days, "Closed")}
    assert set(changed(("calendars.own", own)).calendars["own"].adds) == set(days)
