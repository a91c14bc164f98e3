"""Where words go: data to stdout, talk to stderr; as a table, into a pipe as TSV, or as JSON."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from console.frame import PROGRAM

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

REHEARSAL = "REHEARSAL: nothing here is real."


@dataclass(slots=True, kw_only=True)
class Output:
    """How this call shows things. `zone` is the one in which moments are shown.

    Raises nothing; a pipe that closes early ends the program as it does others.
    """

    zone: "ZoneInfo"
    is_json: bool = False
    is_quiet: bool = False
    is_terminal: bool = False
    is_rehearsal: bool = False

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Show rows under a head: a table on a terminal, else tab-separated values."""
        self.warn_of_rehearsal()
        kept = [[_one_line(cell) for cell in row] for row in rows]
        if self.is_terminal:
            from console.grid import print_table

            print_table(head, kept)
        else:
            for row in (head, *kept):
                click.echo("\t".join(row))

    def document(self, name: str, body: Mapping[str, Any]) -> None:
        """Show one JSON object under its schema's name."""
        click.echo(self.written(name, body))

    def written(self, name: str, body: Mapping[str, Any]) -> str:
        """Return one JSON object under its schema's name, as text."""
        import json

        whole: dict[str, Any] = {"schema": f"{PROGRAM}/{name}/1"}
        if self.is_rehearsal:
            whole["rehearsal"] = True
        return json.dumps({**whole, **body}, ensure_ascii=False, indent=2, default=self.plain)

    def text(self, lines: Iterable[str]) -> None:
        """Show lines of text that are the answer; in a rehearsal they say so."""
        if self.is_rehearsal:
            click.echo(REHEARSAL)
        for line in lines:
            click.echo(line.rstrip())

    def warn_of_rehearsal(self) -> None:
        """Say beside a table that nothing is real."""
        if self.is_rehearsal:
            click.echo(REHEARSAL, err=True)

    def talk(self, *lines: str) -> None:
        """Say something beside the answer."""
        if not self.is_quiet:
            for line in lines:
                click.echo(line, err=True)

    def follow(self, *commands: str, summary: str = "") -> None:
        """End with what to type next: for people only."""
        if self.is_quiet or self.is_json:
            return
        typed = "        ".join(f"{PROGRAM} {command}" for command in commands)
        click.echo("", err=True)
        click.echo(f"{summary}    {typed}" if summary else typed, err=True)

    @contextmanager
    def progress(self, what: str) -> "Iterator[Callable[[int, int], None]]":
        """Yield what is told how many of how many are done: a bar, where somebody watches."""
        if self.is_quiet or not sys.stderr.isatty():
            yield lambda done, total: None
            return
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bars:
            bar = bars.add_task(what, total=None)
            yield lambda done, total: bars.update(bar, completed=done, total=total)

    def plain(self, value: object) -> object:
        """Return a value as JSON has it: days as ISO dates, moments with the zone's offset.

        What consists of parts is an object of them.
        """
        if isinstance(value, datetime):
            return value.astimezone(self.zone).isoformat()
        if isinstance(value, date):
            return value.isoformat()
        if is_dataclass(value):
            return {part.name: getattr(value, part.name) for part in fields(value)}
        raise TypeError(f"{value!r} has no place in JSON")


def is_a_terminal() -> bool:
    """Return whether somebody reads along."""
    return sys.stdout.isatty()


def _one_line(cell: str) -> str:
    return " ".join(cell.split()) if any(c in cell for c in "\t\r\n") else cell
