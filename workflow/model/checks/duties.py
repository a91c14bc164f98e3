"""Checks that every limit and every obligation is accounted for, and that people can be told."""

import re
from collections.abc import Iterator

from workflow.model.checks.circles import conditions_of
from workflow.model.checks.finding import Finding, Path, Scope, name_all, unknown
from workflow.model.checks.ladders import is_guarded, is_sure
from workflow.model.definition import Definition, Obligation
from workflow.model.duties import HOUSE_POLICY, TaskSpec
from workflow.model.language.phrases import Happening
from workflow.model.lines import RETENTION_PREFIX
from workflow.model.records.rules import RetentionRule

BRACES = re.compile(r"\{\w*\}|[{}]")
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
    yield from _find_unkept(scope.definition)
    for name, rule in scope.definition.retention.items():
        path: Path = ("retention", name)
        yield from _find_in_retention(path, rule)
        yield from _find_in_reminders(scope.definition, path, rule)
        own = f"{RETENTION_PREFIX}{name}"
        if rule.for_ and own in scope.definition.tasks:
            text = f'the task "{own}" is made from this rule; call the other one else'
            yield Finding(path, text)


def _find_unkept(parts: Definition) -> Iterator[Finding]:
    """Give the first task that hands out what nothing says the end of."""
    for name, task in parts.tasks.items():
        if task.issues_material and not parts.retention:
            text = "nothing says how long people keep what they are given; add `retention`"
            yield Finding(("tasks", name, "issues_material"), f"{text} with a rule for it")
            return


def _find_in_retention(path: Path, rule: RetentionRule) -> Iterator[Finding]:
    """Give what makes no sense of what is kept, and of which of our copies go."""
    if rule.for_ and not rule.review_by:
        text = "nobody sees to it at the end: name a role under `review_by`"
        yield Finding((*path, "for"), text)
    if rule.reminders and not rule.for_:
        text = "nobody is reminded: only what has a `for` has an end to be reminded of"
        yield Finding((*path, "reminders"), text)
    if rule.copies and (text := _wrong_copies(rule)):
        yield Finding((*path, "copies"), text)
    if rule.documents and "documents" not in rule.copies:
        text = "no documents go: name `documents` under `copies`"
        yield Finding((*path, "documents"), text)
    if rule.of and "contact_details" not in rule.copies:
        text = "no contact details go: name `contact_details` under `copies`"
        yield Finding((*path, "of"), text)


def _find_in_reminders(parts: Definition, path: Path, rule: RetentionRule) -> Iterator[Finding]:
    """Give the rungs that cannot speak of an end: it is for nobody in particular, and no limit."""
    for index, ladder in enumerate(rule.reminders):
        for number, rung in enumerate(parts.ladders.get(ladder, ()), 1):
            if "person" in rung.to or "limit" in rung.when.timing.anchor.names:
                what = "tells `person`" if "person" in rung.to else "hangs on the limit"
                text = f"rung {number} of {ladder} {what}, but an end has a target only, and nobody"
                yield Finding((*path, "reminders", index), f"{text} it is for")


def _wrong_copies(rule: RetentionRule) -> str:
    """Return what is wrong with the copies that a rule names; empty if nothing is."""
    kinds = set(rule.copies)
    if len(kinds) < len(rule.copies):
        return "a kind is listed twice"
    if rule.for_ is None:
        return "nothing says when our copies go: add `for`"
    if rule.then in ("archive", "review"):
        return f"what ends with `{rule.then}` is not destroyed: name no copies"
    if "record" in kinds and len(kinds) > 1:
        return "the record is all that we have: name nothing beside it"
    if "contact_details" in kinds and not rule.of:
        return "whose contact details: name roles or groups under `of`"
    if "texts" in kinds and ("documents" not in kinds or rule.documents):
        return (
            "texts go with their key, which all stored files have, too: name `documents`, and all"
        )
    return ""


def _find_in_sources(parts: Definition) -> Iterator[Finding]:
    known = name_all(parts.sources, [HOUSE_POLICY])
    beginnings = tuple(f"{name}{mark}" for name in known for mark in (" ", ","))
    for path, source in _sources(parts):
        if not f"{source} ".startswith(beginnings):
            found = unknown(path, "source", source[:60], known=known)
            yield Finding(path, f"{found.message}; a source begins with one of them")
    for name, task in parts.tasks.items():
        if task.limit and not task.source:
            text = "nothing says where this limit comes from; add `source:`"
            listed = f"{text} (one of {', '.join(known)})"
            yield Finding(("tasks", name, "limit"), listed)


def _sources(parts: Definition) -> Iterator[tuple[Path, str]]:
    """Give every source that is named, with its path."""
    sections = (
        "roles", "dates", "transitions", "pauses", "tasks", "documents", "media", "retention",
        "obligations",
    )  # fmt: skip
    for section in sections:
        for name, part in getattr(parts, section).items():
            for key in ("source", "target_source"):
                if source := getattr(part, key, None):
                    yield (section, name, key), source
    for name, task in parts.tasks.items():
        for key, extension in task.extends.items():
            if extension.source:
                yield ("tasks", name, "extends", key, "source"), extension.source


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
    yield from _find_owner(parts, path, task)
    yield from _find_in_title(path, task)
    for index, ladder in enumerate(task.reminders):
        yield from _find_in_ladder(parts, (*path, "reminders", index), task, ladder)


def _find_owner(parts: Definition, path: Path, task: TaskSpec) -> Iterator[Finding]:
    """Give the tasks that nobody does, or that may have nobody to do them."""
    if not task.by:
        yield Finding((*path, "by"), "nobody does it: name a role, a group or `person`")
        return
    is_known = all(name in parts.roles or name in parts.groups for name in task.by)
    is_held = any(is_sure(parts, name) or is_guarded(task, name) for name in task.by)
    if is_known and not is_held and (task.limit or task.target):
        told = ", ".join(task.by)
        text = f"its deadline may have no owner: nobody need hold {told}"
        way_out = f"add a role that is always held, or `when: {task.by[0]} is filled`"
        yield Finding((*path, "by"), f"{text}; {way_out}", is_warning=True)


def _find_in_ladder(
    parts: Definition, path: Path, task: TaskSpec, ladder: str
) -> Iterator[Finding]:
    """Give the rungs that do not fit a task: for nobody, or on a deadline that it has not."""
    is_personal = bool(task.for_each and task.for_each.people)
    has_deadline = task.limit is not None or task.target is not None
    for index, rung in enumerate(parts.ladders.get(ladder, ())):
        if "person" in rung.to and not is_personal:
            text = f"rung {index + 1} of {ladder} tells `person`, but this task is for nobody"
            yield Finding(path, f"{text} in particular (for_each: a group)")
        hung = [name for name in rung.when.timing.anchor.names if name in {"target", "limit"}]
        if hung and not has_deadline:
            text = f"rung {index + 1} of {ladder} hangs on the {hung[0]}"
            yield Finding(path, f"{text}, but this task has neither target nor limit")
            break


def _find_in_title(path: Path, task: TaskSpec) -> Iterator[Finding]:
    """Give the braces of a title that stand for nothing."""
    allowed: tuple[str, ...] = ()
    if task.for_each:
        allowed = ("person",) if task.for_each.people else ("day",)
    for name in sorted(set(BRACES.findall(task.title)) - {f"{{{word}}}" for word in allowed}):
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
            waiting += [condition.subject for condition in conditions_of(need)]
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
        date = parts.dates[name]
        behind = [key.partition(".")[0] for key in date.is_.anchor.names] if date.is_ else []
        return [*behind, date.set_by] if date.set_by else behind
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
