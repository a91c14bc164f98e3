"""The index of wake-ups holds the ids, too: a sweep finds what is due without looking at a row."""

from alembic import op

revision = "0005"
down_revision = "0004"
NAME = "ix_challenge_wake_at"


def upgrade() -> None:
    """Make the index anew."""
    op.drop_index(NAME, table_name="challenge")
    op.create_index(NAME, "challenge", ["wake_at", "id"])
