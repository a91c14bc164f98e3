"""Imports are all or nothing, and every bad row is told with its row, column, value and reason."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.broken import sheets
from tests.broken.sheets import Sheet, Way
from tests.integration.cli.desk import Desk

ROWS = 300
Make = Callable[[int, Sequence[Way]], Sheet]
IMPORTS = {
    "people": (sheets.people, sheets.PEOPLE_WAYS, ("person", "import")),
    "challenges": (sheets.challenges, sheets.CHALLENGE_WAYS, ("import",)),
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a desk with a few people and one challenge, that nothing is ever added to."""
    return Desk(tmp_path_factory.mktemp("desk")).fill()


def kept(desk: Desk) -> str:
    """Return what is kept of people and challenges."""
    return desk.type("person", "list").stdout + desk.type("list").stdout


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("name", IMPORTS)
def test_every_bad_row_is_told_and_nothing_is_kept(desk: Desk, name: str, ending: str) -> None:
    make, ways, command = IMPORTS[name]
    count = ROWS if name == "people" else len(ways) * 10 // 3 + 10
    sheet = make(count, ways if ending == "csv" else sheets.in_workbooks(ways))
    write = sheets.write_csv if ending == "csv" else sheets.write_xlsx
    before = kept(desk)
    said = desk.type(*command, str(write(desk.folder / f"{name}.{ending}", sheet.rows)), code=2)
    assert sheets.untold(sheet, said.stderr) == []
    assert "nothing was changed" in said.stderr
    assert kept(desk) == before


def test_there_are_thirty_ways_to_be_bad_and_each_is_tried() -> None:
    assert len(set(sheets.PEOPLE_WAYS)) >= 30
    assert len(set(sheets.CHALLENGE_WAYS)) >= 30
    assert set(sheets.people(ROWS).bad.values()) == set(sheets.PEOPLE_WAYS)


def test_a_row_that_is_not_told_would_be_seen() -> None:
    sheet = sheets.people(9)
    told = "\n".join(
        f"  row {number}, column {way.column}{f' {way.value!r}' if way.value else ''}: bad"
        for number, way in sheet.bad.items()
    )
    assert sheets.untold(sheet, told) == []
    assert sheets.untold(sheet, told.partition("\n")[2])[0].startswith("T14: row 3 is not told")
    assert sheets.untold(sheet, told.replace("'nope'", "'dope'")) != []
    assert sheets.untold(sheet, told + "\n  row 2, column name 'x': bad") != []
    assert sheets.untold(sheet, told.replace(": bad", ": ")) != []


HEAD = b"name,email\n"
FILES = {
    "a field of 200,000 characters": (HEAD + b"x" * 200_000 + b",a@x.example\n", "field"),
    "a quote left open": (HEAD + b'"x,a@x.example\n', "is not a CSV file"),
    "text after a quote": (HEAD + b'"x"y,a@x.example\n', "is not a CSV file"),
    "a NUL": (HEAD + b"x\x00,a@x.example\n", ""),
    "not UTF-8": (HEAD + b"\xff,a@x.example\n", "is not UTF-8"),
    "UTF-16": ("name,email\nx,a@x.example\n".encode("utf-16"), ""),
    "no head": (b"Jo,a@x.example\n", "there is no column name, email"),
    "nothing": (b"", "there is no column name, email"),
    "a column twice": (b"name,name,email\nx,y,a@x.example\n", "more than once"),
    "an unknown column": (b"name,email,phon\nx,a@x.example,1\n", 'did you mean "phone"'),
    "too many rows": (HEAD + b"x,a@x.example\n" * 10_001, "at most 10000 at once"),
    "too big": (HEAD + b"\n" * 20_000_001, "is too big"),
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_that_is_no_table_is_refused_as_a_whole(desk: Desk, what: str) -> None:
    content, said = FILES[what]
    file = desk.folder / "bad.csv"
    file.write_bytes(content)
    text = desk.type("person", "import", str(file), code=2).stderr
    assert said in text
    assert len(text) < 2_000


@pytest.mark.parametrize(
    "content", [b"", b"PK", b"PK\x03\x04" + b"\x00" * 60, b"name,email\n", b"<html>"]
)
def test_a_workbook_that_is_none_is_told(desk: Desk, content: bytes) -> None:
    file = desk.folder / "bad.xlsx"
    file.write_bytes(content)
    assert "is not an XLSX file" in desk.type("person", "import", str(file), code=2).stderr


def test_no_cell_of_an_export_begins_like_a_formula(tmp_path: Path) -> None:
    desk = Desk(tmp_path).fill()
    marks = ("=1+1", "+1", "-1", "@x", "=HYPERLINK()", "'=1")
    people = [
        {"name": f"{mark} Bell", "email": f"p{number}@x.example", "organisation": mark}
        for number, mark in enumerate(marks)
    ]
    desk.type("person", "import", str(sheets.write_csv(tmp_path / "in.csv", people)))
    for number, mark in enumerate(marks):
        start = ("new", f"A-{number}", "--definition=local_system_peer_challenge")
        role = f"--role=challenge_manager=p{number}@x.example"
        desk.type(*start, f"--title={mark}", f"--client={mark}", role)
    file = tmp_path / "out.csv"
    desk.type("audit", "report", "--from", "2026-01-01", "-o", str(file), codes=(0, 1))
    with file.open(newline="", encoding="utf-8-sig") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert sum(mark in cell for mark in marks for cell in cells) >= len(marks)
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
