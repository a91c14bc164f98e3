"""Checks what phrases speak of: the anchors of timings, the subjects of conditions, the people."""

from collections.abc import Iterator, Sequence

from workflow.model.checks.finding import Finding, Path, Scope, find_unknown, name_all, unknown
from workflow.model.definition import TaskSpec
from workflow.model.language.phrases import (
    AnyOf,
    Condition,
    ForEach,
    Happening,
    Occasion,
    Test,
    Timing,
)

_OF_PERSON, _OF_DAY, _OF_TASK = ("joining", "leaving"), ("day",), ("opening", "target", "limit")
_OWN_WORDS = {
    "opens": (),
    "target": ("opening", "limit"),
    "limit": ("opening",),
    "lapses": ("opening", "target", "limit"),
}
_TESTS = {
    "task": (Test.HOLDS, Test.DONE),
    "date": (Test.HOLDS, Test.KNOWN, Test.REACHED),
    "stage": (Test.HOLDS, Test.ENTERED, Test.REACHED),
}


def find_unknown_subjects(scope: Scope) -> Iterator[Finding]:
    """Give every phrase that speaks of something that is not there, or not of this kind."""
    for name, step in scope.definition.transitions.items():
        path: Path = ("transitions", name)
        yield from _find_in_requirements(scope, (*path, "requires"), step.requires)
        yield from _find_in_requirements(scope, (*path, "warns"), step.warns)
        if isinstance(step.at, Timing):
            yield from _find_in_timing(scope, (*path, "at"), step.at, own=())
    for name, task in scope.definition.tasks.items():
        yield from _find_in_task(scope, name, task)
    for name, notice in scope.definition.notices.items():
        yield from _find_in_occasions(scope, ("notices", name, "when"), notice.when)
    for name, rule in scope.definition.retention.items():
        if rule.for_:
            yield from _find_in_timing(scope, ("retention", name, "for"), rule.for_, own=())


def _find_in_task(scope: Scope, name: str, task: TaskSpec) -> Iterator[Finding]:
    path: Path = ("tasks", name)
    yield from _find_in_requirements(scope, (*path, "when"), task.when, is_timeless=True)
    yield from _find_in_occasions(scope, (*path, "redo_when"), task.redo_when)
    for index, occasion in enumerate(task.redo_when):
        if occasion.happening is Happening.WEEKLY:
            text = f'"{occasion.text}" makes a notice go out; it cannot make a task be redone'
            yield Finding((*path, "redo_when", index), text)
    if task.for_each:
        yield from _find_in_selection(scope, (*path, "for_each"), task.for_each)
    for part, own in _OWN_WORDS.items():
        timing = getattr(task, part)
        if isinstance(timing, Timing):
            words = (*own, *_words_of_occurrence(task.for_each))
            yield from _find_in_timing(scope, (*path, part), timing, own=words)
    yield from _find_in_opening(scope, (*path, "opens"), task)


def _words_of_occurrence(for_each: ForEach | None) -> tuple[str, ...]:
    """Return the words that speak of the person or the day that a task is for."""
    if for_each is None:
        return ()
    return _OF_PERSON if for_each.people else _OF_DAY


def _find_in_opening(scope: Scope, path: Path, task: TaskSpec) -> Iterator[Finding]:
    own = _words_of_occurrence(task.for_each)
    for way in task.opens.ways if task.opens else ():
        for condition in way.conditions:
            yield from _find_in_condition(scope, path, condition, is_timeless=True)
        if way.timing:
            yield from _find_in_timing(scope, path, way.timing, own=own)
        if way.is_leaving and "leaving" not in own:
            yield _misplaced(path, "leaving")


def _find_in_timing(
    scope: Scope, path: Path, timing: Timing, *, own: Sequence[str]
) -> Iterator[Finding]:
    """Give the anchors that are nothing; `own` are the words of the task that may stand here."""
    for name in timing.anchor.names:
        task, _, part = name.partition(".")
        if part and task not in scope.definition.tasks:
            yield unknown(path, "task", task, known=scope.definition.tasks)
        elif part and getattr(scope.definition.tasks[task], part) is None:
            yield Finding(path, f'the task "{task}" has no {part} to count from')
        elif not part and name in (*_OF_PERSON, *_OF_DAY, *_OF_TASK):
            if name not in own:
                yield _misplaced(path, name)
        elif not part and name not in scope.anchors:
            yield unknown(path, "date, task or stage", name, known=name_all(scope.anchors, own))


def _misplaced(path: Path, word: str) -> Finding:
    """Return the finding that a word of the task itself cannot stand here."""
    if word in _OF_PERSON:
        return Finding(path, f'"{word}" needs a task that is for each person (for_each: a group)')
    if word in _OF_DAY:
        return Finding(path, f'"{word}" needs a task that is for each day (for_each: day from …)')
    return Finding(
        path, f'"{word}" cannot be used here; count from a date, a task, a stage, or TASK.{word}'
    )


def _find_in_requirements(
    scope: Scope,
    path: Path,
    requirements: Sequence[Condition | AnyOf],
    *,
    is_timeless: bool = False,
) -> Iterator[Finding]:
    for index, one in enumerate(requirements):
        if isinstance(one, Condition):
            yield from _find_in_condition(scope, (*path, index), one, is_timeless=is_timeless)
            continue
        for place, condition in enumerate(one.of):
            inner = (*path, index, "of", place)
            yield from _find_in_condition(scope, inner, condition, is_timeless=is_timeless)


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
    tasks = scope.definition.tasks.values()
    if for_each.is_issued and not any(task.issues_material for task in tasks):
        text = "nobody is ever given anything: no task has `issues_material: true`"
        yield Finding(path, text)
