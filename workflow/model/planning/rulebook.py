"""A definition made ready for the engine: retention turned into tasks, and who reads what.

A rulebook is built once for each definition and calendar and then only read. `readers` answers
the question that makes a command cheap: when this task changes, which others must be looked at
again? `firings` remembers the moments of reminder ladders, which depend on dates alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from workflow.model.calendar import Calendar
from workflow.model.definition import Definition, RetentionRule, TaskSpec
from workflow.model.language.conditions import parse_opening
from workflow.model.language.phrases import AnyOf, Condition, Timing
from workflow.model.language.timing import parse_time_of_day
from workflow.model.machine import Graph

RETENTION_PREFIX = "retention_"


@dataclass(frozen=True, eq=False)
class Rulebook:
    """A definition, its calendar, and what follows from the two alone."""

    definition: Definition
    calendar: Calendar
    zone: ZoneInfo = field(init=False)
    send_at: time = field(init=False)
    specs: Mapping[str, TaskSpec] = field(init=False)
    positions: Mapping[str, int] = field(init=False)
    readers: Mapping[str, tuple[str, ...]] = field(init=False)
    issuers: frozenset[str] = field(init=False)
    graph: Graph = field(init=False)
    firings: dict[Any, tuple[Any, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Work out what follows from the definition alone."""
        specs = {**self.definition.tasks, **_retention_tasks(self.definition)}
        self._set("zone", ZoneInfo(self.definition.zone))
        self._set("send_at", parse_time_of_day(self.definition.send_at))
        self._set("specs", specs)
        self._set("positions", {key: number for number, key in enumerate(specs)})
        self._set("issuers", frozenset(k for k, spec in specs.items() if spec.issues_material))
        self._set("readers", _readers(specs, self.issuers))
        self._set("graph", Graph(self.definition))

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def today(self, at: datetime) -> date:
        """Return the local day of a moment."""
        return at.astimezone(self.zone).date()

    def stage_order(self, stage: str) -> int:
        """Return where a stage stands in the definition's list, from 0."""
        return list(self.definition.stages).index(stage)


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
        opens=parse_opening(period.text),
        target=period,
        source=rule.source,
    )


def _readers(
    specs: Mapping[str, TaskSpec], issuers: frozenset[str]
) -> Mapping[str, tuple[str, ...]]:
    """Return for each task the others that must be planned again when it changes."""
    readers: dict[str, list[str]] = {key: [] for key in specs}
    for key, spec in specs.items():
        for name in dict.fromkeys(_read_by(spec, issuers)):
            if name in readers and name != key:
                readers[name].append(key)
    return {key: tuple(names) for key, names in readers.items()}


def _read_by(spec: TaskSpec, issuers: frozenset[str]) -> Iterable[str]:
    """Yield the names that a task's plan depends on."""
    yield from spec.after
    for requirement in spec.when:
        yield from (condition.subject for condition in conditions_of(requirement))
    for way in spec.opens.ways if spec.opens else ():
        yield from (condition.subject for condition in way.conditions)
        yield from anchors_of(way.timing)
    for timing in (spec.target, spec.limit, spec.lapses):
        yield from anchors_of(timing)
    if spec.for_each is not None and spec.for_each.is_issued:
        yield from issuers


def conditions_of(requirement: Condition | AnyOf) -> tuple[Condition, ...]:
    """Return the single conditions of a requirement."""
    return requirement.of if isinstance(requirement, AnyOf) else (requirement,)


def anchors_of(timing: Timing | None) -> Iterable[str]:
    """Yield the names of a timing's anchors, without `.limit` and `.target`."""
    for name in timing.anchor.names if timing else ():
        yield name.partition(".")[0]
