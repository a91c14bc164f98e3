"""Timings come to the days and the moments that the rules say, and explain themselves."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from workflow.model.calendar import calendar_named
from workflow.model.errors import InvalidInput
from workflow.model.language.phrases import Edge
from workflow.model.language.timing import parse_timing
from workflow.model.reckoning.moments import Ground, Known, Reckoned, Step, end_of, start_of
from workflow.model.reckoning.reckon import explain, reckon

LONDON = ZoneInfo("Europe/London")
ENGLAND = calendar_named("england_and_wales")
PHRASES = {
    "week": "1 week after last",
    "three": "3 weeks after last",
    "limit": "4 weeks after last",
    "back": "4 weeks after last, rolled to the previous working day",
    "on": "4 weeks after last, rolled to the next working day",
    "first": "4 weeks after first",
    "working": "20 working days after last",
    "month": "1 month after last",
}


def known(**days: str) -> dict[str, Known]:
    return {name: Known(date.fromisoformat(day)) for name, day in days.items()}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def reckoned(text: str, facts: dict[str, Known], *, edge: Edge = Edge.END) -> Reckoned:
    result = reckon(parse_timing(text), Ground(facts.get, ENGLAND, LONDON), edge=edge)
    assert result is not None
    return result


def explained(text: str, facts: dict[str, Known]) -> list[tuple[str | None, str, str]]:
    steps = explain(parse_timing(text), Ground(facts.get, ENGLAND, LONDON))
    return [(step.on.isoformat() if step.on else None, step.text, step.note) for step in steps]


# Written down from the rules, not computed: five visits, and what each way of counting gives.
FOUR_WEEKS = [
    ("2026-11-24", "2026-11-27", "2026-12-04 2026-12-18 2026-12-25 2026-12-24 2026-12-29 "
     "2026-12-22 2026-12-29 2026-12-27"),
    ("2026-11-24", "2026-11-26", "2026-12-03 2026-12-17 2026-12-24 2026-12-24 2026-12-24 "
     "2026-12-22 2026-12-24 2026-12-26"),
    ("2026-12-01", "2026-12-04", "2026-12-11 2026-12-25 2027-01-01 2026-12-31 2027-01-04 "
     "2026-12-29 2027-01-06 2027-01-04"),
    ("2027-02-23", "2027-02-26", "2027-03-05 2027-03-19 2027-03-26 2027-03-25 2027-03-30 "
     "2027-03-23 2027-03-30 2027-03-26"),
    ("2027-04-27", "2027-04-30", "2027-05-07 2027-05-21 2027-05-28 2027-05-28 2027-05-28 "
     "2027-05-25 2027-06-01 2027-05-30"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "last", "expected"), FOUR_WEEKS)
def test_four_weeks_are_28_days_after_the_last_day(first: str, last: str, expected: str) -> None:
    facts = known(first=first, last=last)
    days = {name: str(reckoned(text, facts).on) for name, text in PHRASES.items()}
    assert days == dict(zip(PHRASES, expected.split(), strict=True))


@pytest.mark.parametrize(
    ("text", "facts", "on", "at"),
    [
        # Seven in the evening is 18:00 UTC a week before the clocks go back, 19:00 after.
        ("7.00pm on d", {"d": "2026-10-19"}, "2026-10-19", "2026-10-19T18:00:00"),
        ("7.00pm on d", {"d": "2026-10-26"}, "2026-10-26", "2026-10-26T19:00:00"),
        # Half past one does not exist on one night, and is there twice on another.
        ("01:30 on d", {"d": "2026-03-29"}, "2026-03-29", "2026-03-29T01:30:00"),
        ("01:30 on d", {"d": "2026-10-25"}, "2026-10-25", "2026-10-25T00:30:00"),
        ("19:00 on the day before d", {"d": "2026-11-24"}, "2026-11-23", "2026-11-23T19:00:00"),
        ("end of d", {"d": "2027-04-30"}, "2027-04-30", "2027-04-30T22:59:59"),
        ("end of d", {"d": "2026-12-25"}, "2026-12-25", "2026-12-25T23:59:59"),
        ("start of d", {"d": "2027-04-30"}, "2027-04-30", "2027-04-29T23:00:00"),
        ("d", {"d": "2027-04-30"}, "2027-04-30", "2027-04-30T22:59:59"),
        ("3 months after d", {"d": "2026-11-30"}, "2027-02-28", "2027-02-28T23:59:59"),
        ("5 years after d", {"d": "2028-02-29"}, "2033-02-28", "2033-02-28T23:59:59"),
        ("1 year before d", {"d": "2028-02-29"}, "2027-02-28", "2027-02-28T23:59:59"),
        ("2 days before d", {"d": "2027-03-01"}, "2027-02-27", "2027-02-27T23:59:59"),
        ("1 week after the later of a and d", {"a": "2026-11-02", "d": "2026-11-03"},
         "2026-11-10", "2026-11-10T23:59:59"),
        ("the earlier of a and d", {"a": "2026-11-02", "d": "2026-11-03"},
         "2026-11-02", "2026-11-02T23:59:59"),
        ("the earlier of a and d", {"d": "2026-11-03"}, "2026-11-03", "2026-11-03T23:59:59"),
        ("12 hours after d", {"d": "2026-03-29"}, "2026-03-29", "2026-03-29T12:00:00"),
    ],
)  # fmt: skip
def test_a_timing_comes_to_a_day_and_a_moment(
    text: str, facts: dict[str, str], on: str, at: str
) -> None:
    result = reckoned(text, known(**facts))
    assert (result.on, result.at) == (date.fromisoformat(on), moment(at))
    assert result.at.tzinfo is UTC


def test_hours_are_elapsed_time_over_a_change_of_the_clocks() -> None:
    asked = datetime(2026, 10, 23, 16, tzinfo=LONDON)
    facts = {"asked": Known(asked.date(), asked.astimezone(UTC))}
    result = reckoned("72 hours after asked", facts)
    assert result.at.astimezone(LONDON).isoformat() == "2026-10-26T15:00:00+00:00"
    assert (result.on, result.has_time) == (date(2026, 10, 26), True)


def test_hours_before_a_moment_lead_to_the_local_day_there() -> None:
    facts = {"visit": Known(date(2026, 7, 2), moment("2026-07-01T23:10:00"))}
    result = reckoned("1 hour before visit", facts)
    assert (result.on, result.at) == (date(2026, 7, 1), moment("2026-07-01T22:10:00"))


def test_the_later_of_two_moments_of_one_day_counts() -> None:
    early, late = (
        Known(date(2026, 7, 1), moment("2026-07-01T09:00:00")),
        Known(date(2026, 7, 1), moment("2026-07-01T15:00:00")),
    )
    for facts in ({"a": early, "b": late}, {"a": late, "b": early}):
        latest = reckoned("1 hour after the later of a and b", facts)
        earliest = reckoned("1 hour after the earlier of a and b", facts)
        assert latest.at == moment("2026-07-01T16:00:00")
        assert earliest.at == moment("2026-07-01T10:00:00")


@pytest.mark.parametrize(
    ("text", "has_time"),
    [("d", False), ("end of d", False), ("09:00 on d", True), ("2 hours after d", True)],
)
def test_only_a_time_that_was_asked_for_is_a_time(text: str, *, has_time: bool) -> None:
    assert reckoned(text, known(d="2026-11-27")).has_time is has_time


def test_the_place_says_which_end_of_the_day_counts_unless_the_timing_does() -> None:
    facts = known(d="2026-11-27")
    assert reckoned("d", facts, edge=Edge.START).at == moment("2026-11-27T00:00:00")
    assert reckoned("end of d", facts, edge=Edge.START).at == moment("2026-11-27T23:59:59")
    assert reckoned("start of d", facts).at == moment("2026-11-27T00:00:00")


@pytest.mark.parametrize(
    "text", ["4 weeks after b", "the later of a and b", "the earliest of b and c"]
)
def test_nothing_is_reckoned_while_an_anchor_is_not_known(text: str) -> None:
    facts = known(a="2026-11-27")
    assert reckon(parse_timing(text), Ground(facts.get, ENGLAND, LONDON)) is None


@pytest.mark.parametrize(
    ("text", "day", "message"),
    [
        (
            "1000 weeks after d",
            "9999-01-01",
            '"1000 weeks after d" counted from 9999-01-01 leads out of the calendar; '
            "check the date",
        ),
        (
            "1000 years before d",
            "0999-01-01",
            '"1000 years before d" counted from 0999-01-01 leads out of the calendar; '
            "check the date",
        ),
        (
            "100 years after d, rolled to the next working day",
            "2026-11-27",
            "working days are known for the years 2000 to 2100, not for 2126; check the date",
        ),
    ],
)
def test_what_leads_out_of_the_calendar_is_refused(text: str, day: str, message: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        reckoned(text, known(d=day))
    assert str(refused.value) == message


def test_a_day_ends_at_the_second_of_two_midnights() -> None:
    havana = ZoneInfo("America/Havana")  # whose clocks go back from one o'clock to midnight
    assert start_of(date(2026, 11, 1), havana) == moment("2026-11-01T04:00:00")
    assert end_of(date(2026, 11, 1), havana) == moment("2026-11-02T04:59:59")
    azores = ZoneInfo("Atlantic/Azores")  # and from one o'clock to midnight as well
    assert end_of(date(2026, 10, 24), azores) == moment("2026-10-24T23:59:59")


def test_the_four_weeks_explain_themselves() -> None:
    facts = {"last": Known(date(2026, 11, 27), title="last day on site", note="recorded")}
    assert explain(parse_timing(PHRASES["back"]), Ground(facts.get, ENGLAND, LONDON)) == (
        Step(date(2026, 11, 27), "last day on site", "recorded"),
        Step(date(2026, 12, 25), "+ 4 weeks (28 days), the first day not counted"),
        Step(date(2026, 12, 24), "Christmas Day is not a working day: the working day before"),
    )


@pytest.mark.parametrize(
    ("text", "day", "steps"),
    [
        ("d", "2026-11-27", []),
        ("the day before d", "2026-11-27", [("2026-11-26", "the day before", "")]),
        ("1 day after d", "2026-11-27", [("2026-11-28", "the day after", "")]),
        ("1 week before d", "2026-11-27",
         [("2026-11-20", "- 1 week (7 days), the first day not counted", "")]),
        ("3 months after d", "2026-11-30",
         [("2027-02-28", "+ 3 months, the first day not counted",
           "that month has no day 30: its last day")]),
        ("1 year after d", "2026-11-30",
         [("2027-11-30", "+ 1 year, the first day not counted", "")]),
        ("1 working day after d", "2026-11-27",
         [("2026-11-30", "+ 1 working day, the first day not counted", "")]),
        ("20 working days after d", "2026-11-27",
         [("2026-12-29", "+ 20 working days, the first day not counted",
           "not counted: weekends, Christmas Day and Boxing Day (substitute day)")]),
        ("1 working day before d", "2026-12-28",
         [("2026-12-24", "- 1 working day, the first day not counted",
           "not counted: weekends and Christmas Day")]),
        ("72 hours after d", "2026-10-23",
         [("2026-10-25", "+ 72 hours", "elapsed time, to 23:00")]),
        ("1 hour before d", "2026-10-23",
         [("2026-10-22", "- 1 hour", "elapsed time, to 23:00")]),
        ("end of d", "2026-11-27", [("2026-11-27", "end of the day", "")]),
        ("start of d", "2026-11-27", [("2026-11-27", "start of the day", "")]),
        ("7pm on d", "2026-11-27",
         [("2026-11-27", "at 19:00 on Friday 27 November 2026", "")]),
        ("01:30 on d", "2026-03-29",
         [("2026-03-29", "at 02:30 on Sunday 29 March 2026",
           "the clocks go forward: 01:30 does not exist")]),
        ("d, rolled to the next working day", "2026-11-27", []),
        ("d, rolled to the next working day", "2026-11-28",
         [("2026-11-30", "Saturday and Sunday are not working days: the next working day", "")]),
        ("end of d, rolled to the previous working day", "2026-12-27",
         [("2026-12-24", "Sunday, Boxing Day and Christmas Day are not working days: "
           "the working day before", ""),
          ("2026-12-24", "end of the day", "")]),
    ],
)  # fmt: skip
def test_each_step_is_explained_with_its_reason(
    text: str, day: str, steps: list[tuple[str, str, str]]
) -> None:
    assert explained(text, known(d=day)) == [(day, "d", ""), *steps]


@pytest.mark.parametrize(
    ("text", "facts", "steps"),
    [
        ("4 weeks after a", {},
         [(None, "a is not known yet", ""),
          (None, "+ 4 weeks (28 days), the first day not counted", "")]),
        ("the later of a and b", {"a": "2026-11-27"},
         [("2026-11-27", "a", ""), (None, "b is not known yet", ""),
          (None, "the later of these", "")]),
        ("the earlier of a and b", {"a": "2026-11-27", "b": "2026-11-26"},
         [("2026-11-27", "a", ""), ("2026-11-26", "b", ""),
          ("2026-11-26", "the earlier of these", "")]),
        ("the latest of a, b and c", {"a": "2026-11-27", "b": "2026-11-26", "c": "2026-11-25"},
         [("2026-11-27", "a", ""), ("2026-11-26", "b", ""), ("2026-11-25", "c", ""),
          ("2026-11-27", "the latest of these", "")]),
    ],
)  # fmt: skip
def test_what_is_not_known_yet_and_what_is_chosen_are_said(
    text: str, facts: dict[str, str], steps: list[tuple[str | None, str, str]]
) -> None:
    assert explained(text, known(**facts)) == steps
