"""Timings are read as they are written, and what cannot be read says what is allowed."""

from dataclasses import replace
from datetime import time

import pytest

from workflow.model.errors import PhraseError
from workflow.model.language.phrases import Anchor, Choice, Edge, Roll, RungTime, Timing, Unit
from workflow.model.language.rungs import parse_rung_time
from workflow.model.language.timing import parse_time_of_day, parse_timing

X = Anchor(("x",))


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("x", 0, Unit.DAYS),
        ("on x", 0, Unit.DAYS),
        ("the day before x", -1, Unit.DAYS),
        ("the day after x", 1, Unit.DAYS),
        ("1 day after x", 1, Unit.DAYS),
        ("72 hours after x", 72, Unit.HOURS),
        ("10 working days before x", -10, Unit.WORKING_DAYS),
        ("one working day after x", 1, Unit.WORKING_DAYS),
        ("four weeks after x", 4, Unit.WEEKS),
        ("Twelve  MONTHS\n after  X", 12, Unit.MONTHS),
        ("1000 years after x", 1000, Unit.YEARS),
    ],
)
def test_a_timing_counts_units_from_its_anchor(text: str, count: int, unit: Unit) -> None:
    assert parse_timing(text) == Timing(" ".join(text.split()), X, count, unit)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("end of x", Timing("end of x", X, edge=Edge.END)),
        ("the end of x", Timing("the end of x", X, edge=Edge.END)),
        ("start of on x", Timing("start of on x", X, edge=Edge.START)),
        ("end of the day before x", Timing("end of the day before x", X, -1, edge=Edge.END)),
        ("19:00 on x", Timing("19:00 on x", X, at=time(19))),
        ("at 7.00pm on x", Timing("at 7.00pm on x", X, at=time(19))),
        ("7pm on the day before x", Timing("7pm on the day before x", X, -1, at=time(19))),
        ("noon on x", Timing("noon on x", X, at=time(12))),
        (
            "4 weeks after x, rolled to the previous working day",
            Timing(
                "4 weeks after x, rolled to the previous working day",
                X,
                4,
                Unit.WEEKS,
                roll=Roll.PREVIOUS,
            ),
        ),
        (
            "17:00 on x rolled to the next working day",
            Timing("17:00 on x rolled to the next working day", X, at=time(17), roll=Roll.NEXT),
        ),
    ],
)
def test_a_timing_has_an_edge_or_a_time_and_a_roll(text: str, expected: Timing) -> None:
    assert parse_timing(text) == expected


@pytest.mark.parametrize(
    ("text", "anchor"),
    [
        ("draft.limit", Anchor(("draft.limit",))),
        ("2 days before draft.target", Anchor(("draft.target",))),
        ("{day}", Anchor(("day",))),
        ("day", Anchor(("day",))),
        ("3 days after it opens", Anchor(("opening",))),
        ("3 days after told", Anchor(("opening",))),
        ("3 days after opening", Anchor(("opening",))),
        ("3 days after joining", Anchor(("joining",))),
        ("3 days after leaving", Anchor(("leaving",))),
        ("3 days before target", Anchor(("target",))),
        ("3 days before limit", Anchor(("limit",))),
        ("the later of a and b", Anchor(("a", "b"), Choice.LATEST)),
        (
            "1 week after the latest of a, b and c.limit",
            Anchor(("a", "b", "c.limit"), Choice.LATEST),
        ),
        ("the earlier of a and b", Anchor(("a", "b"), Choice.EARLIEST)),
        ("end of the earliest of a, b, and c", Anchor(("a", "b", "c"), Choice.EARLIEST)),
    ],
)
def test_a_timing_names_its_anchors(text: str, anchor: Anchor) -> None:
    assert parse_timing(text).anchor == anchor


EXAMPLE = '; write for example "4 weeks after onsite_end"'
NO_NUMBER = "is not a whole number from 1 to 1000 (or one to twelve)" + EXAMPLE
NO_ANCHOR = (
    "a date, a task, a stage, TASK.limit or TASK.target is wanted, a key of small letters, "
    "digits and _, not "
)
OF_SEVERAL = 'of several, say which one counts: "the later of A and B", "the earlier of A and B"'
NO_HOURS = (
    "hours are elapsed time and end at their own moment: they take no time of day, no "
    '"start of" or "end of" and no working day'
)


@pytest.mark.parametrize("day", ["the first working day on or after x", "1st of the month of x"])
def test_on_before_a_day_of_the_calendar_says_nothing_more(day: str) -> None:
    on = parse_timing(f"on {day}")
    assert on == replace(parse_timing(day), text=f"on {day}")
    assert parse_timing(f"19:00 on {day}").at == time(19)


NO_ROLL = 'a day is "rolled to the next working day" or "rolled to the previous working day", not '
NO_TIME = (
    "is not a time of day; write 19:00, 7.00pm, 7pm or noon "
    '(midnight is the "end of" a day, or 00:00 on it)'
)
NO_BOTH = '"start of" or "end of" a day, or a time of day, not both' + EXAMPLE
TIME_FIRST = 'a time of day comes first: write for example "19:00 on the day before onsite_start"'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "4 wekks after visit_end",
            'unknown unit "wekks"; did you mean "weeks"? '
            "(hours, days, working days, weeks, months, years)",
        ),
        (
            "4 qqq after x",
            'unknown unit "qqq"; there is: hours, days, working days, weeks, months, years',
        ),
        ("0 days after x", f'"0" {NO_NUMBER}'),
        ("-1 days after x", f'"-1" {NO_NUMBER}'),
        ("2.5 days after x", f'"2.5" {NO_NUMBER}'),
        ("1001 days after x", f'"1001" {NO_NUMBER}'),
        ("thirteen days after x", f'"thirteen" {NO_NUMBER}'),
        ("weeks after x", f'a number and a unit are wanted before "after"{EXAMPLE}'),
        ("before x", f'a number and a unit are wanted before "before"{EXAMPLE}'),
        (
            "3 clear days beginning with x",
            'clear days leave out both ends: they come before "after", not "beginning with"'
            f"{EXAMPLE}",
        ),
        ("31 February after x", "there is no day 31 in that month (1 to 29)"),
        ("the 32nd of the month of x", "there is no day 32 in that month (1 to 31)"),
        ("the 3rd of the year of x", "only a month has numbered days, not a year"),
        (
            "the first Monday before x",
            f'"the first … before" means no single day: say "last"{EXAMPLE}',
        ),
        ("4 weeks", f'{NO_ANCHOR}"4 weeks"{EXAMPLE}'),
        ("the day after before", f'{NO_ANCHOR}"before"{EXAMPLE}'),
        ("4 weeks after x and y", OF_SEVERAL),
        ("28 days after x or y", OF_SEVERAL),
        (
            "at least 14 days after x",
            'a least time is a minimum: say it with `not_before`, without "at least"',
        ),
        (
            "21 days after x, unless 1 month after y",
            'after "unless" stands a date: work the rest out first, as a date of its own '
            '(dates: {last_day: {is: 1 month after b}}), and say "unless last_day"',
        ),
        ("2 months and 1 day after x", "say one after the other: 1 day after 2 months after A"),
        ("20 to 10 days after x", f"the smaller number comes first{EXAMPLE}"),
        (
            "14 days from x",
            'say whether the first day counts: "after" (it does not) or "beginning with" '
            f"(it does){EXAMPLE}",
        ),
        ("the later of a, b,", f"{NO_ANCHOR}nothing{EXAMPLE}"),
        (
            "x.lim",
            'unknown part of a task "lim"; did you mean "limit"? (limit, target, opened, recorded)',
        ),
        (
            "the later of a and a",
            '"the later of" takes two or more different anchors: write for example '
            '"the later of report_sent and onsite_end"',
        ),
        (
            "the earliest of a",
            '"the earliest of" takes two or more different anchors: write for example '
            '"the earliest of report_sent and onsite_end"',
        ),
        ("17:00 on 4 hours after x", NO_HOURS),
        ("end of 4 hours after x", NO_HOURS),
        ("4 hours after x, rolled to the next working day", NO_HOURS),
        ("x, rolled forward", f'{NO_ROLL}"rolled forward"'),
        ("x, rolled", f'{NO_ROLL}"rolled"'),
        ("end of 19:00 on x", NO_BOTH),
        ("19:00 on end of x", NO_BOTH),
        ("start of end of x", NO_BOTH),
        ("19:00 on end of the month of x", NO_BOTH),
        ("of on 4", f'{NO_ANCHOR}"of on 4"{EXAMPLE}'),
        ("x at 19:00", TIME_FIRST),
        ("25:00 on x", f'"25:00" {NO_TIME}'),
        ("9:60 on x", f'"9:60" {NO_TIME}'),
        ("13pm on x", f'"13pm" {NO_TIME}'),
        ("0am on x", f'"0am" {NO_TIME}'),
        ("7.75pm on x", f'"7.75pm" {NO_TIME}'),
        ("midnight on x", f'"midnight" {NO_TIME}'),
    ],
)
def test_what_is_no_timing_says_why_and_what_is_allowed(text: str, why: str) -> None:
    with pytest.raises(PhraseError) as refused:
        parse_timing(text)
    assert str(refused.value) == f'"{text}": {why}'


def rung(
    text: str,
    anchor: str,
    count: int = 0,
    unit: Unit = Unit.DAYS,
    at: time | None = None,
    *,
    is_repeated: bool = False,
) -> RungTime:
    """Return a rung as it is read."""
    timing = Timing(text, Anchor((anchor,)), count, unit, at)
    return RungTime(text, timing, is_repeated)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on opening", rung("on opening", "opening")),
        ("on it opens", rung("on it opens", "opening")),
        ("on target", rung("on target", "target")),
        ("7 days before target", rung("7 days before target", "target", -7)),
        ("the day before limit", rung("the day before limit", "limit", -1)),
        ("2 hours after limit", rung("2 hours after limit", "limit", 2, Unit.HOURS)),
        (
            "2 working days before limit at 17:00",
            rung("2 working days before limit at 17:00", "limit", -2, Unit.WORKING_DAYS, time(17)),
        ),
        (
            "every 2 working days after limit",
            rung(
                "every 2 working days after limit",
                "limit",
                2,
                Unit.WORKING_DAYS,
                is_repeated=True,
            ),
        ),
        ("every day after limit", rung("every day after limit", "limit", 1, is_repeated=True)),
        (
            "every working day after told",
            rung("every working day after told", "opening", 1, Unit.WORKING_DAYS, is_repeated=True),
        ),
        (
            "every two weeks after opening at 9am",
            rung(
                "every two weeks after opening at 9am",
                "opening",
                2,
                Unit.WEEKS,
                time(9),
                is_repeated=True,
            ),
        ),
    ],
)
def test_a_rung_speaks_by_the_opening_the_target_or_the_limit(
    text: str, expected: RungTime
) -> None:
    assert parse_rung_time(text) == expected


ONLY_AFTER = (
    'what repeats comes after something: write for example "every 2 working days after limit"'
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (
            "3 to 5 days before limit",
            "a reminder goes out on one day, not in a window; "
            'write for example "7 days before target"',
        ),
        (
            "end of limit",
            "a reminder goes out when the programme sends, or at a time: write for example "
            '"on limit at 08:00"',
        ),
        ("every 2 days before limit", ONLY_AFTER),
        ("every limit", ONLY_AFTER),
        (
            "every fortnight after limit",
            'unknown unit "fortnight"; there is: hours, days, working days, weeks, months, years',
        ),
        (
            "0 days after limit",
            '"0" is not a whole number from 1 to 1000 (or one to twelve); '
            'write for example "7 days before target"',
        ),
        ("2 hours after limit at 17:00", "hours are elapsed time: they take no time of day"),
        ("on limit at dawn", f'"dawn" {NO_TIME}'),
    ],
)
def test_what_is_no_time_of_a_rung_says_why(text: str, why: str) -> None:
    with pytest.raises(PhraseError) as refused:
        parse_rung_time(text)
    assert str(refused.value) == f'"{text}": {why}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:00", time(0)),
        ("9:05", time(9, 5)),
        ("23:59", time(23, 59)),
        ("12am", time(0)),
        ("12.30 pm", time(12, 30)),
        ("7:15PM", time(19, 15)),
        ("01am", time(1)),
        (" Noon ", time(12)),
    ],
)
def test_a_time_of_day_is_read_by_either_clock(text: str, expected: time) -> None:
    assert parse_time_of_day(text) == expected


def test_a_time_of_day_that_is_none_says_how_to_write_one() -> None:
    with pytest.raises(PhraseError) as refused:
        parse_time_of_day("24:00")
    assert str(refused.value) == f'"24:00": "24:00" {NO_TIME}'
