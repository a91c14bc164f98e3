"""Dates that are planned, that happened, that disagree with others, and that move together."""

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.visits import (
    END,
    MANAGER,
    START,
    STRANGER,
    clearing,
    complaint,
    dated,
    of_kind,
    refusal,
    staffed,
)
from workflow.model import commands as c
from workflow.model.events import DateSet

DAY = timedelta(days=1)
STRICT = ("    otherwise: warn\n  signed_off", "    otherwise: refuse\n  signed_off")
LOOSE = ("    moves_with: visit_start\n", "")
SPANLESS = ("    within: 3..4 days of visit_start\n    otherwise: warn\n", "")
CHAIN = (
    "  signed_off:  {",
    "  debrief: {title: Debrief, moves_with: visit_end, not_before: visit_end}\n"
    "  follow_up: {title: Follow-up, not_before: debrief}\n  signed_off:  {",
)
BRIEFED = (
    "  signed_off:  {",
    "  briefed: {title: Briefing}\n"
    "  debrief: {title: Debrief, moves_with: visit_end, within: 1..5 days of briefed}\n"
    "  signed_off:  {",
)


@pytest.mark.parametrize(
    ("days", "is_actual"), [(-1, True), (0, True), (1, False)], ids=["before", "today", "after"]
)
def test_a_day_that_has_come_is_actual_and_one_ahead_is_planned(
    days: int,
    is_actual: bool,  # noqa: FBT001 (a table)
) -> None:
    case = staffed()
    case.plan("visit_start", case.today + days * DAY)
    assert case.challenge.dates["visit_start"].is_actual is is_actual


@pytest.mark.parametrize(("minutes", "is_actual"), [(-1, True), (0, True), (1, False)])
def test_a_moment_that_has_come_is_actual_and_one_later_today_is_planned(
    minutes: int,
    is_actual: bool,  # noqa: FBT001 (a table)
) -> None:
    case = staffed()
    moment = case.at + timedelta(minutes=minutes)
    case.do(c.SetDate(key="visit_start", on=case.today, moment=moment))
    assert case.challenge.dates["visit_start"].is_actual is is_actual


def test_a_moment_later_today_cannot_have_happened() -> None:
    case = staffed()
    moment = datetime(2026, 10, 1, 16, 30, tzinfo=UTC)
    later = c.SetDate(key="visit_start", on=case.today, moment=moment, is_actual=True)
    assert complaint(case, later) == (
        "First day of the visit: 17:30 on Thursday 1 October 2026 is in the future, so it cannot "
        "have happened; leave out --actual to plan it"
    )


def test_a_day_that_has_come_may_still_be_only_planned() -> None:
    case = staffed()
    case.do(c.SetDate(key="visit_start", on=case.today, is_actual=False))
    assert not case.challenge.dates["visit_start"].is_actual


def test_what_lies_ahead_cannot_have_happened() -> None:
    case = staffed()
    text = complaint(case, c.SetDate(key="visit_start", on=START, is_actual=True))
    assert text == (
        "First day of the visit: Tuesday 24 November 2026 is in the future, so it cannot have "
        "happened; leave out --actual to plan it"
    )


def test_a_date_keeps_what_it_was_who_said_so_and_why() -> None:
    case = dated()
    known = len(case.events)
    case.do(c.SetDate(key="visit_end", on=END + DAY, reason="a day more"), actor=MANAGER)
    (moved,) = of_kind(case.events[known:], DateSet)
    assert (moved.old, moved.on, moved.actor, moved.reason) == (
        END,
        END + DAY,
        MANAGER,
        "a day more",
    )
    fact = case.challenge.dates["visit_end"]
    assert (fact.recorded_by, fact.recorded_at) == (MANAGER, case.at)


def test_the_same_date_again_changes_nothing_and_says_so() -> None:
    case = dated()
    known = len(case.events)
    case.plan("visit_start", START)
    assert len(case.events) == known
    assert case.warnings == ("First day of the visit: it is Tuesday 24 November 2026 already",)


def test_a_time_of_day_is_kept() -> None:
    moment = datetime(2026, 11, 24, 9, tzinfo=UTC)
    case = staffed().plan("visit_start", START, moment=moment)
    assert case.challenge.dates["visit_start"].moment == moment


def test_a_date_that_does_not_exist_is_not_found() -> None:
    text = complaint(staffed(), c.SetDate(key="visit_strat", on=START))
    assert 'there is no date "visit_strat"; did you mean "visit_start"?' in text


def test_dates_are_set_by_those_who_manage() -> None:
    command = c.SetDate(key="visit_start", on=START)
    refused = refusal(staffed(), command, actor=STRANGER)
    assert refused.kind == "not_allowed"
    assert refused.message == (
        "{p9} may not set dates: that is for Visit manager or an administrator"
    )
    assert "visit_start" in staffed().do(command, actor=MANAGER).challenge.dates


@pytest.mark.parametrize(("days", "is_refused"), [(-1, True), (0, False), (1, False)])
def test_the_end_does_not_come_before_the_start(
    days: int,
    is_refused: bool,  # noqa: FBT001 (a table)
) -> None:
    case = staffed().plan("visit_start", START)
    command = c.SetDate(key="visit_end", on=START + days * DAY)
    if not is_refused:
        case.do(command)
        return
    refused = refusal(case, command)
    assert refused.kind == "order"
    assert refused.message == (
        "Last day of the visit (Monday 23 November 2026) would come before first day of the "
        "visit (Tuesday 24 November 2026)"
    )
    assert refused.hint == "set visit_start first, or give another day"


def test_a_start_beyond_a_planned_end_is_let_pass_with_a_warning() -> None:
    case = dated(LOOSE).plan("visit_start", END + DAY)
    assert case.warnings[0] == (
        "Last day of the visit is still Thursday 26 November 2026, which is now too early: "
        "set it next"
    )


def test_a_start_beyond_an_end_that_happened_is_refused() -> None:
    case = dated().until(END).plan("visit_end", END)
    refused = refusal(case, c.SetDate(key="visit_start", on=END + DAY))
    assert (refused.kind, refused.hint) == ("order", "set visit_end first, or give another day")


@pytest.mark.parametrize(
    ("days", "count"), [(1, 2), (2, None), (3, None), (4, 5)], ids=["two", "three", "four", "five"]
)
def test_three_or_four_days_are_the_rule(days: int, count: int | None) -> None:
    """A span warns of the day before and after; both ends count."""
    text = f"Last day of the visit: {count} days in all, where 3..4 days of visit_start is the rule"
    case = staffed().plan("visit_start", START).plan("visit_end", START + days * DAY)
    spans = [warning for warning in case.warnings if "days in all" in warning]
    assert spans == ([text] if count else [])
    command = c.SetDate(key="visit_end", on=START + days * DAY)
    strict = staffed(STRICT).plan("visit_start", START)
    if count:
        refused = refusal(strict, command)
        assert (refused.kind, refused.message) == ("span", text)
    else:
        strict.do(command)


@pytest.mark.parametrize(
    ("day", "warning"),
    [
        (date(2026, 12, 24), None),
        (date(2026, 12, 25), "Friday 25 December 2026 is Christmas Day"),
        (date(2026, 12, 26), "Saturday 26 December 2026 is "),
        (date(2026, 12, 27), "Sunday 27 December 2026 is not a working day"),
    ],
)
def test_people_are_not_booked_on_a_holiday_without_a_warning(
    day: date, warning: str | None
) -> None:
    case = staffed().plan("visit_start", day)
    assert len(case.warnings) == (1 if warning else 0)
    assert all(one.startswith(warning or "-") for one in case.warnings)


def test_a_date_that_is_tied_moves_by_as_many_days() -> None:
    case = dated()
    known = len(case.events)
    case.plan("visit_start", START + 7 * DAY)
    moved = of_kind(case.events[known:], DateSet)
    assert [(one.key, one.old, one.on) for one in moved] == [
        ("visit_start", START, START + 7 * DAY),
        ("visit_end", END, END + 7 * DAY),
    ]
    assert sorted(map(str, case.told("dates_moved", since=known))) == ["4", "5", "6", "7"]


@pytest.mark.parametrize(
    ("known", "days", "moved"),
    [(3, -2, -2), (3, -1, 0), (3, 1, 1), (4, -1, -1), (4, 1, 0)],
    ids=["3 to 5", "3 to 4", "3 to 2", "4 to 5", "4 to 3"],
)
def test_a_date_that_is_tied_stays_as_long_as_three_or_four_days_are_left(
    known: int, days: int, moved: int
) -> None:
    end = START + (known - 1) * DAY
    case = staffed().plan("visit_start", START).plan("visit_end", end)
    case.plan("visit_start", START + days * DAY)
    assert case.challenge.dates["visit_end"].on == end + moved * DAY


@pytest.mark.parametrize(("days", "moved"), [(1, 0), (2, 0), (3, 3)], ids=["before", "on", "after"])
def test_a_date_that_is_tied_without_a_span_stays_up_to_the_day_itself(
    days: int, moved: int
) -> None:
    case = dated(SPANLESS).plan("visit_start", START + days * DAY)
    assert case.challenge.dates["visit_end"].on == END + moved * DAY


def test_what_moves_with_a_date_that_is_tied_moves_on_with_it() -> None:
    case = dated(CHAIN).plan("debrief", END + 2 * DAY)
    known = len(case.events)
    case.plan("visit_start", START + 7 * DAY)
    moved = of_kind(case.events[known:], DateSet)
    assert [(one.key, one.old, one.on) for one in moved] == [
        ("visit_start", START, START + 7 * DAY),
        ("visit_end", END, END + 7 * DAY),
        ("debrief", END + 2 * DAY, END + 9 * DAY),
    ]
    assert case.warnings == ()


def test_what_still_fits_a_date_that_moved_on_stays() -> None:
    case = dated(CHAIN).plan("debrief", END + 9 * DAY).plan("visit_start", START + 7 * DAY)
    assert case.challenge.dates["visit_end"].on == END + 7 * DAY
    assert case.challenge.dates["debrief"].on == END + 9 * DAY


def test_what_a_date_that_moved_on_leaves_too_early_is_said() -> None:
    case = dated(CHAIN).plan("debrief", END).plan("follow_up", END + DAY)
    case.plan("visit_start", START + 7 * DAY)
    assert case.warnings == (
        "Follow-up is still Friday 27 November 2026, which is now too early: set it next",
    )


def test_what_moves_to_a_day_that_is_too_early_is_said() -> None:
    briefed = ("not_before: visit_start", "not_before: briefed")
    case = dated(BRIEFED, briefed).plan("briefed", START).plan("visit_start", START - 7 * DAY)
    assert case.challenge.dates["visit_end"].on == END - 7 * DAY
    assert case.warnings == (
        "Last day of the visit moves to Thursday 19 November 2026, which is now too early: "
        "set it next",
    )


def test_a_date_that_moves_on_does_not_leave_the_span_that_its_rule_insists_on() -> None:
    case = dated(BRIEFED).plan("briefed", END).plan("debrief", END + 2 * DAY)
    refused = refusal(case, c.SetDate(key="visit_start", on=START + 7 * DAY))
    text = "Debrief: 10 days in all, where 1..5 days of briefed is the rule"
    assert (refused.kind, refused.message) == ("span", text)
    assert refused.hint == "set briefed first, or give another day"
    case.plan("briefed", END + 7 * DAY).plan("visit_start", START + 7 * DAY)
    assert case.challenge.dates["debrief"].on == END + 9 * DAY


def test_a_date_that_moves_on_leaves_a_span_that_is_a_wish_with_a_warning() -> None:
    wish = ("1..5 days of briefed", "1..5 days of briefed, otherwise: warn")
    case = dated(BRIEFED, wish).plan("briefed", END).plan("debrief", END + 2 * DAY)
    case.plan("visit_start", START + 7 * DAY)
    assert case.warnings == ("Debrief: 10 days in all, where 1..5 days of briefed is the rule",)


def test_a_date_that_moved_on_does_not_pass_one_that_happened() -> None:
    case = dated(CHAIN).plan("debrief", END).until(END).plan("follow_up", END)
    refused = refusal(case, c.SetDate(key="visit_start", on=START + 7 * DAY))
    assert (refused.kind, refused.hint) == ("order", "set follow_up first, or give another day")
    assert refused.message == (
        "Follow-up (Thursday 26 November 2026) would come before debrief (Thursday 3 December 2026)"
    )


def test_a_date_that_happened_is_not_moved_by_another() -> None:
    case = dated().until(END).plan("visit_end", END)
    case.plan("visit_start", START - DAY)
    assert case.challenge.dates["visit_end"].on == END


def test_what_a_step_records_cannot_be_recorded_before_it() -> None:
    case = dated()
    early = refusal(case, c.SetDate(key="signed_off", on=case.today))
    assert (
        early.message == 'Report signed off: "sign off" records it, and that has not happened yet'
    )
    assert early.hint == (
        f"peer-challenge advance {case.challenge.reference} sign_off; its day can be corrected "
        "afterwards"
    )
    assert case.challenge.dates.keys() == {"visit_start", "visit_end"}


def test_what_a_task_records_cannot_be_recorded_before_it() -> None:
    case = dated(("set_by: sign_off", "set_by: comments_in"))
    early = refusal(case, c.SetDate(key="signed_off", on=case.today))
    assert early.hint.startswith(f"peer-challenge done {case.challenge.reference} comments_in;")


def test_the_day_that_a_step_recorded_can_be_corrected() -> None:
    case = clearing()
    before = case.challenge.dates["signed_off"].on - DAY
    case.do(c.SetDate(key="signed_off", on=before, reason="it came by post"))
    assert case.challenge.dates["signed_off"].on == before
