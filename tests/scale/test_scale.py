"""What a sweep asks for costs what is due, not what there is: by the plans of both databases.

The rows are real ones, copied; `SCALE=1000000` makes a million of them. So few as here are enough:
SQLite plans without knowing how many there are, PostgreSQL knows of 4,000, and of more it is only
surer.
"""

import json
import os
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from benchmarks.ground import BEGUN, Ground, lay
from tests.scale.weighing import weigh
from workflow.store import wakeups
from workflow.store.link import Link

NUMBER = int(os.environ.get("SCALE", "4000"))
FEW_PAGES = 12
WITHOUT = "DROP INDEX ix_challenge_wake_at"
LESS = "CREATE INDEX ix_challenge_wake_at ON challenge (wake_at)"


@pytest.fixture
def many(database_url: str) -> Iterator[Ground]:
    """Yield a database with very many open challenges, none of which is due."""
    ground = lay(database_url)
    with closing(ground.database):
        ground.copy(ground.start("FIRST"), NUMBER, at_once=10_000, tables=("challenge",))
        ground.wake([1], BEGUN + timedelta(days=400))
        ground.settle()
        yield ground


def plan(link: Link, sql: str, **values: object) -> str:
    """Return how a database goes about a query, on PostgreSQL with the pages that it looked at."""
    if link.dialect == "sqlite":
        return "\n".join(row[3] for row in link.rows(f"EXPLAIN QUERY PLAN {sql}", **values))
    explained = link.rows(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}", **values)
    return json.dumps(explained[0][0])


def is_by_index_alone(text: str) -> bool:
    """Return whether a plan looks at the index and at no row."""
    return "COVERING INDEX" in text or '"Index Only Scan"' in text


def is_by_index(link: Link, text: str, *, most_pages: int = FEW_PAGES) -> bool:
    """Return whether a plan goes by the index of wake-ups, and looks at a few pages only."""
    if link.dialect == "sqlite":
        return "USING" in text and "ix_challenge_wake_at" in text and "TEMP B-TREE" not in text
    (whole,) = json.loads(text)
    pages = whole["Plan"]["Shared Hit Blocks"] + whole["Plan"]["Shared Read Blocks"]
    return '"Index Name": "ix_challenge_wake_at"' in text and pages <= most_pages


def test_a_sweep_finds_what_is_due_by_the_index_and_looks_at_nothing_else(many: Ground) -> None:
    """Nothing due, or a hundred: the index alone.

    The controls at the end: with an index on the moments alone PostgreSQL would be seen to look at
    rows; without one, the same question would be seen to go another way.
    """
    with many.database.reading() as link:
        assert wakeups.due(link, BEGUN, limit=100) == []
        for text in (
            plan(link, wakeups._DUE, at=BEGUN, limit=100),
            plan(link, wakeups._NEXT),
        ):
            assert is_by_index(link, text)
            assert is_by_index_alone(text)
    many.wake(range(100, 200), BEGUN)
    many.settle()
    with many.database.reading() as link:
        assert len(wakeups.due(link, BEGUN, limit=100)) == 100
        text = plan(link, wakeups._DUE, at=BEGUN, limit=100)
        # PostgreSQL looks whether what was just written is there for all, until a vacuum
        assert is_by_index(link, text, most_pages=FEW_PAGES + 100)
        assert is_by_index_alone(text)
    with many.database.writing() as link:
        link.execute(WITHOUT)
        link.execute(LESS)
        again = f"{wakeups._DUE} "  # a text that was not planned yet
        alone = is_by_index_alone(plan(link, again, at=BEGUN, limit=100))
        assert alone is (link.dialect == "sqlite")  # there an index has the ids anyway
        link.execute(WITHOUT)
        again = f"{wakeups._DUE}  "
        assert not is_by_index(link, plan(link, again, at=BEGUN, limit=100))


def test_a_challenge_is_weighed_by_its_rows_and_bytes(sqlite_url: str) -> None:
    ground = lay(sqlite_url)
    with closing(ground.database):
        with ground.database.reading() as link:
            row = link.row("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
            assert row is not None
        ground.copy(ground.start("FIRST", steps=4), 200)
        found = weigh(ground.database, empty_bytes=row[0]).of_one()
    assert found["task"] == 40
    assert found["event"] > 40
    assert 20_000 < found["bytes"] < 200_000  # docs/explanation/scale.md counts on it
