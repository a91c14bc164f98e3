"""What a program is told that must not write: the database is of another step, or was moved away.

`step` is asked for at the start of each writing transaction, so that a program that was started
before an upgrade writes nothing after it. On PostgreSQL whoever writes shares a lock that an
upgrade takes alone, and sees what that one has left behind.
"""

import re

from workflow.model.errors import Refused, Unavailable

LOCK = 7305112
"""Of whoever upgrades; those who write share it."""

MOVING = "moving"
"""The step of a database that is being filled from another one, and is not complete yet."""

MOVED = "this database was moved to"
"""How what a closed database answers begins, see `closing`."""

UPGRADE = "bring it up to date with: peer-challenge init"
STEP = "SELECT version_num FROM alembic_version"
BEGIN = f"BEGIN; SELECT pg_advisory_xact_lock_shared({LOCK}); {STEP}".encode()

_MOVED = re.compile(f"{MOVED} (.+)")


def unfit(name: str, found: str | None, known: str) -> str:
    """Return why a database at the step that was found cannot be used at the one that is known."""
    if found is None:
        return f"the database {name} has no tables yet; {UPGRADE}"
    if found == MOVING:
        way_out = "run the same migrate-database again, which finishes it or begins anew"
        return f"the database {name} is not complete: a move to it was broken off; {way_out}"
    if found < known:
        steps = f"it has step {found}, {known} is needed"
        return f"the database {name} is older than this program ({steps}); {UPGRADE}"
    steps = f"it has step {found}, {known} is known here"
    text = f"the database {name} is newer than this program ({steps})"
    return f"{text}; install the newer program"


def require(name: str, found: str | None, known: str) -> None:
    """Refuse a database that is not at the step that is known.

    Raises:
        Unavailable: it is at another one.
    """
    if found != known:
        raise Unavailable(unfit(name, found, known))


def moved(name: str, error: Exception) -> Refused | None:
    """Return what is said of a database that refuses since it was moved, with the way out."""
    found = _MOVED.search(str(error))
    if found is None:
        return None
    place = found[1].strip()
    text = f"the database {name} was moved to {place}: nothing is written to it any more"
    hint = "set database_url to the new place, or take it back: migrate-database --undo"
    return Refused(text, kind="moved", hint=hint)
