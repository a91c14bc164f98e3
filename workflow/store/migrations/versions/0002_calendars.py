"""Calendars, a version at a time; a task's clock and its first target."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table of calendars; tasks from before have no clock and no first target."""
    op.create_table(
        "calendar",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("first_year", sa.Integer(), nullable=False),
        sa.Column("last_year", sa.Integer(), nullable=False),
        sa.Column("days", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", "version", name="pk_calendar"),
    )
    for name in ("clock", "clock_note"):
        op.add_column("task", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("task", sa.Column("first_target_on", sa.Date(), nullable=True))
    op.add_column("task", sa.Column("done_moment", sa.DateTime(timezone=True), nullable=True))
