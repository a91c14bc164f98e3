"""Days and times are recognised as people write them, and nothing else is."""

from datetime import date, time

import pytest

from notifications.incoming.days import days_in, times_in

ON = date(2027, 3, 10)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "past", "coming"),
    [
        ("2027-03-05", "2027-03-05", "2027-03-05"),
        ("5/3/2027", "2027-03-05", "2027-03-05"),
        ("05.03.27", "2027-03-05", "2027-03-05"),
        ("5 March", "2027-03-05", "2028-03-05"),
        ("the 5th of March 2026", "2026-03-05", "2026-03-05"),
        ("March 12th", "2026-03-12", "2027-03-12"),
        ("29 Feb", "2024-02-29", "2028-02-29"),
        ("10 March", "2027-03-10", "2027-03-10"),
        ("Wednesday", "2027-03-10", "2027-03-17"),
        ("last Wednesday", "2027-03-03", "2027-03-03"),
        ("Thurs", "2027-03-04", "2027-03-11"),
        ("next Monday", "2027-03-15", "2027-03-15"),
        ("yesterday", "2027-03-09", "2027-03-09"),
        ("tomorrow", "2027-03-11", "2027-03-11"),
        ("a week ago", "2027-03-03", "2027-03-03"),
        ("3 days ago", "2027-03-07", "2027-03-07"),
        ("Sept 3", "2026-09-03", "2027-09-03"),
    ],
)
def test_a_day_is_the_nearest_of_its_name(text: str, past: str, coming: str) -> None:
    assert days_in(text, on=ON, is_past=True) == {date.fromisoformat(past)}
    assert days_in(text, on=ON, is_past=False) == {date.fromisoformat(coming)}


@pytest.mark.parametrize(
    "text", ["2027-02-30", "31/11/2027", "30 February", "3 of 4", "12 apples", "monk", "room 5"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert days_in(text, on=ON, is_past=True) == set()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4pm", {time(16)}),
        ("at 4.30 p.m. then", {time(16, 30)}),
        ("12am or 12 pm", {time(0), time(12)}),
        ("16:30", {time(16, 30)}),
        ("noon", {time(12)}),
        ("13pm", set()),
        ("25:00", set()),
        ("10:75", set()),
        ("4 people", set()),
    ],
)
def test_a_time_has_its_half_of_the_day_or_its_colon(text: str, expected: set[time]) -> None:
    assert times_in(text) == expected
