"""A plan is what is then done, exactly: at once, and in all that time brings afterwards."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.grounds import ADA, Ground, opened
from tests.property.lives import COMMANDS, KINDS, RULEBOOKS, STARTS, Life, Turn, born, take, turns
from tests.visits import START, TEAM, Edit
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.decide import Decision
from workflow.model.errors import InvalidInput, NotFound, Refused
from workflow.model.outlook.consequences import Consequences, Shift, consequences
from workflow.outcomes import Outcome
from workflow.store import briefs, challenges, wakeups
from workflow.store.outbox import Claimed
from workflow.sweep import Sweep

FEW = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
FEWER = settings(FEW, max_examples=4)
both = pytest.mark.parametrize("edits", RULEBOOKS.values(), ids=RULEBOOKS)
starts = st.sampled_from(list(STARTS))
ASKED = [*COMMANDS, *["date"] * 4, "waive", "release", "assign"]  # those that are seldom refused


def some(kinds: list[str], *, least: int, most: int) -> st.SearchStrategy[list[Turn]]:
    """Return a strategy for some turns of some kinds."""
    turn = st.tuples(st.sampled_from(kinds), st.integers(0, 60), st.integers(0, 59))
    return st.lists(turn, min_size=least, max_size=most)


YEARS = timedelta(days=365 * 12)

Reminder = tuple[str, int | None, str, str]
Reminders = Counter[tuple[Reminder, datetime]]


def reminders(events: list[e.Event]) -> Reminders:
    """Return which rungs spoke of which task to whom, and when; not those that were missed."""
    found: Reminders = Counter()
    for event in events:
        if isinstance(event, e.NoticeRaised):
            rungs = {mark.task: mark.rung for mark in event.marks} or {"": ""}
            for task, rung in rungs.items():
                found[(event.notice, event.recipient, task, rung), event.at] += 1
    return found


def lived(life: Life) -> Reminders:
    """Return what is said from now on when nobody acts and a sweep comes whenever one is due."""
    copy = replace(life, events=[], lines=dict(life.lines))
    copy.until(copy.at + YEARS)
    return reminders(copy.events)


def moments(shifts: tuple[Shift, ...], name: str) -> Reminders:
    """Return the reminders of shifts with their old or new moments."""
    return Counter(
        ((voice.notice, voice.recipient, voice.task, voice.rung), getattr(shift, name))
        for shift in shifts
        for voice in shift.voices
        if getattr(shift, name)
    )


def carried_out(before: Reminders, told: Consequences, made: Decision) -> Reminders:
    """Return what should be said after a change, by what was to be said before and its plan."""
    left = Counter(before)
    for reminder, _ in reminders(list(made.events)):  # what is said at once stands for the next
        coming = [key for key in left if key[0] == reminder]
        if coming:
            left[min(coming, key=lambda key: key[1])] -= 1
    shifts = (*told.moved, *told.withdrawn, *told.again, *told.coming)
    left.subtract(moments(shifts, "old_at"))
    left.update(moments(shifts, "new_at"))
    return Counter({key: number for key, number in left.items() if number})


def planned(life: Life, asked: Iterable[c.Command]) -> tuple[Decision, Consequences] | None:
    """Return what the first command that is not refused would come to, and its plan."""
    for command in asked:
        made = life.decide(command, is_time_passed=life.is_due)
        if made is not None:
            return made, consequences(
                life.rules, made.before, made.after, events=made.events, at=life.at
            )
    return None


@both
@FEW
@given(start=starts, turned=some(KINDS, least=0, most=6), asking=some(ASKED, least=6, most=12))
def test_the_reminders_that_a_plan_shifts_are_those_that_come_otherwise(
    edits: tuple[Edit, ...], start: str, turned: list[Turn], asking: list[Turn]
) -> None:
    life = born(edits, start)
    for one in turned:
        take(life, one)
    found = planned(life, (COMMANDS[kind](life, *numbers) for kind, *numbers in asking))
    if found is None:
        return
    made, told = found
    before = lived(life)
    tasks = life.challenge.tasks
    life.keep(made)
    assert carried_out(before, told, made) == lived(life)
    assert all(one.old_at != one.new_at for one in told.moved)
    assert all(
        any(voice.rung in tasks[voice.task].said for voice in one.voices) for one in told.again
    )


def called(edits: tuple[Edit, ...] = (), *, days: int = 0) -> Life:
    """Return a visit whose calls are to be made, some days after it began."""
    life = born(edits)
    for spec in ("scope_agreed", "brief_visitor"):
        for task in life.challenge.occurrences(spec):
            on = life.rules.today(life.at)
            life.ask(c.CompleteTask(spec=spec, on=on, person=task.person, evidence="noted"))
    life.until(life.at + timedelta(days=days))
    return life


def moving(days: int) -> c.SetDate:
    """Return the command that moves the visit by some days."""
    return c.SetDate(key="visit_start", on=START + timedelta(days=days), reason="moved")


@both
def test_whenever_a_visit_is_moved_the_plan_says_which_reminders_come_otherwise(
    edits: tuple[Edit, ...],
) -> None:
    seen: Counter[str] = Counter()
    for waited, moved in product((0, 51, 56), (-38, -3, 2, 7)):
        life = called(edits, days=waited)
        found = planned(life, [moving(moved)])
        assert found is not None
        made, told = found
        before = lived(life)
        life.keep(made)
        assert carried_out(before, told, made) == lived(life), (waited, moved)
        seen.update({field.name: len(getattr(told, field.name)) for field in fields(told)})
    assert all(seen[name] for name in ("moved", "withdrawn", "again", "late")), seen


def test_a_plan_that_forgets_a_reminder_is_caught() -> None:
    """The control: each reminder that a plan tells of is missed when it does not."""
    life = called()
    found = planned(life, [moving(5)])
    assert found is not None
    made, told = found
    before = lived(life)
    life.keep(made)
    after = lived(life)
    assert carried_out(before, told, made) == after
    assert told.moved
    for number in range(len(told.moved)):
        kept = (*told.moved[:number], *told.moved[number + 1 :])
        assert carried_out(before, replace(told, moved=kept), made) != after


@dataclass
class Desk:
    """A challenge in a database, at which random commands are tried before they are given."""

    ground: Ground

    def life(self) -> Life:
        """Return the challenge as random commands want to see it."""
        with self.ground.database.reading() as link:
            challenge = challenges.load(link, "NOR-26").challenge
        return Life(born().rules, self.ground.clock.at, challenge, [])

    def stale(self) -> set[int]:
        """Return the messages that a courier would not send, as things stand now."""
        with self.ground.database.reading() as link:
            rows = link.rows("SELECT id FROM outbox WHERE status = 'waiting'")
            found = [
                briefs.brief(link, Claimed(row[0], 0, 0, self.ground.clock.at)) for row in rows
            ]
        return {brief.id for brief in found if brief.is_stale}

    def act(self, command: c.Command, *, is_dry_run: bool) -> Outcome | str:
        """Give a command, or try it; the reason when it is refused."""
        try:
            return self.ground.engine.act(
                "NOR-26", command, actor=ADA, is_dry_run=is_dry_run, is_telling=True
            )
        except (Refused, InvalidInput, NotFound) as error:
            return str(error)

    def wait(self, first: int, second: int) -> None:
        """Let time pass: to the next moment at which something is due, or for some hours."""
        with self.ground.database.reading() as link:
            wake_at = wakeups.next_at(link)
        clock = self.ground.clock
        ahead = clock.at + timedelta(hours=first * 9, minutes=second)
        clock.at = max(clock.at, wake_at) if wake_at and first % 2 else ahead
        if second % 3:  # else nobody swept, and the next command finds what is due
            assert Sweep(self.ground.database, clock).tick().failed == ()


def told(outcome: Outcome | str) -> tuple[object, ...]:
    """Return all that a plan tells, or the reason of a refusal."""
    if isinstance(outcome, str):
        return (outcome,)
    return (outcome.after, outcome.events, outcome.warnings, outcome.consequences, outcome.unsent)


@FEWER
@given(turned=turns)
def test_a_dry_run_tells_what_the_real_run_does(
    tmp_path_factory: pytest.TempPathFactory, turned: list[Turn]
) -> None:
    folder = tmp_path_factory.mktemp("plans")
    with opened(f"sqlite:///{folder / 'visits.db'}") as ground:
        ground.start()
        desk = Desk(ground)
        for kind, first, second in turned:
            if kind not in COMMANDS:
                desk.wait(first, second)
                continue
            command = COMMANDS[kind](desk.life(), first, second)
            before, kept = ground.everything(), desk.stale()
            dry = desk.act(command, is_dry_run=True)
            assert ground.everything() == before
            real = desk.act(command, is_dry_run=False)
            assert told(dry) == told(real)
            if isinstance(real, Outcome):
                known = len(ground.history()) - len(real.events)
                assert tuple(ground.history()[known:]) == real.events
                assert desk.stale() - kept == {message.id for message in real.unsent}


def test_a_dry_run_of_another_command_is_caught(tmp_path: Path) -> None:
    """The control: what another command would come to is not what this one does."""
    with opened(f"sqlite:///{tmp_path / 'visits.db'}") as ground:
        ground.start()
        desk = Desk(ground)
        tried = desk.act(c.ReleasePerson(person=TEAM[3][1], reason="ill"), is_dry_run=True)
        done = desk.act(c.ReleasePerson(person=TEAM[4][1], reason="ill"), is_dry_run=False)
        assert told(tried) != told(done)
