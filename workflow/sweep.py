"""Looks at every challenge for which time alone has changed something, and no other.

Each is claimed, worked on and kept in a transaction of its own, so that any number of processes
may sweep, a failure stops nobody else, and a kill loses nothing: what was not kept is due again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from workflow.amending import amendments
from workflow.changes import change_of
from workflow.clock import Clock
from workflow.linking import ties
from workflow.linking.ties import Following
from workflow.model.decide import pass_time
from workflow.model.events import NoticeRaised
from workflow.retaining import finishing
from workflow.store import challenges, meta, rulebooks, wakeups
from workflow.store.challenges import Origin
from workflow.store.database import Database

BATCH = 100
PUT_OFF = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep did: challenges looked at, notices raised, and what failed, with its error."""

    looked_at: int = 0
    raised: int = 0
    failed: tuple[tuple[str, Exception], ...] = ()


Due = tuple[int, str, datetime]


def in_turn(due: list[Due]) -> None:
    """Leave what is due in its order: the longest due first."""


class Sweep:
    """Lets time pass in a database, by a clock.

    `arrange` puts what is due in another order: where many sweep at once, each in its own, so that
    they do not all wait for the same challenge.
    """

    def __init__(
        self, database: Database, clock: Clock, *, arrange: Callable[[list[Due]], None] = in_turn
    ) -> None:
        self.database, self.clock, self._arrange = database, clock, arrange

    def tick(self, *, on_progress: Callable[[str], None] = lambda reference: None) -> Swept:
        """Work on all that is due now; `on_progress` hears each reference.

        A challenge that fails is put off for five minutes and named in the result.
        """
        for _ in amendments.go_on(self.database, self.clock):
            on_progress("")
        at = self.clock.now()
        finishing.go_on(self.database, at=at)
        looked_at, raised, failed = 0, 0, []
        while due := self._due(at):
            for challenge_id, reference, wake_at in due:
                try:
                    raised += self._pass_time(challenge_id, wake_at, at)
                    looked_at += 1
                except Exception as error:  # one challenge must not stop the others
                    self._put_off(challenge_id, at)
                    failed.append((reference, error))
                on_progress(reference)
        return Swept(looked_at=looked_at, raised=raised, failed=tuple(failed))

    def look(self, challenge_id: int) -> int:
        """Let time pass for one challenge, if it is due; return how many notices that raised.

        One that fails is put off for five minutes.
        """
        at = self.clock.now()
        with self.database.writing() as link:
            meta.reach(link, at)
            wake_at = wakeups.due_of(link, challenge_id, at)
        if wake_at is None:
            return 0
        try:
            return self._pass_time(challenge_id, wake_at, at)
        except Exception:
            self._put_off(challenge_id, at)
            raise

    def _due(self, at: datetime) -> list[Due]:
        with self.database.writing() as link:
            meta.reach(link, at)
            due = wakeups.due(link, at, limit=BATCH)
        self._arrange(due)
        return due

    def _pass_time(self, challenge_id: int, wake_at: datetime, at: datetime) -> int:
        """Let time pass for one challenge, if nobody else has it; return the notices raised."""
        with self.database.writing() as link:
            if not wakeups.claim(link, challenge_id, wake_at, until=at + PUT_OFF):
                return 0
            stored = challenges.load_by_id(link, challenge_id)
            rulebook = rulebooks.fetch(link, stored.challenge.content_hash)
            decision = pass_time(rulebook, stored.challenge, at=at)
            change = change_of(rulebook, decision, at=at)
            challenges.append(link, stored, change, origin=Origin("tick", uuid4().hex, "PassTime"))
            ties.release(Following(link, at, None, "tick"), rulebook, decision)
        return sum(isinstance(event, NoticeRaised) for event in decision.events)

    def _put_off(self, challenge_id: int, at: datetime) -> None:
        with self.database.writing() as link:
            wakeups.defer(link, challenge_id, at + PUT_OFF)
