"""Every timing in the reference comes to the day that was worked out for it by hand."""

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from workflow.model.calendar import calendar_named
from workflow.model.duties import UK_CALENDARS
from workflow.model.language.timing import parse_timing
from workflow.model.reckoning.moments import Ground, Known
from workflow.model.reckoning.reckon import explain, reckon

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parents[3] / "docs" / "frames" / "dated.tsv")
    .read_text(encoding="utf-8")
    .splitlines()
]
CALENDARS = {name: calendar_named(name) for name in UK_CALENDARS}


def day(text: str) -> date:
    """Return the day that `Fri 27 Nov 2026` is, with its weekday checked."""
    found = datetime.strptime(text, "%a %d %b %Y").date()  # noqa: DTZ007 (a day)
    assert f"{found:%a}" == text[:3], text
    return found


def ground(facts: str) -> Ground:
    """Return what `a = Fri 27 Nov 2026, b = …` says is known."""
    known = {name: Known(day(on)) for name, on in re.findall(r"(\w) = ([^,]+)", facts)}
    zone = ZoneInfo("Europe/London")
    return Ground(known.get, CALENDARS["england_and_wales"], zone, CALENDARS)


@pytest.mark.parametrize(("phrase", "facts", "result", "because"), ROWS)
def test_a_timing_comes_to_its_day(phrase: str, facts: str, result: str, because: str) -> None:
    found = reckon(parse_timing(phrase), ground(facts))
    assert found is not None
    assert found.on == day(result), because
    assert explain(parse_timing(phrase), ground(facts))[-1].on == found.on


def test_a_row_that_is_wrong_would_be_seen() -> None:
    """The control: one day off, and a weekday that is none."""
    found = reckon(parse_timing("28 days after a"), ground("a = Fri 1 Jan 2027"))
    assert found is not None
    assert found.on != day("Thu 28 Jan 2027")
    with pytest.raises(AssertionError):
        day("Mon 28 Jan 2027")
