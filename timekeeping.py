"""Which clock counts: the machine's, the database's in a cluster, or in a rehearsal a set one."""

from settings import NAME, PREFIX, ZONE, parse_now
from workflow.clock import Clock, SetClock, SystemClock
from workflow.cluster.clock import DatabaseClock
from workflow.cluster.nudging import is_clustered
from workflow.model.errors import Refused
from workflow.store import meta
from workflow.store.database import Database


def choose_clock(now: str, database: Database, *, is_rehearsal: bool) -> Clock:
    """Return the clock; `now` is what a rehearsal's is set to, if it is set.

    Raises:
        Refused: a rehearsal's clock would run backwards.
    """
    if not is_rehearsal:
        return DatabaseClock(database) if is_clustered(database) else SystemClock()
    with database.reading() as link:
        last_at = meta.last_at(link)
    if not now:
        is_ahead = last_at is not None and last_at > SystemClock().now()
        return SetClock(last_at) if last_at is not None and is_ahead else SystemClock()
    at = parse_now(now)
    if last_at is not None and at < last_at:
        shown = last_at.astimezone(ZONE).isoformat(timespec="minutes")
        raise Refused(
            f"the clock never runs backwards: {PREFIX}NOW is {now}, and this rehearsal has come"
            f" to {shown}",
            kind="clock",
            hint=f"set {PREFIX}NOW to {shown} or later, or begin a new rehearsal",
        )
    return SetClock(at)


def no_rehearsal(database: Database) -> Refused:
    """Return why a time may not be set."""
    return Refused(
        f"{PREFIX}NOW sets the clock of a rehearsal, and {database.name} is not one",
        kind="clock",
        hint=f"unset {PREFIX}NOW, or make a rehearsal: {NAME} --db URL init --rehearsal",
    )
