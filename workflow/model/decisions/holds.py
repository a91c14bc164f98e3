"""Holds: destruction stops while a request, a complaint or an inquiry needs the records.

Source: house policy, after FOIA s.77 and DPA 2018 s.173: what is asked for may not be destroyed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.challenge import Challenge
from workflow.model.decisions.asking import Asking, require_known, require_reason
from workflow.model.definition import Definition
from workflow.model.errors import InvalidInput, Refused
from workflow.model.planning.guards import holding
from workflow.model.records.rules import RECORD
from workflow.model.records.state import Disposal, Hold


def place_hold(asking: Asking, command: c.PlaceHold) -> tuple[e.Event, ...]:
    """Stop the tasks that are named, or every task that destroys something.

    Whatever it names, it stops the end of the record, which would take all else with it.
    """
    definition = asking.rulebook.definition
    require_reason(command.reason, "it is held")
    asking.require_right_if_named(definition.authority.manages, "hold records")
    if not command.name.strip():
        raise InvalidInput('a hold needs a name, such as "FOI 2027-12"')
    if command.name in asking.challenge.holds:
        raise Refused(f'there is a hold "{command.name}" already', kind="already")
    for key in command.tasks:
        require_known("task", key, asking.rulebook.specs)
    for key in command.rules:
        require_known("retention rule", key, definition.retention)
    known = {member.person for member in asking.challenge.team}
    for person in command.people:
        if person not in known:
            raise InvalidInput(
                f"{{p{person}}} was never on the team of {asking.challenge.reference}: they hold "
                "nothing of it"
            )
    is_all = not command.tasks and not command.rules
    tasks, rules = _stopped(
        definition, command.tasks, tuple(definition.retention) if is_all else command.rules
    )
    if not tasks and not rules:
        raise InvalidInput("the definition destroys nothing: name the tasks that are held")
    placed = e.HoldPlaced(
        at=asking.at,
        actor=asking.actor.id,
        name=command.name,
        tasks=tasks,
        reason=command.reason,
        rules=rules,
        people=command.people,
    )
    return (placed,)


def _stopped(
    definition: Definition, tasks: Iterable[str], rules: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return all tasks and rules that a hold stops which names some of them."""
    named = tuple(rules)
    ending = [key for rule in named for key in definition.retention[rule].done_by]
    records = [key for key, rule in definition.retention.items() if RECORD in rule.copies]
    return tuple(dict.fromkeys((*tasks, *ending))), tuple(dict.fromkeys((*named, *records)))


def is_on_all(definition: Definition, hold: Hold) -> bool:
    """Return whether a hold stops all that a definition destroys, and nothing besides."""
    ending = {key for rule in definition.retention.values() for key in rule.done_by}
    return set(hold.tasks) == ending and set(hold.rules) >= set(definition.retention)


def orphaned(
    old: Definition, new: Definition, challenge: Challenge, *, called: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    """Yield each rule that is gone and that a challenge is held or has done something by, and what.

    `called` gives a rule its new name. What is on everything is on everything still: it loses none.
    """
    disposals = challenge.records.disposals
    holds = {name: one for name, one in challenge.holds.items() if not is_on_all(old, one)}
    for key in (key for key in old.retention if called(key) not in new.retention):
        for name, hold in holds.items():
            if key in hold.rules:
                yield key, f'the hold "{name}" is on'
        if key in disposals:
            yield key, f"{_begun(disposals[key])} by"


def _begun(disposal: Disposal) -> str:
    """Return what has become of what a retention rule keeps."""
    if disposal.done_at is not None:
        return "something was destroyed"
    return "something is kept for longer" if disposal.until else "a destruction was asked for"


def widened(
    old: Definition, new: Definition, *, before: Mapping[str, Hold], after: Mapping[str, Hold]
) -> Iterator[tuple[str, Hold]]:
    """Yield the holds that stop more under a new definition, by name, each with all of it.

    `before` are they under the old one, `after` the same under the names of the new one. What was
    on everything is on everything still; each stops what ends its rules, and the end of the record.
    """
    for name, hold in after.items():
        there = [key for key in hold.rules if key in new.retention]
        named = [key for key in there if RECORD not in new.retention[key].copies]
        if is_on_all(old, before[name]):
            named = list(new.retention)
        tasks, rules = _stopped(new, hold.tasks, named)
        if set(tasks) - set(hold.tasks) or set(rules) - set(hold.rules):
            yield name, replace(hold, tasks=tasks, rules=rules)


def lift_hold(asking: Asking, command: c.LiftHold) -> tuple[e.Event, ...]:
    """End a hold: what it stopped goes on."""
    require_reason(command.reason, "the hold ends")
    definition = asking.rulebook.definition
    asking.require_right_if_named(definition.authority.manages, "lift a hold")
    require_known("hold", command.name, asking.challenge.holds)
    if command.name in asking.challenge.records.links:
        asking.warnings.append(
            f"{command.name} put this hold here and lifts it itself when it ends: make sure that"
            " what was asked for was handed over"
        )
    asking.warnings.extend(_freed(asking, command.name))
    lifted = e.HoldLifted(
        at=asking.at, actor=asking.actor.id, name=command.name, reason=command.reason
    )
    return (lifted,)


def _freed(asking: Asking, name: str) -> Iterator[str]:
    """Yield what the end of a hold lets go again: it was approved, and the approval stands."""
    challenge = asking.challenge
    for key, disposal in challenge.records.disposals.items():
        part = asking.rulebook.definition.retention.get(key)
        if part is None or disposal.approved_at is None or disposal.done_at is not None:
            continue
        if holding(challenge, key, part) == (name,):
            yield (
                f'"{part.title}": its destruction is approved, and nothing stops it now: see that '
                "it is still right, or keep it for longer, which takes the approval back"
                f" (peer-challenge retention extend {challenge.reference} {key})"
            )
