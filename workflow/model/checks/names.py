"""Checks that every name stands for something: stages, roles, tasks, dates, ladders and more."""

from collections.abc import Iterator

from workflow.model.checks.finding import Finding, Path, Scope, find_unknown, name_all

_ROLE = "role or group"
_PREVIOUS = "previous"


def find_unknown_keys(scope: Scope) -> Iterator[Finding]:
    """Give every plain name that stands for nothing."""
    yield from _find_in_people(scope)
    yield from _find_in_dates(scope)
    yield from _find_in_lifecycle(scope)
    yield from _find_in_tasks(scope)
    yield from _find_in_messages(scope)
    yield from _find_in_register(scope)


def _find_in_people(scope: Scope) -> Iterator[Finding]:
    parts = scope.definition
    for name, group in parts.groups.items():
        path: Path = ("groups", name, "roles")
        yield from find_unknown(path, "role", group.roles, known=parts.roles)
    for power in ("manages", "records", "waives", "overrides", "excepts", "approves"):
        holders = getattr(parts.authority, power)
        yield from find_unknown(("authority", power), _ROLE, holders, known=scope.people)
    if booked := parts.occupies:
        dates = parts.dates
        yield from find_unknown(("occupies", "group"), _ROLE, booked.group, known=scope.people)
        yield from find_unknown(("occupies", "first"), "date", booked.first, known=dates)
        yield from find_unknown(("occupies", "last"), "date", booked.last, known=dates)


def _find_in_dates(scope: Scope) -> Iterator[Finding]:
    parts = scope.definition
    dates, triggers = parts.dates, parts.transitions
    setters = name_all(parts.tasks, triggers)
    for name, date in parts.dates.items():
        path: Path = ("dates", name)
        yield from find_unknown(
            (*path, "needed_for"), "transition", date.needed_for, known=triggers
        )
        yield from find_unknown((*path, "not_before"), "date", date.not_before, known=dates)
        yield from find_unknown((*path, "moves_with"), "date", date.moves_with, known=dates)
        start = date.within.of if date.within else None
        yield from find_unknown((*path, "within"), "date", start, known=dates)
        yield from find_unknown((*path, "set_by"), "task or transition", date.set_by, known=setters)


def _find_in_lifecycle(scope: Scope) -> Iterator[Finding]:
    parts = scope.definition
    stages, tasks = parts.stages, parts.tasks
    targets = name_all(stages, [_PREVIOUS])
    for name, stage in parts.stages.items():
        yield from find_unknown(("stages", name, "keeps"), "task", stage.keeps, known=tasks)
    for name, step in parts.transitions.items():
        path: Path = ("transitions", name)
        yield from find_unknown((*path, "from"), "stage", step.from_, known=stages)
        yield from find_unknown((*path, "to"), "stage", step.to, known=targets)
        yield from find_unknown((*path, "by"), _ROLE, step.by, known=scope.people)
        yield from find_unknown((*path, "clears"), "date", step.clears, known=parts.dates)


def _find_in_tasks(scope: Scope) -> Iterator[Finding]:
    parts = scope.definition
    stages, tasks, ladders = parts.stages, parts.tasks, parts.ladders
    workers = name_all(scope.people, ["person"])
    for name, task in parts.tasks.items():
        path: Path = ("tasks", name)
        yield from find_unknown((*path, "stage"), "stage", task.stage, known=stages)
        yield from find_unknown((*path, "by"), _ROLE, task.by, known=workers)
        yield from find_unknown((*path, "after"), "task", task.after, known=tasks)
        yield from find_unknown((*path, "other_than"), "task", task.other_than, known=tasks)
        yield from find_unknown((*path, "reminders"), "ladder", task.reminders, known=ladders)
        yield from find_unknown((*path, "pauses"), "pause", task.pauses, known=parts.pauses)
        begun = name_all(parts.dates, tasks)
        yield from find_unknown(
            (*path, "restarts_on"), "date or task", task.restarts_on, known=begun
        )
        for key, extension in task.extends.items():
            inner: Path = (*path, "extends", key, "allowed")
            yield from find_unknown(inner, _ROLE, extension.allowed, known=scope.people)


def _find_in_messages(scope: Scope) -> Iterator[Finding]:
    parts = scope.definition
    listeners = name_all(scope.people, ["by", "person"])
    for name, ladder in parts.ladders.items():
        for index, rung in enumerate(ladder):
            path: Path = ("ladders", name, index)
            yield from find_unknown((*path, "to"), _ROLE, rung.to, known=listeners)
            yield from find_unknown((*path, "notice"), "notice", rung.notice, known=parts.notices)
    told = name_all(scope.people, ["person"])
    for name, notice in parts.notices.items():
        yield from find_unknown(("notices", name, "to"), _ROLE, notice.to, known=told)
    for name, invitation in parts.invitations.items():
        path = ("invitations", name)
        yield from find_unknown((*path, "to"), _ROLE, invitation.to, known=listeners)
        yield from find_unknown((*path, "stage"), "stage", invitation.stage, known=parts.stages)
        yield from find_unknown((*path, "task"), "task", invitation.task, known=parts.tasks)


def _find_in_register(scope: Scope) -> Iterator[Finding]:
    parts = scope.definition
    tasks = parts.tasks
    places = name_all(tasks, parts.dates, parts.transitions)
    for name, rule in parts.retention.items():
        path: Path = ("retention", name)
        yield from find_unknown((*path, "held_by"), _ROLE, rule.held_by, known=scope.people)
        yield from find_unknown((*path, "done_by"), "task", rule.done_by, known=tasks)
        yield from find_unknown((*path, "needed_for"), "task", rule.needed_for, known=tasks)
        yield from find_unknown((*path, "review_by"), _ROLE, rule.review_by, known=scope.people)
        yield from find_unknown((*path, "of"), _ROLE, rule.of, known=scope.people)
        yield from find_unknown((*path, "reminders"), "ladder", rule.reminders, known=parts.ladders)
        yield from find_unknown(
            (*path, "documents"),
            "document",
            rule.documents,
            known=parts.documents,
        )
    for name, duty in parts.obligations.items():
        path = ("obligations", name)
        what = "task, date or transition"
        yield from find_unknown((*path, "enforced_by"), what, duty.enforced_by, known=places)
        yield from find_unknown((*path, "tracked_by"), "task", duty.tracked_by, known=tasks)
