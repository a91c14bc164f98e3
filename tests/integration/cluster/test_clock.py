"""The clock of a cluster: the database's, whatever the hosts' clocks say."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from notifications.delivery.jumps import JumpWatch
from workflow.clock import SystemClock
from workflow.cluster.clock import DatabaseClock
from workflow.model.errors import Unavailable
from workflow.store.database import Database

pytestmark = pytest.mark.postgres


class Steady:
    """Seconds that go on when a test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.seconds


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    """Yield a PostgreSQL database."""
    made = Database(postgres_url)
    yield made
    made.close()


def told_by(database: Database) -> datetime:
    with psycopg.connect(database.url) as connection:
        row = connection.execute("SELECT clock_timestamp()").fetchone()
    assert row is not None
    at: datetime = row[0]
    return at


def test_it_tells_what_the_database_tells_in_utc(database: Database) -> None:
    before = told_by(database)
    now = DatabaseClock(database).now()
    assert before <= now <= told_by(database)
    assert now.utcoffset() == timedelta(0)


def test_between_two_answers_the_steady_seconds_are_added(database: Database) -> None:
    steady = Steady()
    clock = DatabaseClock(database, steady=steady)
    first = clock.now()
    steady.seconds += 4
    assert clock.now() == first + timedelta(seconds=4)
    steady.seconds += 3600  # the database is asked again: no hour has passed for it
    assert first <= clock.now() <= told_by(database)


def test_it_can_be_read_within_a_transaction(database: Database) -> None:
    clock = DatabaseClock(database)
    with database.reading():
        assert clock.now().tzinfo is UTC or clock.now().utcoffset() == timedelta(0)


def test_a_database_that_is_away_is_said_to_be(database: Database) -> None:
    gone = Database(database.url.replace("/test_", "/gone_"))
    with pytest.raises(Unavailable, match="is away"):
        DatabaseClock(gone).now()


def test_a_jump_of_the_database_s_clock_is_noticed(database: Database) -> None:
    """Its steady seconds are those of the machine, as beside the machine's own clock."""

    class Jumping(DatabaseClock):
        ahead = timedelta(0)

        def now(self) -> datetime:
            """Return the moment, jumped."""
            return super().now() + self.ahead

    clock = Jumping(database)
    assert isinstance(clock, SystemClock)
    watch = JumpWatch(clock)
    assert watch.jumped() is None
    clock.ahead = timedelta(days=3)
    jump = watch.jumped()
    assert jump is not None
    assert jump.days >= 2
