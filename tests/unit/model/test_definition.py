"""What a definition says of its keys is what editors and the reference show."""

import pytest

from tests.unit.model.keys import meant, ruled, rules, told
from workflow.model import definition as d
from workflow.model.duties import Part

PARTS = (
    d.Role, d.Group, d.DateFact, d.Stage, d.Transition, d.Notice, d.Invitation, d.Obligation,
    d.Authority, d.Occupation, d.Definition,
)  # fmt: skip


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_editors_are_told_of_each_key_what_it_means(part: type[Part]) -> None:
    assert meant(part) == told(part.__name__)
    assert ruled(part.__name__) == rules(part.__name__)
