"""The doctor names nothing that is as it should be, though it may look as if it were not."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import pytest

from definitions import loader
from tests.grounds import ADA, Ground, opened
from tests.tampering import disarm
from tests.versions import NAMES, SECOND_VERSION
from tests.visits import BEGUN, START, edited
from workflow.auditing.invariants import check_all
from workflow.migrating.migrations import Migrations, Report
from workflow.migrating.rounds import Request
from workflow.model import commands as c
from workflow.store.library import Offered

_UNDER_ONE_ID = """
UPDATE event SET command_id = (
    SELECT min(m.command_id) FROM event m WHERE m.kind = 'DefinitionMigrated'
) WHERE entry_id IN (SELECT DISTINCT entry_id FROM event ORDER BY entry_id DESC LIMIT :steps)
"""


@pytest.fixture
def visit(sqlite_url: str) -> Iterator[Ground]:
    """Yield a ground with a visit that has begun."""
    with opened(sqlite_url) as ground:
        ground.start()
        yield ground


def found(ground: Ground, at: datetime) -> list[str]:
    return [str(one) for one in check_all(ground.database, at)]


def migrated(ground: Ground) -> Report:
    """Let the visit go on under the second version."""
    loaded = loader.load_text(edited(*SECOND_VERSION), file="visit")
    offered = Offered(
        content_hash=loaded.content_hash, definition=loaded.definition, text=loaded.text
    )
    request = Request(actor=ADA, reason="news", renaming=NAMES)
    return Migrations(ground.database, ground.clock).migrate(offered, request)


def migrated_late(ground: Ground) -> None:
    """Let the visit go on under the second version, when something is due under the first."""
    ground.until(BEGUN.date())
    ground.clock.at += timedelta(days=50)
    assert [len(one.passed) for one in migrated(ground).moved] == [1]


def put_under_one_id(ground: Ground, *, steps: int) -> None:
    """Give the last steps the id of the migration."""
    with ground.database.writing() as link:
        disarm(link)
        link.execute(_UNDER_ONE_ID, steps=steps)


def test_what_was_due_when_the_definition_changed_is_no_command_twice(visit: Ground) -> None:
    migrated_late(visit)
    assert found(visit, visit.clock.at) == []


def test_nor_where_an_earlier_version_kept_it_under_the_same_id(visit: Ground) -> None:
    migrated_late(visit)
    put_under_one_id(visit, steps=2)
    assert found(visit, visit.clock.at) == []


def test_the_control_another_step_under_that_id_is_seen(visit: Ground) -> None:
    migrated_late(visit)
    put_under_one_id(visit, steps=3)
    (twice,) = found(visit, visit.clock.at)
    assert twice.startswith("I10: a command was applied twice in NOR-26: events ")


def test_what_goes_on_while_the_doctor_looks_is_judged_as_of_then(visit: Ground) -> None:
    visit.done("scope_agreed", "brief_visitor", "call_visitor")
    visit.act(c.Advance(trigger="confirm"))
    began = datetime.combine(date(2026, 11, 23), time(23, 56, 30), BEGUN.tzinfo)
    for day in (began.date() + timedelta(days=1), START, START + timedelta(days=1)):
        visit.until(day, time(0, 0, 30))
        assert found(visit, visit.clock.at - timedelta(minutes=4)) == []
