"""What is said of the keys of what is kept is what editors and the reference show."""

import pytest

from tests.unit.model.keys import meant, ruled, rules, told
from workflow.model.duties import Part
from workflow.model.records.rules import RetentionRule


@pytest.mark.parametrize("part", [RetentionRule], ids=lambda part: part.__name__)
def test_editors_are_told_of_each_key_what_it_means(part: type[Part]) -> None:
    assert meant(part) == told(part.__name__)
    assert ruled(part.__name__) == rules(part.__name__)
