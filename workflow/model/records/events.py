"""What has happened to records: the events of documents, of things handed out, of retention.

People are named by id only. `document`, `item` and `rule` are keys: a document's and a thing's own,
a retention rule's in the definition. `on` is a local day.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from workflow.model.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRecorded(Event):
    """A `version` (from 1) of a document exists: what, where, and the SHA-256 of its file.

    `is_stored`: the file itself is kept, encrypted, in our store of files.
    """

    document: str
    kind: str
    title: str
    version: int
    on: date
    sha256: str = ""
    location: str = ""
    is_stored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentIssued(Event):
    """A person was given a version of a document."""

    document: str
    version: int
    person: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAcknowledged(Event):
    """A person said that they have a version of a document."""

    document: str
    version: int
    person: int
    on: date
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRevoked(Event):
    """A person has a document no more, or may not open it any more."""

    document: str
    person: int
    on: date
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemIssued(Event):
    """A person has a thing from now on, such as notebook 7; `medium` is what they confirm of it."""

    item: str
    medium: str
    title: str
    person: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemSettled(Event):
    """A thing is `destroyed`, `returned`, `revoked` or `lost`."""

    item: str
    outcome: str
    on: date
    method: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """One medium that was confirmed as destroyed, how (in words), and on which local day."""

    medium: str
    method: str
    on: date


Items = tuple[str, ...]
Media = tuple[Confirmation, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaConfirmed(Event):
    """A person confirmed of a task how and when each medium was destroyed."""

    task: str
    media: Media


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterRecorded(Event):
    """How many there were of something that reports tell, such as meetings."""

    counter: str
    value: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ChallengeLinked(Event):
    """Another challenge belongs to this one; `relation` is `concerns` or `concerned_by`."""

    other: str
    relation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalRequested(Event):
    """Somebody asked to destroy what a retention rule keeps, due on `due_on`."""

    rule: str
    due_on: date | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalApproved(Event):
    """Somebody other than the requester approved it."""

    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionExtended(Event):
    """What a rule keeps is kept until another day, and why."""

    rule: str
    until: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalDone(Event):
    """What a rule kept is destroyed; `certificate` is its number, `counts` how much of what."""

    rule: str
    certificate: str
    method: str
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalFailed(Event):
    """A destruction was tried and did not succeed, or was refused by a hold."""

    rule: str
    problem: str
