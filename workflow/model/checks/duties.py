"""Checks that every limit and every obligation is accounted for, and that people can be told."""

import re
from collections.abc import Iterator

from workflow.model.checks.finding import Finding, Path, Scope, name_all, unknown
from workflow.model.definition import HOUSE_POLICY, Definition, Obligation, TaskSpec
from workflow.model.language.phrases import AnyOf, Happening

_BRACES = re.compile(r"\{\w*\}|[{}]")
_PLACES = ("enforced_by", "tracked_by", "kept_by", "policy")


def find_in_duties(scope: Scope) -> Iterator[Finding]:
    """Give what is wrong with sources, titles, who does what, ladders, notices, obligations."""
    yield from _find_in_sources(scope.definition)
    required = find_required(scope.definition)
    for name, task in scope.definition.tasks.items():
        yield from _find_in_task(scope.definition, name, task)
    for name, duty in scope.definition.obligations.items():
        yield from _find_in_obligation(scope, name, duty, required=required)
    yield from _find_in_notices(scope.definition)
    for name, rule in scope.definition.retention.items():
        path: Path = ("retention", name)
        if rule.for_ and not rule.review_by:
            text = "nobody sees to it at the end: name a role under `review_by`"
            yield Finding((*path, "for"), text)
        if rule.for_ and f"retention_{name}" in scope.definition.tasks:
            text = f'the task "retention_{name}" is made from this rule; call the other one else'
            yield Finding(path, text)


def _find_in_sources(parts: Definition) -> Iterator[Finding]:
    known = name_all(parts.sources, [HOUSE_POLICY])
    beginnings = tuple(f"{name}{mark}" for name in known for mark in (" ", ","))
    for section in ("roles", "dates", "transitions", "tasks", "retention", "obligations"):
        for name, part in getattr(parts, section).items():
            for key in ("source", "target_source"):
                source = getattr(part, key, None)
                if source and not f"{source} ".startswith(beginnings):
                    found = unknown((section, name, key), "source", source[:60], known=known)
                    text = f"{found.message}; a source begins with one of them"
                    yield Finding(found.path, text)
    for name, task in parts.tasks.items():
        if task.limit and not task.source:
            text = "nothing says where this limit comes from; add `source:`"
            listed = f"{text} (one of {', '.join(known)})"
            yield Finding(("tasks", name, "limit"), listed)


def _find_in_task(parts: Definition, name: str, task: TaskSpec) -> Iterator[Finding]:
    path: Path = ("tasks", name)
    is_personal = bool(task.for_each and task.for_each.people)
    if "person" in task.by and not is_personal:
        text = "`by: person` needs a task that is for each person (for_each: a group)"
        yield Finding((*path, "by"), text)
    if task.other_than == name:
        yield Finding(
            (*path, "other_than"), "it cannot be done by somebody other than its own doer"
        )
    yield from _find_in_title(path, task)
    for index, rung in enumerate(parts.ladders.get(task.reminders or "", ())):
        where: Path = (*path, "reminders")
        if "person" in rung.to and not is_personal:
            text = (
                f"rung {index + 1} of {task.reminders} tells `person`, but this task is for nobody"
            )
            yield Finding(where, f"{text} in particular (for_each: a group)")
        is_timed = task.limit or (task.target and rung.when.anchor == "target")
        if rung.when.anchor != "opening" and not is_timed and not task.target:
            text = f"rung {index + 1} of {task.reminders} hangs on the {rung.when.anchor}"
            yield Finding(where, f"{text}, but this task has neither target nor limit")
            break


def _find_in_title(path: Path, task: TaskSpec) -> Iterator[Finding]:
    """Give the braces of a title that stand for nothing."""
    allowed: tuple[str, ...] = ()
    if task.for_each:
        allowed = ("person",) if task.for_each.people else ("day",)
    for name in sorted(set(_BRACES.findall(task.title)) - {f"{{{word}}}" for word in allowed}):
        text = f"{name} stands for nothing here"
        ways = "{person} needs for_each: a group; {day} needs for_each: day from …"
        yield Finding((*path, "title"), f"{text} ({ways})")


def find_required(parts: Definition) -> set[str]:
    """Return the tasks and dates that some transition cannot do without.

    A task that a required one comes after, or opens by, is required with it.
    """
    waiting = [name for name, date in parts.dates.items() if _is_binding(parts, name)]
    for step in parts.transitions.values():
        for need in step.requires:
            conditions = need.of if isinstance(need, AnyOf) else (need,)
            waiting += [condition.subject for condition in conditions]
    required: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in required:
            required.add(name)
            waiting += _needed_by(parts, name)
    return required


def _is_binding(parts: Definition, name: str) -> bool:
    """Return whether a date stops something: a transition without it, or a date that is wrong."""
    date = parts.dates[name]
    is_measured = date.within is not None and date.otherwise == "refuse"
    return bool(date.needed_for or date.not_before or is_measured)


def _needed_by(parts: Definition, name: str) -> list[str]:
    """Return what must be so before the task or date `name` can be."""
    if name in parts.dates:
        setter = parts.dates[name].set_by
        return [setter] if setter else []
    if name not in parts.tasks:
        return []
    task = parts.tasks[name]
    ways = task.opens.ways if task.opens else ()
    opened = [condition.subject for condition in ways[0].conditions] if len(ways) == 1 else []
    return [*task.after, *opened]


def _find_in_obligation(
    scope: Scope, name: str, duty: Obligation, *, required: set[str]
) -> Iterator[Finding]:
    path: Path = ("obligations", name)
    given = [place for place in _PLACES if getattr(duty, place)]
    if len(given) != 1:
        shown = " and ".join(given) if given else "none of them is given"
        text = f"exactly one of {', '.join(_PLACES)} says where it is kept; here: {shown}"
        yield Finding(path, text)
    for index, enforcer in enumerate(duty.enforced_by):
        is_known = scope.kind(enforcer) in {"task", "date"}
        is_step = enforcer in scope.definition.transitions
        if is_known and not is_step and enforcer not in required:
            text = f'"{enforcer}" stops nothing: no transition requires it; use `tracked_by`'
            yield Finding((*path, "enforced_by", index), f"{text}, or require it")


def _find_in_notices(parts: Definition) -> Iterator[Finding]:
    used = {rung.notice for ladder in parts.ladders.values() for rung in ladder}
    for name, notice in parts.notices.items():
        path: Path = ("notices", name)
        if notice.when and not notice.to:
            yield Finding((*path, "when"), "nobody is told: say under `to` who is")
        elif notice.to and not notice.when:
            yield Finding(
                (*path, "to"), "it never goes out by itself: say under `when` what makes it"
            )
        elif not notice.when and name not in used:
            text = f'the notice "{name}" is never sent: no ladder uses it, and it has no `when`'
            yield Finding(path, text, is_warning=True)
        personal = {Happening.JOINING, Happening.LEAVING}
        if "person" in notice.to and not {one.happening for one in notice.when} <= personal:
            text = "`person` is somebody who joins or leaves; this notice is about more than that"
            yield Finding((*path, "to"), text)
