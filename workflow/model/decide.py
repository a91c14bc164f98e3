"""What happens when somebody asks for something: events, or a refusal.

`decide` is a pure function of the definition, the challenge, the command and the moment. It asks
in this order: may this person ask for it, does it make sense, do the rules allow it. What it
gives back is complete: the command's own events and all that follows from them (`reconcile`),
so that keeping them in one transaction keeps the promise, and throwing them away is a preview.

A refusal is a value in the words of the domain (`errors.Refused`): what is missing, what is
allowed. Texts name people as `{p4}`, by id; whoever shows them puts the names in.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.challenge import Challenge
from workflow.model.decisions import disposals
from workflow.model.decisions.answers import agree, answer
from workflow.model.decisions.asking import Actor, Asking
from workflow.model.decisions.clocks import extend, pause, resume
from workflow.model.decisions.counters import record_counter
from workflow.model.decisions.dates import set_date
from workflow.model.decisions.handing import documents, items
from workflow.model.decisions.holds import lift_hold, place_hold
from workflow.model.decisions.links import link_challenge
from workflow.model.decisions.steps import advance
from workflow.model.decisions.tasks import complete, reopen, waive
from workflow.model.decisions.team import assign, release
from workflow.model.planning.reconcile import Settling, reconcile
from workflow.model.planning.rulebook import Rulebook
from workflow.model.records import commands as r

_ANSWERS: dict[type, Callable[[Asking, Any], tuple[e.Event, ...]]] = {
    c.AssignPerson: assign,
    c.ReleasePerson: release,
    c.SetDate: set_date,
    c.CompleteTask: complete,
    c.WaiveTask: waive,
    c.ReopenTask: reopen,
    c.GiveAnswer: answer,
    c.AgreeTime: agree,
    c.Advance: advance,
    c.PlaceHold: place_hold,
    c.LiftHold: lift_hold,
    c.ExtendDeadline: extend,
    c.PauseClock: pause,
    c.ResumeClock: resume,
    r.RecordDocument: documents.record,
    r.IssueDocument: documents.issue,
    r.AcknowledgeDocument: documents.acknowledge,
    r.RevokeDocument: documents.revoke,
    r.IssueItem: items.issue_item,
    r.SettleItem: items.settle_item,
    r.LinkChallenge: link_challenge,
    r.RecordCounter: record_counter,
    r.RequestDisposal: disposals.request,
    r.ApproveDisposal: disposals.approve,
    r.ExtendRetention: disposals.extend,
    r.CarryOutDisposal: disposals.carry_out,
    r.ReportFailure: disposals.fail,
}


class Decision(NamedTuple):
    """What a command comes to: the challenge before and after, and all events between.

    `wakes` says for each task that was looked at when time alone will next change something;
    `warnings` is what the asker should know; `authority` the right by which it was allowed, where
    the rules asked for one.
    """

    before: Challenge
    after: Challenge
    events: tuple[e.Event, ...]
    wakes: Mapping[str, datetime | None]
    warnings: tuple[str, ...] = ()
    authority: str = ""


def decide(
    rulebook: Rulebook,
    challenge: Challenge,
    command: c.Command,
    *,
    at: datetime,
    actor: Actor,
    is_time_passed: bool = True,
) -> Decision:
    """Return the events that follow from `command` at a moment (aware, UTC).

    `is_time_passed` False says that no task waited for a moment up to `at`, so that only what
    the command touches is looked at.

    Raises:
        Refused: a rule says no.
        NotFound: the command names what the definition does not have.
        InvalidInput: the command makes no sense as it is.
    """
    asking = Asking(rulebook=rulebook, challenge=challenge, actor=actor, at=at)
    disposals.require_there(asking)
    asked = _ANSWERS[type(command)](asking, command)
    settling = Settling(rulebook, challenge, at)
    for event in asked:
        settling.apply(event)
    reconcile(settling, is_time_passed=is_time_passed)
    authority = asking.rights[-1] if asking.rights else ""
    return _decision(challenge, settling, tuple(asking.warnings), authority=authority)


def begin(
    rulebook: Rulebook, started: e.ChallengeStarted, first: Iterable[c.Command], *, actor: Actor
) -> Decision:
    """Return the events of a challenge that starts, with the first people and dates.

    Raises:
        Refused, NotFound, InvalidInput: as `decide`, of one of the first commands.
    """
    settling = Settling(rulebook, Challenge(), started.at)
    settling.apply(started)
    warnings: list[str] = []
    for command in first:
        asking = Asking(
            rulebook=rulebook,
            challenge=settling.challenge,
            actor=actor,
            at=started.at,
            warnings=warnings,
        )
        for event in _ANSWERS[type(command)](asking, command):
            settling.apply(event)
    reconcile(settling)
    return _decision(Challenge(), settling, tuple(warnings))


def note(
    rulebook: Rulebook, challenge: Challenge, *happened: e.Event, is_time_passed: bool
) -> Decision:
    """Return what follows from events that have happened already, such as a refusal."""
    settling = Settling(rulebook, challenge, happened[-1].at)
    for event in happened:
        settling.apply(event)
    reconcile(settling, is_time_passed=is_time_passed)
    return _decision(challenge, settling, ())


def pass_time(
    rulebook: Rulebook,
    challenge: Challenge,
    *,
    at: datetime,
    wakes: Mapping[str, datetime | None] | None = None,
) -> Decision:
    """Return what has come due by a moment, when nobody asks for anything.

    `wakes` says when each task wakes: only those that have are looked at. Without it all are.
    """
    settling = Settling(rulebook, challenge, at)
    due = None
    if wakes is not None:
        due = frozenset(key for key, wake_at in wakes.items() if wake_at and wake_at <= at)
    reconcile(settling, due=due)
    return _decision(challenge, settling, ())


def _decision(
    before: Challenge, settling: Settling, warnings: tuple[str, ...], *, authority: str = ""
) -> Decision:
    return Decision(
        before=before,
        after=settling.challenge,
        events=tuple(settling.events),
        wakes=settling.wakes,
        warnings=warnings,
        authority=authority,
    )
