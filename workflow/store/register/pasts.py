"""Challenges as they were at a past moment: their events up to it, and the rules as they were."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from workflow.model.calendar import Calendar, calendar_named
from workflow.model.challenge import Challenge, replay
from workflow.model.events import Event
from workflow.model.planning.rulebook import Rulebook, base_calendars
from workflow.store import calendars, library, rulebooks
from workflow.store.link import Link
from workflow.store.register.batches import right_in
from workflow.store.rows import codec

_EVENTS = """
SELECT e.kind, e.body, CASE WHEN e.kind IN ('StageEntered', 'TaskWaived') THEN n.body END
FROM event e LEFT JOIN entry n ON n.id = e.entry_id
WHERE e.challenge_id = :id AND e.at <= :at ORDER BY e.seq
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A challenge as it was, with all that had happened by then.

    `rights` are the roles by which its steps and waivers were allowed.
    """

    id: int
    challenge: Challenge
    events: list[Event]
    rights: dict[Event, str]


@dataclass(slots=True)
class Then:
    """The moment (aware) that is looked back to, and the rulebooks as they were at it."""

    at: datetime
    known: dict[str, Rulebook] = field(default_factory=dict)

    def pasts(self, link: Link, ids: Sequence[int]) -> list[Past]:
        """Return challenges as they were, in the order of their ids; without those not begun yet.

        One query each.
        """
        found = []
        for number in ids:
            rows = link.rows(_EVENTS, id=number, at=self.at)
            events = [codec.load_event(kind, body) for kind, body, _ in rows]
            rights = {
                event: right_in(row[2]) for event, row in zip(events, rows, strict=True) if row[2]
            }
            if events:
                past = Past(id=number, challenge=replay(events), events=events, rights=rights)
                found.append(past)
        return found

    def rulebook(self, link: Link, content_hash: str) -> Rulebook:
        """Return the rulebook of a definition, under the calendars as they were.

        Raises:
            NotFound: the definition was never kept.
        """
        if content_hash not in self.known:
            definition = library.fetch(link, content_hash)
            bases = {name: self._calendar(link, name) for name in base_calendars(definition)}
            self.known[content_hash] = rulebooks.made(definition, bases)
        return self.known[content_hash]

    def _calendar(self, link: Link, name: str) -> Calendar:
        """Return a calendar's last version by then; the library's, where there was none."""
        versions = [
            kept.calendar
            for kept in calendars.history(link, name)
            if kept.added_at is not None and kept.added_at <= self.at
        ]
        return versions[-1] if versions else calendar_named(name)
