"""Answers, invitations, how people want to be written to; notices that go along with another."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables of the correspondence; messages from before went to their recipient."""
    _change_outbox()
    _make_preference()
    _make_invitation()
    _make_incoming()
    _make_answer()


def _column(name: str, kind: "TypeEngine[Any]", *, is_optional: bool) -> "sa.Column[object]":
    return sa.Column(name, kind, nullable=is_optional)


def _text(*names: str) -> "list[sa.Column[object]]":
    return [_column(name, sa.String(), is_optional=False) for name in names]


def _number(name: str, *, is_optional: bool = True) -> "sa.Column[object]":
    return _column(name, sa.Integer(), is_optional=is_optional)


def _moment(name: str, *, is_optional: bool = True) -> "sa.Column[object]":
    return _column(name, sa.DateTime(timezone=True), is_optional=is_optional)


def _day(name: str) -> "sa.Column[object]":
    return _column(name, sa.Date(), is_optional=True)


def _handled() -> "list[sa.Column[object]]":
    return [_number("handled_by"), _moment("handled_at"), *_text("note")]


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _references(table: str, **targets: str) -> list[sa.ForeignKeyConstraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")
        for column, target in targets.items()
    ]


def _change_outbox() -> None:
    for column in (_number("sent_to_id"), _number("carrier_id"), _moment("links_revoked_at")):
        op.add_column("outbox", column)
    for name in ("calendar", "marks"):
        op.add_column("outbox", _column(name, sa.String(), is_optional=True))
    op.create_index("ix_outbox_message_id", "outbox", ["message_id"])


def _make_preference() -> None:
    op.create_table(
        "preference",
        _number("person_id", is_optional=False),
        *_text("rhythm", "digest_at"),
        _day("away_from"),
        _day("away_until"),
        _number("stand_in_id"),
        _moment("refused_at"),
        *_text("refused_why"),
        _moment("links_from"),
        _number("feed_number"),
        _key("preference", "person_id"),
        *_references("preference", person_id="person", stand_in_id="person"),
    )


def _make_invitation() -> None:
    op.create_table(
        "invitation",
        _number("challenge_id", is_optional=False),
        *_text("key"),
        _number("person_id", is_optional=False),
        *_text("title"),
        _moment("starts_at"),
        _moment("ends_at"),
        _day("first_on"),
        _day("last_on"),
        _number("sequence", is_optional=False),
        _column("is_cancelled", sa.Boolean(), is_optional=False),
        _moment("updated_at", is_optional=False),
        _key("invitation", "challenge_id", "key", "person_id"),
        *_references("invitation", challenge_id="challenge", person_id="person"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_invitation_person_id", "invitation", ["person_id"])


def _make_incoming() -> None:
    op.create_table(
        "incoming",
        _number("id", is_optional=False),
        *_text("message_id"),
        _moment("came_at", is_optional=False),
        *_text("sender", "subject", "kind"),
        _number("outbox_id"),
        _number("challenge_id"),
        _number("person_id"),
        *_text("body", "digest", "status"),
        *_handled(),
        _key("incoming", "id"),
        sa.UniqueConstraint("message_id", name="uq_incoming_message_id"),
        *_references("incoming", outbox_id="outbox", challenge_id="challenge", person_id="person"),
    )
    op.create_index("ix_incoming_status", "incoming", ["status"])


def _make_answer() -> None:
    op.create_table(
        "answer",
        _number("id", is_optional=False),
        _number("challenge_id", is_optional=False),
        *_text("task"),
        _number("person_id", is_optional=False),
        *_text("kind"),
        _moment("came_at", is_optional=False),
        *_text("body"),
        _day("done_on"),
        _moment("moment"),
        _number("incoming_id"),
        *_text("status"),
        *_handled(),
        _key("answer", "id"),
        *_references(
            "answer", challenge_id="challenge", person_id="person", incoming_id="incoming"
        ),
    )
    op.create_index("ix_answer_challenge_id_status", "answer", ["challenge_id", "status"])
