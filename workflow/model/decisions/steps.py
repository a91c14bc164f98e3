"""Steps from stage to stage: taken, refused with what is missing, or overridden."""

from datetime import date

from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.calendar import in_words
from workflow.model.decisions.asking import Asking, require_reason
from workflow.model.decisions.disposals import require_exception
from workflow.model.errors import InvalidInput, Refused, did_you_mean
from workflow.model.planning.steps import Step, Taking, step, take
from workflow.model.task import UNFINISHED


def advance(asking: Asking, command: c.Advance) -> tuple[e.Event, ...]:
    """Take a step from the present stage."""
    trigger = command.trigger or _only_way(asking)
    _require_possible(asking, trigger)
    transition = asking.rulebook.definition.transitions[trigger]
    asking.require_right_if_named(transition.by, f"take the step {trigger}")
    day = _day(asking, command)
    found = step(asking.rulebook, asking.challenge, trigger, today=day)
    if "reason" in transition.needs:
        require_reason(command.reason or command.override, "this step is taken")
    is_overridden = bool(found.unmet)
    if is_overridden:
        _require_override(asking, found, command)
    elif found.warnings and not (command.reason or command.override).strip():
        raise _refused(asking, found, needs_reason=True)
    asking.warnings.extend(str(item) for item in found.warnings)
    taking = Taking(
        at=asking.at,
        actor=asking.actor.id,
        reason=command.override or command.reason,
        is_overridden=is_overridden,
        on=command.on,
    )
    waived = _waived(asking, found, taking) if is_overridden else ()
    return (*waived, *_fired(asking, found, taking))


def _only_way(asking: Asking) -> str:
    """Return the one step that leads forward without a special reason.

    Raises:
        Refused: there is none, or more than one.
    """
    definition = asking.rulebook.definition
    triggers = asking.rulebook.graph.triggers(asking.challenge.stage)
    plain = [key for key in triggers if not definition.transitions[key].needs]
    if len(plain) == 1:
        return plain[0]
    stage = definition.stages[asking.challenge.stage].title
    if not triggers:
        raise Refused(f'{asking.challenge.reference} is over (stage "{stage}")', kind="closed")
    raise Refused(
        f'{asking.challenge.reference}: from the stage "{stage}" there are several steps: '
        f"{', '.join(triggers)}",
        kind="which_step",
        allowed=triggers,
        hint=f"name one: peer-challenge advance {asking.challenge.reference} {triggers[0]}",
    )


def _day(asking: Asking, command: c.Advance) -> date:
    """Return the day on which a step was taken: it must be allowed on that day.

    Raises:
        InvalidInput: it is in the future.
    """
    day = command.on or asking.today
    if day > asking.today:
        raise InvalidInput(
            f"{in_words(day)} is in the future: a step is taken on a past day or today"
        )
    return day


def _require_possible(asking: Asking, trigger: str) -> None:
    """Refuse a step that does not exist, or does not lead from the present stage."""
    definition, challenge = asking.rulebook.definition, asking.challenge
    allowed = asking.rulebook.graph.triggers(challenge.stage)
    if trigger in allowed:
        return
    stage = definition.stages[challenge.stage].title
    if trigger not in definition.transitions:
        known = tuple(definition.transitions)
        text = f'there is no step "{trigger}"{did_you_mean(trigger, known)}'
    else:
        text = f'{challenge.reference}: {trigger} is not a step from the stage "{stage}"'
    hint = f"from here: {', '.join(allowed)}" if allowed else "the challenge is over"
    raise Refused(text, kind="transition", allowed=allowed, hint=hint)


def _require_override(asking: Asking, found: Step, command: c.Advance) -> None:
    """Refuse a step with something missing, unless somebody who may overrides it."""
    if not command.override.strip():
        raise _refused(asking, found, needs_reason=False)
    rights = asking.rulebook.definition.authority.overrides
    asking.require_right(rights, "override what is missing")
    require_exception(asking, (key for item in found.unmet for key in item.tasks))


def _refused(asking: Asking, found: Step, *, needs_reason: bool) -> Refused:
    """Return the refusal that lists what is missing, and the way out."""
    reference = asking.challenge.reference
    if needs_reason:
        return Refused(
            f"{reference}: before {found.title}, a reason is needed",
            kind="needs_reason",
            unmet=found.warnings,
            hint='go on all the same and say why: --reason "…"',
        )
    return Refused(
        f"{reference}: not possible yet: {found.title}",
        kind="unmet",
        unmet=found.unmet,
        allowed=asking.rulebook.graph.triggers(asking.challenge.stage),
        hint=f"record what is done (peer-challenge done {reference} …), or, if you may: "
        '--override "reason", which the audit shows',
    )


def _waived(asking: Asking, found: Step, taking: Taking) -> tuple[e.Event, ...]:
    """Return the unmet tasks as waived: the exception is recorded with each."""
    keys = dict.fromkeys(key for item in found.unmet for key in item.tasks)
    return tuple(
        e.TaskWaived(
            at=taking.at, actor=taking.actor, task=key, reason=taking.reason, is_overridden=True
        )
        for key in keys
        if asking.challenge.tasks[key].status in UNFINISHED
    )


def _fired(asking: Asking, found: Step, taking: Taking) -> tuple[e.Event, ...]:
    """Return the events of the step, fired through the lifecycle graph."""
    challenge = asking.challenge
    target = asking.rulebook.graph.fire(
        found.trigger,
        stage=challenge.stage,
        left=challenge.left,
        is_allowed=lambda: taking.is_overridden or not found.unmet,
    )
    if target is None:
        raise RuntimeError(f"{found.trigger}: what is missing was refused, or overridden, before")
    return take(asking.rulebook, challenge, found, how=taking)
