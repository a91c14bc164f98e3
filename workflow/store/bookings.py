"""Who is booked for which days, across challenges."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from workflow.store.link import Link, day

_CLASHES = """
SELECT b.person_id, c.reference, b.first_on, b.last_on
FROM booking b JOIN challenge c ON c.id = b.challenge_id
WHERE b.first_on <= :last_on AND b.last_on >= :first_on AND c.reference <> :reference
ORDER BY b.first_on, c.reference, b.person_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A person who is booked for another challenge on some of the same days (both included)."""

    person: int
    reference: str
    first_on: date | None
    last_on: date | None


def clashes(
    link: Link, reference: str, people: Iterable[int], *, first_on: date, last_on: date
) -> list[Clash]:
    """Return where `people` are booked elsewhere between two days. One query."""
    rows = link.rows(_CLASHES, reference=reference, first_on=first_on, last_on=last_on)
    wanted = set(people)
    return [
        Clash(person=row[0], reference=row[1], first_on=day(row[2]), last_on=day(row[3]))
        for row in rows
        if row[0] in wanted
    ]
