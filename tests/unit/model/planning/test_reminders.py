"""Who is told what and when: ladders, their edges, their audiences, and occasions."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.builders import Case
from tests.visits import (
    DIRECTOR,
    END,
    HOST,
    LATECOMER,
    LEAD,
    MANAGER,
    SECOND,
    START,
    VISITOR,
    agreeing,
    clearing,
    dated,
    drafting,
    of_kind,
    staffed,
    visiting,
    writing,
)
from workflow.model.events import NoticeRaised
from workflow.model.planning.reminders import (
    REMEMBERED,
    Firing,
    assignees,
    firings,
    is_still_said,
    may_speak,
    next_firing,
    recipients,
)
from workflow.model.planning.rulebook import Rulebook

DAY = timedelta(days=1)
NINE = time(9)
CHRISTMAS_EVE = date(2026, 12, 24)  # the limit of the report: four weeks after the visit


def local(day: date, at: time = NINE) -> datetime:
    return datetime.combine(day, at, UTC)  # London is on UTC in these weeks


def raised(case: Case, since: int) -> list[tuple[datetime, str, int | None]]:
    """Return what was said since an event: when, what, to whom."""
    found = of_kind(case.events[since:], NoticeRaised)
    return [(one.at, one.notice, one.recipient) for one in found]


def test_a_ladder_speaks_at_its_moments_and_no_others() -> None:
    case = writing()
    ladder = [
        (one.id, one.fires_at)
        for one in firings(case.rules, case.challenge, case.task("report_sent"))
    ]
    assert ladder == [
        ("countdown.0", local(date(2026, 12, 17))),  # seven days before the target
        ("countdown.1", local(CHRISTMAS_EVE, time(8))),
        ("countdown.2.1", local(date(2026, 12, 30))),  # two working days after, over Christmas
        ("countdown.2.2", local(date(2027, 1, 4))),  # and over New Year
        ("countdown.2.3", local(date(2027, 1, 6))),
        ("countdown.2.4", local(date(2027, 1, 8))),
        ("countdown.2.5", local(date(2027, 1, 12))),
    ]


@pytest.mark.parametrize(
    ("at", "count"), [(time(8, 59, 59), 0), (NINE, 1), (time(9, 0, 1), 1), (time(23), 1)]
)
def test_a_rung_speaks_from_its_moment_on(at: time, count: int) -> None:
    case = writing()
    case.at = local(date(2026, 12, 17), at)
    assert len(case.sweep().told("report_due_soon")) == count
    assert len(case.sweep().told("report_due_soon")) == count


def test_each_rung_is_said_to_its_audience_and_marked() -> None:
    case = writing()
    known = len(case.events)
    case.until(date(2027, 1, 3))
    days = [(at.date(), notice, to) for at, notice, to in raised(case, known)]
    assert days == [
        (date(2026, 12, 17), "report_due_soon", MANAGER),
        (CHRISTMAS_EVE, "report_due_today", MANAGER),
        (CHRISTMAS_EVE, "report_due_today", DIRECTOR),
        (date(2026, 12, 30), "overdue", MANAGER),
        (date(2026, 12, 30), "overdue", DIRECTOR),
    ]
    assert set(case.task("report_sent").said) == {"countdown.0", "countdown.1", "countdown.2.1"}
    urgent = {n.notice for n in of_kind(case.events, NoticeRaised) if n.is_urgent}
    assert urgent == {"report_due_today"}


def test_a_rung_is_silent_once_it_is_done() -> None:
    case = writing().done("report_sent", by=MANAGER)
    known = len(case.events)
    case.until(date(2027, 1, 20))
    assert not {"report_due_soon", "report_due_today"} & {n for _, n, _ in raised(case, known)}


@pytest.mark.parametrize(("days", "is_said_again"), [(7, True), (-1, False), (0, False)])
def test_a_rung_speaks_again_when_its_deadline_moves_later_and_not_when_earlier(
    days: int,
    is_said_again: bool,  # noqa: FBT001 (a table)
) -> None:
    case = dated().done("scope_agreed", "brief_visitor").until(START - 3 * DAY)
    known = len(case.events)
    case.plan("visit_start", START + days * DAY).plan("visit_end", END + days * DAY)
    case.until(START + days * DAY - 3 * DAY)
    tasks = [n.tasks for n in of_kind(case.events[known:], NoticeRaised) if n.notice == "to_do"]
    assert (("call_visitor:4", "call_visitor:5", "call_visitor:6") in tasks) is is_said_again


def test_one_message_lists_all_tasks_of_the_same_moment_for_one_person() -> None:
    case = dated().done("scope_agreed").done("brief_visitor")
    (notice,) = [n for n in of_kind(case.events, NoticeRaised) if n.notice == "to_do"]
    assert notice.recipient == MANAGER
    assert notice.tasks == ("call_visitor:4", "call_visitor:5", "call_visitor:6")
    assert [mark.task for mark in notice.marks] == list(notice.tasks)


def test_each_person_is_told_of_ones_own() -> None:
    case = clearing()
    known = [n for n in of_kind(case.events, NoticeRaised) if n.notice == "to_do"][-3:]
    assert [(n.recipient, n.tasks) for n in known] == [
        (LEAD, ("destroy_notes:4",)),
        (VISITOR, ("destroy_notes:5",)),
        (SECOND, ("destroy_notes:6",)),
    ]


def test_a_task_without_a_target_counts_from_its_limit() -> None:
    case = agreeing()
    task = case.task("comments_in")
    edit = ("  chase:\n", "  chase:\n    - {when: 2 days before target, to: by, notice: to_do}\n")
    other = agreeing(edit)
    assert task.target_on is None
    first = [
        one
        for one in firings(other.rules, other.challenge, other.task("comments_in"))
        if one.id == "chase.0"
    ]
    assert task.limit_on is not None
    assert [one.fires_at.date() for one in first] == [task.limit_on - 2 * DAY]


def test_hours_after_the_opening_are_elapsed_time() -> None:
    edit = ("  chase:\n", "  chase:\n    - {when: 5 hours after opening, to: by, notice: to_do}\n")
    case = agreeing(edit)
    found = [
        one
        for one in firings(case.rules, case.challenge, case.task("comments_in"))
        if one.id == "chase.0"
    ]
    assert [one.fires_at for one in found] == [case.at + timedelta(hours=5)]


def test_a_rung_before_the_stage_is_reached_is_silent_and_late_is_still_late() -> None:
    case = dated()
    assert not may_speak(case.rules, case.challenge, case.task("report_sent"))
    case.until(date(2027, 2, 1))
    assert "report_due_today" not in {n.notice for n in of_kind(case.events, NoticeRaised)}
    assert case.task("report_sent").is_missed


def test_a_pause_is_silent() -> None:
    case = agreeing().advance("hold_off", reason="an election")
    known = len(case.events)
    case.until(date(2027, 3, 1))
    assert raised(case, known) == []
    assert next_firing(case.rules, case.challenge, case.task("comments_in"), after=case.at) is None


def test_a_reminder_that_was_raised_outlasts_a_pause_but_not_the_end() -> None:
    case = writing()
    first = firings(case.rules, case.challenge, case.task("report_sent"))[0]
    assert is_said(case, first)
    case.advance("hold_off", reason="strike")
    assert is_said(case, first)
    case.advance("withdraw", reason="other plans")
    assert not is_said(case, first)


def is_said(case: Case, firing: Firing) -> bool:
    """Return whether a reminder of the report to the manager would be said at its moment."""
    return is_still_said(
        case.rules,
        case.challenge,
        case.task("report_sent"),
        to=MANAGER,
        rung=firing.id,
        at=firing.fires_at,
    )


def test_a_reminder_that_hangs_on_another_date_is_said_from_its_own_moment_on() -> None:
    rung = "    - {when: 22 days after visit_end, to: by, notice: to_do}\n"
    case = drafting(("  countdown:\n", f"  countdown:\n{rung}"))
    case.until(date(2026, 12, 17), time(8)).done("draft_checked", by=LEAD)
    found = firings(case.rules, case.challenge, case.task("report_sent"))
    (firing,) = (one for one in found if one.id == "countdown.0")
    assert firing.fires_at == local(END + 22 * DAY)
    assert is_said(case, firing)
    assert not is_said(case, firing._replace(fires_at=firing.fires_at - DAY))


def test_of_what_is_remembered_too_much_is_forgotten_and_reckoned_anew() -> None:
    case = writing()
    rules, task = Rulebook(case.rules.definition), case.task("report_sent")
    expected = firings(rules, case.challenge, task)
    rules.firings.update({(str(number),): () for number in range(REMEMBERED)})
    rules.firings.pop(next(iter(rules.firings)))  # its own
    assert firings(rules, case.challenge, task) == expected
    assert len(rules.firings) == 1


def test_the_next_firing_is_later_than_the_moment() -> None:
    case = writing()
    task = case.task("report_sent")
    for moment, expected in [
        (local(date(2026, 12, 17), time(8, 59, 59)), local(date(2026, 12, 17))),
        (local(date(2026, 12, 17)), local(CHRISTMAS_EVE, time(8))),
        (local(date(2027, 1, 12)), None),
    ]:
        assert next_firing(case.rules, case.challenge, task, after=moment) == expected


def test_a_reminder_keeps_its_local_hour_when_the_clocks_change() -> None:
    case = staffed().plan("visit_start", date(2027, 3, 2)).plan("visit_end", date(2027, 3, 4))
    (today,) = [
        one.fires_at
        for one in firings(case.rules, case.challenge, case.task("report_sent"))
        if one.id == "countdown.1"
    ]  # four weeks on, at eight in the morning of summer time
    assert today == datetime(2027, 4, 1, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("gone", "audience", "expected"),
    [
        ((), ("host",), (HOST,)),
        ((), ("visitors",), (LEAD, VISITOR, SECOND)),
        ((), ("visitors", "lead_visitor"), (LEAD, VISITOR, SECOND)),
        ((HOST,), ("host",), (DIRECTOR, MANAGER)),
        ((HOST,), ("host", "manager"), (MANAGER,)),
        ((HOST, DIRECTOR, MANAGER), ("host",), (None,)),
    ],
)
def test_if_nobody_is_there_the_programme_is_told_and_else_it_shows(
    gone: tuple[int, ...], audience: tuple[str, ...], expected: tuple[int | None, ...]
) -> None:
    case = staffed(without=gone)
    assert recipients(case.rules, case.challenge, audience) == expected


def test_who_does_a_task_is_who_is_named_by_it() -> None:
    case = clearing()
    asked = {
        "draft_checked": (MANAGER, LEAD),
        "destroy_notes:5": (VISITOR,),
        "comments_in": (HOST,),
    }
    for key, expected in asked.items():
        assert assignees(case.rules, case.challenge, case.challenge.tasks[key]) == expected


def test_a_notice_that_nobody_gets_is_raised_all_the_same() -> None:
    case = agreeing()
    for person in (HOST, MANAGER, DIRECTOR):
        case.release(person)
    known = len(case.events)
    case.until(date(2027, 1, 12))
    assert {to for _, _, to in raised(case, known)} == {None}


def test_who_joins_is_welcomed_and_others_are_not() -> None:
    case = dated()
    known = len(case.events)
    case.assign("visitor", LATECOMER)
    (notice,) = of_kind(case.events[known:], NoticeRaised)
    assert (notice.notice, notice.recipient, notice.about) == ("welcome", LATECOMER, LATECOMER)
    known = len(case.events)
    case.release(HOST).assign("host", 20)
    assert raised(case, known) == []


@pytest.mark.parametrize(
    ("key", "on", "count"),
    [("visit_start", START, 0), ("visit_end", END + DAY, 4), ("visit_start", START + DAY, 4)],
)
def test_of_dates_that_move_each_is_told_once(key: str, on: date, count: int) -> None:
    case = dated()
    known = len(case.events)
    case.plan(key, on)
    assert len(case.told("dates_moved", since=known)) == count


def test_a_date_that_becomes_known_does_not_move() -> None:
    assert staffed().plan("visit_start", START).told("dates_moved") == []


def test_who_left_is_told_too_when_the_notice_is_about_them() -> None:
    edit = ("    when: joining of visitors", "    when: [joining of visitors, leaving of visitors]")
    case = dated(edit)
    known = len(case.events)
    case.release(VISITOR)
    assert case.told("welcome", since=known) == [VISITOR]


def test_an_entry_is_told_to_those_whom_it_concerns() -> None:
    case = visiting().advance("withdraw", reason="asked to")
    assert case.told("visit_withdrawn") == [LEAD, VISITOR, SECOND, DIRECTOR]
