"""`definition`: list, read, check, schema, diagram, a copy to change."""

import json

import pytest

from definitions import loader
from tests.grounds import enter
from tests.integration.cli.desk import DEFINITION, Desk
from tests.visits import edited
from workflow.model.definition import Definition
from workflow.model.errors import InvalidDefinition
from workflow.store.database import Database


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


def test_a_copy_begins_from_the_one_that_is_named_whatever_its_name(empty: Desk) -> None:
    file = empty.folder / "mine.yaml"
    other = "corporate_peer_challenge"
    for words, first in (((), DEFINITION), ((f"--from={other}",), other)):
        empty.type("definition", "init", DEFINITION, str(file), *words)
        assert f"definition: {DEFINITION}\n" in file.read_text()
        text = loader.read_shipped(first)
        assert file.read_text() == text.replace(
            f"definition: {first}\n", f"definition: {DEFINITION}\n"
        )
        file.unlink()


@pytest.mark.parametrize(("version", "taken"), [("1.10", "1.10"), ("0.9", "1.0")])
def test_by_a_shipped_name_ones_own_higher_version_is_taken(
    empty: Desk, version: str, taken: str
) -> None:
    file = empty.folder / "mine.yaml"
    empty.type("definition", "init", DEFINITION, str(file))
    file.write_text(file.read_text().replace('version: "1.0"', f'version: "{version}"', 1))
    empty.type("new", "A-1", f"--definition={file}", "--title=A", "--client=A")
    empty.type("new", "A-2", f"--definition={DEFINITION}", "--title=A", "--client=A")
    assert empty.read("show", "A-2")["definition_version"] == taken


def test_what_was_started_from_a_file_last_is_taken_by_its_name(empty: Desk) -> None:
    file = empty.folder / "site_visit.yaml"
    for number in range(2):  # in a rehearsal, all at one moment
        version = ('version: "1.0"', f'version: "1.{number}"')
        file.write_text(edited(version))
        empty.type("new", f"A-{number}", f"--definition={file}", "--title=A", "--client=A")
        empty.type("new", f"B-{number}", "--definition=site_visit", "--title=A", "--client=A")
        assert empty.read("show", f"B-{number}")["definition_version"] == f"1.{number}"


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


@pytest.fixture
def outdated(empty: Desk) -> Desk:
    """Return a desk with a challenge under a definition that the linter of today refuses."""
    known = loader.load_text(edited(), file="visit").definition
    document = known.model_dump(mode="json", by_alias=True, exclude_unset=True)
    document["transitions"]["confirm"]["source"] = "hearsay 10"
    text = json.dumps(document, indent=1)
    with pytest.raises(InvalidDefinition, match="hearsay"):
        loader.load_text(text, file="visit")
    empty.type("init")
    database = Database(empty.url)
    with database.writing() as link:
        definition = Definition.model_validate(document)
        enter(link, loader.Loaded(definition, text, loader.content_hash(text)))
    database.close()
    empty.type("new", "A-1", "--definition=site_visit", "--title=A", "--client=A")
    return empty


@pytest.mark.parametrize("name", ["site_visit", "site_visit@1.0"])
def test_what_challenges_run_under_can_be_looked_at_although_a_later_linter_refuses_it(
    outdated: Desk, name: str
) -> None:
    assert outdated.type("definition", "diagram", name).stdout.startswith("stateDiagram")
    found = outdated.read("definition", "show", name)
    assert found["definition"]["transitions"]["confirm"]["source"] == "hearsay 10"
    assert found["content_hash"]
    assert "hearsay 10" in outdated.type("definition", "show", name).stdout


def test_a_file_is_checked_before_it_is_shown_or_drawn(outdated: Desk) -> None:
    file = outdated.folder / "mine.yaml"
    file.write_text(outdated.type("definition", "show", "site_visit").stdout)
    for asked in (("diagram", str(file)), ("show", str(file), "--json")):
        result = outdated.type("definition", *asked, code=2)
        assert "hearsay" in result.output


def test_what_is_kept_is_shown_as_the_file_it_came_from_is(empty: Desk) -> None:
    file = "docs/examples/site_visit.yaml"
    empty.type("new", "A-1", f"--definition={file}", "--title=A", "--client=A")
    by_name, by_file = (empty.read("definition", "show", one) for one in ("site_visit", file))
    assert {**by_name, "name": file} == by_file
