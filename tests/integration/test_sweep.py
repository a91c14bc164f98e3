"""The sweep on both databases: all that is due, once, whoever fails, dies or comes twice."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from threading import Barrier, Thread

import pytest

from tests.grounds import Ground, opened
from tests.tampering import disarm
from tests.visits import BEGUN, END, START
from workflow.changes import change_of
from workflow.model import events as e
from workflow.model.decide import pass_time
from workflow.store import challenges, wakeups
from workflow.store.challenges import Origin
from workflow.store.database import Database
from workflow.store.rulebooks import fetch
from workflow.sweep import PUT_OFF, Sweep, Swept

DAY = timedelta(days=1)
NAMES = tuple(f"NOR-{number}" for number in range(1, 7))


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    """Yield a database with six visits, of which the scope is agreed and visitors are briefed."""
    with opened(database_url) as ground:
        ground.engine.start_all([ground.new(name) for name in NAMES], actor=1)
        for name in NAMES:
            ground.done("scope_agreed", "brief_visitor", reference=name)
        yield ground


def raised(ground: Ground) -> dict[str, list[tuple[str, str, int | None]]]:
    """Return the notices of each visit, as the history has them."""
    return {
        name: [
            (one.notice, one.occurrence, one.recipient)
            for one in ground.history(name)
            if isinstance(one, e.NoticeRaised)
        ]
        for name in NAMES
    }


def assert_each_notice_waits_once(ground: Ground) -> None:
    """Check that the outbox holds what the histories say, and nothing twice."""
    said = [one for notices in raised(ground).values() for one in notices if one[2] is not None]
    assert len(ground.rows("outbox")) == len(said)
    assert ground.log.verify().is_intact


def test_only_what_is_due_is_looked_at_and_only_once(ground: Ground) -> None:
    assert ground.until(BEGUN.date()) == Swept()
    swept = ground.until(START - 4 * DAY, time(9, 0, 0))
    assert (swept.looked_at, swept.raised, swept.failed) == (6, 6, ())
    before = ground.everything()
    assert ground.until(START - 4 * DAY, time(9, 0, 1)) == Swept()
    before["meta"] = ground.rows("meta")  # how far the engine's time has come
    assert ground.everything() == before
    assert_each_notice_waits_once(ground)


def test_a_clock_that_is_set_back_repeats_nothing(ground: Ground) -> None:
    ground.until(START)
    before = raised(ground)
    assert ground.until(START - 10 * DAY) == Swept()
    assert ground.until(START) == Swept()
    assert raised(ground) == before


class Killed(BaseException):
    """Stands for the death of the process."""


@pytest.mark.parametrize("after", [1, 3, 6])
def test_a_sweep_that_is_killed_between_two_challenges_loses_nothing(
    ground: Ground, after: int
) -> None:
    done: list[str] = []

    def die(reference: str) -> None:
        done.append(reference)
        if len(done) == after:
            raise Killed

    ground.clock.at = datetime.combine(START - 4 * DAY, time(10), BEGUN.tzinfo)
    with pytest.raises(Killed):
        Sweep(ground.database, ground.clock).tick(on_progress=die)
    rest = Sweep(ground.database, ground.clock).tick()
    assert (rest.looked_at, rest.failed) == (6 - after, ())
    assert all(len(notices) == len(raised(ground)["NOR-1"]) for notices in raised(ground).values())
    assert_each_notice_waits_once(ground)


@pytest.mark.parametrize("together", [2, 3, 6])
def test_those_who_share_a_transaction_are_kept_as_if_each_was_alone(
    ground: Ground, together: int
) -> None:
    ground.clock.at = datetime.combine(START - 4 * DAY, time(10), BEGUN.tzinfo)
    swept = Sweep(ground.database, ground.clock, together=together).tick()
    assert (swept.looked_at, swept.raised, swept.failed) == (6, 6, ())
    assert Sweep(ground.database, ground.clock).tick() == Swept()
    assert_each_notice_waits_once(ground)


def test_when_those_who_share_a_transaction_are_killed_none_is_lost_and_none_done_twice(
    ground: Ground,
) -> None:
    done: list[str] = []

    def die(reference: str) -> None:
        done.append(reference)
        if len(done) == 4:
            raise Killed

    ground.clock.at = datetime.combine(START - 4 * DAY, time(10), BEGUN.tzinfo)
    with pytest.raises(Killed):
        Sweep(ground.database, ground.clock, together=3).tick(on_progress=die)
    rest = Sweep(ground.database, ground.clock).tick()
    assert (rest.looked_at, rest.failed) == (0, ())  # the second three were kept, and then it died
    assert_each_notice_waits_once(ground)


def damage(ground: Ground, reference: str) -> None:
    """Let what is kept of a challenge not be readable."""
    with ground.database.writing() as link:
        disarm(link)
        link.execute(
            "UPDATE challenge SET snapshot = '{', stamp = 'x' WHERE reference = :reference",
            reference=reference,
        )


def test_one_that_fails_among_those_who_share_a_transaction_stops_nobody_else(
    ground: Ground,
) -> None:
    damage(ground, "NOR-3")
    ground.clock.at = datetime.combine(START - 4 * DAY, time(10), BEGUN.tzinfo)
    swept = Sweep(ground.database, ground.clock, together=3).tick()
    assert (swept.looked_at, swept.raised) == (5, 5)
    assert [reference for reference, _ in swept.failed] == ["NOR-3"]
    assert Sweep(ground.database, ground.clock).tick() == Swept()  # put off for five minutes


def die_within_the_first(ground: Ground) -> None:
    """Do all that a sweep does for a challenge, but for the end of the transaction."""
    at = ground.clock.at
    with ground.database.writing() as link:
        ((number, wake_at), *_) = wakeups.due(link, at, limit=1)
        assert wakeups.claim(link, number, wake_at, until=at + PUT_OFF)
        stored = challenges.load_by_id(link, number)
        rulebook = fetch(link, stored.challenge.content_hash)
        decision = pass_time(rulebook, stored.challenge, at=at)
        change = change_of(rulebook, decision, at=at)
        challenges.append(link, stored, change, origin=Origin("tick"))
        raise Killed


def test_a_sweep_that_is_killed_within_a_challenge_has_done_nothing_of_it(ground: Ground) -> None:
    ground.clock.at = datetime.combine(START - 4 * DAY, time(10), BEGUN.tzinfo)
    before = ground.everything()
    with pytest.raises(Killed):
        die_within_the_first(ground)
    assert ground.everything() == before
    assert Sweep(ground.database, ground.clock).tick().raised == 6
    assert_each_notice_waits_once(ground)


def test_one_that_fails_does_not_stop_the_others_and_is_named_and_tried_again(
    ground: Ground,
) -> None:
    with ground.database.writing() as link:
        ((kept, stamp),) = link.rows(
            "SELECT snapshot, stamp FROM challenge WHERE reference = 'NOR-3'"
        )
    damage(ground, "NOR-3")
    swept = ground.until(START - 4 * DAY, time(10))
    assert (swept.looked_at, swept.raised) == (5, 5)
    assert [reference for reference, _ in swept.failed] == ["NOR-3"]
    assert ground.until(START - 4 * DAY, time(10, 4)) == Swept()  # put off for five minutes
    with ground.database.writing() as link:
        disarm(link)
        link.execute(
            "UPDATE challenge SET snapshot = :kept, stamp = :stamp WHERE reference = 'NOR-3'",
            kept=kept,
            stamp=stamp,
        )
    again = ground.until(START - 4 * DAY, time(10, 5))
    assert (again.looked_at, again.raised, again.failed) == (1, 1, ())
    assert_each_notice_waits_once(ground)


def sweep_at_once(ground: Ground, url: str, count: int) -> list[Swept]:
    """Let several processes, each with its own database, sweep at the same moment."""
    swept: list[Swept] = []
    start = Barrier(count)

    def sweep() -> None:
        database = Database(url)
        try:
            start.wait()
            swept.append(Sweep(database, ground.clock).tick())
        finally:
            database.close()

    threads = [Thread(target=sweep) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return swept


def test_several_who_sweep_at_once_do_each_thing_once(ground: Ground, database_url: str) -> None:
    ground.clock.at = datetime.combine(END, time(10), BEGUN.tzinfo)
    before = raised(ground)
    swept = sweep_at_once(ground, database_url, 3)
    assert len(swept) == 3
    assert [one.failed for one in swept] == [(), (), ()]
    after = raised(ground)
    fresh = [len(after[name]) - len(before[name]) for name in NAMES]
    assert sum(one.raised for one in swept) == sum(fresh) > 0
    for notices in after.values():
        assert len(notices) == len(set(notices))
    assert_each_notice_waits_once(ground)


def test_a_sweep_that_nobody_claims_for_would_say_things_twice(ground: Ground) -> None:
    """The control: without the claim, the second of two sweepers finds a conflict, not silence."""
    at = datetime.combine(START - 4 * DAY, time(10), BEGUN.tzinfo)
    with ground.database.writing() as link:
        ((number, wake_at), *_) = wakeups.due(link, at, limit=1)
        assert wakeups.claim(link, number, wake_at, until=at + PUT_OFF)
    with ground.database.writing() as link:
        assert not wakeups.claim(link, number, wake_at, until=at + PUT_OFF)


def test_after_a_long_time_without_sweeps_each_is_told_once(ground: Ground) -> None:
    known = {name: len(notices) for name, notices in raised(ground).items()}
    ground.until(END + 200 * DAY)
    for name, notices in raised(ground).items():
        fresh = notices[known[name] :]
        assert len({(notice, to) for notice, _, to in fresh}) == len(fresh)
        missed = [x.task for x in ground.history(name) if isinstance(x, e.DeadlineMissed)]
        assert len(missed) == len(set(missed)) > 0
    assert_each_notice_waits_once(ground)
