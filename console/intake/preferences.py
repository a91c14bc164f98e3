"""How people want to be written to, out of arguments."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, time
from typing import TYPE_CHECKING

import bootstrap
from console.intake.people import trying
from workflow.granting.access import Request
from workflow.model.access.permissions import Permission
from workflow.model.errors import InvalidInput
from workflow.model.people import named_error

if TYPE_CHECKING:
    from console.session import Session
    from workflow.model.people import Person

CHANGED = "ChangePreference"


def set_rhythm(
    session: "Session", person: "Person", *, rhythm: str | None, at: str | None
) -> "bootstrap.preferences.Preference":
    """Write to a person in another rhythm, at another time of day; return how it is then.

    Raises:
        InvalidInput: the time cannot be read, or counts for nothing.
    """
    with _changing(session, person) as link:
        known = bootstrap.preferences.of(link, person.id)
        wanted = bootstrap.preferences.Rhythm(rhythm) if rhythm else known.rhythm
        if at and wanted is bootstrap.preferences.Rhythm.AT_ONCE:
            raise InvalidInput("--at is for a daily message: add --rhythm daily or urgent_at_once")
        digest_at = _read_time(at) if at else known.digest_at
        bootstrap.preferences.set_rhythm(link, person.id, rhythm=wanted, digest_at=digest_at)
        return bootstrap.preferences.of(link, person.id)


def set_away(
    session: "Session",
    person: "Person",
    *,
    since: date | None,
    until: date | None,
    stand_in: str | None,
) -> "bootstrap.preferences.Preference":
    """Note that a person is away, from today if no day is given; return how it is then.

    Raises:
        InvalidInput: the days are in the wrong order, or the stand-in cannot read it either.
        NotFound: there is no such stand-in.
    """
    today, other = session.now.today, session.person_id(stand_in)
    with _changing(session, person) as link:
        bootstrap.preferences.set_away(
            link, person.id, since=since or today, until=until, stand_in=other, today=today
        )
        return bootstrap.preferences.of(link, person.id)


def set_back(session: "Session", person: "Person") -> "bootstrap.preferences.Preference":
    """Note that a person is back; return how it is then."""
    with _changing(session, person) as link:
        bootstrap.preferences.set_back(link, person.id)
        return bootstrap.preferences.of(link, person.id)


def read(session: "Session", person: "Person") -> "bootstrap.preferences.Preference":
    """Return how a person is written to."""
    with session.reading() as link:
        return bootstrap.preferences.of(link, person.id)


@contextmanager
def _changing(session: "Session", person: "Person") -> Iterator[bootstrap.Link]:
    """Open a writing transaction; a dry run undoes it, once it has told what there would be."""
    people, application = session.people(), session.application
    actor, detail = application.actor.id, {"person": person.id}
    request = Request(permission=Permission.ACT_FOR_OTHERS, action=CHANGED, detail=detail)
    try:
        with trying(application, is_dry_run=session.is_dry_run) as link:
            application.access.enter(link, actor, request)
            yield link
    except InvalidInput as error:
        raise named_error(error, people) from error


def _read_time(text: str) -> time:
    try:
        return time.fromisoformat(text.strip().zfill(5)).replace(second=0, microsecond=0)
    except ValueError as error:
        raise InvalidInput(f"{text!r} is not a time of day; write 08:00") from error
