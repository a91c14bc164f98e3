"""What stands in people's calendars, as they were told of it: for messages, plans and feeds."""

from datetime import datetime
from typing import Any

from workflow.model.people import Person, ids_in, name_in
from workflow.model.planning.invitations import Entry, Letter
from workflow.store import people
from workflow.store.challenges import Change, Stored
from workflow.store.link import Link, day, moment
from workflow.store.rows import invitations as rows

_CURRENT = """
SELECT sequence, ends_at, last_on FROM invitation
WHERE challenge_id = :challenge_id AND key = :key AND person_id = :person
"""
_FEED = """
SELECT i.key, i.person_id, i.title, i.starts_at, i.ends_at, i.first_on, i.last_on, i.sequence,
    i.updated_at, i.challenge_id, c.created_at, c.reference, c.client
FROM invitation i JOIN challenge c ON c.id = i.challenge_id
WHERE i.person_id = :person AND NOT i.is_cancelled
ORDER BY i.challenge_id, i.key
"""


def is_current(
    link: Link,
    challenge_id: int,
    *,
    key: str,
    person: int,
    sequence: int,
    at: datetime | None = None,
) -> bool:
    """Return whether a message about an entry still says what is so; one query.

    It does not when a later one has been written, nor `at` a moment of the challenge's zone
    when the entry is over.
    """
    row = link.row(_CURRENT, challenge_id=challenge_id, key=key, person=person)
    if row is None or row[0] != sequence:
        return False
    ends_at, last_on = moment(row[1]), day(row[2])
    is_over = at is not None and (
        (ends_at is not None and ends_at <= at) or (last_on is not None and last_on < at.date())
    )
    return not is_over


def foresee(link: Link, stored: Stored, change: Change) -> tuple[Letter, ...]:
    """Return what a change will send of the entries in people's calendars, before it is kept."""
    if change.agenda is None:
        return ()
    reference = stored.challenge.reference
    return rows.foresee(link, stored.id, reference, agenda=change.agenda, at=change.at)


def feed(link: Link, person: int) -> list[dict[str, Any]]:
    """Return all entries of a person that hold now, over all challenges, as a feed shows them.

    Two queries, however many challenges there are: the entries, and the people in their titles.
    """
    found = link.rows(_FEED, person=person)
    known = people.named(link, ids_in(*(row[2] for row in found)))
    return [_shown(row, known) for row in found]


def _shown(row: tuple[Any, ...], known: dict[int, Person]) -> dict[str, Any]:
    key, person, title, starts_at, ends_at, first_on, last_on, sequence, updated_at, *rest = row
    challenge_id, created_at, reference, client = rest
    entry = Entry(
        key=key,
        person=person,
        title=name_in(title, known),
        starts_at=moment(starts_at),
        ends_at=moment(ends_at),
        first_on=day(first_on),
        last_on=day(last_on),
    )
    return rows.shape(
        entry,
        uid=rows.uid_of(challenge_id, moment(created_at), key=key, person=person),
        sequence=sequence,
        updated_at=(moment(updated_at) or updated_at).isoformat(),
        reference=reference,
        client=client,
    )
