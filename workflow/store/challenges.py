"""Challenges: loading one, and appending what happened to it.

`append` is one step of a challenge's life and all that it brings: events, snapshot, what lists
show, notices in the outbox and the next wake-up, in the caller's transaction. It keeps to few
statements, each a constant: this is the path that every command takes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from workflow.model import events
from workflow.model.challenge import Challenge
from workflow.model.errors import Conflict, InvalidInput, NotFound
from workflow.store import people
from workflow.store.link import Link, flag, moment
from workflow.store.log import logbook
from workflow.store.log.logbook import Change, Origin
from workflow.store.rows import codec, invitations, projection, snapshots
from workflow.store.rows.codec import Shelf
from workflow.store.rows.snapshots import Snapshot

__all__ = ["Change", "Origin", "Recorded", "Stored", "Under"]

_LOADED = "id, snapshot, stamp, wake_at, key_id, chain, updated_at"
_LOAD = f"SELECT {_LOADED} FROM challenge WHERE reference = :reference"  # noqa: S608
_LOAD_BY_ID = f"SELECT {_LOADED} FROM challenge WHERE id = :id"  # noqa: S608
_CHAIN = "UPDATE challenge SET chain = :chain WHERE id = :id"
_LOCK = " FOR UPDATE"  # PostgreSQL: the second of two writers waits, as it does on SQLite
_TAKEN = "SELECT 1 FROM challenge WHERE reference = :reference"
_REFERENCES = "SELECT reference FROM challenge ORDER BY reference"
_SOME_REFERENCES = "SELECT reference FROM challenge ORDER BY reference LIMIT 1000"
_HISTORY = """
SELECT e.seq, e.at, e.actor, e.kind, e.body, e.source
FROM event e JOIN challenge c ON c.id = e.challenge_id
WHERE c.reference = :reference ORDER BY e.seq
"""
_SETTINGS = """
SELECT e.seq, e.at, e.actor, e.kind, e.body, e.source
FROM event e JOIN challenge c ON c.id = e.challenge_id
WHERE c.reference = :reference AND e.kind IN ('TaskIssued', 'DeadlineMoved') ORDER BY e.seq
"""
_STREAM = """
SELECT c.reference, e.seq, e.at, e.actor, e.kind, e.body, e.source
FROM event e JOIN challenge c ON c.id = e.challenge_id
ORDER BY e.challenge_id, e.seq
"""
_UNDER = """
SELECT reference, is_final, definition_hash FROM challenge
WHERE definition = :name ORDER BY reference
"""
_MOVED = """
SELECT reference FROM challenge c WHERE definition = :name AND EXISTS (
    SELECT 1 FROM event e WHERE e.challenge_id = c.id AND e.kind = 'DefinitionMigrated'
) ORDER BY reference
"""
_LAST = """
SELECT e.kind, e.at, p.name FROM event e LEFT JOIN person p ON p.id = e.actor
WHERE e.challenge_id = :id AND e.kind <> 'CommandRefused' ORDER BY e.seq DESC LIMIT 1
"""


class Stored(NamedTuple):
    """A challenge as it is kept; `wake_at` is when the engine looks at it next.

    `updated_at` is when its last step was entered; `wakes` is when each task wakes, by key.
    """

    id: int
    challenge: Challenge
    wake_at: datetime | None
    stamp: str
    key_id: str | None = None
    chain: str | None = None
    updated_at: datetime | None = None
    wakes: Mapping[str, datetime | None] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Under:
    """A challenge, with the hash of the definition that it is under."""

    reference: str
    is_final: bool
    content_hash: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it is kept; `seq` counts from 1 in its challenge."""

    seq: int
    at: datetime
    actor: int | None
    kind: str
    body: str
    source: str

    @property
    def event(self) -> events.Event:
        """The event itself, read from its text each time."""
        return codec.load_event(self.kind, self.body)


def load(link: Link, reference: str, *, is_cached: bool = True) -> Stored:
    """Return a challenge; in a writing transaction nobody else can change it until that ends.

    What this process read or wrote last serves again while the database has the same stamp;
    without `is_cached` every row is read, as an audit must.

    Raises:
        NotFound: there is none with this reference; the nearest are named.
    """
    row = link.row(_locked(link, _LOAD), reference=reference)
    if row is None:
        raise NotFound("challenge", reference, [name for (name,) in link.rows(_SOME_REFERENCES)])
    return _stored(link, row, is_cached=is_cached)


def load_by_id(link: Link, challenge_id: int) -> Stored:
    """Return a challenge by its id, as `load` does."""
    row = link.row(_locked(link, _LOAD_BY_ID), id=challenge_id)
    if row is None:
        raise NotFound("challenge with the id", str(challenge_id), ())
    return _stored(link, row, is_cached=True)


def check_free(link: Link, reference: str) -> None:
    """Refuse a reference that a challenge has already.

    Raises:
        InvalidInput: the reference is taken.
    """
    if link.row(_TAKEN, reference=reference) is not None:
        raise _taken(reference)


def insert(link: Link, change: Change, *, origin: Origin) -> int:
    """Keep a new challenge; return its id.

    Raises:
        InvalidInput: the reference is taken, or somebody on the team was forgotten.
    """
    challenge = change.challenge
    people.require_known(link, *_joined(Challenge(), challenge))
    wakes = {line.key: line.wake_at for line in change.lines}
    face = _face(change, "", wakes)
    key_id = link.new_key()
    challenge_id = projection.add(link, face, key_id=key_id)
    if challenge_id is None:
        raise _taken(challenge.reference)
    shelf = Shelf(link, challenge_id, key_id)
    projection.put_tasks(shelf, before=Challenge(), after=challenge, lines=change.lines)
    projection.put_members(link, challenge_id, challenge)
    projection.put_bookings(link, challenge_id, change.headline)
    written = logbook.write(shelf, Challenge(), change, origin=origin, chain="")
    logbook.put_events(link, written)
    link.execute(_CHAIN, id=challenge_id, chain=written.chain)
    projection.put_notices(link, challenge_id, challenge.reference, happened=change.events)
    _put_agenda(link, challenge_id, change)
    link.stirred.add(challenge_id)
    snapshots.remember(face.stamp, Snapshot(challenge, wakes))
    return challenge_id


def _taken(reference: str) -> InvalidInput:
    return InvalidInput(f'there is already a challenge "{reference}"; choose another reference')


def append(link: Link, stored: Stored, change: Change, *, origin: Origin) -> None:
    """Keep one step of a challenge that was loaded as `stored`.

    It is entered no earlier than the step before it, whatever the clock of this machine says.

    Raises:
        Conflict: somebody else has changed it since; nothing may be kept of this step.
    """
    if stored.updated_at is not None and change.at < stored.updated_at:
        change = change._replace(at=stored.updated_at)
    before, after = stored.challenge, change.challenge
    shelf = Shelf(link, stored.id, stored.key_id)
    written = logbook.write(shelf, before, change, origin=origin, chain=stored.chain or "")
    wakes = _wakes(stored, change)
    face = _face(change, written.chain, wakes)
    projection.put_tasks(shelf, before=before, after=after, lines=change.lines)
    projection.put_wakes(link, stored.id, _other_wakes(stored, change))
    if not projection.update(shelf, face, version=before.version, wake_at=stored.wake_at):
        raise Conflict(_meanwhile(link, stored))
    logbook.put_events(link, written)
    is_moved = before.content_hash != after.content_hash
    if is_moved:
        projection.put_definition(link, stored.id, after)
    is_other_team = before.team is not after.team and before.team != after.team
    if is_other_team:
        people.require_known(link, *_joined(before, after))
        projection.put_members(link, stored.id, after)
    if is_moved or is_other_team or before.dates != after.dates or before.stage != after.stage:
        projection.put_bookings(link, stored.id, change.headline)
    projection.put_notices(link, stored.id, after.reference, happened=change.events)
    projection.put_answers(shelf, happened=change.events)
    _put_agenda(link, stored.id, change)
    if origin.source != "tick":  # a sweep goes on by itself, and mail is gathered until its end
        link.stirred.add(stored.id)
    snapshots.remember(face.stamp, Snapshot(after, wakes), instead_of=stored.stamp)


def history(link: Link, reference: str) -> list[Recorded]:
    """Return what happened in a challenge, in order. One query."""
    return [_recorded(row) for row in link.rows(_HISTORY, reference=reference)]


def settings(link: Link, reference: str) -> list[Recorded]:
    """Return each time that a task's dates were set or moved, in order. One query."""
    return [_recorded(row) for row in link.rows(_SETTINGS, reference=reference)]


def references(link: Link) -> list[str]:
    """Return the references of all challenges."""
    return [reference for (reference,) in link.rows(_REFERENCES)]


def under(link: Link, name: str) -> list[Under]:
    """Return the challenges that are under any version of a definition, by reference."""
    return [Under(row[0], flag(row[1]), row[2]) for row in link.rows(_UNDER, name=name)]


def moved(link: Link, name: str) -> list[str]:
    """Return the references of those whose definition was ever changed, under one of a name."""
    return [reference for (reference,) in link.rows(_MOVED, name=name)]


def stream(link: Link) -> Iterator[tuple[str, Recorded]]:
    """Yield every event with its challenge's reference, challenge by challenge, in order."""
    for row in link.each(_STREAM):
        yield row[0], _recorded(row[1:])


def _locked(link: Link, sql: str) -> str:
    return sql + _LOCK if link.is_writing and link.dialect == "postgresql" else sql


def _stored(link: Link, row: tuple[Any, ...], *, is_cached: bool) -> Stored:
    challenge_id, head, stamp, wake_at, key_id, chain, at = row
    found = snapshots.fetch(link, challenge_id, head=head, stamp=stamp, is_cached=is_cached)
    return Stored(
        challenge_id,
        found.challenge,
        moment(wake_at),
        stamp,
        key_id,
        chain,
        moment(at),
        found.wakes,
    )


def _wakes(stored: Stored, change: Change) -> dict[str, datetime | None]:
    """Return when each task wakes after a step."""
    moved = {**stored.wakes, **change.wakes, **{line.key: line.wake_at for line in change.lines}}
    tasks = change.challenge.tasks
    return moved if moved.keys() == tasks.keys() else {key: moved.get(key) for key in tasks}


def _other_wakes(stored: Stored, change: Change) -> dict[str, datetime | None]:
    """Return when tasks wake that have no new line; most of them wake when they did."""
    was = stored.wakes
    return {key: at for key, at in change.wakes.items() if was.get(key) != at}


def _recorded(row: tuple[Any, ...]) -> Recorded:
    seq, at, actor, kind, body, source = row
    happened_at = moment(at)
    assert happened_at is not None  # noqa: S101 (the column is never null)
    return Recorded(seq, happened_at, actor, kind, body, source)


def _put_agenda(link: Link, challenge_id: int, change: Change) -> None:
    if change.agenda is not None:
        agenda = change.agenda
        invitations.keep(link, challenge_id, change.challenge, agenda=agenda, at=change.at)


def _face(change: Change, chain: str, wakes: Mapping[str, datetime | None]) -> projection.Face:
    stamp = snapshots.new_stamp()
    return projection.Face(change.challenge, change.headline, change.at, stamp, chain, wakes)


def _joined(before: Challenge, after: Challenge) -> set[int]:
    """Return who is on a team now and was not before."""
    were, are = ({m.person for m in one.team if m.until is None} for one in (before, after))
    return are - were


def _meanwhile(link: Link, stored: Stored) -> str:
    """Return who changed what last, and the way out."""
    reference = stored.challenge.reference
    row = link.row(_LAST, id=stored.id)
    if row is None:
        return f"{reference} was changed meanwhile; look at it again, and repeat your command"
    kind, at, name = row
    words = "".join(f" {c.lower()}" if c.isupper() else c for c in kind).strip()
    when = f"{moment(at):%d %B %Y %H:%M} UTC"
    return (
        f"{reference} was changed meanwhile by {name or 'the engine'} ({words}, {when});"
        " nothing of yours was kept: look at it again, and repeat your command"
    )
