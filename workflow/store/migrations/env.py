"""What Alembic runs for every command: on a connection that it is given, in one transaction."""

from typing import TYPE_CHECKING

from alembic import context

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData


def migrate(connection: "Connection", metadata: "MetaData | None") -> None:
    """Run the steps that are missing; all of them or none."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


migrate(context.config.attributes["connection"], context.config.attributes.get("metadata"))
