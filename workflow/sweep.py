"""Looks at every challenge for which time alone has changed something, and no other.

Each is claimed, worked on and kept in one transaction, so that any number of processes may sweep
and a kill loses nothing: what was not kept is due again. SQLite lets one write at a time and waits
for the disk at each commit, so there, when many are due, a few share a transaction; when one of
them fails, each is done again in its own, so that a failure stops nobody else. On PostgreSQL, where
many sweep at once, nobody holds more than one challenge: two could wait for each other.
"""

from collections.abc import Callable, Iterator
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
from workflow.store.database import Database, Link

BATCH = 100
TOGETHER = {"sqlite": 20, "postgresql": 1}
"""So many share a transaction, no more and no fewer: people who want to write wait for it."""
PUT_OFF = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep did: challenges looked at, notices raised, and what failed, with its error."""

    looked_at: int = 0
    raised: int = 0
    failed: tuple[tuple[str, Exception], ...] = ()


Due = tuple[int, datetime]


def in_turn(due: list[Due]) -> None:
    """Leave what is due in its order: the longest due first."""


class Sweep:
    """Lets time pass in a database, by a clock.

    `arrange` puts what is due in another order: where many sweep at once, each in its own, so that
    they do not all wait for the same challenge. `together` is how many share a transaction.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        arrange: Callable[[list[Due]], None] = in_turn,
        together: int | None = None,
    ) -> None:
        self.database, self.clock, self._arrange = database, clock, arrange
        self._together = together or TOGETHER[database.dialect]

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
            for reference, found in self._work(due, at):
                if isinstance(found, Exception):
                    failed.append((reference, found))
                else:
                    looked_at, raised = looked_at + 1, raised + found
                on_progress(reference)
        return Swept(looked_at=looked_at, raised=raised, failed=tuple(failed))

    def _work(self, due: list[Due], at: datetime) -> Iterator[tuple[str, int | Exception]]:
        """Let time pass for what is due; yield for each the notices raised, or why it failed."""
        for first in range(0, len(due), self._together):
            some = due[first : first + self._together]
            raised = self._try_together(some, at)
            yield from raised if raised is not None else self._work_alone(some, at)

    def _work_alone(self, due: list[Due], at: datetime) -> Iterator[tuple[str, int | Exception]]:
        for one in due:
            try:
                yield from self._pass_time([one], at)
            except Exception as error:  # one challenge must not stop the others
                yield self._put_off(one[0], at), error

    def _try_together(self, some: list[Due], at: datetime) -> list[tuple[str, int]] | None:
        """Let time pass for some in one transaction; None if that failed, or they are too few."""
        if len(some) < max(self._together, 2):
            return None
        try:
            return self._pass_time(some, at)
        except Exception:  # nothing of it was kept: whose fault it was shows when each is alone
            return None

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
            ((_, raised),) = self._pass_time([(challenge_id, wake_at)], at)
        except Exception:
            self._put_off(challenge_id, at)
            raise
        return raised

    def _due(self, at: datetime) -> list[Due]:
        with self.database.writing() as link:
            meta.reach(link, at)
            due = wakeups.due(link, at, limit=BATCH)
        self._arrange(due)
        return due

    def _pass_time(self, due: list[Due], at: datetime) -> list[tuple[str, int]]:
        """Let time pass for challenges; return the reference of each, and the notices raised."""
        with self.database.writing() as link:
            return [_pass_time(link, one, wake_at, at=at) for one, wake_at in due]

    def _put_off(self, challenge_id: int, at: datetime) -> str:
        with self.database.writing() as link:
            return wakeups.defer(link, challenge_id, at + PUT_OFF)


def _pass_time(
    link: Link, challenge_id: int, wake_at: datetime, *, at: datetime
) -> tuple[str, int]:
    """Let time pass for one challenge, and nothing if somebody else has it, which has no name."""
    if not wakeups.claim(link, challenge_id, wake_at, until=at + PUT_OFF):
        return "", 0
    stored = challenges.load_by_id(link, challenge_id)
    rulebook = rulebooks.fetch(link, stored.challenge.content_hash)
    earliest = min(filter(None, stored.wakes.values()), default=None)
    # who was put off may wait for more than a task's moment: then all is looked at
    wakes = stored.wakes if earliest == wake_at else None
    decision = pass_time(rulebook, stored.challenge, at=at, wakes=wakes)
    change = change_of(rulebook, decision, at=at)
    challenges.append(link, stored, change, origin=Origin("tick", uuid4().hex, "PassTime"))
    ties.release(Following(link, at, None, "tick"), rulebook, decision)
    raised = sum(isinstance(event, NoticeRaised) for event in decision.events)
    return stored.challenge.reference, raised
