"""Writes a step of a challenge into the audit log: one entry, and the events that it speaks for."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from workflow.model import events
from workflow.model.challenge import Challenge
from workflow.model.lines import Headline, TaskLine
from workflow.model.log.texts import changes, event_text
from workflow.model.planning.invitations import Agenda
from workflow.store.link import Link
from workflow.store.log import entries
from workflow.store.rows import codec
from workflow.store.rows.codec import Shelf

_EVENT = """
INSERT INTO event (challenge_id, seq, at, actor, kind, body, source, command_id, entry_id)
VALUES (:challenge_id, :seq, :at, :actor, :kind, :body, :source, :command_id, :entry_id)
"""
_ENTERED = """
SELECT min(e.seq), max(e.seq), n.body
FROM event e JOIN challenge c ON c.id = e.challenge_id JOIN entry n ON n.id = e.entry_id
WHERE c.reference = :reference AND e.command_id = :command_id
GROUP BY n.id, n.body
"""


class Origin(NamedTuple):
    """Where a step comes from: what was asked for, by whom, by which right, and the answer."""

    source: str
    command_id: str | None = None
    action: str = ""
    actor: int | None = None
    authority: str = ""
    result: str = "applied"


class Change(NamedTuple):
    """One step: what happened by `at`, the challenge after it, and what lists show of it now.

    `lines` are the tasks whose line is new or other than before; `wakes` are moments at which
    other tasks wake now, by key: time may pass without an event, and then only they change.
    `agenda` is what should stand in calendars, None if that cannot have changed.
    """

    at: datetime
    events: tuple[events.Event, ...]
    challenge: Challenge
    headline: Headline
    lines: tuple[TaskLine, ...] = ()
    wakes: Mapping[str, datetime | None] = MappingProxyType({})
    agenda: Agenda | None = None


class Written(NamedTuple):
    """What was entered for a step: the rows of its events, and the digest of its entry."""

    rows: tuple[Mapping[str, Any], ...]
    chain: str


def write(
    shelf: Shelf, before: Challenge, change: Change, *, origin: Origin, chain: str
) -> Written:
    """Enter a step after the entry whose digest is `chain`; one without events is no step."""
    if not change.events:
        return Written((), chain)
    rows = rows_of(shelf, before, change, origin=origin)
    was, now = changes(before, change.challenge)
    entry_id, digest = entries.enter(
        shelf.link,
        entries.Doing(
            at=change.at,
            actor=origin.actor,
            action=origin.action or origin.source,
            source=origin.source,
            authority=origin.authority,
            result=origin.result,
            command=origin.command_id or "",
            challenge_id=shelf.id,
            challenge=place(shelf, change.challenge, chain),
            events=_bound(rows),
            before=was,
            after=now,
        ),
    )
    return Written(tuple({**row, "entry_id": entry_id} for row in rows), digest)


def rows_of(
    shelf: Shelf, before: Challenge, change: Change, *, origin: Origin
) -> list[dict[str, Any]]:
    """Return the rows of a step's events, their words sealed."""
    return [
        {
            "challenge_id": shelf.id,
            "seq": seq,
            "at": event.at,
            "actor": event.actor,
            "kind": events.kind_of(event),
            "body": codec.dump_event(event, shelf.seal, change.challenge.records),
            "source": origin.source,
            "command_id": origin.command_id,
        }
        for seq, event in enumerate(change.events, before.version + 1)
    ]


def put_events(link: Link, written: Written) -> None:
    """Keep the events of a step that was entered."""
    link.executemany(_EVENT, written.rows)


def entered(link: Link, reference: str, command_id: str) -> tuple[int, int, str] | None:
    """Return the first and the last event of a command by its id, and the text of its entry."""
    row = link.row(_ENTERED, reference=reference, command_id=command_id)
    return None if row is None else (int(row[0]), int(row[1]), str(row[2]))


def place(shelf: Shelf, challenge: Challenge, chain: str) -> dict[str, Any]:
    """Return which challenge an entry is about, under which definition, and what came before."""
    return {
        "id": shelf.id,
        "reference": challenge.reference,
        "previous": chain,
        "definition": challenge.definition,
        "version": challenge.definition_version,
        "hash": challenge.content_hash,
    }


def _bound(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return which events an entry speaks for, and the digest of their texts, one a line."""
    names = ("seq", "at", "actor", "kind", "body", "source")
    text = "\n".join(event_text([row[name] for name in names]) for row in rows)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"from": rows[0]["seq"], "to": rows[-1]["seq"], "sha256": digest}
