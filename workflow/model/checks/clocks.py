"""Checks worked-out dates, and what stops a deadline's clock, lets it begin anew or adds to it."""

from collections.abc import Iterator

from workflow.model.calendar import LAST_YEAR
from workflow.model.checks.circles import find_circular
from workflow.model.checks.finding import Finding, Path, Scope
from workflow.model.checks.places import timings, within
from workflow.model.definition import DateFact, Definition
from workflow.model.duties import Extension, Pause, TaskSpec
from workflow.model.language.phrases import Happening, Occasion, Timing, Unit

_ONLY_RECORDED = ("set_by", "cut_off", "moves_with", "not_before", "within")
_OF_CLOCK = ("pauses", "restarts_on", "extends", "excused_when", "cap")
_MOST_CHAIN, _MOST_WORKED = 20, 1_000
_RECORDINGS = (Happening.MOVES, Happening.CLEARED)


def find_in_clocks(scope: Scope) -> Iterator[Finding]:
    """Give what is wrong with worked-out dates, pauses, extensions and their like."""
    parts = scope.definition
    yield from _find_in_dates(parts)
    yield from _find_heavy(parts)
    yield from _find_recordings(parts)
    for name, pause in parts.pauses.items():
        if pause.until and not pause.from_:
            text = "`until` needs `from`; without `from`, people say when it begins and ends"
            yield Finding(("pauses", name, "until"), f"{text} (`pause REF {name}`)")
        if pause.days and pause.from_:
            text = "a pause lies on fixed days or between two dates"
            yield Finding(("pauses", name, "days"), f"{text}; leave out `days` or `from`")
        yield from _find_endless(("pauses", name, "days"), pause)
    for name, task in parts.tasks.items():
        yield from _find_in_task(("tasks", name), name, task)


def _find_endless(path: Path, pause: Pause) -> Iterator[Finding]:
    """Give the fixed days of a pause that go on beyond what any calendar knows."""
    for index, days in enumerate(pause.days):
        if days.last.year > LAST_YEAR:
            text = f'"{days.text}": working days are known up to the year {LAST_YEAR}'
            yield Finding((*path, index), f"{text}; let the pause end earlier")


def _find_in_dates(parts: Definition) -> Iterator[Finding]:
    """Give the keys of dates that are of no use with a date that is worked out."""
    for name, date in parts.dates.items():
        path: Path = ("dates", name)
        for key in _ONLY_RECORDED if date.is_ else ():
            if getattr(date, key):
                text = f"`{key}` is about recording a date, but this one is worked out"
                yield Finding((*path, key), f"{text}; leave out {key} or is")
        yield from _find_leaders(parts, path, date)
    for trigger, step in parts.transitions.items():
        for index, name in enumerate(step.clears):
            if _is_worked_out(parts, name):
                text = f'"{name}" is worked out, so it cannot be cleared'
                path = ("transitions", trigger, "clears", index)
                yield Finding(path, f"{text}; clear what it counts from")


def _find_heavy(parts: Definition) -> Iterator[Finding]:
    """Give the first date that is worked out by way of too many others."""
    sizes: dict[str, tuple[int, int]] = {}
    for name in parts.dates if not find_circular(parts) else ():
        length, work = _size(parts, name, sizes)
        if length > _MOST_CHAIN or work > _MOST_WORKED:
            text = f"it is worked out by way of more than {_MOST_CHAIN} dates one after the other"
            tail = f"or of {_MOST_WORKED} in all; count it from earlier ones"
            yield Finding(("dates", name, "is"), f"{text}, {tail}")
            return


def _size(
    parts: Definition, name: str, sizes: dict[str, tuple[int, int]], *, depth: int = 0
) -> tuple[int, int]:
    """Return how many dates are worked out for one: one after the other, and in all."""
    date = parts.dates.get(name.partition(".")[0])
    if date is None or date.is_ is None:
        return 0, 0
    if depth > _MOST_CHAIN:
        return _MOST_CHAIN + 1, _MOST_WORKED + 1
    if name not in sizes:
        names = [other for timing in within(date.is_) for other in timing.names]
        behind = [_size(parts, other, sizes, depth=depth + 1) for other in names]
        length = max((size for size, _ in behind), default=0)
        sizes[name] = 1 + length, 1 + sum(work for _, work in behind)
    return sizes[name]


def _find_leaders(parts: Definition, path: Path, date: DateFact) -> Iterator[Finding]:
    of = date.within.of if date.within else None
    for key, other in (
        ("moves_with", date.moves_with),
        ("not_before", date.not_before),
        ("within", of),
    ):
        if other and not date.is_ and _is_worked_out(parts, other):
            text = f'"{other}" is worked out, never recorded, so that this would never be looked at'
            yield Finding((*path, key), f"{text}; name a date that people record")


def _is_worked_out(parts: Definition, name: str) -> bool:
    return name in parts.dates and parts.dates[name].is_ is not None


def _find_recordings(parts: Definition) -> Iterator[Finding]:
    """Give what waits for the recording of a date that is worked out."""
    for name, task in parts.tasks.items():
        yield from _find_in_occasions(parts, ("tasks", name, "redo_when"), task.redo_when)
    for name, notice in parts.notices.items():
        yield from _find_in_occasions(parts, ("notices", name, "when"), notice.when)
    for place in timings(parts):
        for name in {name for timing in within(place.timing) for name in timing.names}:
            date, _, part = name.partition(".")
            if part == "recorded" and _is_worked_out(parts, date):
                text = f'"{date}" is worked out, never recorded; count from {date} itself'
                yield Finding(place.path, text)


def _find_in_occasions(
    parts: Definition, path: Path, occasions: tuple[Occasion, ...]
) -> Iterator[Finding]:
    for index, occasion in enumerate(occasions):
        for name in occasion.subjects if occasion.happening in _RECORDINGS else ():
            if _is_worked_out(parts, name):
                text = f'"{name}" is worked out, so nobody ever records it as another day'
                yield Finding((*path, index), f"{text}; name a date that it counts from")


def _find_in_task(path: Path, name: str, task: TaskSpec) -> Iterator[Finding]:
    timing = task.limit or task.target
    if timing is None:
        for key in _OF_CLOCK:
            if getattr(task, key):
                text = f"`{key}` is about a deadline, but this task has neither target nor limit"
                yield Finding((*path, key), f"{text}; add one, or leave {key} out")
        return
    yield from _find_in_running(path, name, task)
    for key, extension in task.extends.items():
        inner: Path = (*path, "extends", key)
        yield from _find_in_extension(inner, extension)
        if (extension.by.unit is Unit.HOURS) != (timing.unit is Unit.HOURS):
            text = f"{extension.by.unit} cannot be added to a deadline that counts {timing.unit}"
            yield Finding((*inner, "by"), f"{text}; hours go with hours only")


def _find_in_running(path: Path, name: str, task: TaskSpec) -> Iterator[Finding]:
    """Give what stops or restarts a clock that does not run."""
    if all(_is_backward(one) for one in (task.limit, task.target) if one):
        for key in ("pauses", "restarts_on"):
            if getattr(task, key):
                text = f"`{key}` is about a clock, and no date of this task counts forward"
                yield Finding((*path, key), f"{text}; leave it out, or count where the clock runs")
    for index, other in enumerate(task.restarts_on):
        if other == name:
            text = "the clock of a task ends when it is done; name what happens before"
            yield Finding((*path, "restarts_on", index), text)


def _is_backward(timing: Timing) -> bool:
    """Return whether a timing counts back, and nothing within it counts forward."""
    return timing.count < 0 and not any(one.count > 0 for one in within(timing))


def _find_in_extension(path: Path, extension: Extension) -> Iterator[Finding]:
    """Give what makes no sense where an extension is given by itself."""
    if not extension.when:
        return
    if extension.by.is_at_most:
        text = "it is given by itself, so nobody says how much of it"
        yield Finding((*path, "by"), f'{text}; leave out "up to"')
    for key in ("before", "allowed"):
        if getattr(extension, key):
            text = f"`{key}` is about people who agree, but with `when` it is given by itself"
            yield Finding((*path, key), f"{text}; leave out one of the two")
    if extension.at_most > 1:
        text = "given by itself, it is given once; leave out at_most"
        yield Finding((*path, "at_most"), text)
