"""The weekly digest: one message a person on Monday morning, however often anybody asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from definitions import loader
from tests.grounds import ADA, Ground, opened
from tests.visits import DIRECTOR, edited
from workflow.digests import Digests
from workflow.store import library, meta

MONDAY = date(2026, 10, 5)  # the first one after the challenges began, on a Thursday
LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
WEEKLY = "notices:\n  your_week: {title: Your week, when: every week, to: director}\n"


@contextmanager
def weekly(database_url: str, *, zone: ZoneInfo = LONDON) -> Iterator[Ground]:
    """Yield two visits in a time zone, whose director is told of both once a week."""
    text = edited(("notices:\n", WEEKLY), ("Europe/London", zone.key))
    loaded = loader.load_text(text, file="weekly.yaml")
    with opened(database_url) as ground:
        with ground.database.writing() as link:
            library.keep(
                link,
                content_hash=loaded.content_hash,
                definition=loaded.definition,
                text=loaded.text,
                at=ground.clock.at,
            )
        ground.content_hash = loaded.content_hash
        ground.engine.start_all([ground.new("NOR-1"), ground.new("NOR-2")], actor=ADA)
        yield ground


@pytest.fixture
def ground(database_url: str) -> Iterator[Ground]:
    """Yield the visits in London."""
    with weekly(database_url) as ground:
        yield ground


def raised(ground: Ground, day: date, at: time, zone: ZoneInfo = LONDON) -> int:
    """Return how many digests are put into the outbox at a local time."""
    ground.clock.at = datetime.combine(day, at, zone)
    return Digests(ground.database, ground.clock).raise_due()


def told(ground: Ground) -> list[int]:
    """Return who has a digest in the outbox."""
    with ground.database.reading() as link:
        rows = link.rows("SELECT recipient_id FROM outbox WHERE notice = 'your_week' ORDER BY id")
    return [row[0] for row in rows]


@pytest.mark.parametrize(
    ("day", "at", "count"),
    [
        (MONDAY - DAY, time(23, 59), 0),  # who joined this week waits for the next
        (MONDAY, time(0, 30), 0),
        (MONDAY, time(8, 59, 59), 0),
        (MONDAY, time(9), 1),
        (MONDAY + 2 * DAY, time(3), 1),  # after a Monday on which nobody swept
    ],
)
def test_a_digest_goes_out_on_monday_morning(
    ground: Ground, day: date, at: time, count: int
) -> None:
    assert raised(ground, day, at) == count
    assert told(ground) == [DIRECTOR] * count


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_it_goes_out_in_the_morning_wherever_the_visits_are(database_url: str, zone: str) -> None:
    """In Auckland it is Monday while it is Sunday in London; the second week asks what is done."""
    there = ZoneInfo(zone)
    with weekly(database_url, zone=there) as ground:
        for monday in (MONDAY, MONDAY + 7 * DAY):
            assert raised(ground, monday, time(8, 59), there) == 0
            assert raised(ground, monday, time(9), there) == 1


def test_a_week_has_one_digest_a_person_for_all_challenges(ground: Ground) -> None:
    every = [raised(ground, MONDAY + days * DAY, time(9)) for days in range(15)]
    assert [days for days, count in enumerate(every) if count] == [0, 7, 14]
    assert told(ground) == [DIRECTOR] * 3


def test_who_asks_twice_gets_it_once(ground: Ground) -> None:
    """The outbox holds it, even when the week that was done is forgotten."""
    assert raised(ground, MONDAY, time(8, 59)) == 0
    assert raised(ground, MONDAY, time(9)) == 1
    with ground.database.writing() as link:
        meta.put(link, meta.DIGEST_WEEK, None)
    assert raised(ground, MONDAY, time(10)) == 0
    assert told(ground) == [DIRECTOR]
