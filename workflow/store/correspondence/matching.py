"""Which message a mail answers, and what that message wanted of whom. One query a function."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workflow.store import library
from workflow.store.link import Link, day, moment

_SENT = """
o.id, o.challenge_id, c.reference, o.recipient_id, o.sent_to_id, o.tasks, o.status,
r.email, s.email, c.definition_hash, o.created_at
FROM outbox o JOIN person r ON r.id = o.recipient_id
LEFT JOIN person s ON s.id = o.sent_to_id LEFT JOIN challenge c ON c.id = o.challenge_id
"""
_MESSAGE = f"""
SELECT {_SENT}
WHERE o.id = :id OR o.message_id = (SELECT message_id FROM outbox WHERE id = :id)
ORDER BY o.id
"""  # noqa: S608  (our own columns)
_EACH = {
    "sqlite": "IN (SELECT value FROM json_each(:ids))",
    "postgresql": "= ANY(:ids)",
}
_CARRIERS = """
SELECT message_id, coalesce(carrier_id, id) FROM outbox WHERE message_id {each}
ORDER BY status = 'cancelled' DESC, id
"""
"""What was cancelled leads no more, unless all of it was."""
_WANTED = """
SELECT key, spec, person, day FROM task
WHERE challenge_id = :challenge_id AND status = 'open'
    AND (assignees LIKE :assignee OR person = :recipient)
ORDER BY position, number
"""
_ANSWERED = "SELECT challenge_id, task FROM answer WHERE incoming_id = :id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One notice of a message that was sent; `sent_to` got it where that was not the recipient."""

    id: int
    challenge_id: int | None
    reference: str | None
    recipient: int
    sent_to: int | None
    tasks: tuple[str, ...]
    status: str
    recipient_email: str
    sent_to_email: str | None
    content_hash: str | None
    raised_at: datetime | None

    @property
    def reader(self) -> int:
        """Return who got it."""
        return self.recipient if self.sent_to is None else self.sent_to

    @property
    def reader_email(self) -> str:
        """Return the address that it went to."""
        return self.sent_to_email or self.recipient_email


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The message that a mail answers: the notice that led, and those that went along."""

    id: int
    notices: tuple[Notice, ...]

    @property
    def lead(self) -> Notice:
        """Return the notice that the message bears the number of."""
        return next(notice for notice in self.notices if notice.id == self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedTask:
    """An open task of which the message speaks, and that its recipient does or is the subject of.

    `destroys`: something is to be destroyed. `zone` is that of the challenge.
    """

    challenge_id: int
    reference: str
    key: str
    spec: str
    person: int | None
    day: date | None
    destroys: bool
    zone: str


def message(link: Link, number: int) -> Match | None:
    """Return the message that bears the number of an outbox row, with what went along with it."""
    notices = tuple(_notice(row) for row in link.rows(_MESSAGE, id=number))
    is_there = any(notice.id == number for notice in notices)
    return Match(id=number, notices=notices) if is_there else None


def carrier_of(link: Link, message_ids: Sequence[str]) -> int | None:
    """Return the outbox row that led the first of these messages that is ours."""
    if not message_ids:
        return None
    wanted = list(message_ids)
    ids = json.dumps(wanted) if link.dialect == "sqlite" else wanted
    sql = _CARRIERS.format(each=_EACH[link.dialect])
    found = {row[0]: row[1] for row in link.rows(sql, ids=ids)}
    return next((found[message_id] for message_id in wanted if message_id in found), None)


def wanted_tasks(link: Link, notice: Notice) -> list[WantedTask]:
    """Return the open tasks that a notice speaks of, and of which its recipient may answer."""
    if notice.challenge_id is None or notice.content_hash is None or not notice.tasks:
        return []
    definition = library.fetch(link, notice.content_hash)
    destroying = definition.destroying
    rows = link.rows(
        _WANTED,
        challenge_id=notice.challenge_id,
        recipient=notice.recipient,
        assignee=f"%,{notice.recipient},%",
    )
    return [
        WantedTask(
            challenge_id=notice.challenge_id,
            reference=notice.reference or "",
            key=row[0],
            spec=row[1],
            person=row[2],
            day=day(row[3]),
            destroys=row[1] in destroying,
            zone=definition.zone,
        )
        for row in rows
        if row[0] in notice.tasks
    ]


def answered(link: Link, number: int) -> set[tuple[int, str]]:
    """Return the challenges and tasks of which a mail has been made an answer."""
    return {(row[0], row[1]) for row in link.rows(_ANSWERED, id=number)}


def _notice(row: tuple[Any, ...]) -> Notice:
    return Notice(
        id=row[0],
        challenge_id=row[1],
        reference=row[2],
        recipient=row[3],
        sent_to=row[4],
        tasks=tuple(json.loads(row[5])),
        status=row[6],
        recipient_email=row[7],
        sent_to_email=row[8],
        content_hash=row[9],
        raised_at=moment(row[10]),
    )
