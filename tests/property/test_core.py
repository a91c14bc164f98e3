"""What holds for every life of a challenge: replay, rest, wake-ups, lists, notices."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.property.lives import (
    CLOCKED,
    COMMANDS,
    KINDS,
    RICHER,
    RULEBOOKS,
    STARTS,
    WAITS,
    Life,
    Turn,
    born,
    take,
    turns,
)
from tests.visits import END, START, Edit, staffed
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.challenge import Challenge, evolve, replay
from workflow.model.decide import pass_time
from workflow.model.outlook.showing import task_line
from workflow.model.planning.rulebook import Rulebook
from workflow.model.task import UNFINISHED, Task, TaskStatus
from workflow.store.rows import codec

FEW = settings(
    max_examples=14, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
both = pytest.mark.parametrize("edits", RULEBOOKS.values(), ids=RULEBOOKS)
SECOND = timedelta(seconds=1)
starts = st.sampled_from(list(STARTS))
FAR = timedelta(days=4000)


def missed_before(life: Life, wake_at: datetime | None) -> tuple[e.Event, ...]:
    """Return what happens before a wake-up, that nobody would look for."""
    last = wake_at - SECOND if wake_at else life.at + FAR
    moments = (life.at + SECOND, life.at + (last - life.at) / 2, last)
    for at in moments:
        if life.at < at <= last and (events := pass_time(life.rules, life.challenge, at=at).events):
            return events
    return ()


@both
@FEW
@given(start=starts, happened=turns)
def test_nothing_happens_before_the_moment_of_waking(
    edits: tuple[Edit, ...], start: str, happened: list[Turn]
) -> None:
    life = born(edits, start)
    for turn in happened:
        take(life, turn)
        if not life.is_due:
            assert missed_before(life, life.wake_at) == ()


def test_a_wake_up_that_forgets_the_rungs_would_be_caught() -> None:
    life = born()
    life.ask(c.CompleteTask(spec="scope_agreed", on=life.rules.today(life.at), evidence="noted"))
    tasks = life.challenge.tasks.values()
    deaf = min(t.limit_at for t in tasks if t.limit_at and t.status in UNFINISHED) + SECOND
    assert life.wake_at is not None
    assert life.wake_at < deaf
    assert any(isinstance(event, e.NoticeRaised) for event in missed_before(life, deaf))


@both
@FEW
@given(start=starts, happened=turns)
def test_a_challenge_is_what_its_events_add_up_to(
    edits: tuple[Edit, ...], start: str, happened: list[Turn]
) -> None:
    life = born(edits, start)
    for turn in happened:
        take(life, turn)
    assert replay(life.events) == life.challenge
    assert life.challenge.version == len(life.events)


def test_a_lost_event_would_be_caught() -> None:
    life = born()
    assert replay(life.events[:-1]) != life.challenge


@both
@FEW
@given(start=starts, happened=turns)
def test_time_that_is_delivered_twice_changes_nothing(
    edits: tuple[Edit, ...], start: str, happened: list[Turn]
) -> None:
    life = born(edits, start)
    for turn in happened:
        take(life, turn)
        if not life.is_due:
            assert pass_time(life.rules, life.challenge, at=life.at).events == ()


@both
@FEW
@given(start=starts, happened=turns)
def test_to_look_at_what_was_touched_is_to_look_at_everything(
    edits: tuple[Edit, ...], start: str, happened: list[Turn]
) -> None:
    life = born(edits, start)
    for kind, first, second in happened:
        if kind not in WAITS and not life.is_due:
            command = COMMANDS[kind](life, first, second)
            little, all_of_it = (
                life.decide(command, is_time_passed=is_passed) for is_passed in (False, True)
            )
            assert (little is None) == (all_of_it is None)
            if little is not None and all_of_it is not None:
                assert little.events == all_of_it.events
        take(life, (kind, first, second))


def test_a_rulebook_that_forgets_who_reads_whom_would_be_caught() -> None:
    life = born()
    forgetful = Rulebook(life.rules.definition, life.rules.calendar)
    object.__setattr__(forgetful, "readers", dict.fromkeys(forgetful.specs, ()))
    command = c.CompleteTask(spec="scope_agreed", on=life.rules.today(life.at), evidence="noted")
    life.rules = forgetful
    little, all_of_it = (life.decide(command, is_time_passed=passed) for passed in (False, True))
    assert little is not None
    assert all_of_it is not None
    assert little.events != all_of_it.events


@both
@FEW
@given(start=starts, happened=turns)
def test_lists_show_what_is(edits: tuple[Edit, ...], start: str, happened: list[Turn]) -> None:
    life = born(edits, start)
    for turn in happened:
        take(life, turn)
    for task in life.challenge.tasks.values():
        line = life.lines[task.key]
        assert line == task_line(life.rules, life.challenge, task, wake_at=line.wake_at)


def test_a_line_that_is_not_renewed_would_be_caught() -> None:
    life = born()
    old = dict(life.lines)
    life.ask(c.ReleasePerson(person=3, reason="ill"))  # the manager, who does most of it
    life.lines = old
    task = life.challenge.tasks["scope_agreed"]
    assert old["scope_agreed"] != task_line(life.rules, life.challenge, task, wake_at=None)


@both
@FEW
@given(start=starts, happened=turns)
def test_what_is_kept_is_read_back_the_same(
    edits: tuple[Edit, ...], start: str, happened: list[Turn]
) -> None:
    life = born(edits, start)
    for turn in happened:
        take(life, turn)
    assert codec.load_challenge(codec.dump_challenge(life.challenge)) == life.challenge
    for event in life.events:
        assert codec.load_event(e.kind_of(event), codec.dump_event(event)) == event


@both
@FEW
@given(start=starts, happened=turns)
def test_no_run_of_triggers_leaves_the_graph(
    edits: tuple[Edit, ...], start: str, happened: list[Turn]
) -> None:
    life = born(edits, start)
    stages, transitions = life.rules.definition.stages, life.rules.definition.transitions
    stage = before = ""
    for event in [*life.events, *_lived(life, happened)]:
        if isinstance(event, e.StageEntered):
            step = transitions[event.trigger]
            assert event.left == stage
            assert stage in step.from_
            assert event.stage == (before if step.to == "previous" else step.to)
            before, stage = stage, event.stage
        elif isinstance(event, e.ChallengeStarted):
            stage = event.stage
        assert stage in stages


def _lived(life: Life, happened: list[Turn]) -> list[e.Event]:
    """Let things happen; return the events."""
    known = len(life.events)
    for turn in happened:
        take(life, turn)
    return life.events[known:]


@both
@FEW
@given(start=starts, happened=turns)
def test_each_notice_is_raised_once_in_time_and_about_what_is_to_be_done(
    edits: tuple[Edit, ...], start: str, happened: list[Turn]
) -> None:
    life = born(edits, start)
    challenge, keys = replay(life.events), Counter[tuple[object, ...]]()
    for event in _lived(life, happened):
        if isinstance(event, e.NoticeRaised):
            keys[event.notice, event.occurrence, event.recipient] += 1
            assert all(challenge.tasks[key].status in UNFINISHED for key in event.tasks)
            assert all(mark.fires_at <= event.at for mark in event.marks)
        challenge = evolve(challenge, event)
    assert [key for key, count in keys.items() if count > 1] == []


@both
@FEW
@given(start=starts, happened=turns)
def test_a_limit_is_missed_once(edits: tuple[Edit, ...], start: str, happened: list[Turn]) -> None:
    life = born(edits, start)
    missed: set[str] = set()
    for event in _lived(life, happened):
        if isinstance(event, e.DeadlineMissed):
            assert event.task not in missed
            assert event.limit_on <= life.rules.today(event.at)
            missed.add(event.task)
        elif isinstance(event, e.DeadlineMoved | e.TaskReopened | e.TaskIssued):
            missed.discard(event.task)


@both
@FEW
@given(start=starts, happened=turns)
def test_what_is_over_owes_nothing_but_what_it_keeps(
    edits: tuple[Edit, ...], start: str, happened: list[Turn]
) -> None:
    life = born(edits, start)
    for turn in happened:
        take(life, turn)
    left = {t.spec for t in life.challenge.tasks.values() if t.status in UNFINISHED}
    kept = {"closed": {"retention_own_records"}, "withdrawn": {"retention_own_records",
            "destroy_notes"}}  # fmt: skip
    if life.challenge.stage in kept:
        assert left <= kept[life.challenge.stage]


def _matters(life: Life) -> tuple[object, ...]:
    """Return of a state what does not depend on the hour of the sweep."""

    def day(at: datetime | None) -> date | None:
        return life.rules.today(at) if at else None

    def of_task(task: Task) -> tuple[object, ...]:
        dates = (task.target_on, task.limit_on, task.limit_at)
        return (task.key, task.status, dates, task.is_missed, day(task.opened_at))

    entered = {stage: day(at) for stage, at in life.challenge.entered.items()}
    return life.challenge.stage, entered, [of_task(t) for t in life.challenge.tasks.values()]


def _swept(life: Life, hours: tuple[int, ...]) -> Life:
    """Return a life after forty days with sweeps at some hours of each day."""
    life = replace(life, events=list(life.events), lines=dict(life.lines))
    first = life.rules.today(life.at) + timedelta(days=1)
    for passed in range(40):
        for hour in hours:
            day = first + timedelta(days=passed)
            at = datetime.combine(day, time(hour, 59, 59), life.rules.zone).astimezone(UTC)
            life.wait(at - life.at)
    return life


@both
@settings(FEW, max_examples=8)
@given(start=starts, happened=turns)
def test_to_sweep_each_hour_is_to_sweep_each_day_but_for_rungs(
    edits: tuple[Edit, ...], start: str, happened: list[Turn]
) -> None:
    life = born(edits, start)
    for turn in happened:
        take(life, turn)
    often, seldom = _swept(life, tuple(range(24))), _swept(life, (23,))
    assert _matters(often) == _matters(seldom)
    said = {(k, rung) for k, t in often.challenge.tasks.items() for rung in t.said}
    # a rung of the last day may fall silent, since at the end of it the task has lapsed
    assert {(k, rung) for k, t in seldom.challenge.tasks.items() for rung in t.said} <= said


def test_a_sweep_that_does_not_come_would_be_caught() -> None:
    life = born((), "drafting")
    assert _matters(_swept(life, (23,))) != _matters(_swept(life, ()))


def _dates(challenge: Challenge) -> dict[str, tuple[object, ...]]:
    return {
        key: (task.status, task.opens_at, task.target_on, task.limit_on, task.limit_at)
        for key, task in challenge.tasks.items()
        if task.status is not TaskStatus.CANCELLED
    }


moves = st.lists(st.tuples(st.booleans(), st.integers(-20, 40)), max_size=6)


@FEW
@given(moved=moves, is_start_first=st.booleans())
def test_dates_moved_in_any_order_come_to_the_dates_set_once(
    *, moved: list[tuple[bool, int]], is_start_first: bool
) -> None:
    once = staffed().plan("visit_start", START).plan("visit_end", END)
    life = born()
    last = [("visit_start", START), ("visit_end", END)]
    for is_end, days in moved:
        life.ask(c.SetDate(key=last[is_end][0], on=START + timedelta(days=days)))
    life.ask(c.SetDate(key="visit_end", on=END + timedelta(days=50)))
    for key, on in last if is_start_first else [*reversed(last), *last]:
        life.ask(c.SetDate(key=key, on=on))
    life.ask(c.SetDate(key="visit_end", on=END))
    assert _dates(life.challenge) == _dates(once.challenge)


def test_a_task_that_does_not_follow_its_date_would_be_caught() -> None:
    life = born()
    assert life.challenge.tasks["report_sent"].limit_on is not None
    before = _dates(life.challenge)
    life.ask(c.SetDate(key="visit_end", on=END + timedelta(days=1)))
    assert _dates(life.challenge) != before


def test_the_lives_are_worth_living() -> None:
    """Every kind of event is met, but for what is done to many challenges at once."""
    kinds: set[type[e.Event]] = {e.CalendarChanged, e.DefinitionMigrated, e.MigrationUndone}
    kinds.add(e.RungsPassed)
    chance = Random(7)  # noqa: S311 (lives, not secrets)
    for edits, start in product((RICHER, CLOCKED), [*STARTS] * 9):
        life = born(edits, start)
        for _ in range(26):
            take(life, (chance.choice(KINDS), chance.randrange(60), chance.randrange(60)))
        life.until(life.at + timedelta(days=40))
        kinds |= {type(event) for event in life.events}
    assert kinds == set(codec.KINDS.values())
