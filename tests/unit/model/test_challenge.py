"""A challenge is the fold of its events: what each of them changes, and that none is forgotten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from workflow.model import events as e
from workflow.model.challenge import Challenge, Fact, Spell, evolve, replay
from workflow.model.language.phrases import Unit
from workflow.model.records import state
from workflow.model.records.state import Hold
from workflow.model.task import NO_REPLY, Task, TaskStatus
from workflow.store.rows.codec import KINDS

AT = datetime(2026, 10, 1, 9, tzinfo=UTC)
LATER = AT + timedelta(days=1)
ON, NEXT = date(2026, 11, 23), date(2026, 11, 24)
LIMIT_AT = datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)

STARTED = e.ChallengeStarted(
    at=AT,
    actor=1,
    reference="NOR-26",
    title="Northshire",
    client="The system",
    definition="site_visit",
    version="1.0",
    content_hash="abc",
    stage="planning",
)
JOINED = e.PersonAssigned(at=AT, person=4, role="visitor", on=ON, capabilities=("trained",))
ISSUED = e.TaskIssued(at=AT, task="call:4", spec="call", person=4, limit_on=ON, limit_at=LIMIT_AT)
OPENED = e.TaskOpened(at=AT, task="call:4")
DONE = e.TaskDone(
    at=LATER, actor=3, task="call:4", on=ON, by=4, evidence="rang", attested=("notes",)
)
ENTERED = e.StageEntered(at=LATER, stage="visiting", left="planning", trigger="confirm")
PAUSED = e.StageEntered(at=LATER, stage="on_hold", left="visiting", trigger="hold_off")
SET = e.DateSet(at=AT, actor=3, key="start", on=ON, is_actual=True, moment=LIMIT_AT)
HELD = e.HoldPlaced(at=AT, name="FOI", tasks=("destroy",), reason="asked")
MARK = e.Mark(task="call:4", rung="chase.0", fires_at=AT)
TOLD = e.NoticeRaised(at=AT, notice="to_do", recipient=4, occurrence="1", marks=(MARK,))
MOVED = e.DeadlineMoved(
    at=LATER,
    task="call:4",
    opens_at=None,
    target_on=ON,
    limit_on=NEXT,
    limit_at=LIMIT_AT + timedelta(days=1),
    old_target_on=None,
    old_limit_on=ON,
)
MIGRATED = e.DefinitionMigrated(
    at=LATER,
    actor=1,
    definition="visit",
    version="2.0",
    content_hash="def",
    stage="preparing",
    old_version="1.0",
    renamed={"planning": "preparing", "call": "ring", "start": "first_day", "destroy": "burn"},
    roles={"visitor": "guest"},
    rungs={"call": {"chase.0": "chase.1"}},
)
UNDONE = e.MigrationUndone(
    at=LATER, actor=1, definition="site_visit", version="1.0", old_version="2.0", said=(MARK,)
)
PASSED = e.RungsPassed(at=LATER, marks=(MARK,))
MISSED = e.DeadlineMissed(at=LATER, task="call:4", limit_on=ON)
STOPPED = e.ClockPaused(at=AT, name="waiting", on=ON, since=AT, reason="no answer")
MORE = e.DeadlineExtended(
    at=LATER, task="call:4", extension="more", count=2, unit=Unit.WEEKS, on=ON
)
BEFORE = (STARTED, JOINED, ISSUED, OPENED)


def task(*events: e.Event) -> Task:
    """Return the task as it is after some more events."""
    return replay((*BEFORE, *events)).tasks["call:4"]


CHANGES: list[tuple[tuple[e.Event, ...], Callable[[Challenge], object], object]] = [
    ((STARTED,), lambda c: (c.reference, c.stage, c.started_at), ("NOR-26", "planning", AT)),
    ((STARTED,), lambda c: c.entered, {"planning": AT}),
    ((STARTED, ENTERED), lambda c: (c.stage, c.left), ("visiting", "planning")),
    ((STARTED, ENTERED), lambda c: c.entered, {"planning": AT, "visiting": LATER}),
    ((STARTED, JOINED), lambda c: c.holders(["visitor", "host"]), (4,)),
    ((STARTED, JOINED), lambda c: c.team[0].capabilities, ("trained",)),
    (
        (STARTED, JOINED, e.PersonReleased(at=LATER, person=4, role="visitor", on=NEXT, reason="")),
        lambda c: (c.holders(["visitor"]), c.team[0].until, c.team[0].left_at),
        ((), NEXT, LATER),
    ),
    (
        (STARTED, SET),
        lambda c: c.dates,
        {"start": Fact(on=ON, recorded_at=AT, recorded_by=3, moment=LIMIT_AT, is_actual=True)},
    ),
    ((STARTED, SET, e.DateCleared(at=LATER, key="start", old=ON)), lambda c: c.dates, {}),
    ((STARTED, HELD), lambda c: c.holds, {"FOI": Hold(tasks=("destroy",), since=AT)}),
    ((STARTED, HELD, e.HoldLifted(at=LATER, name="FOI", reason="over")), lambda c: c.holds, {}),
    ((*BEFORE[:3],), lambda c: c.tasks["call:4"].status, TaskStatus.PENDING),
    ((*BEFORE[:3],), lambda c: c.tasks["call:4"].first_limit_on, ON),
    (BEFORE, lambda c: (c.tasks["call:4"].status, c.tasks["call:4"].opened_at), ("open", AT)),
    (
        (*BEFORE, e.TaskSuspended(at=LATER, task="call:4")),
        lambda c: (c.tasks["call:4"].status, c.tasks["call:4"].opened_at),
        ("pending", None),
    ),
    ((*BEFORE, MISSED), lambda c: c.tasks["call:4"].is_missed, True),
    ((*BEFORE, MOVED), lambda c: c.tasks["call:4"].limit_on, NEXT),
    ((*BEFORE, MOVED), lambda c: c.tasks["call:4"].first_limit_on, ON),
    ((*BEFORE, DONE), lambda c: c.tasks["call:4"].status, TaskStatus.DONE),
    ((*BEFORE, DONE), lambda c: (c.tasks["call:4"].done_by, c.tasks["call:4"].recorded_by), (4, 3)),
    (
        (*BEFORE, e.TaskLapsed(at=LATER, task="call:4")),
        lambda c: (c.tasks["call:4"].status, c.tasks["call:4"].reason),
        ("waived", NO_REPLY),
    ),
    (
        (*BEFORE, e.TaskWaived(at=LATER, actor=2, task="call:4", reason="ill", is_overridden=True)),
        lambda c: (c.tasks["call:4"].status, c.tasks["call:4"].is_overridden),
        ("waived", True),
    ),
    (
        (*BEFORE, e.TaskCancelled(at=LATER, task="call:4", reason="left")),
        lambda c: (c.tasks["call:4"].status, c.occurrences("call")),
        ("cancelled", ()),
    ),
    ((*BEFORE, TOLD), lambda c: c.tasks["call:4"].said, {"chase.0": AT}),
    ((*BEFORE, PASSED), lambda c: c.tasks["call:4"].said, {"chase.0": AT}),
    (
        (*BEFORE, MIGRATED),
        lambda c: (c.definition, c.definition_version, c.content_hash, c.stage, c.entered),
        ("visit", "2.0", "def", "preparing", {"preparing": AT}),
    ),
    (
        (*BEFORE, TOLD, MIGRATED),
        lambda c: {key: (task.spec, task.said) for key, task in c.tasks.items()},
        {"ring:4": ("ring", {"chase.1": AT})},
    ),
    ((*BEFORE, SET, MIGRATED), lambda c: list(c.dates), ["first_day"]),
    ((*BEFORE, HELD, MIGRATED), lambda c: c.holds["FOI"].tasks, ("burn",)),
    (
        (
            *BEFORE,
            replace(HELD, rules=("notes", "mail")),
            replace(MIGRATED, rules={"mail": "post"}),
        ),
        lambda c: c.holds["FOI"].rules,
        ("notes", "post"),
    ),
    (
        (STARTED, HELD, replace(HELD, at=LATER, tasks=("destroy", "burn"))),
        lambda c: c.holds["FOI"],
        Hold(tasks=("destroy", "burn"), since=AT),
    ),
    ((*BEFORE, MIGRATED), lambda c: c.holders(["guest"]), (4,)),
    ((*BEFORE, MIGRATED), lambda c: c.before_migration, replay(BEFORE)),
    (
        (*BEFORE, replace(MIGRATED, dropped=("call:4",))),
        lambda c: (c.tasks, c.before_migration and len(c.before_migration.tasks)),
        ({}, 1),
    ),
    (
        (*BEFORE, MIGRATED, UNDONE),
        lambda c: (c.content_hash, c.stage, c.tasks["call:4"].said, c.before_migration),
        ("abc", "planning", {"chase.0": AT}, None),
    ),
    ((*BEFORE, MIGRATED, SET), lambda c: c.before_migration, None),
    (
        (*BEFORE, MIGRATED, replace(SET, actor=None)),
        lambda c: c.before_migration and c.before_migration.version,
        4,
    ),
    (
        (*BEFORE, DONE, e.TaskReopened(at=LATER, task="call:4", reason="no")),
        lambda c: (c.tasks["call:4"].status, c.tasks["call:4"].done_on),
        ("pending", None),
    ),
    (
        (*BEFORE, e.TimeAgreed(at=LATER, task="call:4", moment=LATER)),
        lambda c: c.tasks["call:4"].agreed_at,
        LATER,
    ),
    ((*BEFORE, STOPPED), lambda c: c.pauses["waiting"], (Spell(from_on=ON, since=AT),)),
    (
        (*BEFORE, STOPPED, e.ClockResumed(at=LATER, name="waiting", on=NEXT)),
        lambda c: c.pauses["waiting"],
        (Spell(from_on=ON, since=AT, until_on=NEXT),),
    ),
    (
        (*BEFORE, MORE),
        lambda c: [(one.name, one.count, one.unit) for one in c.tasks["call:4"].extensions],
        [("more", 2, Unit.WEEKS)],
    ),
    ((*BEFORE, replace(MORE, actor=3)), lambda c: c.active_at, LATER),
    ((*BEFORE, MORE), lambda c: c.active_at, AT),  # of the engine's own doing
]


@pytest.mark.parametrize(("events", "ask", "expected"), CHANGES)
def test_an_event_changes_what_it_says(
    events: tuple[e.Event, ...], ask: Callable[[Challenge], object], expected: object
) -> None:
    challenge = replay(events)
    assert ask(challenge) == expected
    assert challenge.version == len(events)


def test_no_event_is_forgotten() -> None:
    met = {type(event) for events, _, _ in CHANGES for event in events}
    of_records = set(state.CHANGES)  # which have a table of their own
    aside = {e.CommandRefused, e.CalendarChanged, e.AnswerGiven}
    assert set(KINDS.values()) - met - of_records == aside


def test_a_refusal_changes_nothing_but_is_counted() -> None:
    before = replay(BEFORE)
    after = evolve(before, e.CommandRefused(at=LATER, actor=9, command="Advance", message="no"))
    assert (after.version, after.tasks, after.stage) == (5, before.tasks, before.stage)


def test_a_calendar_changes_nothing_by_itself_but_is_counted() -> None:
    changed = e.CalendarChanged(
        at=LATER, actor=9, calendar="scotland", version=2, reason="proclaimed"
    )
    before = replay(BEFORE)
    after = evolve(before, changed)
    assert (after.version, after.tasks, after.stage) == (5, before.tasks, before.stage)


def test_a_step_back_unreaches_what_it_says() -> None:
    back = e.StageEntered(
        at=LATER, stage="planning", left="visiting", trigger="back", unreached=("visiting",)
    )
    assert replay((STARTED, ENTERED, back)).entered == {"planning": LATER}


def test_the_end_of_a_pause_is_no_new_entry_but_opens_tasks_anew() -> None:
    resumed_at = LATER + timedelta(days=9)
    resumed = e.StageEntered(
        at=resumed_at, stage="visiting", left="on_hold", trigger="resume", is_resumed=True
    )
    challenge = replay((*BEFORE, ENTERED, PAUSED, resumed))
    assert challenge.entered == {"planning": AT, "visiting": LATER, "on_hold": LATER}
    assert challenge.tasks["call:4"].opened_at == resumed_at
    assert replay((*BEFORE, ENTERED, PAUSED, DONE, resumed)).tasks["call:4"].opened_at == AT


@pytest.mark.parametrize(
    ("limit_at", "is_missed"),
    [(LATER - timedelta(seconds=1), True), (LATER, True), (LATER + timedelta(seconds=1), False)],
)
def test_a_limit_that_moves_ahead_is_not_missed_any_more(
    limit_at: datetime,
    is_missed: bool,  # noqa: FBT001 (a table)
) -> None:
    moved = e.DeadlineMoved(
        at=LATER,
        task="call:4",
        opens_at=None,
        target_on=None,
        limit_on=limit_at.date(),
        limit_at=limit_at,
        old_target_on=None,
        old_limit_on=ON,
    )
    assert task(MISSED, moved).is_missed is is_missed


def test_what_is_wanted_again_remembers_what_was_said_and_done() -> None:
    """A person who comes back is not told again what they were told for the same moment."""
    cancelled = e.TaskCancelled(at=LATER, task="call:4", reason="left")
    again = task(TOLD, cancelled, ISSUED)
    assert (again.status, again.said) == (TaskStatus.PENDING, {"chase.0": AT})
    assert task(TOLD, DONE, e.TaskReopened(at=LATER, task="call:4", reason="no")).said


def test_somebody_in_two_roles_is_one_person() -> None:
    other = e.PersonAssigned(at=AT, person=4, role="host", on=ON)
    assert replay((STARTED, JOINED, other)).holders(["host", "visitor"]) == (4,)
