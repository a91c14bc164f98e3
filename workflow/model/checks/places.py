"""Where the timings and the conditions of a definition stand, and what each may speak of there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workflow.model.checks.finding import Path
from workflow.model.definition import Definition
from workflow.model.duties import Extension, TaskSpec
from workflow.model.language.phrases import AnyOf, Condition, ForEach, Timing

OF_PERSON, OF_DAY, OF_TASK = ("joining", "leaving"), ("day",), ("opening", "target", "limit")
LAST_ACTIVITY = "last_activity"
_OWN_WORDS = {
    "target": ("opening", "limit"),
    "limit": ("opening",),
    "lapses": ("opening", "target", "limit"),
    "cap": ("opening",),
    "not_before": (),
}
_WINDOWS = ("target", "limit")
_STEADY = ("cap", "not_before")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A timing, and what it may be: the own words that may stand in it, a window, the activity.

    `task` is the task that the own words speak of. A steady one does not move whenever anything
    happens at all.
    """

    path: Path
    timing: Timing
    words: tuple[str, ...] = ()
    task: str = ""
    has_window: bool = False
    is_steady: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A requirement; a timeless one cannot ask whether a day has come."""

    path: Path
    asked: Condition | AnyOf
    is_timeless: bool = True


def timings(parts: Definition) -> Iterator[Place]:
    """Give every timing of a definition, tasks first, with its place."""
    for name, task in parts.tasks.items():
        yield from timings_of(name, task)
    for name, date in parts.dates.items():
        if date.is_:
            yield Place(path=("dates", name, "is"), timing=date.is_)
    yield from _of_lifecycle(parts)
    for name, ladder in parts.ladders.items():
        for index, rung in enumerate(ladder):
            path: Path = ("ladders", name, index, "when")
            yield Place(path=path, timing=rung.when.timing, words=(*OF_TASK, *OF_DAY))
    yield from _of_calendars(parts)
    for name, rule in parts.retention.items():
        if rule.for_:
            yield Place(path=("retention", name, "for"), timing=rule.for_)


def _of_calendars(parts: Definition) -> Iterator[Place]:
    """Give the timings of the entries in people's calendars."""
    for name, invitation in parts.invitations.items():
        for key in ("first", "last", "at"):
            if timing := getattr(invitation, key):
                yield Place(path=("invitations", name, key), timing=timing, is_steady=True)


def _of_lifecycle(parts: Definition) -> Iterator[Place]:
    """Give the timings of steps and of pauses."""
    for name, step in parts.transitions.items():
        if isinstance(step.at, Timing):
            yield Place(path=("transitions", name, "at"), timing=step.at)
        if step.not_before:
            path: Path = ("transitions", name, "not_before")
            yield Place(path=path, timing=step.not_before, is_steady=True)
    for name, pause in parts.pauses.items():
        for key, timing in (("from", pause.from_), ("until", pause.until)):
            if timing:
                yield Place(path=("pauses", name, key), timing=timing, is_steady=True)


def timings_of(name: str, task: TaskSpec) -> Iterator[Place]:
    """Give the timings of one task."""
    path: Path = ("tasks", name)
    own = words_of(task.for_each)
    for key, words in _OWN_WORDS.items():
        timing = getattr(task, key)
        if timing:
            yield Place(
                path=(*path, key),
                timing=timing,
                words=(*words, *own),
                task=name,
                has_window=key in _WINDOWS,
                is_steady=key in _STEADY,
            )
    for way in task.opens.ways if task.opens else ():
        if way.timing:
            yield Place(path=(*path, "opens"), timing=way.timing, words=own, task=name)
    if task.for_each and task.for_each.every:
        start = task.for_each.every.start
        yield Place(path=(*path, "for_each"), timing=start, is_steady=True)
    for key, extension in task.extends.items():
        yield from _of_extension((*path, "extends", key), extension, own, name)


def _of_extension(
    path: Path, extension: Extension, own: tuple[str, ...], task: str
) -> Iterator[Place]:
    for key, timing, words in (
        ("before", extension.before, (*OF_TASK, *own)),
        ("no_later_than", extension.no_later_than, ("opening", *own)),
    ):
        if timing:
            yield Place(path=(*path, key), timing=timing, words=words, task=task, is_steady=True)


def words_of(for_each: ForEach | None) -> tuple[str, ...]:
    """Return the words that speak of the person or the day that a task is for."""
    if for_each is None:
        return ()
    return OF_PERSON if for_each.people else OF_DAY


def demands(parts: Definition) -> Iterator[Demand]:
    """Give every requirement of a definition, with its place."""
    for name, step in parts.transitions.items():
        for key in ("requires", "warns"):
            yield from _listed(("transitions", name, key), getattr(step, key), is_timeless=False)
    for name, task in parts.tasks.items():
        yield from _of_task(("tasks", name), task)


def _of_task(path: Path, task: TaskSpec) -> Iterator[Demand]:
    yield from _listed((*path, "when"), task.when)
    yield from _listed((*path, "excused_when"), task.excused_when)
    for key, extension in task.extends.items():
        yield from _listed((*path, "extends", key, "when"), extension.when)
        yield from _listed((*path, "extends", key, "unless"), extension.unless)
    for way in task.opens.ways if task.opens else ():
        for condition in way.conditions:
            yield Demand(path=(*path, "opens"), asked=condition)
    if task.for_each and task.for_each.every and task.for_each.every.until:
        yield Demand(path=(*path, "for_each"), asked=task.for_each.every.until)


def _listed(
    path: Path, requirements: Sequence[Condition | AnyOf], *, is_timeless: bool = True
) -> Iterator[Demand]:
    for index, one in enumerate(requirements):
        yield Demand(path=(*path, index), asked=one, is_timeless=is_timeless)


def within(timing: Timing) -> Iterator[Timing]:
    """Give a timing, and those that it is made of."""
    yield timing
    for inner in timing.anchor.of:
        yield from within(inner)
