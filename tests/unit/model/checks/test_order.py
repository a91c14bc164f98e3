"""What is told of days that come in the wrong order."""

from typing import Any

import pytest

from tests.unit.model.test_references import said, task

Change = tuple[str, Any]


def kept(copies: str, weeks: int) -> dict[str, str]:
    """Return a rule: what is kept, and for how many weeks after the end."""
    return {"title": "R", "for": f"{weeks} weeks after end", "review_by": "boss", "copies": copies}


DAYS: list[tuple[tuple[Change, ...], str]] = [
    (
        (
            (
                "pauses.p",
                {"title": "P", "from": "2 weeks after start", "until": "1 week after start"},
            ),
            ("tasks.more", task(limit="2 weeks after end", source="rules", pauses="p")),
        ),
        (
            "pauses.p.until: it would end before it begins: until lies before from; move one "
            "of the two"
        ),
    ),
    (
        (
            (
                "tasks.more",
                task(
                    limit="4 weeks after end",
                    source="rules",
                    extends={"longer": {"by": "1 week", "no_later_than": "3 weeks after end"}},
                ),
            ),
        ),
        (
            "tasks.more.extends.longer.no_later_than: it could put nothing off: the limit "
            "lies after it already; move one of the two"
        ),
    ),
]


@pytest.mark.parametrize(("changes", "expected"), DAYS)
def test_days_in_the_wrong_order_are_told(changes: tuple[Change, ...], expected: str) -> None:
    assert said(*changes) == [expected]


LAST = "; move one of the two"
BOTH: list[tuple[dict[str, str], str]] = [
    (
        {"target": "4 to 6 weeks after end", "limit": "3 weeks after end"},
        f"target: the window of the target begins after the limit{LAST}",
    ),
    (
        {"limit": "4 to 6 weeks after end", "cap": "3 weeks after end"},
        f"limit: the window of the limit begins after the cap{LAST}",
    ),
    (
        {"target": "5 weeks after end", "limit": "4 weeks after end"},
        "target: the target lies after the limit; the target is the soft date, and comes first",
    ),
    (
        {"not_before": "5 weeks after end", "limit": "4 weeks after end"},
        "not_before: it would be late before it may be done: the limit comes first" + LAST,
    ),
    (
        {"not_before": "5 weeks after end", "target": "4 weeks after end"},
        "not_before: it could not be done by its target: the target comes first" + LAST,
    ),
    (
        {"opens": "5 weeks after end", "limit": "4 weeks after end"},
        "opens: it would open when it is late already: the limit comes first" + LAST,
    ),
    (
        {"opens": "5 weeks after end", "target": "4 weeks after end"},
        f"opens: it would open after its target has passed{LAST}",
    ),
    (
        {"opens": "5 weeks after end", "lapses": "4 weeks after end"},
        f"opens: it would lapse before it opens{LAST}",
    ),
    (
        {"limit": "5 weeks after end", "cap": "4 weeks after end"},
        f"limit: the limit lies after the cap, so that it never counts{LAST}",
    ),
    (
        {"target": "5 weeks after end", "cap": "4 weeks after end"},
        f"target: the target lies after the cap, the last day for it{LAST}",
    ),
    (
        {"limit": "5 weeks after end", "lapses": "4 weeks after end"},
        "limit: the limit lies after the day on which it lapses: it can never be late" + LAST,
    ),
    (
        {"target": "5 weeks after end", "lapses": "4 weeks after end"},
        f"target: the target lies after the day on which it lapses{LAST}",
    ),
    (
        {"not_before": "5 weeks after end", "lapses": "4 weeks after end"},
        f"not_before: it would lapse before it may be done{LAST}",
    ),
]


@pytest.mark.parametrize(("keys", "expected"), BOTH)
def test_two_days_of_a_task_in_the_wrong_order_are_told(
    keys: dict[str, str], expected: str
) -> None:
    assert said(("tasks.more", task(source="rules", **keys))) == [f"tasks.more.{expected}"]


@pytest.mark.parametrize("keys", [keys for keys, _ in BOTH])
def test_two_days_of_a_task_that_are_the_same_day_are_left_alone(keys: dict[str, str]) -> None:
    same = dict.fromkeys(keys, "4 weeks after end")
    assert said(("tasks.more", task(source="rules", **same))) == []


RECORD: list[tuple[tuple[Change, ...], str]] = [
    (
        (
            ("tasks.more", task(limit="4 weeks after end", source="rules")),
            ("tasks.last", task(limit="5 weeks after end", source="rules")),
            ("retention.r", kept("record", 1)),
        ),
        'retention.r.for: all is destroyed before the limit of "more"; keep it longer',
    ),
    (
        (
            ("retention.r", kept("record", 3)),
            ("retention.part", kept("messages", 4)),
        ),
        'retention.r.for: it goes before "part", which is a part of it; keep it longer',
    ),
]


@pytest.mark.parametrize(("changes", "expected"), RECORD)
def test_a_record_that_goes_too_early_is_told(changes: tuple[Change, ...], expected: str) -> None:
    assert said(*changes) == [expected]


ALONE: list[tuple[Change, ...]] = [
    (
        (
            "retention.r",
            {"title": "R", "for": "1 week after end", "review_by": "boss", "needed_for": "plan"},
        ),
    ),
    (
        ("retention.r", kept("record", 4)),
        ("retention.part", kept("messages", 4)),
    ),
    (
        ("tasks.more", task(limit="3 weeks after end", source="rules")),
        ("retention.r", kept("record", 3)),
    ),
]


@pytest.mark.parametrize("changes", ALONE)
def test_what_may_be_right_is_left_alone(changes: tuple[Change, ...]) -> None:
    assert said(*changes) == []
