"""The audit log and its tree, grants, files, certificates; keys of people and challenges."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the tables; what is there already is sealed and entered by `schema`, afterwards."""
    _make_log()
    _make_tree()
    _make_grants()
    _make_files()
    _make_certificates()
    op.add_column("person", _column("key_id", sa.String(), is_optional=True))
    op.add_column("person", _moment("forgotten_at", is_optional=True))
    op.add_column("challenge", _column("key_id", sa.String(), is_optional=True))
    op.add_column("challenge", _column("chain", sa.String(), is_optional=True))
    # a constraint that refers from an old table cannot be added to it on SQLite, only made with it
    with op.batch_alter_table("event", table_kwargs={"sqlite_with_rowid": False}) as batch:
        batch.add_column(_number("entry_id", is_optional=True))
        batch.create_foreign_key("fk_event_entry_id", "entry", ["entry_id"], ["id"])


def _column(
    name: str, kind: "TypeEngine[Any]", *, is_optional: bool = False
) -> "sa.Column[object]":
    return sa.Column(name, kind, nullable=is_optional)


def _text(*names: str) -> "list[sa.Column[object]]":
    return [_column(name, sa.String()) for name in names]


def _number(name: str, *, is_optional: bool = False) -> "sa.Column[object]":
    return _column(name, sa.Integer(), is_optional=is_optional)


def _moment(name: str, *, is_optional: bool = False) -> "sa.Column[object]":
    return _column(name, sa.DateTime(timezone=True), is_optional=is_optional)


def _bytes(name: str, *, is_optional: bool = False) -> "sa.Column[object]":
    return _column(name, sa.LargeBinary(), is_optional=is_optional)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [target], name=f"fk_{table}_{column}")


def _make_log() -> None:
    op.create_table(
        "entry",
        _number("id"),
        _number("challenge_id", is_optional=True),
        _moment("at"),
        *_text("body"),
        _bytes("digest"),
        _key("entry", "id"),
        _refers("entry", "challenge_id", "challenge.id"),
    )
    op.create_index("ix_entry_challenge_id", "entry", ["challenge_id"])


def _make_tree() -> None:
    op.create_table(
        "leaf",
        _number("position"),
        _number("entry_id"),
        _key("leaf", "position"),
        sa.UniqueConstraint("entry_id", name="uq_leaf_entry_id"),
        _refers("leaf", "entry_id", "entry.id"),
    )
    op.create_table(
        "tile",
        _number("level"),
        _number("number"),
        _bytes("hashes"),
        _key("tile", "level", "number"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "checkpoint", _number("size"), _moment("at"), *_text("note"), _key("checkpoint", "size")
    )
    op.create_table(
        "anchor",
        _number("id"),
        _number("size"),
        _moment("at"),
        *_text("kind", "place"),
        _bytes("receipt", is_optional=True),
        _key("anchor", "id"),
        _refers("anchor", "size", "checkpoint.size"),
    )
    op.create_index("ix_anchor_size", "anchor", ["size"])


def _make_grants() -> None:
    op.create_table(
        "access_grant",
        _number("id"),
        _number("person_id"),
        *_text("role"),
        _number("challenge_id", is_optional=True),
        _moment("granted_at"),
        _number("granted_by", is_optional=True),
        _moment("revoked_at", is_optional=True),
        _number("revoked_by", is_optional=True),
        _key("access_grant", "id"),
        _refers("access_grant", "person_id", "person.id"),
        _refers("access_grant", "challenge_id", "challenge.id"),
    )
    op.create_index("ix_access_grant_person_id", "access_grant", ["person_id"])


def _make_files() -> None:
    op.create_table(
        "stored_file",
        _number("challenge_id"),
        *_text("document"),
        _number("version"),
        *_text("name"),
        _number("size"),
        *_text("sha256"),
        _moment("added_at"),
        _key("stored_file", "challenge_id", "document", "version"),
        _refers("stored_file", "challenge_id", "challenge.id"),
        sqlite_with_rowid=False,
    )


def _make_certificates() -> None:
    op.create_table(
        "certificate",
        *_text("number"),
        _number("challenge_id", is_optional=True),
        *_text("rule"),
        _column("is_whole", sa.Boolean()),
        _moment("at"),
        *_text("body", "signature"),
        _key("certificate", "number"),
        _refers("certificate", "challenge_id", "challenge.id"),
    )
    op.create_index("ix_certificate_challenge_id", "certificate", ["challenge_id"])
