"""People, days, counts and spans are read as they are written."""

from collections.abc import Callable
from datetime import date

import pytest

from workflow.model.errors import PhraseError
from workflow.model.language.phrases import Count, ForEach, Span
from workflow.model.language.selections import (
    parse_count,
    parse_for_each,
    parse_quiet_days,
    parse_span,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("peers", ForEach("peers", "peers")),
        ("Peers , Past", ForEach("Peers , Past", "peers", is_present=False, is_past=True)),
        (
            "peers, past and present",
            ForEach("peers, past and present", "peers", is_past=True),
        ),
        (
            "peers, past and present, who were issued something",
            ForEach(
                "peers, past and present, who were issued something",
                "peers",
                is_past=True,
                is_issued=True,
            ),
        ),
        ("peers, who were sampled", ForEach("peers, who were sampled", "peers", is_sampled=True)),
        (
            "peers, who are an officer",
            ForEach("peers, who are an officer", "peers", capability="officer"),
        ),
        ("day_staff", ForEach("day_staff", "day_staff")),
        ("day from a to b", ForEach("day from a to b", first_day="a", last_day="b")),
        (
            "day from a to b, except the first",
            ForEach(
                "day from a to b, except the first", first_day="a", last_day="b", except_first=True
            ),
        ),
        (
            "day from a to b except the last",
            ForEach(
                "day from a to b except the last", first_day="a", last_day="b", except_last=True
            ),
        ),
        (
            "day from a to b, except the first and last",
            ForEach(
                "day from a to b, except the first and last",
                first_day="a",
                last_day="b",
                except_first=True,
                except_last=True,
            ),
        ),
    ],
)
def test_tasks_are_for_people_or_for_days(text: str, expected: ForEach) -> None:
    assert parse_for_each(text) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1, Count("1", 1, 1)),
        ("1", Count("1", 1, 1)),
        ("one", Count("one", 1, 1)),
        ("5..6", Count("5..6", 5, 6)),
        ("0 .. 2", Count("0 .. 2", 0, 2)),
        ("100", Count("100", 100, 100)),
    ],
)
def test_a_count_is_a_number_or_a_range(value: object, expected: Count) -> None:
    assert parse_count(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3..4 days of onsite_start", Span("3..4 days of onsite_start", 3, 4, "onsite_start")),
        ("three days of a", Span("three days of a", 3, 3, "a")),
        ("1 day of a", Span("1 day of a", 1, 1, "a")),
    ],
)
def test_a_span_is_so_many_days_of_a_date(text: str, expected: Span) -> None:
    assert parse_span(text) == expected


PEOPLE = '; write for example "peers, past and present"'
DAYS = '; write for example "day from onsite_start to onsite_end, except the last"'
COUNT = '; write for example "5..6"'
SPAN = '; write for example "3..4 days of onsite_start"'
EVERY = '; write for example "every 6 months after signed_off, until closed"'
QUIET = '; write for example "24 December to 1 January"'
ORDER = "the least comes first, the most after it, and the most is not 0"
NO_SPAN = f"a span is a number of days, or a range, and the date it starts from{SPAN}"
NO_QUIET = "quiet days are one day, or one day to another, both written alike" + QUIET
KEY = "is wanted, a key of small letters, digits and _, not"


@pytest.mark.parametrize(
    ("parse", "value", "message"),
    [
        (parse_for_each, "a b", f'"a b": a role or a group {KEY} "a b"{PEOPLE}'),
        (
            parse_for_each,
            "peers, who ran",
            '"peers, who ran": unknown selection "who ran"; there is: past and present, past, '
            "who were issued something, who were sampled, who are CAPABILITY",
        ),
        (
            parse_for_each,
            "peers, pasts",
            '"peers, pasts": unknown selection "pasts"; did you mean "past"? '
            "(past and present, past, who were issued something, who were sampled, "
            "who are CAPABILITY)",
        ),
        (
            parse_for_each,
            "peers, past, past and present",
            '"peers, past, past and present": each kind of selection may be said once' + PEOPLE,
        ),
        (
            parse_for_each,
            "peers, who are a, who are b",
            '"peers, who are a, who are b": each kind of selection may be said once' + PEOPLE,
        ),
        (parse_for_each, "day", f'"day": days are selected from one date to another{DAYS}'),
        (
            parse_for_each,
            "days from a to b",
            f'"days from a to b": days are selected from one date to another{DAYS}',
        ),
        (
            parse_for_each,
            "day from a to b, except sundays",
            '"day from a to b, except sundays": unknown exception "sundays"; there is: '
            "the first, the last, the first and last",
        ),
        (
            parse_for_each,
            "every 2 weeks before a",
            f'"every 2 weeks before a": what comes again and again counts from something{EVERY}',
        ),
        (
            parse_for_each,
            "every 36 hours after a",
            '"every 36 hours after a": tasks come again after days, weeks, months or years, not '
            f"hours{EVERY}",
        ),
        (
            parse_quiet_days,
            "1 May to 2 May to 3 May",
            f'"1 May to 2 May to 3 May": {NO_QUIET}',
        ),
        (
            parse_quiet_days,
            "1 May to 2027-05-03",
            f'"1 May to 2027-05-03": {NO_QUIET}',
        ),
        (
            parse_quiet_days,
            "2027-05-03 to 2027-05-02",
            '"2027-05-03 to 2027-05-02": the first day comes first, the last one after it' + QUIET,
        ),
        (
            parse_quiet_days,
            "31 June",
            '"31 June": "31 june" is not a day: write 24 December, or 2027-12-24' + QUIET,
        ),
        (parse_count, 0, f'"0": {ORDER}{COUNT}'),
        (parse_count, "6..5", f'"6..5": {ORDER}{COUNT}'),
        (
            parse_count,
            "101",
            f'"101": "101" is not a whole number from 1 to 100 (or one to twelve){COUNT}',
        ),
        (
            parse_count,
            -1,
            f'"-1": a number, or a range such as 5..6, is wanted, not -1{COUNT}',
        ),
        (parse_count, True, f"words in quotes are wanted, not True{COUNT}"),
        (parse_span, "3 weeks of a", f'"3 weeks of a": {NO_SPAN}'),
        (parse_span, "3 days", f'"3 days": {NO_SPAN}'),
        (
            parse_span,
            "0..3 days of a",
            f'"0..3 days of a": a span has at least one day: the first day is day 1{SPAN}',
        ),
        (parse_span, "3 days of the", f'"3 days of the": a date {KEY} "the"{SPAN}'),
    ],
)
def test_what_cannot_be_read_says_why(
    parse: Callable[[object], object], value: object, message: str
) -> None:
    with pytest.raises(PhraseError) as refused:
        parse(value)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("24 December to 1 January", ("2026-12-24", "2027-01-01"), ("2026-12-23", "2027-01-02")),
        ("1 May to 3 May", ("2026-05-01", "2028-05-03"), ("2026-04-30", "2028-05-04")),
        ("5 May", ("2026-05-05", "2027-05-05"), ("2026-05-04", "2026-05-06")),
        ("2027-05-03 to 2027-05-04", ("2027-05-03", "2027-05-04"), ("2027-05-02", "2027-05-05")),
        ("2027-05-03", ("2027-05-03", "2027-05-03"), ("2026-05-03", "2028-05-03")),
    ],
)
def test_quiet_days_are_of_every_year_or_of_one(
    text: str, inside: tuple[str, str], outside: tuple[str, str]
) -> None:
    quiet = parse_quiet_days(text)
    assert [quiet.contain(date.fromisoformat(day)) for day in inside] == [True, True]
    assert [quiet.contain(date.fromisoformat(day)) for day in outside] == [False, False]


@pytest.mark.parametrize(
    ("text", "year", "days"),
    [
        ("24 December to 1 January", 2026, ("2026-12-24", "2027-01-01")),
        ("29 February to 1 March", 2027, ("2027-02-28", "2027-03-01")),
        ("29 February", 2028, ("2028-02-29", "2028-02-29")),
        ("29 February", 2100, ("2100-02-28", "2100-02-28")),
        ("29 February", 2000, ("2000-02-29", "2000-02-29")),
        ("2027-05-03 to 2027-05-04", 1999, ("2027-05-03", "2027-05-04")),
    ],
)
def test_quiet_days_of_a_year_begin_in_it(text: str, year: int, days: tuple[str, str]) -> None:
    first, last = parse_quiet_days(text).of_year(year)
    assert (str(first), str(last)) == days
