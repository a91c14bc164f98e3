"""Empties the outbox: claims a message, looks whether it is still true, sends it, notes it down.

Each step is a transaction of its own, and nothing is open while a mail server is spoken to. A
message is marked after it was sent, never before: whoever is killed in between leaves rows that
become uncertain when their lease is over. Reminders are then sent once more, with the same
Message-ID and Date; a notice with consequences waits for a person.

What goes now, to whom and together with what is decided beside this, in `delivery`.
"""

import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from notifications.compose import Sender
from notifications.delivery.conduct import BACK_OFF, LEASE, REST, Conduct, Drained, Outcome, drained
from notifications.delivery.grouping import Bundle, Moment, next_round
from notifications.delivery.jumps import JumpWatch
from notifications.delivery.ledger import Ledger, recover
from notifications.delivery.whereabouts import is_about_address, refusal
from notifications.delivery.writing import Letter, Writer, text_of
from notifications.message import Message, UnsendableMessage
from notifications.render import Renderer
from notifications.transport import Transport, TransportError
from workflow.clock import Clock
from workflow.store import outbox
from workflow.store.correspondence import bundles, preferences, rounds
from workflow.store.database import Database
from workflow.store.outbox import Claimed

__all__ = ["BACK_OFF", "LEASE", "REST", "Conduct", "Courier", "Drained", "Outcome"]

GIVE_UP_AFTER = timedelta(days=5)
LEAST_ATTEMPTS = 5
MOST_UNCERTAIN = 3
"""Attempts after which a reminder that the server seems to swallow waits for a person."""

MOST_A_ROUND = 200

_STALE = "no longer true when it was to be sent"
_STOPPED = "mail was held when it was to be sent"
_JUMPED = "the clock jumped forward by {days} days: look whether it is right, then release the mail"
_REFUSED = re.compile(r"RCPT: 5\d\d ")
"""What a server says when it will never take a message to an address."""

_USUAL = Conduct()


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
        conduct: Conduct = _USUAL,
    ) -> None:
        self._database, self._clock, self._transport = database, clock, transport
        self._writer, self._conduct = Writer(renderer, sender), conduct
        self._ledger = Ledger(database, clock, lease=conduct.lease)
        self._watch = JumpWatch(clock, conduct.steady)
        self._jump: timedelta | None = None
        self._trouble = ""
        self._troubles = 0
        self._rests_until: datetime | None = None

    def drain(
        self,
        limit: int = MOST_A_ROUND,
        *,
        recipient: int | None = None,
        is_stopping: Callable[[], bool] = lambda: False,
    ) -> Drained:
        """Send up to `limit` messages that are due, to one `recipient` or to all; say what came.

        After trouble that concerns all mail the round ends, and the next ones are short until the
        server has had its rest: from 1 minute to 30. `is_stopping` is asked before each message.

        Raises:
            Unavailable: the database is away.
        """
        at = self._clock.now()
        self._jump = self._watch.jumped() or self._jump
        with self._database.writing() as link:
            if self._jump is not None:
                outbox.hold(link, _JUMPED.format(days=self._jump.days))
            recovered = recover(link, at, most=MOST_UNCERTAIN)
            is_held = outbox.holding(link) is not None
            self._conduct.look_up(link)
            backlog_until = rounds.begin(link, at)
        self._jump = None  # only once it is kept that mail is held
        self._ledger.tell(self._conduct.refused)
        found = Counter[Outcome]()
        if self._rests_until is None or at >= self._rests_until:
            self._trouble = ""
            planned = self._plan(at, backlog_until, limit=limit, recipient=recipient)
            found = self._round(planned, at, is_stopping)
        return drained(found, recovered=recovered, is_held=is_held, trouble=self._trouble)

    def _plan(
        self, at: datetime, backlog_until: datetime | None, *, limit: int, recipient: int | None
    ) -> list[Bundle]:
        """Return the messages of this round: urgent ones first, then the longest waiting."""
        with self._database.reading() as link:
            now = Moment(
                at=at,
                zone=self._conduct.zone,
                quiet=self._conduct.quiet,
                backlog_until=backlog_until,
                habits=preferences.everybody(link),
            )
            waiting = bundles.each_due(link, at, recipient=recipient)
            return next_round(waiting, now, limit=limit)

    def _round(
        self, planned: list[Bundle], at: datetime, is_stopping: Callable[[], bool]
    ) -> Counter[Outcome]:
        found = Counter[Outcome]()
        granted = self._reserve(at, len(planned))
        try:
            for bundle in planned[:granted]:
                if self._trouble or is_stopping():
                    break
                self._carry(bundle, found)
        finally:
            with suppress(Exception):  # what has been sent stays sent
                self._transport.close()
        self._spend(at, granted, found)
        if found[Outcome.FAILED]:
            self._ledger.tell(self._conduct.refused)
        return found

    def _reserve(self, at: datetime, wanted: int) -> int:
        """Return how many messages may go in this round."""
        most = self._conduct.most_a_minute
        if most is None or not wanted:
            return wanted
        with self._database.writing() as link:
            return rounds.reserve(link, at, wanted=wanted, most=most)

    def _spend(self, at: datetime, granted: int, found: Counter[Outcome]) -> None:
        if self._conduct.most_a_minute is None or not granted:
            return
        sent = found[Outcome.SENT] + found[Outcome.UNCERTAIN]
        with self._database.writing() as link:
            now = self._clock.now()
            rounds.spend(link, now, reserved_at=at, granted=granted, sent=sent)

    def _carry(self, bundle: Bundle, found: Counter[Outcome]) -> None:
        """Bring one message as far as it goes."""
        at = self._clock.now()
        if not bundle.is_urgent and self._conduct.quiet.is_quiet(at, self._conduct.zone):
            return
        claims = self._ledger.claim(bundle, self._writer.stamp(bundle), at)
        if claims is None:
            found[Outcome.TAKEN] += 1
        elif bundle.refusal:
            found[self._ledger.fail(claims, bundle.refusal, refused_at=at)] += 1
        else:
            self._deliver(bundle, claims, found)

    def _deliver(
        self, bundle: Bundle, claims: tuple[Claimed, ...], found: Counter[Outcome]
    ) -> None:
        """Write what was claimed, and send it as far as it is still true."""
        with self._database.reading() as link:
            why = refusal(preferences.of(link, bundle.reader))
            letter = None if why else self._writer.write(link, bundle, claims)
        if why:  # since it was planned
            found[self._ledger.fail(claims, why, refused_at=claims[0].at)] += 1
            return
        if letter is None:  # held, or overtaken: then the fence says no
            self._ledger.put_back(claims, _STOPPED)
            found[Outcome.TAKEN] += 1
            return
        self._ledger.leave_out(letter, bundle, why=_STALE)
        found[Outcome.CANCELLED] += len(letter.stale)
        if letter.message is not None:
            found[self._send(letter, letter.message)] += 1
        elif letter.broken:
            found[Outcome.FAILED] += 1

    def _send(self, letter: Letter, message: Message) -> Outcome:
        try:
            self._transport.send(message)
        except TransportError as error:
            return self._take_failure(letter, error)
        except UnsendableMessage as error:
            return self._ledger.fail(letter.said, text_of(error))
        except Exception as error:
            # a mistake of ours, after which nobody knows how far the message came
            with suppress(Exception):
                self._transport.close()
            return self._ledger.leave_uncertain(letter, text_of(error))
        self._troubles, self._rests_until = 0, None
        return self._ledger.note_sent(letter, message)

    def _take_failure(self, letter: Letter, error: TransportError) -> Outcome:
        """Note down a failure as what it is: everybody's, uncertain, final, or for now."""
        text, at = text_of(error), self._clock.now()
        if error.is_whole_server:
            self._rest(text, at)
            return self._ledger.put_back(letter.said, text)
        is_hopeless = letter.attempts >= LEAST_ATTEMPTS and letter.is_older(at - GIVE_UP_AFTER)
        next_at = at + _back_off(letter)
        if error.is_uncertain:
            is_asked = not letter.is_ladder or is_hopeless or letter.attempts >= MOST_UNCERTAIN
            return self._ledger.leave_uncertain(letter, text, next_at=None if is_asked else next_at)
        if error.is_permanent and _REFUSED.match(text) and is_about_address(text):
            reader = letter.stamp.reader
            return self._ledger.fail(letter.said, text, refused_at=at, reader=reader)
        if error.is_permanent or is_hopeless:
            return self._ledger.fail(letter.said, text)
        return self._ledger.postpone(letter, text, next_at=next_at)

    def _rest(self, text: str, at: datetime) -> None:
        """Leave the mail server alone for a while, longer each time."""
        self._trouble = text
        self._rests_until = at + REST[min(self._troubles, len(REST) - 1)]
        self._troubles += 1


def _back_off(letter: Letter) -> timedelta:
    return BACK_OFF[min(letter.attempts, len(BACK_OFF)) - 1]
