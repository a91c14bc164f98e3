"""What is said of the keys of documents and things is what editors and the reference show."""

import pytest

from tests.unit.model.keys import meant, ruled, rules, told
from workflow.model.duties import Part
from workflow.model.records.definitions import DocumentRule, Medium


@pytest.mark.parametrize("part", [DocumentRule, Medium], ids=lambda part: part.__name__)
def test_editors_are_told_of_each_key_what_it_means(part: type[Part]) -> None:
    assert meant(part) == told(part.__name__)
    assert ruled(part.__name__) == rules(part.__name__)
