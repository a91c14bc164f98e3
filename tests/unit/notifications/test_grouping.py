"""What goes together, what goes now, and to whom: a table of edges for one person at a time."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifications.delivery.grouping import MANY, MOST_TOGETHER, Bundle, Moment, plan
from notifications.delivery.quiet import read_quiet
from notifications.delivery.whereabouts import Reach, reach
from workflow.store.correspondence.bundles import Due
from workflow.store.correspondence.preferences import Preference, Rhythm

LONDON = ZoneInfo("Europe/London")
AT = datetime(2027, 3, 2, 9, tzinfo=UTC)  # a Tuesday
TODAY = AT.date()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ANN, BOB, CY, DEE = 1, 2, 3, 4


def due(number: int = 1, *, recipient: int = ANN, age: timedelta = MINUTE, **facts: object) -> Due:
    """Return a reminder that waits; `age` is how long it has."""
    made = Due(
        id=number,
        recipient=recipient,
        is_urgent=False,
        is_ladder=True,
        has_entry=False,
        fence=0,
        attempts=0,
        not_before=AT - age,
        unique_key=f"EAS-27/call/{number}",
    )
    return replace(made, **facts)  # type: ignore[arg-type]


def dues(count: int, **facts: object) -> list[Due]:
    """Return so many that wait for one person."""
    return [due(number, **facts) for number in range(1, count + 1)]  # type: ignore[arg-type]


def planned(waiting: list[Due], *habits: Preference, **facts: object) -> list[Bundle]:
    """Return what goes at nine on a Tuesday."""
    now = Moment(at=AT, zone=LONDON, habits={habit.person: habit for habit in habits})
    return list(plan(waiting, replace(now, **facts)))  # type: ignore[arg-type]


def ids(bundles: list[Bundle]) -> list[list[int]]:
    """Return the rows of each message, sorted."""
    return sorted(sorted(due.id for due in bundle.dues) for bundle in bundles)


def daily(rhythm: Rhythm = Rhythm.DAILY, digest_at: time = time(8)) -> Preference:
    """Return how Ann wants to be written to once a day."""
    return Preference(person=ANN, rhythm=rhythm, digest_at=digest_at)


def away(person: int = ANN, stand_in: int | None = None, **facts: object) -> Preference:
    """Return somebody who is away this week."""
    made = Preference(
        person=person,
        away_from=TODAY - DAY,
        away_until=TODAY + 3 * DAY,
        stand_in=stand_in,
    )
    return replace(made, **facts)  # type: ignore[arg-type]


def test_a_few_go_one_by_one_and_many_go_together() -> None:
    assert ids(planned(dues(MANY))) == [[1], [2], [3]]
    (bundle,) = planned(dues(MANY + 1))
    assert bundle.is_digest
    assert len(bundle.dues) == MANY + 1


def test_nobody_gets_what_is_another_persons() -> None:
    waiting = [due(number, recipient=1 + number // 10) for number in range(40)]
    for bundle in planned(waiting):
        assert {row.recipient for row in bundle.dues} == {bundle.reader}


def test_the_newest_leads_and_gives_the_message_its_moment() -> None:
    waiting = [due(1, age=3 * HOUR), due(2, age=HOUR), due(3, age=2 * HOUR), due(4, age=2 * HOUR)]
    (bundle,) = planned(waiting)
    assert bundle.carrier == 2
    assert bundle.turn == (True, AT - 3 * HOUR, 2)


def test_urgent_ones_and_calendar_entries_go_by_themselves() -> None:
    waiting = [
        *dues(MANY + 1),
        due(8, is_urgent=True),
        due(9, has_entry=True, is_ladder=False),
    ]
    found = planned(waiting)
    assert ids(found) == [[1, 2, 3, 4], [8], [9]]
    assert [bundle.is_digest for bundle in found if len(bundle.dues) == 1] == [False, False]
    assert min(found, key=lambda bundle: bundle.turn).dues[0].id == 8


@pytest.mark.parametrize(
    ("digest_at", "age", "goes"),
    [
        (time(8), 61 * MINUTE, True),  # raised before eight
        (time(8), 59 * MINUTE, False),  # after eight: tomorrow
        (time(9), MINUTE, True),  # it is nine now
        (time(9, 1), HOUR, False),  # not yet today, and yesterday's is gone
        (time(9, 1), 25 * HOUR, True),
    ],
)
def test_a_daily_message_has_what_was_raised_before_its_time(
    digest_at: time, age: timedelta, *, goes: bool
) -> None:
    assert bool(planned(dues(2, age=age), daily(digest_at=digest_at))) is goes


def test_a_daily_message_is_one_message_and_a_single_notice_is_no_digest() -> None:
    old = 2 * HOUR
    (both,) = planned(dues(2, age=old), daily())
    (single,) = planned(dues(1, age=old), daily())
    assert (both.is_digest, single.is_digest) == (True, False)


def test_what_is_urgent_waits_for_the_daily_message_only_of_who_wants_all_in_one() -> None:
    waiting = [due(1, age=2 * HOUR), due(2, age=2 * HOUR, is_urgent=True), due(3, is_urgent=True)]
    assert ids(planned(waiting, daily())) == [[1, 2]]
    assert ids(planned(waiting, daily(Rhythm.URGENT_AT_ONCE))) == [[1], [2], [3]]


def test_a_retry_of_a_daily_message_does_not_wait_for_tomorrow() -> None:
    waiting = dues(2, age=MINUTE, attempts=1)
    assert ids(planned(waiting, daily())) == [[1, 2]]


def test_in_quiet_time_only_what_is_urgent_goes() -> None:
    quiet = read_quiet("08:00-10:00")
    waiting = [*dues(2), due(3, is_urgent=True), due(4, has_entry=True)]
    assert ids(planned(waiting, quiet=quiet)) == [[3]]


def test_after_downtime_all_that_is_not_urgent_is_one_digest_a_person() -> None:
    waiting = [*dues(2), due(3, is_urgent=True)]
    assert ids(planned(waiting)) == [[1], [2], [3]]
    assert ids(planned(waiting, backlog_until=AT)) == [[1, 2], [3]]
    assert ids(planned(waiting, backlog_until=AT - HOUR)) == [[1], [2], [3]]


@pytest.mark.parametrize(("age", "together"), [(DAY, [[1], [2]]), (DAY + MINUTE, [[1, 2]])])
def test_what_has_waited_for_more_than_a_day_is_a_backlog(
    age: timedelta, together: list[list[int]]
) -> None:
    assert ids(planned([due(1, age=age), due(2)])) == together


def test_an_urgent_notice_that_has_waited_for_a_day_goes_with_the_others() -> None:
    waiting = [due(1), due(2, is_urgent=True, age=DAY + MINUTE)]
    assert ids(planned(waiting)) == [[1, 2]]


@pytest.mark.parametrize(
    ("is_ladder", "age", "is_digest"),
    [
        (False, 30 * DAY, False),
        (False, 30 * DAY + MINUTE, True),
        (True, 90 * DAY, False),
    ],
)
def test_a_notice_older_than_thirty_days_is_said_in_a_digest_with_its_date(
    age: timedelta, *, is_ladder: bool, is_digest: bool
) -> None:
    (bundle,) = planned([due(1, age=age, is_ladder=is_ladder)])
    assert bundle.is_digest is is_digest


def test_what_may_have_arrived_is_sent_again_as_it_was_and_to_whom_it_went() -> None:
    waiting = [
        due(1, message_id="<a@x.example>", sent_to=BOB, attempts=1),
        due(2, message_id="<a@x.example>", sent_to=BOB, attempts=1),
        due(3, message_id="<b@x.example>", attempts=1),
        *[due(number) for number in range(4, 8)],
    ]
    found = planned(waiting)
    assert ids(found) == [[1, 2], [3], [4, 5, 6, 7]]
    again = next(bundle for bundle in found if bundle.message_id == "<a@x.example>")
    assert (again.carrier, again.reader, again.is_digest) == (2, BOB, True)
    assert ids(planned(waiting[:3], quiet=read_quiet("08:00-10:00"))) == []


def test_more_than_one_message_can_hold_goes_in_two() -> None:
    found = planned(dues(MOST_TOGETHER + 1))
    assert [len(bundle.dues) for bundle in found] == [MOST_TOGETHER, 1]


def test_mail_goes_to_whoever_stands_in_and_never_together_with_theirs() -> None:
    waiting = [due(1), due(2), due(3, recipient=BOB), due(4, recipient=BOB)]
    found = planned(waiting, away(stand_in=BOB), backlog_until=AT)
    assert ids(found) == [[1, 2], [3, 4]]
    assert [(bundle.reader, bundle.away_until) for bundle in found] == [
        (BOB, TODAY + 3 * DAY),
        (BOB, None),
    ]


@pytest.mark.parametrize("stand_in", [None, BOB])
def test_a_calendar_entry_goes_to_its_person_also_while_they_are_away(stand_in: int | None) -> None:
    """Whoever stands in has another calendar: it would keep what nobody takes away again."""
    (entry,) = planned([due(has_entry=True)], away(stand_in=stand_in))
    assert (entry.reader, entry.away_until) == (ANN, None)


def test_without_a_stand_in_only_what_is_urgent_goes() -> None:
    waiting = [*dues(2), due(3, is_urgent=True)]
    for habit in (away(), away(rhythm=Rhythm.DAILY)):
        (bundle,) = planned(waiting, habit)
        assert (bundle.dues[0].id, bundle.reader) == (3, ANN)


def test_what_is_urgent_goes_to_somebody_away_however_old_it_is() -> None:
    waiting = [due(1), *(due(n, is_urgent=True, age=DAY + n * MINUTE) for n in (2, 3))]
    for habit in (away(), away(rhythm=Rhythm.DAILY)):
        (bundle,) = planned(waiting, habit)
        assert {one.id for one in bundle.dues} == {2, 3}
        assert bundle.is_digest
        assert planned(waiting[:1], habit) == []


def test_nothing_goes_to_an_address_that_refuses_mail() -> None:
    refused = Preference(person=ANN, refused_at=AT, refused_why="RCPT: 550 nobody here")
    (bundle,) = planned([*dues(2), due(3, is_urgent=True)], refused)
    assert bundle.refusal == "mail to this address is refused: RCPT: 550 nobody here"
    assert len(bundle.dues) == 3


REFUSED = {"refused_at": AT, "refused_why": "gone"}


@pytest.mark.parametrize(
    ("habits", "found"),
    [
        ([], Reach(ANN)),
        ([away(away_until=None)], Reach(ANN, is_waiting=True)),
        ([away(away_from=TODAY + DAY)], Reach(ANN)),
        ([away(away_from=TODAY)], Reach(ANN, is_waiting=True)),
        ([away(away_until=TODAY)], Reach(ANN, is_waiting=True)),
        ([away(away_until=TODAY - DAY)], Reach(ANN)),
        ([away(stand_in=BOB, away_until=TODAY)], Reach(BOB, TODAY)),
        ([away(stand_in=BOB, away_until=None), away(BOB, CY)], Reach(CY)),
        ([away(stand_in=BOB), away(BOB)], Reach(ANN, is_waiting=True)),
        ([away(stand_in=BOB), away(BOB, ANN)], Reach(ANN, is_waiting=True)),
        ([away(stand_in=BOB), away(BOB, CY), away(CY, DEE)], Reach(ANN, is_waiting=True)),
        ([away(stand_in=BOB), Preference(person=BOB, refused_at=AT)], Reach(ANN, is_waiting=True)),
    ],
)
def test_who_reads_what_is_written_to_ann(habits: list[Preference], found: Reach) -> None:
    assert reach(ANN, {habit.person: habit for habit in habits}, on=TODAY) == found


def test_a_day_is_the_local_one() -> None:
    midnight = datetime(2027, 6, 1, 23, 30, tzinfo=UTC)  # the second of June in London
    habit = Preference(person=ANN, away_from=date(2027, 6, 2), away_until=date(2027, 6, 2))
    waiting = [replace(due(), not_before=midnight)]
    assert planned(waiting, habit, at=midnight) == []
