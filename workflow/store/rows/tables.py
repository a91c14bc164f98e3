"""The tables, as SQLModel sees them: the schema that migrations must add up to. No rule lives here.

At run time the modules beside this one speak SQL; only `schema`, the migrations and their test
load this. Every constraint has a name, since a later migration must be able to say which it means.
"""

from datetime import date, datetime

from sqlalchemy import Index, MetaData, UniqueConstraint, text
from sqlmodel import Field, SQLModel

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
CLUSTERED = {"sqlite_with_rowid": False}  # a challenge's rows lie together, in the key's order


class Row(SQLModel):
    """What all tables share."""

    metadata = MetaData(naming_convention=NAMES)


class MetaRow(Row, table=True):
    """What is true of the database as a whole."""

    __tablename__ = "meta"

    key: str = Field(primary_key=True)
    value: str


class DefinitionRow(Row, table=True):
    """A definition as it was when challenges began under it; `model` is it in JSON."""

    __tablename__ = "definition"

    content_hash: str = Field(primary_key=True)
    name: str = Field(index=True)
    version: str
    title: str
    text: str
    model: str
    added_at: datetime


class CalendarRow(Row, table=True):
    """A base calendar as it was from `added_at` on; `days` are its holidays of the years, in JSON.

    Never changed, never deleted: a holiday that is proclaimed makes the next version.
    """

    __tablename__ = "calendar"

    name: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    first_year: int
    last_year: int
    days: str
    added_at: datetime
    actor: int | None
    reason: str


class PersonRow(Row, table=True):
    """A person. What is known of them is sealed with their key; `email_folded` is a keyed digest.

    It makes an address unique however it is capitalised, and finds who has it.
    """

    __tablename__ = "person"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    email: str
    email_folded: str = Field(unique=True)
    organisation: str
    phone: str
    capabilities: str
    is_administrator: bool
    key_id: str | None
    forgotten_at: datetime | None


class ChallengeRow(Row, table=True):
    """A challenge: its snapshot after `version` events, what lists show, and when it wakes.

    `snapshot` is all but the tasks, whose `state` stands with each; `stamp` is new at every step.
    """

    __tablename__ = "challenge"
    __table_args__ = (
        Index("ix_challenge_wake_at", "wake_at", "id"),  # all that a sweep asks for
    )

    id: int | None = Field(default=None, primary_key=True)
    reference: str = Field(unique=True)
    title: str
    client: str
    definition_hash: str = Field(foreign_key="definition.content_hash", index=True)
    definition: str
    definition_version: str
    version: int
    stamp: str
    stage: str
    stage_title: str
    is_final: bool
    is_paused: bool
    manager: int | None
    due_soon: int
    next_key: str | None
    next_title: str
    next_target_on: date | None
    next_limit_on: date | None
    next_limit_at: datetime | None
    busy_from: date | None
    busy_to: date | None
    wake_at: datetime | None
    created_at: datetime
    updated_at: datetime
    snapshot: str
    key_id: str | None
    chain: str | None


class TaskRow(Row, table=True):
    """A task: its state, a part of the challenge's snapshot, and what lists show of it.

    `number` counts the challenge's tasks in the order in which they were issued.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index("ix_task_challenge_id_status_limit_at", "challenge_id", "status", "limit_at"),
        CLUSTERED,
    )

    challenge_id: int = Field(primary_key=True, foreign_key="challenge.id")
    key: str = Field(primary_key=True)
    number: int
    state: str
    spec: str
    position: int
    title: str
    status: str
    person: int | None
    day: date | None
    assignees: str
    opens_at: datetime | None
    opened_at: datetime | None
    target_on: date | None
    limit_on: date | None
    limit_at: datetime | None
    first_limit_on: date | None
    done_on: date | None
    done_at: datetime | None
    done_moment: datetime | None
    done_by: int | None
    recorded_by: int | None
    evidence: str
    reason: str
    is_missed: bool
    is_overridden: bool
    is_held: bool
    source: str
    why: str
    wake_at: datetime | None
    clock: str = Field(sa_column_kwargs={"server_default": ""})
    clock_note: str = Field(sa_column_kwargs={"server_default": ""})
    first_target_on: date | None


class MemberRow(Row, table=True):
    """A person in a role of a challenge; `position` counts those who joined, from 0."""

    __tablename__ = "member"
    __table_args__ = (CLUSTERED,)

    challenge_id: int = Field(primary_key=True, foreign_key="challenge.id")
    position: int = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: str
    since: date
    until: date | None


class BookingRow(Row, table=True):
    """The days, both included, on which a challenge needs a person."""

    __tablename__ = "booking"
    __table_args__ = (CLUSTERED,)

    challenge_id: int = Field(primary_key=True, foreign_key="challenge.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id", index=True)
    first_on: date
    last_on: date


class OutboxRow(Row, table=True):
    """Somebody must be told something, once: one row is one notice, and mostly one message.

    `fence` rises with each claim; every later write compares it. `carrier_id` is the row in whose
    message this one went along; `sent_to_id` who got it instead of the recipient. In JSON, `marks`
    are the rungs that a reminder says, and `calendar` is the entry that an invitation is about.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("challenge_id", "unique_key"),
        Index("ix_outbox_status_next_attempt_at", "status", "next_attempt_at"),
        Index("ix_outbox_message_id", "message_id"),
        # a NULL is unlike every other NULL: what belongs to no challenge needs its own
        Index(
            "ix_outbox_unique_key",
            "unique_key",
            unique=True,
            sqlite_where=text("challenge_id IS NULL"),
            postgresql_where=text("challenge_id IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    challenge_id: int | None = Field(foreign_key="challenge.id")
    unique_key: str
    notice: str
    recipient_id: int = Field(foreign_key="person.id")
    about_id: int | None = Field(foreign_key="person.id")
    tasks: str
    is_ladder: bool
    is_urgent: bool
    status: str
    created_at: datetime
    not_before: datetime
    attempts: int
    next_attempt_at: datetime
    lease_until: datetime | None
    fence: int
    sent_at: datetime | None
    message_id: str | None
    subject: str | None
    body: str | None
    error: str | None
    sent_to_id: int | None
    carrier_id: int | None
    calendar: str | None
    marks: str | None
    links_revoked_at: datetime | None


class PreferenceRow(Row, table=True):
    """How a person wants to be written to, who stands in, and whether mail reaches them at all.

    `links_from` is the moment before which links were revoked when messages did not say so each by
    itself; `feed_number` is the one drawn for their private calendar address (counted, in older
    ones), below zero where there is none now.
    """

    __tablename__ = "preference"

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    rhythm: str
    digest_at: str
    away_from: date | None
    away_until: date | None
    stand_in_id: int | None = Field(foreign_key="person.id")
    refused_at: datetime | None
    refused_why: str
    links_from: datetime | None
    feed_number: int | None


class InvitationRow(Row, table=True):
    """An entry in somebody's calendar, as they were told of it last.

    Either from `starts_at` to `ends_at`, or whole days from `first_on` to `last_on`.
    """

    __tablename__ = "invitation"
    __table_args__ = CLUSTERED

    challenge_id: int = Field(primary_key=True, foreign_key="challenge.id")
    key: str = Field(primary_key=True)
    person_id: int = Field(primary_key=True, foreign_key="person.id", index=True)
    title: str
    starts_at: datetime | None
    ends_at: datetime | None
    first_on: date | None
    last_on: date | None
    sequence: int
    is_cancelled: bool
    updated_at: datetime


class IncomingRow(Row, table=True):
    """A message that came in: what it is, what it answers, and what became of it.

    `body` is what its writer said, without what they quoted; `digest` is that of all its bytes.
    """

    __tablename__ = "incoming"
    __table_args__ = (UniqueConstraint("message_id"),)

    id: int | None = Field(default=None, primary_key=True)
    message_id: str
    came_at: datetime
    sender: str
    subject: str
    kind: str
    outbox_id: int | None = Field(foreign_key="outbox.id")
    challenge_id: int | None = Field(foreign_key="challenge.id")
    person_id: int | None = Field(foreign_key="person.id")
    body: str
    digest: str
    status: str = Field(index=True)
    handled_by: int | None
    handled_at: datetime | None
    note: str


class AnswerRow(Row, table=True):
    """What somebody said about a task of theirs, where a manager has to do something about it."""

    __tablename__ = "answer"
    __table_args__ = (Index("ix_answer_challenge_id_status", "challenge_id", "status"),)

    id: int | None = Field(default=None, primary_key=True)
    challenge_id: int = Field(foreign_key="challenge.id")
    task: str
    person_id: int = Field(foreign_key="person.id")
    kind: str
    came_at: datetime
    body: str
    done_on: date | None
    moment: datetime | None
    incoming_id: int | None = Field(foreign_key="incoming.id")
    status: str
    handled_by: int | None
    handled_at: datetime | None
    note: str
