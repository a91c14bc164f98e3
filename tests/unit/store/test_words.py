"""What cannot be kept as it was typed is refused before anything is decided."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from workflow.model import commands as c
from workflow.model.errors import InvalidInput
from workflow.model.records import commands as r
from workflow.starting import NewChallenge
from workflow.store.keeping.marks import MARK
from workflow.store.library import Offered
from workflow.store.rows.words import require_keepable

TOKEN = MARK + "Ag" * 60


def new(title: str = "Northshire", *, role: str = "lead") -> NewChallenge:
    return NewChallenge(
        reference="NOR-26", title=title, client="x", offered=Offered(""), roles=((role, 1),)
    )


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (new(TOKEN), "is a sealed text: write what you mean in clear"),
        (new(role=f"see {TOKEN}"), "is a sealed text"),
        (r.RecordDocument(document="plan", title=TOKEN), "is a sealed text"),
        (new("a\0b"), "has a control character in it"),
        (new("a\udcff"), "has bytes in it that are no text"),
        (c.PlaceHold(name="FOI 1", reason="a\udcff"), "has bytes in it that are no text"),
    ],
)
def test_what_cannot_be_kept_is_refused(asked: object, text: str) -> None:
    with pytest.raises(InvalidInput, match=text):
        require_keepable(asked)


def extended(until: date) -> r.ExtendRetention:
    return r.ExtendRetention(rule="records", until=until, reason="asked")


@pytest.mark.parametrize(
    ("asked", "day"),
    [
        (c.SetDate(key="asked", on=date(9999, 12, 31)), "Friday 31 December 9999"),
        (c.SetDate(key="asked", on=date(2101, 1, 1)), "Saturday 1 January 2101"),
        (c.SetDate(key="asked", on=date(1999, 12, 31)), "Friday 31 December 1999"),
        (
            c.AgreeTime(spec="call", moment=datetime(2101, 1, 1, 9, tzinfo=UTC)),
            "Saturday 1 January 2101",
        ),
        (c.Advance(on=date(1, 1, 1)), "Monday 1 January 1"),
        (extended(date(2101, 1, 1)), "Saturday 1 January 2101"),
        (
            replace(new(), dates={"asked": date(2101, 1, 1)}),
            "Saturday 1 January 2101",
        ),
    ],
)
def test_a_day_outside_the_years_of_the_calendars_is_refused(asked: object, day: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        require_keepable(asked)
    assert str(refused.value) == (
        f"{day} is outside the years 2000 to 2100, which the calendars know: check the date"
    )


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2100, 12, 31)])
def test_the_first_and_the_last_day_of_the_calendars_may_be_said(day: date) -> None:
    require_keepable(extended(day))


@pytest.mark.parametrize("asked", [new(MARK), c.PlaceHold(name="FOI 1", reason=f"{TOKEN}\0")])
def test_what_is_sealed_itself_may_say_anything(asked: object) -> None:
    require_keepable(asked)
