"""Days, moments and counts are said as people say them; lines travel as the library has them."""

from binascii import b2a_qp
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from notifications.wording import (
    WIDTH,
    clock_in_words,
    ended,
    in_words_of_the_year,
    moment_in_words,
    paragraphs,
    quoted,
    several,
    span_in_words,
    wrap_text,
)

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (date(2027, 3, 16), date(2027, 3, 16), "Tuesday 16 March 2027"),
        (date(2027, 3, 16), date(2027, 3, 19), "Tuesday 16 to Friday 19 March 2027"),
        (date(2027, 3, 30), date(2027, 4, 2), "Tuesday 30 March to Friday 2 April 2027"),
        (
            date(2026, 12, 30),
            date(2027, 1, 2),
            "Wednesday 30 December 2026 to Saturday 2 January 2027",
        ),
        (date(2026, 3, 16), date(2027, 3, 19), "Monday 16 March 2026 to Friday 19 March 2027"),
    ],
)
def test_a_span_says_nothing_twice(first: date, last: date, expected: str) -> None:
    assert span_in_words(first, last) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (time(0, 0), "12am"),
        (time(0, 30), "12.30am"),
        (time(9, 0), "9am"),
        (time(11, 59), "11.59am"),
        (time(12, 0), "noon"),
        (time(12, 5), "12.05pm"),
        (time(19, 0), "7pm"),
        (time(23, 30), "11.30pm"),
    ],
)
def test_a_time_of_day_is_short(at: time, expected: str) -> None:
    assert clock_in_words(at) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2027, 3, 15, 19, tzinfo=UTC), "7pm on Monday 15 March 2027"),
        (datetime(2027, 7, 15, 18, tzinfo=UTC), "7pm on Thursday 15 July 2027"),
        (datetime(2027, 4, 30, 22, 59, 59, tzinfo=UTC), "Friday 30 April 2027"),
        (datetime(2027, 1, 30, 23, 59, 59, 999999, tzinfo=UTC), "Saturday 30 January 2027"),
    ],
)
def test_a_moment_is_said_in_the_zone_and_the_end_of_a_day_is_the_day(
    at: datetime, expected: str
) -> None:
    assert moment_in_words(at, LONDON) == expected


def test_the_year_may_go_without_saying() -> None:
    assert in_words_of_the_year(date(2027, 3, 9)) == "Tuesday 9 March"


@pytest.mark.parametrize(("count", "expected"), [(1, "a peer"), (2, "2 peers"), (0, "0 peers")])
def test_one_is_said_without_a_number(count: int, expected: str) -> None:
    assert several(count, "a peer", "peers") == expected


@pytest.mark.parametrize(
    "text", ["", "a", ".\n..\n", "ends in a space \n\n=é" + "x" * 200, "a\x0cb"]
)
def test_lines_one_by_one_are_quoted_as_the_whole_text_is(text: str) -> None:
    assert quoted(ended(text)) == b2a_qp(ended(text))


def test_a_long_line_of_nothing_is_an_empty_line() -> None:
    assert wrap_text("One\n" + " " * 100 + "\nTwo") == "One\n\nTwo\n"


def test_a_signature_stays_on_one_line_and_an_aside_does_not() -> None:
    signature = f"— peer-challenge/0123456789abcdef {'x' * 92}="
    assert wrap_text(f"origin\n1\nroot\n\n{signature}\n") == f"origin\n1\nroot\n\n{signature}\n"
    aside = wrap_text(f"— and {'so ' * 30}on")
    assert max(map(len, aside.splitlines())) <= WIDTH


def test_a_signed_note_is_one_paragraph_whose_lines_are_kept() -> None:
    note = "origin\n1\nroot\n\n— log signature"
    before, kept, after = paragraphs(f"Keep\nthis:\n\n{note}\n\n- one\n- two")
    assert before == {"text": "Keep this:", "points": [], "note": ""}
    assert kept["note"] == note
    assert after["points"] == ["one", "two"]
    assert [one["note"] for one in paragraphs("One\n\n— and so on\n\nTwo")] == ["", "", ""]


def test_a_word_too_long_for_a_line_has_one_of_its_own() -> None:
    word = "x" * 100
    assert wrap_text(f"- One {word} two") == f"- One\n  {word}\n  two\n"
