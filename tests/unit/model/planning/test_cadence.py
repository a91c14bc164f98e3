"""Tasks that come again and again: one ahead, none twice, until it is over."""

from datetime import date

import pytest

from tests.builders import Case
from tests.visits import Edit, visiting
from workflow.model import commands as c
from workflow.model.task import TaskStatus

AGAIN: tuple[Edit, ...] = (
    (
        "  evening_meeting:\n",
        "  look_in:\n    title: Look in on {day}\n    stage: planning\n    by: manager\n"
        "    for_each: every month after visit_start, until signed_off, at most 4 times\n"
        '    opens: 1 week before {day}\n    limit: "{day}"\n    source: house policy\n'
        "  evening_meeting:\n",
    ),
)


def turns(case: Case) -> list[tuple[str, str]]:
    """Return the day and the status of every turn that counts."""
    return [(str(task.day), task.status.value) for task in case.challenge.occurrences("look_in")]


def done(case: Case, day: str) -> Case:
    on = date.fromisoformat(day)
    return case.do(c.CompleteTask(spec="look_in", day=on, on=case.today, evidence="noted"))


def test_there_is_always_one_turn_to_look_forward_to() -> None:
    case = visiting(*AGAIN)
    assert turns(case) == [("2026-12-24", "pending")]
    case.until(date(2026, 12, 18))  # it opened on the 17th
    assert turns(case) == [("2026-12-24", "open"), ("2027-01-24", "pending")]
    done(case, "2026-12-24").until(date(2027, 1, 5))
    assert turns(case) == [("2026-12-24", "done"), ("2027-01-24", "pending")]


def test_what_nobody_does_does_not_stop_the_next_one() -> None:
    case = visiting(*AGAIN).until(date(2027, 2, 20))
    assert turns(case) == [
        ("2026-12-24", "open"),
        ("2027-01-24", "open"),
        ("2027-02-24", "open"),
        ("2027-03-24", "pending"),
    ]
    missed = [str(t.day) for t in case.challenge.occurrences("look_in") if t.is_missed]
    assert missed == ["2026-12-24", "2027-01-24"]
    case.until(date(2027, 6, 1))
    assert len(turns(case)) == 4  # at most four times


def test_turns_may_be_done_out_of_order() -> None:
    case = visiting(*AGAIN).until(date(2027, 1, 20))
    done(case, "2027-01-24")
    assert turns(case) == [
        ("2026-12-24", "open"),
        ("2027-01-24", "done"),
        ("2027-02-24", "pending"),
    ]


def test_a_turn_that_was_not_done_after_all_takes_the_next_one_back() -> None:
    case = visiting(*AGAIN)
    on = date.fromisoformat("2026-12-24")
    done(case, "2026-12-24")
    assert turns(case) == [("2026-12-24", "done"), ("2027-01-24", "pending")]
    case.do(c.ReopenTask(spec="look_in", day=on, reason="nobody was there"))
    assert turns(case) == [("2026-12-24", "pending")]
    done(case, "2026-12-24")
    assert turns(case) == [("2026-12-24", "done"), ("2027-01-24", "pending")]


def test_when_the_first_day_moves_what_was_done_is_not_asked_for_again() -> None:
    case = visiting(*AGAIN).until(date(2026, 11, 20))
    case.at = case.at.replace(month=12, day=20)
    done(case.sweep(), "2026-12-24")
    case.do(c.SetDate(key="visit_start", on=date(2026, 11, 25), reason="it began a day later"))
    assert turns(case) == [("2026-12-24", "done"), ("2027-01-25", "pending")]


def test_when_it_is_over_what_is_unfinished_falls_away() -> None:
    by_hand = (", set_by: sign_off", "")
    case = visiting(*AGAIN, by_hand).until(date(2027, 1, 20))
    done(case, "2026-12-24")
    case.do(c.SetDate(key="signed_off", on=case.today))
    assert turns(case) == [("2026-12-24", "done")]
    fallen = [t for t in case.challenge.tasks.values() if t.spec == "look_in"]
    assert {t.status for t in fallen} == {TaskStatus.DONE, TaskStatus.CANCELLED}


def test_turns_may_be_counted_from_the_day_on_which_the_last_one_was_done() -> None:
    edits = ((AGAIN[0][0], AGAIN[0][1].replace(", until", ", then after the last one, until")),)
    case = visiting(*edits).until(date(2026, 12, 21))
    assert turns(case) == [("2026-12-24", "open")]  # no second one before the first is done
    done(case, "2026-12-24")
    assert turns(case) == [("2026-12-24", "done"), ("2027-01-21", "pending")]
    case.until(date(2027, 1, 10))
    done(case, "2027-01-21")  # early: it is recorded, and said
    assert "is recorded early" in case.warnings[0]
    assert turns(case)[-1] == ("2027-02-10", "pending")
    case.until(date(2027, 2, 10))
    done(case, "2027-02-10").until(date(2027, 3, 12))
    done(case, "2027-03-10")
    assert len(turns(case)) == 4  # at most four times


def test_the_first_turn_is_counted_on_the_calendar_of_its_task() -> None:
    """St Andrew's Day, the fourth working day after the visit begins, is a holiday in Scotland."""
    start = ("after visit_start, until", "after 4 working days after visit_start, until")
    scottish = ("  look_in:\n", "  look_in:\n    calendar: scotland\n")
    here, there = visiting(*AGAIN, start), visiting(*AGAIN, start, scottish)
    assert turns(here) == [("2026-12-30", "pending")]
    assert turns(there) == [("2027-01-01", "pending")]


def test_a_day_that_had_its_turn_is_passed_over_when_counting_from_the_last_one() -> None:
    edits = ((AGAIN[0][0], AGAIN[0][1].replace(", until", ", then after the last one, until")),)
    case = visiting(*edits)
    done(case.until(date(2026, 11, 24)), "2026-12-24")  # a month before its day
    assert turns(case) == [("2026-12-24", "done"), ("2027-01-24", "pending")]
    waive = c.WaiveTask(spec="look_in", day=date(2027, 1, 24), reason="a holiday")
    assert turns(case.do(waive))[1:] == [("2027-01-24", "waived"), ("2027-02-24", "pending")]


@pytest.mark.parametrize("lapses", ["", '    lapses: "end of {day}"\n'])
def test_all_turns_that_are_due_at_once_are_there(lapses: str) -> None:
    """Sixty of them, as many as there may be at most, where a date is recorded late."""
    daily = (
        "every month after visit_start, until signed_off, at most 4 times",
        "every 1 day after visit_start",
    )
    case = visiting(*AGAIN, daily, ('    limit: "{day}"\n', f'    limit: "{{day}}"\n{lapses}'))
    case.do(c.SetDate(key="visit_start", on=date(2026, 7, 1), reason="recorded late"))
    found = turns(case)
    assert len(found) == 60
    assert {status for _, status in found} == {"waived" if lapses else "open"}
