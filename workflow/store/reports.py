"""What lists show of messages, and what `doctor` looks for: one function, one query."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflow.model.errors import NotFound
from workflow.store.keeping.marks import DESTROYED
from workflow.store.link import Link, moment

_STATUS = """
CASE WHEN o.status = 'waiting' AND EXISTS (SELECT 1 FROM meta WHERE key = 'mail_held')
    THEN 'held' ELSE o.status END
"""
_COLUMNS = f"""
o.id, c.reference, o.notice, o.recipient_id, coalesce(r.name, p.name),
coalesce(r.email, p.email), o.subject, {_STATUS},
o.created_at, o.not_before, o.next_attempt_at, o.sent_at, o.attempts, o.message_id, o.error,
CASE WHEN r.id IS NOT NULL THEN p.name END, CASE WHEN r.id IS NOT NULL THEN p.email END,
o.carrier_id
"""
_FROM = """
FROM outbox o JOIN person p ON p.id = o.recipient_id LEFT JOIN person r ON r.id = o.sent_to_id
"""
_OF_REFERENCE = """
AND o.challenge_id = (SELECT id FROM challenge WHERE reference = :reference)
"""


def _mail(*, of_reference: str) -> str:
    """Return the query with the condition that there is: an OR would pass by the index."""
    return f"""
SELECT {_COLUMNS} {_FROM} LEFT JOIN challenge c ON c.id = o.challenge_id
WHERE (CAST(:status AS VARCHAR) IS NULL OR o.status = :status)
    AND (CAST(:recipient AS INTEGER) IS NULL OR o.recipient_id = :recipient
        OR o.sent_to_id = :recipient)
    {of_reference}
ORDER BY o.id DESC LIMIT :limit
"""


_MAIL = {False: _mail(of_reference=""), True: _mail(of_reference=_OF_REFERENCE)}
_ONE = f"""
SELECT {_COLUMNS}, o.tasks, CASE WHEN o.body IS NULL AND o.carrier_id IS NOT NULL AND l.id IS NULL
    THEN CAST(:gone AS VARCHAR) ELSE coalesce(o.body, l.body) END
{_FROM} LEFT JOIN challenge c ON c.id = o.challenge_id
LEFT JOIN outbox l ON l.id = o.carrier_id AND l.message_id = o.message_id
WHERE o.id = :id
"""
_ALONG = """
SELECT DISTINCT c.reference FROM outbox o LEFT JOIN challenge c ON c.id = o.challenge_id
WHERE o.id = :id OR o.message_id = (SELECT message_id FROM outbox WHERE id = :id)
"""
_COUNTS = f"""
SELECT {_STATUS}, count(*) FROM outbox o
WHERE o.challenge_id = (SELECT id FROM challenge WHERE reference = :reference)
GROUP BY 1 ORDER BY 1
"""  # noqa: S608
_IDLE = """
SELECT c.reference FROM challenge c
WHERE NOT c.is_final AND c.wake_at IS NULL AND NOT EXISTS (
    SELECT 1 FROM task t WHERE t.challenge_id = c.id AND t.status = 'open'
) ORDER BY c.reference
"""
_UNHEARD = """
SELECT c.reference, e.seq, e.body FROM event e JOIN challenge c ON c.id = e.challenge_id
WHERE e.kind = 'NoticeRaised' AND e.body LIKE :nobody ORDER BY c.reference, e.seq
"""
EVERYTHING = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MailRow:
    """A message in a list. `status` is `held` for one that waits while all mail is held.

    `subject` is known once it was sent; `reference` is None when it belongs to no challenge. `to`
    is who got it; `for_whom` the one who was away, where somebody stood in. `carrier` is the
    message that it went along in.
    """

    id: int
    reference: str | None
    notice: str
    recipient_id: int
    to_name: str
    to: str
    subject: str | None
    status: str
    created_at: datetime | None
    not_before: datetime | None
    next_attempt_at: datetime | None
    sent_at: datetime | None
    attempts: int
    message_id: str | None
    error: str | None
    for_name: str | None = None
    for_whom: str | None = None
    carrier: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A message with the keys of its tasks and its text as it was sent, if it was.

    `about` are the challenges of all that went along in it; None is among them for what is of none.
    """

    row: MailRow
    tasks: tuple[str, ...]
    text: str | None
    about: frozenset[str | None]


@dataclass(frozen=True, slots=True)
class Unheard:
    """A notice that nobody could be told, since nobody holds the role."""

    reference: str
    seq: int
    notice: str


def mail(
    link: Link,
    *,
    reference: str | None = None,
    status: str | None = None,
    recipient: int | None = None,
    limit: int = EVERYTHING,
) -> list[MailRow]:
    """Return messages, the newest first. One query. `held` asks for those that wait."""
    is_held = status == "held"
    rows = link.rows(
        _MAIL[reference is not None],
        reference=reference,
        status="waiting" if is_held else status,
        recipient=recipient,
        limit=limit,
    )
    found = [_mail_row(row) for row in rows]
    return [row for row in found if row.status == status] if status else found


def counts(link: Link, reference: str) -> Counter[str]:
    """Return how many messages of a challenge have each status. One query."""
    return Counter(dict(link.rows(_COUNTS, reference=reference)))


def message(link: Link, message_id: int) -> Mail:
    """Return one message. Two queries.

    Raises:
        NotFound: there is none with this id.
    """
    row = link.row(_ONE, id=message_id, gone=DESTROYED)
    if row is None:
        raise NotFound("message", str(message_id), ())
    *head, keys, text = row
    about = frozenset(reference for (reference,) in link.rows(_ALONG, id=message_id))
    return Mail(row=_mail_row(tuple(head)), tasks=tuple(json.loads(keys)), text=text, about=about)


def _mail_row(row: tuple[Any, ...]) -> MailRow:
    return MailRow(
        id=row[0],
        reference=row[1],
        notice=row[2],
        recipient_id=row[3],
        to_name=row[4],
        to=row[5],
        subject=row[6],
        status=row[7],
        created_at=moment(row[8]),
        not_before=moment(row[9]),
        next_attempt_at=moment(row[10]),
        sent_at=moment(row[11]),
        attempts=row[12],
        message_id=row[13],
        error=row[14],
        for_name=row[15],
        for_whom=row[16],
        carrier=row[17],
    )


def idle(link: Link) -> list[str]:
    """Return the challenges that go on but wait for nothing and nobody: there should be none."""
    return [reference for (reference,) in link.rows(_IDLE)]


def unheard(link: Link) -> list[Unheard]:
    """Return the notices that had nobody to go to."""
    rows = link.rows(_UNHEARD, nobody='%"recipient":null%')
    return [Unheard(row[0], row[1], str(json.loads(row[2])["notice"])) for row in rows]
