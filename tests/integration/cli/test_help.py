"""Help: every command leads with an example that can be typed, and names the next command."""

import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from cli import SECTIONS, main
from console.frame import Command, Formatter
from workflow.model.access.permissions import Role


def commands(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command of a group, with the words that call it."""
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        found = group.get_command(ctx, name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from commands(found, *path, name)
        else:
            yield (*path, name), found


EVERY = list(commands(main))
NAMES = {" ".join(path) for path, _ in EVERY}


@pytest.mark.parametrize(("path", "command"), EVERY, ids=[" ".join(path) for path, _ in EVERY])
def test_help_leads_with_an_example_and_names_the_next_command(
    path: tuple[str, ...], command: click.Command
) -> None:
    assert isinstance(command, Command)
    text = CliRunner().invoke(main, [*path, "--help"]).output
    lines = [line for line in text.splitlines() if line]
    assert lines[1] in ("Example:", "Examples:")
    assert lines[2].startswith(f"  peer-challenge {' '.join(path)}")
    assert lines[-1] == f"Next: peer-challenge {command.follow}"


@pytest.mark.parametrize(("path", "command"), EVERY, ids=[" ".join(path) for path, _ in EVERY])
def test_examples_and_next_commands_are_ones_that_exist(
    path: tuple[str, ...], command: click.Command
) -> None:
    assert isinstance(command, Command)
    for example in command.examples:
        words = shlex.split(example.partition(" > ")[0])
        assert tuple(words[: len(path)]) == path
        if "…" not in example:
            command.make_context("", words[len(path) :], resilient_parsing=False)
    follow = command.follow.split()
    assert follow[0] in NAMES or " ".join(follow[:2]) in NAMES


def test_help_names_every_role_of_access() -> None:
    text = CliRunner().invoke(main, ["grant", "give", "--help"]).output
    assert all(role.value in text for role in Role)


def test_the_table_of_contents_says_what_each_command_says() -> None:
    for part in SECTIONS.values():
        for name, place in part.items():
            found = main.get_command(click.Context(main), name)
            assert found is not None
            assert place.help == found.get_short_help_str(limit=200), name


@pytest.mark.parametrize("width", [50, 60, 78, 98, 200])
def test_help_is_laid_out_as_click_does(width: int) -> None:
    for name, command in (("", main), *((" ".join(path), found) for path, found in EVERY)):
        usages, rests = set(), set()
        for kind in (click.HelpFormatter, Formatter):
            ctx = click.Context(command, info_name=f"peer-challenge {name}", terminal_width=width)
            ctx.formatter_class = kind
            usage, _, rest = command.get_help(ctx).partition("\n\n")
            usages.add(" ".join(usage.split()))  # ours stays on a line as long as there is room
            rests.add(rest)
        assert (len(usages), len(rests)) == (1, 1), rests


def test_a_misspelt_command_gets_the_nearest() -> None:
    result = CliRunner().invoke(main, ["lsit"])
    assert result.exit_code == 2
    assert 'there is no command "lsit"; did you mean "list"?' in result.output
    result = CliRunner().invoke(main, ["mail", "retri"])
    assert 'did you mean "retry"?' in result.output


def test_a_misspelt_option_is_a_usage_error() -> None:
    assert CliRunner().invoke(main, ["list", "--jsn"]).exit_code == 2


def test_the_version_is_shown() -> None:
    assert CliRunner().invoke(main, ["--version"]).output.startswith("peer-challenge 0.")
