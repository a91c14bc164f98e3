"""Each phrase is read as it is written down, and what cannot be read is told as it is there.

After a change that is meant, `python -m tests.unit.model.language.phrases` writes them down anew.
"""

from tests.unit.model.language.phrases import FILE, readings


def test_each_phrase_is_read_or_refused_in_the_words_that_are_written_down() -> None:
    assert list(readings()) == FILE.read_text(encoding="utf-8").splitlines()
