"""A database that was moved: it can be read, and refuses every change, whoever asks for it.

The refusal is in the database itself, so that a program that was running all the while, an older
one, and SQL by hand meet it as well.
"""

from workflow.store import meta
from workflow.store.link import Link
from workflow.store.moving.fence import MOVED

_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'"
    " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    " AND tablename NOT LIKE 'procrastinate\\_%' ORDER BY tablename",
}
_VERBS = ("INSERT", "UPDATE", "DELETE")
_REFUSING = """
CREATE OR REPLACE FUNCTION refuse_moved() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING MESSAGE = '{said}'; END $$
"""


def tables(link: Link) -> list[str]:
    """Return the names of the tables that are ours, in the order of the alphabet."""
    return [name for (name,) in link.rows(_TABLES[link.dialect])]


def lock(link: Link) -> None:
    """Let nobody else write until the transaction ends; on SQLite that is so from its start on."""
    if link.dialect == "postgresql":
        names = ", ".join(f'"{name}"' for name in tables(link))
        link.execute(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE")


def moved_to(link: Link) -> str | None:
    """Return where a database was moved to, if it was."""
    return meta.get(link, meta.MOVED_TO)


def close(link: Link, place: str) -> None:
    """Refuse every change from the end of this transaction on, naming the new place."""
    meta.put(link, meta.MOVED_TO, place)
    said = f"{MOVED} {place}".replace("'", "''")
    if link.dialect == "postgresql":
        link.execute(_REFUSING.format(said=said))
    for table in tables(link):
        for statement in _statements(link.dialect, table, said):
            link.execute(statement)


def _statements(dialect: str, table: str, said: str) -> list[str]:
    if dialect == "postgresql":
        return [
            f"CREATE TRIGGER moved_{table} BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE"
            f' ON "{table}"'
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_moved()"
        ]
    return [
        f'CREATE TRIGGER moved_{table}_{verb} BEFORE {verb} ON "{table}" FOR EACH ROW'
        f" BEGIN SELECT RAISE(ABORT, '{said}'); END"
        for verb in _VERBS
    ]


def reopen(link: Link) -> None:
    """Let changes be made again."""
    if link.dialect == "postgresql":
        link.execute("DROP FUNCTION IF EXISTS refuse_moved() CASCADE")
    else:
        for table in tables(link):
            for verb in _VERBS:
                link.execute(f"DROP TRIGGER IF EXISTS moved_{table}_{verb}")
    meta.put(link, meta.MOVED_TO, None)
