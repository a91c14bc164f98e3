"""What was asked of whom by which message, and what they answered. One query a function."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from workflow.model.errors import NotFound, Refused
from workflow.store.link import Link, day, flag, moment

OPEN, ACCEPTED, DECLINED = "open", "accepted", "declined"

_ASKED = """
SELECT o.id, o.challenge_id, c.reference, o.recipient_id, o.sent_to_id, o.tasks, o.notice,
    o.about_id,
    o.links_revoked_at IS NOT NULL OR coalesce(p.links_from > o.created_at, FALSE), o.created_at,
    o.sent_at
FROM outbox o JOIN challenge c ON c.id = o.challenge_id
LEFT JOIN preference p ON p.person_id = o.recipient_id
WHERE o.id = :id
"""
_COLUMNS = """
a.id, c.reference, a.task, a.person_id, p.name, a.kind, a.came_at, a.body, a.done_on, a.moment,
a.status, a.handled_by, a.handled_at, a.note, a.incoming_id, i.sender, i.came_at, i.message_id,
i.person_id
"""
_FROM = """
FROM answer a JOIN challenge c ON c.id = a.challenge_id JOIN person p ON p.id = a.person_id
LEFT JOIN incoming i ON i.id = a.incoming_id
"""
_LISTED = f"""
SELECT {_COLUMNS} {_FROM}
WHERE (CAST(:reference AS VARCHAR) IS NULL OR c.reference = :reference)
    AND (:with_settled OR a.status = 'open')
ORDER BY a.id DESC
"""
_ONE = f"SELECT {_COLUMNS} {_FROM} WHERE a.id = :id"
_SETTLE = """
UPDATE answer SET status = :status, handled_by = :by, handled_at = :at, note = :note
WHERE id = :id AND status = 'open'
"""
_KEYS = """
SELECT c.key_id, p.key_id
FROM answer a JOIN challenge c ON c.id = a.challenge_id JOIN person p ON p.id = a.person_id
WHERE a.id = :id
"""
_OPEN_OF = "SELECT id, task FROM answer WHERE challenge_id = :challenge_id AND status = 'open'"
_NAME = "UPDATE answer SET task = :task WHERE id = :id"
_CLOSE_MAIL = """
UPDATE incoming SET status = 'closed', handled_by = :by, handled_at = :at
WHERE id = :id AND status = 'proposed' AND NOT EXISTS (
    SELECT 1 FROM answer a WHERE a.incoming_id = :id AND a.status = 'open'
)
"""
_REVOKE_ONE = """
UPDATE outbox SET links_revoked_at = :at
WHERE id = :id OR message_id = (SELECT message_id FROM outbox WHERE id = :id)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A message that asks for something; `reader` is who got it, `recipient` whom it is for."""

    message: int
    challenge_id: int
    reference: str
    recipient: int
    reader: int
    tasks: tuple[str, ...]
    notice: str
    about: int | None
    is_revoked: bool
    raised_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Mail:
    """The e-mail that an answer came by; `writer` is the person whose address it came from."""

    id: int
    sender: str
    came_at: datetime | None
    message_id: str
    writer: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """What somebody answered. `kind` is done, cannot, another_time or unclear.

    `done_on` and `moment` are the day and the time that it names; `mail` is None for one that was
    given on the page.
    """

    id: int
    reference: str
    task: str
    person: int
    person_name: str
    kind: str
    came_at: datetime | None
    body: str
    done_on: date | None
    moment: datetime | None
    status: str
    handled_by: int | None
    handled_at: datetime | None
    note: str
    mail: Mail | None


def asked(link: Link, message: int) -> Asked | None:
    """Return what a message asked of whom; None for one of no challenge, or of none at all."""
    row = link.row(_ASKED, id=message)
    if row is None:
        return None
    return Asked(
        message=row[0],
        challenge_id=row[1],
        reference=row[2],
        recipient=row[3],
        reader=row[4] or row[3],
        tasks=tuple(json.loads(row[5])),
        notice=row[6],
        about=row[7],
        is_revoked=flag(row[8]),
        raised_at=moment(row[9]),
        sent_at=moment(row[10]),
    )


def listed(
    link: Link, *, reference: str | None = None, with_settled: bool = False
) -> list[AnswerRow]:
    """Return what was answered, the newest first."""
    rows = link.rows(_LISTED, reference=reference, with_settled=with_settled)
    return [_answer(row) for row in rows]


def one(link: Link, number: int) -> AnswerRow:
    """Return an answer.

    Raises:
        NotFound: there is none with this number.
    """
    row = link.row(_ONE, id=number)
    if row is None:
        raise NotFound("answer", str(number), ())
    return _answer(row)


def settle(link: Link, number: int, *, status: str, by: int, at: datetime, note: str = "") -> None:
    """Note what became of an answer.

    Raises:
        Refused: it is settled already.
    """
    said = link.seal(note, *(link.row(_KEYS, id=number) or ()))
    if link.execute(_SETTLE, id=number, status=status, by=by, at=at, note=said) != 1:
        found = one(link, number)
        raise Refused(f"answer {number} is {found.status} already", kind="already")


def rename(link: Link, challenge_id: int, renamed: Mapping[str, str]) -> None:
    """Let answers that nobody has settled yet be about tasks by the keys that these have now."""
    rows = link.rows(_OPEN_OF, challenge_id=challenge_id)
    names = [{"id": row[0], "task": renamed[row[1]]} for row in rows if row[1] in renamed]
    link.executemany(_NAME, names)


def close_mail(link: Link, mail: Mail, *, by: int, at: datetime) -> None:
    """Note that an e-mail is seen to, once no answer of it waits any more."""
    link.execute(_CLOSE_MAIL, id=mail.id, by=by, at=at)


def revoke(link: Link, message: int, *, at: datetime) -> None:
    """Let every link of a message be dead from now on, those of what went along with it too.

    Raises:
        NotFound: there is no such message.
    """
    if link.execute(_REVOKE_ONE, id=message, at=at) == 0:
        raise NotFound("message", str(message), ())


def _answer(row: tuple[Any, ...]) -> AnswerRow:
    mail = Mail(row[14], row[15], moment(row[16]), *row[17:]) if row[14] else None
    return AnswerRow(
        id=row[0],
        reference=row[1],
        task=row[2],
        person=row[3],
        person_name=row[4],
        kind=row[5],
        came_at=moment(row[6]),
        body=row[7],
        done_on=day(row[8]),
        moment=moment(row[9]),
        status=row[10],
        handled_by=row[11],
        handled_at=moment(row[12]),
        note=row[13],
        mail=mail,
    )
