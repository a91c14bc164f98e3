"""What should never be of one challenge: looked for by folding its events, and planning it anew."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from workflow.model import events as e
from workflow.model.challenge import Challenge, evolve, replay
from workflow.model.decide import pass_time
from workflow.model.lines import RETENTION_PREFIX
from workflow.model.planning.rulebook import Rulebook
from workflow.model.records import events as r
from workflow.model.task import UNFINISHED
from workflow.store import challenges, rulebooks
from workflow.store.checks import mail, record
from workflow.store.link import Link, moment_text
from workflow.store.records import certificates

Fault = tuple[str, str]
"""The code of an invariant, and what is wrong."""

_CODES = {"DeadlineMissed": "I2", "DeadlineMoved": "I3", "NoticeRaised": "I4"}
_SAYS = {
    "I1": "a task should be there, open or gone, and is not",
    "I2": "a limit has passed, and nobody was told",
    "I3": "a date is not what the facts and the definition make it",
    "I4": "a reminder is due, and was not raised",
}


def faults(link: Link, challenge_id: int, reference: str, *, at: datetime) -> Iterator[Fault]:
    """Yield what is wrong with a challenge at a moment, as far as its rows can tell."""
    stored = challenges.load(link, reference, is_cached=False)  # what is kept, not remembered
    challenge = stored.challenge
    history = challenges.history(link, reference)
    events = [recorded.event for recorded in history]
    if replay(events) != challenge:
        yield "I14", f"what is kept is not what the {len(events)} events add up to"
        return
    rulebook = rulebooks.fetch(link, challenge.content_hash)
    yield from _of_mail(link, challenge_id, reference, events)
    yield from _of_destruction(one.event for one in history if not _is_of_ledger(one))
    yield from _of_closing(rulebook, challenge)
    seen_at = max(at, stored.updated_at or at)  # it may have gone on since the look began
    if stored.wake_at is None or stored.wake_at > seen_at:
        yield from _of_plan(rulebook, challenge, seen_at, stored.wake_at)


def _of_mail(
    link: Link, challenge_id: int, reference: str, events: list[e.Event]
) -> Iterator[Fault]:
    """Yield messages that no notice stands for, and notices that nobody is to get."""
    raised = {
        f"{reference}/{one.notice}/{one.occurrence}/{one.recipient}"
        for one in events
        if isinstance(one, e.NoticeRaised) and one.recipient is not None
    }
    kept = dict(mail.kept(link, challenge_id))
    for key in sorted(kept.keys() - raised):
        if key.startswith(f"{reference}/") or "/" not in key:
            yield "I15", f"message {kept[key]} has a key that no notice has"
    if not record.is_cut(link, challenge_id):
        for key in sorted(raised - kept.keys()):
            yield "I8", f"the notice {key.removeprefix(f'{reference}/')} is not in the outbox"


def _is_of_ledger(recorded: challenges.Recorded) -> bool:
    """Return whether a destruction was done again in a backup: it was decided in what was lost."""
    return recorded.source == certificates.RESTORE and recorded.kind == "DisposalDone"


def _of_destruction(events: Iterable[e.Event]) -> Iterator[Fault]:
    """Yield what was destroyed under a hold, or unapproved."""
    so_far = Challenge()
    for event in events:
        if isinstance(event, r.DisposalDone):
            held = [name for name, hold in so_far.holds.items() if event.rule in hold.rules]
            disposal = so_far.records.disposals.get(event.rule)
            if held:
                yield "I25", f"{event.rule} was destroyed while {held[0]} held it"
            elif disposal is None or disposal.approved_at is None:
                yield "I25", f"{event.rule} was destroyed, and nobody had approved it"
        so_far = evolve(so_far, event)


def _of_closing(rulebook: Rulebook, challenge: Challenge) -> Iterator[Fault]:
    """Yield what a challenge that is over still owes, but for retention."""
    stage = rulebook.definition.stages.get(challenge.stage)
    if stage is None or not stage.final:
        return
    for task in challenge.tasks.values():
        is_kept = task.spec.startswith(RETENTION_PREFIX) or task.spec in (stage.keeps or ())
        spec = rulebook.definition.tasks.get(task.spec)
        is_of_stage = spec is not None and challenge.stage in spec.stage
        if task.status in UNFINISHED and not is_kept and not is_of_stage:
            yield "I11", f"it is over, and {task.key} is {task.status}"


def _of_plan(
    rulebook: Rulebook, challenge: Challenge, at: datetime, wake_at: datetime | None
) -> Iterator[Fault]:
    """Yield what should have happened by itself, and nobody will look at in time."""
    found = pass_time(rulebook, challenge, at=at).events
    woken = f"it is looked at {f'on {moment_text(wake_at)[:16]}' if wake_at else 'never'}"
    for code in sorted({_CODES.get(e.kind_of(event), "I1") for event in found}):
        yield code, f"{_SAYS[code]} ({woken})"
