"""The answer that a mail proposes: what its writer seems to mean, on which day. Pure."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from notifications.incoming.intent import Intent, intent_of
from notifications.incoming.reading import Incoming
from workflow.model.commands import GiveAnswer
from workflow.model.decisions.answers import MOST_SAID
from workflow.store.correspondence.incoming import Kept
from workflow.store.correspondence.matching import Match, WantedTask

MOST_AGE = timedelta(days=14)
"""A mail that claims to be older, or to come from the future, is taken to be of today."""


def as_said(mail: Incoming, match: Match) -> str:
    """Return what the writer says, with who that is where somebody stands in."""
    lead = match.lead
    said = mail.said.strip()[:MOST_SAID]
    is_other = (
        lead.sent_to is not None and mail.sender.casefold() != lead.recipient_email.casefold()
    )
    return f"{said} (by {mail.sender}, who stands in)" if is_other else said


def answer_of(task: WantedTask, mail: Incoming, *, says: str, kept: Kept) -> GiveAnswer:
    """Return the answer that a mail proposes about a task."""
    zone = ZoneInfo(task.zone)
    on = _written_on(mail, zone, at=kept.came_at)
    intent = intent_of(mail.said, destroys=task.destroys, on=on)
    return GiveAnswer(
        spec=task.spec,
        person=task.person,
        day=task.day,
        answer=intent.kind,
        says=says,
        on=(intent.on or on) if intent.kind == "done" else None,
        moment=_moment(intent, zone),
        incoming=kept.id,
    )


def _written_on(mail: Incoming, zone: ZoneInfo, *, at: datetime | None) -> date:
    """Return the local day of a mail, by its own date unless that is odd."""
    came_at, sent_at = at or mail.sent_at, mail.sent_at
    if sent_at is None or came_at is None:
        written_at = came_at or sent_at
    else:
        written_at = sent_at if timedelta(0) <= came_at - sent_at <= MOST_AGE else came_at
    if written_at is None:
        raise LookupError("a mail without any moment")
    return written_at.astimezone(zone).date()


def _moment(intent: Intent, zone: ZoneInfo) -> datetime | None:
    if intent.kind != "another_time" or intent.on is None or intent.at is None:
        return None
    return datetime.combine(intent.on, intent.at, tzinfo=zone)
