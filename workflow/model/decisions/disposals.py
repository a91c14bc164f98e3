"""The destruction of our own copies: asked for, approved by somebody else, put off, carried out.

What is asked for may not be destroyed: a hold is looked at again by every step, the last of them
in the transaction that destroys.
"""

from collections.abc import Iterable

from workflow.model import events as e
from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.decisions.asking import Asking, require_known, require_reason
from workflow.model.errors import InvalidInput, Refused, Unmet
from workflow.model.lines import RETENTION_PREFIX
from workflow.model.planning.guards import destroyed_whole, holds, rule_of
from workflow.model.planning.rulebook import Rulebook
from workflow.model.records import commands as c
from workflow.model.records import events as r
from workflow.model.records.rules import RECORD
from workflow.model.register.retention import Retained, Status, retained
from workflow.model.task import UNFINISHED, Task

FAILED = "destruction_failed"
"""The date of a definition that says when a destruction last failed."""


def request(asking: Asking, command: c.RequestDisposal) -> tuple[e.Event, ...]:
    """Ask to destroy our copies of what a rule keeps; before the day, with a reason and a right."""
    found = _managed(asking, command.rule, "ask to destroy records")
    _require_free(asking, found)
    if found.disposal.requested_at is not None:
        raise Refused(f'"{found.part.title}": it is asked for already', kind="already")
    if not _is_due(asking, found):
        _require_early(asking, found, command.reason)
    requested = r.DisposalRequested(
        at=asking.at,
        actor=asking.actor.id,
        rule=command.rule,
        due_on=found.due_on,
        reason=command.reason,
    )
    return (requested,)


def approve(asking: Asking, command: c.ApproveDisposal) -> tuple[e.Event, ...]:
    """Approve what somebody else asked to destroy.

    Source: house policy, after the ICO: management approves, and whoever asks does not.
    """
    found = _ours(asking, command.rule)
    approves = asking.rulebook.definition.authority.approves
    asking.require_right(approves, "approve a destruction")
    _require_free(asking, found)
    if found.disposal.requested_at is None:
        raise Refused(
            f'"{found.part.title}": nobody has asked to destroy it',
            kind="not_requested",
            hint=f"ask: {_typed(asking, 'request', command.rule)}",
        )
    if found.disposal.approved_at is not None:
        raise Refused(f'"{found.part.title}": it is approved already', kind="already")
    if found.disposal.requested_by == asking.actor.id:
        raise Refused(
            f'"{found.part.title}": {{p{asking.actor.id}}} asked for it, so somebody else must '
            "approve it",
            kind="same_person",
        )
    return (r.DisposalApproved(at=asking.at, actor=asking.actor.id, rule=command.rule),)


def extend(asking: Asking, command: c.ExtendRetention) -> tuple[e.Event, ...]:
    """Keep what a rule keeps until a later day; what was asked for and approved falls away."""
    require_reason(command.reason, "it is kept for longer")
    found = _managed(asking, command.rule, "keep records for longer")
    least = max(asking.today, found.due_on or asking.today)
    if command.until <= least:
        raise InvalidInput(
            f"{in_words(command.until)} is no later than {in_words(least)}: name a later day"
        )
    extended = r.RetentionExtended(
        at=asking.at,
        actor=asking.actor.id,
        rule=command.rule,
        until=command.until,
        reason=command.reason,
    )
    return (extended,)


def carry_out(asking: Asking, command: c.CarryOutDisposal) -> tuple[e.Event, ...]:
    """Say that what was approved is destroyed; to be decided in the transaction that destroys."""
    found = _managed(asking, command.rule, "destroy records")
    _require_free(asking, found)
    if found.disposal.approved_at is None:
        raise Refused(
            f'"{found.part.title}": its destruction is not approved',
            kind="not_approved",
            hint=f"ask for it: {_typed(asking, 'request', command.rule)}; then let somebody else "
            "approve it",
        )
    if not _is_due(asking, found) and not found.disposal.reason.strip():
        raise Refused(_not_yet(found), kind="too_early")
    done = r.DisposalDone(
        at=asking.at,
        actor=asking.actor.id,
        rule=command.rule,
        certificate=command.certificate,
        method=command.method,
        counts=dict(command.counts),
    )
    return (done, *ended(asking.rulebook, asking.challenge, done))


def ended(rulebook: Rulebook, challenge: Challenge, done: r.DisposalDone) -> tuple[e.TaskDone, ...]:
    """Return the rule's own task as done by a destruction, where there is one."""
    task = challenge.tasks.get(f"{RETENTION_PREFIX}{done.rule}")
    if task is None or task.status not in UNFINISHED:
        return ()
    settled = e.TaskDone(
        at=done.at,
        actor=done.actor,
        task=task.key,
        on=rulebook.today(done.at),
        by=done.actor,
        evidence=f"certificate {done.certificate}",
    )
    return (settled,)


def fail(asking: Asking, command: c.ReportFailure) -> tuple[e.Event, ...]:
    """Record that a destruction did not succeed: an incident, and the fact that opens its task.

    Source: house policy, after the ICO: a failure to delete is reported as an incident.
    """
    rules = asking.rulebook.definition.retention
    require_known("retention rule", command.rule, rules)
    failed = r.DisposalFailed(
        at=asking.at, actor=asking.actor.id, rule=command.rule, problem=command.problem
    )
    if FAILED not in asking.rulebook.definition.dates:
        return (failed,)
    old = asking.challenge.dates.get(FAILED)
    again = (e.DateCleared(at=asking.at, key=FAILED, old=old.on, reason="again"),) if old else ()
    known_now = e.DateSet(
        at=asking.at,
        actor=asking.actor.id,
        key=FAILED,
        on=asking.today,
        moment=asking.at,
        is_actual=True,
        reason=f"{rules[command.rule].title}: {command.problem}",
    )
    return (failed, *again, known_now)


def require_there(asking: Asking) -> None:
    """Refuse everything of a challenge whose whole record was destroyed.

    Raises:
        Refused: nothing is left of it.
    """
    gone = destroyed_whole(asking.rulebook, asking.challenge)
    if gone is not None:
        raise Refused(
            f"{asking.challenge.reference} is destroyed (certificate {gone.certificate}): nothing "
            "is left of it",
            kind="destroyed",
            hint=f"see: peer-challenge certificate show {gone.certificate}",
        )


def require_not_ours(asking: Asking, task: Task) -> None:
    """Refuse to record by hand what only a destruction can make true.

    Raises:
        Refused: the task ends with the destruction of our own copies.
    """
    key = rule_of(asking.rulebook, task)
    if key is None:
        return
    title = asking.rulebook.definition.retention[key].title
    raise Refused(
        f'"{title}": these are our own copies, so the engine itself destroys them',
        kind="ours",
        hint=f"ask for it: {_typed(asking, 'request', key)}",
    )


def require_undestroyed(asking: Asking, task: Task) -> None:
    """Refuse to open again what a destruction has ended: what is gone is gone.

    Raises:
        Refused: our own copies are destroyed already.
    """
    key = rule_of(asking.rulebook, task)
    if key is not None:
        _ours(asking, key)


def require_exception(asking: Asking, tasks: Iterable[str]) -> None:
    """Refuse to pass over a confirmation of destruction, unless somebody who may does so.

    Source: house policy, after guidance 125: each confirms, or a named authority says why not.

    Raises:
        Refused: one of `tasks` (keys) destroys something, and the asker may not let it go.
    """
    definition = asking.rulebook.definition
    destroying = definition.destroying
    if any(asking.challenge.tasks[key].spec in destroying for key in tasks):
        asking.require_right(definition.authority.excepts, "let a confirmation of destruction go")


def _ours(asking: Asking, key: str) -> Retained:
    """Return what a rule keeps of our own, as it stands."""
    require_known("retention rule", key, asking.rulebook.definition.retention)
    found = retained(asking.rulebook, asking.challenge, key, at=asking.at)
    if not found.part.copies:
        tasks = ", ".join(found.part.done_by)
        way = f"it ends when they confirm it ({tasks})" if tasks else "it ends elsewhere"
        raise Refused(f'"{found.part.title}": we have no copies of our own; {way}', kind="not_ours")
    if found.disposal.done_at is not None and not found.disposal.problem:
        raise Refused(
            f'"{found.part.title}": it is destroyed already (certificate '
            f"{found.disposal.certificate})",
            kind="already",
        )
    return found


def _managed(asking: Asking, key: str, what: str) -> Retained:
    """Return what a rule keeps of our own, as it stands, to somebody who manages records."""
    found = _ours(asking, key)
    asking.require_right_if_named(asking.rulebook.definition.authority.manages, what)
    return found


def _require_free(asking: Asking, found: Retained) -> None:
    """Refuse what a hold stops, what a task still needs, and the record of what is not over."""
    if found.status is Status.HELD:
        raise Refused(f'"{found.part.title}" is on hold: {", ".join(found.holds)}', kind="held")
    stage = asking.rulebook.definition.stages[asking.challenge.stage]
    if RECORD in found.part.copies and not stage.final:
        raise Refused(
            f'{asking.challenge.reference} is not over (stage "{stage.title}"): its record stays',
            kind="not_over",
        )
    needed = [holds(asking.rulebook, asking.challenge, key) for key in found.part.needed_for]
    unmet: list[Unmet] = [item for item in needed if item is not None]
    if unmet:
        raise Refused(f'"{found.part.title}" is still needed', kind="needed", unmet=unmet)


def _is_due(asking: Asking, found: Retained) -> bool:
    return found.due_on is not None and asking.today >= found.due_on


def _require_early(asking: Asking, found: Retained, reason: str) -> None:
    """Refuse to destroy before the day without a reason, or by somebody who may not."""
    excepts = asking.rulebook.definition.authority.excepts
    asking.require_right(excepts, "destroy before the day")
    if not reason.strip():
        raise Refused(
            _not_yet(found), kind="too_early", hint='say why it goes before its day: --reason "…"'
        )


def _not_yet(found: Retained) -> str:
    day = in_words(found.due_on) if found.due_on else "a day that is not known yet"
    return f'"{found.part.title}" is kept until {day}'


def _typed(asking: Asking, verb: str, rule: str) -> str:
    return f"peer-challenge retention {verb} {asking.challenge.reference} {rule}"
