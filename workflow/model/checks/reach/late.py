"""Checks that deadlines are known in time: before their task is done, or ended by a stage."""

from collections.abc import Iterator
from itertools import chain

from workflow.model.checks.circles import conditions_of, find_circular
from workflow.model.checks.finding import Finding, Path, Scope
from workflow.model.checks.places import LAST_ACTIVITY, Place, timings, timings_of, within
from workflow.model.checks.reach.endings import Endings
from workflow.model.checks.reach.world import World, is_small
from workflow.model.checks.spans import Measure
from workflow.model.definition import Definition
from workflow.model.language.phrases import AnyOf, Choice, Condition, Timing, Way

_DEADLINES = ("limit", "target", "lapses", "cap", "not_before", "extends")
_PAST = ("opened", "recorded")
_MOST_SEEN = 100
_KEPT = "list it there under keeps, or under its stage"
_EARLIER = "name something earlier, or leave it out"


def find_late(scope: Scope) -> Iterator[Finding]:
    """Give the deadlines that are known too late, once for each."""
    parts = scope.definition
    if not parts.stages:
        return
    world = World(parts).grow()
    told: set[Path] = set()
    for finding in chain(_find_ended(parts), _find_counted_back(parts), _find_too_late(world)):
        if finding.path not in told:
            told.add(finding.path)
            yield finding


def _find_too_late(world: World) -> Iterator[Finding]:
    """Give the timings of tasks that are known only once the task itself is done.

    Left alone are tasks that come again, and those that are for each person: the next one knows.
    """
    parts = world.parts
    possible = world.tasks - find_circular(parts)
    for name, task in parts.tasks.items() if is_small(parts) else ():
        if task.redo_when or task.for_each or name not in possible:
            continue
        timed = [
            p for p in timings_of(name, task) if p.path[2] in _DEADLINES and _is_moot(parts, p)
        ]
        clocked = (task.restarts_on, task.excused_when, task.extends, task.pauses)
        if not timed and not any(clocked):
            continue
        without = World(parts, without=name).grow()
        for place in timed:
            if world.may_come(place.timing) and not without.may_come(place.timing):
                names = dict.fromkeys(place.timing.anchor.names)
                told = " and ".join(f'"{one}"' for one in names if not without.may_be(one))
                text = f"it counts from {told}, known only once this task is done"
                yield Finding(place.path, f"{text}; count from something earlier")
        yield from _find_idle(world, without, name)


def _find_idle(world: World, without: World, name: str) -> Iterator[Finding]:
    """Give what would change the clock of a task, and comes only once the task is done."""
    task, path = world.parts.tasks[name], ("tasks", name)
    for index, other in enumerate(task.restarts_on):
        if other != name and world.may_be(other) and not without.may_be(other):
            text = f'"{other}" is known only once this task is done, and its clock is over'
            yield Finding((*path, "restarts_on", index), f"{text}; {_EARLIER}")
    asked: list[tuple[Path, Condition | AnyOf]] = [
        (("excused_when", index), one) for index, one in enumerate(task.excused_when)
    ]
    for key, extension in task.extends.items():
        asked += [(("extends", key, "when", n), one) for n, one in enumerate(extension.when)]
    for place, one in asked:
        is_own = name in {condition.subject for condition in conditions_of(one)}
        if not is_own and world.may_hold(one) and not without.may_hold(one):
            text = "this is so only once the task is done, too late for its deadline"
            yield Finding((*path, *place), f"{text}; {_EARLIER}")
    for index, key in enumerate(task.pauses):
        pause = world.parts.pauses.get(key)
        start = pause.from_ if pause else None
        if start and world.may_come(start) and not without.may_come(start):
            text = f'the pause "{key}" begins only once this task is done: it stops no clock'
            yield Finding((*path, "pauses", index), f"{text}; {_EARLIER}")


def _is_moot(parts: Definition, place: Place) -> bool:
    """Return whether a timing counts from more than dates that people record."""
    names = (name.partition(".")[0] for name in place.timing.anchor.names)
    plain = [parts.dates[n] for n in names if n in parts.dates]
    is_plain = len(plain) == len(place.timing.anchor.names)
    return not is_plain or any(date.is_ or date.set_by for date in plain)


def _find_ended(parts: Definition) -> Iterator[Finding]:
    """Give the tasks that wait for a stage which, when it is entered, ends them."""
    endings = Endings(parts)
    for name, task in parts.tasks.items():
        ways = task.opens.ways if task.opens else ()
        for stage in endings.of(name, task):
            if ways and all(_waits_for(parts, way, stage) for way in ways):
                text = f'it opens when "{stage}" is entered, which ends it'
                yield Finding(("tasks", name, "opens"), f"{text}; {_KEPT}")
            if parts.stages[stage].final:
                yield from _find_never_there(parts, name, stage)
            for key in ("limit", "target", "not_before"):
                timing = getattr(task, key)
                if timing and hangs_on(parts, timing, stage):
                    start = _shown_start(parts, timing, stage)
                    text = f"it counts from {start}, and entering that stage ends the task"
                    yield Finding(("tasks", name, key), f"{text}; list it there under keeps")


def _shown_start(parts: Definition, timing: Timing, stage: str) -> str:
    """Return the stage that a timing hangs on, and the date between, if it does so by one."""
    dates = [
        name for name in timing.anchor.names if name != stage and _comes_with(parts, name, stage)
    ]
    is_direct = stage in timing.anchor.names or not dates
    return f'"{stage}"' if is_direct else f'"{dates[0]}", which counts from "{stage}"'


def _find_never_there(parts: Definition, name: str, stage: str) -> Iterator[Finding]:
    """Give why a task is not there before a final stage is entered, its end."""
    task, each = parts.tasks[name], parts.tasks[name].for_each
    for index, one in enumerate(task.when):
        if isinstance(one, Condition) and not one.is_not and _comes_with(parts, one.subject, stage):
            text = f'it is there only once "{stage}" is entered, which ends it'
            yield Finding(("tasks", name, "when", index), f"{text}; {_KEPT}")
    days = (each.first_day, each.last_day) if each else ()
    turns = each.every.start if each and each.every else None
    is_daily = any(day and _comes_with(parts, day, stage) for day in days)
    if is_daily or (turns and hangs_on(parts, turns, stage)):
        text = f'its days are known only once "{stage}" is entered, which ends it'
        yield Finding(("tasks", name, "for_each"), f"{text}; {_KEPT}")


def _waits_for(parts: Definition, way: Way, stage: str) -> bool:
    asked = (one.subject for one in way.conditions if not one.is_not)
    is_asked = any(_comes_with(parts, name, stage) for name in asked)
    return is_asked or (way.timing is not None and hangs_on(parts, way.timing, stage))


def hangs_on(
    parts: Definition, timing: Timing, stage: str, *, seen: dict[str, bool] | None = None
) -> bool:
    """Return whether a timing counts on from a stage that is entered, by whatever dates between."""
    anchor, seen = timing.anchor, {} if seen is None else seen
    if timing.count < 0:
        return False
    if anchor.of:
        found = [hangs_on(parts, inner, stage, seen=seen) for inner in anchor.of]
    else:
        found = [_comes_with(parts, name, stage, seen=seen) for name in anchor.names]
    return all(found) if anchor.choice is Choice.EARLIEST else any(found)


def _comes_with(
    parts: Definition, name: str, stage: str, *, seen: dict[str, bool] | None = None
) -> bool:
    """Return whether a stage is meant, or a date that is worked out from one; each is seen once."""
    date, seen = parts.dates.get(name), {} if seen is None else seen
    if date is None or date.is_ is None or name in seen or len(seen) > _MOST_SEEN:
        return name == stage or seen.get(name, False)
    seen[name] = False
    seen[name] = hangs_on(parts, date.is_, stage, seen=seen)
    return seen[name]


def _find_counted_back(parts: Definition) -> Iterator[Finding]:
    """Give the timings that count back from what is known only once it has happened."""
    measure, circular = Measure(parts), find_circular(parts)
    for place in timings(parts):
        names = dict.fromkeys(place.timing.anchor.names)
        if place.task in circular or not all(_is_known_late(parts, name) for name in names):
            continue
        bounds = measure.moment(place.timing, task=place.task)
        own = [bounds.get(name) or bounds.get(f"{place.task}.{name}") for name in names]
        if all(span is not None and span.high < 0 for span in own) and own:
            told = next(iter(names))
            text = f'it counts back from "{told}", which is known only once it has happened'
            yield Finding(place.path, f"{text}, too late for this; count from a planned date")


def _is_known_late(parts: Definition, name: str) -> bool:
    """Return whether a name stands for what is known only when it happens."""
    key, _, part = name.partition(".")
    if name in {"opening", "joining", "leaving", LAST_ACTIVITY} or part in _PAST:
        return True
    if key in parts.dates:
        return bool(parts.dates[key].set_by)
    return not part and (key in parts.tasks or key in parts.stages)


def counts_on(timing: Timing, name: str) -> bool:
    """Return whether a timing hangs on `name`, by itself or inside."""
    return any(name in inner.anchor.names for inner in within(timing))
