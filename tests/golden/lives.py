"""The lives that are recorded: the shipped definitions, and a visit with edits, by seeds.

Everything that people do in them is drawn by a seed: work done late, dates moved, people who leave,
pauses, more time, holds, what is destroyed, another definition in the middle.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random

from definitions import loader
from tests.builders import Case
from tests.property.lives import COMMANDS, KINDS, RULEBOOKS, WAITS, Life, living
from tests.versions import second
from tests.visits import agreeing, dated, drafting, visit_rules, visiting
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.calendar import Calendar, calendar_named
from workflow.model.decide import Decision
from workflow.model.planning.rulebook import Rulebook, base_calendars
from workflow.model.records import commands as r
from workflow.store.calendars import with_days

BEGUN = datetime(2026, 8, 3, 9, tzinfo=UTC)
FIRST_DATE = date(2026, 11, 23)
LAST_YEAR = 2036
TURNS = 120
SELDOM = 40
STARTS = {begin.__name__: begin for begin in (visiting, drafting, agreeing)}
MORE = [*KINDS, *["extend", "pause", "resume", "hold", "lift"] * 2, *["complete"] * 20]


@dataclass(frozen=True, slots=True)
class Step:
    """What happened at one go, and under which of the life's definitions."""

    at: datetime
    rules: int
    events: tuple[e.Event, ...]


@dataclass
class Recorded(Life):
    """A life of which each step is kept."""

    steps: list[Step] = field(default_factory=list)
    version: int = 0

    def ask(self, command: c.Command) -> None:
        """Let an administrator ask for something; most of what is refused is left out."""
        if self.decide(command, is_time_passed=self.is_due) is None:
            self.refusals += 1
            if self.refusals % SELDOM:
                return
        super().ask(command)

    def keep(self, decision: Decision) -> None:
        """Keep what a decision came to, and that it was one step."""
        super().keep(decision)
        if decision.events:
            self.steps.append(Step(self.at, self.version, decision.events))


@dataclass(frozen=True, slots=True)
class Told:
    """A whole life: its steps, and the definitions that they were taken under."""

    steps: tuple[Step, ...]
    rules: tuple[Rulebook, ...]


def kept(rules: Rulebook) -> Rulebook:
    """Return a rulebook under calendars that are kept, as the store has them."""
    return Rulebook(rules.definition, bases=bases(rules))


def bases(rules: Rulebook) -> dict[str, Calendar]:
    """Return the calendars of a definition for all years that a life comes to."""
    names = sorted(base_calendars(rules.definition))
    return {n: with_days(calendar_named(n), {}, (), until=LAST_YEAR) for n in names}


def lives() -> Iterator[tuple[str, Told]]:
    """Yield each life with its name."""
    for name in loader.shipped():
        definition = loader.load(name).definition
        yield name, _told(_begun(kept(Rulebook(definition))), Random(name))  # noqa: S311
    for (title, edits), (start, begin) in product(RULEBOOKS.items(), STARTS.items()):
        case = begin(*edits)
        name = f"visit_{title.replace(' ', '_')}_{start}"
        yield name, _told(_recorded(case, kept(case.rules)), Random(name), most=TURNS // 2)  # noqa: S311
    yield "visit_migrated", _migrated()


def _recorded(case: Case, rules: Rulebook) -> Recorded:
    """Return the life of a case; all that happened by now is its first step."""
    begun = living(case)
    life = Recorded(rules, begun.at, begun.challenge, begun.events, begun.lines, begun.headline)
    life.steps.append(Step(life.at, 0, tuple(life.events)))
    return life


def _begun(rules: Rulebook) -> Recorded:
    """Return a challenge with somebody in each role, and with its dates."""
    life = _recorded(Case(BEGUN, rules).started(), rules)
    for number, role in enumerate(rules.definition.roles, 2):
        life.ask(c.AssignPerson(person=number, role=role, capabilities=_capable(rules)))
    for number, (key, rule) in enumerate(rules.definition.dates.items()):
        if rule.is_ is None and rule.set_by is None:
            on = FIRST_DATE + timedelta(days=number)
            life.ask(c.SetDate(key=key, on=on, reason="agreed"))
    return life


def _capable(rules: Rulebook) -> tuple[str, ...]:
    return tuple(sorted({one for role in rules.definition.roles.values() for one in role.eligible}))


def _told(life: Recorded, random: Random, *, most: int = TURNS) -> Told:
    while len(life.steps) < most:
        _take(life, random)
    for _ in range(TURNS // 4):
        life.until(life.at + timedelta(days=90))
        _dispose(life)
    return Told(tuple(life.steps), (life.rules,))


def _take(life: Recorded, random: Random) -> None:
    kind, first, other = random.choice(MORE), random.randrange(61), random.randrange(60)
    if kind in WAITS:
        WAITS[kind](life, first, other)
    elif kind == "dispose":
        _dispose(life)
    else:
        life.ask(COMMANDS[kind](life, first, other))


def _dispose(life: Recorded) -> None:
    """Ask for what may be destroyed, approve it, and report that it is."""
    if life.is_due:
        return
    for rule in life.rules.definition.retention:
        done = life.challenge.records.disposals.get(rule)
        if done is None or done.requested_at is None:
            life.ask(r.RequestDisposal(rule=rule, reason="it is time"))
        elif done.approved_at is None:
            life.ask(r.ApproveDisposal(rule=rule))
        else:
            life.ask(r.CarryOutDisposal(rule=rule, certificate="NOR-26/1", method="erased"))


def _migrated() -> Told:
    """Return a life that goes on under another version of its definition, and is taken further."""
    first, random = kept(visit_rules()), Random("migrated")  # noqa: S311
    case = dated()
    life = _recorded(case, first)
    for _ in range(TURNS // 4):
        _take(life, random)
    life.sweep()
    before = Case(life.at, first, life.challenge, list(life.events))
    after, decision = second(before)
    new = kept(after.rules)
    seen = len(life.events)
    steps = [*life.steps, Step(life.at, 1, tuple(after.events[seen:]))]
    assert decision.after == after.challenge
    going = _recorded(after, new)
    going.version = 1
    while len(going.steps) < TURNS // 2:
        _take(going, random)
    return Told((*steps, *going.steps[1:]), (first, new))
