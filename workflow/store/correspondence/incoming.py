"""Mail that came in: what it is, what it answers, and what became of it. One query a function.

    new ─▶ proposed | open | filed
             └────┴──▶ closed (somebody has seen to it)

A mail is kept once, by its Message-ID. It is `new` until all that follows from it is done, so that
whoever is killed in between goes on where they stopped. `open` is what a person must see: what
matches nothing (then it has no message), what was not delivered, what a machine sent, and what
nobody else can make sense of. `filed` needs nobody.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflow.model.errors import InvalidInput, NotFound
from workflow.store import people
from workflow.store.link import Link, moment

NEW, OPEN, PROPOSED, FILED, CLOSED = "new", "open", "proposed", "filed", "closed"

_KEEP = """
INSERT INTO incoming (
    message_id, came_at, sender, subject, kind, outbox_id, challenge_id, person_id, body, digest,
    status, note
) VALUES (
    :message_id, :came_at, :sender, :subject, :kind, :outbox_id, :challenge_id, :person_id, :body,
    :digest, 'new', ''
) ON CONFLICT (message_id) DO NOTHING RETURNING id
"""
_COLUMNS = """
i.id, i.message_id, i.came_at, i.sender, i.subject, i.kind, i.outbox_id, c.reference, i.person_id,
i.body, i.digest, i.status, i.handled_by, i.handled_at, i.note
"""
_FROM = "FROM incoming i LEFT JOIN challenge c ON c.id = i.challenge_id"
_ONE = f"SELECT {_COLUMNS} {_FROM} WHERE i.id = :id"
_KNOWN = f"SELECT {_COLUMNS} {_FROM} WHERE i.message_id = :message_id"
_LISTED = f"""
SELECT {_COLUMNS} {_FROM}
WHERE (CAST(:status AS VARCHAR) IS NULL OR i.status = :status)
    AND (CAST(:reference AS VARCHAR) IS NULL OR c.reference = :reference)
ORDER BY i.id DESC LIMIT :limit
"""
_OPEN_ONES = f"""
SELECT {_COLUMNS} {_FROM} WHERE i.status IN ('open', 'new') ORDER BY i.id DESC LIMIT :limit
"""
_OPEN_COUNT = "SELECT count(*) FROM incoming WHERE status IN ('open', 'new')"
_SETTLE = "UPDATE incoming SET status = :status, note = :note WHERE id = :id AND status = 'new'"
_CLOSE = """
UPDATE incoming SET status = 'closed', handled_by = :by, handled_at = :at,
    note = :note
WHERE id = :id AND status IN ('open', 'proposed', 'new')
"""
EVERYTHING = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A mail that is to be kept; `body` is what its writer said, `digest` that of all its bytes."""

    message_id: str
    came_at: datetime
    sender: str
    subject: str
    kind: str
    body: str
    digest: str
    outbox_id: int | None = None
    challenge_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A mail as it is kept. It matches nothing when `outbox_id` is None.

    `note` says why somebody must see it, and what they said when they closed it.
    """

    id: int
    message_id: str
    came_at: datetime | None
    sender: str
    subject: str
    kind: str
    outbox_id: int | None
    reference: str | None
    person_id: int | None
    body: str
    digest: str
    status: str
    handled_by: int | None
    handled_at: datetime | None
    note: str


def whose(link: Link, *addresses: str) -> int | None:
    """Return who has one of the addresses of a mail: it is forgotten with the first whose it is.

    They are of who wrote it, and of whom it says that something could not reach.
    """
    found = (people.with_address(link, address) for address in addresses if address)
    return next((person for person in found if person is not None), None)


def keep(link: Link, received: Received) -> int | None:
    """Keep a mail; return its id, or None when one with its Message-ID is known already."""
    whose = {"challenge_id": received.challenge_id, "person_id": received.person_id}
    said = (received.sender, received.subject, received.body)
    sender, subject, body = people.seal_mail(link, *said, **whose)
    row = link.row(
        _KEEP,
        message_id=received.message_id,
        came_at=received.came_at,
        sender=sender,
        subject=subject,
        kind=received.kind,
        outbox_id=received.outbox_id,
        body=body,
        digest=received.digest,
        **whose,
    )
    return row[0] if row else None


def one(link: Link, number: int) -> Kept:
    """Return a mail.

    Raises:
        NotFound: there is none with this number.
    """
    row = link.row(_ONE, id=number)
    if row is None:
        raise NotFound("incoming mail", str(number), ())
    return _kept(row)


def known(link: Link, message_id: str) -> Kept | None:
    """Return the mail with a Message-ID, if it is kept."""
    row = link.row(_KNOWN, message_id=message_id)
    return _kept(row) if row else None


def listed(
    link: Link,
    *,
    reference: str | None = None,
    status: str | None = None,
    limit: int = EVERYTHING,
) -> list[Kept]:
    """Return what came in, the newest first."""
    rows = link.rows(_LISTED, reference=reference, status=status, limit=limit)
    return [_kept(row) for row in rows]


def open_ones(link: Link, *, limit: int = EVERYTHING) -> list[Kept]:
    """Return what a person must see, the newest first."""
    return [_kept(row) for row in link.rows(_OPEN_ONES, limit=limit)]


def open_count(link: Link) -> int:
    """Return how many mails a person must see."""
    row = link.row(_OPEN_COUNT)
    return row[0] if row else 0


def settle(link: Link, number: int, *, status: str, note: str = "") -> None:
    """Note what became of a new mail; one that was settled before stays as it is."""
    said = people.seal_note(link, number, note)
    link.execute(_SETTLE, id=number, status=status, note=said)


def close(link: Link, number: int, *, by: int, at: datetime, note: str = "") -> None:
    """Note that somebody has seen to a mail.

    Raises:
        NotFound: there is none with this number.
        InvalidInput: nobody has to see to it any more.
    """
    found = one(link, number)
    said = people.seal_note(link, number, "; ".join(filter(None, (found.note, note))))
    if link.execute(_CLOSE, id=number, by=by, at=at, note=said) == 1:
        return
    state = "is closed already" if found.status == CLOSED else "needs nobody"
    raise InvalidInput(f"incoming mail {number} {state}")


def _kept(row: tuple[Any, ...]) -> Kept:
    return Kept(
        id=row[0],
        message_id=row[1],
        came_at=moment(row[2]),
        sender=row[3],
        subject=row[4],
        kind=row[5],
        outbox_id=row[6],
        reference=row[7],
        person_id=row[8],
        body=row[9],
        digest=row[10],
        status=row[11],
        handled_by=row[12],
        handled_at=moment(row[13]),
        note=row[14],
    )
