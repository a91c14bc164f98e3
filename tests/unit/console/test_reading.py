"""Dates as people write them, settings, and rows of files: a table of edges each."""

from datetime import date, datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

import bootstrap
from console import options
from console.intake.table import read_rows, split
from workflow.model.errors import InvalidInput


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2027-03-27", date(2027, 3, 27)),
        ("27 March 2027", date(2027, 3, 27)),
        (" 27  march 2027 ", date(2027, 3, 27)),
        ("Saturday 27 March 2027", date(2027, 3, 27)),
        ("Sat 27 Mar 2027", date(2027, 3, 27)),
        ("27 Mar, 2027", date(2027, 3, 27)),
        ("Friday 27 March 2027", None),
        ("Fri 27 Mar 2027", None),
        ("29 February 2027", None),
        ("27/03/2027", None),
        ("03-27-2027", None),
        ("27", None),
        ("", None),
    ],
)
def test_a_day_as_people_write_it(text: str, day: date | None) -> None:
    assert options.read_day(text) == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2027-03-27T09:00", datetime(2027, 3, 27, 9)),  # noqa: DTZ001  (local)
        ("2027-03-27 09:00", datetime(2027, 3, 27, 9)),  # noqa: DTZ001
        ("27 March 2027 17:30", datetime(2027, 3, 27, 17, 30)),  # noqa: DTZ001
        ("2027-03-27T25:00", None),
    ],
)
def test_a_local_time(text: str, moment: datetime | None) -> None:
    assert options.read_moment(text) == moment


def test_options_are_before_the_environment_and_that_is_before_the_file(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('actor = "file"\nsmtp_url = "file"\nmail_from = "file"\n')
    environment = {
        "PEER_CHALLENGE_CONFIG": str(file),
        "PEER_CHALLENGE_ACTOR": "environment",
        "PEER_CHALLENGE_SMTP_URL": "environment",
    }
    found = bootstrap.read_settings({"actor": "flag"}, environment)
    assert (found.actor, found.smtp_url, found.mail_from) == ("flag", "environment", "file")


def test_settings_never_show_what_could_be_secret() -> None:
    assert "secret" not in repr(bootstrap.Settings(smtp_url="smtp://user:secret@mail.example"))


def test_a_part_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        getattr(bootstrap, "nothing")  # noqa: B009  (a name that only exists at run time)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_rows_are_numbered_as_spreadsheets_count(tmp_path: Path, delimiter: str) -> None:
    file = tmp_path / "rows.csv"
    file.write_text(f"a{delimiter}b\n1{delimiter}2\n\n3{delimiter}\n", encoding="utf-8-sig")
    rows = read_rows(str(file), needed=("a",))
    assert [(row.number, row["a"], row["b"], row["none"]) for row in rows] == [
        (2, "1", "2", ""),
        (4, "3", "", ""),
    ]


def test_empty_columns_without_a_name_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_text("a,b,,\n1,2,,\n3,4,,,,\n")
    assert [row["b"] for row in read_rows(str(file), needed=("a",))] == ["2", "4"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "there is no column a"),
        (b"a,a\n1,2\n", "the column a is there more than once"),
        (b"\xff\xfe", "is not UTF-8"),
        (b'a,b\n"1,2\n', "is not a CSV file"),
        (b"a,b\n1,2\n3,4,5\n", "row 3: '5' stands in a column that has no name"),
        (b"a,,b\n1,x,2\n", "row 2: 'x' stands in a column that has no name"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained(
    tmp_path: Path, content: bytes, message: str
) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(content)
    with pytest.raises(InvalidInput, match=message):
        read_rows(str(file), needed=("a",))


def damaged(path: Path, *, name: str, kept: int) -> Path:
    """Write a spreadsheet of which one part breaks off after some letters."""
    whole = path.with_name("whole.xlsx")
    openpyxl.Workbook().save(whole)
    with ZipFile(whole) as source, ZipFile(path, "w") as target:
        for part in source.namelist():
            content = source.read(part)
            target.writestr(part, content[:kept] if part == name else content)
    return path


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"])
@pytest.mark.parametrize("kept", [0, 60, 300])
def test_a_spreadsheet_that_is_damaged_is_explained(tmp_path: Path, name: str, kept: int) -> None:
    file = damaged(tmp_path / "rows.xlsx", name=name, kept=kept)
    with pytest.raises(
        InvalidInput, match=r"is not an XLSX file with a table: |there is no column"
    ):
        read_rows(str(file), needed=("a",))


def test_a_spreadsheet_of_drawings_has_no_table(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_chartsheet()
    book.remove(book.worksheets[0])
    book.save(tmp_path / "rows.xlsx")
    with pytest.raises(InvalidInput, match="is not an XLSX file with a table"):
        read_rows(str(tmp_path / "rows.xlsx"), needed=("a",))


def test_a_cell_with_several_values_is_split() -> None:
    assert split(" a; b,c ;") == ["a", "b", "c"]
