"""Holds: destruction stops while a request, a complaint or an inquiry needs the records.

Source: house policy, after FOIA s.77 and DPA 2018 s.173: what is asked for may not be destroyed.
"""

from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.decisions.asking import Asking, require_known, require_reason
from workflow.model.errors import InvalidInput, Refused


def place_hold(asking: Asking, command: c.PlaceHold) -> tuple[e.Event, ...]:
    """Stop the tasks that are named, or every task that destroys something."""
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


def lift_hold(asking: Asking, command: c.LiftHold) -> tuple[e.Event, ...]:
    """End a hold: what it stopped goes on."""
    require_reason(command.reason, "the hold ends")
    manages = asking.rulebook.definition.authority.manages
    asking.require_right_if_named(manages, "lift a hold")
    require_known("hold", command.name, asking.challenge.holds)
    if command.name in asking.challenge.records.links:
        asking.warnings.append(
            f"{command.name} put this hold here and lifts it itself when it ends: make sure that"
            " what was asked for was handed over"
        )
    lifted = e.HoldLifted(
        at=asking.at, actor=asking.actor.id, name=command.name, reason=command.reason
    )
    return (lifted,)
