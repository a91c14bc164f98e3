"""Checks that nothing is asked for together with its opposite: that would never hold."""

from collections.abc import Iterator, Sequence

from workflow.model.checks.finding import Finding, Path, Scope
from workflow.model.checks.reach.world import binding
from workflow.model.definition import Definition, Transition
from workflow.model.language.phrases import AnyOf, Condition, Test

Demands = Sequence[tuple[Path, Condition | AnyOf]]
_WAY_OUT = "leave out one of the two"


def find_contradictions(scope: Scope) -> Iterator[Finding]:
    """Give what steps and tasks ask not to be so, and what is so whenever they ask."""
    parts = scope.definition
    for name, step in parts.transitions.items():
        asked = [(("transitions", name, *path), one) for path, one in binding(step)]
        yield from _find_among(parts, asked)
        yield from _find_in_step(parts, name, step, asked)
    for name, task in parts.tasks.items():
        path: Path = ("tasks", name)
        yield from _find_among(
            parts, [((*path, "when", index), one) for index, one in enumerate(task.when)]
        )
        for way in task.opens.ways if task.opens else ():
            yield from _find_among(parts, [((*path, "opens"), one) for one in way.conditions])


def _find_among(parts: Definition, asked: Demands) -> Iterator[Finding]:
    """Give the conditions turned round that others of the same list rule out."""
    single = [(path, one) for path, one in asked if isinstance(one, Condition)]
    for path, one in single:
        against = [
            other.text for _, other in single
            if one.is_not and not other.is_not and _rules_out(parts, other, one)
        ]  # fmt: skip
        if against:
            text = f'"{one.text}" and "{against[0]}" are never both so'
            yield Finding(path, f"{text}; {_WAY_OUT}")


def _rules_out(parts: Definition, one: Condition, other: Condition) -> bool:
    """Return whether `other`, turned round, cannot be so while `one` is."""
    if one.subject != other.subject or one.subject in parts.tasks:  # of tasks, others tell it
        return False
    if one.subject in parts.dates:  # a day that has not come may be known
        return other.test is not Test.REACHED or one.test is Test.REACHED
    return one.subject in parts.stages or one.test is other.test


def _find_in_step(
    parts: Definition, name: str, step: Transition, asked: Demands
) -> Iterator[Finding]:
    """Give the conditions turned round that the stage of a step, or a date it needs, rules out."""
    always = {parts.initial, *(step.from_ if len(step.from_) == 1 else ())}
    for path, one in asked:
        if not isinstance(one, Condition) or not one.is_not:
            continue
        date = parts.dates.get(one.subject)
        if one.subject in parts.stages and one.subject in always:
            text = f'the stage "{one.subject}" is entered whenever this step is asked'
            yield Finding(path, f"{text}, so that this never holds; leave it out")
        if date and name in date.needed_for and one.test is not Test.REACHED:
            text = f'"{name}" is under needed_for of "{one.subject}", which must be known'
            yield Finding(path, f"{text}, so that this never holds; {_WAY_OUT}")
