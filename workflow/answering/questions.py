"""What a link asks, as its page shows it: read from the challenge at the moment of opening."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from workflow.answering.renames import Renamed, called_now, renames
from workflow.granting.access import relation_of
from workflow.model import events as e
from workflow.model.access.deciding import right
from workflow.model.access.permissions import Permission
from workflow.model.access.relations import Actor, Relation
from workflow.model.calendar import in_words
from workflow.model.challenge import Challenge
from workflow.model.decisions.answers import ANSWERS, managing
from workflow.model.decisions.tasks import may_speak_of
from workflow.model.outlook.sentences import why
from workflow.model.outlook.showing import marked_title
from workflow.model.people import Person, name_in
from workflow.model.planning.reminders import assignees, is_held
from workflow.model.planning.rulebook import Rulebook
from workflow.model.task import Task, TaskStatus
from workflow.store import challenges, people, rulebooks
from workflow.store.correspondence import answers as kept
from workflow.store.correspondence.answers import AnswerRow, Asked
from workflow.store.database import Link
from workflow.store.records import grants
from workflow.tokens import FORGED, AnswerLink, LinkRefused

LEFT = "This is not asked of you any more: it is for those who are on the team now."
OTHERS = "Somebody else is to do this: you are told of it, and nothing is asked of you here."
REVOKED = "this link does not work any more; ask the challenge manager, or answer the e-mail"
State = Literal["open", "done", "over"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One thing that was said or done about the task before."""

    at: datetime
    who: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An answer that the reader may accept or decline, by its number."""

    number: int
    who: str
    says: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a link asks, as its page shows it.

    `items` must be confirmed one by one, `evidence` are the pieces that are wanted; `over` says
    why there is nothing to answer. `is_destruction`: it cannot be taken back. `is_proposal`: the
    task is somebody else's to record, so that what is said of it waits for a manager.
    """

    link: AnswerLink
    reference: str
    client: str
    title: str
    asked: str
    by: str
    why: str
    zone: ZoneInfo
    state: State
    over: str = ""
    recorded: tuple[Recorded, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    items: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    is_destruction: bool = False
    is_proposal: bool = False
    can_propose_time: bool = False
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What a link is about: the message, the task, and those concerned.

    `actor` is the recipient as who acts, `relation` what binds them to the challenge now.
    """

    asked: Asked
    actor: Actor
    relation: Relation
    challenge: Challenge
    rulebook: Rulebook
    people: Mapping[int, Person]
    task: Task | None
    recorded: tuple[Recorded, ...]
    waiting: tuple[AnswerRow, ...]

    @property
    def reader(self) -> str:
        """Return the name of who got the message."""
        return self.people[self.asked.reader].name

    @property
    def aside(self) -> str:
        """Return who answers for whom, where that is not the same person."""
        if self.asked.reader == self.asked.recipient:
            return ""
        return f" by {self.reader}, who stands in for {self.people[self.asked.recipient].name}"


def read_matter(db: Link, link: AnswerLink) -> Matter:
    """Return what a link is about.

    Raises:
        LinkRefused: it was revoked, or was never sent.
    """
    asked = kept.asked(db, link.message)
    if asked is None or not link.is_of(asked.raised_at):
        raise LinkRefused(FORGED, kind="forged")
    history = [one.event for one in challenges.history(db, asked.reference)]
    key = _key_now(asked, link.task, renames(history))
    if not {key, link.task} & {*asked.tasks}:
        raise LinkRefused(FORGED, kind="forged")
    if asked.is_revoked:
        raise LinkRefused(REVOKED, kind="revoked")
    return _read(db, asked, key, history=history)


def _key_now(asked: Asked, key: str, renamed: tuple[Renamed, ...]) -> str:
    """Return what the task of a link is called now.

    The link has the key of when it was sent; a message may have been sent earlier than it says.
    """
    sent_at = asked.sent_at or asked.raised_at
    since_sent = called_now(key, (one for one in renamed if not sent_at or one.at >= sent_at))
    return since_sent if since_sent in asked.tasks else called_now(key, renamed)


def as_question(link: AnswerLink, matter: Matter) -> Question:
    """Return what the page shows."""
    state, over = state_of(matter)
    waiting = matter.waiting if _may_settle(matter) else ()
    return Question(
        link=link,
        reference=matter.asked.reference,
        client=matter.challenge.client,
        asked=matter.reader,
        zone=matter.rulebook.zone,
        state=state,
        over=over,
        recorded=matter.recorded if _may_read(matter) else (),
        waiting=tuple(
            Waiting(number=row.id, who=row.person_name, says=row.body, kind=row.kind)
            for row in waiting
        ),
        contact=_contact(matter),
        **{"title": "", "by": "", "why": "", **_about(matter)},
    )


def _read(db: Link, asked: Asked, key: str, *, history: list[e.Event]) -> Matter:
    challenge = challenges.load_by_id(db, asked.challenge_id).challenge
    rulebook = rulebooks.fetch(db, challenge.content_hash)
    ids = {asked.recipient, asked.reader, *(member.person for member in challenge.team)}
    known = people.named(db, ids | {event.actor for event in history if event.actor is not None})
    rows = kept.listed(db, reference=asked.reference)
    zone = rulebook.zone
    return Matter(
        asked=asked,
        actor=grants.asker(db, asked.recipient),
        relation=relation_of(
            db, asked.recipient, asked.reference, permission=Permission.SETTLE_ANSWERS
        ),
        challenge=challenge,
        rulebook=rulebook,
        people=known,
        task=challenge.tasks.get(key),
        recorded=tuple(_recorded(history, key, known=known, zone=zone)),
        waiting=tuple(row for row in rows if row.task == key and row.person != asked.recipient),
    )


def _about(matter: Matter) -> dict[str, Any]:
    """Return what the page says of the task itself: to whoever has left, what it is at most."""
    task = matter.task
    if task is None:
        return {}
    rulebook, spec = matter.rulebook, matter.rulebook.specs[task.spec]
    title = name_in(marked_title(rulebook, task), matter.people)
    if _has_left(matter, task):
        return {"title": title}
    destroying = rulebook.definition.destroying
    is_destruction = task.spec in destroying and bool(spec.attest)
    is_proposal = not may_record(matter, task)
    because = name_in(why(rulebook, matter.challenge, task), matter.people)
    return {
        "title": title,
        "by": _by(task, rulebook.zone),
        "why": f"{because[:1].upper()}{because[1:]}." if because else "",
        "items": () if is_proposal else spec.attest,
        "evidence": () if is_proposal else spec.evidence,
        "is_destruction": is_destruction and not is_proposal,
        "is_proposal": is_proposal,
        "can_propose_time": not is_destruction,
    }


def _may_settle(matter: Matter) -> bool:
    """Return whether the recipient may let answers of others count."""
    definition = matter.rulebook.definition
    recording = matter.challenge.holders(definition.members(*definition.authority.records))
    found = right(matter.relation, Permission.SETTLE_ANSWERS)
    return found is not None or matter.asked.recipient in recording


def _has_left(matter: Matter, task: Task) -> bool:
    """Return whether nothing binds the recipient to the challenge now, and the task is not theirs.

    What is theirs outlives their place: to destroy their notes.
    """
    whose = (task.person, *assignees(matter.rulebook, matter.challenge, task))
    return matter.relation.is_none and matter.asked.recipient not in whose


def _may_read(matter: Matter) -> bool:
    """Return whether the recipient may read what was said and done about the task."""
    task = matter.task
    if _may_settle(matter):
        return True
    if task is None or _has_left(matter, task):
        return False
    return task.person == matter.asked.recipient or may_record(matter, task)


def may_record(matter: Matter, task: Task) -> bool:
    """Return whether the recipient is to do a task, or records what others have done.

    Whom a task is merely about may answer, and not record: a peer does not take themselves on.
    """
    rulebook, challenge = matter.rulebook, matter.challenge
    recording = rulebook.definition.authority.records
    roles = rulebook.definition.members(*recording)
    allowed = (*assignees(rulebook, challenge, task), *challenge.holders(roles))
    return not recording or matter.asked.recipient in allowed


def _by(task: Task, zone: ZoneInfo) -> str:
    """Return by when it is wanted, in a sentence."""
    limit = in_words(task.limit_on) if task.limit_on else ""
    if task.limit_at and task.limit_at.astimezone(zone).hour not in {0, 23}:
        limit = f"{task.limit_at.astimezone(zone):%H:%M} on {limit}"
    target = in_words(task.target_on) if task.target_on else ""
    agreed = task.agreed_at.astimezone(zone) if task.agreed_at else None
    if agreed is not None:
        return f"Agreed for {agreed:%H:%M} on {in_words(agreed.date())}."
    if target and limit and target != limit:
        return f"By {target}; at the latest by {limit}."
    return f"By {target or limit}." if target or limit else ""


def state_of(matter: Matter) -> tuple[State, str]:
    """Return whether there is something to answer, and if not, why."""
    task = matter.task
    if task is not None and _has_left(matter, task):
        return "over", LEFT
    if task is None or task.status is TaskStatus.CANCELLED:
        return "over", "This is not wanted any more: what it was for has fallen away."
    if task.status is TaskStatus.DONE:
        return "done", ""
    if task.status is TaskStatus.WAIVED:
        return "over", f"This is not to be done any more: {task.reason}."
    if is_held(matter.challenge, task):
        return "over", "Please keep everything for now: destruction is on hold."
    stage = matter.rulebook.definition.stages[matter.challenge.stage]
    if stage.paused:
        return (
            "over",
            f"The challenge is paused ({stage.title.lower()}): nothing is to be done now.",
        )
    if not _is_asked(matter, task):
        return "over", OTHERS
    return "open", ""


def _is_asked(matter: Matter, task: Task) -> bool:
    """Return whether the recipient may say anything of a task, and is not merely told of it."""
    return may_speak_of(task, matter.actor, rulebook=matter.rulebook, challenge=matter.challenge)


def _contact(matter: Matter) -> str:
    """Return whom the reader can ask."""
    rulebook, challenge = matter.rulebook, matter.challenge
    held = managing(rulebook.definition, challenge)
    asked = next((person for ids in held for person in ids if person != matter.asked.reader), None)
    if asked is None or asked not in matter.people:
        return ""
    person = matter.people[asked]
    return ", ".join(part for part in (person.name, person.email, person.phone) if part)


def _recorded(
    history: list[e.Event], key: str, *, known: Mapping[int, Person], zone: ZoneInfo
) -> Iterator[Recorded]:
    renamed = renames(history)
    for place, event in enumerate(history):
        tell = _TOLD.get(type(event))
        if tell is None:
            continue
        task = called_now(getattr(event, "task", ""), (r for r in renamed if r.place > place))
        if task == key:
            actor = known.get(event.actor) if event.actor is not None else None
            who = actor.name if actor else ""
            yield Recorded(at=event.at, who=who, says=tell(event, zone))


def _tell_answer(event: e.AnswerGiven, zone: ZoneInfo) -> str:
    moment = event.moment.astimezone(zone) if event.moment else None
    when = f" ({in_words(moment.date())}, {moment:%H:%M})" if moment else ""
    return f"{ANSWERS[event.answer]}{when}: {event.says}"


def _tell_time(event: e.TimeAgreed, zone: ZoneInfo) -> str:
    if event.moment is None:
        return "no time is agreed any more"
    moment = event.moment.astimezone(zone)
    return f"agreed for {in_words(moment.date())}, {moment:%H:%M}"


_TOLD: dict[type[e.Event], Callable[[Any, ZoneInfo], str]] = {
    e.TaskDone: lambda v, zone: f"done on {in_words(v.on)}",
    e.TaskWaived: lambda v, zone: f"not to be done: {v.reason}",
    e.TaskReopened: lambda v, zone: f"to be done again: {v.reason}",
    e.AnswerGiven: _tell_answer,
    e.TimeAgreed: _tell_time,
}
