"""What `doctor` looks at in a database that is in use: what should never be, who is alive."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import bootstrap
from console.views.setting_up import Finding, State
from console.words import count

if TYPE_CHECKING:
    from console.session import Session

LEAST_FREE, LITTLE_FREE = 200 * 1024**2, 1024**3
MOST_APART = timedelta(minutes=1)
_MANY = 20
"""So many of one invariant are named; the rest is counted."""


def invariants(
    session: "Session", *, is_quick: bool, tell: Callable[[int, int], None]
) -> Iterator[Finding]:
    """Say which invariants do not hold, each by its name and with its way out."""
    from workflow.auditing.invariants import CODES, check_all

    database, at = session.application.database, session.now.at
    named: dict[str, int] = {}
    for one in check_all(database, at, is_quick=is_quick, on_progress=tell):
        named[one.code] = named.get(one.code, 0) + 1
        if named[one.code] <= _MANY:
            yield Finding(one.code, "wrong", f"{one.what}: {one.way_out}")
    for code, number in named.items():
        if number > _MANY:
            yield Finding(code, "wrong", f"{number - _MANY} more of the kind")
    if not named:
        how = "as far as a quick look can tell" if is_quick else "of every challenge, and the log"
        yield Finding("invariants", "ok", f"{len(CODES)} hold, {how}")


def alive(session: "Session") -> Iterator[Finding]:
    """Say whether somebody lets time pass, and whether all clocks agree."""
    from workflow.auditing.invariants import overslept

    application, at = session.application, session.now.at
    late = overslept(application.database, at)
    with session.reading() as link:
        last_at = bootstrap.meta.last_at(link)
    if late is not None:
        state: State = "advice" if application.is_rehearsal else "wrong"
        yield Finding("sweep", state, f"{late}: is peer-challenge run running? try tick")
    elif last_at is None:
        yield Finding("sweep", "advice", "time has never passed here: peer-challenge run lets it")
    else:
        local = last_at.astimezone(bootstrap.ZONE)
        yield Finding("sweep", "ok", f"nothing is overdue; the last was on {local:%d %B at %H:%M}")
    if not application.is_rehearsal:
        yield from _clock(session, at, last_at)


def _clock(session: "Session", at: datetime, last_at: datetime | None) -> Iterator[Finding]:
    from workflow.auditing.invariants import clock_of

    theirs = clock_of(session.application.database) or last_at
    if theirs is not None and theirs - at > MOST_APART:
        text = f"it is {_long(theirs - at)} behind the database: set it right before mail goes out"
        yield Finding("clock", "wrong", text)


def _long(time: timedelta) -> str:
    hours, seconds = divmod(int(time.total_seconds()), 3600)
    return count(hours, "hour") if hours else count(seconds // 60, "minute")


def machines(session: "Session") -> Iterator[Finding]:
    """Say how many machines work on one database, where there are several."""
    from console.company import LONE_KEYS, has_lone_keys

    with session.reading() as link:
        number = bootstrap.nudging.at_work(link)
    if number is None:
        return
    if number:
        yield Finding("machines", "ok", f"{count(number, 'machine')} at work")
    else:
        text = "none has been at work for a minute: is peer-challenge run --cluster running?"
        yield Finding("machines", "advice", text)
    if has_lone_keys(session.settings):
        yield Finding("machines", "wrong", LONE_KEYS)


def keys(session: "Session") -> Iterator[Finding]:
    """Say which keys cannot be read, without which words stay sealed."""
    from workflow.auditing.invariants import missing_keys

    database = session.application.database
    missing = missing_keys(database)
    if missing:
        text = f"{count(len(missing), 'key')} of {database.vault.folder} cannot be read"
        yield Finding("keys", "wrong", f"{text}, such as {missing[0]}: restore --keys FILE")


def room(session: "Session") -> Iterator[Finding]:
    """Say where there is little room left on the disk."""
    database = session.application.database
    folders = {database.vault.folder.parent}
    if database.dialect == "sqlite":
        folders.add(Path(database.name).parent)
    for folder in sorted(folder for folder in folders if folder.exists()):
        yield from room_in(folder, shutil.disk_usage(folder).free)


def room_in(folder: Path, free: int) -> Iterator[Finding]:
    """Say whether a number of bytes is enough room in a folder."""
    if free < LITTLE_FREE:
        state: State = "wrong" if free < LEAST_FREE else "advice"
        text = f"{free // 1024**2} MB are free in {folder}: without room nothing can be written"
        yield Finding("disk", state, text)
