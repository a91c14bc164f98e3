"""Empties the outbox: claims a message, looks whether it is still true, sends it, notes it down.

Each step is a transaction of its own, and nothing is open while a mail server is spoken to. A
message is marked after it was sent, never before: whoever is killed in between leaves a row that
becomes uncertain when its lease is over. Reminders are then sent once more, with the same
Message-ID and Date; a notice with consequences waits for a person.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from notifications.compose import Sender, compose
from notifications.message import Message, UnsendableMessage, clean
from notifications.render import Renderer
from notifications.transport import Transport, TransportError
from workflow.clock import Clock
from workflow.model.errors import Conflict, Unavailable
from workflow.store import briefs, outbox
from workflow.store.database import Database
from workflow.store.link import Link
from workflow.store.outbox import Claimed

LEASE = timedelta(minutes=45)
"""Longer than the slowest conversation that a transport allows."""

BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (5, 30, 60, 120))
GIVE_UP_AFTER = timedelta(days=5)
LEAST_ATTEMPTS = 5
MOST_UNCERTAIN = 3
"""Attempts after which a reminder that the server seems to swallow waits for a person."""

REST = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 30))
MOST_A_ROUND = 200
MOST_ERROR = 1_000

_STALE = "no longer true when it was to be sent"


class Outcome(StrEnum):
    """What became of a message in a round."""

    SENT = "sent"
    CANCELLED = "cancelled"
    POSTPONED = "postponed"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    PUT_BACK = "put back"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """What a round came to. `postponed` are tried again later; `recovered` had no outcome before.

    `trouble` says what stopped the round: the mail server, not a message.
    """

    sent: int = 0
    cancelled: int = 0
    postponed: int = 0
    uncertain: int = 0
    failed: int = 0
    recovered: int = 0
    is_held: bool = False
    trouble: str = ""


class Courier:
    """Sends what waits in the outbox. Any number of couriers may work on one database."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        transport: Transport,
        *,
        renderer: Renderer,
        sender: Sender,
    ) -> None:
        self._database, self._clock, self._transport = database, clock, transport
        self._renderer, self._sender = renderer, sender
        self._trouble = ""
        self._troubles = 0
        self._rests_until: datetime | None = None

    def drain(
        self, limit: int = MOST_A_ROUND, *, is_stopping: Callable[[], bool] = lambda: False
    ) -> Drained:
        """Send up to `limit` messages that are due; return what came of it.

        After trouble that concerns all mail the round ends, and the next ones are short until the
        server has had its rest: from 1 minute to 30. `is_stopping` is asked before each message.

        Raises:
            Unavailable: the database is away.
        """
        at = self._clock.now()
        with self._database.writing() as link:
            recovered = _recover(link, at)
            is_held = outbox.holding(link) is not None
            waiting = outbox.waiting(link, at, limit)
        if self._rests_until is not None and at < self._rests_until:
            return Drained(recovered=recovered, is_held=is_held, trouble=self._trouble)
        self._trouble = ""
        found = self._round(waiting, is_stopping)
        return Drained(
            sent=found[Outcome.SENT],
            cancelled=found[Outcome.CANCELLED],
            postponed=found[Outcome.POSTPONED],
            uncertain=found[Outcome.UNCERTAIN],
            failed=found[Outcome.FAILED],
            recovered=recovered,
            is_held=is_held,
            trouble=self._trouble,
        )

    def _round(self, waiting: list[int], is_stopping: Callable[[], bool]) -> Counter[Outcome]:
        found = Counter[Outcome]()
        try:
            for message_id in waiting:
                if self._trouble or is_stopping():
                    break
                found[self._carry(message_id)] += 1
        finally:
            with suppress(Exception):  # what has been sent stays sent
                self._transport.close()
        return found

    def _carry(self, message_id: int) -> Outcome:
        """Bring one message as far as it goes."""
        at = self._clock.now()
        with self._database.writing() as link:
            claimed = outbox.claim(link, message_id, lease_until=at + LEASE, at=at)
        if claimed is None:
            return Outcome.TAKEN
        try:
            prepared = self._prepare(claimed)
        except (Unavailable, Conflict):
            raise
        except Exception as error:
            # one message that cannot be written must not stop the others
            return self._give_up(claimed, _text_of(error))
        if prepared is None:
            return Outcome.TAKEN
        brief, message = prepared
        if message is None:
            with self._database.writing() as link:
                outbox.cancel(link, claimed, reason=_STALE)
            return Outcome.CANCELLED
        return self._send(claimed, brief, message)

    def _prepare(self, claimed: Claimed) -> tuple[briefs.Brief, Message | None] | None:
        """Return the message as things stand now; None for one that another has taken over."""
        with self._database.reading() as link:
            if not outbox.is_ours(link, claimed):
                return None
            brief = briefs.brief(link, claimed)
        if brief.is_stale:
            return brief, None
        return brief, compose(brief, self._renderer, sender=self._sender)

    def _send(self, claimed: Claimed, brief: briefs.Brief, message: Message) -> Outcome:
        try:
            self._transport.send(message)
        except TransportError as error:
            return self._take_failure(claimed, brief, error)
        except UnsendableMessage as error:
            return self._give_up(claimed, _text_of(error))
        except Exception as error:
            # a mistake of ours, after which nobody knows how far the message came
            with suppress(Exception):
                self._transport.close()
            return self._leave_uncertain(claimed, _text_of(error))
        self._troubles, self._rests_until = 0, None
        sent = {"message_id": message.message_id, "subject": message.subject, "text": message.text}
        with self._database.writing() as link:
            outbox.mark_sent(link, claimed, at=self._clock.now(), **sent)
        return Outcome.SENT

    def _take_failure(
        self, claimed: Claimed, brief: briefs.Brief, error: TransportError
    ) -> Outcome:
        """Note down a failure as what it is: everybody's, uncertain, final, or for now."""
        text, at = _text_of(error), self._clock.now()
        if error.is_whole_server:
            self._rest(text, at)
            with self._database.writing() as link:
                outbox.put_back(link, claimed, next_attempt_at=at, error=text)
            return Outcome.PUT_BACK
        is_hopeless = claimed.attempts >= LEAST_ATTEMPTS and at >= brief.created_at + GIVE_UP_AFTER
        if error.is_uncertain:
            is_asked = not brief.is_ladder or is_hopeless or claimed.attempts >= MOST_UNCERTAIN
            next_at = None if is_asked else at + _back_off(claimed)
            return self._leave_uncertain(claimed, text, next_at=next_at)
        if error.is_permanent or is_hopeless:
            return self._give_up(claimed, text)
        with self._database.writing() as link:
            next_at = at + _back_off(claimed)
            outbox.mark_retry(link, claimed, next_attempt_at=next_at, error=text)
        return Outcome.POSTPONED

    def _give_up(self, claimed: Claimed, text: str) -> Outcome:
        with self._database.writing() as link:
            outbox.mark_failed(link, claimed, error=text)
        return Outcome.FAILED

    def _leave_uncertain(
        self, claimed: Claimed, text: str, *, next_at: datetime | None = None
    ) -> Outcome:
        """Mark a message uncertain; it is sent again at `next_at`, or waits for a person."""
        with self._database.writing() as link:
            is_marked = outbox.mark_uncertain(link, claimed, error=text)
            if is_marked and next_at is not None:
                outbox.retry(link, claimed.id, at=next_at)
        return Outcome.UNCERTAIN

    def _rest(self, text: str, at: datetime) -> None:
        """Leave the mail server alone for a while, longer each time."""
        self._trouble = text
        self._rests_until = at + REST[min(self._troubles, len(REST) - 1)]
        self._troubles += 1


def _recover(link: Link, at: datetime) -> int:
    """Let reminders whose courier stopped in the middle go once more; return how many stopped."""
    recovered = outbox.recover(link, at)
    for row in recovered:
        if row.is_ladder:
            outbox.retry(link, row.id, at=at)
    return len(recovered)


def _back_off(claimed: Claimed) -> timedelta:
    return BACK_OFF[min(claimed.attempts, len(BACK_OFF)) - 1]


def _text_of(error: Exception) -> str:
    return (clean(str(error)) or type(error).__name__)[:MOST_ERROR]
