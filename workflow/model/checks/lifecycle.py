"""Checks the lifecycle: where it begins, that every stage is reached, and that it can end."""

from collections.abc import Iterator, Mapping

from workflow.model.checks.finding import Finding, Path, Scope
from workflow.model.definition import Definition, Transition

PREVIOUS = "previous"


def find_in_lifecycle(scope: Scope) -> Iterator[Finding]:
    """Give what is wrong with the stages, and with the ways between them."""
    parts = scope.definition
    if not parts.stages:
        yield Finding(("stages",), "there are no stages; a lifecycle needs a first and a final one")
        return
    for name, step in parts.transitions.items():
        path: Path = ("transitions", name)
        yield from _find_in_ends(parts, path, step)
        yield from _find_in_timing(path, step)
    yield from _find_nowhere(parts)
    yield from _find_in_pauses(parts)
    yield from _find_astray(parts)


def _find_in_ends(parts: Definition, path: Path, step: Transition) -> Iterator[Finding]:
    """Give what is wrong with where a transition leads from, and to."""
    for index, name in enumerate(step.from_):
        stage = parts.stages.get(name)
        if stage and stage.final:
            text = (
                f'nothing leads out of the final stage "{name}"; to reopen a challenge, leave the '
                "stage before it open for as long as that may happen"
            )
            yield Finding((*path, "from", index), text)
        if stage and step.to == PREVIOUS and not stage.paused:
            text = f'`to: previous` leads back out of a pause, but "{name}" is not `paused: true`'
            yield Finding((*path, "to"), text)
        if name == step.to:
            yield Finding((*path, "to"), f'it leads from "{name}" to itself; name another stage')


def _find_in_timing(path: Path, step: Transition) -> Iterator[Finding]:
    """Give what is wrong with a transition that is taken by itself."""
    if step.at is not None and step.needs:
        text = "a step taken by itself cannot ask for a reason; leave out `needs` or `at`"
        yield Finding((*path, "needs"), text)
    if step.at == "once ready" and not step.requires and not step.warns:
        text = "it would be taken at once: say under `requires` what makes it ready"
        yield Finding((*path, "at"), text)


def _find_nowhere(parts: Definition) -> Iterator[Finding]:
    """Give the steps and the tasks for which no stage is named."""
    for name, step in parts.transitions.items():
        if not step.from_:
            text = "it leads from no stage, so that it can never be taken; name one"
            yield Finding(("transitions", name, "from"), text)
    for name, task in parts.tasks.items():
        if not task.stage:
            text = "it is in no stage, so that it never opens; name one"
            yield Finding(("tasks", name, "stage"), text)


def _find_in_pauses(parts: Definition) -> Iterator[Finding]:
    """Give the pauses from which `to: previous` leads nowhere, or never out of a pause again."""
    returning = _returning(parts)
    if parts.initial in returning:
        text = f'nothing was left before "{parts.initial}", where a challenge begins'
        path: Path = ("transitions", returning[parts.initial], "to")
        yield Finding(path, f"{text}: `to: previous` leads nowhere; name a stage")
    for name, step in parts.transitions.items():
        for stage in step.from_ if step.to in returning else ():
            if stage in returning and stage != step.to:
                text = f'`to: previous` leads out of "{stage}" and of "{step.to}", from each to'
                tail = "the other for ever; let one of the two lead to a stage that is named"
                yield Finding(("transitions", name, "to"), f"{text} {tail}")


def _returning(parts: Definition) -> dict[str, str]:
    """Return the pauses that `to: previous` leads out of, each with a step that does so."""
    pauses = {name for name, stage in parts.stages.items() if stage.paused}
    steps = [(name, step) for name, step in parts.transitions.items() if step.to == PREVIOUS]
    return {stage: name for name, step in steps for stage in step.from_ if stage in pauses}


def _find_astray(parts: Definition) -> Iterator[Finding]:
    """Give the stages that cannot be reached, or from which no final stage can be."""
    finals = [name for name, stage in parts.stages.items() if stage.final]
    if parts.stages[parts.initial].final:
        text = "the first stage is where a challenge begins, so it cannot be final"
        yield Finding(("stages", parts.initial, "final"), text)
    if not finals:
        yield Finding(("stages",), "no stage is final; mark the last one with `final: true`")
    reached, ending = find_reached(parts), find_leading(parts, finals)
    for name, stage in parts.stages.items():
        if stage.final and stage.paused:
            text = "in a pause nothing is to be done, and nothing leads out of a final stage"
            yield Finding(("stages", name, "paused"), f"{text}; leave out paused or final")
        if name not in reached:
            text = f'the stage "{name}" cannot be reached from "{parts.initial}"'
            yield Finding(("stages", name), f"{text}; a transition must lead to it")
        elif finals and name not in ending:
            text = f'no way leads from the stage "{name}" to a final one'
            yield Finding(("stages", name), f"{text} ({', '.join(finals)})")


def find_reached(parts: Definition) -> set[str]:
    """Return the stages that some way leads to from the first one, whatever steps may require."""
    return _reachable(find_ways(parts), [parts.initial])


def find_leading(parts: Definition, stages: list[str]) -> set[str]:
    """Return the stages from which one of `stages` can be reached, themselves among them."""
    behind: dict[str, list[str]] = {}
    for source, targets in find_ways(parts).items():
        for target in targets:
            behind.setdefault(target, []).append(source)
    return _reachable(behind, stages)


def find_ways(parts: Definition) -> dict[str, list[str]]:
    """Return the stages that each stage leads to; a pause leads back to where it came from."""
    ways: dict[str, list[str]] = {name: [] for name in parts.stages}
    came_from: dict[str, list[str]] = {}
    for step in parts.transitions.values():
        came_from.setdefault(step.to, []).extend(step.from_)
    for step in parts.transitions.values():
        for stage in ways.keys() & step.from_:
            targets = came_from.get(stage, []) if step.to == PREVIOUS else [step.to]
            ways[stage].extend(target for target in targets if target in ways)
    return ways


def _reachable(ways: Mapping[str, list[str]], starts: list[str]) -> set[str]:
    """Return `starts`, and whatever `ways` lead to from them."""
    seen, waiting = set(starts), list(starts)
    while waiting:
        for target in ways.get(waiting.pop(), ()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen
