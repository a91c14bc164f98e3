"""How people want to be written to, who stands in for them, and whose address refuses mail.

No row means: at once, here, and reachable. `away_until` is the last day away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from workflow.model.errors import InvalidInput
from workflow.store import people
from workflow.store.link import Link, day, moment

_COLUMNS = """
person_id, rhythm, digest_at, away_from, away_until, stand_in_id, refused_at, refused_why
"""
_EVERY = f"SELECT {_COLUMNS} FROM preference"  # noqa: S608  (our own columns)
_OF = f"{_EVERY} WHERE person_id = :person"
_BEGIN = """
INSERT INTO preference (person_id, rhythm, digest_at, refused_why)
VALUES (:person, 'at_once', '08:00', '') ON CONFLICT (person_id) DO NOTHING
"""
_RHYTHM = "UPDATE preference SET rhythm = :rhythm, digest_at = :digest_at WHERE person_id = :person"
_AWAY = """
UPDATE preference SET away_from = :since, away_until = :until, stand_in_id = :stand_in
WHERE person_id = :person
"""
_REFUSE = """
UPDATE preference SET refused_at = :at, refused_why = :why
WHERE person_id = :person AND refused_at IS NULL
"""
_CLEAR = """
UPDATE preference SET refused_at = NULL, refused_why = ''
WHERE person_id = :person AND refused_at IS NOT NULL
"""


class Rhythm(StrEnum):
    """How often somebody is written to."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    URGENT_AT_ONCE = "urgent_at_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """How a person wants to be written to. Days are local; `digest_at` is a local time of day."""

    person: int
    rhythm: Rhythm = Rhythm.AT_ONCE
    digest_at: time = time(8)
    away_from: date | None = None
    away_until: date | None = None
    stand_in: int | None = None
    refused_at: datetime | None = None
    refused_why: str = ""

    def is_away(self, on: date) -> bool:
        """Return whether the person is away on a day; the last day away still counts."""
        if self.away_from is None or on < self.away_from:
            return False
        return self.away_until is None or on <= self.away_until


def of(link: Link, person: int) -> Preference:
    """Return the preference of a person; that of most is the usual one."""
    row = link.row(_OF, person=person)
    return _preference(row) if row else Preference(person=person)


def everybody(link: Link) -> dict[int, Preference]:
    """Return the preferences that are not the usual one. One query."""
    return {row[0]: _preference(row) for row in link.rows(_EVERY)}


def set_rhythm(link: Link, person: int, *, rhythm: Rhythm, digest_at: time) -> None:
    """Write to a person in another rhythm from now on."""
    begin(link, person)
    at = f"{digest_at:%H:%M}"
    link.execute(_RHYTHM, person=person, rhythm=str(rhythm), digest_at=at)


def set_away(
    link: Link, person: int, *, since: date, until: date | None, stand_in: int | None, today: date
) -> None:
    """Note that a person is away from a day to another, both included, and who stands in.

    Raises:
        InvalidInput: the days are in the wrong order or over, nobody would be reached, or one of
            the two was forgotten.
    """
    if until is not None and until < since:
        raise InvalidInput(f"the last day away, {until}, is before the first, {since}")
    if until is not None and until < today:
        raise InvalidInput(f"{until} is over: nothing would change")
    people.require_known(link, *{person, stand_in or person})
    wanted = Preference(person=person, away_from=since, away_until=until, stand_in=stand_in)
    check_stand_in(wanted, everybody(link))
    begin(link, person)
    link.execute(_AWAY, person=person, since=since, until=until, stand_in=stand_in)


def check_stand_in(wanted: Preference, known: Mapping[int, Preference]) -> None:
    """Refuse somebody who cannot stand in: the person, one who is away, one of a circle.

    Raises:
        InvalidInput: the text says which, as `{p4}` for people.
    """
    if wanted.stand_in is None:
        return
    if wanted.stand_in == wanted.person:
        raise InvalidInput("nobody stands in for themselves; name somebody else")
    other = known.get(wanted.stand_in)
    if other is None or not _overlap(wanted, other):
        return
    name = f"{{p{other.person}}}"
    if other.stand_in is None:
        raise InvalidInput(f"{name} is away at that time, too, and nobody stands in for them")
    if other.stand_in == wanted.person:
        raise InvalidInput(f"{name} has {{p{wanted.person}}} stand in at that time: a circle")
    further = known.get(other.stand_in)
    if further is not None and _overlap(wanted, further):
        raise InvalidInput(
            f"{name} is away at that time, and so is {{p{other.stand_in}}}, who stands in for them"
        )


def _overlap(one: Preference, other: Preference) -> bool:
    """Return whether two people are away on a same day."""
    if one.away_from is None or other.away_from is None:
        return False
    last = date.max
    begins = max(one.away_from, other.away_from)
    return begins <= min(one.away_until or last, other.away_until or last)


def set_back(link: Link, person: int) -> None:
    """Note that a person is back; nobody stands in any more."""
    link.execute(_AWAY, person=person, since=None, until=None, stand_in=None)


def mark_refused(link: Link, person: int, *, at: datetime, why: str) -> bool:
    """Note that a person's address refuses mail for good; return whether that is news."""
    begin(link, person)
    (said,) = people.seal_mail(link, why, challenge_id=None, person_id=person)
    return link.execute(_REFUSE, person=person, at=at, why=said) == 1


def clear_refused(link: Link, person: int) -> bool:
    """Let mail go to a person again; return whether it had been refused."""
    return link.execute(_CLEAR, person=person) == 1


def begin(link: Link, person: int) -> None:
    """Keep the usual preference of a person, where nothing is kept yet."""
    link.execute(_BEGIN, person=person)


def _preference(row: tuple[Any, ...]) -> Preference:
    return Preference(
        person=row[0],
        rhythm=Rhythm(row[1]),
        digest_at=time.fromisoformat(row[2]),
        away_from=day(row[3]),
        away_until=day(row[4]),
        stand_in=row[5],
        refused_at=moment(row[6]),
        refused_why=row[7],
    )
