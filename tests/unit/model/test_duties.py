"""What the keys of tasks, clocks and calendars mean is what editors and the reference show."""

import pytest
from pydantic import ValidationError

from tests.unit.model.keys import meant, ruled, rules, told
from workflow.model import duties as d

PARTS = (d.Pause, d.Extension, d.TaskSpec, d.Rung, d.LocalCalendar, d.Sending)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_editors_are_told_of_each_key_what_it_means(part: type[d.Part]) -> None:
    assert meant(part) == told(part.__name__)
    assert ruled(part.__name__) == rules(part.__name__)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"title": "Wait", "form": "x"}, "Extra inputs are not permitted"),
        ({"title": "Wait", "from_": "3 days after x"}, ""),
        ({"title": "Wait", "from": "3 days after x"}, ""),
    ],
)
def test_a_part_has_no_other_keys_and_never_changes(said: dict[str, str], text: str) -> None:
    try:
        pause = d.Pause.model_validate(said)
    except ValidationError as error:
        assert [one["msg"] for one in error.errors()] == [text]
        return
    assert text == ""
    assert pause.from_ is not None
    with pytest.raises(ValidationError, match="Instance is frozen"):
        pause.title = "Another"
