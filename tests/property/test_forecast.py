"""What is foreseen is what happens: the same messages, to the same people, at the same moments."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from definitions import loader
from tests.property.lives import RULEBOOKS, STARTS, Life, Turn, born, living, take, turns
from tests.visits import (
    END,
    FILE,
    LEADER,
    START,
    TEAM,
    Edit,
    Make,
    agreeing,
    dated,
    drafting,
    visiting,
)
from workflow.clock import SetClock
from workflow.engine import Engine, NewChallenge
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.lines import RETENTION_PREFIX
from workflow.model.outlook.foresight import Foreseen, foresee
from workflow.model.planning.reminders import is_held
from workflow.model.records import commands as r
from workflow.model.records.state import Disposal
from workflow.model.register.retention import register
from workflow.model.task import Task, TaskStatus
from workflow.store import challenges, library, people, schema, wakeups
from workflow.store.database import Database
from workflow.store.library import Offered
from workflow.sweep import Sweep
from workflow.views import Views

FEW = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
both = pytest.mark.parametrize("edits", RULEBOOKS.values(), ids=RULEBOOKS)
starts = st.sampled_from(list(STARTS))
MESSAGES = ("message", "reminder", "escalation")
YEARS = timedelta(days=365 * 12)

Said = list[tuple[datetime, str, tuple[int, ...]]]
Entered = list[tuple[datetime, str]]


def foreseen(found: tuple[Foreseen, ...]) -> tuple[Said, Entered, Entered]:
    """Return the messages, the stages and the openings of a forecast."""
    said = [(one.at, one.key, one.to) for one in found if one.kind in MESSAGES]
    entered = [(one.at, one.key) for one in found if one.kind == "stage"]
    return sorted(said), entered, sorted((o.at, o.key) for o in found if o.kind == "task")


def happened(events: list[e.Event]) -> tuple[Said, Entered, Entered]:
    """Return the messages, the stages and the openings of a history."""
    said: Said = []
    entered: Entered = []
    opened: Entered = []
    for event in events:
        if isinstance(event, e.NoticeRaised):
            to = () if event.recipient is None else (event.recipient,)
            said.append((event.at, event.notice, to))
        elif isinstance(event, e.StageEntered):
            entered.append((event.at, event.stage))
        elif isinstance(event, e.TaskOpened):
            opened.append((event.at, event.task))
    return sorted(said), entered, sorted(opened)


def noon(life: Life, on: date) -> datetime:
    """Return noon of a day; what is late is done at once."""
    at = datetime.combine(on, time(12), life.rules.zone).astimezone(UTC)
    return max(life.at, at)


def planned(life: Life) -> list[tuple[datetime, Task]]:
    """Return when each open task is done by people who are on time."""

    def day(task: Task) -> date:
        disposal = disposal_of(life, task)
        if disposal is not None and disposal.until is not None:
            return disposal.until
        return task.target_on or task.limit_on or life.rules.today(task.opened_at or life.at)

    tasks = life.challenge.tasks.values()
    found = [t for t in tasks if t.status is TaskStatus.OPEN and not is_held(life.challenge, t)]
    kept = register(life.rules, life.challenge, life.at)
    stopped = {f"{RETENTION_PREFIX}{one.rule}" for one in kept if one.part.copies and one.holds}
    found = [task for task in found if task.key not in stopped]
    return sorted(((noon(life, day(task)), task) for task in found), key=lambda one: one[0])


def disposal_of(life: Life, task: Task) -> Disposal | None:
    """Return how far a destruction of our own copies has come; None of any other task."""
    key = task.spec.removeprefix(RETENTION_PREFIX)
    rule = life.rules.definition.retention.get(key)
    if task.spec == key or rule is None or not rule.copies:
        return None
    return life.challenge.records.disposals.get(key, Disposal())


def destroy(life: Life, rule: str) -> None:
    """Let our own copies be destroyed today, as one asks for and another approves."""
    disposal = life.challenge.records.disposals.get(rule, Disposal())
    commands: list[c.Command] = [
        r.CarryOutDisposal(rule=rule, certificate="NOR-26/1", method="erased")
    ]
    if disposal.approved_at is None:
        commands.insert(0, r.ApproveDisposal(rule=rule))
    if disposal.requested_at is None:
        commands.insert(0, r.RequestDisposal(rule=rule))
    for command in commands:
        ask_for(life, command)


def ask_for(life: Life, command: c.Command) -> None:
    """Ask for what a forecast takes for granted."""
    refusals = life.refusals
    life.ask(command)
    assert life.refusals == refusals, f"the forecast assumes what is refused: {command}"


def complete(life: Life, task: Task) -> None:
    """Record that a task was done today, by somebody who may have done it."""
    if disposal_of(life, task) is not None:
        destroy(life, task.spec.removeprefix(RETENTION_PREFIX))
        return
    spec = life.rules.specs[task.spec]
    others = life.challenge.occurrences(spec.other_than) if spec.other_than else ()
    by = max([other.done_by or 0 for other in others], default=0) + 1
    on = life.rules.today(life.at)
    command = c.CompleteTask(
        spec=task.spec, on=on, person=task.person, day=task.day, by=by, evidence="noted"
    )
    ask_for(life, command)


def step_on(life: Life) -> bool:
    """Take the first step that leads on; return whether there was one."""
    order, definition = life.rules.stage_order, life.rules.definition
    for trigger in life.rules.graph.triggers(life.challenge.stage):
        transition = definition.transitions[trigger]
        to = life.rules.graph.target(trigger, left=life.challenge.left)
        if transition.at or transition.needs or order(to) <= order(life.challenge.stage):
            continue
        command = c.Advance(trigger=trigger, reason="as planned")
        if life.decide(command, is_time_passed=life.is_due) is not None:
            life.ask(command)
            return True
    return False


def days_ahead(life: Life) -> list[datetime]:
    """Return noon of the days that steps by hand may wait for (`visit_start is reached`)."""
    facts = life.challenge.dates.values()
    return [noon(life, fact.on) for fact in facts if fact.on > life.rules.today(life.at)]


def live_on_time(life: Life) -> None:
    """Let everybody do everything at noon of its day, until nothing is left to do."""
    end = life.at + YEARS
    while True:
        moments = [life.wake_at, *(at for at, _ in planned(life)), *days_ahead(life)]
        moment = min((at for at in moments if at), default=end)
        if moment >= end:
            return
        life.at = moment
        life.sweep()
        for at, task in planned(life):
            if at <= life.at and life.challenge.tasks[task.key].status is TaskStatus.OPEN:
                complete(life, task)
        while step_on(life):
            continue


@both
@FEW
@given(start=starts, lived=turns)
def test_when_nobody_acts_what_is_foreseen_happens(
    edits: tuple[Edit, ...], start: str, lived: list[Turn]
) -> None:
    life = born(edits, start)
    for turn in lived:
        take(life, turn)
    life.sweep()
    known, found = len(life.events), foresee(
        life.rules, life.challenge, at=life.at, is_anybody_acting=False
    )  # fmt: skip
    life.until(life.at + YEARS)
    assert foreseen(found) == happened(life.events[known:])


@both
@FEW
@given(start=starts, lived=turns)
def test_when_everybody_is_on_time_what_is_foreseen_happens(
    edits: tuple[Edit, ...], start: str, lived: list[Turn]
) -> None:
    life = born(edits, start)
    for turn in lived:
        take(life, turn)
    life.sweep()
    known, found = len(life.events), foresee(life.rules, life.challenge, at=life.at)
    live_on_time(life)
    assert foreseen(found) == happened(life.events[known:])


def test_a_forecast_of_other_people_would_be_caught() -> None:
    """The control: a forecast that assumes that people act is not what happens if nobody does."""
    life = living(dated())
    found, known = foresee(life.rules, life.challenge, at=life.at), len(life.events)
    life.until(life.at + YEARS)
    assert foreseen(found) != happened(life.events[known:])


def test_a_visit_on_time_is_foreseen_to_its_end() -> None:
    found = foresee(dated().rules, dated().challenge, at=dated().at)
    stages = [one.key for one in found if one.kind == "stage"]
    assert stages == ["visiting", "drafting", "agreeing", "clearing", "closed"]
    assert [one for one in found if one.kind == "escalation"] == []


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Database, SetClock]:
    """Return a database with a visit in it, its people, and a clock that stands at its start."""
    database = Database(f"sqlite:///{tmp_path / 'visits.db'}")
    schema.prepare(database)
    clock = SetClock(datetime(2026, 10, 1, 9, tzinfo=UTC))
    loaded = loader.load_file(FILE)
    with database.writing() as link:
        ids = {0: people.add(link, name="Ann", email="ann@a.example", is_administrator=True).id}
        for number, (role, _) in enumerate(TEAM):
            address = f"{role}{number}@a.example"
            ids[number + 1] = people.add(
                link, name=f"P {number}", email=address, capabilities=[LEADER]
            ).id
        library.keep(
            link,
            content_hash=loaded.content_hash,
            definition=loaded.definition,
            text=loaded.text,
            at=clock.at,
        )
    new = NewChallenge(
        reference="NOR-26",
        title="Northshire",
        client="Northshire",
        offered=Offered(loaded.content_hash),
        dates={"visit_start": START, "visit_end": END},
        roles=tuple((role, ids[number + 1]) for number, (role, _) in enumerate(TEAM)),
    )
    Engine(database, clock).start(new, actor=ids[0])
    return database, clock


def test_the_sweep_sends_what_was_foreseen(kept: tuple[Database, SetClock]) -> None:
    database, clock = kept
    engine, sweep = Engine(database, clock), Sweep(database, clock)
    done = c.CompleteTask(spec="scope_agreed", on=date(2026, 10, 1), evidence="in a call")
    engine.act("NOR-26", done, actor=1)
    found = Views(database, clock).foresee("NOR-26", is_anybody_acting=False)
    with database.reading() as link:
        known = len(challenges.history(link, "NOR-26"))
    while True:
        with database.reading() as link:
            wake_at = wakeups.next_at(link)
        if wake_at is None:
            break
        clock.at = wake_at
        assert sweep.tick().failed == ()
    with database.reading() as link:
        events = [recorded.event for recorded in challenges.history(link, "NOR-26")]
    assert foreseen(found) == happened(events[known:])
    assert foreseen(found)[0] != []


@pytest.mark.parametrize("make", [dated, visiting, drafting, agreeing])
def test_the_forecast_ends(make: Make) -> None:
    case = make()
    assert foresee(case.rules, case.challenge, at=case.at) != ()
