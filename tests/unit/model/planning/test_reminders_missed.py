"""What was missed: after a time without sweeps, or where several rungs come to one moment."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.builders import Case
from tests.visits import DIRECTOR, MANAGER, of_kind, writing
from workflow.model.events import NoticeRaised

A_WEEKEND = (  # the limit is on 24 December: a Saturday and a Sunday before it
    "    - {when: 5 days before limit, to: by, notice: to_do}\n"
    "    - {when: 4 days before limit, to: director, notice: overdue}\n"
)
QUIET = ('send_at: "09:00"', 'sending: {on: working days}\nsend_at: "09:00"')
MONDAY = datetime(2026, 12, 21, 9, tzinfo=UTC)


def raised(case: Case, since: int) -> list[tuple[str, int | None, tuple[str, ...]]]:
    """Return what was said since an event: what, to whom, and for which rungs."""
    found = of_kind(case.events[since:], NoticeRaised)
    return [(n.notice, n.recipient, tuple(mark.rung for mark in n.marks)) for n in found]


@pytest.mark.parametrize(("hours", "is_urgent"), [(24, True), (25, False)])
def test_what_nobody_could_say_for_a_day_is_not_urgent_any_more(
    hours: int, *, is_urgent: bool
) -> None:
    case = writing()
    due_at = datetime(2026, 12, 24, 8, tzinfo=UTC)  # the day of the limit
    case.at = due_at + timedelta(hours=hours)
    before = len(case.events)
    case.sweep()
    said = [n for n in of_kind(case.events[before:], NoticeRaised) if n.tasks == ("report_sent",)]
    assert {n.is_urgent for n in said if n.notice == "report_due_today"} == {is_urgent}


def test_after_a_time_without_sweeps_the_latest_missed_rung_stands_for_all() -> None:
    case = writing()
    known = len(case.events)
    case.at = datetime(2027, 1, 6, 10, tzinfo=UTC)
    case.sweep()
    missed = ("countdown.0", "countdown.1", "countdown.2.1", "countdown.2.2", "countdown.2.3")
    assert raised(case, known) == [("overdue", MANAGER, missed), ("overdue", DIRECTOR, missed)]


def weekend() -> Case:
    """Return a report that two rungs tell two people of, and quiet days put off to one moment."""
    return writing(QUIET, ("  countdown:\n", f"  countdown:\n{A_WEEKEND}"))


def test_of_rungs_that_come_to_one_moment_each_is_told_the_latest_for_them() -> None:
    case = weekend()
    known = len(case.events)
    case.until(date(2026, 12, 21), MONDAY.time())
    assert raised(case, known)[-2:] == [
        ("to_do", MANAGER, ("countdown.0",)),
        ("overdue", DIRECTOR, ("countdown.0", "countdown.1")),
    ]
    assert {case.task("report_sent").said[f"countdown.{n}"] for n in (0, 1)} == {MONDAY}


def test_whoever_is_told_of_a_later_rung_is_not_told_of_an_earlier_one() -> None:
    case = weekend()
    known = len(case.events)
    case.at = datetime(2026, 12, 24, 8, tzinfo=UTC)  # both are told that it is due today
    case.sweep()
    assert {(notice, to) for notice, to, _ in raised(case, known)} == {
        ("report_due_today", MANAGER),
        ("report_due_today", DIRECTOR),
    }
