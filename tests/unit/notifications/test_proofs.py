"""Every notice of a definition is tried for each thing it can go out for, before it must go out."""

from pathlib import Path
from time import process_time

import pytest

from definitions import loader
from notifications.proofs import check_folder, find_unwritable
from notifications.sandbox.folder import SHIPPED
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


def checked(folder: Path, **templates: str) -> list[str]:
    """Return what is wrong with a folder of templates of the example; `a__html` is `a.html`."""
    for name, text in templates.items():
        (folder / name.replace("__", ".")).write_text(text, encoding="utf-8")
    problems = check_folder(folder, {"site_visit": definition()})
    return [str(problem).replace(f"{folder}/", "") for problem in problems]


def test_a_copy_of_all_shipped_templates_has_no_problem(tmp_path: Path) -> None:
    copies = {path.name: path.read_text() for path in SHIPPED.iterdir()}
    definitions = {name: loader.load(name).definition for name in loader.shipped()}
    for name, text in copies.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert check_folder(tmp_path, definitions) == []


def test_an_empty_folder_has_no_problem(tmp_path: Path) -> None:
    assert checked(tmp_path) == []


def test_a_name_that_no_message_has_is_told_with_the_nearest_and_all_there_are(
    tmp_path: Path,
) -> None:
    (said,) = checked(tmp_path, to_do__text__txt="Before\n{{ the_vist }}, {{ title }}")
    assert said.startswith(
        'to_do.text.txt:2:4: no message has "the_vist"; did you mean "the_visit"? ('
    )
    assert "about, answer, ask," in said
    assert said.endswith("visit, wanted)")


def test_what_the_frames_are_told_is_known_in_the_frames_only(tmp_path: Path) -> None:
    words = "{{ words }}{{ paragraphs[0].text }}{{ own_html or '' }}"
    assert checked(tmp_path, frame__txt=words) == []
    (said, *_) = checked(tmp_path, overdue__subject__txt="{{ words }}")
    assert 'overdue.subject.txt:1:4: no message has "words"' in said


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("to_do__text__txt", "a\n{% if x %}", "to_do.text.txt:2:1: cannot be read: Unexpected"),
        ("to_do__text__txt", "{{ 'a' * 10 ** 9 }}", "to_do.text.txt:1:1: needs more than 512 MB"),
        (
            "to_do__text__txt",
            "{% include 'greting.txt' %}",
            'to_do.text.txt:1:13: there is no template "greting.txt"',
        ),
        (
            "dates_moved__text__txt",
            "Hello\n{{ about.name }}",
            "dates_moved.text.txt:2:1: dates_moved of site_visit cannot be written when a date "
            "moves: cannot be filled in: 'None' has no attribute 'name'",
        ),
        (
            "frame__txt",
            "{% for line in lines %}\n{{ line.titel }}\n{% endfor %}",
            "cannot be filled in: there is no \"titel\" here; did you mean \"title\"? (title, key,",
        ),
        (
            "frame__html",
            "{% for part in sections %}\n{{ part.head }}\n{% endfor %}",
            'there is no "head" here; did you mean "heading"? (heading, lines, words, paragraphs)',
        ),
        (
            "calendar_entry__text__txt",
            "{{ entry.titel }}",
            'calendar_entry.text.txt:1:1: calendar_entry cannot be written: cannot be filled in:'
            ' there is no "titel" here',
        ),
        (
            "digest__text__txt",
            "{{ sections[0].titel }}",
            'digest.text.txt:1:1: digest cannot be written: cannot be filled in: there is no "t',
        ),
    ],
)  # fmt: skip
def test_every_problem_has_its_place(tmp_path: Path, name: str, text: str, said: str) -> None:
    found = checked(tmp_path, **{name: text})
    assert len(found) == 1
    assert said in found[0]
    assert "warning" not in found[0]


def test_a_file_that_nothing_uses_is_a_warning_with_the_nearest_name(tmp_path: Path) -> None:
    found = checked(
        tmp_path,
        overdu__text__txt="Words.",
        README__md="Read me.",
        overdue__txt="Words.",
        greeting__txt="Dear all,",
        welcome__text__txt="{% include 'greeting.txt' %}",
    )
    assert found[0].startswith(
        'README.md:1:1: warning: "README.md" is not used: a template is called'
    )
    assert (
        'overdu.text.txt:1:1: warning: no definition that is known has a notice "overdu"'
        in found[1]
    )
    assert 'did you mean "overdue"?' in found[1]
    assert found[2].startswith('overdue.txt:1:1: warning: "overdue.txt" is not used')
    assert len(found) == 3


def test_what_a_part_gets_from_its_surroundings_is_not_unknown(tmp_path: Path) -> None:
    part = "{{ line.title }}"
    loop = "{% for line in lines %}{% include 'part.txt' %}{% endfor %}"
    assert checked(tmp_path, part__txt=part, to_do__text__txt=loop) == []
