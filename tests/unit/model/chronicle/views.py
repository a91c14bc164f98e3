"""Everything that the model says of a challenge at a moment, line by line."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from tests.unit.model.chronicle.telling import told
from workflow.model import events as e
from workflow.model.calendar import calendar_named
from workflow.model.challenge import Challenge
from workflow.model.custody.holdings import holdings
from workflow.model.decide import Decision
from workflow.model.outlook.addressing import addressed
from workflow.model.outlook.consequences import consequences
from workflow.model.outlook.foresight import foresee
from workflow.model.outlook.sentences import why, why_limit, why_target
from workflow.model.outlook.showing import headline, task_line
from workflow.model.planning.invitations import agenda, letters
from workflow.model.planning.plan import plan
from workflow.model.planning.reminders import firings
from workflow.model.planning.rulebook import Rulebook
from workflow.model.planning.steps import next_moment, step
from workflow.model.recounting.recount import Exchange, recount
from workflow.model.register.compliance import items
from workflow.model.register.holding import held
from workflow.model.register.retention import register
from workflow.model.standing import days_late, is_done_late, standing_of
from workflow.model.task import Task, changed


def seen(
    rules: Rulebook, challenge: Challenge, history: Sequence[e.Event], *, at: datetime
) -> Iterator[str]:
    """Yield what lists, pages and reports show of a challenge at a moment."""
    today = rules.today(at)
    yield told(changed(challenge, tasks={}))
    yield from map(told, challenge.tasks.values())
    yield told(headline(rules, challenge, at=at))
    yield f"next step by itself: {told(next_moment(rules, challenge, after=at))}"
    for trigger in rules.graph.triggers(challenge.stage):
        yield told(step(rules, challenge, trigger, today=today))
    for task in challenge.tasks.values():
        yield from _of_task(rules, challenge, task, at=at)
    for planned in plan(rules, challenge):
        yield told(planned)
    for item in items(rules, challenge, history, at=at):
        yield told(item)
    for found in (*register(rules, challenge, at), *held(rules, challenge)):
        yield told(found)
    yield from map(told, holdings(rules, challenge))
    for notice in rules.definition.notices:
        yield f"{notice} would go to {told(addressed(rules, challenge, notice))}"
    yield from _of_calendars(rules, challenge, history, at=at)


def _of_task(rules: Rulebook, challenge: Challenge, task: Task, *, at: datetime) -> Iterator[str]:
    today = rules.today(at)
    yield told(task_line(rules, challenge, task, wake_at=None))
    sentences = {why(rules, challenge, task), why_target(rules, challenge, task)}
    yield from sorted(sentences | {why_limit(rules, challenge, task)})
    standing = standing_of(task, at=at, today=today)
    late = days_late(task, task.limit_on, today=today)
    yield f"{standing}, late by {late}, done late: {is_done_late(task, today=today)}"
    for firing in firings(rules, challenge, task):
        yield f"{task.key} speaks by {firing.id} at {told(firing.fires_at)}"


def _of_calendars(
    rules: Rulebook, challenge: Challenge, history: Sequence[e.Event], *, at: datetime
) -> Iterator[str]:
    wanted = agenda(rules, challenge, history, at=at)
    if wanted is not None:
        yield told(wanted)
        yield from map(told, letters(wanted, (), at=at))


def shifted(rules: Rulebook, decision: Decision, *, at: datetime) -> Iterator[str]:
    """Yield what a decision shifts of what people will be told."""
    found = consequences(rules, decision.before, decision.after, events=decision.events, at=at)
    for name in ("moved", "withdrawn", "again", "coming"):
        for shift in getattr(found, name):
            yield f"{name}: {told(shift)}"
    if found.late:
        yield f"late now: {', '.join(task.key for task in found.late)}"


def with_a_holiday(rules: Rulebook, challenge: Challenge, *, at: datetime) -> Iterator[str]:
    """Yield what moves when a day of the next weeks becomes a holiday, and what is said of it."""
    day = rules.today(at) + timedelta(days=8)
    calendar = calendar_named(rules.definition.calendar, added={day: "Day of Thanks"})
    exchange = Exchange(rules, Rulebook(rules.definition, calendar), (day,))
    changed = e.CalendarChanged(
        at=at, actor=1, calendar=rules.definition.calendar, version=2, reason="proclaimed"
    )
    found = recount(exchange, challenge, changed, wakes={}, is_due=True)
    yield f"{day} becomes a holiday: {found.messages} messages, {found.is_touched}"
    yield from map(told, (*found.events, *found.moves))


def ahead(rules: Rulebook, challenge: Challenge, *, at: datetime) -> Iterator[str]:
    """Yield what is to come, if everybody acts in time, for half a year."""
    for found in foresee(rules, challenge, at=at):
        if found.at <= at + timedelta(days=180):
            yield told(found)
