"""Checks reminders: the rungs that can never speak, those that speak twice, and who is told."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import time

from workflow.model.checks.circles import conditions_of
from workflow.model.checks.finding import Finding, Path, Scope
from workflow.model.checks.places import OF_DAY
from workflow.model.checks.reach.endings import Endings
from workflow.model.checks.reach.late import counts_on, hangs_on
from workflow.model.checks.reach.world import World, is_small
from workflow.model.checks.spans import Bounds, Measure, is_later
from workflow.model.definition import Definition
from workflow.model.duties import Rung, TaskSpec
from workflow.model.language.phrases import Edge, Happening, Test, Timing, Unit
from workflow.model.language.timing import parse_time_of_day

_OWN = ("by", "person")
_ABOUT_PEOPLE = (Happening.JOINING, Happening.LEAVING, Happening.CHANGES)


@dataclass(frozen=True)
class _Ground:
    """What rungs are measured with."""

    parts: Definition
    measure: Measure
    send_at: time
    endings: Endings
    worlds: dict[str, World]

    def moment(self, timing: Timing, *, task: str) -> Bounds:
        """Return when a rung speaks."""
        is_elapsed = timing.unit is Unit.HOURS
        timed = timing if is_elapsed else replace(timing, at=timing.at or self.send_at)
        return self.measure.moment(timed, task=task, edge=Edge.START)

    def without(self, task: str) -> World:
        """Return what may be so before a task is done."""
        if task not in self.worlds:
            self.worlds[task] = World(self.parts, without=task).grow()
        return self.worlds[task]


def find_in_ladders(scope: Scope) -> Iterator[Finding]:
    """Give the rungs that never speak, or to nobody, and the notices that nobody gets."""
    parts = scope.definition
    if not parts.stages:
        return
    ground = _Ground(parts, Measure(parts), parse_time_of_day(parts.send_at), Endings(parts), {})
    for name, ladder in parts.ladders.items():
        users = {key: task for key, task in parts.tasks.items() if name in task.reminders}
        yield from _find_doubles(("ladders", name), ladder)
        for index, rung in enumerate(ladder):
            path: Path = ("ladders", name, index)
            yield from _find_dead(ground, path, rung, users)
            yield from _find_audience(parts, path, rung.to, users)
            if rung.when.is_repeated and rung.at_most == 1:
                text = "`every` with at_most: 1 speaks once, on that one day"
                yield Finding((*path, "at_most"), f"{text}; raise it, or leave out every")
    for key, task in parts.tasks.items():
        yield from _find_meetings(parts, key, task)
    yield from _find_in_notices(parts)


def _find_in_notices(parts: Definition) -> Iterator[Finding]:
    """Give the notices by themselves that nobody may be told of."""
    for name, notice in parts.notices.items():
        if notice.when and notice.to:
            about = {n for one in notice.when for n in one.subjects}
            is_known = all(one.happening in _ABOUT_PEOPLE for one in notice.when)
            told = [n for n in notice.to if not (is_known and _is_among(parts, about, n))]
            if len(told) == len(notice.to):
                yield from _find_audience(parts, ("notices", name), told, {})


def _is_among(parts: Definition, about: Collection[str], name: str) -> bool:
    """Return whether whoever an occasion is about is one of those who are told."""
    return not set(parts.members(*about)).isdisjoint(parts.members(name))


def _find_dead(
    ground: _Ground, path: Path, rung: Rung, users: dict[str, TaskSpec]
) -> Iterator[Finding]:
    """Give why a rung can speak for none of the tasks that use its ladder."""
    first = ""
    for key, task in users.items():
        why = _why_dead(ground, rung.when.timing, key, task)
        if not why:
            return
        first = first or why
    if first:
        yield Finding((*path, "when"), first)


def _why_dead(ground: _Ground, timing: Timing, key: str, task: TaskSpec) -> str:
    """Return why a rung can never speak for a task, or only when it is of no use; empty if not."""
    lacking = _lacking(timing, task)
    if lacking:
        return f'it can never speak: "{key}" has no {lacking}; count from something that it has'
    if counts_on(timing, key) or counts_on(timing, f"{key}.recorded"):
        return f'it can never speak: "{key}" is done then, and needs no reminder; count from limit'
    for stage in ground.endings.of(key, task):
        if hangs_on(ground.parts, timing, stage):
            text = f'it can never speak: entering "{stage}" ends "{key}"'
            return f"{text}; count from something earlier"
    if not _is_known_before(ground, timing, key, task):
        text = "it can never speak: what it counts from is known only once"
        return f'{text} "{key}" is done; count from something earlier'
    return _why_out_of_time(ground, timing, key, task)


def _lacking(timing: Timing, task: TaskSpec) -> str:
    """Return what a rung counts from and the task has not."""
    names = timing.anchor.names
    if "limit" in names and task.limit is None and task.target is not None:
        return "limit"
    is_daily = task.for_each is not None and task.for_each.people is None
    if OF_DAY[0] in names and not is_daily:
        return "day of its own (for_each: day from …)"
    return ""


def _is_known_before(ground: _Ground, timing: Timing, key: str, task: TaskSpec) -> bool:
    own = {"opening", "target", "limit", "day", "last_activity"}
    is_own = own.issuperset(timing.anchor.names)
    if is_own or task.redo_when or task.for_each or not is_small(ground.parts):
        return True
    without, whole = ground.without(key), ground.without("")
    return without.may_come(timing) or not whole.may_come(timing)


def _why_out_of_time(ground: _Ground, timing: Timing, key: str, task: TaskSpec) -> str:
    speaks = ground.moment(timing, task=key)
    if task.lapses and is_later(speaks, ground.measure.moment(task.lapses, task=key)):
        text = f'it would speak when "{key}" has lapsed ({task.lapses.text})'
        return f"{text}; let it speak earlier, or lapse later"
    for what, opening in _openings(ground, key, task):
        if is_later(opening, speaks):
            text = f'it would speak before "{key}" can be open ({what})'
            return f"{text}; let it speak later, or open earlier"
    return ""


def _openings(ground: _Ground, key: str, task: TaskSpec) -> Iterator[tuple[str, Bounds]]:
    """Give what keeps a task from being open earlier, with the moment."""
    measure = ground.measure
    ways = task.opens.ways if task.opens else ()
    if len(ways) == 1 and ways[0].timing and not ways[0].is_leaving:
        yield ways[0].timing.text, measure.moment(ways[0].timing, task=key, edge=Edge.START)
    if task.not_before:
        moment = measure.moment(task.not_before, task=key, edge=Edge.START)
        yield f"not before {task.not_before.text}", moment
    window = next((t for t in (task.limit, task.target) if t and t.since is not None), None)
    if window:
        yield window.text, measure.beginning(window, task=key)


def _find_doubles(path: Path, ladder: Sequence[Rung]) -> Iterator[Finding]:
    """Give the rungs of one ladder that speak at the same moment: only the last is heard."""
    first: dict[Timing, int] = {}
    for index, rung in enumerate(ladder):
        moment = replace(rung.when.timing, text="")
        if moment in first:
            text = f"rung {first[moment] + 1} speaks at this moment too, and only the later is said"
            yield Finding((*path, index, "when"), f"{text}; put both into one, or move one of them")
        first.setdefault(moment, index)


def _find_meetings(parts: Definition, key: str, task: TaskSpec) -> Iterator[Finding]:
    """Give the ladders of one task of which two rungs speak at the same moment."""
    seen: dict[Timing, str] = {}
    for index, name in enumerate(task.reminders):
        moments = {replace(rung.when.timing, text="") for rung in parts.ladders.get(name, ())}
        shared = next((moment for moment in moments if moment in seen), None)
        if shared is not None and seen[shared] != name:
            text = f'a rung of "{name}" speaks when one of "{seen[shared]}" does'
            path: Path = ("tasks", key, "reminders", index)
            yield Finding(path, f"{text}, and only the later one is said; move one of them")
        seen |= dict.fromkeys(moments, name)


def _find_audience(
    parts: Definition, path: Path, audience: Sequence[str], users: dict[str, TaskSpec]
) -> Iterator[Finding]:
    """Give an audience that may be nobody at all."""
    if not audience:
        yield Finding((*path, "to"), "nobody is told: name a role, a group, `by` or `person`")
        return
    if any(name in _OWN or is_sure(parts, name) for name in audience):
        return
    if not all(name in parts.roles or name in parts.groups for name in audience):
        return
    if users and all(_is_guarded(parts, task, audience) for task in users.values()):
        return
    told = ", ".join(audience)
    managers = [name for name, role in parts.roles.items() if role.side == "programme"]
    if any(is_sure(parts, name) for name in managers):
        text = f"nobody may hold {told}, so that the programme's side is told instead"
        yield Finding((*path, "to"), f"{text}; add a role that is always held", is_warning=True)
    else:
        text = f"nobody at all may be told: nobody may hold {told}, nor any role of the programme"
        yield Finding((*path, "to"), f"{text}; let one of them be needed at least once")


def is_sure(parts: Definition, name: str) -> bool:
    """Return whether somebody surely holds a role, or a role of a group."""
    group = parts.groups.get(name)
    if group and group.needed and group.needed.least:
        return True
    roles = (parts.roles.get(role) for role in parts.members(name))
    return any(role is not None and role.needed.least > 0 for role in roles)


def _is_guarded(parts: Definition, task: TaskSpec, names: Sequence[str]) -> bool:
    """Return whether a task is there only while somebody holds one of several roles."""
    return any(is_guarded(task, name) for name in names) or bool(
        task.for_each and task.for_each.people in names
    )


def is_guarded(task: TaskSpec, name: str) -> bool:
    """Return whether a task is there only while somebody holds a role."""
    asked = [condition for one in task.when for condition in conditions_of(one)]
    people = {Test.FILLED, Test.ENOUGH}
    return any(one.subject == name and one.test in people and not one.is_not for one in asked)
