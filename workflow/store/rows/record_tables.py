"""The tables of history and its log, of access, files and destruction, as SQLModel sees them."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from workflow.store.rows.tables import CLUSTERED, Row


class EntryRow(Row, table=True):
    """An entry of the audit log: one command, applied or refused. Never changed, never deleted.

    `body` is its text exactly as hashed; `digest` is SHA-256 of a zero byte and that text, as a
    leaf of RFC 9162. `challenge_id` is None for what concerns no challenge.
    """

    __tablename__ = "entry"

    id: int | None = Field(default=None, primary_key=True)
    challenge_id: int | None = Field(foreign_key="challenge.id", index=True)
    at: datetime
    body: str
    digest: bytes = Field(sa_type=LargeBinary)


class EventRow(Row, table=True):
    """Something that happened in a challenge: the truth. Never changed, never deleted."""

    __tablename__ = "event"
    __table_args__ = (CLUSTERED,)

    challenge_id: int = Field(primary_key=True, foreign_key="challenge.id")
    seq: int = Field(primary_key=True)
    at: datetime
    actor: int | None
    kind: str
    body: str
    source: str
    command_id: str | None
    entry_id: int | None = Field(foreign_key="entry.id")


class LeafRow(Row, table=True):
    """Where an entry stands in the tree: `position` counts from 0 without a gap."""

    __tablename__ = "leaf"
    __table_args__ = (UniqueConstraint("entry_id"),)

    position: int = Field(primary_key=True)
    entry_id: int = Field(foreign_key="entry.id")


class TileRow(Row, table=True):
    """Up to 256 hashes of 32 bytes: those of entries at `level` 0, of full tiles below above it."""

    __tablename__ = "tile"
    __table_args__ = (CLUSTERED,)

    level: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    hashes: bytes = Field(sa_type=LargeBinary)


class CheckpointRow(Row, table=True):
    """A signed head of the tree; `note` is its text as a signed note."""

    __tablename__ = "checkpoint"

    size: int = Field(primary_key=True)
    at: datetime
    note: str


class AnchorRow(Row, table=True):
    """Where a checkpoint was kept outside, such as a file, a mail or a timestamp."""

    __tablename__ = "anchor"

    id: int | None = Field(default=None, primary_key=True)
    size: int = Field(foreign_key="checkpoint.size", index=True)
    at: datetime
    kind: str
    place: str
    receipt: bytes | None = Field(default=None, sa_type=LargeBinary)


class GrantRow(Row, table=True):
    """What a person may do, by a role of access, in one challenge or (None) in all."""

    __tablename__ = "access_grant"
    __table_args__ = (Index("ix_access_grant_person_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    role: str
    challenge_id: int | None = Field(foreign_key="challenge.id")
    granted_at: datetime
    granted_by: int | None
    revoked_at: datetime | None
    revoked_by: int | None


class FileRow(Row, table=True):
    """The file of a version of a document, encrypted in the store of files under a random name."""

    __tablename__ = "stored_file"
    __table_args__ = (CLUSTERED,)

    challenge_id: int = Field(primary_key=True, foreign_key="challenge.id")
    document: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    name: str
    size: int
    sha256: str
    added_at: datetime


class CertificateRow(Row, table=True):
    """A certificate of destruction: its text exactly as signed, and the signature.

    `is_whole`: nothing is left of the challenge but its entries in the audit log. `challenge_id` is
    None for a person who was forgotten.
    """

    __tablename__ = "certificate"

    number: str = Field(primary_key=True)
    challenge_id: int | None = Field(foreign_key="challenge.id", index=True)
    rule: str
    is_whole: bool
    at: datetime
    body: str
    signature: str
