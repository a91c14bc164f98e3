"""Writes down what becomes of messages: one transaction for all rows of a message."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import groupby

from notifications.delivery.conduct import LEASE, Outcome
from notifications.delivery.grouping import Bundle
from notifications.delivery.writing import Letter
from notifications.message import Message
from workflow.clock import Clock
from workflow.store import outbox
from workflow.store.correspondence import bundles, preferences, refusals
from workflow.store.correspondence.bundles import Stamp
from workflow.store.database import Database
from workflow.store.link import Link
from workflow.store.outbox import Claimed

LOOK_AGAIN = timedelta(minutes=15), timedelta(days=1)
"""After how long at least and at most it is seen whether what stood still goes on."""

_STOPPED = "it waits: the challenge is paused, or what it reminds of is on hold"


class Ledger:
    """Claims messages in a database, and notes down how they went."""

    def __init__(self, database: Database, clock: Clock, *, lease: timedelta = LEASE) -> None:
        self._database, self._clock, self._lease = database, clock, lease

    def claim(self, bundle: Bundle, stamp: Stamp, at: datetime) -> tuple[Claimed, ...] | None:
        """Take all rows of a message, or none: another has one of them, or mail is held."""
        try:
            with self._database.writing() as link:
                until = at + self._lease
                return bundles.claim(link, bundle.dues, stamp, lease_until=until, at=at)
        except bundles.Overtaken:
            return None

    def leave_out(self, letter: Letter, bundle: Bundle, *, why: str) -> None:
        """Note down what the message does not say, and who leads it now."""
        has_other_lead = letter.message is not None and letter.stamp.carrier != bundle.carrier
        if not (letter.stale or letter.stopped or letter.broken or has_other_lead):
            return
        now = self._clock.now()
        with self._database.writing() as link:
            for claimed in letter.stale:
                outbox.cancel(link, claimed, reason=why)
            for claimed, raised_at in letter.stopped:
                next_at = _look_again(now, raised_at)
                outbox.put_back(link, claimed, next_attempt_at=next_at, error=_STOPPED)
            for claimed, text in letter.broken:
                outbox.mark_failed(link, claimed, error=text)
            if has_other_lead:
                bundles.go_along(link, letter.said, letter.stamp)

    def note_sent(self, letter: Letter, message: Message) -> Outcome:
        """Note down that a mail server took the message."""
        sent = {"message_id": message.message_id, "subject": message.subject, "text": message.text}
        with self._database.writing() as link:
            now = self._clock.now()
            for claimed in letter.said:
                outbox.mark_sent(link, claimed, at=now, **sent)
        return Outcome.SENT

    def put_back(self, claims: Iterable[Claimed], text: str) -> Outcome:
        """Let rows wait without counting the attempt."""
        at = self._clock.now()
        with self._database.writing() as link:
            for claimed in claims:
                outbox.put_back(link, claimed, next_attempt_at=at, error=text)
        return Outcome.PUT_BACK

    def postpone(self, letter: Letter, text: str, *, next_at: datetime) -> Outcome:
        """Let a message that was surely not sent wait for another attempt."""
        with self._database.writing() as link:
            for claimed in letter.said:
                outbox.mark_retry(link, claimed, next_attempt_at=next_at, error=text)
        return Outcome.POSTPONED

    def fail(
        self,
        claims: Iterable[Claimed],
        text: str,
        *,
        refused_at: datetime | None = None,
        reader: int | None = None,
    ) -> Outcome:
        """Give rows up; with a `reader`, mark the address as one that refuses mail."""
        with self._database.writing() as link:
            for claimed in claims:
                outbox.mark_failed(link, claimed, error=text, untold_since=refused_at)
            if reader is not None and refused_at is not None:
                preferences.mark_refused(link, reader, at=refused_at, why=text)
        return Outcome.FAILED

    def leave_uncertain(
        self, letter: Letter, text: str, *, next_at: datetime | None = None
    ) -> Outcome:
        """Mark a message uncertain; it is sent again at `next_at`, or waits for a person."""
        with self._database.writing() as link:
            marked = [c for c in letter.said if outbox.mark_uncertain(link, c, error=text)]
            if marked and next_at is not None:
                outbox.retry(link, marked[0].id, at=next_at)
        return Outcome.UNCERTAIN

    def tell(self, refused: Callable[[str, int, str], None]) -> None:
        """Tell of addresses that refuse mail, each challenge once; also what was left untold."""
        with self._database.reading() as link:
            untold = refusals.untold(link)
        told = dict[tuple[str, int], bool]()
        for refusal in untold:
            place = (refusal.reference or "", refusal.person)
            if refusal.reference and place not in told:
                told[place] = _is_told(refused, refusal)
            if told.get(place, True):
                with self._database.writing() as link:
                    refusals.tell(link, refusal.id)


def _look_again(now: datetime, raised_at: datetime) -> datetime:
    """Return when to look again: the longer it has stood still, the later."""
    least, most = LOOK_AGAIN
    return now + min(max((now - raised_at) / 4, least), most)


def _is_told(refused: Callable[[str, int, str], None], refusal: refusals.Refusal) -> bool:
    try:
        refused(refusal.reference or "", refusal.person, refusal.why)
    except Exception:
        # mail must not stand still because somebody cannot be told: it is tried with each round
        return False
    return True


def recover(link: Link, at: datetime, *, most: int) -> int:
    """Let reminders whose courier stopped in the middle go once more; return how many stopped.

    One that did so `most` times waits for a person: something about it may be the reason.
    """
    groups = 0
    found = sorted(outbox.recover(link, at), key=lambda row: (row.message_id or "", row.id))
    for _, rows in groupby(found, key=lambda row: row.message_id or row.id):
        together, groups = list(rows), groups + 1
        is_swallowed = max(row.attempts for row in together) >= most
        if all(row.is_ladder for row in together) and not is_swallowed:
            outbox.retry(link, together[0].id, at=at)
    return groups
