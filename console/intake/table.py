"""Reads a CSV or XLSX file into rows of text, and collects what is wrong with them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from workflow.model.errors import InvalidInput, NotFound

MOST_ROWS = 10_000
MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a file. `number` is its line as spreadsheets count, the head being 1."""

    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """Return the text in a column, empty where there is none."""
        return self.cells.get(column, "")


@dataclass(slots=True)
class Troubles:
    """What is wrong with a file, collected so that all is said at once."""

    file: str
    found: list[str] = field(default_factory=list)

    def add(self, row: Row, column: str, reason: str) -> None:
        """Note what is wrong with one cell."""
        value = f" {row[column]!r}" if row[column] else ""
        self.found.append(f"row {row.number}, column {column}{value}: {reason}")

    def end(self) -> None:
        """Refuse the file if anything was found.

        Raises:
            InvalidInput: with every trouble on a line of its own.
        """
        if self.found:
            head = f"{self.file}: {len(self.found)} wrong; nothing was changed"
            raise InvalidInput("\n".join([head, *(f"  {line}" for line in self.found)]))


def read_rows(file: str, *, needed: Sequence[str]) -> list[Row]:
    """Return the rows of a file that are not empty; columns are known by their head.

    Raises:
        NotFound: there is no such file.
        InvalidInput: it cannot be read, or lacks a column.
    """
    table = [[_text(cell) for cell in cells] for cells in _read(Path(file))]
    head = [name.strip() for name in table[0]] if table else []
    missing = [name for name in needed if name not in head]
    if missing:
        raise InvalidInput(f"{file}: there is no column {', '.join(missing)} in its first row")
    doubled = sorted({name for name in head if name and head.count(name) > 1})
    if doubled:
        raise InvalidInput(f"{file}: the column {', '.join(doubled)} is there more than once")
    rows = [
        Row(number, dict(zip(head, cells, strict=False)))
        for number, cells in enumerate(table[1:], start=2)
        if any(cells)
    ]
    if len(rows) > MOST_ROWS:
        raise InvalidInput(f"{file}: {len(rows)} rows; at most {MOST_ROWS} at once")
    _refuse_strays(file, head, table)
    return rows


def _refuse_strays(file: str, head: Sequence[str], table: Sequence[Sequence[str]]) -> None:
    """Refuse cells under no head: nobody knows what they say, and a comma may be amiss."""
    troubles = Troubles(file)
    for number, cells in enumerate(table[1:], start=2):
        names = [*head, *([""] * (len(cells) - len(head)))]
        strays = [cell for name, cell in zip(names, cells, strict=False) if cell and not name]
        if strays:
            reason = f"{strays[0]!r} stands in a column that has no name in the first row"
            troubles.found.append(f"row {number}: {reason}")
    troubles.end()


def split(text: str) -> list[str]:
    """Return what a cell with several values holds; they stand apart by semicolons or commas."""
    parts = (part.strip() for part in text.replace(",", ";").split(";"))
    return [part for part in parts if part]


def _read(path: Path) -> Iterable[Sequence[Any]]:
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise InvalidInput(f"{path} is too big ({size:,} bytes; at most {MOST_BYTES:,})")
        return _read_xlsx(path) if path.suffix.lower() == ".xlsx" else _read_csv(path)
    except FileNotFoundError as error:
        raise NotFound("file", str(path), ()) from error
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror or error}") from error


def _read_csv(path: Path) -> list[list[str]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not UTF-8; save it as CSV UTF-8") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise InvalidInput(f"{path} is not a CSV file: {error}") from error


def _read_xlsx(path: Path) -> list[Sequence[Any]]:
    from openpyxl import load_workbook

    try:
        with closing(load_workbook(path, read_only=True, data_only=True)) as book:
            return list(book.worksheets[0].iter_rows(values_only=True))
    except OSError:
        raise
    except Exception as error:  # whatever the library stumbles over is the file's own fault
        raise InvalidInput(f"{path} is not an XLSX file with a table: {error}") from error


def _text(cell: object) -> str:
    """Return a cell as text; a day of a spreadsheet is an ISO date."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        is_day = (cell.hour, cell.minute, cell.second) == (0, 0, 0)
        return cell.date().isoformat() if is_day else cell.isoformat(timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell).strip()
