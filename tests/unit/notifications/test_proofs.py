"""Every notice of a definition is tried for each thing it can go out for, before it must go out."""

from pathlib import Path
from time import process_time

import pytest

from definitions import loader
from notifications.proofs import find_unwritable
from workflow.model.checks.finding import Finding
from workflow.model.definition import Definition

ROOT = Path(__file__).parents[3]
EXAMPLE = (ROOT / "docs" / "examples" / "site_visit.yaml").read_text()
SLOWEST_SECONDS = 2.0


def definition(*edits: tuple[str, str]) -> Definition:
    text = EXAMPLE
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return loader.load_text(text, file="visit").definition


def found(folder: Path, *edits: tuple[str, str], **templates: str) -> list[str]:
    """Return what is said of the example when `templates` stand in the programme's folder."""
    for name, text in templates.items():
        (folder / f"{name}.text.txt").write_text(text)
    return [
        f"{'.'.join(map(str, one.path))}: {one.message}"
        for one in find_unwritable(definition(*edits), templates=str(folder))
    ]


@pytest.mark.parametrize(
    "file",
    [
        *(f"definitions/{name}.yaml" for name in loader.shipped()),
        "docs/examples/site_visit.yaml",
        "tests/fixtures/other/grant_round.yaml",
        "benchmarks/visit.yaml",
    ],
)
def test_every_definition_of_ours_can_be_written(file: str) -> None:
    text = (ROOT / file).read_text()
    begun = process_time()
    assert loader.check(text, file=file, further=find_unwritable).problems == ()
    assert process_time() - begun < SLOWEST_SECONDS


def test_a_notice_about_a_person_fails_where_it_is_about_nobody(tmp_path: Path) -> None:
    about = "Dear colleagues, {{ about.name }} has changed something."
    assert found(tmp_path, welcome=about) == []
    assert found(tmp_path, dates_moved=about) == [
        "notices.dates_moved: it cannot be written when a date moves: the template "
        "dates_moved.text.txt cannot be filled in: 'None' has no attribute 'name'; mend the "
        "template, or the notice"
    ]


def test_a_template_that_asks_for_what_no_message_has_is_told_once(tmp_path: Path) -> None:
    assert found(tmp_path, to_do="Before {{ dead_line }}") == [
        "notices.to_do: it cannot be written about a task of a person with a target and a limit: "
        "the template to_do.text.txt cannot be filled in: 'dead_line' is undefined; mend the "
        "template, or the notice"
    ]


def test_a_challenge_without_dates_is_tried(tmp_path: Path) -> None:
    (said,) = found(tmp_path, to_do="On {{ planned[0].on }}")
    assert "has no element 0" in said


def test_a_task_that_is_late_is_tried(tmp_path: Path) -> None:
    (said,) = found(tmp_path, to_do="{{ too_bad if is_late else days_left }}")
    assert "'too_bad' is undefined" in said


def test_a_task_without_a_day_is_tried(tmp_path: Path) -> None:
    said = found(tmp_path, to_do="{{ days_left + days_late }}")
    assert len(said) == 1
    assert "unsupported operand" in said[0]


def test_a_template_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (said,) = found(tmp_path, overdue="{% if %}")
    assert said.startswith("notices.overdue: it cannot be written about a task")
    assert "the template overdue.text.txt cannot be read: Expected an expression" in said


def test_a_weekly_message_is_tried_with_and_without_a_challenge(tmp_path: Path) -> None:
    weekly = (
        "  welcome:\n",
        "  news: {title: This week, when: every week, to: director}\n  welcome:\n",
    )
    assert found(tmp_path, weekly) == []
    said = found(tmp_path, weekly, news="First: {{ portfolio[0].title() }}")
    assert [one.split(":")[0] for one in said] == ["notices.news"]
    assert "it cannot be written every week" in said[0]


def test_what_is_found_stands_at_the_line_of_the_notice(tmp_path: Path) -> None:
    (tmp_path / "overdue.text.txt").write_text("{{ nothing }}")

    def further(parts: Definition) -> list[Finding]:
        return list(find_unwritable(parts, templates=str(tmp_path)))

    checked = loader.check(EXAMPLE, file="f.yaml", further=further)
    (problem,) = checked.problems
    line = EXAMPLE[: EXAMPLE.index("\n  overdue:")].count("\n") + 2
    assert str(problem).startswith(f"f.yaml:{line}:3: notices.overdue: it cannot be written about")
    assert checked.definition is None
