"""Every command with each of its words and files replaced by a hostile one: out of the table."""

from collections.abc import Iterator
from itertools import cycle, islice
from typing import NamedTuple

import click

from cli import main

ENDLESS = {"run": "it serves until it is stopped", "demo": "it plays a whole year"}
"""Commands that are not tried, and why."""

_FILES = ("FILE", "FOLDER", "file", "folder", "place")
_KNOWN = {
    "reference": "NOR-26",
    "ref": "NOR-26",
    "task": "scope",
    "person": "alex.reed@programme.example",
}


class Try(NamedTuple):
    """A command, its hostile parameter, and the arguments around it: the value replaces *."""

    command: str
    parameter: str
    is_file: bool
    arguments: tuple[str, ...]

    def with_value(self, value: str) -> list[str]:
        """Return the arguments with the hostile value in them."""
        return [value if word == "*" else word for word in self.arguments]


def commands(
    group: click.Group = main, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    """Give every command with its name; groups are gone into."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        elif command is not None:
            yield " ".join((*path, name)), command


def tries() -> list[Try]:
    """Return each parameter that takes a word or a file, of every command."""
    return [
        _try(name, command, parameter)
        for name, command in commands()
        if name not in ENDLESS
        for parameter in command.params
        if _takes_words(parameter)
    ]


def spread(
    tried: list[Try], values: dict[str, str], *, each: int
) -> Iterator[tuple[Try, str, str]]:
    """Give `each` values for every try, so that all values come up alike often."""
    turning = cycle(values.items())
    for one in tried:
        for what, value in islice(turning, each):
            yield one, what, value


def _takes_words(parameter: click.Parameter) -> bool:
    is_flag = isinstance(parameter, click.Option) and (parameter.is_flag or parameter.count)
    return not is_flag and not isinstance(parameter.type, click.Choice)


def _try(name: str, command: click.Command, hostile: click.Parameter) -> Try:
    words, options = list[str](), list[str]()
    for parameter in command.params:
        value = "*" if parameter is hostile else _KNOWN.get(str(parameter.name), "x")
        if parameter is not hostile and not parameter.required:
            continue
        if isinstance(parameter, click.Option):
            options += [parameter.opts[-1], *[value] * max(parameter.nargs, 1)]
        else:
            words.append(value)
    shown = f"{hostile.metavar or ''} {hostile.name} {type(hostile.type).__name__}"
    is_file = isinstance(hostile.type, click.Path) or any(word in shown for word in _FILES)
    return Try(name, str(hostile.name), is_file, (*name.split(), *options, "--", *words))
