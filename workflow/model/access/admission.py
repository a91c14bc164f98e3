"""Who may ask for a command at all. `decide` says after that whether the rules allow it.

Where a definition says nothing of a command, the role of access does; where it names roles
(`authority:`, `by:`), these have the right and nobody else on the team has, such as the lead peer
for going on site. Whoever has left a team may still do what is theirs: say that notes are
destroyed.
"""

from collections.abc import Callable, Mapping
from typing import Any

from workflow.model import commands as c
from workflow.model.access.deciding import refusal, right
from workflow.model.access.permissions import Permission
from workflow.model.access.relations import Actor, Place, Relation, stands_for
from workflow.model.challenge import Challenge
from workflow.model.definition import Definition
from workflow.model.records import commands as r

NEEDS: Mapping[type, Permission] = {
    c.AssignPerson: Permission.CHANGE_TEAM,
    c.ReleasePerson: Permission.CHANGE_TEAM,
    c.SetDate: Permission.SET_DATES,
    c.CompleteTask: Permission.RECORD_WORK,
    c.WaiveTask: Permission.WAIVE_WORK,
    c.ReopenTask: Permission.RECORD_WORK,
    c.GiveAnswer: Permission.RECORD_WORK,
    c.AgreeTime: Permission.RECORD_WORK,
    c.Advance: Permission.TAKE_STEPS,
    c.PlaceHold: Permission.HOLD_RECORDS,
    c.LiftHold: Permission.HOLD_RECORDS,
    c.ExtendDeadline: Permission.RECORD_WORK,
    c.PauseClock: Permission.RECORD_WORK,
    c.ResumeClock: Permission.RECORD_WORK,
    r.RecordDocument: Permission.KEEP_DOCUMENTS,
    r.IssueDocument: Permission.KEEP_DOCUMENTS,
    r.AcknowledgeDocument: Permission.RECORD_WORK,
    r.RevokeDocument: Permission.KEEP_DOCUMENTS,
    r.IssueItem: Permission.KEEP_DOCUMENTS,
    r.SettleItem: Permission.RECORD_WORK,
    r.RecordCounter: Permission.RECORD_WORK,
    r.LinkChallenge: Permission.LINK_CHALLENGES,
    r.RequestDisposal: Permission.REQUEST_DISPOSAL,
    r.ApproveDisposal: Permission.APPROVE_DISPOSAL,
    r.ExtendRetention: Permission.HOLD_RECORDS,
    r.CarryOutDisposal: Permission.DESTROY,
    r.ReportFailure: Permission.DESTROY,
}
"""What each command needs; one that is not here is nobody's but an administrator's."""

_LISTS: Mapping[type, str] = {
    c.AssignPerson: "manages",
    c.ReleasePerson: "manages",
    c.SetDate: "manages",
    c.WaiveTask: "waives",
    c.PlaceHold: "manages",
    c.LiftHold: "manages",
    r.RecordDocument: "records",
    r.IssueDocument: "records",
    r.RevokeDocument: "records",
    r.IssueItem: "records",
    r.LinkChallenge: "manages",
    r.RequestDisposal: "manages",
    r.ApproveDisposal: "approves",
    r.ExtendRetention: "manages",
    r.CarryOutDisposal: "manages",
    r.ReportFailure: "manages",
}
"""The list under `authority:` that says more of a command, where it is not empty."""


def relation(definition: Definition, challenge: Challenge, actor: Actor) -> Relation:
    """Return what binds somebody to a challenge."""
    mine = [member for member in challenge.team if member.person == actor.id]
    keys = dict.fromkeys(member.role for member in mine if member.left_at is None)
    sides = {key: role.side for key, role in definition.roles.items()}
    reference = challenge.reference
    return Relation(
        person=actor.id,
        reference=reference,
        is_administrator=actor.is_administrator,
        grants=actor.grants_on(reference),
        places=tuple(
            Place(key=key, reference=reference, role=stands_for(key, sides.get(key, "")))
            for key in keys
        ),
        was_here=bool(mine) and not keys,
    )


def admit(definition: Definition, challenge: Challenge, command: c.Command, *, actor: Actor) -> str:
    """Return by which right somebody may ask for a command.

    Raises:
        Refused: nothing gives them the right; the message says who has it.
    """
    found = relation(definition, challenge, actor)
    permission = NEEDS.get(type(command), Permission.BACK_UP)
    authority = right(found, permission)
    if authority is not None:
        return authority
    if found.places and _is_said(definition, challenge, command):
        return found.places[0].authority
    if is_own(challenge, command, actor.id):
        return f"own duty on {challenge.reference}"
    raise refusal(found, permission)


def _is_said(definition: Definition, challenge: Challenge, command: c.Command) -> bool:
    """Return whether the definition itself says who may: `decide` holds the team to it."""
    if isinstance(command, c.Advance):
        steps = [
            step
            for key, step in definition.transitions.items()
            if command.trigger in (None, key) and challenge.stage in step.from_
        ]
        return all(step.by for step in steps)
    named = _LISTS.get(type(command))
    return named is not None and bool(getattr(definition.authority, named))


def is_own(challenge: Challenge, command: c.Command, person: int) -> bool:
    """Return whether a command is about nothing but somebody's own task, copy or thing."""
    about = _OWN.get(type(command))
    return about is not None and person in about(challenge, command)


def _of_task(challenge: Challenge, command: Any) -> set[int | None]:  # noqa: ANN401 (of any task)
    tasks = challenge.occurrences(command.spec)
    return {task.person for task in tasks if command.person in (None, task.person)}


def _of_copy(challenge: Challenge, command: r.AcknowledgeDocument) -> set[int | None]:
    document = challenge.records.documents.get(command.document)
    return {command.person} if document and command.person in document.copies else set()


def _of_item(challenge: Challenge, command: r.SettleItem) -> set[int | None]:
    item = challenge.records.items.get(command.item)
    return {item.person} if item else set()


_OWN: Mapping[type, Callable[[Challenge, Any], set[int | None]]] = {
    c.CompleteTask: _of_task,
    c.GiveAnswer: _of_task,
    c.AgreeTime: _of_task,
    r.AcknowledgeDocument: _of_copy,
    r.SettleItem: _of_item,
}
