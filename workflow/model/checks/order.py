"""Checks that the days of a task, a pause and a retention do not contradict each other."""

from collections.abc import Iterator
from dataclasses import dataclass

from workflow.model.checks.finding import Finding, Path, Scope
from workflow.model.checks.spans import Bounds, Measure, is_later, within_day
from workflow.model.duties import TaskSpec
from workflow.model.language.phrases import Edge
from workflow.model.records.rules import RECORD, RetentionRule

_WAY_OUT = "move one of the two"
_ORDER = {
    ("beginning of target", "limit"): "the window of the target begins after the limit",
    ("beginning of limit", "cap"): "the window of the limit begins after the cap",
    ("target", "limit"): (
        "the target lies after the limit; the target is the soft date, and comes first"
    ),
    ("not_before", "limit"): "it would be late before it may be done: the limit comes first",
    ("not_before", "target"): "it could not be done by its target: the target comes first",
    ("opens", "limit"): "it would open when it is late already: the limit comes first",
    ("opens", "target"): "it would open after its target has passed",
    ("opens", "lapses"): "it would lapse before it opens",
    ("limit", "cap"): "the limit lies after the cap, so that it never counts",
    ("target", "cap"): "the target lies after the cap, the last day for it",
    ("limit", "lapses"): "the limit lies after the day on which it lapses: it can never be late",
    ("target", "lapses"): "the target lies after the day on which it lapses",
    ("not_before", "lapses"): "it would lapse before it may be done",
}
"""What must come first, and what then; and what is said when it surely does not."""


def find_in_order(scope: Scope) -> Iterator[Finding]:
    """Give the days that come in the wrong order, as far as they can be compared."""
    measure = Measure(scope.definition)
    for name, task in scope.definition.tasks.items():
        yield from _find_in_task(measure, name, task)
    for name, pause in scope.definition.pauses.items():
        if pause.from_ and pause.until:
            begins, ends = (measure.moment(timing) for timing in (pause.from_, pause.until))
            if is_later(begins, ends):
                text = "it would end before it begins: until lies before from"
                yield Finding(("pauses", name, "until"), f"{text}; {_WAY_OUT}")
    for name, rule in scope.definition.retention.items():
        yield from _find_in_retention(measure, name, rule)


@dataclass(frozen=True, slots=True)
class _Days:
    """The days of a task that can be measured, by the name of their key."""

    bounds: dict[str, Bounds]

    def are_wrong(self, first: str, then: str) -> bool:
        """Return whether what should come first surely lies after the other."""
        return is_later(self.bounds.get(first, {}), self.bounds.get(then, {}))


def _find_in_task(measure: Measure, name: str, task: TaskSpec) -> Iterator[Finding]:
    days = _Days(_measured(measure, name, task))
    told: set[str] = set()
    for (first, then), text in _ORDER.items():
        key = first.removeprefix("beginning of ")
        if key not in told and days.are_wrong(first, then):
            told.add(key)
            tail = "" if ";" in text else f"; {_WAY_OUT}"
            yield Finding(("tasks", name, key), f"{text}{tail}")
    for key, extension in task.extends.items():
        path: Path = ("tasks", name, "extends", key)
        if extension.no_later_than and task.limit:
            last = measure.moment(extension.no_later_than, task=name)
            if is_later(days.bounds["limit"], last):
                text = "it could put nothing off: the limit lies after it already"
                yield Finding((*path, "no_later_than"), f"{text}; {_WAY_OUT}")


def _measured(measure: Measure, name: str, task: TaskSpec) -> dict[str, Bounds]:
    found: dict[str, Bounds] = {}
    for key in ("target", "limit", "lapses", "cap", "not_before"):
        timing = getattr(task, key)
        if timing:
            edge = Edge.START if key == "not_before" else Edge.END
            moment = measure.moment(timing, task=name, edge=edge)
            found[key] = {f"{name}.{key}": within_day(timing), **moment}
    for key in ("target", "limit"):
        timing = getattr(task, key)
        if timing and timing.since is not None:
            found[f"beginning of {key}"] = measure.beginning(timing, task=name)
    ways = task.opens.ways if task.opens else ()
    if len(ways) == 1 and ways[0].timing:
        found["opens"] = measure.moment(ways[0].timing, task=name, edge=Edge.START)
    return found


def _find_in_retention(measure: Measure, name: str, rule: RetentionRule) -> Iterator[Finding]:
    """Give what is destroyed before the deadline of a task that needs it."""
    ends = list(_ends(measure, rule))
    yield from _find_too_short(measure, name, rule)
    for index, key in enumerate(rule.needed_for):
        task = measure.parts.tasks.get(key)
        timing = (task.limit or task.target) if task else None
        if timing is None:
            continue
        needed = measure.moment(timing, task=key)
        path: Path = ("retention", name, "needed_for", index)
        for what, end in ends:
            if is_later(needed, end):
                text = f'it goes before "{key}" must be done, which needs it: {what} comes first'
                yield Finding(path, f"{text}; keep it longer")


def _find_too_short(measure: Measure, name: str, rule: RetentionRule) -> Iterator[Finding]:
    """Give the record that goes before a part of it does, or before a task must be done."""
    if rule.for_ is None or RECORD not in rule.copies:
        return
    end = measure.moment(rule.for_)
    for key, task in measure.parts.tasks.items():
        if task.limit and is_later(measure.moment(task.limit, task=key), end):
            text = f'all is destroyed before the limit of "{key}"; keep it longer'
            yield Finding(("retention", name, "for"), text)
            break
    for key, other in measure.parts.retention.items():
        if (
            key != name
            and other.for_
            and other.copies
            and is_later(measure.moment(other.for_), end)
        ):
            text = f'it goes before "{key}", which is a part of it; keep it longer'
            yield Finding(("retention", name, "for"), text)


def _ends(measure: Measure, rule: RetentionRule) -> Iterator[tuple[str, Bounds]]:
    """Give what ends a retention, with the moment."""
    if rule.for_:
        yield rule.for_.text, measure.moment(rule.for_)
    for key in rule.done_by:
        task: TaskSpec | None = measure.parts.tasks.get(key)
        if task and task.limit and task.for_each is None:
            yield f"the limit of {key}", measure.moment(task.limit, task=key)
