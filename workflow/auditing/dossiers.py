"""Whether a challenge is intact: its entries, its events, and what they add up to."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from workflow.model.challenge import Challenge, replay
from workflow.model.log.texts import event_texts
from workflow.model.log.threads import Entry, Thread
from workflow.model.task import changed as with_facts
from workflow.store import challenges
from workflow.store.database import Database
from workflow.store.log.reading import Dossier, Happened, Kept
from workflow.store.rows import codec

_ENTRY_OF = attrgetter("entry_id")


def faults(database: Database, dossier: Dossier) -> Iterator[str]:
    """Yield what is wrong with a challenge, in the order of its events; nothing if it is intact."""
    yield from _gaps(dossier)
    yield from _faults_of_entries(dossier)
    if not dossier.certificate:
        yield from _faults_of_state(database, dossier)


def _gaps(dossier: Dossier) -> Iterator[str]:
    if dossier.certificate:
        return
    for place, event in enumerate(dossier.events, 1):
        if event.seq != place:
            yield f"event {place} is missing (found {event.seq})"


def _faults_of_entries(dossier: Dossier) -> Iterator[str]:
    """Yield what is wrong with the chain of entries, and where events are not what they say."""
    thread = Thread()
    by_entry = {key: list(rows) for key, rows in groupby(dossier.events, _ENTRY_OF)}
    for kept in dossier.entries:
        entry = _entry(kept)
        events = by_entry.pop(kept.id, [])
        texts = None if dossier.certificate else event_texts([event[:6] for event in events])
        try:
            fault = thread.fault(entry, texts)
            fault = fault or _fault_of_place(entry, dossier)
            if not fault:
                thread.go_on(entry, kept.digest.hex())
        except (KeyError, TypeError, ValueError) as error:
            fault = f"it cannot be read: {error!r}"
        if fault:
            yield f"entry {kept.id}: {fault}"
    for rows in by_entry.values():
        yield f"event {rows[0].seq} is in no entry of the log"
    if thread.digest != dossier.chain:
        yield "its last entry is not the one that was written last"


def _entry(kept: Kept) -> Entry:
    try:
        found: Entry = json.loads(kept.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _fault_of_place(entry: Entry, dossier: Dossier) -> str:
    place = entry["challenge"]
    is_here = place["id"] == dossier.id and place["reference"] == dossier.reference
    return "" if is_here else f"it is about {place['reference']}, not {dossier.reference}"


def _faults_of_state(database: Database, dossier: Dossier) -> Iterator[str]:
    """Yield where the snapshot is not what the events add up to."""
    try:
        folded = _folded(dossier.events)
    except (KeyError, ValueError) as error:
        yield f"the events cannot be replayed: {error}"
        return
    if folded.version != dossier.version:
        yield f"{folded.version} events, but the snapshot counts {dossier.version}"
    if not _is_as_kept(folded, dossier):
        yield from _faults_in_clear(database, dossier)


def _folded(events: Sequence[Happened]) -> Challenge:
    return replay(codec.load_event(event.kind, event.body) for event in events)


def _is_as_kept(folded: Challenge, dossier: Dossier) -> bool:
    """Return whether the snapshot is, letter by letter, what the events add up to."""
    return (
        codec.dump_tasks(folded.tasks.values()) == f"[{','.join(dossier.tasks)}]"
        and codec.dump_challenge(with_facts(folded, tasks={})) == dossier.head
    )


def _faults_in_clear(database: Database, dossier: Dossier) -> Iterator[str]:
    """Yield where the snapshot differs, however it is written and sealed."""
    reference = dossier.reference
    with database.reading() as link:
        history = challenges.history(link, reference)
        try:
            kept = challenges.load(link, reference, is_cached=False).challenge
        except ValueError as error:
            yield f"the snapshot cannot be read: {error}"
            return
    folded = replay(recorded.event for recorded in history)
    if folded != kept:
        yield f"the snapshot is not what its {folded.version} events add up to"
