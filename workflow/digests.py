"""The weekly digest: one message about all of a person's challenges, early each Monday.

Source: house policy. A definition asks for it by a notice with `when: every week`.
"""

from datetime import date, timedelta

from workflow.clock import Clock
from workflow.model.language.phrases import Happening
from workflow.model.planning.rulebook import Rulebook
from workflow.store import meta, outbox, people, rulebooks
from workflow.store.database import Database, Link
from workflow.store.people import Active

_EARLIEST = timedelta(hours=14)
"""So far ahead of UTC is the zone in which a day begins first."""


class Digests:
    """Puts the digests of the week into the outbox, once, at the time of a clock."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database, self.clock = database, clock

    def raise_due(self) -> int:
        """Put this week's digests into the outbox if their time has come; return how many."""
        at = self.clock.now()
        with self.database.writing() as link:
            week = meta.get(link, meta.DIGEST_WEEK) or ""
            if (at + _EARLIEST).date().isoformat() < week:
                return 0
            raised = 0
            done_until: list[date] = []
            for active in people.active(link):
                rulebook = rulebooks.fetch(link, active.content_hash)
                local = at.astimezone(rulebook.zone)
                monday = local.date() - timedelta(days=local.weekday())
                if local.date() == monday and local.time() < rulebook.send_at:
                    done_until.append(monday)
                    continue
                done_until.append(monday + timedelta(days=7))
                raised += self._raise(link, rulebook, active, monday)
            if done_until:
                meta.put(link, meta.DIGEST_WEEK, min(done_until).isoformat())
        return raised

    def _raise(self, link: Link, rulebook: Rulebook, active: Active, monday: date) -> int:
        """Put one person's digests into the outbox; who joined this week waits for the next."""
        if active.since >= monday:
            return 0
        return sum(
            outbox.put(
                link,
                unique_key=f"{key}/{monday.isoformat()}/{active.person}",
                notice=key,
                recipient_id=active.person,
                at=self.clock.now(),
            )
            for key, notice in rulebook.definition.notices.items()
            if any(occasion.happening is Happening.WEEKLY for occasion in notice.when)
            and any(active.role in rulebook.definition.members(name) for name in notice.to)
        )
