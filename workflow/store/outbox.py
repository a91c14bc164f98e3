"""The outbox: what must be said to whom, once each, and how far that has come.

    waiting ─claim▶ sending ─▶ sent | failed | cancelled
       ▲               └─ lease over ─▶ uncertain ─ retry ─▶ waiting
       └──── retry ────┘                    └──── settle ──▶ sent | waiting

A claim raises the row's fence and takes a lease; every later write compares the fence, so that a
courier that was stopped and goes on too late changes nothing that another has taken over. What is
found in `sending` after its lease is `uncertain`: the mail server may have it, or may not.

A failed row keeps a `lease_until` until whoever must know of the refusal has been told.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from workflow.model.errors import InvalidInput, NotFound
from workflow.store import meta, people
from workflow.store.link import Link, flag

PUT_NOTICE = """
INSERT INTO outbox (
    challenge_id, unique_key, notice, recipient_id, about_id, tasks, marks, is_ladder,
    is_urgent, status, created_at, not_before, attempts, next_attempt_at, fence
) VALUES (
    :challenge_id, :unique_key, :notice, :recipient_id, :about_id, :tasks, :marks, :is_ladder,
    :is_urgent, 'waiting', :created_at, :not_before, 0, :not_before, 0
) ON CONFLICT DO NOTHING
"""
_WAITING = """
SELECT id FROM outbox
WHERE status = 'waiting' AND next_attempt_at <= :at
    AND NOT EXISTS (SELECT 1 FROM meta WHERE key = 'mail_held')
ORDER BY next_attempt_at, id LIMIT :limit
"""
_WAITING_OF = """
SELECT id, notice, recipient_id, tasks, marks FROM outbox
WHERE challenge_id = :challenge_id AND status = 'waiting' AND is_ladder = :is_ladder
ORDER BY id
"""
_CLAIM = """
UPDATE outbox
SET status = 'sending', fence = fence + 1, attempts = attempts + 1, lease_until = :lease_until
WHERE id = :id AND status = 'waiting' AND next_attempt_at <= :at
    AND NOT EXISTS (SELECT 1 FROM meta WHERE key = 'mail_held')
RETURNING fence, attempts
"""
_IS_OURS = "SELECT 1 FROM outbox WHERE id = :id AND fence = :fence AND status = 'sending'"
_SENT = """
UPDATE outbox
SET status = 'sent', sent_at = :at, message_id = :message_id, subject = :subject,
    body = CASE WHEN carrier_id IS NULL THEN CAST(:body AS VARCHAR) END,
    lease_until = NULL, error = NULL
WHERE id = :id AND fence = :fence AND status IN ('sending', 'uncertain')
"""
_RETRY = """
UPDATE outbox
SET status = 'waiting', next_attempt_at = :at, lease_until = NULL, error = :error,
    message_id = CASE WHEN :is_tied THEN message_id END,
    carrier_id = CASE WHEN :is_tied THEN carrier_id END,
    sent_to_id = CASE WHEN :is_tied THEN sent_to_id END
WHERE id = :id AND fence = :fence AND status = 'sending'
"""
_PUT_BACK = """
UPDATE outbox
SET status = 'waiting', next_attempt_at = :at, lease_until = NULL, error = :error,
    attempts = attempts - 1,
    message_id = CASE WHEN :is_tied THEN message_id END,
    carrier_id = CASE WHEN :is_tied THEN carrier_id END,
    sent_to_id = CASE WHEN :is_tied THEN sent_to_id END
WHERE id = :id AND fence = :fence AND status = 'sending'
"""
_DOUBT = """
UPDATE outbox SET status = 'uncertain', lease_until = NULL, error = :error
WHERE id = :id AND fence = :fence AND status = 'sending'
"""
_CANCELLED = """
UPDATE outbox SET status = 'cancelled', lease_until = NULL, error = :error,
    message_id = CASE WHEN :is_tied THEN message_id END,
    carrier_id = CASE WHEN :is_tied THEN carrier_id END
WHERE id = :id AND fence = :fence AND status = 'sending'
"""
_FAILED = """
UPDATE outbox SET status = 'failed', lease_until = :untold_since, error = :error,
    message_id = CASE WHEN :is_tied THEN message_id END,
    carrier_id = CASE WHEN :is_tied THEN carrier_id END
WHERE id = :id AND fence = :fence AND status = 'sending'
"""
_RECOVER = """
UPDATE outbox SET status = 'uncertain', lease_until = NULL, error = :error
WHERE status = 'sending' AND lease_until <= :at
RETURNING id, is_ladder, attempts, message_id
"""
_TOGETHER = "(id = :id OR message_id = (SELECT message_id FROM outbox WHERE id = :id))"
_AGAIN = f"""
UPDATE outbox SET status = 'waiting', next_attempt_at = :at, lease_until = NULL
WHERE {_TOGETHER} AND status IN ('waiting', 'uncertain', 'failed')
"""  # noqa: S608  (our own words)
_ARRIVED = f"""
UPDATE outbox SET status = 'sent', sent_at = :at, lease_until = NULL, error = :note
WHERE {_TOGETHER} AND status = 'uncertain'
"""  # noqa: S608  (our own words)
_LOST = f"""
UPDATE outbox SET status = 'waiting', next_attempt_at = :at, lease_until = NULL, error = :note
WHERE {_TOGETHER} AND status = 'uncertain'
"""  # noqa: S608  (our own words)
_NAMING = """
SELECT id, tasks FROM outbox WHERE challenge_id = :challenge_id AND tasks <> '[]' ORDER BY id
"""
_FORGET_RUNGS = "UPDATE outbox SET marks = NULL WHERE challenge_id = :id AND status <> 'sent'"
_NAME = "UPDATE outbox SET tasks = :tasks WHERE id = :id"
_STATUS = "SELECT status FROM outbox WHERE id = :id"
_STATES = {
    "sent": "has been sent",
    "sending": "is being sent",
    "cancelled": "was cancelled",
    "failed": "has failed",
    "waiting": "waits",
    "uncertain": "is uncertain",
}
_COUNTS = "SELECT status, count(*) FROM outbox GROUP BY status"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is ours to send until its lease is over; `attempts` counts this one.

    `is_tied`: a copy may have arrived by an earlier attempt.
    """

    id: int
    fence: int
    attempts: int
    at: datetime
    is_tied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A reminder that is not sent yet; `tasks` are the keys of those that it speaks of.

    `rungs` says for each task which rung of its ladder it says, where that is known.
    """

    id: int
    notice: str
    recipient: int
    tasks: tuple[str, ...]
    rungs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Recovered:
    """A message whose courier never said how it went; rows of one `message_id` went together."""

    id: int
    is_ladder: bool
    attempts: int = 1
    message_id: str | None = None


def put(
    link: Link,
    *,
    unique_key: str,
    notice: str,
    recipient_id: int,
    at: datetime,
    is_urgent: bool = False,
) -> bool:
    """Put a message that belongs to no challenge into the outbox; return whether it was new."""
    values = {
        "challenge_id": None,
        "unique_key": unique_key,
        "notice": notice,
        "recipient_id": recipient_id,
        "about_id": None,
        "tasks": json.dumps(()),
        "marks": None,
        "is_ladder": False,
        "is_urgent": is_urgent,
        "created_at": at,
        "not_before": at,
    }
    return link.execute(PUT_NOTICE, **values) == 1


def rename(link: Link, challenge_id: int, renamed: Mapping[str, str]) -> None:
    """Let messages speak of tasks by the keys that these have now: links in sent ones work on.

    Which rungs those say that are not sent yet is forgotten: the ladders may be others.
    """
    values = []
    for message_id, text in link.rows(_NAMING, challenge_id=challenge_id):
        keys = json.loads(text)
        names = [renamed.get(key, key) for key in keys]
        if names != keys:
            values.append({"id": message_id, "tasks": json.dumps(names)})
    link.executemany(_NAME, values)
    link.execute(_FORGET_RUNGS, id=challenge_id)


def waiting(link: Link, at: datetime, limit: int) -> list[int]:
    """Return the ids of what may be sent now, the longest due first; none while mail is held."""
    return [row[0] for row in link.rows(_WAITING, at=at, limit=limit)]


def rungs_of(marks: str | None) -> dict[str, str]:
    """Return which rung of its ladder a reminder says of each task, as its row has it."""
    return {task: rung for task, (rung, _) in json.loads(marks).items()} if marks else {}


def reminders_of(link: Link, challenge_id: int) -> tuple[Waiting, ...]:
    """Return the reminders of a challenge that wait to be sent, the oldest first. One query."""
    return tuple(
        Waiting(
            id=row[0],
            notice=row[1],
            recipient=row[2],
            tasks=tuple(json.loads(row[3])),
            rungs=rungs_of(row[4]),
        )
        for row in link.rows(_WAITING_OF, challenge_id=challenge_id, is_ladder=True)
    )


def claim(link: Link, message_id: int, *, lease_until: datetime, at: datetime) -> Claimed | None:
    """Take a message to send it, if it still waits and mail is not held."""
    row = link.row(_CLAIM, id=message_id, lease_until=lease_until, at=at)
    return Claimed(message_id, row[0], row[1], at) if row else None


def is_ours(link: Link, claimed: Claimed) -> bool:
    """Return whether a claim still holds: asked right before sending."""
    return link.row(_IS_OURS, id=claimed.id, fence=claimed.fence) is not None


def mark_sent(
    link: Link, claimed: Claimed, *, at: datetime, message_id: str, subject: str, text: str
) -> bool:
    """Note that a mail server took the message; also when its lease ran out meanwhile."""
    said = [people.seal_message(link, claimed.id, words) for words in (subject, text)]
    values = {"at": at, "message_id": message_id, "subject": said[0], "body": said[1]}
    return link.execute(_SENT, id=claimed.id, fence=claimed.fence, **values) == 1


def mark_retry(link: Link, claimed: Claimed, *, next_attempt_at: datetime, error: str) -> bool:
    """Let the message wait for another attempt, after it was surely not sent."""
    return _end(link, claimed, _RETRY, at=next_attempt_at, error=error)


def put_back(link: Link, claimed: Claimed, *, next_attempt_at: datetime, error: str) -> bool:
    """Let the message wait without counting the attempt: the whole server was away."""
    return _end(link, claimed, _PUT_BACK, at=next_attempt_at, error=error)


def mark_failed(
    link: Link, claimed: Claimed, *, error: str, untold_since: datetime | None = None
) -> bool:
    """Give the message up: a person must look at it.

    `untold_since` is for an address that refuses mail: it stays among the `untold` until `tell`.
    """
    return _end(link, claimed, _FAILED, error=error, untold_since=untold_since)


def mark_uncertain(link: Link, claimed: Claimed, *, error: str) -> bool:
    """Note that the mail server may or may not have the message."""
    said = people.seal_message(link, claimed.id, error)
    return link.execute(_DOUBT, id=claimed.id, fence=claimed.fence, error=said) == 1


def cancel(link: Link, claimed: Claimed, *, reason: str) -> bool:
    """Do not send the message: what it would say is no longer true."""
    return _end(link, claimed, _CANCELLED, error=reason)


def _end(link: Link, claimed: Claimed, sql: str, *, error: str, **values: object) -> bool:
    """Write how an attempt ended that surely sent nothing."""
    said = {"error": people.seal_message(link, claimed.id, error), "is_tied": claimed.is_tied}
    return link.execute(sql, id=claimed.id, fence=claimed.fence, **said, **values) == 1


def recover(link: Link, at: datetime) -> list[Recovered]:
    """Make what is in `sending` past its lease uncertain, and return it."""
    error = "the sender stopped in the middle: it may have been sent"
    found = link.rows(_RECOVER, at=at, error=error)
    return [Recovered(row[0], flag(row[1]), *row[2:]) for row in sorted(found)]


def retry(link: Link, message_id: int, *, at: datetime) -> None:
    """Send a message that failed, is uncertain or waits at the next opportunity.

    What went along with it goes along again.

    Raises:
        NotFound: there is no such message.
        InvalidInput: it has been sent, is being sent, or was cancelled.
    """
    allowed = "to retry one that failed, is uncertain or is waiting"
    _found(link, message_id, link.execute(_AGAIN, id=message_id, at=at), allowed=allowed)


def settle(
    link: Link, number: int, *, has_arrived: bool, at: datetime, note: str, by: int | None = None
) -> None:
    """Say of an uncertain message, as `by` knows, that it arrived, or was lost and is to go again.

    Raises:
        NotFound: there is no such message.
        InvalidInput: it is not uncertain.
    """
    sql = _ARRIVED if has_arrived else _LOST
    said = people.seal_message(link, number, note, by=by)
    done = link.execute(sql, id=number, at=at, note=said)
    _found(link, number, done, allowed="to settle one that is uncertain")


def _found(link: Link, message_id: int, done: int, *, allowed: str) -> None:
    """Say why nothing was `done` to a message."""
    if done:
        return
    row = link.row(_STATUS, id=message_id)
    if row is None:
        raise NotFound("message", str(message_id), ())
    raise InvalidInput(f"message {message_id} {_STATES[row[0]]}; allowed: {allowed}")


def holding(link: Link) -> str | None:
    """Return why all mail is held, or None when it is not."""
    return meta.get(link, meta.MAIL_HELD)


def hold(link: Link, reason: str, *, by: int | None = None) -> None:
    """Hold all mail: nothing is sent until `release`, and nothing is lost."""
    meta.put(link, meta.MAIL_HELD, link.seal(reason, people.key_of(link, by)))


def release(link: Link) -> None:
    """Let held mail go."""
    meta.put(link, meta.MAIL_HELD, None)


def counts(link: Link) -> dict[str, int]:
    """Return how many messages there are in each status."""
    return {row[0]: row[1] for row in link.rows(_COUNTS)}
