"""Many challenges at once, with what the register needs of each: few queries for a batch."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflow.model.challenge import Challenge
from workflow.model.errors import NotFound
from workflow.model.events import Event
from workflow.model.task import changed as with_facts
from workflow.store.link import Link
from workflow.store.records import grants
from workflow.store.rows import codec

_SCOPE = """
SELECT id, reference FROM challenge
WHERE CAST(:reference AS VARCHAR) IS NULL OR reference = :reference
ORDER BY reference
"""
_THESE = {
    "sqlite": "(SELECT value FROM json_each(:ids))",
    "postgresql": "(SELECT unnest(CAST(:ids AS INTEGER[])))",
}
_HEADS = "SELECT id, snapshot FROM challenge WHERE id IN {these}"
_TASKS = """
SELECT challenge_id, number, state, key, why FROM task WHERE challenge_id IN {these}
ORDER BY challenge_id, number
"""
_EVENTS = """
SELECT e.challenge_id, e.kind, e.body, n.body
FROM event e LEFT JOIN entry n ON n.id = e.entry_id
WHERE e.challenge_id IN {these} AND e.kind IN ('StageEntered', 'TaskWaived')
ORDER BY e.challenge_id, e.seq
"""
_UNCHANGED = """
SELECT id FROM challenge WHERE id IN {these} AND updated_at <= :at
"""
_DESTROYED = """
SELECT challenge_id FROM certificate
WHERE is_whole AND challenge_id IS NOT NULL AND at <= :at
"""
_HEAD = "SELECT size, note FROM checkpoint WHERE at <= :at ORDER BY size DESC LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """What the register needs of a challenge.

    `whys` says by task how its dates came about; `events` are its steps and waivers, in order, and
    `rights` the roles by which these were allowed.
    """

    id: int
    challenge: Challenge
    whys: dict[str, str]
    events: list[Event]
    rights: dict[Event, str]


@dataclass(frozen=True, slots=True)
class Head:
    """The newest signed head of the log's tree: how many entries it has, and the signed note."""

    size: int
    note: str

    @property
    def root(self) -> str:
        """The root of the tree, in base64: the third line of the note."""
        return self.note.split("\n")[2]


def scope(link: Link, reference: str | None) -> list[tuple[int, str]]:
    """Return the ids and references of all challenges, or of one, by reference. One query.

    Raises:
        NotFound: there is no such challenge; the nearest are named.
    """
    found = [(row[0], row[1]) for row in link.rows(_SCOPE, reference=reference)]
    if reference is not None and not found:
        raise NotFound("challenge", reference, grants.references(link))
    return found


def bundles(link: Link, ids: Sequence[int]) -> list[Bundle]:
    """Return challenges as they are now, in the order of their ids here. Three queries."""
    heads = dict(_of(link, _HEADS, ids))
    tasks: dict[int, list[tuple[Any, ...]]] = {}
    for owner, *row in _of(link, _TASKS, ids):
        tasks.setdefault(owner, []).append(tuple(row))
    events: dict[int, dict[Event, str]] = {}
    for owner, kind, body, entry in _of(link, _EVENTS, ids):
        events.setdefault(owner, {})[codec.load_event(kind, body)] = right_in(entry)
    return [
        _bundle(number, heads[number], tasks.get(number, []), events.get(number, {}))
        for number in ids
        if heads.get(number)
    ]


def right_in(entry: str | None) -> str:
    """Return the role by which what an entry of the log is about was allowed."""
    return str(json.loads(entry)["authority"]) if entry else ""


def unchanged(link: Link, ids: Sequence[int], *, since: datetime) -> set[int]:
    """Return which challenges are as they were at a moment. One query."""
    return {number for (number,) in _of(link, _UNCHANGED, ids, at=since)}


def destroyed(link: Link, *, at: datetime) -> set[int]:
    """Return the challenges of which nothing is left but their entries in the log. One query."""
    return {number for (number,) in link.rows(_DESTROYED, at=at)}


def head(link: Link, *, at: datetime) -> Head | None:
    """Return the newest signed head of the log's tree at a moment. One query."""
    row = link.row(_HEAD, at=at)
    return Head(row[0], row[1]) if row else None


def _bundle(
    number: int, snapshot: str, tasks: list[tuple[Any, ...]], events: dict[Event, str]
) -> Bundle:
    found = codec.load_tasks(state for _, state, _, _ in tasks)
    challenge = codec.load_challenge(snapshot)
    return Bundle(
        id=number,
        challenge=with_facts(challenge, tasks={task.key: task for task in found}),
        whys={key: why for _, _, key, why in tasks},
        events=[*events],
        rights=events,
    )


def _of(link: Link, sql: str, ids: Sequence[int], **more: datetime) -> list[tuple[Any, ...]]:
    """Return the rows that some challenges have."""
    given = json.dumps(list(ids)) if link.dialect == "sqlite" else list(ids)
    return link.rows(sql.format(these=_THESE[link.dialect]), ids=given, **more)
