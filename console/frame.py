"""What commands are built from: help begins with an example, modules are loaded when called."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple, Protocol, TypeVar

import click

from console.failures import Failure, readable
from workflow.model.errors import WorkflowError, nearest

PROGRAM = "peer-challenge"
WIDTH, USUAL_WIDTH, LEAST_WIDTH, LEAST_TEXT = 100, 80, 50, 10
AS_IT_IS = "\b"  # click: a paragraph that is not to be broken anew

AnyFunction = TypeVar("AnyFunction", bound=Callable[..., Any])


class Option(Protocol):
    """A decorator that adds an option, and leaves the function's type as it was."""

    def __call__(self, function: AnyFunction, /) -> AnyFunction:
        """Return the function, with the option."""


class Formatter(click.HelpFormatter):
    """Writes help as click does, which loads a library to break plain words into lines."""

    def __init__(
        self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None
    ) -> None:
        known = width or click.formatting.FORCED_WIDTH or _width(max_width or USUAL_WIDTH)
        super().__init__(indent_increment, known, max_width)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        line = f"Usage: {prog} {args}"
        if prefix is None and args and self.current_indent + len(line) <= self.width:
            self.write(f"{line}\n")
        else:
            super().write_usage(prog, args, prefix)

    def write_text(self, text: str) -> None:
        """Write a paragraph or several."""
        if AS_IT_IS in text:
            super().write_text(text)
            return
        indent = " " * self.current_indent
        for number, paragraph in enumerate(text.split("\n\n")):
            lines = _broken(paragraph, max(self.width, LEAST_TEXT) - self.current_indent)
            self.write("\n" if number else "")
            self.write("".join(f"{indent}{line}\n" for line in lines))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write names with what they mean, in two columns."""
        listed = list(rows)
        longest = max((len(name) for name, _ in listed), default=0)
        if longest > col_max or any(not text or "\n" in text for _, text in listed):
            super().write_dl(listed, col_max, col_spacing)
            return
        indent, column = " " * self.current_indent, longest + col_spacing
        for name, text in listed:
            first, *rest = _broken(text, max(self.width - column - 2, LEAST_TEXT))
            self.write(f"{indent}{name:{column}}{first}\n")
            self.write("".join(f"{indent}{'':{column}}{line}\n" for line in rest))


def _broken(text: str, width: int) -> list[str]:
    """Return the lines of a paragraph: as many words on each as there is room for."""
    lines = [""]
    for word in text.replace("\n", " ").split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return [line.rstrip() for line in lines]


def _width(most: int) -> int:
    """Return how wide help may be here: what click would say, without loading what it asks."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdecimal() and int(columns):
        return max(min(int(columns), most) - 2, LEAST_WIDTH)
    try:
        found = os.get_terminal_size(sys.__stdout__.fileno()).columns if sys.__stdout__ else 0
    except (OSError, ValueError):
        found = 0
    return max(min(found or USUAL_WIDTH, most) - 2, LEAST_WIDTH)


class Context(click.Context):
    """A call of a command, whose help is written by our formatter."""

    formatter_class = Formatter


class Command(click.Command):
    """A command whose help begins with an example and ends with what to type next."""

    context_class = Context

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
    context_class = Context

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


class Place(NamedTuple):
    """Where a command is: the module that holds `NAME_command`, and its help in one line."""

    module: str
    help: str


_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")


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

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the arguments, unless one of them is no text that could be kept or shown."""
        for argument in args:
            if not_text := _NOT_TEXT.search(argument):
                told = ascii(not_text[0])[1:-1]
                ctx.fail(f"an argument has {told} in it, which is no text; type it in UTF-8")
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  (click's own)
        """Run a command; the only place where errors become exit codes."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            error.message = readable(error.message)  # type: ignore[misc]  # declared final
            raise
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
