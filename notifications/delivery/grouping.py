"""What goes together, and what goes now: the waiting notices of a person become messages. Pure.

- Urgent notices go by themselves, at any hour. Whoever wants one message a day gets them with it.
- A calendar entry is a message of its own, and goes to its person also while they are away.
- To somebody away whom nobody stands in for, only what is urgent goes.
- More than `MANY` others that wait for one person are one digest, and so is all that waits for
  somebody who wants one message a day.
- After downtime whatever is not urgent goes as one digest a person; so do urgent notices that are
  older than a day. A notice that is older than 30 days is only said in a digest, with its date.
- What may have arrived already is sent again as it was, to whom it went.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from heapq import nsmallest
from itertools import groupby
from zoneinfo import ZoneInfo

from notifications.delivery.quiet import ALWAYS_OPEN, Quiet
from notifications.delivery.whereabouts import Reach, reach
from workflow.store.correspondence.bundles import Due
from workflow.store.correspondence.preferences import Preference, Rhythm

MANY = 3
"""How many notices a person gets at once as messages of their own."""

STALE_AFTER = timedelta(hours=24)
"""What has waited for longer is a backlog."""

EXPIRES_AFTER = timedelta(days=30)
MOST_TOGETHER = 2_000
"""Notices in one message; what is beyond goes with a later one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """Notices to one person that make one message; the first of `dues` is the carrier.

    `reader` gets it, for a recipient who may be away until a day. `message_id` is known when it is
    sent again. With a `refusal`, nothing is sent: the address takes no mail.
    """

    dues: tuple[Due, ...]
    reader: int
    away_until: date | None = None
    is_urgent: bool = False
    is_digest: bool = False
    message_id: str | None = None
    refusal: str = ""

    @property
    def carrier(self) -> int:
        """Return the id of the row that leads."""
        return self.dues[0].id

    @property
    def turn(self) -> tuple[bool, datetime, int]:
        """Return what bundles are sorted by: urgent ones first, then the longest waiting."""
        oldest = min(due.not_before for due in self.dues)
        return not self.is_urgent, oldest, self.dues[0].id


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The moment of a round, and by what rules it goes.

    What was raised until `backlog_until` waited while nothing was running.
    """

    at: datetime
    zone: ZoneInfo
    quiet: Quiet = ALWAYS_OPEN
    backlog_until: datetime | None = None
    habits: Mapping[int, Preference] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Return the local day."""
        return self.at.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class _Case:
    """One person at a moment."""

    now: Moment
    reach: Reach
    rhythm: Rhythm
    is_quiet: bool
    daily_until: datetime

    def bundle(
        self, dues: Iterable[Due], *, is_urgent: bool = False, is_digest: bool = False
    ) -> Bundle:
        """Return a message of these, whose moment is that of the one that leads."""
        return Bundle(
            dues=_led(dues),
            reader=self.reach.reader,
            away_until=self.reach.away_until,
            is_urgent=is_urgent,
            is_digest=is_digest,
        )


def next_round(dues: Iterable[Due], now: Moment, *, limit: int) -> list[Bundle]:
    """Return the messages of a round: urgent ones first, then the longest waiting.

    However many wait, no more are kept than those.
    """
    return nsmallest(limit, plan(dues, now), key=lambda bundle: bundle.turn)


def plan(dues: Iterable[Due], now: Moment) -> Iterator[Bundle]:
    """Yield the messages that go now. `dues` come person by person, and are never kept."""
    is_quiet = now.quiet.is_quiet(now.at, now.zone)
    for person, rows in groupby(dues, key=lambda due: due.recipient):
        yield from _of_person(person, list(rows), now, is_quiet=is_quiet)


def _of_person(person: int, dues: list[Due], now: Moment, *, is_quiet: bool) -> Iterator[Bundle]:
    where = reach(person, now.habits, on=now.today)
    if where.refusal:
        yield Bundle(dues=tuple(dues), reader=where.reader, refusal=where.refusal)
        return
    habit = now.habits.get(person) or Preference(person=person)
    case = _Case(now, where, habit.rhythm, is_quiet, _last_digest(habit, now))
    again = [due for due in dues if due.message_id is not None]
    fresh = [due for due in dues if due.message_id is None] if again else dues
    yield from _again(again, case)
    yield from _fresh(fresh, case)


def _last_digest(habit: Preference, now: Moment) -> datetime:
    """Return the last moment at which a daily message was due."""
    local = now.at.astimezone(now.zone)
    on = local.date() - timedelta(days=local.time() < habit.digest_at)
    return datetime.combine(on, habit.digest_at, tzinfo=now.zone).astimezone(UTC)


def _again(dues: list[Due], case: _Case) -> Iterator[Bundle]:
    """Yield what may have arrived, as it was sent before."""
    for message_id, rows in groupby(sorted(dues, key=_copy_of), key=_copy_of):
        together = _led(rows)
        is_urgent = any(due.is_urgent for due in together)
        if case.is_quiet and not is_urgent:
            continue
        yield Bundle(
            dues=together,
            reader=together[0].sent_to or together[0].recipient,
            away_until=case.reach.away_until if together[0].sent_to else None,
            is_urgent=is_urgent,
            is_digest=len(together) > 1,
            message_id=message_id,
        )


def _led(dues: Iterable[Due]) -> tuple[Due, ...]:
    """Return what goes together, the newest first: it leads, again as it did before."""
    return tuple(sorted(dues, key=lambda due: (due.not_before, due.id), reverse=True))


def _copy_of(due: Due) -> str:
    return due.message_id or ""


def _fresh(dues: list[Due], case: _Case) -> Iterator[Bundle]:
    """Yield what is sent for the first time: alone, or together."""
    alone = [due for due in dues if _goes_alone(due, case)]
    rest = [due for due in dues if not _goes_alone(due, case)]
    yield from _alone(alone, case)
    if case.is_quiet:
        return
    if case.reach.is_waiting:
        rest = [due for due in rest if due.is_urgent]
    if case.rhythm is not Rhythm.AT_ONCE:
        rest = [due for due in rest if due.not_before <= case.daily_until or due.attempts]
    if rest and _is_one_message(rest, case):
        for start in range(0, len(rest), MOST_TOGETHER):
            together = rest[start : start + MOST_TOGETHER]
            yield case.bundle(together, is_digest=len(together) > 1 or _is_expired(rest[0], case))
        return
    for due in rest:
        yield case.bundle([due])


def _alone(dues: list[Due], case: _Case) -> Iterator[Bundle]:
    """Yield what is a message of its own."""
    for due in dues:
        if due.has_entry and not case.is_quiet:
            # a calendar is nobody else's: what it has been told, it must be told again
            yield replace(case, reach=Reach(due.recipient)).bundle([due])
        elif due.is_urgent or not (case.is_quiet or case.reach.is_waiting):
            yield case.bundle([due], is_urgent=due.is_urgent)


def _goes_alone(due: Due, case: _Case) -> bool:
    """Return whether a notice is never said together with others."""
    if due.has_entry:
        return True
    if not due.is_urgent:
        return False
    is_daily = case.rhythm is Rhythm.DAILY and not case.reach.is_waiting
    return not is_daily and case.now.at - due.not_before <= STALE_AFTER


def _is_one_message(rest: list[Due], case: _Case) -> bool:
    if case.rhythm is not Rhythm.AT_ONCE or len(rest) > MANY:
        return True
    return any(_is_backlog(due, case) or _is_expired(due, case) for due in rest)


def _is_backlog(due: Due, case: _Case) -> bool:
    """Return whether a notice waited because nothing was running, or nothing could be sent."""
    until = case.now.backlog_until
    if until is not None and due.not_before <= until:
        return True
    return case.now.at - due.not_before > STALE_AFTER


def _is_expired(due: Due, case: _Case) -> bool:
    return not due.is_ladder and case.now.at - due.not_before > EXPIRES_AFTER
