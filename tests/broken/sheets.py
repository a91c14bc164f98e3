"""Files of people and of challenges with many bad rows, in thirty ways, among good ones."""

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from tests.integration.cli.desk import DEFINITION, MANAGER

Cells = dict[str, str]
Good = Callable[[int], Cells]


class Way(NamedTuple):
    """A way for a row to be bad: the column, and what stands in it."""

    column: str
    value: str


class Sheet(NamedTuple):
    """A file's rows, and which of them (by their number in the file) are bad in which way."""

    rows: Sequence[Cells]
    bad: dict[int, Way]


PEOPLE_WAYS = (
    *(Way("email", value) for value in (
        "nope", "", "a@b", "<a@b.example>", "a@b.example, c@d.example", "a b@c.example", "a@b..example",
        "@x.example", "a@-x.example", "é@x.example", "a@x.example\nBcc: b@x.example", "a@b.example SIZE=9",
        f"{'x' * 65}@x.example", "mailto:a@b.example", "a@b.example>", MANAGER, MANAGER.upper(),
        "person0@x.example", "a@b@c.example", "a@x_y.example",
    )),
    *(Way("name", value) for value in ("", "x" * 201, "bell\x07", "two\nlines", "=?utf-8?q?x?=", "a\u2028b")),
    *(Way("organisation", value) for value in ("x" * 201, "red\x1b[31m", "=?x?=")),
    *(Way("phone", value) for value in ("9" * 201, "1\n2")),
    *(Way("capabilities", value) for value in ("Former", "é", "x" * 61, "1st", "a-b")),
)  # fmt: skip

CHALLENGE_WAYS = (
    *(Way("reference", value) for value in ("", "NOR-26", "IMP-00000", "a b", "x" * 61, "../x", "a\nb", "=1+1", "é", "-x")),
    *(Way("title", value) for value in ("", "bell\x07", "x y" * 1_000)),
    *(Way("client", value) for value in ("", "two\nlines")),
    *(Way("definition", value) for value in ("", "none_such", "local_system", "../x.yaml", "none.yaml", "/etc/passwd.yaml")),
    *(Way("date:onsite_start", value) for value in (
        "2027-02-30", "tomorrow", "30/02/2027", "2027-13-01", "0", "2027-03", "=TODAY()", "99999-01-01", "x" * 300,
    )),
    *(Way("role:challenge_manager", value) for value in (
        "nobody@x.example", "Alex", "999", f"{MANAGER}; nobody@x.example", "-1",
    )),
    *(Way("concerns", value) for value in ("NONE-1", "NOR-26; NONE-2")),
)  # fmt: skip


def in_workbooks(ways: Sequence[Way]) -> list[Way]:
    """Return the ways that a workbook can hold: no control characters but tab and line break."""
    return [
        way
        for way in ways
        if not any(letter < " " and letter not in "\t\n" for letter in way.value)
    ]


def people(count: int, ways: Sequence[Way] = PEOPLE_WAYS) -> Sheet:
    """Return rows of people, of which nearly every third is bad."""
    return _mixed(count, ways, lambda n: {
        "name": f"Person {n}", "email": f"person{n}@x.example", "organisation": "Council", "phone": "01632 960001",
        "capabilities": "officer",
    })  # fmt: skip


def challenges(count: int, ways: Sequence[Way] = CHALLENGE_WAYS) -> Sheet:
    """Return rows of challenges, of which nearly every third is bad."""
    return _mixed(count, ways, lambda n: {
        "reference": f"IMP-{n:05d}", "title": "Title", "client": "Client", "definition": DEFINITION,
        "date:onsite_start": "2027-03-02", "date:onsite_end": "2027-03-04", "role:challenge_manager": MANAGER,
        "concerns": "",
    })  # fmt: skip


def _mixed(count: int, ways: Sequence[Way], good: Good) -> Sheet:
    rows = [good(number) for number in range(count)]
    bad = {}
    for turn in range(count * 3 // 10):
        at = 1 + turn * 3
        way = ways[turn % len(ways)]
        rows[at] = {**rows[at], way.column: way.value}
        bad[at + 2] = way  # the head is row 1
    return Sheet(rows, bad)


def write_csv(path: Path, rows: Iterable[Cells]) -> Path:
    """Write rows as CSV."""
    every = list(rows)
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(every[0]))
        writer.writeheader()
        writer.writerows(every)
    return path


def write_xlsx(path: Path, rows: Iterable[Cells]) -> Path:
    """Write rows as a workbook, every cell as text."""
    every = list(rows)
    with Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate([list(every[0]), *(list(row.values()) for row in every)]):
            for column, text in enumerate(cells):
                sheet.write_string(number, column, text)
    return path


def untold(sheet: Sheet, said: str) -> list[str]:
    """Return the bad rows that a refusal does not name by row, column, value and reason.

    Good rows that it names are returned too.
    """
    lines = said.splitlines()
    told = dict[int, list[str]]()
    for line in lines:
        head, _, rest = line.strip().partition(",")
        if head.startswith("row ") and rest.startswith(" column "):
            told.setdefault(int(head.removeprefix("row ")), []).append(rest)
    wrong = [f"T14: row {number} is good and told" for number in told if number not in sheet.bad]
    for number, (column, value) in sheet.bad.items():
        shown = f" {value!r}" if value.strip() else ""
        start = f" column {column}{shown}: "
        if not any(
            rest.startswith(start) and len(rest) > len(start) for rest in told.get(number, [])
        ):
            wrong.append(f"T14: row {number} is not told{start}{told.get(number)}")
    return wrong
