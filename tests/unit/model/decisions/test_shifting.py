"""What the change of a definition shifts of what would be said later."""

from datetime import timedelta

from tests.builders import Case
from tests.versions import LONGER, MORE_CHASING, WITH_ROOMS, WITHOUT_EVENING, moved, second
from tests.visits import DIRECTOR, MANAGER, START, dated, drafting, visiting
from workflow.model import commands as c
from workflow.model.decisions.shifting import shifted
from workflow.model.outlook.consequences import Consequences, Shift

DAY = timedelta(days=1)
CHASE = "    - {when: 3 days before limit, to: by, notice: to_do}\n"


def of(case: Case, *edits: tuple[str, str]) -> Consequences:
    """Return what edits of the definition shift."""
    there, decision = moved(case, *edits)
    return shifted(case.rules, there.rules, decision, at=case.at)


def told(shifts: tuple[Shift, ...]) -> set[tuple[str, int | None]]:
    """Return which notices to whom are shifted."""
    return {(shift.notice, shift.recipient) for shift in shifts}


def test_reminders_move_with_the_deadline_that_they_hang_on() -> None:
    found = of(drafting(), *LONGER)
    assert told(found.moved) == {
        ("report_due_soon", MANAGER),
        *(("report_due_today", person) for person in (MANAGER, DIRECTOR)),
        *(("overdue", person) for person in (MANAGER, DIRECTOR)),
    }
    first = next(shift for shift in found.moved if shift.notice == "report_due_soon")
    assert first.old_at is not None
    assert first.new_at == first.old_at + 7 * DAY
    assert (found.withdrawn, found.again, found.coming, found.late) == ((), (), (), ())


def test_a_reminder_that_has_another_place_in_its_ladder_is_the_same() -> None:
    case = dated().done("scope_agreed", "brief_visitor").until(START - 12 * DAY)
    found = of(case, *MORE_CHASING)
    assert (found.moved, found.withdrawn, found.again) == ((), (), ())
    assert told(found.coming) == {("to_do", MANAGER)}


def test_a_rung_that_is_gone_falls_away() -> None:
    case = dated().done("scope_agreed", "brief_visitor").until(START - 12 * DAY)
    found = of(case, (CHASE, ""))
    assert ("to_do", MANAGER) in told(found.withdrawn)
    assert found.coming == ()


def test_what_a_new_task_will_say_is_to_come_and_what_is_past_is_late() -> None:
    case = visiting().until(START - 2 * DAY)
    found = of(case, *WITH_ROOMS)
    assert told(found.coming) == {("overdue", MANAGER)}
    assert [task.key for task in found.late] == ["book_rooms"]


def test_a_reminder_that_was_said_and_will_be_said_for_a_later_day_comes_again() -> None:
    case = drafting().until(START + 24 * DAY)
    found = of(case, *LONGER)
    assert told(found.again) == {("report_due_soon", MANAGER)}


def test_where_clocks_stand_still_nothing_is_shifted() -> None:
    paused = drafting().do(c.Advance(trigger="hold_off", reason="rain"))
    found = of(paused, *LONGER)
    assert (found.moved, found.coming) == ((), ())


def test_a_task_that_is_gone_says_nothing_any_more() -> None:
    limit = "    limit: 19:00 on the day before visit_start\n"
    reminded = (limit, f"{limit}    reminders: same_day\n")
    found = of(dated(reminded), *WITHOUT_EVENING)
    assert told(found.withdrawn) == {("to_do", 4)}


def test_a_task_that_is_called_otherwise_says_what_it_said() -> None:
    case = visiting().until(START - 2 * DAY)
    there, decision = second(case)
    found = shifted(case.rules, there.rules, decision, at=case.at)
    voices = [voice for shift in (*found.moved, *found.withdrawn) for voice in shift.voices]
    assert not any(voice.task.startswith(("talk", "catch_up")) for voice in voices)
