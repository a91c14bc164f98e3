"""Who was given something to keep and has not confirmed its destruction."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from workflow.model.challenge import Challenge
from workflow.model.planning.occurrences import issued_since
from workflow.model.planning.rulebook import Rulebook
from workflow.model.task import UNFINISHED, TaskStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Somebody who has material that is not confirmed as destroyed, and since when."""

    reference: str
    person: int
    since: date


def held(rulebook: Rulebook, challenge: Challenge) -> Iterator[Held]:
    """Yield who was given something to keep and has not confirmed its destruction."""
    if not (rulebook.issuers or challenge.records.documents or challenge.records.items):
        return
    destroying = rulebook.definition.destroying
    for person in dict.fromkeys(m.person for m in challenge.team):
        since = issued_since(rulebook, challenge, person)
        if since is None:
            continue
        own = [t for t in challenge.tasks.values() if t.person == person]
        confirmed = [t for t in own if t.spec in destroying and t.status is TaskStatus.DONE]
        owed = [t for t in own if t.spec in destroying and t.status in UNFINISHED]
        if owed or not confirmed:
            yield Held(reference=challenge.reference, person=person, since=since)
