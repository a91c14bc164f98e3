"""`new` and `import`: one challenge, or many, all or none."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from definitions import loader
from tests.architecture.tree import ROOT
from tests.integration.cli.desk import DEFINITION, MANAGER, START, Desk

HEAD = ("reference", "title", "client", "definition", "date:onsite_start", "role:challenge_manager")


def write(file: Path, *rows: tuple[object, ...], head: tuple[str, ...] = HEAD) -> str:
    """Write a CSV or XLSX file; return its name."""
    if file.suffix == ".xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in (head, *rows):
            sheet.append(list(row))
        book.save(file)
        book.close()
    else:
        lines = [",".join(str(cell) for cell in row) for row in (head, *rows)]
        file.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return str(file)


def references(desk: Desk) -> list[str]:
    """Return the references of all challenges."""
    return sorted(row["reference"] for row in desk.read("list")["challenges"])


def test_a_new_challenge_has_its_dates_and_its_team(desk: Desk) -> None:
    shown = desk.read("show", "NOR-26")
    assert shown["dates"] == {"onsite_start": "2026-11-24", "onsite_end": "2026-11-27"}
    assert {m["role"]: m["person"] for m in shown["team"]}["challenge_manager"] == MANAGER
    assert shown["stage"] == "scoping"


def test_a_reference_is_used_once_also_in_a_dry_run(desk: Desk) -> None:
    for arguments in (START, (*START, "--dry-run")):
        text = desk.type(*arguments, code=2).stderr
        assert 'there is already a challenge "NOR-26"' in text


def test_a_dry_run_starts_nothing(desk: Desk) -> None:
    result = desk.type("new", "A-1", *START[2:], "-n")
    assert "Nothing was changed." in result.stderr
    assert references(desk) == ["NOR-26"]


def test_a_definition_that_is_only_tried_is_not_kept(desk: Desk) -> None:
    text = loader.read_shipped(DEFINITION)
    file = desk.folder / "draft.yaml"
    file.write_text(text.replace('version: "1.0"', 'version: "draft"'), encoding="utf-8")
    rows = [("A-1", "A", "A", file, "2027-03-09", MANAGER)]
    table = write(desk.folder / "new.csv", *rows)
    new = ("new", "A-1", f"--definition={file}", "--title=A", "--client=A")
    for tried in ((*new, "-n"), ("import", table, "-n")):
        desk.type(*tried)
        assert "draft" not in desk.type("definition", "list").stdout
    desk.type(*new)
    assert "draft" in desk.type("definition", "list").stdout
    assert "draft" in desk.type("show", "A-1").stdout


def test_what_a_new_challenge_cannot_be_made_of_is_explained(desk: Desk) -> None:
    for wrong, code, text in (
        (
            "--definition=local_system_per_challenge",
            5,
            'did you mean "local_system_peer_challenge"?',
        ),
        ("--date=onsite_strat=2026-11-24", 5, 'did you mean "onsite_start"?'),
        ("--role=lead_per=1", 5, 'did you mean "lead_peer"?'),
        ("--role=lead_peer=nobody@x.example", 5, 'there is no person "nobody@x.example"'),
        ("--date=onsite_start=soon", 2, "'soon' is not a date; write 2027-03-27"),
        ("--date=onsite_start=Monday 23 March 2027", 2, "is not a date: that day is a Tuesday"),
        ("--date=onsite_start=2027-03-28 01:30", 2, "the clocks go forward and skip it"),
        ("--date=onsite_start", 2, "is not KEY=VALUE"),
    ):
        plain = ("new", "A-1", f"--definition={DEFINITION}", "--title=A", "--client=A")
        assert text in desk.type(*plain, wrong, code=code).stderr


def test_a_definition_of_ones_own_is_named_by_its_file_and_then_by_its_name(desk: Desk) -> None:
    file = desk.folder / "mine.yaml"
    desk.type("definition", "init", "mine", str(file))
    desk.type("new", "A-1", f"--definition={file}", "--title=A", "--client=A")
    desk.type("new", "A-2", "--definition=mine", "--title=A", "--client=A")
    assert desk.read("show", "A-2")["definition"] == "mine"


def test_challenges_come_from_a_csv_file(desk: Desk) -> None:
    file = write(
        desk.folder / "many.csv",
        ("A-1", "First", "One", DEFINITION, "2027-03-16", MANAGER),
        ("A-2", "Second", "Two", DEFINITION, "16 March 2027", "2"),
        ("A-3", "Third", "Three", DEFINITION, "", ""),
    )
    assert "A-1\tFirst\tOne" in desk.type("import", file, "--dry-run").stdout
    assert references(desk) == ["NOR-26"]
    desk.type("import", file)
    assert references(desk) == ["A-1", "A-2", "A-3", "NOR-26"]
    assert desk.read("show", "A-2")["dates"] == {"onsite_start": "2027-03-16"}


def test_challenges_come_from_a_spreadsheet_with_real_dates(desk: Desk) -> None:
    day = datetime(2027, 3, 16)  # noqa: DTZ001  (a spreadsheet's day)
    file = write(desk.folder / "many.xlsx", ("A-1", "First", "One", DEFINITION, day, MANAGER))
    assert desk.read("import", file)["challenges"] == [
        {"reference": "A-1", "late": [], "messages": 0, "warnings": []}
    ]
    assert desk.read("show", "A-1")["dates"] == {"onsite_start": "2027-03-16"}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_moment_comes_from_a_file_where_hours_count(desk: Desk, ending: str) -> None:
    at = datetime(2026, 8, 31, 16)  # noqa: DTZ001  (a spreadsheet's moment)
    cell = at if ending == "xlsx" else f"{at:%Y-%m-%dT%H:%M}"
    file = write(
        desk.folder / f"breaches.{ending}",
        ("B-1", "A laptop", "One", "data_breach", cell),
        head=(*HEAD[:4], "date:aware"),
    )
    desk.type("import", file)
    assert "16:00" in desk.type("explain", "B-1", "tell_regulator").stdout


def test_one_bad_row_stops_all_and_every_bad_row_is_named(desk: Desk) -> None:
    file = write(
        desk.folder / "many.csv",
        ("A-1", "First", "One", DEFINITION, "2027-03-16", MANAGER),
        ("A-2", "", "Two", DEFINITION, "2027-03-16", MANAGER),
        ("A-3", "Third", "Three", "local", "someday", "nobody@x.example"),
        ("A-1", "Again", "One", DEFINITION, "", ""),
        ("NOR-26", "Taken", "One", DEFINITION, "", ""),
        ("A 7", "Odd", "One", DEFINITION, "", ""),
    )
    text = desk.type("import", file, code=2).stderr
    assert "7 wrong; nothing was changed" in text
    for line in (
        "row 3, column title: it is empty",
        "row 4, column definition 'local': there is no definition",
        "row 4, column date:onsite_start 'someday': not a date",
        "row 4, column role:challenge_manager 'nobody@x.example': there is no person",
        "row 5, column reference 'A-1': the same as in row 2",
        "row 6, column reference 'NOR-26': there is already a challenge",
        "row 7, column reference 'A 7': the reference \"A 7\" cannot be used",
    ):
        assert line in text
    assert references(desk) == ["NOR-26"]


def test_what_a_rule_refuses_is_named_with_its_row(desk: Desk) -> None:
    head = (*HEAD[:4], "date:onsite_start", "date:onsite_end", "role:no_such")
    file = write(
        desk.folder / "many.csv",
        ("A-1", "First", "One", DEFINITION, "2027-03-16", "2027-03-10", ""),
        ("A-2", "Second", "Two", DEFINITION, "", "", MANAGER),
        head=head,
    )
    text = desk.type("import", file, code=2).stderr
    assert "row 2, column reference 'A-1': Last day on site" in text
    assert "row 3, column role:no_such" in text


def test_a_file_with_a_wrong_head_or_of_another_kind_is_explained(desk: Desk) -> None:
    file = write(desk.folder / "many.csv", head=("reference", "title", "client"))
    assert "there is no column definition" in desk.type("import", file, code=2).stderr
    file = write(
        desk.folder / "many.csv", ("A", "A", "A", DEFINITION, ""), head=(*HEAD[:4], "dat:x")
    )
    assert 'there is no column "dat:x"' in desk.type("import", file, code=2).stderr
    broken = desk.folder / "many.xlsx"
    broken.write_bytes(b"no spreadsheet")
    assert "is not an XLSX file" in desk.type("import", str(broken), code=2).stderr
    assert desk.type("import", "none.csv", code=5)


def test_nothing_begins_under_a_definition_that_is_retired(desk: Desk) -> None:
    """From its day on; the day before it still does."""
    text = (ROOT / "docs" / "examples" / "information_request.yaml").read_text(encoding="utf-8")
    file = desk.folder / "old.yaml"
    file.write_text(text.replace("calendar:", "retired_on: 2026-09-02\ncalendar:"))
    said = ("new", "--definition", str(file), "--title", "T", "--client", "C")
    desk.type(*said, "OLD-1")
    desk.now = "2026-09-02T09:00"
    refused = desk.type(*said, "OLD-2", code=4).stderr
    assert "information_request 1.0 is retired since Wednesday 2 September 2026" in refused
    assert "use a newer version: peer-challenge definition list" in refused
