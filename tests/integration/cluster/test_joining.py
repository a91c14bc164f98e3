"""`run --cluster`: what it needs, what it makes, and what it refuses, in words."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from console.company import LONE_KEYS
from tests.architecture.tree import ROOT
from tests.integration.cli.desk import Desk
from workflow.cluster import installation
from workflow.cluster.nudging import NudgingDatabase, installed, look_for_cluster
from workflow.model.errors import Unavailable
from workflow.store import schema

STEP = "03.00.00_50_post_cancel_notification"
WITHOUT = """
import sys
sys.modules["procrastinate"] = None
import cli
cli.main()
"""


@pytest.fixture
def database(postgres_url: str, tmp_path: Path) -> Iterator[NudgingDatabase]:
    """Yield a PostgreSQL database with tables, and no cluster."""
    made = NudgingDatabase(postgres_url)
    schema.upgrade(made)
    yield made
    made.close()


def run(database: NudgingDatabase, *statements: str) -> None:
    with psycopg.connect(database.url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def comment(database: NudgingDatabase) -> str | None:
    with database.reading() as link:
        return installed(link)


def refusal(database: NudgingDatabase) -> str:
    with pytest.raises(Unavailable) as caught:
        installation.prepare(database)
    return str(caught.value)


def test_a_sqlite_file_is_refused_and_the_way_out_is_named(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.type("init", "--rehearsal")
    said = desk.type("run", "--cluster", code=4).stderr
    file = tmp_path / "rehearsal.db"
    assert f"several machines need PostgreSQL, and {file} is a SQLite file; allowed: one" in said
    assert "move it: peer-challenge migrate-database --to postgresql://USER@HOST/NAME" in said


def test_workers_without_a_cluster_make_no_sense(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.type("init", "--rehearsal")
    said = desk.type("run", "--workers", "2", code=2).stderr
    assert "--workers goes with --cluster: run --cluster --workers N" in said


@pytest.mark.postgres
def test_without_the_package_it_is_said_which_to_install(
    database: NudgingDatabase, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, "--db", database.url, "run", "--cluster"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert done.returncode == 2
    assert "--cluster needs one more package: pip install 'peer-challenge[cluster]'" in done.stderr


@pytest.mark.postgres
def test_the_tables_are_made_once_and_say_up_to_which_step(database: NudgingDatabase) -> None:
    assert comment(database) is None
    assert installation.prepare(database) == installation.known()
    assert installation.prepare(database) is None
    assert comment(database) == installation.known()


@pytest.mark.postgres
def test_tables_of_an_older_library_are_brought_up_to_date(database: NudgingDatabase) -> None:
    folder = Path(installation.folder())
    files = [file for file in sorted(folder.glob("*.sql")) if file.stem <= STEP]
    run(database, *(file.read_text(encoding="utf-8") for file in files))
    run(database, f"COMMENT ON TABLE procrastinate_jobs IS 'peer-challenge {STEP}'")
    assert installation.prepare(database) == installation.known()
    assert comment(database) == installation.known()
    with database.reading() as link:
        assert link.row("SELECT count(*) FROM procrastinate_workers") == (0,)


@pytest.mark.postgres
def test_tables_of_a_newer_library_are_left_alone(database: NudgingDatabase) -> None:
    installation.prepare(database)
    run(database, "COMMENT ON TABLE procrastinate_jobs IS 'peer-challenge 99.00.00_01_later'")
    last = installation.known()
    assert refusal(database) == (
        f"the queue of {database.name} is newer than this program (it has step 99.00.00_01_later,"
        f" {last} is known here); install the newer program"
    )


@pytest.mark.postgres
def test_tables_of_somebody_else_are_left_alone(database: NudgingDatabase) -> None:
    installation.prepare(database)
    run(database, "COMMENT ON TABLE procrastinate_jobs IS NULL")
    assert refusal(database) == (
        f"the database {database.name} has tables of procrastinate that are not ours: give one of"
        " the two a database of its own"
    )
    with database.reading() as link:
        look_for_cluster(database, link)
    assert not database.is_clustered


@pytest.mark.postgres
def test_who_may_not_make_tables_is_told_whom_to_ask(database: NudgingDatabase) -> None:
    run(
        database,
        "DROP ROLE IF EXISTS worker",
        "CREATE ROLE worker LOGIN",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO worker",
    )
    lesser = NudgingDatabase(database.url.replace("postgres@", "worker@"))
    try:
        assert refusal(lesser) == (
            f"the tables of the queue are missing in {lesser.name}, and this user may not make"
            " them; let its owner type once: peer-challenge run --cluster"
        )
    finally:
        lesser.close()
        run(database, "DROP OWNED BY worker", "DROP ROLE worker")


def doctor(url: str, folder: Path, **settings: str) -> str:
    """Return what `doctor` says of a database that is made by `init`, in one line."""
    desk = Desk(folder, now="", environment={"PEER_CHALLENGE_VAULT": str(folder / "vault")})
    desk.environment["PEER_CHALLENGE_DATABASE_URL"] = url
    desk.type("init")
    desk.environment |= {f"PEER_CHALLENGE_{key.upper()}": value for key, value in settings.items()}
    return " ".join(desk.type("doctor", code=1, codes=(0, 1)).stdout.split())


@pytest.mark.postgres
def test_the_doctor_says_how_many_machines_are_at_work(
    database: NudgingDatabase, tmp_path: Path
) -> None:
    assert "machines" not in doctor(database.url, tmp_path)
    installation.prepare(database)
    asleep = "machines none has been at work for a minute: is peer-challenge run --cluster running?"
    assert asleep in doctor(database.url, tmp_path)
    run(database, *["INSERT INTO procrastinate_workers DEFAULT VALUES"] * 2)
    assert "machines 2 machines at work" in doctor(database.url, tmp_path)


@pytest.mark.postgres
def test_keys_of_links_that_only_one_machine_has_are_noticed(
    database: NudgingDatabase, tmp_path: Path
) -> None:
    installation.prepare(database)
    page = "https://challenges.example"
    assert LONE_KEYS in doctor(database.url, tmp_path, base_url=page)
    assert LONE_KEYS not in doctor(database.url, tmp_path, base_url=page, link_keys="k" * 32)


@pytest.mark.postgres
def test_a_user_who_may_not_read_the_tables_is_told_so(
    database: NudgingDatabase, tmp_path: Path
) -> None:
    run(database, "DROP ROLE IF EXISTS stranger", "CREATE ROLE stranger LOGIN")
    desk = Desk(tmp_path, now="")
    url = database.url.replace("postgres@", "stranger@")
    desk.environment["PEER_CHALLENGE_DATABASE_URL"] = url
    try:
        said = desk.type("run", "--cluster", code=75).stderr
    finally:
        run(database, "DROP ROLE stranger")
    assert "does not let this user do that (permission denied for table alembic_version)" in said
    assert "its owner has to GRANT it" in said
