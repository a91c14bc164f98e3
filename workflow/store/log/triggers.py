"""What the database itself refuses: to change or delete what is history, to change without it.

Made anew after every migration, since rebuilding a table drops its triggers. They stop mistakes
and raw SQL; whoever may change the schema can drop them, and then the tree and its anchors tell.
"""

from workflow.store.link import Link

_APPEND_ONLY = ("entry", "leaf", "checkpoint", "anchor", "certificate")
_KEPT = "history is append-only"
_ALONE = "a challenge changes with an entry of the audit log only"
_UNENTERED = "an event belongs to an entry of the audit log"

# a challenge that is destroyed as a whole leaves its entries, and a certificate
_IS_DESTROYED = """
SELECT 1 FROM certificate WHERE challenge_id = OLD.challenge_id AND is_whole
"""
_IS_DESTROYED_ROW = "SELECT 1 FROM certificate WHERE challenge_id = OLD.id AND is_whole"
_LATEST = "SELECT {} FROM entry WHERE challenge_id = NEW.id ORDER BY id DESC LIMIT 1"
_IS_ALONE = """
NOT EXISTS ({destroyed}) AND (
    (NEW.chain IS NOT DISTINCT FROM OLD.chain AND (
        NEW.version <> OLD.version OR NEW.stage <> OLD.stage OR NEW.snapshot <> OLD.snapshot))
    OR (NEW.chain IS DISTINCT FROM OLD.chain AND NEW.chain IS DISTINCT FROM ({latest}))
)
"""


def install(link: Link) -> None:
    """Make the triggers, in place of those that are there."""
    for statement in _statements(link.dialect):
        link.execute(statement)


def _statements(dialect: str) -> list[str]:
    digest = "lower(hex(digest))" if dialect == "sqlite" else "encode(digest, 'hex')"
    alone = _IS_ALONE.format(destroyed=_IS_DESTROYED_ROW, latest=_LATEST.format(digest))
    fixed = [table for table in _APPEND_ONLY if table != "certificate"]
    rules = [(table, "UPDATE", "", _KEPT) for table in (*fixed, "event")]
    rules.append(("certificate", "UPDATE", "OLD.signature <> ''", _KEPT))  # signed in the end
    rules += [(table, "DELETE", "", _KEPT) for table in _APPEND_ONLY]
    rules.append(("event", "DELETE", f"NOT EXISTS ({_IS_DESTROYED})", _KEPT))
    rules.append(("event", "INSERT", "NEW.entry_id IS NULL", _UNENTERED))
    rules.append(("challenge", "UPDATE OF version, stage, snapshot, chain", alone, _ALONE))
    write = _sqlite if dialect == "sqlite" else _postgresql
    return [statement for rule in rules for statement in write(*rule)]


def _sqlite(table: str, verb: str, condition: str, said: str) -> list[str]:
    name = f"{table}_{verb.split(maxsplit=1)[0].lower()}"
    when = f"WHEN {condition}" if condition else ""
    body = f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
    return [
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW {when} {body}",
    ]


def _postgresql(table: str, verb: str, condition: str, said: str) -> list[str]:
    name = f"{table}_{verb.split(maxsplit=1)[0].lower()}"
    given = "OLD" if verb == "DELETE" else "NEW"
    test = f"IF {condition} THEN RAISE EXCEPTION '{said}'; END IF;" if condition else ""
    body = test or f"RAISE EXCEPTION '{said}';"
    return [
        f"CREATE OR REPLACE FUNCTION refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {body} RETURN {given}; END $$",
        f"DROP TRIGGER IF EXISTS {name} ON {table}",
        f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW "
        f"EXECUTE FUNCTION refuse_{name}()",
    ]
