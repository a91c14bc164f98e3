"""The exceptions that were made in a challenge: by whom, why, and by which right."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from workflow.model import events as e
from workflow.model.access.relations import ADMINISTRATOR
from workflow.model.challenge import Challenge
from workflow.model.planning.rulebook import Rulebook

ANYBODY = "anybody may"
ENGINE = "the engine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Exempted:
    """An exception that somebody made: a step without what it needs, or a task waived.

    `names` are the step, or the spec of the task, and the specs that the step's override waived.
    `authority` is the role by which it was allowed, as it was held then. `task` is what was waived;
    it is empty of a step.
    """

    reference: str
    at: datetime
    actor: int | None
    what: str
    reason: str
    is_override: bool
    authority: str = ""
    names: tuple[str, ...] = ()
    task: str = ""


def exemptions(
    rulebook: Rulebook,
    challenge: Challenge,
    history: Iterable[e.Event],
    *,
    rights: Mapping[e.Event, str] | None = None,
) -> Iterator[Exempted]:
    """Yield the exceptions that were made, in the order in which they were.

    `rights` are the roles by which steps and waivers were allowed, as the log has them.
    """
    for made, event in _made(rulebook, challenge, tuple(history)):
        right = (rights or {}).get(event)
        yield replace(made, authority=_told(rulebook, right)) if right else made


def _told(rulebook: Rulebook, right: str) -> str:
    """Return a right of the log, such as `challenge_manager on NOR-26`, as people call it."""
    role = right.partition(" on ")[0]
    found = rulebook.definition.roles.get(role)
    return found.title if found else role.replace("_", " ")


def _made(
    rulebook: Rulebook, challenge: Challenge, events: tuple[e.Event, ...]
) -> Iterator[tuple[Exempted, e.Event]]:
    for event in events:
        if isinstance(event, e.TaskWaived) and not event.is_overridden:
            yield _of_task(rulebook, challenge, event), event
        elif isinstance(event, e.StageEntered) and event.unmet:
            yield _of_step(rulebook, challenge, event, _waived_by(event, events)), event


def _waived_by(step: e.StageEntered, events: Iterable[e.Event]) -> Iterator[str]:
    """Yield the specs of what the override of a step waived: in the same moment, by the same."""
    for event in events:
        if isinstance(event, e.TaskWaived) and event.is_overridden and event.at == step.at:
            yield spec_of(event.task)


def spec_of(task: str) -> str:
    """Return the key in the definition of a task by its own key."""
    return task.partition(":")[0]


def _of_task(rulebook: Rulebook, challenge: Challenge, event: e.TaskWaived) -> Exempted:
    authority = rulebook.definition.authority
    rights = (*authority.waives, *authority.excepts) if authority.waives else ()
    return Exempted(
        reference=challenge.reference,
        at=event.at,
        actor=event.actor,
        what=f"waived: {event.task}",
        reason=event.reason,
        is_override=False,
        authority=_right(rulebook, challenge, event, rights) or ANYBODY,
        names=(spec_of(event.task),),
        task=event.task,
    )


def _of_step(
    rulebook: Rulebook, challenge: Challenge, event: e.StageEntered, waived: Iterable[str]
) -> Exempted:
    definition = rulebook.definition
    step = definition.transitions.get(event.trigger)  # none: a step of an earlier definition
    by = step.by if step else ()
    rights = definition.authority.overrides if event.is_overridden else by
    found = _right(rulebook, challenge, event, rights)
    return Exempted(
        reference=challenge.reference,
        at=event.at,
        actor=event.actor,
        what=f"step {event.trigger} without: {'; '.join(event.unmet)}",
        reason=event.reason,
        is_override=event.is_overridden,
        authority=found or (ADMINISTRATOR if event.is_overridden else ANYBODY),
        names=tuple(dict.fromkeys((event.trigger, *waived))),
    )


def _right(rulebook: Rulebook, challenge: Challenge, event: e.Event, names: tuple[str, ...]) -> str:
    """Return the roles among `names` that who did it held then; an administrator needs none.

    Empty: everybody may.
    """
    if event.actor is None:
        return ENGINE
    definition = rulebook.definition
    roles = definition.members(*names)
    held = [
        definition.roles[member.role].title
        for member in challenge.team
        if member.person == event.actor
        and member.role in roles
        and member.joined_at <= event.at
        and (member.left_at is None or member.left_at >= event.at)
    ]
    return ", ".join(dict.fromkeys(held)) or (ADMINISTRATOR if roles else "")
