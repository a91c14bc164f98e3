"""Of several days that are chosen from, an option may be of one, or of them all."""

from dataclasses import replace

import pytest

from workflow.model.language.timing import parse_timing

SCOTTISH, SPARED = "in the calendar scotland", "unless c or d"
NEXT = "rolled to the next working day"


@pytest.mark.parametrize("start", ["", "2 days after ", "end of "])
@pytest.mark.parametrize("way", ["later", "earlier"])
@pytest.mark.parametrize(
    "options",
    [
        (SCOTTISH,),
        (SPARED,),
        (NEXT,),
        (SCOTTISH, SPARED),
        (SPARED, SCOTTISH),
        (SPARED, NEXT, SCOTTISH),
        (SCOTTISH, SPARED, NEXT),
    ],
)
def test_an_option_before_another_choice_is_of_the_one_alone(
    start: str, way: str, options: tuple[str, ...]
) -> None:
    said = "".join(f", {option}" for option in options)
    whole = parse_timing(f"{start}the {way} of 2 days after a{said}, and 1 week after b")
    of = whole.anchor.of
    assert (whole.calendar, whole.unless, whole.roll) == (None, (), None)
    one, other = of
    assert other == parse_timing("1 week after b")
    alone = parse_timing(f"2 days after a{said}")
    assert replace(one, text="") == replace(alone, text="")


@pytest.mark.parametrize("options", [(SCOTTISH,), (SPARED, NEXT), (NEXT, SCOTTISH, SPARED)])
def test_an_option_after_the_last_choice_is_of_them_all(options: tuple[str, ...]) -> None:
    said = "".join(f", {option}" for option in options)
    whole = parse_timing(f"the later of 2 days after a and 1 week after b{said}")
    assert whole.anchor == parse_timing("the later of 2 days after a and 1 week after b").anchor
    alone = parse_timing(f"2 days after a{said}")
    given = (alone.calendar, alone.unless, alone.roll)
    assert (whole.calendar, whole.unless, whole.roll) == given
