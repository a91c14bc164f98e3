"""Holds: destruction stops while a request, a complaint or an inquiry needs the records.

Source: house policy, after FOIA s.77 and DPA 2018 s.173: what is asked for may not be destroyed.
"""

from collections.abc import Iterator

from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.decisions.asking import Asking, require_known, require_reason
from workflow.model.errors import InvalidInput, Refused
from workflow.model.planning.guards import holding
from workflow.model.records.rules import RECORD


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
    rules = tuple(definition.retention) if is_all else command.rules
    ending = [key for rule in rules for key in definition.retention[rule].done_by]
    tasks = tuple(dict.fromkeys((*command.tasks, *ending)))
    if not tasks and not rules:
        raise InvalidInput("the definition destroys nothing: name the tasks that are held")
    records = [key for key, rule in definition.retention.items() if RECORD in rule.copies]
    placed = e.HoldPlaced(
        at=asking.at,
        actor=asking.actor.id,
        name=command.name,
        tasks=tasks,
        reason=command.reason,
        rules=tuple(dict.fromkeys((*rules, *records))),
        people=command.people,
    )
    return (placed,)


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
