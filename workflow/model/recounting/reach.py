"""Which tasks a change of working days can move at all, so that no others need be counted again.

A count of working days asks only for the days between where it starts and where it ends. It starts
at something that a rule names, and it ends no further away than the rule counts. A day outside this
reach was never asked for, and changes nothing.

A rule is read as a whole, whatever its fields are called: every timing in it that asks for working
days, and every date in it that is worked out. What has a part or a name that is not known here is
always in reach.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workflow.model.calendar import Calendar
from workflow.model.challenge import Challenge
from workflow.model.definition import Definition
from workflow.model.duties import Rung, TaskSpec
from workflow.model.language.phrases import Every, InPeriod, Period, Snap, Timing, Unit
from workflow.model.planning.rulebook import Rulebook, inside
from workflow.model.task import SETTLED, Task

WORKING = ("working", "business")  # each phrase that asks for working days has one of the words
MARGIN = 16
"""Days: more than the longest run of days off, than a cut-off, and than any zone is wide."""
QUIET = 60
"""Days by which sending on working days only may put a reminder off."""

_DAYS = {
    Unit.HOURS: 0.1, Unit.DAYS: 1, Unit.WORKING_DAYS: 2, Unit.WEEKS: 7, Unit.MONTHS: 31,
    Unit.YEARS: 366,
}  # fmt: skip
_PERIODS = {Period.WEEK: 7, Period.MONTH: 31, Period.QUARTER: 92, Period.YEAR: 366}
_TIMED = ("for_each", "when", "opens", "target", "limit", "not_before", "lapses")
_UNTIMED = (
    "title", "stage", "by", "after", "calendar", "evidence", "evidence_needed", "attest",
    "other_than", "redo_when", "early", "issues_material", "source", "target_source", "reminders",
)  # fmt: skip
_OF_ITSELF = ("opening", "target", "limit", "day")
_OF_PEOPLE = ("joining", "leaving")
_JOINED = "joined"  # the days until whoever joined has had a whole working day
_PARTS = ("", "limit", "target", "opened", "recorded")

Days = set[int]  # as ordinals


@dataclass(frozen=True, slots=True)
class Reach:
    """From what a rule counts, and how many days away from it at most; None: from anything."""

    names: frozenset[str]
    days: int | None


@dataclass(frozen=True, slots=True)
class Reaches:
    """The reaches of every task of a definition that asks for working days.

    `has_steps` says that a step of the lifecycle asks for them, too; `has_entries`, that an entry
    in calendars does.
    """

    of: Mapping[str, tuple[Reach, ...]]
    calendar: Calendar
    has_steps: bool
    has_entries: bool

    def reached(self, challenge: Challenge, days: Iterable[date]) -> frozenset[str]:
        """Return the keys of the specs whose tasks may move when these days change."""
        changed = [day.toordinal() for day in days]
        known = _known(challenge, self.calendar)
        over = _over(challenge)
        return frozenset(
            key
            for key, counts in self.of.items()
            if key not in over and any(_is_reached(reach, known, changed) for reach in counts)
        )


def reaches(rulebook: Rulebook) -> Reaches:
    """Return which tasks of a definition ask for working days, and how far away."""
    definition = rulebook.definition
    found = {
        key: tuple(dict.fromkeys(_of_task(rulebook, key, spec)))
        for key, spec in rulebook.specs.items()
    }
    steps = _reaches(rulebook, "", list(inside(definition.transitions)))
    entries = _reaches(rulebook, "", list(inside(definition.invitations)))
    return Reaches(
        of={key: counts for key, counts in found.items() if counts},
        calendar=rulebook.calendar,
        has_steps=any(True for _ in steps),
        has_entries=any(True for _ in entries),
    )


def _of_task(rulebook: Rulebook, key: str, spec: TaskSpec) -> Iterator[Reach]:
    """Yield the reach of each count of a task; none when it asks for no working days."""
    every = spec.for_each.every if spec.for_each else None
    if not _is_bounded(spec) or (every is not None and every.is_from_last):
        yield Reach(frozenset(), None)
    if spec.for_each is not None and spec.for_each.people is not None:
        yield Reach(frozenset([_JOINED]), 1)  # whoever joins late has a working day more
    yield from _reaches(rulebook, key, [getattr(spec, name) for name in _TIMED])
    rungs = [rulebook.definition.ladders[name] for name in spec.reminders]
    is_quiet = _is_working(rulebook.definition.sending.on)
    yield from _reaches(rulebook, key, rungs, more=QUIET if is_quiet else 0)


def _is_bounded(spec: TaskSpec) -> bool:
    """Return whether a task has nothing that puts its dates off by amounts that people agree on."""
    return all(
        getattr(spec, name) == field.get_default(call_default_factory=True)
        for name, field in TaskSpec.model_fields.items()
        if name not in (*_TIMED, *_UNTIMED)
    )


def _reaches(
    rulebook: Rulebook, key: str, start: Iterable[object], *, more: int = 0
) -> Iterator[Reach]:
    """Yield the reach of each timing, and of each date that is worked out, in parts of a rule.

    `more` are days by which what is reckoned may be put off to a working day.
    """
    for timing, repeated in _timings(start):
        names, texts, days = _through(rulebook.definition, timing)
        if more or repeated or any(map(_is_working, texts)):
            yield _reach(rulebook, key, names, round(days + repeated) + more + MARGIN)
    for text in (part for part in _parts(start) if isinstance(part, str)):
        rule = rulebook.definition.dates.get(text.partition(".")[0])
        if rule is not None and rule.is_ is not None:
            yield from _reaches(rulebook, key, [rule.is_])


def _is_working(text: str) -> bool:
    return any(word in text.lower() for word in WORKING)


def _reach(rulebook: Rulebook, key: str, names: Iterable[str], days: int) -> Reach:
    """Return a reach, in which the names that speak of the task itself stand for its own parts."""
    found: set[str] = set()
    for name in names:
        head, _, part = name.partition(".")
        if name in _OF_ITSELF:
            found.add(f"{key}.{name}")
            found.update([f"{key}.limit"] if name == "target" else [])
        elif name in (*_OF_PEOPLE, *rulebook.definition.dates, *rulebook.definition.stages) or (
            head in (*rulebook.specs, *rulebook.definition.dates) and part in _PARTS
        ):
            found.add(name)
        else:
            return Reach(frozenset(), None)
    return Reach(frozenset(found), days)


def _through(definition: Definition, timing: Timing) -> tuple[list[str], list[str], float]:
    """Return the names behind a timing, its texts, and its days; of worked-out dates, too."""
    names, texts, days = [], [timing.text], _span(timing)
    for name in timing.names:
        rule = definition.dates.get(name.partition(".")[0])
        if rule is None or rule.is_ is None:
            names.append(name)
            continue
        behind = _through(definition, rule.is_)
        names, texts, days = names + behind[0], texts + behind[1], days + behind[2]
    return names, texts, days


def _timings(start: Iterable[object]) -> Iterator[tuple[Timing, float]]:
    """Yield each timing in parts of a rule, and by how many days its repetitions lead on.

    Those within others are left out.
    """
    todo = list(start)
    while todo:
        part = todo.pop()
        if isinstance(part, Timing):
            yield part, 0
        elif isinstance(part, Rung):
            timing = part.when.timing
            yield timing, part.at_most * _amount(timing) if part.when.is_repeated else 0
        elif isinstance(part, Every):
            yield part.start, (part.at_most + 1) * (abs(part.count) * _DAYS[part.unit] + 1)
        else:
            todo.extend(inside(part))


def _span(timing: Timing) -> float:
    """Return by how many days a timing can lead away from the last of its anchors."""
    own = _amount(timing) + MARGIN * (1 if timing.roll else 0) + _snapped(timing.anchor.snap)
    return own + sum(_span(inner) for inner in timing.anchor.of)


def _amount(timing: Timing) -> float:
    return (abs(timing.count) + abs(timing.since or 0)) * _DAYS[timing.unit]


def _snapped(snap: Snap | None) -> int:
    if isinstance(snap, InPeriod):
        return _PERIODS[snap.period] * (abs(snap.shift) + 1) + MARGIN
    return 0 if snap is None else 366


def _parts(start: Iterable[object]) -> Iterator[object]:
    """Yield all that a rule consists of, at any depth."""
    todo = list(start)
    while todo:
        part = todo.pop()
        yield part
        todo.extend(inside(part))


def _over(challenge: Challenge) -> set[str]:
    """Return the specs all of whose tasks are settled, and that get no further ones."""
    found: dict[str, bool] = {}
    for task in challenge.tasks.values():
        is_over = task.status in SETTLED and task.day is None
        found[task.spec] = found.get(task.spec, True) and is_over
    return {key for key, is_over in found.items() if is_over}


def _is_reached(reach: Reach, known: Mapping[str, Days], changed: Sequence[int]) -> bool:
    """Return whether one of the days that change is near one that the rule counts from."""
    if reach.days is None:
        return True
    starts = [day for name in reach.names for day in known.get(name, ())]
    return any(abs(day - start) <= reach.days for day in changed for start in starts)


def _known(challenge: Challenge, calendar: Calendar) -> Mapping[str, Days]:
    """Return the days that are known under each name, as ordinals."""
    known: dict[str, Days] = defaultdict(set)
    for member in challenge.team:
        known["joining"] |= _ordinals(member.since, member.joined_at)
        least = calendar.add_working_days(member.since, 1)
        known[_JOINED].update(range(member.since.toordinal(), least.toordinal() + 1))
        known["leaving"] |= _ordinals(member.until, member.left_at)
    for name, fact in challenge.dates.items():
        known[name] |= _ordinals(fact.on, fact.moment)
        known[f"{name}.recorded"] |= _ordinals(fact.recorded_at)
    for stage, at in challenge.entered.items():
        known[stage] |= _ordinals(at)
    for task in challenge.tasks.values():
        _note(known, task)
    return known


def _note(known: dict[str, Days], task: Task) -> None:
    """Add the days of a task under the names by which rules speak of them."""
    key, opened = task.spec, _ordinals(task.opened_at, task.opens_at)
    if task.status in SETTLED:
        known[key] |= _ordinals(task.done_on, task.done_at, task.issued_at)
        known[f"{key}.recorded"] |= _ordinals(task.done_at)
    known[f"{key}.opened"] |= opened
    known[f"{key}.opening"] |= opened
    known[f"{key}.target"] |= _ordinals(task.target_on)
    known[f"{key}.limit"] |= _ordinals(task.limit_on, task.limit_at)
    known[f"{key}.day"] |= _ordinals(task.day)


def _ordinals(*days: date | None) -> Days:
    return {day.toordinal() for day in days if day is not None}
