"""What belongs to a database and is no row of it: keys and stored files, where they must be."""

import os

from workflow.model.errors import InvalidInput, Refused
from workflow.store.keeping.files import Files
from workflow.store.keeping.keys import Keys
from workflow.store.keeping.vault import Vault
from workflow.store.link import Link

_KEYS = """
SELECT key_id FROM person WHERE key_id IS NOT NULL AND forgotten_at IS NULL
UNION
SELECT key_id FROM challenge WHERE key_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM certificate WHERE challenge_id = challenge.id AND is_whole
)
"""
_FILES = "SELECT name FROM stored_file ORDER BY name"
_SENDING = "SELECT count(*) FROM outbox WHERE status = 'sending'"
_MAY_MAKE = "SELECT current_user, has_schema_privilege(current_schema(), 'CREATE')"


def missing_keys(link: Link, vault: Vault) -> list[str]:
    """Return the ids of the keys that something is sealed with, and that cannot be read."""
    needed, keys = sorted(key_id for (key_id,) in link.rows(_KEYS)), Keys(vault.folder)
    return [key_id for key_id in needed if not os.access(keys.path(key_id), os.R_OK)]


def missing_files(link: Link, files: Files) -> list[str]:
    """Return the names of the stored files that the register names, and that cannot be read."""
    named = [name for (name,) in link.rows(_FILES)]
    return [name for name in named if not os.access(files.folder / name, os.R_OK)]


def require(link: Link, vault: Vault, files: Files) -> None:
    """Look for all keys and stored files.

    Raises:
        InvalidInput: some are not where they should be.
    """
    if keys := missing_keys(link, vault):
        raise InvalidInput(
            f"keys cannot be read in {vault.folder}, such as {keys[0]} ({len(keys)} in all): put "
            "them back first, with restore --keys FILE"
        )
    if names := missing_files(link, files):
        raise InvalidInput(
            f"stored files cannot be read in {files.folder}, such as {names[0]} ({len(names)} in "
            "all): put them back first, from a backup with --files"
        )


def being_sent(link: Link) -> int:
    """Return how many messages somebody is sending just now."""
    row = link.row(_SENDING)
    return int(row[0]) if row else 0


def require_making(link: Link, name: str) -> None:
    """Look whether tables may be made.

    Raises:
        Refused: whoever is connected may not.
    """
    row = link.row(_MAY_MAKE) if link.dialect == "postgresql" else None
    if row is not None and not row[1]:
        raise Refused(
            f"{row[0]} may not make tables in {name}",
            kind="no_rights",
            hint=f"let its owner run: GRANT CREATE ON SCHEMA public TO {row[0]}",
        )
