"""What commands are built from: help begins with an example, modules are loaded when called."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol, TypeVar

import click

from console.failures import Failure
from workflow.model.errors import WorkflowError, nearest

PROGRAM = "peer-challenge"
WIDTH = 100

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


class Option(Protocol):
    """A decorator that adds an option, and leaves the function's type as it was."""

    def __call__(self, function: AnyFunction, /) -> AnyFunction:
        """Return the function, with the option."""


class Command(click.Command):
    """A command whose help begins with an example and ends with what to type next."""

    def __init__(
        self,
        name: str | None,
        *,
        example: str = "",
        follow: str = "",
        **settings: Any,  # noqa: ANN401  (click's own)
    ) -> None:
        super().__init__(name, **settings)
        self.examples = tuple(line.strip() for line in example.strip().splitlines())
        self.follow = follow

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  (click's own)
        """Run the command, if whoever acts may."""
        admit = getattr(ctx.find_root().obj, "admit", None)
        if admit is not None:
            admit(_words(ctx), ctx.params)
        return super().invoke(ctx)

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the example, then what the command does."""
        if self.examples:
            with formatter.section("Example" if len(self.examples) == 1 else "Examples"):
                for line in self.examples:
                    formatter.write(f"{'':{formatter.current_indent}}{PROGRAM} {line}\n")
        super().format_help_text(ctx, formatter)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what to type next."""
        if self.follow:
            formatter.write(f"\nNext: {PROGRAM} {self.follow}\n")


def _words(ctx: click.Context) -> str:
    """Return the words that call a command, without the program's name."""
    names = []
    while ctx.parent is not None:
        names.append(ctx.info_name or "")
        ctx = ctx.parent
    return " ".join(reversed(names))


class Group(click.Group):
    """A group of commands, which knows what a misspelt one should have been."""

    command_class = Command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name; a misspelt one gets the nearest."""
        name = args[0]
        known = self.list_commands(ctx)
        if name not in known and not name.startswith("-"):
            near = nearest(name, known)
            guess = f'did you mean "{near}"? ' if near else ""
            ctx.fail(f'there is no command "{name}"; {guess}({", ".join(known)})')
        return super().resolve_command(ctx, args)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is: the module that holds `NAME_command`, and its help in one line."""

    module: str
    help: str


class Programme(Group):
    """The whole command line. Modules of commands are loaded when they are called."""

    def __init__(
        self,
        name: str | None,
        *,
        sections: Mapping[str, Mapping[str, Place]],
        **settings: Any,  # noqa: ANN401  (click's own)
    ) -> None:
        super().__init__(name, **settings)
        self.sections = sections
        self.places = {name: place for part in sections.values() for name, place in part.items()}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order in which help shows them."""
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, loading its module."""
        place = self.places.get(cmd_name)
        if place is None:
            return None
        name = f"{cmd_name.replace('-', '_')}_command"
        found: click.Command = getattr(import_module(place.module), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by section, without loading any."""
        for title, part in self.sections.items():
            with formatter.section(title):
                formatter.write_dl([(name, place.help) for name, place in part.items()])

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  (click's own)
        """Run a command; the only place where errors become exit codes."""
        try:
            return super().invoke(ctx)
        except WorkflowError as error:
            hiding = getattr(ctx.obj, "hiding", None)
            shown = error if hiding is None else hiding(error)
            raise Failure(shown, is_json=getattr(ctx.obj, "is_json", False)) from error


def command(name: str, *, example: str, follow: str) -> Callable[[AnyFunction], Command]:
    """Return a decorator that makes a function a command of its own."""
    return click.command(name, cls=Command, example=example, follow=follow)


def group(name: str) -> Callable[[AnyFunction], Group]:
    """Return a decorator that makes a function a group of commands."""
    return click.group(name, cls=Group)


def stacked(options: Sequence[Option]) -> Option:
    """Return one decorator for several options, shown in their order."""

    def decorate(function: AnyFunction) -> AnyFunction:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate
