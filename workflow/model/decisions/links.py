"""Links: one challenge concerns another, such as a request for what is held about it.

Both sides say so, each in its own history. What a link brings with it (a hold on what a request
concerns) is `workflow.linking`'s, which alone sees both.
"""

from workflow.model.challenge import Challenge
from workflow.model.commands import LiftHold
from workflow.model.decisions.asking import Asking
from workflow.model.definition import Definition
from workflow.model.errors import InvalidInput, Refused
from workflow.model.records import events as e
from workflow.model.records.commands import LinkChallenge

CONCERNS, CONCERNED_BY = "concerns", "concerned_by"
RELATIONS = (CONCERNS, CONCERNED_BY)


def link_challenge(asking: Asking, command: LinkChallenge) -> tuple[e.ChallengeLinked, ...]:
    """Say that another challenge belongs to this one."""
    other, reference = command.other, asking.challenge.reference
    asking.require_right_if_named(asking.rulebook.definition.authority.manages, "link challenges")
    if command.relation not in RELATIONS:
        allowed = ", ".join(RELATIONS)
        raise InvalidInput(f'there is no relation "{command.relation}"; allowed: {allowed}')
    if other == reference:
        raise InvalidInput(f"{reference} cannot concern itself; name another challenge")
    if other in asking.challenge.records.links:
        raise Refused(f"{reference} and {other} are linked already", kind="already")
    at, actor = asking.at, asking.actor.id
    return (e.ChallengeLinked(at=at, actor=actor, other=other, relation=command.relation),)


def released_by(
    definition: Definition,
    before: Challenge,
    after: Challenge,
    *,
    old: Definition | None = None,
) -> tuple[tuple[str, LiftHold], ...]:
    """Return whose hold a step lifts, with the command: none unless it ended what holds them.

    `old` is what the challenge was under before, where the step brought it under another one.
    """
    stages = definition.stages
    was_over = _is_over(old or definition, before)
    if not _is_over(definition, after) or was_over or not definition.holds_what_it_concerns:
        return ()
    reason = f"{after.reference} is over: {stages[after.stage].title}"
    lifting = LiftHold(name=after.reference, reason=reason)
    return tuple((other, lifting) for other, how in after.records.links.items() if how == CONCERNS)


def _is_over(definition: Definition, challenge: Challenge) -> bool:
    stage = definition.stages.get(challenge.stage)
    return stage is not None and stage.final
