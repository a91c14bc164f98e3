"""Mail that did not arrive: a fact of the challenge, which opens a task for whoever must see to it.

A definition that has the date `mail_refused` says what follows. One that has not leaves it at the
message that failed and the address that is marked.
"""

from dataclasses import replace
from uuid import uuid4

from workflow.changes import change_of
from workflow.clock import Clock
from workflow.linking import ties
from workflow.linking.ties import Following
from workflow.model.decide import note
from workflow.model.events import DateCleared, DateSet, Event
from workflow.store import challenges, meta, rulebooks
from workflow.store.challenges import Origin
from workflow.store.correspondence import preferences
from workflow.store.database import Database, Link

SOURCE = "mail"
MAIL_REFUSED = "mail_refused"
"""The date of a definition that says when mail to somebody was last refused."""


class Deliveries:
    """Records what became of mail, where that is something to act on."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock

    def refused(self, reference: str, person: int, why: str) -> None:
        """Record that mail to a person was refused for good; to be told twice changes nothing."""
        with self.database.writing() as link:
            stored = challenges.load(link, reference)
            rulebook = rulebooks.fetch(link, stored.challenge.content_hash)
            failed_at = preferences.of(link, person).refused_at
            if MAIL_REFUSED not in rulebook.definition.dates or failed_at is None:
                return
            known = stored.challenge.dates.get(MAIL_REFUSED)
            at = self.clock.now()
            fact = DateSet(
                at=at,
                key=MAIL_REFUSED,
                on=rulebook.today(failed_at),
                moment=failed_at,
                is_actual=True,
                old=known.on if known else None,
                reason=f"to {{p{person}}}: {why}",
            )
            if _is_told(link, reference, fact, person=person):
                return
            meta.reach(link, at)
            decision = note(rulebook, stored.challenge, *_anew(fact), is_time_passed=True)
            change = change_of(rulebook, decision, at=at)
            challenges.append(
                link, stored, change, origin=Origin(SOURCE, uuid4().hex, "RecordRefusal")
            )
            ties.release(Following(link, at, None, SOURCE), rulebook, decision)


def _is_told(link: Link, reference: str, fact: DateSet, *, person: int) -> bool:
    """Return whether the history has this failure of this person already."""
    return any(
        isinstance(one.event, DateSet)
        and (one.event.key, one.event.moment) == (fact.key, fact.moment)
        and one.event.reason.startswith(f"to {{p{person}}}:")
        for one in challenges.history(link, reference)
    )


def _anew(fact: DateSet) -> tuple[Event, ...]:
    """Return what makes a fact new: a second one of the same day does not move the date."""
    if fact.old != fact.on:
        return (fact,)
    cleared = DateCleared(at=fact.at, key=fact.key, old=fact.on, reason="it happened again")
    return (cleared, replace(fact, old=None))
