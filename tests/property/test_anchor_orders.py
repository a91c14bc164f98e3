"""Facts may be recorded in any order, and put right: the deadlines are as if all were in one go.

Each stream is what is recorded of one thing, in its own order: a date and what it is moved to, a
clock that stands still and goes on, extensions. Streams are mixed at random.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import Case
from tests.property.lives import CLOCKED
from tests.rules_of_others import Rule, rulebook_of
from tests.visits import visit_rules
from workflow.model import commands as c
from workflow.model.planning.plan import plan
from workflow.model.planning.rulebook import Rulebook
from workflow.model.task import SETTLED, TaskStatus

MANY = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SOON = date(2026, 10, 20)  # before any of the limits, so that no extension comes too late
LONG_AGO = date(2026, 11, 2)
KNOT = Rule(
    "every way of changing a deadline at once",
    "House policy on everything",
    "{calendars: {own: {adds: {2026-12-24: Closed}, removes: [2026-12-28]}}, dates: {asked: {},"
    " answered: {cut_off: '16:30'}, promised: {}, missed: {}, heard: {is: '2 working days after"
    " answered, rolled to the next working day'}}, pauses: {waiting: {ends: both}, asking: {from:"
    " asked, until: heard}}, tasks: {reply: {calendar: own, limit: '20 working days after the"
    " earlier of asked and missed, unless promised', target: '3 working days before limit',"
    " pauses: [waiting, asking], restarts_on: [missed, promised], cap: 16 weeks after asked,"
    " extends: {more: {by: up to 10 days, at_most: 2}, given: {by: 2 weeks, when: answered is"
    " known, unless: missed is known, no_later_than: 10 weeks after asked}}}, hours: {limit: 72"
    " hours after answered, pauses: waiting, extends: {more: {by: up to 10 hours, at_most: 2}}},"
    " months: {limit: '2 months beginning with answered, rolled to the previous working day',"
    " pauses: waiting, excused_when: [{any: 2, of: [missed, promised]}]}, window: {limit: 3 to 5"
    " weeks after heard, not_before: 2 days after answered}, second: {limit: 1 week after"
    " reply.limit, lapses: 60 weeks after reply.limit}, turn: {title: 'On {day}', for_each: 'every"
    " 2 weeks after asked, until promised, at most 5 times', limit: '1 working day after {day}'}}}",
    (),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """A definition, its dates that are recorded, and the tasks that may be extended, by what."""

    dates: tuple[str, ...]
    extended: tuple[tuple[str, str], ...]
    is_visit: bool = False


VISIT = Matter(
    dates=("visit_start", "visit_end", "asked", "answered", "promised"),
    extended=(("report_sent", "days"),),
    is_visit=True,
)
OTHER = Matter(
    dates=("asked", "answered", "promised", "missed"),
    extended=(("reply", "days"), ("hours", "hours")),
)
Stream = tuple[c.Command, ...]


@cache
def rules_of(matter: Matter) -> Rulebook:
    """Return the rules of a matter."""
    return visit_rules(*CLOCKED) if matter.is_visit else rulebook_of(KNOT)


def dated(key: str, number: int, hour: int) -> c.SetDate:
    """Return that a date is some days after the earliest that it may be."""
    first = LONG_AGO if key != "visit_end" else LONG_AGO + timedelta(days=10)
    on = first + timedelta(days=number % 9 if key == "visit_start" else number)
    moment = datetime(on.year, on.month, on.day, hour, 30, tzinfo=UTC) if hour > 8 else None
    return c.SetDate(key=key, on=on, moment=moment, reason="noted")


def extension(spec: str, unit: str, count: int) -> c.ExtendDeadline:
    """Return that a task was given some more time."""
    amount = f"{count} {unit}"
    return c.ExtendDeadline(spec=spec, on=SOON, extension="more", amount=amount, reason="agreed")


def spells(numbers: list[int]) -> Stream:
    """Return that clocks stopped and went on, in the order of the days."""
    days = [LONG_AGO + timedelta(days=number) for number in sorted(numbers)]
    return tuple(
        c.ResumeClock(name="waiting", on=on)
        if index % 2
        else c.PauseClock(name="waiting", on=on, reason="no answer")
        for index, on in enumerate(days)
    )


@st.composite
def streams(draw: st.DrawFn, matter: Matter) -> list[Stream]:
    """Return what is recorded of each thing."""
    found: list[Stream] = [spells(draw(st.lists(st.integers(0, 90), max_size=4)))]
    for key in matter.dates:
        values = draw(st.lists(st.tuples(st.integers(0, 70), st.integers(0, 22)), max_size=3))
        found.append(tuple(dated(key, *value) for value in values))
    for spec, unit in matter.extended:
        counts = draw(st.lists(st.integers(1, 10), max_size=2))
        found.append(tuple(extension(spec, unit, count) for count in counts))
    return found


@st.composite
def mixed(draw: st.DrawFn, matter: Matter) -> tuple[list[Stream], list[c.Command]]:
    """Return streams, and all that is in them, mixed."""
    given_streams = draw(streams(matter))
    turns = [number for number, stream in enumerate(given_streams) for _ in stream]
    left = [list(stream) for stream in given_streams]
    return given_streams, [left[number].pop(0) for number in draw(st.permutations(turns))]


def recorded(matter: Matter, commands: Iterable[c.Command]) -> Case:
    """Return a case in which all is recorded on one morning, one thing a minute."""
    case = Case(at=NOW - timedelta(hours=1), rules=rules_of(matter)).started()
    for number, command in enumerate(commands):
        case.at = NOW + number * MINUTE
        case.do(command)
    case.at = NOW + timedelta(hours=1)
    return case.sweep()


def in_one_go(matter: Matter, given_streams: list[Stream]) -> Case:
    """Return a case in which only what holds in the end is recorded, each thing after the other."""
    keys = set(matter.dates)
    last = [s[-1:] if s and getattr(s[0], "key", "") in keys else s for s in given_streams]
    return recorded(matter, [command for stream in last for command in stream])


def dates_of(case: Case) -> dict[str, tuple[object, ...]]:
    """Return the dates and the clock of every task that counts."""
    return {
        key: (t.status, t.opens_at, t.target_on, t.limit_on, t.limit_at, t.clock, t.clock_note)
        for key, t in case.challenge.tasks.items()
        if t.status is not TaskStatus.CANCELLED
    }


@pytest.mark.parametrize("matter", [VISIT, OTHER], ids=["a visit", "a knot"])
@MANY
@given(st.data())
def test_deadlines_do_not_depend_on_the_order_of_recording(
    matter: Matter, data: st.DataObject
) -> None:
    given_streams, commands = data.draw(mixed(matter))
    assert dates_of(recorded(matter, commands)) == dates_of(in_one_go(matter, given_streams))


@pytest.mark.parametrize("matter", [VISIT, OTHER], ids=["a visit", "a knot"])
@MANY
@given(st.data())
def test_what_is_kept_is_what_the_whole_plan_says(matter: Matter, data: st.DataObject) -> None:
    _, commands = data.draw(mixed(matter))
    case = recorded(matter, commands)
    wanted = plan(case.rules, case.challenge)
    tasks = {k: t for k, t in case.challenge.tasks.items() if t.status is not TaskStatus.CANCELLED}
    assert tasks.keys() == wanted.keys()
    for key, task in tasks.items():
        if task.status in SETTLED:
            continue
        one = wanted[key]
        kept = (task.target_on, task.limit_on, task.limit_at, task.clock, task.clock_note)
        assert kept == (one.target_on, one.limit_on, one.limit_at, one.clock, one.clock_note), key


def test_the_order_of_two_values_of_one_date_does_matter() -> None:
    early, late = dated("answered", 0, 0), dated("answered", 9, 0)
    first, second = recorded(OTHER, [early, late]), recorded(OTHER, [late, early])
    assert dates_of(first) != dates_of(second)


def test_all_that_changes_a_deadline_is_recorded_somewhere() -> None:
    commands: list[c.Command] = [dated(key, 5, 0) for key in OTHER.dates[:2]]
    commands += [*spells([6, 8]), extension("reply", "days", 5), extension("hours", "hours", 5)]
    plain = dates_of(recorded(OTHER, commands[:2]))
    changed = dates_of(recorded(OTHER, commands))
    assert {key for key in plain if plain[key] != changed[key]} == {
        *("reply", "second", "hours", "months")
    }
