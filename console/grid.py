"""A table on a terminal: however narrow that is, no word is broken, as keys are typed again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

PIPE_WIDTH = 120
SHORT = 22  # letters: longer cells of several words may be broken into lines
LEAST = 24  # letters that such cells need, to be read in a column of their own
GAP = 3
_STYLES = {"late": "bold red", "refused": "bold red", "due": "yellow", "open": "yellow"}


def print_table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, width: int | None = None
) -> None:
    """Print rows under a head; where it is too narrow, long cells stand below their row.

    `width` is in letters; without it, it is the terminal's.
    """
    from rich.console import Console

    console = Console(highlight=False, width=width)
    if width is None and not console.is_terminal:
        console = Console(highlight=False, width=PIPE_WIDTH)
    names = [name.upper() for name in head]
    columns = list(zip(names, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    long = {
        number
        for number, column in enumerate(columns)
        if widths[number] > SHORT and any(" " in cell for cell in column)
    }
    least = [LEAST if number in long else width for number, width in enumerate(widths)]
    if not long or sum(least) + GAP * len(least) <= console.width:
        _print_columns(console, names, rows, long)
    else:
        _print_folded(console, [names, *rows], widths, _below(widths, long, room=console.width))


def _below(widths: Sequence[int], long: set[int], *, room: int) -> set[int]:
    """Return the columns that stand below their rows: the long ones, and the last that do not fit.

    The first column always stands in its row.
    """
    below = long - {0}
    for number in range(len(widths) - 1, 0, -1):
        beside = [width for column, width in enumerate(widths) if column not in below]
        if sum(beside) + GAP * (len(beside) - 1) <= room:
            break
        below = below | {number}
    return below


def _print_columns(
    console: "Console", names: Sequence[str], rows: Sequence[Sequence[str]], long: set[int]
) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, GAP, 0, 0))
    for number, name in enumerate(names):
        table.add_column(name, overflow="fold", no_wrap=bool(long) and number not in long)
    for row in rows:
        table.add_row(*map(_styled, row))
    console.print(table)


def _print_folded(
    console: "Console", rows: Sequence[Sequence[str]], widths: Sequence[int], below: set[int]
) -> None:
    """Print each row in two lines or more: its short cells, and under them the others."""
    from rich.padding import Padding
    from rich.text import Text

    for number, row in enumerate(rows):
        style = "" if number else "bold"
        line = Text(style=style)
        for column, cell in enumerate(row):
            if column not in below:
                line.append_text(_styled(cell)).append(" " * (widths[column] - len(cell) + GAP))
        line.rstrip()
        console.print(line)
        rest = " · ".join(row[column] for column in sorted(below) if row[column])
        if rest:
            console.print(Padding(Text(rest, style=style), (0, 0, 0, GAP), expand=False))


def _styled(cell: str) -> "Text":
    from rich.text import Text

    return Text(cell, style=_STYLES.get(cell.partition(" ")[0], ""))
