"""Who is on the team of anything that goes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from workflow.store.link import Link, day

_ACTIVE = """
SELECT c.definition_hash, m.role, m.person_id, min(m.since)
FROM challenge c JOIN member m ON m.challenge_id = c.id
WHERE NOT c.is_final AND m.until IS NULL
GROUP BY c.definition_hash, m.role, m.person_id
ORDER BY m.person_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Active:
    """A person in a role of at least one open challenge of a definition, since a day."""

    content_hash: str
    role: str
    person: int
    since: date


def active(link: Link) -> Iterator[Active]:
    """Yield who has which role in any open challenge, each once a definition. One query."""
    for content_hash, role, person, since in link.rows(_ACTIVE):
        joined_on = day(since)
        if joined_on is not None:
            yield Active(content_hash=content_hash, role=role, person=person, since=joined_on)
