"""Two who take the same challenge at once: one wins, the other is told."""

import threading
from datetime import timedelta

import pytest

from workflow.model.errors import Conflict
from workflow.store import challenges, outbox, wakeups
from workflow.store.challenges import Origin
from workflow.store.database import Database
from workflow.store.link import Link

from .builders import AT, TODAY, begin, date_set, go_on, notice, opened, step

HOUR = timedelta(hours=1)


def test_whoever_comes_second_is_told_who_changed_what(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database)
        with database.reading() as link:
            mine = challenges.load(link, "GAR-26")
        go_on(database, date_set(TODAY))
        with pytest.raises(Conflict) as caught, database.writing() as link:
            challenges.append(link, mine, step(mine, notice("late")), origin=Origin("test"))
        with database.reading() as link:
            assert len(challenges.history(link, "GAR-26")) == 4
            assert outbox.counts(link) == {}
    assert str(caught.value) == (
        "GAR-26 was changed meanwhile by Ada Example (date set, 02 November 2026 10:30 UTC);"
        " nothing of yours was kept: look at it again, and repeat your command"
    )


def race(database: Database, *, is_checked: bool) -> list[str]:
    """Let two people who have both seen the same state take a step each; return how it went."""
    went: list[str] = []
    both_have_read = threading.Barrier(2)

    def act(occurrence: str) -> None:
        with database.reading() as link:
            mine = challenges.load(link, "GAR-26")
        both_have_read.wait()
        try:
            with database.writing() as link:
                if not is_checked:
                    challenges.load(link, "GAR-26")  # waits for its turn
                    pretend_version(link, mine)
                challenges.append(link, mine, step(mine, notice(occurrence)), origin=Origin("test"))
        except Conflict:
            went.append("conflict")
        except Exception as error:
            went.append(type(error).__name__)
        else:
            went.append("kept")

    threads = [threading.Thread(target=act, args=(name,)) for name in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(went)


def pretend_version(link: Link, stored: challenges.Stored) -> None:
    """Plant a fault: undo what the version check goes by, and the event that is in the way."""
    version = stored.challenge.version
    if link.dialect == "postgresql":
        link.execute("SET LOCAL session_replication_role = replica")  # no triggers
    else:
        link.execute("DROP TRIGGER IF EXISTS event_delete")
        link.execute("DROP TRIGGER IF EXISTS challenge_update")
    link.execute("DELETE FROM event WHERE challenge_id = 1 AND seq > :version", version=version)
    link.execute("UPDATE challenge SET version = :version WHERE id = 1", version=version)


def test_of_two_who_act_at_once_one_wins(database_url: str) -> None:
    with opened(database_url) as database:
        for number in range(10):
            if number == 0:
                begin(database)
            assert race(database, is_checked=True) == ["conflict", "kept"]
        with database.reading() as link:
            stored = challenges.load(link, "GAR-26", is_cached=False)
        assert stored.challenge.version == 3 + 10


def test_without_the_version_check_the_same_race_loses_a_step(database_url: str) -> None:
    """The control: what the check is there for does happen without it."""
    with opened(database_url) as database:
        begin(database)
        assert race(database, is_checked=False) == ["kept", "kept"]
        with database.reading() as link:
            assert len(challenges.history(link, "GAR-26")) == 3 + 1


def test_a_writer_who_loads_inside_the_transaction_waits_its_turn(database_url: str) -> None:
    def act(number: int) -> None:
        for turn in range(5):
            go_on(database, notice(f"{number}.{turn}"))

    with opened(database_url) as database:
        begin(database)
        threads = [threading.Thread(target=act, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with database.reading() as link:
            assert len(challenges.history(link, "GAR-26")) == 3 + 20
            assert outbox.counts(link) == {"waiting": 20}


def test_what_is_due_is_claimed_once(database_url: str) -> None:
    with opened(database_url) as database:
        first = begin(database, "GAR-26", wake_at=AT)
        earlier = begin(database, "GAR-27", wake_at=AT - HOUR)
        begin(database, "GAR-28", wake_at=AT + HOUR)
        begin(database, "GAR-29")
        with database.writing() as link:
            assert wakeups.next_at(link) == AT - HOUR
            due = wakeups.due(link, AT, limit=5)
            assert due == [(earlier, AT - HOUR), (first, AT)]
            assert wakeups.due(link, AT, limit=1) == due[:1]
            assert wakeups.claim(link, first, AT, until=AT + HOUR)
            assert not wakeups.claim(link, first, AT, until=AT + HOUR)
            assert [row[0] for row in wakeups.due(link, AT, limit=5)] == [earlier]
            assert wakeups.defer(link, earlier, AT + 9 * HOUR) == "GAR-27"
            assert wakeups.due(link, AT, limit=5) == []


def test_a_claim_that_lost_the_race_says_so(database_url: str) -> None:
    won: list[bool] = []

    def sweep() -> None:
        with database.writing() as link:
            won.append(wakeups.claim(link, challenge_id, AT, until=AT + HOUR))

    with opened(database_url) as database:
        challenge_id = begin(database, wake_at=AT)
        threads = [threading.Thread(target=sweep) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(won) == [False] * 5 + [True]
