"""Counters: how many people were met, meetings held, documents read, as published reports tell.

Source: house policy, after what published reports routinely give.
"""

from workflow.model.decisions.asking import Asking, require_known
from workflow.model.errors import InvalidInput
from workflow.model.records import commands as c
from workflow.model.records import events as e

MOST = 1_000_000


def record_counter(asking: Asking, command: c.RecordCounter) -> tuple[e.CounterRecorded, ...]:
    """Record a number; it takes the place of the one before."""
    definition = asking.rulebook.definition
    require_known("counter", command.counter, definition.counters)
    asking.require_right_if_named(definition.authority.records, "record what reports tell")
    asking.require_life()
    title = definition.counters[command.counter].title
    if not 0 <= command.value <= MOST:
        raise InvalidInput(f"{title}: allowed is a number from 0 to {MOST}, not {command.value}")
    if asking.challenge.records.counters.get(command.counter) == command.value:
        asking.warnings.append(f"{title}: it is {command.value} already")
        return ()
    counted = e.CounterRecorded(
        at=asking.at,
        actor=asking.actor.id,
        counter=command.counter,
        value=command.value,
        on=asking.today,
    )
    return (counted,)
