"""What somebody can do who may change the schema: triggers that guard history do not stop them."""

from workflow.store.link import Link

_TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger'"


def disarm(link: Link) -> None:
    """Let everything be changed in this database, on PostgreSQL in this transaction."""
    if link.dialect == "postgresql":
        link.execute("SET LOCAL session_replication_role = replica")
        return
    for (name,) in link.rows(_TRIGGERS):
        link.execute(f"DROP TRIGGER {name}")
