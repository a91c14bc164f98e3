"""Checks what phrases speak of: the anchors of timings, the subjects of conditions, the people."""

from collections.abc import Iterator, Sequence

from workflow.model.checks.finding import Finding, Path, Scope, find_unknown, name_all, unknown
from workflow.model.checks.places import (
    LAST_ACTIVITY,
    OF_DAY,
    OF_PERSON,
    OF_TASK,
    Demand,
    Place,
    demands,
    timings,
    within,
    words_of,
)
from workflow.model.duties import TaskSpec
from workflow.model.language.phrases import (
    AnyOf,
    Choice,
    Condition,
    ForEach,
    Happening,
    Occasion,
    Test,
)

_LADDERS = "ladders"
_ALL_PARTS = {
    "date": ("recorded",),
    "task": ("limit", "target", "opened", "recorded"),
    "stage": (),
}
_TESTS = {
    "task": (Test.HOLDS, Test.DONE),
    "date": (Test.HOLDS, Test.KNOWN, Test.REACHED),
    "stage": (Test.HOLDS, Test.ENTERED, Test.REACHED),
}


def find_unknown_subjects(scope: Scope) -> Iterator[Finding]:
    """Give every phrase that speaks of something that is not there, or not of this kind."""
    for place in timings(scope.definition):
        yield from _find_in_place(scope, place)
    for demand in demands(scope.definition):
        yield from _find_in_demand(scope, demand)
    for name, task in scope.definition.tasks.items():
        yield from _find_in_task(scope, ("tasks", name), task)
    for name, notice in scope.definition.notices.items():
        yield from _find_in_occasions(scope, ("notices", name, "when"), notice.when)


def _find_in_task(scope: Scope, path: Path, task: TaskSpec) -> Iterator[Finding]:
    yield from _find_in_occasions(scope, (*path, "redo_when"), task.redo_when)
    for index, occasion in enumerate(task.redo_when):
        if occasion.happening is Happening.WEEKLY:
            text = f'"{occasion.text}" makes a notice go out; it cannot make a task be redone'
            yield Finding((*path, "redo_when", index), text)
    if task.for_each:
        yield from _find_in_selection(scope, (*path, "for_each"), task.for_each)
    for way in task.opens.ways if task.opens else ():
        if way.is_leaving and "leaving" not in words_of(task.for_each):
            yield _misplaced((*path, "opens"), "leaving")


def _find_in_place(scope: Scope, place: Place) -> Iterator[Finding]:
    """Give the anchors of a timing that are nothing, and what may not stand in its place."""
    for timing in within(place.timing):
        if timing.since is not None and not (place.has_window and timing is place.timing):
            text = f'"{timing.text}" is a window; only a target or a limit can be one'
            yield Finding(place.path, f"{text}: write one number")
        yield from find_unknown(place.path, "date", timing.unless, known=scope.definition.dates)
    for name in dict.fromkeys(place.timing.anchor.names):
        yield from _find_in_anchor(scope, place, name)


def _find_in_anchor(scope: Scope, place: Place, name: str) -> Iterator[Finding]:
    key, _, part = name.partition(".")
    if part:
        yield from _find_in_part(scope, place.path, key, part)
    elif name == LAST_ACTIVITY:
        if place.is_steady:
            text = '"last activity" moves with everything that anybody records'
            yield Finding(place.path, f"{text}; count from a date, a task or a stage here")
    elif name in (*OF_PERSON, *OF_DAY, *OF_TASK):
        if name not in place.words:
            yield _misplaced(place.path, name)
        elif _is_lacking(scope, place, name):
            text = f"the task has no {name} to count from"
            yield Finding(place.path, f"{text}; add one, or count from something else")
    elif name not in scope.anchors:
        known = name_all(place.words, scope.anchors)
        found = unknown(place.path, "date, task or stage", name, known=known)
        is_notice = name in scope.definition.notices
        yield _no_anchor(place.path, name) if is_notice else found


def _is_lacking(scope: Scope, place: Place, word: str) -> bool:
    """Return whether a timing waits for a deadline of its own task that there is not.

    The target of a task that has none is its limit; of several, the earlier may be another one.
    """
    if not place.task or place.is_steady or place.timing.anchor.choice is Choice.EARLIEST:
        return False
    task = scope.definition.tasks[place.task]
    needed = {"limit": task.limit, "target": task.target or task.limit}
    return word in needed and needed[word] is None


def _no_anchor(path: Path, notice: str) -> Finding:
    text = f'"{notice}" is a notice, and nothing may hang on a message having been sent'
    return Finding(path, f"{text}; count from target, from limit or from a date")


def _find_in_part(scope: Scope, path: Path, key: str, part: str) -> Iterator[Finding]:
    """Give what is wrong with `KEY.limit`, `KEY.opened` and the like."""
    kind = scope.kind(key)
    has_part = [one for one, known in _ALL_PARTS.items() if part in known]
    if kind not in _ALL_PARTS:
        dates = scope.definition.dates if "date" in has_part else ()
        known = name_all(dates, scope.definition.tasks)
        yield unknown(path, " or ".join(has_part), key, known=known)
    elif kind not in has_part:
        text = f'{key} is a {kind}, which has no "{part}"'
        yield Finding(path, f"{text}; only a {' or a '.join(has_part)} has one")
    elif part in OF_TASK and getattr(scope.definition.tasks[key], part) is None:
        yield Finding(path, f'the task "{key}" has no {part} to count from')


def _misplaced(path: Path, word: str) -> Finding:
    """Return the finding that a word of the task itself cannot stand here."""
    if path[0] == _LADDERS:
        text = f'"{word}" cannot be used in a ladder; count from opening, target or limit'
        return Finding(path, f"{text}, or from a date, a task or a stage")
    if word in OF_PERSON:
        return Finding(path, f'"{word}" needs a task that is for each person (for_each: a group)')
    if word in OF_DAY:
        return Finding(path, f'"{word}" needs a task that is for each day (for_each: day from …)')
    part = "opened" if word == "opening" else word
    return Finding(
        path, f'"{word}" cannot be used here; count from a date, a task, a stage, or TASK.{part}'
    )


def _find_in_demand(scope: Scope, demand: Demand) -> Iterator[Finding]:
    asked, timeless = demand.asked, demand.is_timeless
    if isinstance(asked, AnyOf):
        for place, condition in enumerate(asked.of):
            inner = (*demand.path, "of", place)
            yield from _find_in_condition(scope, inner, condition, is_timeless=timeless)
    else:
        yield from _find_in_condition(scope, demand.path, asked, is_timeless=timeless)


def _find_in_condition(
    scope: Scope, path: Path, condition: Condition, *, is_timeless: bool
) -> Iterator[Finding]:
    """Give what is wrong with a condition. A timeless one cannot ask whether a day has come."""
    name = condition.subject
    if condition.test in {Test.ENOUGH, Test.FILLED}:
        yield from find_unknown(path, "role or group", name, known=scope.people)
        return
    kind = scope.kind(name)
    if kind is None:
        yield unknown(path, "task, date or stage", name, known=scope.anchors)
    elif kind in {"role", "group"}:
        text = (
            f'"{condition.text}": {name} is a {kind}; write "{name}.enough" or "{name} is filled"'
        )
        yield Finding(path, text)
    elif condition.test not in _TESTS[kind]:
        allowed = " or ".join(f'"{name} is {test}"' for test in _TESTS[kind] if test != Test.HOLDS)
        yield Finding(path, f'"{condition.text}": {name} is a {kind}; write {allowed}')
    elif kind == "task" and condition.is_not:
        text = f'"{condition.text}": what asks that a task is not done would undo itself'
        yield Finding(path, f"{text}; ask for a date or a stage")
    elif is_timeless and kind == "date" and condition.test is Test.REACHED:
        text = f'"{condition.text}" can be asked of transitions only; a task waits for a day'
        yield Finding(path, f"{text} with `opens: {name}`")


def _find_in_occasions(
    scope: Scope, path: Path, occasions: Sequence[Occasion]
) -> Iterator[Finding]:
    parts = scope.definition
    for index, occasion in enumerate(occasions):
        what, known = "role or group", scope.people
        if occasion.happening is Happening.ENTERED:
            what, known = "stage", parts.stages
        elif occasion.happening in (Happening.MOVES, Happening.CLEARED):
            what, known = "date", parts.dates
        for subject in occasion.subjects:
            yield from find_unknown((*path, index), what, subject, known=known)


def _find_in_selection(scope: Scope, path: Path, for_each: ForEach) -> Iterator[Finding]:
    dates = scope.definition.dates
    yield from find_unknown(path, "role or group", for_each.people, known=scope.people)
    yield from find_unknown(path, "date", for_each.first_day, known=dates)
    yield from find_unknown(path, "date", for_each.last_day, known=dates)
    given = (*scope.definition.documents, *scope.definition.media)
    tasks = scope.definition.tasks.values()
    is_given = bool(given) or any(task.issues_material for task in tasks)
    if for_each.is_issued and not is_given:
        text = "nobody is ever given anything: no task has `issues_material: true`"
        yield Finding(path, text)
