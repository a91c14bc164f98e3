"""Crowds, pages, growth and drawings measure what they say, and each sees a planted slowness."""

import re
from pathlib import Path

import pytest

from benchmarks import auditing, plots, servers, sweeping
from benchmarks.crowds import crowding
from benchmarks.crowds.crowding import Turn
from benchmarks.figures import Budget, Figure, table
from benchmarks.sizes import floors, growth, listing, loading
from benchmarks.sizes.growth import Series, Sizes
from tests.integration.test_benchmarks import UrlOf, url_of
from workflow.store.database import Database

__all__ = ["url_of"]  # a fixture: on SQLite and on PostgreSQL
pytestmark = pytest.mark.timed


def test_a_crowd_on_sqlite_is_measured_and_clients_that_do_not_wait_are_seen(
    tmp_path: Path,
) -> None:
    """The control gives up at once when somebody else is writing."""
    url = servers.in_folder(tmp_path)("crowd")
    figures = crowding.measure_sqlite(
        url, tmp_path, rounds=1, slices=1, clients=2, busy_seconds=0.0
    )  # fmt: skip
    hasty = {figure.code: figure for figure in figures}
    assert list(hasty) == ["P12 rate", "P12 slowest", "P12 refused"]
    assert 0 < hasty["P12 refused"].ratio <= 2 * crowding.SLICE
    assert not hasty["P12 refused"].is_met


def test_the_slowest_in_a_hundred_is_told_and_who_was_refused_is_counted() -> None:
    turn = Turn(2.0, [0.001] * 98 + [0.2, -1.0])
    assert (turn.rate, turn.failed) == (50.0, 1)
    assert turn.slowest() == pytest.approx(200.0)


@pytest.mark.postgres
def test_a_crowd_on_postgresql_is_measured_and_a_slow_engine_is_seen(
    tmp_path: Path, postgres_server: str
) -> None:
    """The control waits a tenth of a second in each completion: two clients do at most twenty."""
    found = crowding.measure_postgresql(
        servers.on_server(postgres_server)("crowd"), tmp_path,
        rounds=1, slices=1, clients=2, on_ready=wait,
    )  # fmt: skip
    for figure in found:
        assert figure.code in {"P11 warm", "P11 cold"}
        assert 0 < figure.ours[0] <= 20
        assert not figure.is_met


def wait(database: Database) -> None:
    """Let each change of a challenge take a tenth of a second more."""
    with database.writing() as link:
        link.execute(
            "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN PERFORM pg_sleep(0.1); RETURN NEW; END $$"
        )
        link.execute(
            "CREATE TRIGGER spoilt AFTER UPDATE ON challenge FOR EACH ROW EXECUTE FUNCTION wait()"
        )


def lose_index(database: Database) -> None:
    """Let a page look at all tasks that there are for each of its challenges."""
    with database.writing() as link:
        link.execute("ALTER TABLE task RENAME TO task_of")
        link.execute("CREATE VIEW task AS SELECT * FROM task_of LIMIT 1000000")


def compare_all(database: Database) -> None:
    """Let each change of a challenge look at every pair of tasks that there are."""
    with database.writing() as link:
        link.execute(
            "CREATE TRIGGER spoilt AFTER UPDATE ON challenge"
            " BEGIN SELECT count(*) FROM task a, task b WHERE a.key < b.key; END"
        )


def test_a_load_is_measured_and_steps_that_are_slow_are_seen(tmp_path: Path) -> None:
    field = sweeping.prepare(servers.in_folder(tmp_path)("load"), 60)
    compare_all(field.ground.database)
    steps, sweep, page = loading.measure(field, rounds=1, steps=3, pages=5)
    assert [steps.is_met, sweep.is_met, page.is_met] == [False, True, True]
    assert min(figure.ours[0] for figure in (steps, sweep, page)) > 0
    assert steps.what == "steps in a second, among 2,400 tasks"


def test_pages_are_measured_and_one_that_looks_at_everything_is_seen(url_of: UrlOf) -> None:
    few, many = sweeping.prepare(url_of("few"), 10), sweeping.prepare(url_of("many"), 150)
    found = list(listing.measure(few, many, rounds=1, pages=5, page=5))
    assert [figure.what.partition(" of ")[0] for figure in found] == [
        "the first page", "a page halfway",
    ]  # fmt: skip
    for field in (few, many):
        lose_index(field.ground.database)
    (control, *_) = listing.measure(few, many, rounds=1, pages=3, page=5)
    assert control.ratio > 1.5 * found[0].ratio
    assert not control.is_met
    for field in (few, many):
        field.ground.database.close()


def test_hashing_is_measured_and_a_slow_verification_is_seen(tmp_path: Path) -> None:
    url = auditing.prepare(servers.in_folder(tmp_path)("hashed"), 1_000)
    found = auditing.measure_hashing(url, rounds=1)
    slow = auditing.measure_hashing(url, rounds=1, repeated=12)
    assert found.code == "P8 rate"
    assert slow.ratio < found.ratio / 2
    assert not slow.is_met


def test_growth_is_measured_and_a_cost_that_grows_is_seen(tmp_path: Path) -> None:
    """The control makes each event cost a walk over all tasks that there are."""
    sizes = Sizes((20, 400), (7,), (60,))
    sound, slow = tmp_path / "sound", tmp_path / "spoilt"
    sound.mkdir()
    slow.mkdir()
    found = list(growth.measure(servers.in_folder(sound), sizes, rounds=1, copies=14))
    assert [one.axis for one in found] == [
        "challenges", "tasks of a challenge", "events of a challenge",
    ]  # fmt: skip
    assert [[size for size, _ in one.points] for one in found] == [[20, 400], [44], [60]]
    control = next(growth.measure(servers.in_folder(slow), sizes, rounds=1, is_spoilt=True))
    assert control.exponent("completion") > found[0].exponent("completion") + 0.2


def test_the_statements_alone_are_measured_and_more_of_them_are_seen(tmp_path: Path) -> None:
    """The control runs them twenty times where one is counted."""
    sound, slow = tmp_path / "sound", tmp_path / "spoilt"
    sound.mkdir()
    slow.mkdir()
    found = list(floors.measure(sound, rounds=1, starts=4, due=6))
    assert [one.code for one in found] == ["F1", "F3", "F6"]
    control = next(floors.measure(slow, rounds=1, repeated=20))
    assert control.ratio < 0.5 * found[0].ratio


def test_a_cost_is_told_by_the_power_with_which_it_grows() -> None:
    points = [(10, dict.fromkeys(growth.WHATS, 1.0)), (1_000, dict.fromkeys(growth.WHATS, 10.0))]
    series = Series("challenges", points)
    assert series.exponent("page") == pytest.approx(0.5)
    assert "| challenges | page | 1 at 10, 10 at 1,000 | +0.50 |" in growth.table([series])
    drawn = plots.lines("It & grows", "challenges", {"page": [(10.0, 1.0), (1_000.0, 10.0)]})
    assert "<title>It &amp; grows</title>" in drawn
    assert re.search(r'points="\d+,\d+ \d+,\d+" fill="none" stroke="#1d70b8"', drawn)


def figure(code: str, ratio: float, budget: Budget | None) -> Figure:
    """Return a figure with one ratio."""
    return Figure(code=code, what="a try", unit="ms", ours=[ratio], against=[1.0], budget=budget)


def test_budgets_are_drawn_with_what_is_missed_in_red_and_what_has_none_is_only_told() -> None:
    figures = [
        figure("P0", 3.0, Budget(2.0)),
        figure("P1", 3.0, Budget(2.0, is_floor=True)),
        figure("P2", 3.0, None),
    ]
    drawn = plots.budgets(figures)
    assert drawn.endswith("</svg>\n")
    assert re.findall(r'<circle cx="(\d+)" cy="\d+" r="4" fill="(#\w+)"', drawn) == [
        ("409", "#d4351c"), ("431", "#00703c"),
    ]  # fmt: skip
    assert table(figures).endswith("|  | told |")
