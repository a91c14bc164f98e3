"""Each timing comes to what is written down, by the steps that are told of it.

After a change that is meant, `python -m tests.unit.model.reckoning.reckonings` writes them anew.
"""

from tests.unit.model.reckoning.reckonings import FILE, reckonings


def test_each_timing_comes_to_the_day_that_is_written_down_and_says_how() -> None:
    assert list(reckonings()) == FILE.read_text(encoding="utf-8").splitlines()
