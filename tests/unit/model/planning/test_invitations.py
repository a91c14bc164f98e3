"""What should stand in calendars, and what must be said when that changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.builders import Case, confirmed, rulebook
from tests.invited import INVITED
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
    dated,
    drafting,
    prepared,
    staffed,
    visiting,
)
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.planning.invitations import (
    Agenda,
    Entry,
    Kind,
    Letter,
    Told,
    agenda,
    counts,
    letters,
    wanted,
)
from workflow.model.task import TaskStatus

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
AT = datetime(2026, 10, 1, 9, tzinfo=UTC)
VISIT = Entry(key="visit", person=VISITOR, title="On site", first_on=START, last_on=END)
EVENING = Entry(
    key="evening",
    person=VISITOR,
    title="Evening",
    starts_at=datetime(2026, 11, 23, 19, tzinfo=UTC),
    ends_at=datetime(2026, 11, 23, 22, tzinfo=UTC),
)


def entries(case: Case, name: str) -> dict[int, Entry]:
    """Return the entries of one invitation, by person."""
    found = wanted(case.rules, case.challenge)
    return {entry.person: entry for entry in found if entry.key.partition(":")[0] == name}


def keys(case: Case) -> set[str]:
    """Return what stands in anybody's calendar."""
    return {entry.key for entry in wanted(case.rules, case.challenge)}


def said(
    *entries: Entry, told: tuple[Told, ...] = (), done: tuple[str, ...] = (), at: datetime = AT
) -> list[tuple[Kind, str, int]]:
    """Return what must be said: of each letter kind, key and sequence."""
    meant = Agenda(today=at.date(), entries=entries, done=frozenset(done))
    return [(one.kind, one.entry.key, one.sequence) for one in letters(meant, told, at=at)]


def test_the_days_of_a_visit_stand_in_each_calendar_once_its_stage_is_reached() -> None:
    assert entries(prepared(INVITED), "visit") == {}
    found = entries(visiting(INVITED), "visit")
    assert sorted(found) == [MANAGER, LEAD, VISITOR, SECOND, HOST]
    assert found[HOST] == Entry(
        key="visit", person=HOST, title="On site: Northshire system", first_on=START, last_on=END
    )


def test_an_evening_begins_at_its_local_time_and_lasts_its_hours() -> None:
    found = entries(dated(INVITED), "evening")
    assert sorted(found) == [MANAGER, LEAD, VISITOR, SECOND]
    assert found[LEAD].starts_at == datetime(2026, 11, 23, 19, tzinfo=UTC)
    assert found[LEAD].ends_at == datetime(2026, 11, 23, 22, tzinfo=UTC)
    assert (found[LEAD].first_on, found[LEAD].last_on) == (None, None)


@pytest.mark.parametrize(
    ("start", "in_utc"),
    [
        (date(2026, 10, 25), "2026-10-24 18:00"),  # the evening before the clocks go back
        (date(2026, 10, 26), "2026-10-25 19:00"),  # the day itself
        (date(2026, 10, 27), "2026-10-26 19:00"),
        (date(2027, 3, 28), "2027-03-27 19:00"),  # the evening before they go forward
        (date(2027, 3, 29), "2027-03-28 18:00"),  # the day itself
        (date(2027, 3, 30), "2027-03-29 18:00"),
    ],
)
def test_an_evening_is_at_seven_in_london_on_both_sides_of_a_clock_change(
    start: date, in_utc: str
) -> None:
    case = confirmed(start, start + 3 * DAY, begun=start - timedelta(days=90))
    (evening,) = {one.starts_at for one in entries(case, "evening").values() if one.starts_at}
    assert f"{evening:%Y-%m-%d %H:%M}" == in_utc
    assert evening.astimezone(LONDON).time() == time(19)
    assert evening.astimezone(LONDON).date() == start - DAY


def test_a_task_stands_on_its_target_while_it_is_open() -> None:
    case = dated(INVITED).done("scope_agreed")
    assert entries(case, "call") == {}
    case.done("brief_visitor")
    found = [one for one in wanted(case.rules, case.challenge) if one.key == f"call:due:{VISITOR}"]
    assert [(one.person, one.title, one.task) for one in found] == [
        (VISITOR, f"Call of {{p{VISITOR}}}", f"call_visitor:{VISITOR}"),
        (MANAGER, f"Due: Call of {{p{VISITOR}}}", f"call_visitor:{VISITOR}"),
    ]
    assert {(one.first_on, one.last_on) for one in found} == {(START - 7 * DAY, START - 7 * DAY)}
    case.done_for(VISITOR, "call_visitor")
    assert f"call:due:{VISITOR}" not in keys(case)


def test_a_task_without_a_target_stands_on_its_limit_and_names_its_day() -> None:
    case = visiting(INVITED).until(START, time(9))
    assert entries(case, "day")[LEAD].title == "Due: Catch-up on Tuesday 24 November 2026"
    assert entries(case, "day")[LEAD].first_on == START
    assert keys(case) >= {f"day:due:{START}"}


def test_whoever_need_not_do_a_task_is_not_told_that_it_is_due() -> None:
    case = drafting(INVITED).until(date(2026, 12, 18)).done("draft_checked", by=LEAD)
    titles = {person: one.title for person, one in entries(case, "draft").items()}
    assert titles == {
        MANAGER: "Due: Send the draft report to the host",
        DIRECTOR: "Send the draft report to the host",
    }


def test_a_time_that_is_agreed_takes_the_place_of_the_day() -> None:
    case = dated(INVITED).done("scope_agreed", "brief_visitor")
    at = datetime(2026, 11, 10, 14, 30, tzinfo=UTC)
    case.do(c.AgreeTime(spec="call_visitor", person=VISITOR, moment=at))
    found = [one for one in wanted(case.rules, case.challenge) if one.key == f"call:due:{VISITOR}"]
    assert {(one.starts_at, one.ends_at) for one in found} == {(at, at + timedelta(hours=2))}
    assert {one.title for one in found} == {f"Call of {{p{VISITOR}}}"}
    case.do(c.AgreeTime(spec="call_visitor", person=VISITOR, moment=None))
    assert entries(case, "call")[VISITOR].first_on == START - 7 * DAY


def test_nothing_stands_there_while_a_date_is_not_known() -> None:
    case = staffed(INVITED)
    assert keys(case) == set()
    case.plan("visit_start", START)
    assert keys(case) == {"evening"}


def test_a_task_that_is_open_without_a_day_stands_nowhere_yet() -> None:
    asked = (
        INVITED[0],
        INVITED[1].replace("  day:", "  scope: {task: scope_agreed, to: by}\n  day:"),
    )
    assert staffed(asked).task("scope_agreed").status is TaskStatus.OPEN
    assert "scope:due" not in keys(staffed(asked))
    assert "scope:due" in keys(dated(asked))


def test_nothing_stands_there_while_a_challenge_is_paused() -> None:
    case = visiting(INVITED)
    before = wanted(case.rules, case.challenge)
    case.advance("hold_off", reason="ill")
    assert wanted(case.rules, case.challenge) == ()
    case.advance("resume")
    assert wanted(case.rules, case.challenge) == before


def test_nothing_stands_there_once_a_challenge_is_over() -> None:
    case = visiting(INVITED).advance("withdraw", reason="no money")
    assert wanted(case.rules, case.challenge) == ()


def test_a_stage_that_ends_what_is_unfinished_ends_entries_but_not_those_of_tasks_it_keeps() -> (
    None
):
    case = confirmed(date(2027, 3, 16), date(2027, 3, 19), begun=date(2026, 12, 1))
    assert {"visit", "evening", "feedback"} <= keys(case)
    case.advance("withdraw", reason="no money")
    assert case.challenge.stage == "withdrawn"
    assert keys(case) == set()


def test_who_joins_and_who_leaves_is_seen_at_once() -> None:
    case = visiting(INVITED).release(SECOND).assign("visitor", LATECOMER)
    assert sorted(entries(case, "visit")) == [MANAGER, LEAD, VISITOR, HOST, LATECOMER]


def test_a_task_that_a_hold_stops_stands_in_no_calendar() -> None:
    case = dated(INVITED).done("scope_agreed", "brief_visitor")
    case.do(c.PlaceHold(name="strike", tasks=("call_visitor",), reason="asked"))
    assert entries(case, "call") == {}


def test_days_in_the_wrong_order_stand_in_no_calendar() -> None:
    case = visiting(INVITED)
    dates = {**case.challenge.dates}
    dates["visit_end"] = replace(dates["visit_end"], on=START - DAY)
    changed = replace(case.challenge, dates=dates)
    assert "visit" not in {one.key for one in wanted(case.rules, changed)}


def test_somebody_with_two_roles_has_one_entry() -> None:
    case = dated(INVITED).assign("visitor", MANAGER)
    people = [one.person for one in wanted(case.rules, case.challenge) if one.key == "evening"]
    assert len(people) == len(set(people)) == 4


def test_an_agenda_is_made_only_when_something_may_have_changed() -> None:
    case = dated(INVITED)

    def made(*events: e.Event) -> Agenda | None:
        return agenda(case.rules, case.challenge, events, at=case.at)

    assert made() is None
    assert made(e.NoticeRaised(at=AT, notice="to_do", recipient=3, occurrence="1")) is None
    assert made(e.CommandRefused(at=AT, command="Advance", message="no")) is None
    assert made(e.TaskDone(at=AT, task="scope_agreed", on=AT.date())) is None
    assert made(e.TaskOpened(at=AT, task=f"call_visitor:{VISITOR}")) is not None
    assert made(e.TimeAgreed(at=AT, task=f"call_visitor:{VISITOR}", moment=AT)) is not None
    assert made(e.DateSet(at=AT, key="visit_start", on=START)) is not None
    assert made(e.PersonReleased(at=AT, person=5, role="visitor", on=START, reason="")) is not None
    assert made(e.HoldPlaced(at=AT, name="strike", tasks=(), reason="")) is not None
    assert made(e.CalendarChanged(at=AT, calendar="scotland", version=2, reason="new")) is not None


def test_without_invitations_an_agenda_is_made_only_when_there_may_have_been_some() -> None:
    case = dated()
    assert agenda(case.rules, case.challenge, case.events, at=case.at) is None
    moved = e.MigrationUndone(at=AT, definition="site_visit", version="1.0", old_version="2.0")
    assert agenda(case.rules, case.challenge, [moved], at=case.at) == Agenda(today=case.today)


def test_an_agenda_names_what_is_done() -> None:
    case = dated(INVITED).done("scope_agreed", "brief_visitor").done_for(VISITOR, "call_visitor")
    found = agenda(case.rules, case.challenge, case.events[-1:], at=case.at)
    assert found is not None
    assert found.done == {f"call:due:{VISITOR}"}


def test_what_is_new_is_said_from_sequence_0() -> None:
    assert said(VISIT, EVENING) == [(Kind.NEW, "visit", 0), (Kind.NEW, "evening", 0)]


def test_what_is_as_it_was_is_not_said_again() -> None:
    assert said(VISIT, told=(Told(entry=VISIT, sequence=4),)) == []


@pytest.mark.parametrize(
    "other",
    [
        replace(VISIT, last_on=END + DAY),
        replace(VISIT, first_on=START + DAY, last_on=END + DAY),
        replace(VISIT, title="At Northshire"),
        replace(EVENING, key="visit"),
    ],
)
def test_what_has_changed_is_said_with_the_next_sequence(other: Entry) -> None:
    assert said(other, told=(Told(entry=VISIT, sequence=1),)) == [(Kind.MOVED, "visit", 2)]


def test_what_falls_away_is_withdrawn() -> None:
    assert said(told=(Told(entry=VISIT),)) == [(Kind.WITHDRAWN, "visit", 1)]
    assert said(told=(Told(entry=VISIT, sequence=1, is_cancelled=True),)) == []


def test_what_comes_back_goes_on_counting() -> None:
    told = Told(entry=VISIT, sequence=3, is_cancelled=True)
    assert said(VISIT, told=(told,)) == [(Kind.NEW, "visit", 4)]


def test_what_is_done_is_not_withdrawn_but_called_done() -> None:
    due = Told(entry=replace(VISIT, title="Due: Call"), sequence=2)
    meant = Agenda(today=AT.date(), done=frozenset({"visit"}))
    (found,) = letters(meant, [due], at=AT)
    assert (found.kind, found.entry.title, found.sequence) == (Kind.DONE, "Done: Call", 3)
    done = Told(entry=found.entry, sequence=3)
    assert done.is_done
    assert letters(meant, [done], at=AT) == ()


def test_what_was_done_and_is_not_any_more_is_said_again_or_withdrawn() -> None:
    done = Told(entry=replace(VISIT, title="Done: Call"), sequence=3)
    assert said(VISIT, told=(done,)) == [(Kind.NEW, "visit", 4)]
    (found,) = letters(Agenda(today=AT.date()), [done], at=AT)
    assert (found.kind, found.entry.title, found.sequence) == (Kind.WITHDRAWN, "Call", 4)


@pytest.mark.parametrize(
    ("at", "is_over"),
    [
        (datetime(2026, 11, 26, 23, 59, tzinfo=UTC), False),  # the last day itself
        (datetime(2026, 11, 27, 0, 0, tzinfo=UTC), True),
    ],
)
def test_what_is_past_is_neither_said_nor_withdrawn(at: datetime, is_over: bool) -> None:  # noqa: FBT001
    assert said(VISIT, at=at) == ([] if is_over else [(Kind.NEW, "visit", 0)])
    assert said(told=(Told(entry=VISIT),), at=at) == (
        [] if is_over else [(Kind.WITHDRAWN, "visit", 1)]
    )


def test_an_hour_is_past_when_it_ends() -> None:
    assert EVENING.ends_at is not None
    assert said(EVENING, at=EVENING.ends_at - timedelta(seconds=1)) != []
    assert said(EVENING, at=EVENING.ends_at) == []


def test_what_moves_within_the_past_is_not_said_but_what_leaves_it_or_enters_it_is() -> None:
    past = replace(VISIT, first_on=date(2026, 9, 1), last_on=date(2026, 9, 3))
    earlier = replace(past, first_on=date(2026, 8, 31))
    assert said(earlier, told=(Told(entry=past),)) == []
    assert said(VISIT, told=(Told(entry=past),)) == [(Kind.MOVED, "visit", 1)]
    assert said(past, told=(Told(entry=VISIT),)) == [(Kind.MOVED, "visit", 1)]


def test_letters_are_counted_by_kind() -> None:
    found = [Letter(entry=VISIT, kind=kind) for kind in (Kind.MOVED, Kind.NEW, Kind.MOVED)]
    assert counts(found) == {Kind.NEW: 1, Kind.MOVED: 2, Kind.WITHDRAWN: 0}


@pytest.mark.parametrize("name", ["local_system_peer_challenge", "corporate_peer_challenge"])
def test_each_shipped_definition_invites_to_the_visit_and_never_to_destruction(name: str) -> None:
    invitations = rulebook(name).definition.invitations
    assert {"visit", "feedback", "draft", "comments"} <= invitations.keys()
    tasks = {one.task for one in invitations.values() if one.task}
    assert not [task for task in tasks if task.startswith("destroy")]
