"""`definition`: list, read, check, schema, diagram, a copy to change."""

import json

import pytest

from tests.integration.cli.desk import DEFINITION, Desk


def test_the_list_has_what_comes_with_the_program_and_what_is_in_use(empty: Desk) -> None:
    rows = {row["name"]: row for row in empty.read("definition", "list")["definitions"]}
    assert rows[DEFINITION]["is_kept"] is False
    empty.type("new", "A-1", f"--definition={DEFINITION}", "--title=A", "--client=A")
    rows = {row["name"]: row for row in empty.read("definition", "list")["definitions"]}
    assert (rows[DEFINITION]["is_kept"], rows[DEFINITION]["challenges"]) == (True, 1)
    assert DEFINITION in empty.type("definition", "list").stdout


def test_a_definition_is_shown_as_it_was_written_without_making_a_database(empty: Desk) -> None:
    text = empty.type("definition", "show", DEFINITION).stdout
    assert f"definition: {DEFINITION}" in text
    assert not (empty.folder / "rehearsal.db").exists()
    found = empty.read("definition", "show", DEFINITION)
    assert found["definition"]["stages"]
    text = empty.type("definition", "show", "local_peer_challenge", code=5).stderr
    assert 'did you mean "local_system_peer_challenge"' in text


def test_a_copy_is_written_to_change_and_nothing_is_overwritten(empty: Desk) -> None:
    file = empty.folder / "mine.yaml"
    assert "is yours to change" in empty.type("definition", "init", "mine", str(file)).stdout
    assert "definition: mine\n" in file.read_text()
    text = empty.type("definition", "init", "mine", str(file), code=2).stderr
    assert "is there already; name another file" in text
    assert '"My Own" cannot name' in empty.type("definition", "init", "My Own", code=2).stderr
    assert "0 problems" in empty.type("definition", "check", str(file)).stderr


def test_every_problem_is_named_with_its_place_and_ends_with_2(empty: Desk) -> None:
    file = empty.folder / "mine.yaml"
    empty.type("definition", "init", "mine", str(file))
    text = file.read_text().replace("4 weeks after onsite_end", "4 wekks after onsite_end")
    file.write_text(text.replace("by: challenge_manager", "by: chalenge_manager", 1))
    result = empty.type("definition", "check", str(file), code=2)
    lines = result.stdout.splitlines()
    assert all(line.startswith(f"{file}:") for line in lines)
    assert any('unknown unit "wekks"; did you mean "weeks"?' in line for line in lines)
    assert any("chalenge_manager" in line for line in lines)
    assert result.stderr.startswith(f"{len(lines)} problems, 0 warnings.")
    checked = empty.read("definition", "check", str(file), code=2)["files"][0]
    assert checked["is_usable"] is False
    assert checked["problems"][0].keys() >= {"line", "column", "path", "message", "is_warning"}
    started = empty.type("new", "A", f"--definition={file}", "--title=A", "--client=A", code=2)
    assert 'did you mean "weeks"?' in started.stderr


def test_a_file_that_is_not_there_is_not_found(empty: Desk) -> None:
    empty.type("definition", "check", "none.yaml", code=5)


def test_the_schema_is_json_schema(empty: Desk) -> None:
    schema = json.loads(empty.type("definition", "schema").stdout)
    assert schema["$schema"].endswith("2020-12/schema")
    assert "stages" in schema["properties"]


@pytest.mark.parametrize("name", [DEFINITION, "docs/examples/site_visit.yaml"])
def test_the_diagram_is_mermaid(empty: Desk, name: str) -> None:
    assert empty.type("definition", "diagram", name).stdout.startswith("stateDiagram")


def test_a_definition_of_ones_own_that_is_in_use_is_shown_by_its_name(empty: Desk) -> None:
    file = "docs/examples/site_visit.yaml"
    empty.type("new", "A-1", f"--definition={file}", "--title=A", "--client=A")
    assert "definition: site_visit" in empty.type("definition", "show", "site_visit").stdout
    empty.type("assign", "A-1", "manager", "1")
    assert "Planning → On hold: rain" in empty.type("postpone", "A-1", "--reason=rain").stdout
    assert "On hold → Planning" in empty.type("resume", "A-1").stdout
