"""What is known of a challenge's records: the fold of their events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from workflow.model.events import Event
from workflow.model.records import events as e


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A person's copy of a document: the version issued last, and the one acknowledged last.

    `first_on` is since when they have had any version of it.
    """

    version: int
    first_on: date
    issued_on: date
    acknowledged: int = 0
    acknowledged_on: date | None = None
    revoked_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document at its latest version, and who has it."""

    title: str
    kind: str
    on: date
    version: int
    location: str = ""
    sha256: str = ""
    is_stored: bool = False
    copies: Mapping[int, Copy] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A thing that a person was handed; `outcome` is empty while they have it."""

    medium: str
    title: str
    person: int
    issued_on: date
    outcome: str = ""
    settled_on: date | None = None
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposal:
    """How far the destruction of what a retention rule keeps has come."""

    requested_by: int | None = None
    requested_at: datetime | None = None
    reason: str = ""
    approved_by: int | None = None
    approved_at: datetime | None = None
    until: date | None = None
    done_at: datetime | None = None
    certificate: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Destruction is stopped for `tasks` (specs), only of `people` if named, and of `rules`."""

    tasks: tuple[str, ...]
    since: datetime
    rules: tuple[str, ...] = ()
    people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The records of a challenge, by their keys; `counters` is what reports tell.

    `confirmed` is what was confirmed as destroyed last, by the key of the task that asked for it.
    """

    documents: Mapping[str, Document] = field(default_factory=dict)
    items: Mapping[str, Item] = field(default_factory=dict)
    confirmed: Mapping[str, tuple[e.Confirmation, ...]] = field(default_factory=dict)
    disposals: Mapping[str, Disposal] = field(default_factory=dict)
    counters: Mapping[str, int] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)


def renamed(records: Records, new: Callable[[str], str], *, rules: Mapping[str, str]) -> Records:
    """Return records whose tasks have the names that `new` gives their specs, and rules theirs.

    What an older rule left behind under a name that is given anew makes way.
    """
    confirmed = {}
    for key, media in records.confirmed.items():
        spec, colon, person = key.partition(":")
        confirmed[f"{new(spec)}{colon}{person}"] = media
    disposals = {key: one for key, one in records.disposals.items() if key not in rules}
    disposals |= {rules[key]: one for key, one in records.disposals.items() if key in rules}
    return replace(records, confirmed=confirmed, disposals=disposals)


def held(hold: Hold, new: Callable[[str], str], *, rules: Mapping[str, str]) -> Hold:
    """Return a hold on tasks and rules that are called otherwise now."""
    tasks = tuple(new(key) for key in hold.tasks)
    return replace(hold, tasks=tasks, rules=tuple(rules.get(key, key) for key in hold.rules))


def _recorded(records: Records, event: e.DocumentRecorded) -> Records:
    before = records.documents.get(event.document)
    document = Document(
        kind=event.kind,
        title=event.title,
        version=event.version,
        on=event.on,
        sha256=event.sha256,
        location=event.location,
        is_stored=event.is_stored,
        copies=before.copies if before else {},
    )
    return replace(records, documents={**records.documents, event.document: document})


def _with_copy(records: Records, key: str, person: int, copy: Copy) -> Records:
    document = records.documents[key]
    copies = {**document.copies, person: copy}
    return replace(records, documents={**records.documents, key: replace(document, copies=copies)})


def _issued(records: Records, event: e.DocumentIssued) -> Records:
    before = records.documents[event.document].copies.get(event.person)
    copy = Copy(version=event.version, first_on=event.on, issued_on=event.on)
    if before:
        copy = replace(before, version=event.version, issued_on=event.on, revoked_on=None)
    return _with_copy(records, event.document, event.person, copy)


def _acknowledged(records: Records, event: e.DocumentAcknowledged) -> Records:
    before = records.documents[event.document].copies.get(event.person)
    copy = replace(
        before or Copy(version=event.version, first_on=event.on, issued_on=event.on),
        acknowledged=event.version,
        acknowledged_on=event.on,
    )
    return _with_copy(records, event.document, event.person, copy)


def _revoked(records: Records, event: e.DocumentRevoked) -> Records:
    copy = replace(records.documents[event.document].copies[event.person], revoked_on=event.on)
    return _with_copy(records, event.document, event.person, copy)


def _item_issued(records: Records, event: e.ItemIssued) -> Records:
    item = Item(medium=event.medium, title=event.title, person=event.person, issued_on=event.on)
    return replace(records, items={**records.items, event.item: item})


def _item_settled(records: Records, event: e.ItemSettled) -> Records:
    item = replace(
        records.items[event.item],
        outcome=event.outcome,
        settled_on=event.on,
        method=event.method,
    )
    return replace(records, items={**records.items, event.item: item})


def _confirmed(records: Records, event: e.MediaConfirmed) -> Records:
    return replace(records, confirmed={**records.confirmed, event.task: event.media})


def _counted(records: Records, event: e.CounterRecorded) -> Records:
    return replace(records, counters={**records.counters, event.counter: event.value})


def _linked(records: Records, event: e.ChallengeLinked) -> Records:
    return replace(records, links={**records.links, event.other: event.relation})


def _requested(before: Disposal, event: e.DisposalRequested) -> Disposal:
    return replace(
        before,
        requested_by=event.actor,
        requested_at=event.at,
        reason=event.reason,
        approved_by=None,
        approved_at=None,
        problem="",
    )


def _approved(before: Disposal, event: e.DisposalApproved) -> Disposal:
    return replace(before, approved_by=event.actor, approved_at=event.at)


def _extended(before: Disposal, event: e.RetentionExtended) -> Disposal:
    return Disposal(until=event.until)


def _done(before: Disposal, event: e.DisposalDone) -> Disposal:
    return replace(before, done_at=event.at, certificate=event.certificate, problem="")


def _failed(before: Disposal, event: e.DisposalFailed) -> Disposal:
    return replace(before, problem=event.problem)


def _on_disposal(change: Callable[[Disposal, Any], Disposal]) -> Callable[[Records, Any], Records]:
    """Return what becomes of records when an event changes the disposal by one rule."""

    def changed(records: Records, event: e.DisposalRequested) -> Records:  # or another of a rule
        disposal = change(records.disposals.get(event.rule, Disposal()), event)
        return replace(records, disposals={**records.disposals, event.rule: disposal})

    return changed


# One entry an event; a test of `challenge` holds that none is forgotten.
CHANGES: dict[type[Event], Callable[[Records, Any], Records]] = {
    e.DocumentRecorded: _recorded,
    e.DocumentIssued: _issued,
    e.DocumentAcknowledged: _acknowledged,
    e.DocumentRevoked: _revoked,
    e.ItemIssued: _item_issued,
    e.ItemSettled: _item_settled,
    e.MediaConfirmed: _confirmed,
    e.CounterRecorded: _counted,
    e.ChallengeLinked: _linked,
    e.DisposalRequested: _on_disposal(_requested),
    e.DisposalApproved: _on_disposal(_approved),
    e.RetentionExtended: _on_disposal(_extended),
    e.DisposalDone: _on_disposal(_done),
    e.DisposalFailed: _on_disposal(_failed),
}
