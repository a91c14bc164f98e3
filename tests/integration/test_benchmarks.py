"""The benchmarks measure what they say, at a small size, and each sees a planted slowness."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import __main__ as command
from benchmarks import calendars, completion, planning, reporting, servers, starting, sweeping
from benchmarks.figures import Budget, Figure, table
from benchmarks.ground import BEGUN, TASKS, lay
from workflow.clock import SetClock
from workflow.store import challenges
from workflow.store.database import Database
from workflow.sweep import Sweep
from workflow.views import Views

pytestmark = pytest.mark.timed
UrlOf = Callable[[str], str]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url_of(request: pytest.FixtureRequest, tmp_path: Path) -> UrlOf:
    """Return what gives names to new databases, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return servers.in_folder(tmp_path)
    return servers.on_server(request.getfixturevalue("postgres_server"))


def figure(*ratios: float, budget: Budget) -> Figure:
    """Return a figure with these ratios."""
    ones = [1.0] * len(ratios)
    return Figure(
        code="P0", what="a try", unit="ms", ours=ratios, against=ones, budget=budget
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ratios", "budget", "is_met"),
    [
        ((0.3, 0.4, 0.9), Budget(0.4, is_floor=True), True),
        ((0.3, 0.39, 0.9), Budget(0.4, is_floor=True), False),
        ((1.0, 1.5, 9.0), Budget(1.5), True),
        ((1.0, 1.51, 1.6), Budget(1.5), False),
    ],
)
def test_the_median_of_the_rounds_is_held_against_the_budget(
    ratios: tuple[float, ...], budget: Budget, *, is_met: bool
) -> None:
    tried = figure(*ratios, budget=budget)
    assert tried.is_met is is_met
    assert ("met" if is_met else "**missed**") in table([tried]).splitlines()[-1]


def test_each_copy_is_a_whole_challenge_that_the_engine_can_work_on(url_of: UrlOf) -> None:
    ground = lay(url_of("copies"))
    model = ground.start("MODEL")
    ids = ground.copy(model, 3, at_once=2)
    with ground.database.reading() as link:
        copies = [challenges.load(link, f"C-{number}") for number in ids]
        first = challenges.load(link, "MODEL").challenge
    assert [copy.id for copy in copies] == list(ids)
    for copy in copies:
        assert copy.challenge.reference == f"C-{copy.id}"
        assert copy.challenge.tasks == first.tasks
        assert len(copy.challenge.tasks) == TASKS
    ground.engine().act(f"C-{ids[1]}", ground.steps()[0], actor=ground.administrator)
    views = Views(ground.database, SetClock(BEGUN))
    done = [sum(t.done_on is not None for t in views.look(f"C-{n}").lines) for n in ids]
    assert done == [0, 1, 0]
    ground.database.close()


def test_nothing_is_due_until_a_challenge_is_woken(url_of: UrlOf) -> None:
    field = sweeping.prepare(url_of("sleeping"), 3)
    sweep = Sweep(field.ground.database, SetClock(BEGUN + sweeping.LATER))
    assert sweep.tick().looked_at == 0
    field.ground.wake(field.ids[:2], BEGUN)
    swept = sweep.tick()
    assert (swept.looked_at, swept.failed) == (2, ())
    assert swept.raised > 0
    field.ground.database.close()


def spoil_events(database: Database) -> None:
    """Make each event cost a walk over all pairs of six hundred tasks."""
    with database.writing() as link:
        link.execute(
            "CREATE TRIGGER spoilt AFTER INSERT ON event BEGIN SELECT count(*) FROM"
            " (SELECT 1 FROM task LIMIT 600) AS a, (SELECT 1 FROM task LIMIT 600) AS b; END"
        )


def test_completions_are_measured_and_a_slow_engine_is_seen(tmp_path: Path) -> None:
    sound, spoilt = tmp_path / "sound", tmp_path / "spoilt"
    for folder in (sound, spoilt):
        folder.mkdir()
    found = completion.measure(sound, rounds=2, slices=1)
    slow = completion.measure(spoilt, rounds=1, slices=1, on_ready=spoil_events)
    for quick, control in zip(found, slow, strict=True):
        assert len(quick.ratios) == 2
        assert quick.facts["events_per_completion"] == 2  # 36 events in 18 steps
        assert control.ratio < quick.ratio / 2
        assert not control.is_met


def spoil_entries(database: Database) -> None:
    """Make each entry of the audit log cost a walk over all pairs of a thousand tasks."""
    with database.writing() as link:
        link.execute(
            "CREATE TRIGGER spoilt AFTER INSERT ON entry BEGIN SELECT count(*) FROM"
            " (SELECT 1 FROM task LIMIT 1000) AS a, (SELECT 1 FROM task LIMIT 1000) AS b; END"
        )


def test_what_the_audit_log_costs_is_measured_and_a_slow_one_is_seen(tmp_path: Path) -> None:
    slow = completion.measure_audit(tmp_path, rounds=1, slices=1, on_ready=spoil_entries)
    assert slow.ratio > 2 * completion.AUDIT_BUDGET.limit
    assert not slow.is_met


def lose_index(database: Database) -> None:
    """Take away what makes looking for due challenges cheap."""
    with database.writing() as link:
        link.execute("DROP INDEX ix_challenge_wake_at")


def test_idle_sweeps_are_measured_and_a_lost_index_is_seen(url_of: UrlOf) -> None:
    few, many = sweeping.prepare(url_of("few"), 20), sweeping.prepare(url_of("many"), 3000)
    found = sweeping.measure_idle(few, many, rounds=3, sweeps=20)
    for field in (few, many):
        lose_index(field.ground.database)
    control = sweeping.measure_idle(few, many, rounds=3, sweeps=20)
    assert len(found.ratios) == 3
    assert control.ratio > 1.5 * found.ratio
    assert not control.is_met
    for field in (few, many):
        field.ground.database.close()


def spoil_challenges(database: Database) -> None:
    """Make each change of a challenge cost six walks over all tasks that there are."""
    walk = "SELECT count(title) FROM task CROSS JOIN (VALUES (1), (2), (3), (4), (5), (6)) AS six"
    with database.writing() as link:
        if database.dialect == "sqlite":
            link.execute(f"CREATE TRIGGER spoilt AFTER UPDATE ON challenge BEGIN {walk}; END")
            return
        link.execute(
            "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$ BEGIN {walk.replace('SELECT', 'PERFORM')}; RETURN NEW; END $$"
        )
        link.execute(
            "CREATE TRIGGER spoilt AFTER UPDATE ON challenge FOR EACH ROW EXECUTE FUNCTION spoil()"
        )


def test_due_sweeps_are_measured_and_work_that_grows_is_seen(url_of: UrlOf) -> None:
    few, many = sweeping.prepare(url_of("few"), 20), sweeping.prepare(url_of("many"), 1000)
    found = sweeping.measure_due(few, many, rounds=2, count=4)
    for field in (few, many):
        spoil_challenges(field.ground.database)
    control = sweeping.measure_due(few, many, rounds=1, count=2)
    assert len(found.ratios) == 2
    assert control.ratio > 2 * found.ratio
    for field in (few, many):
        field.ground.database.close()


def test_starting_is_measured_and_a_heavy_import_is_seen(tmp_path: Path) -> None:
    planted = tmp_path / "planted"
    planted.mkdir()
    (planted / "cli.py").write_text(
        "import sqlalchemy, pydantic, sqlmodel, alembic\n\ndef main() -> None: ...\n"
    )
    shown, listed = starting.measure(tmp_path, rounds=2, challenges=3)
    control, _ = starting.measure(planted, rounds=2, challenges=3, root=planted)
    assert len(shown.ratios) == len(listed.ratios) == 2
    assert shown.ratio > 1
    assert control.ratio > 1.5 * shown.ratio
    assert not control.is_met


def test_previews_of_a_calendar_are_measured_and_memory_that_grows_is_seen(
    tmp_path: Path,
) -> None:
    url_of, counts = servers.in_folder(tmp_path), (20, 320)
    few, many = (
        calendars.prepare(url_of(name), count)
        for name, count in zip(("few", "many"), counts, strict=True)
    )
    took, memory = calendars.measure(few, many, counts=counts, rounds=1)
    _, control = calendars.measure(few, many, counts=counts, rounds=1, ballast=200_000)
    assert took.against == [30 * 320 / 10_000]
    assert memory.is_met
    assert control.ratio > memory.ratio
    assert not control.is_met


def test_reports_are_measured_and_a_slow_one_is_seen(tmp_path: Path) -> None:
    """The control makes each report four times for one that is counted."""
    ground = reporting.prepare(servers.in_folder(tmp_path)("report"), 30)
    figures = list(reporting.measure(ground, count=30, rounds=2))
    slow = list(reporting.measure(ground, count=30, rounds=2, repeated=4))
    ground.database.close()
    assert [one.against for one in figures] == [[10 * 30 / 10_000] * 2] * 2
    assert "the register of 30 challenges" in figures[0].what
    assert all(a.ratio > 2 * b.ratio for a, b in zip(slow, figures, strict=True))


def test_plans_and_forecasts_are_measured_and_a_slow_one_is_seen() -> None:
    """The control does the work four times for each that is counted."""
    figures = list(planning.measure(rounds=2))
    assert [one.code for one in figures] == ["D1", "D2", "D2"]
    assert "60 tasks" in figures[0].what
    again = [one.ratio for one in planning.measure(rounds=2, repeated=4)]
    assert all(slow > 2 * one.ratio for slow, one in zip(again, figures, strict=True))


def test_the_command_prints_a_table_and_writes_all_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    results = tmp_path / "new" / "results.json"
    command.main(["--only", "P9", "--rounds", "1", "--quick", "--json", str(results)])
    said = capsys.readouterr()
    assert said.out.startswith("| # | what |")
    assert "| P9 list |" in said.out
    assert "P9: starting" in said.err
    written = json.loads(results.read_text())
    assert [one["figure"] for one in written["figures"]] == ["P9 --help", "P9 list"]
    assert len(written["figures"][0]["ours"]) == 11
    page = results.with_suffix(".md").read_text()
    assert page.startswith(said.out.rstrip())
    assert "![results-budgets](results-budgets.svg)" in page
    assert (results.parent / "results-budgets.svg").read_text().startswith("<svg")
