"""What is kept of a challenge beside its events: snapshot, tasks, team, bookings, notices.

All of it follows from the events and could be made again; it is written with them. Statements are
constants, and one statement serves many rows.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from workflow.model import codec, events
from workflow.model.challenge import Challenge
from workflow.model.lines import Headline, TaskLine
from workflow.store.link import Link

_HEADLINE = (
    "stage",
    "stage_title",
    "is_final",
    "is_paused",
    "manager",
    "due_soon",
    "next_key",
    "next_title",
    "next_target_on",
    "next_limit_on",
    "next_limit_at",
    "busy_from",
    "busy_to",
)
_FIXED = ("reference", "title", "client", "definition", "definition_version")
_LINE = tuple(name for name in TaskLine.__slots__ if name not in {"status", "assignees", "key"})


def _insertion(table: str, columns: Sequence[str]) -> str:
    values = ", ".join(f":{name}" for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})"  # noqa: S608


def _assignments(columns: Iterable[str], *, value: str) -> str:
    return ", ".join(f"{name} = {value.format(name)}" for name in columns)


_ADDED = (
    *_FIXED,
    "definition_hash",
    "version",
    "snapshot",
    *_HEADLINE,
    "wake_at",
    "created_at",
    "updated_at",
)
_ADD = _insertion("challenge", _ADDED) + " ON CONFLICT (reference) DO NOTHING RETURNING id"
_UPDATE = f"""
UPDATE challenge SET
    version = :version, snapshot = :snapshot, updated_at = :updated_at,
    title = :title, client = :client, definition = :definition,
    definition_version = :definition_version, definition_hash = :definition_hash,
    {_assignments(_HEADLINE, value=":{}")},
    wake_at = (SELECT min(wake_at) FROM (
        SELECT wake_at FROM task WHERE challenge_id = :id UNION ALL SELECT :wake_at
    ) AS moments)
WHERE id = :id AND version = :loaded_version
"""  # noqa: S608 (our own columns)
_TASK_COLUMNS = ("challenge_id", "key", "status", "assignees", *_LINE)
_PUT_TASK = (
    _insertion("task", _TASK_COLUMNS)
    + " ON CONFLICT (challenge_id, key) DO UPDATE SET "
    + _assignments(_TASK_COLUMNS[2:], value="excluded.{}")
)
_PUT_MEMBER = """
INSERT INTO member (challenge_id, position, person_id, role, since, until)
VALUES (:challenge_id, :position, :person_id, :role, :since, :until)
ON CONFLICT (challenge_id, position) DO UPDATE SET
    person_id = excluded.person_id, role = excluded.role,
    since = excluded.since, until = excluded.until
"""
_DROP_BOOKINGS = "DELETE FROM booking WHERE challenge_id = :challenge_id"
_PUT_BOOKING = """
INSERT INTO booking (challenge_id, person_id, first_on, last_on)
VALUES (:challenge_id, :person_id, :first_on, :last_on)
"""
PUT_NOTICE = """
INSERT INTO outbox (
    challenge_id, unique_key, notice, recipient_id, about_id, tasks, is_ladder, is_urgent,
    status, created_at, not_before, attempts, next_attempt_at, fence
) VALUES (
    :challenge_id, :unique_key, :notice, :recipient_id, :about_id, :tasks, :is_ladder, :is_urgent,
    'waiting', :created_at, :not_before, 0, :not_before, 0
) ON CONFLICT (unique_key) DO NOTHING
"""


def add(
    link: Link,
    challenge: Challenge,
    headline: Headline,
    *,
    lines: Sequence[TaskLine],
    at: datetime,
) -> int | None:
    """Add a challenge's row; return its id, or None when the reference is taken."""
    moments = [line.wake_at for line in lines if line.wake_at]
    if headline.wake_at:
        moments.append(headline.wake_at)
    values = _row(challenge, headline, at=at)
    values["wake_at"] = min(moments, default=None)
    row = link.row(_ADD, **values, created_at=at)
    return row[0] if row else None


def update(
    link: Link,
    challenge_id: int,
    challenge: Challenge,
    *,
    headline: Headline,
    at: datetime,
    version: int,
) -> bool:
    """Update a challenge's row if it still has `version`; return whether it had.

    The tasks must have been put before: the earliest of their moments is the next wake-up.
    """
    values = _row(challenge, headline, at=at)
    del values["reference"]
    return link.execute(_UPDATE, **values, id=challenge_id, loaded_version=version) == 1


def _row(challenge: Challenge, headline: Headline, *, at: datetime) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(challenge, name) for name in _FIXED}
    values.update((name, getattr(headline, name)) for name in _HEADLINE)
    values["definition_hash"] = challenge.content_hash
    values["version"] = challenge.version
    values["snapshot"] = codec.dump_challenge(challenge)
    values["wake_at"] = headline.wake_at
    values["updated_at"] = at
    return values


def put_tasks(link: Link, challenge_id: int, lines: Sequence[TaskLine]) -> None:
    """Write the lines of tasks that are new or have changed."""
    link.executemany(_PUT_TASK, [_task(challenge_id, line) for line in lines])


def _task(challenge_id: int, line: TaskLine) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(line, name) for name in _LINE}
    values["challenge_id"] = challenge_id
    values["key"] = line.key
    values["status"] = str(line.status)
    values["assignees"] = "".join(f",{person}" for person in line.assignees) + ","
    return values


def put_members(link: Link, challenge_id: int, challenge: Challenge) -> None:
    """Write the team; people who left stay in it, with the day on which they did."""
    link.executemany(
        _PUT_MEMBER,
        [
            {
                "challenge_id": challenge_id,
                "position": position,
                "person_id": member.person,
                "role": member.role,
                "since": member.since,
                "until": member.until,
            }
            for position, member in enumerate(challenge.team)
        ],
    )


def put_bookings(link: Link, challenge_id: int, headline: Headline) -> None:
    """Write on which days whom the challenge needs, in place of what was there."""
    link.execute(_DROP_BOOKINGS, challenge_id=challenge_id)
    if headline.busy_from is None or headline.busy_to is None:
        return
    link.executemany(
        _PUT_BOOKING,
        [
            {
                "challenge_id": challenge_id,
                "person_id": person,
                "first_on": headline.busy_from,
                "last_on": headline.busy_to,
            }
            for person in headline.busy_people
        ],
    )


def put_notices(
    link: Link, challenge_id: int, reference: str, *, happened: Iterable[events.Event]
) -> None:
    """Put a message into the outbox for every notice that has somebody to go to."""
    link.executemany(
        PUT_NOTICE,
        [
            {
                "challenge_id": challenge_id,
                "unique_key": f"{reference}/{event.notice}/{event.occurrence}/{event.recipient}",
                "notice": event.notice,
                "recipient_id": event.recipient,
                "about_id": event.about,
                "tasks": json.dumps(event.tasks),
                "is_ladder": bool(event.marks),
                "is_urgent": event.is_urgent,
                "created_at": event.at,
                "not_before": event.at,
            }
            for event in happened
            if isinstance(event, events.NoticeRaised) and event.recipient is not None
        ],
    )
