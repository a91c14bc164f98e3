"""Nothing that users meet is left out: commands, settings, words of the language, notices."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

import click
import pytest

import bootstrap
import cli
from definitions import loader
from tests.architecture.tree import ROOT

REFERENCE = ROOT / "docs" / "reference"


def unsaid(words: Iterable[str], page: str) -> list[str]:
    """Return which of `words` do not stand on `page` as they are typed."""
    return sorted(word for word in words if f"`{word}`" not in page)


def commands(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    """Yield every command below `group` with the words that call it."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from ((f"{name} {rest}", found) for rest, found in commands(command, context))
        else:
            yield name, command


def every_command() -> list[tuple[str, click.Command]]:
    """Return all commands of the command line."""
    return list(commands(cli.main, click.Context(cli.main)))


def keys(schema: dict[str, Any]) -> set[str]:
    """Return every key that a definition file may use, at any depth."""
    parts = [schema, *schema["$defs"].values()]
    return {key for part in parts for key in part.get("properties", {})}


@pytest.mark.parametrize(("name", "command"), every_command(), ids=str)
def test_a_command_is_documented_with_its_options_and_says_what_comes_next(
    name: str, command: click.Command
) -> None:
    page = (REFERENCE / "cli.md").read_text(encoding="utf-8")
    section = page.partition(f"## {name}\n")[2].partition("\n## ")[0]
    assert section, f"{name} has no section"
    flags = [option.opts[-1] for option in command.params if isinstance(option, click.Option)]
    assert [flag for flag in flags if flag not in section] == []
    with click.Context(command, info_name=name) as context:
        text = command.get_help(context)
    assert "Example" in text
    assert "Next:" in text


def test_every_setting_is_documented() -> None:
    page = (REFERENCE / "cli.md").read_text(encoding="utf-8")
    names = [bootstrap.PREFIX + field.name.upper() for field in fields(bootstrap.Settings)]
    assert unsaid(names, page) == []


def test_every_key_of_a_definition_is_documented() -> None:
    schema = json.loads((ROOT / "definitions" / "schema.json").read_text(encoding="utf-8"))
    page = (REFERENCE / "definition-language.md").read_text(encoding="utf-8")
    assert len(keys(schema)) > 50
    assert unsaid(keys(schema), page) == []


@pytest.mark.parametrize("name", loader.shipped())
def test_every_task_notice_and_transition_of_a_shipped_definition_is_documented(name: str) -> None:
    definition = loader.load(name).definition
    page = (REFERENCE / f"{name}.md").read_text(encoding="utf-8")
    assert unsaid([*definition.tasks, *definition.notices, *definition.transitions], page) == []


def test_what_is_left_out_is_seen() -> None:
    assert unsaid(["said", "unsaid"], "here `said` stands, and unsaid does not") == ["unsaid"]
