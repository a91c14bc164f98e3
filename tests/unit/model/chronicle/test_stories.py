"""All that the model decides and says of a few lives is, word for word, what was looked through.

After a change that is meant, `python -m tests.unit.model.chronicle` writes the lives down anew;
what is another then is read before it is kept.
"""

import pytest

from tests.unit.model.chronicle.refusals import refusals
from tests.unit.model.chronicle.stories import BORN, file_of, story


@pytest.mark.parametrize("name", BORN)
def test_a_life_is_told_as_it_is_written_down(name: str) -> None:
    assert list(story(name)) == file_of(name).read_text(encoding="utf-8").splitlines()


def test_whoever_is_refused_something_is_told_all_that_is_written_down() -> None:
    assert list(refusals()) == file_of("refusals").read_text(encoding="utf-8").splitlines()
