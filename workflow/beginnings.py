"""What a new database begins with: somebody who may do everything, and the calendars."""

from collections.abc import Callable
from datetime import datetime

from workflow.store import calendars, people
from workflow.store.database import Database


def begin(database: Database, *, administrator: str, now: Callable[[], datetime]) -> None:
    """Add whoever has an address as the administrator, and the calendars; each where none is.

    `now` is only asked where calendars are kept.
    """
    with database.reading() as link:
        has_people, has_calendars = bool(people.everybody(link)), bool(calendars.names(link))
    if not has_people:
        _add_first_person(database, administrator)
    if not has_calendars:
        at = now()
        with database.writing() as link:
            calendars.seed(link, at=at)


def _add_first_person(database: Database, address: str) -> None:
    with database.writing() as link:
        if not people.everybody(link):
            name = address.partition("@")[0]
            people.add(link, name=name, email=address, is_administrator=True)
