"""What is kept of a challenge beside its events: snapshot, tasks, team, bookings, notices.

All of it follows from the events and could be made again; it is written with them. Statements are
constants, and one statement serves many rows.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from workflow.model import events
from workflow.model.challenge import Challenge
from workflow.model.lines import Headline, TaskLine
from workflow.store.link import Link
from workflow.store.outbox import PUT_NOTICE
from workflow.store.rows import codec, snapshots
from workflow.store.rows.codec import Shelf

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
_headline_of = attrgetter(*_HEADLINE)
_FIXED = ("reference", "title", "client", "definition", "definition_version")
_OTHERWISE = {"status", "assignees", "key"}
_LINE = tuple(f.name for f in fields(TaskLine) if f.name not in _OTHERWISE)


def _insertion(table: str, columns: Sequence[str]) -> str:
    values = ", ".join(f":{name}" for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})"  # noqa: S608


def _assignments(columns: Iterable[str], *, value: str) -> str:
    return ", ".join(f"{name} = {value.format(name)}" for name in columns)


_ADDED = (
    *_FIXED,
    "definition_hash",
    "version",
    "stamp",
    "snapshot",
    *_HEADLINE,
    "wake_at",
    "created_at",
    "updated_at",
    "key_id",
    "chain",
)
_ADD = _insertion("challenge", _ADDED) + " ON CONFLICT (reference) DO NOTHING RETURNING id"
_CHANGED = f"""
version = :version, stamp = :stamp, snapshot = :snapshot, updated_at = :updated_at,
chain = :chain,
{_assignments(_HEADLINE, value=":{}")}
"""
_WHERE = "WHERE id = :id AND version = :loaded_version"
# SQLite writes an index again for every column that is named, changed or not
_UPDATE = f"UPDATE challenge SET {_CHANGED} {_WHERE}"  # noqa: S608 (our own columns)
_UPDATE_AND_WAKE = f"UPDATE challenge SET {_CHANGED}, wake_at = :wake_at {_WHERE}"  # noqa: S608
_TASK_COLUMNS = ("challenge_id", "key", "number", "state", "status", "assignees", *_LINE)
_PUT_TASK = (
    _insertion("task", _TASK_COLUMNS)
    + " ON CONFLICT (challenge_id, key) DO UPDATE SET "
    + _assignments(_TASK_COLUMNS[3:], value="excluded.{}")
)
_DROP_TASKS = "DELETE FROM task WHERE challenge_id = :challenge_id"
_PUT_DEFINITION = """
UPDATE challenge SET definition = :definition, definition_version = :definition_version,
    definition_hash = :definition_hash
WHERE id = :id
"""
_PUT_STATE = "UPDATE task SET state = :state WHERE challenge_id = :challenge_id AND key = :key"
_PUT_WAKE = """
UPDATE task SET wake_at = :wake_at
WHERE challenge_id = :challenge_id AND key = :key
"""
_PUT_MEMBER = """
INSERT INTO member (challenge_id, position, person_id, role, since, until)
VALUES (:challenge_id, :position, :person_id, :role, :since, :until)
ON CONFLICT (challenge_id, position) DO UPDATE SET
    person_id = excluded.person_id, role = excluded.role,
    since = excluded.since, until = excluded.until
"""
_DROP_BOOKINGS = "DELETE FROM booking WHERE challenge_id = :challenge_id"
_PUT_ANSWER = """
INSERT INTO answer (
    challenge_id, task, person_id, kind, came_at, body, done_on, moment, incoming_id, status, note
) VALUES (
    :challenge_id, :task, :person_id, :kind, :came_at, :body, :done_on, :moment, :incoming_id,
    'open', ''
)
"""
_PUT_BOOKING = """
INSERT INTO booking (challenge_id, person_id, first_on, last_on)
VALUES (:challenge_id, :person_id, :first_on, :last_on)
"""


class Face(NamedTuple):
    """What a challenge's row is made of: the challenge `at` a moment, under its new stamp.

    `wakes` says of every task when it wakes.
    """

    challenge: Challenge
    headline: Headline
    at: datetime
    stamp: str
    chain: str
    wakes: Mapping[str, datetime | None]

    @property
    def wake_at(self) -> datetime | None:
        """Return the next moment at which time alone changes something."""
        moments = (self.headline.wake_at, *self.wakes.values())
        return min((at for at in moments if at), default=None)


def add(link: Link, face: Face, *, key_id: str | None) -> int | None:
    """Add a challenge's row; return its id, or None when the reference is taken."""
    values = _row(face, Shelf(link, 0, key_id))
    values["key_id"] = key_id
    values.update((name, getattr(face.challenge, name)) for name in _FIXED)
    values["definition_hash"] = face.challenge.content_hash
    values["created_at"] = face.at
    values["wake_at"] = face.wake_at
    row = link.row(_ADD, **values)
    return row[0] if row else None


def update(shelf: Shelf, face: Face, *, version: int, wake_at: datetime | None) -> bool:
    """Update a challenge's row if it still has `version`; return whether it had.

    `wake_at` is what it was.
    """
    values, woken = _row(face, shelf), face.wake_at
    if woken == wake_at:
        sql = _UPDATE
    else:
        sql, values["wake_at"] = _UPDATE_AND_WAKE, woken
    return shelf.link.execute(sql, **values, id=shelf.id, loaded_version=version) == 1


def _row(face: Face, shelf: Shelf) -> dict[str, Any]:
    headline = face.headline
    values: dict[str, Any] = dict(zip(_HEADLINE, _headline_of(headline), strict=True))
    values["version"] = face.challenge.version
    values["stamp"] = face.stamp
    values["chain"] = face.chain
    values["snapshot"] = snapshots.dump_head(face.challenge, shelf)
    values["updated_at"] = face.at
    return values


def put_tasks(
    shelf: Shelf, *, before: Challenge, after: Challenge, lines: Sequence[TaskLine]
) -> None:
    """Write the tasks that are new or have changed: their lines, and their states.

    When tasks are gone, or stand in another order, all are written anew.

    Raises:
        ValueError: a new task has no line, or one that is to be written anew.
    """
    link, challenge_id = shelf.link, shelf.id
    if [*after.tasks][: len(before.tasks)] != [*before.tasks]:
        if after.tasks.keys() - {line.key for line in lines}:
            raise ValueError(f"not every task of {after.reference} has a line")
        link.execute(_DROP_TASKS, challenge_id=challenge_id)
    numbers = {key: number for number, key in enumerate(after.tasks)}
    lined = [_task(shelf, line, after=after, number=numbers[line.key]) for line in lines]
    link.executemany(_PUT_TASK, lined)
    others = snapshots.changed(before, after) - {line.key for line in lines}
    states = [
        {
            "challenge_id": challenge_id,
            "key": key,
            "state": codec.dump_task(after.tasks[key], shelf.seal),
        }
        for key in others
    ]
    if link.executemany(_PUT_STATE, states) != len(states):
        raise ValueError(f"a new task of {after.reference} has no line: {', '.join(others)}")


def put_definition(link: Link, challenge_id: int, challenge: Challenge) -> None:
    """Write under which definition a challenge goes on."""
    link.execute(
        _PUT_DEFINITION,
        id=challenge_id,
        definition=challenge.definition,
        definition_version=challenge.definition_version,
        definition_hash=challenge.content_hash,
    )


def put_wakes(link: Link, challenge_id: int, wakes: Mapping[str, datetime | None]) -> None:
    """Write when tasks wake that are otherwise as they were."""
    link.executemany(
        _PUT_WAKE,
        [
            {"challenge_id": challenge_id, "key": key, "wake_at": wake_at}
            for key, wake_at in wakes.items()
        ],
    )


def _task(shelf: Shelf, line: TaskLine, *, after: Challenge, number: int) -> dict[str, Any]:
    values: dict[str, Any] = {**vars(line)}  # more than the statement asks for
    values["evidence"] = shelf.seal(line.evidence, line.person)
    values["reason"] = shelf.seal(line.reason, line.person)
    values["challenge_id"] = shelf.id
    values["key"] = line.key
    values["number"] = number
    values["state"] = codec.dump_task(after.tasks[line.key], shelf.seal)
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


def put_answers(shelf: Shelf, *, happened: Iterable[events.Event]) -> None:
    """Keep what people answered, for whoever must do something about it."""
    shelf.link.executemany(
        _PUT_ANSWER,
        [
            {
                "challenge_id": shelf.id,
                "task": event.task,
                "person_id": event.actor,
                "kind": event.answer,
                "came_at": event.at,
                "body": shelf.seal(event.says, event.actor),
                "done_on": event.on,
                "moment": event.moment,
                "incoming_id": event.incoming,
            }
            for event in happened
            if isinstance(event, events.AnswerGiven)
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
                "marks": _marks(event),
                "is_ladder": bool(event.marks),
                "is_urgent": event.is_urgent,
                "created_at": event.at,
                "not_before": event.at,
            }
            for event in happened
            if isinstance(event, events.NoticeRaised) and event.recipient is not None
        ],
    )


def _marks(event: events.NoticeRaised) -> str | None:
    """Return the rung of each task that a reminder says, as JSON: the latest one where several."""
    latest = {mark.task: (mark.rung, mark.fires_at.isoformat()) for mark in event.marks}
    said = {task: latest[task] for task in event.tasks if task in latest}
    return json.dumps(said) if said else None
