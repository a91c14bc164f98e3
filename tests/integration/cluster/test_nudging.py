"""Nudges: written in the transaction that makes something due, and never in its way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from definitions import loader
from tests.grounds import Ground, populate
from tests.visits import FILE
from workflow.clock import SetClock
from workflow.cluster import installation
from workflow.cluster.nudging import DELIVER, LOOK, NudgingDatabase, look_for_cluster
from workflow.store import wakeups
from workflow.store.keeping.vault import Vault

pytestmark = pytest.mark.postgres
JOBS = "SELECT task_name, args ->> 'number' FROM procrastinate_jobs ORDER BY id"
LIVES = "INSERT INTO procrastinate_workers DEFAULT VALUES"
SILENT = "UPDATE procrastinate_workers SET last_heartbeat = now() - INTERVAL '2 minutes'"


@pytest.fixture
def ground(postgres_url: str, tmp_path: Path) -> Iterator[Ground]:
    """Yield a cluster's database with people, a definition and one worker that lives."""
    database = NudgingDatabase(postgres_url, vault=Vault(tmp_path / "vault"))
    loaded = loader.load_file(FILE)
    populate(database, loaded)
    installation.prepare(database)
    with database.writing() as link:
        look_for_cluster(database, link)
        link.execute(LIVES)
        (long_ago,) = link.row("SELECT now() - INTERVAL '400 days'") or ()
    yield Ground(database, loaded.content_hash, SetClock(long_ago))
    database.close()


def jobs(ground: Ground) -> list[tuple[str, str]]:
    with ground.database.reading() as link:
        return [(name, number) for name, number in link.rows(JOBS)]


def test_a_commit_that_makes_notices_due_nudges_for_each_recipient_once(ground: Ground) -> None:
    ground.start()
    with ground.database.reading() as link:
        due = link.rows("SELECT DISTINCT recipient_id FROM outbox WHERE status = 'waiting'")
    expected = {(DELIVER, str(person)) for (person,) in due}
    assert set(jobs(ground)) >= expected > set()
    assert len(jobs(ground)) == len(set(jobs(ground)))


def test_a_challenge_that_is_due_with_a_commit_is_looked_at(ground: Ground) -> None:
    ground.start()
    with ground.database.writing() as link:
        wakeups.defer(link, 1, ground.clock.at)
        link.stirred.add(1)
    assert (LOOK, "1") in jobs(ground)


def test_what_is_undone_leaves_no_nudge(ground: Ground) -> None:
    ground.start()
    before = jobs(ground)
    with pytest.raises(KeyError):
        _given_up(ground)
    assert jobs(ground) == before


def _given_up(ground: Ground) -> None:
    with ground.database.writing() as link:
        link.stirred.add(1)
        assert isinstance(ground.database, NudgingDatabase)
        ground.database._nudge(link)
        raise KeyError


@pytest.mark.parametrize("statement", [SILENT, "DELETE FROM procrastinate_workers"])
def test_while_no_worker_lives_nothing_piles_up(ground: Ground, statement: str) -> None:
    with ground.database.writing() as link:
        link.execute(statement)
    ground.start()
    assert jobs(ground) == []


def test_a_nudge_that_cannot_be_written_stands_in_nobodys_way(ground: Ground) -> None:
    with ground.database.writing() as link:
        link.execute("ALTER TABLE procrastinate_jobs ADD CHECK (false) NOT VALID")
    ground.start()
    assert ground.history()
    assert jobs(ground) == []


def test_without_a_cluster_nothing_is_written(ground: Ground) -> None:
    assert isinstance(ground.database, NudgingDatabase)
    ground.database.is_clustered = False
    ground.start()
    assert jobs(ground) == []


def test_a_sweep_nudges_nobody_since_it_goes_on_by_itself(ground: Ground) -> None:
    ground.start()
    with ground.database.writing() as link:
        link.execute("DELETE FROM procrastinate_jobs")
    ground.until(ground.clock.at.date().replace(day=1))
    assert jobs(ground) == []
