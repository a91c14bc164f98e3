"""The first schema."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables, in an order that their references allow."""
    _make_meta()
    _make_definition()
    _make_person()
    _make_challenge()
    _make_event()
    _make_task()
    _make_member()
    _make_booking()
    _make_outbox()


def _column(name: str, kind: "TypeEngine[Any]", *, is_optional: bool) -> "sa.Column[object]":
    return sa.Column(name, kind, nullable=is_optional)


def _text(name: str, *, is_optional: bool = False) -> "sa.Column[object]":
    return _column(name, sa.String(), is_optional=is_optional)


def _number(name: str, *, is_optional: bool = False) -> "sa.Column[object]":
    return _column(name, sa.Integer(), is_optional=is_optional)


def _moment(name: str, *, is_optional: bool = False) -> "sa.Column[object]":
    return _column(name, sa.DateTime(timezone=True), is_optional=is_optional)


def _day(name: str, *, is_optional: bool = False) -> "sa.Column[object]":
    return _column(name, sa.Date(), is_optional=is_optional)


def _flag(name: str) -> "sa.Column[object]":
    return _column(name, sa.Boolean(), is_optional=False)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{columns[0]}")


def _reference(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _make_meta() -> None:
    op.create_table(
        "meta",
        _text("key"),
        _text("value"),
        _key("meta", "key"),
    )


def _make_definition() -> None:
    op.create_table(
        "definition",
        _text("content_hash"),
        _text("name"),
        _text("version"),
        _text("title"),
        _text("text"),
        _text("model"),
        _moment("added_at"),
        _key("definition", "content_hash"),
    )
    _index("definition", "name")


def _make_person() -> None:
    op.create_table(
        "person",
        _number("id"),
        _text("name"),
        _text("email"),
        _text("email_folded"),
        _text("organisation"),
        _text("phone"),
        _text("capabilities"),
        _flag("is_administrator"),
        _key("person", "id"),
        _unique("person", "email_folded"),
    )


def _make_challenge() -> None:
    op.create_table(
        "challenge",
        _number("id"),
        _text("reference"),
        _text("title"),
        _text("client"),
        _text("definition_hash"),
        _text("definition"),
        _text("definition_version"),
        _number("version"),
        _text("stamp"),
        _text("stage"),
        _text("stage_title"),
        _flag("is_final"),
        _flag("is_paused"),
        _number("manager", is_optional=True),
        _number("due_soon"),
        _text("next_key", is_optional=True),
        _text("next_title"),
        _day("next_target_on", is_optional=True),
        _day("next_limit_on", is_optional=True),
        _moment("next_limit_at", is_optional=True),
        _day("busy_from", is_optional=True),
        _day("busy_to", is_optional=True),
        _moment("wake_at", is_optional=True),
        _moment("created_at"),
        _moment("updated_at"),
        _text("snapshot"),
        _key("challenge", "id"),
        _unique("challenge", "reference"),
        _reference("challenge", "definition_hash", "definition.content_hash"),
    )
    _index("challenge", "definition_hash")
    _index("challenge", "wake_at")


def _make_event() -> None:
    op.create_table(
        "event",
        _number("challenge_id"),
        _number("seq"),
        _moment("at"),
        _number("actor", is_optional=True),
        _text("kind"),
        _text("body"),
        _text("source"),
        _text("command_id", is_optional=True),
        _key("event", "challenge_id", "seq"),
        _reference("event", "challenge_id", "challenge.id"),
        sqlite_with_rowid=False,
    )


def _make_task() -> None:
    op.create_table(
        "task",
        _number("challenge_id"),
        _text("key"),
        _number("number"),
        _text("state"),
        _text("spec"),
        _number("position"),
        _text("title"),
        _text("status"),
        _number("person", is_optional=True),
        _day("day", is_optional=True),
        _text("assignees"),
        _moment("opens_at", is_optional=True),
        _moment("opened_at", is_optional=True),
        _day("target_on", is_optional=True),
        _day("limit_on", is_optional=True),
        _moment("limit_at", is_optional=True),
        _day("first_limit_on", is_optional=True),
        _day("done_on", is_optional=True),
        _moment("done_at", is_optional=True),
        _number("done_by", is_optional=True),
        _number("recorded_by", is_optional=True),
        _text("evidence"),
        _text("reason"),
        _flag("is_missed"),
        _flag("is_overridden"),
        _flag("is_held"),
        _text("source"),
        _text("why"),
        _moment("wake_at", is_optional=True),
        _key("task", "challenge_id", "key"),
        _reference("task", "challenge_id", "challenge.id"),
        sqlite_with_rowid=False,
    )
    _index("task", "challenge_id", "status", "limit_at")


def _make_member() -> None:
    op.create_table(
        "member",
        _number("challenge_id"),
        _number("position"),
        _number("person_id"),
        _text("role"),
        _day("since"),
        _day("until", is_optional=True),
        _key("member", "challenge_id", "position"),
        _reference("member", "challenge_id", "challenge.id"),
        _reference("member", "person_id", "person.id"),
        sqlite_with_rowid=False,
    )
    _index("member", "person_id")


def _make_booking() -> None:
    op.create_table(
        "booking",
        _number("challenge_id"),
        _number("person_id"),
        _day("first_on"),
        _day("last_on"),
        _key("booking", "challenge_id", "person_id"),
        _reference("booking", "challenge_id", "challenge.id"),
        _reference("booking", "person_id", "person.id"),
        sqlite_with_rowid=False,
    )
    _index("booking", "person_id")


def _make_outbox() -> None:
    op.create_table(
        "outbox",
        _number("id"),
        _number("challenge_id", is_optional=True),
        _text("unique_key"),
        _text("notice"),
        _number("recipient_id"),
        _number("about_id", is_optional=True),
        _text("tasks"),
        _flag("is_ladder"),
        _flag("is_urgent"),
        _text("status"),
        _moment("created_at"),
        _moment("not_before"),
        _number("attempts"),
        _moment("next_attempt_at"),
        _moment("lease_until", is_optional=True),
        _number("fence"),
        _moment("sent_at", is_optional=True),
        _text("message_id", is_optional=True),
        _text("subject", is_optional=True),
        _text("body", is_optional=True),
        _text("error", is_optional=True),
        _key("outbox", "id"),
        _unique("outbox", "challenge_id", "unique_key"),
        _reference("outbox", "about_id", "person.id"),
        _reference("outbox", "challenge_id", "challenge.id"),
        _reference("outbox", "recipient_id", "person.id"),
    )
    _index("outbox", "status", "next_attempt_at")
    op.create_index(
        "ix_outbox_unique_key",
        "outbox",
        ["unique_key"],
        unique=True,
        sqlite_where=sa.text("challenge_id IS NULL"),
        postgresql_where=sa.text("challenge_id IS NULL"),
    )
