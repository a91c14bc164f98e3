"""A definition made ready for the engine: retention turned into tasks, and who reads what.

A rulebook is built once for each definition and calendar and then only read. `readers` answers
the question that makes a command cheap: when this task changes, which others must be looked at
again? `watchers` are those that hang on the last activity, which every command changes. `firings`
remembers the moments of reminder ladders, which depend on their `hinges` alone; `reckoned` the
dates of tasks whose clock just runs, by what they hang on (`hangs_on`). Entries in people's
calendars hang on what is `appointed`.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import InitVar, dataclass, field, fields, is_dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from workflow.model.calendar import Calendar, calendar_named
from workflow.model.definition import Definition
from workflow.model.duties import TaskSpec
from workflow.model.language.fields import days_of
from workflow.model.language.phrases import AnyOf, Condition, Opening, Timing, Way
from workflow.model.language.snaps import WEEKDAYS
from workflow.model.language.timing import OWN_WORDS, parse_time_of_day
from workflow.model.lines import RETENTION_PREFIX
from workflow.model.machine import Graph
from workflow.model.planning.hours import Hours
from workflow.model.reckoning.moments import Ground, Lookup
from workflow.model.records.rules import RetentionRule

Value = TypeVar("Value")

LAST_ACTIVITY = "last_activity"
REMEMBERED = 20_000


@dataclass(frozen=True, eq=False)
class Rulebook:
    """A definition, its calendars, and what follows from these alone.

    `official` is the calendar that the definition's own one is or is based on; `bases` are more
    of them, by name, as they are kept. What neither has comes from the official lists.
    """

    definition: Definition
    official: InitVar[Calendar | None] = None
    bases: InitVar[Mapping[str, Calendar] | None] = None
    calendar: Calendar = field(init=False)
    calendars: Mapping[str, Calendar] = field(init=False)
    zone: ZoneInfo = field(init=False)
    send_at: time = field(init=False)
    specs: Mapping[str, TaskSpec] = field(init=False)
    positions: Mapping[str, int] = field(init=False)
    readers: Mapping[str, tuple[str, ...]] = field(init=False)
    dated: Mapping[str, frozenset[str]] = field(init=False)
    watchers: frozenset[str] = field(init=False)
    issuers: frozenset[str] = field(init=False)
    graph: Graph = field(init=False)
    hours: Hours = field(init=False)
    hinges: Mapping[str, tuple[str, ...]] = field(init=False)
    appointed: frozenset[str] = field(init=False)
    hangs_on: Mapping[str, tuple[str, ...]] = field(init=False)
    firings: dict[Any, tuple[Any, ...]] = field(init=False, default_factory=dict)
    reckoned: dict[Any, Any] = field(init=False, default_factory=dict)

    def __post_init__(
        self, official: Calendar | None, bases: Mapping[str, Calendar] | None
    ) -> None:
        """Work out what follows from the definition alone."""
        specs = {**self.definition.tasks, **_retention_tasks(self.definition)}
        known = {**({official.name: official} if official else {}), **(bases or {})}
        calendars = calendars_of(self.definition, known)
        self._set("calendars", calendars)
        self._set("calendar", calendars[self.definition.calendar])
        self._set("zone", ZoneInfo(self.definition.zone))
        self._set("send_at", parse_time_of_day(self.definition.send_at))
        self._set("specs", specs)
        self._set("positions", {key: number for number, key in enumerate(specs)})
        self._set("issuers", frozenset(k for k, spec in specs.items() if spec.issues_material))
        read = {key: frozenset(_read_by(self.definition, spec)) for key, spec in specs.items()}
        dated = {key: frozenset(_dated_by(self.definition, spec)) for key, spec in specs.items()}
        self._set("dated", dated)
        self._set("watchers", frozenset(k for k, names in read.items() if LAST_ACTIVITY in names))
        self._set("readers", _readers(specs, read, self.issuers))
        self._set("graph", Graph(self.definition))
        self._set("hours", Hours(self.definition.sending, self.calendar, self.zone))
        self._set("hinges", _hinges(self.definition))
        self._set("appointed", frozenset(_appointed(self.definition)))
        self._set("hangs_on", dict(_plain(specs)))

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def remembered(self, key: Hashable, reckon: Callable[[], Value]) -> Value:
        """Return what `reckon` gives; what it gave for an equal key, if that is remembered."""
        found: Value | None = self.reckoned.get(key)
        if found is None:
            if len(self.reckoned) >= REMEMBERED:
                self.reckoned.clear()
            found = self.reckoned[key] = reckon()
        return found

    def today(self, at: datetime) -> date:
        """Return the local day of a moment."""
        return at.astimezone(self.zone).date()

    def stage_order(self, stage: str) -> int:
        """Return where a stage stands in the definition's list, from 0."""
        return list(self.definition.stages).index(stage)

    def is_ended(self, key: str, *, stage: str) -> bool:
        """Return whether a stage ends the tasks of a spec: they are neither its own nor kept."""
        entered = self.definition.stages[stage]
        is_over = entered.final or entered.keeps is not None
        is_kept = stage in self.specs[key].stage or key in (entered.keeps or ())
        return is_over and not is_kept and not key.startswith(RETENTION_PREFIX)

    def calendar_of(self, spec: TaskSpec) -> Calendar:
        """Return the calendar of a task's working days."""
        return self.calendars[spec.calendar] if spec.calendar else self.calendar

    def ground(self, find: Lookup, spec: TaskSpec | None = None) -> Ground:
        """Return what timings are reckoned on, in the calendar of a task or the usual one."""
        calendar = self.calendar_of(spec) if spec else self.calendar
        return Ground(find, calendar, self.zone, self.calendars)


def _hinges(definition: Definition) -> Mapping[str, tuple[str, ...]]:
    """Return the anchors that the rungs of each ladder hang on, those of the task itself apart."""
    names = {
        key: dict.fromkeys(name for rung in ladder for name in rung.when.timing.names)
        for key, ladder in definition.ladders.items()
    }
    return {
        key: tuple(name for name in found if name not in OWN_WORDS) for key, found in names.items()
    }


def _plain(specs: Mapping[str, TaskSpec]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield what the dates of each task hang on whose clock is a plain one."""
    for key, spec in specs.items():
        if not has_clock(spec):
            timings = (timing for timing in (spec.limit, spec.target) if timing is not None)
            yield key, tuple(dict.fromkeys(name for timing in timings for name in timing.names))


def has_clock(spec: TaskSpec) -> bool:
    """Return whether a task's clock may do anything else than run."""
    return bool(spec.pauses or spec.restarts_on or spec.extends or spec.excused_when or spec.cap)


def base_calendars(definition: Definition) -> frozenset[str]:
    """Return the names of the official calendars that a definition uses."""
    named = {local.based_on for local in definition.calendars.values()}
    named |= {spec.calendar for spec in definition.tasks.values() if spec.calendar}
    named |= {timing.calendar for timing in timings_in(definition) if timing.calendar}
    return frozenset((named | {definition.calendar}) - set(definition.calendars))


def timings_in(part: object) -> Iterator[Timing]:
    """Yield every timing in a part of a definition, at any depth."""
    todo = [part]
    while todo:
        one = todo.pop()
        if isinstance(one, Timing):
            yield one
        todo.extend(inside(one))


def inside(part: object) -> Iterable[object]:
    """Return what a part of a definition holds."""
    if isinstance(part, BaseModel):
        return [getattr(part, name) for name in type(part).model_fields]
    if isinstance(part, Mapping):
        return [*part.keys(), *part.values()]
    if isinstance(part, tuple | list | set | frozenset):
        return part
    if is_dataclass(part):
        return [getattr(part, one.name) for one in fields(part)]
    return ()


def _each(days: str) -> Iterator[date]:
    """Yield every day of `2027-07-22 to 2027-08-31`, or the one day."""
    first, last = (date.fromisoformat(day) for day in days_of(days))
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def calendars_of(definition: Definition, known: Mapping[str, Calendar]) -> Mapping[str, Calendar]:
    """Return every calendar that a definition's timings may name, its own ones among them.

    Raises:
        InvalidInput: there is no such official calendar.
    """
    found = {n: known.get(n) or calendar_named(n) for n in base_calendars(definition)}
    for name, local in definition.calendars.items():
        found[name] = found[local.based_on].with_local(
            name,
            adds={day: title for days, title in local.adds.items() for day in _each(days)},
            removes=[date.fromisoformat(day) for day in local.removes],
            weekend=frozenset(WEEKDAYS.index(day) for day in local.weekend),
        )
    return found


def _retention_tasks(definition: Definition) -> dict[str, TaskSpec]:
    """Return a task for each retention rule with a period that a role sees to."""
    return {
        RETENTION_PREFIX + key: _retention_task(definition, rule, rule.for_)
        for key, rule in definition.retention.items()
        if rule.for_ is not None and rule.review_by is not None
    }


def _retention_task(definition: Definition, rule: RetentionRule, period: Timing) -> TaskSpec:
    """Return the task that carries out a retention rule when its period is over."""
    return TaskSpec.model_construct(
        title=f"{rule.then.capitalize()}: {rule.title}",
        stage=tuple(definition.stages),
        by=(rule.review_by,),
        opens=Opening(period.text, (Way(timing=period),)),
        target=period,
        reminders=rule.reminders,
        source=rule.source,
    )


def _readers(
    specs: Mapping[str, TaskSpec], read: Mapping[str, frozenset[str]], issuers: frozenset[str]
) -> Mapping[str, tuple[str, ...]]:
    """Return for each task the others that must be planned again when it changes.

    Where a task comes again and again, each turn reads those before it.
    """
    readers: dict[str, list[str]] = {key: [] for key in specs}
    for key, spec in specs.items():
        is_issued = spec.for_each is not None and spec.for_each.is_issued
        is_repeated = spec.for_each is not None and spec.for_each.every is not None
        names = {*read[key], *(issuers if is_issued else ())} - {key}
        names |= {key} if is_repeated else set()
        for name in specs:
            if name in names:
                readers[name].append(key)
    return {key: tuple(names) for key, names in readers.items()}


def _read_by(definition: Definition, spec: TaskSpec) -> Iterator[str]:
    """Yield the names that a task's plan depends on; those behind a worked-out date, too."""
    yield from _dated_by(definition, spec)
    every = spec.for_each.every if spec.for_each else None
    ways = spec.opens.ways if spec.opens else ()
    asked = [*spec.when, *(condition for way in ways for condition in way.conditions)]
    asked += [every.until] if every and every.until else []
    timings = [spec.not_before, spec.lapses, *(way.timing for way in ways)]
    timings += [every.start] if every else []
    timings += [rung.when.timing for name in spec.reminders for rung in definition.ladders[name]]
    yield from spec.after
    for name in _ends_of(spec):
        yield name
        yield from _behind(definition, name)
    yield from _named(definition, asked, timings)


def _ends_of(spec: TaskSpec) -> tuple[str, ...]:
    """Return the dates from and to which a task is for each day."""
    each = spec.for_each
    return tuple(name for name in (each.first_day, each.last_day) if name) if each else ()


def _dated_by(definition: Definition, spec: TaskSpec) -> Iterator[str]:
    """Yield the names that a task's target and limit hang on, and their clock."""
    extensions = spec.extends.values()
    pauses = [definition.pauses[name] for name in spec.pauses]
    asked = [*spec.excused_when]
    asked += [one for extension in extensions for one in (*extension.when, *extension.unless)]
    timings = [spec.target, spec.limit, spec.cap]
    timings += [extension.no_later_than for extension in extensions]
    timings += [timing for pause in pauses for timing in (pause.from_, pause.until)]
    for name in spec.restarts_on:
        yield name
        yield from _behind(definition, name)
    yield from _named(definition, asked, timings)


def _appointed(definition: Definition) -> Iterator[str]:
    """Yield the names that the entries in people's calendars hang on."""
    for one in definition.invitations.values():
        yield one.task or ""
        yield from _named(definition, (), (one.at, one.first, one.last))


def _named(
    definition: Definition,
    asked: Iterable[Condition | AnyOf],
    timings: Iterable[Timing | None],
) -> Iterator[str]:
    """Yield the names in conditions and timings, and those behind worked-out dates."""
    for requirement in asked:
        for condition in conditions_of(requirement):
            yield condition.subject
            yield from _behind(definition, condition.subject)
    for timing in timings:
        for name in anchors_of(timing):
            yield name
            yield from _behind(definition, name)


def _behind(definition: Definition, name: str) -> Iterator[str]:
    """Yield what a worked-out date hangs on."""
    rule = definition.dates.get(name)
    for inner in anchors_of(rule.is_) if rule else ():
        yield inner
        yield from _behind(definition, inner)


def conditions_of(requirement: Condition | AnyOf) -> tuple[Condition, ...]:
    """Return the single conditions of a requirement."""
    return requirement.of if isinstance(requirement, AnyOf) else (requirement,)


def anchors_of(timing: Timing | None) -> Iterator[str]:
    """Yield the names of a timing's anchors, without `.limit` and the like."""
    for name in timing.names if timing else ():
        yield name.partition(".")[0]
