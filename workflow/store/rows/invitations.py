"""What people were told of the entries in their calendars, and the notices that tell them more.

A row is an entry as its person was told of it last. What changes is told in the transaction that
changes it. A notice that still waits when a later one comes is not sent: whoever never heard of an
entry is not told that it moved, but where it is, and nothing at all when it falls away.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from workflow.model.challenge import Challenge
from workflow.model.planning.invitations import DUE, Agenda, Entry, Kind, Letter, Told, letters
from workflow.store.link import Link, day, flag, moment

ENTRY, CANCELLED = "calendar_entry", "calendar_cancelled"
"""The notices: of an entry that is new or has changed, and of one that falls away."""

REQUEST, CANCEL = "REQUEST", "CANCEL"

_NAMESPACE = UUID("5c0f3a8e-9d1b-5e57-8f0c-3b6a2d417e90")
_HAD = frozenset({"sent", "sending", "uncertain"})

_TOLD = """
SELECT key, person_id, title, starts_at, ends_at, first_on, last_on, sequence, is_cancelled
FROM invitation WHERE challenge_id = :challenge_id ORDER BY key, person_id
"""
_NOTICES = """
SELECT unique_key, notice, status FROM outbox
WHERE challenge_id = :challenge_id AND notice IN ('calendar_entry', 'calendar_cancelled')
ORDER BY id
"""
_SUPERSEDE = """
UPDATE outbox SET status = 'cancelled', error = 'a later message says what is so now'
WHERE challenge_id = :challenge_id AND unique_key = :unique_key AND status = 'waiting'
"""
_PUT = """
INSERT INTO invitation (challenge_id, key, person_id, title, starts_at, ends_at, first_on, last_on,
    sequence, is_cancelled, updated_at)
VALUES (:challenge_id, :key, :person_id, :title, :starts_at, :ends_at, :first_on, :last_on,
    :sequence, :is_cancelled, :at)
ON CONFLICT (challenge_id, key, person_id) DO UPDATE SET
    title = excluded.title, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
    first_on = excluded.first_on, last_on = excluded.last_on, sequence = excluded.sequence,
    is_cancelled = excluded.is_cancelled, updated_at = excluded.updated_at
"""
_PUT_NOTICE = """
INSERT INTO outbox (
    challenge_id, unique_key, notice, recipient_id, tasks, calendar, is_ladder, is_urgent,
    status, created_at, not_before, attempts, next_attempt_at, fence
) VALUES (
    :challenge_id, :unique_key, :notice, :recipient_id, :tasks, :calendar, :is_ladder, :is_urgent,
    'waiting', :at, :at, 0, :at, 0
)
"""


def keep(
    link: Link, challenge_id: int, challenge: Challenge, *, agenda: Agenda, at: datetime
) -> tuple[Letter, ...]:
    """Write what people are told now, and put that into the outbox; return what is sent."""
    found = letters(agenda, told(link, challenge_id), at=at)
    if not found:
        return ()
    keys = [key for letter in found for key in _earlier(challenge.reference, letter)]
    values = [{"challenge_id": challenge_id, "unique_key": key} for key in keys]
    link.executemany(_SUPERSEDE, values)
    sent = _sent(link, challenge_id, challenge.reference, found)
    link.executemany(_PUT, [_row(challenge_id, letter, at) for letter in found])
    link.executemany(_PUT_NOTICE, [_notice(challenge_id, challenge, one, at) for one in sent])
    return sent


def foresee(
    link: Link, challenge_id: int, reference: str, *, agenda: Agenda, at: datetime
) -> tuple[Letter, ...]:
    """Return what `keep` would send, and change nothing."""
    found = letters(agenda, told(link, challenge_id), at=at)
    return _sent(link, challenge_id, reference, found)


def told(link: Link, challenge_id: int) -> list[Told]:
    """Return what people were told last, cancelled entries among them. One query."""
    return [
        Told(entry=_entry(row), sequence=row[7], is_cancelled=flag(row[8]))
        for row in link.rows(_TOLD, challenge_id=challenge_id)
    ]


def uid_of(challenge_id: int, started_at: datetime | None, *, key: str, person: int) -> str:
    """Return by what name calendar programs know an entry of a person, for good.

    The moment at which the challenge was started tells apart what has the same number in another
    database, such as a rehearsal.
    """
    begun = started_at.isoformat() if started_at else ""
    return f"{uuid5(_NAMESPACE, f'{challenge_id}/{begun}/{key}/{person}')}@peer-challenge"


def is_busy(key: str, starts_at: datetime | None) -> bool:
    """Return whether an entry takes its person's time: the day of a deadline does not."""
    return starts_at is not None or key.split(":")[1:2] != [DUE]


def _entry(row: Sequence[Any]) -> Entry:
    return Entry(
        key=row[0],
        person=row[1],
        title=row[2],
        starts_at=moment(row[3]),
        ends_at=moment(row[4]),
        first_on=day(row[5]),
        last_on=day(row[6]),
    )


def _unique_key(reference: str, letter: Letter, sequence: int) -> str:
    entry = letter.entry
    return f"{reference}/calendar/{entry.key}/{sequence}/{entry.person}"


def _earlier(reference: str, letter: Letter) -> list[str]:
    """Return the unique keys of what may have been sent of an entry before."""
    return [_unique_key(reference, letter, number) for number in range(letter.sequence)]


def _sent(
    link: Link, challenge_id: int, reference: str, found: Iterable[Letter]
) -> tuple[Letter, ...]:
    """Return what is really sent: to who has no entry it is new, and does not fall away."""
    kept = [letter for letter in found if letter.kind is not Kind.DONE]
    if all(letter.kind is Kind.NEW for letter in kept):
        return tuple(kept)
    had = {
        key: notice
        for key, notice, status in link.rows(_NOTICES, challenge_id=challenge_id)
        if status in _HAD
    }
    return tuple(
        letter if has_entry else replace(letter, kind=Kind.NEW)
        for letter in kept
        if (has_entry := _has_entry(reference, letter, had)) or letter.kind is not Kind.WITHDRAWN
    )


def _has_entry(reference: str, letter: Letter, had: dict[str, str]) -> bool:
    """Return whether the last that a person got of an entry put it into their calendar."""
    got = [had[key] for key in _earlier(reference, letter) if key in had]
    return bool(got) and got[-1] == ENTRY


def _row(challenge_id: int, letter: Letter, at: datetime) -> dict[str, object]:
    entry = letter.entry
    return {
        "challenge_id": challenge_id,
        "key": entry.key,
        "person_id": entry.person,
        "title": entry.title,
        "starts_at": entry.starts_at,
        "ends_at": entry.ends_at,
        "first_on": entry.first_on,
        "last_on": entry.last_on,
        "sequence": letter.sequence,
        "is_cancelled": letter.kind is Kind.WITHDRAWN,
        "at": at,
    }


def _notice(
    challenge_id: int, challenge: Challenge, letter: Letter, at: datetime
) -> dict[str, object]:
    entry = letter.entry
    is_withdrawn = letter.kind is Kind.WITHDRAWN
    uid = uid_of(challenge_id, challenge.started_at, key=entry.key, person=entry.person)
    shown = shape(
        entry,
        uid=uid,
        sequence=letter.sequence,
        method=CANCEL if is_withdrawn else REQUEST,
        kind=letter.kind.value,
    )
    is_of_task = entry.task and not is_withdrawn
    return {
        "challenge_id": challenge_id,
        "unique_key": _unique_key(challenge.reference, letter, letter.sequence),
        "notice": CANCELLED if is_withdrawn else ENTRY,
        "recipient_id": entry.person,
        "tasks": json.dumps([entry.task] if is_of_task else []),
        "calendar": json.dumps(shown),
        "is_ladder": False,
        "is_urgent": False,
        "at": at,
    }


def shape(entry: Entry, **told: object) -> dict[str, object]:
    """Return an entry as JSON has it, with what else is told of it; people stand as `{p4}`."""
    found: dict[str, date | datetime | None] = {
        "starts_at": entry.starts_at,
        "ends_at": entry.ends_at,
        "first_on": entry.first_on,
        "last_on": entry.last_on,
    }
    return {
        "key": entry.key,
        "title": entry.title,
        **{name: value.isoformat() for name, value in found.items() if value is not None},
        "is_busy": is_busy(entry.key, entry.starts_at),
        **told,
    }
