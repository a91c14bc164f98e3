"""What may be asked of records: commands, in the imperative. `decide` answers them."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDocument:
    """Enter a document, or the next version of one. `sha256` is that of its file, in hex."""

    document: str
    kind: str = ""
    title: str = ""
    sha256: str = ""
    location: str = ""
    is_stored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueDocument:
    """Give the latest version of a document to people; nobody named means all who should."""

    document: str
    people: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeDocument:
    """Say that a person has the latest version of a document."""

    document: str
    person: int
    on: date
    evidence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeDocument:
    """Say that a person has a document no more, or may not open it any more."""

    document: str
    person: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueItem:
    """Hand a thing to a person, such as notebook 7."""

    item: str
    medium: str
    person: int
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleItem:
    """Say that a thing is `destroyed`, `returned`, `revoked` or `lost`, on a local day."""

    item: str
    on: date
    outcome: str
    evidence: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordCounter:
    """Say how many there were of something that reports tell."""

    counter: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChallenge:
    """Say that another challenge belongs to this one."""

    other: str
    relation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDisposal:
    """Ask to destroy what a retention rule keeps; before it is due with a reason only."""

    rule: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveDisposal:
    """Approve what somebody else asked to destroy."""

    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendRetention:
    """Keep what a rule keeps until another local day."""

    rule: str
    until: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOutDisposal:
    """Say that what was approved is destroyed, under a certificate; holds are looked at again."""

    rule: str
    certificate: str
    method: str
    counts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFailure:
    """Say that a destruction did not succeed, and why."""

    rule: str
    problem: str


Command = (
    RecordDocument
    | IssueDocument
    | AcknowledgeDocument
    | RevokeDocument
    | IssueItem
    | SettleItem
    | RecordCounter
    | LinkChallenge
    | RequestDisposal
    | ApproveDisposal
    | ExtendRetention
    | CarryOutDisposal
    | ReportFailure
)
