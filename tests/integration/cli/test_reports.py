"""`audit report`, `audit events` and `count`: what an auditor types, and what comes back."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.integration.cli.desk import MANAGER, Desk

MORE_KEYS = {"client", "origin", "stages", "why", "first_due_on", "by", "exceptions", "is_breach"}
MISSED = "2026-11-12T09:00"


@pytest.fixture
def missed(desk: Desk) -> Desk:
    """Return a desk at which a step was overridden, something counted, and limits missed."""
    desk.type("--as", MANAGER, "done", "NOR-26", "commission", "--evidence", "asked_by=the board")
    desk.type("advance", "NOR-26", "agree_scope", "--override", "=cmd()")
    desk.type("count", "NOR-26", "people_met", "212")
    desk.now = MISSED
    desk.type("tick")
    return desk


def report(desk: Desk, *options: str, code: int = 3) -> dict[str, Any]:
    """Return a report as JSON."""
    return desk.read("audit", "report", "NOR-26", *options, code=code)


def test_a_report_says_how_dates_came_about_and_what_it_was_made_from(missed: Desk) -> None:
    found = report(missed)
    assert all(item.keys() >= MORE_KEYS for item in found["items"])
    assert found["made_from"]["challenges"] == 1
    assert found["made_from"]["events"] == missed.read("audit", "verify")["events"]
    assert sum(found["totals"].values()) == len(found["items"])
    items = {item["obligation"]: item for item in found["items"]}
    assert "before the first day on site" in items["S2-05"]["why"]
    assert found["counters"] == [
        {"reference": "NOR-26", "counter": "people_met", "title": "People met", "value": 212}
    ]
    (made,) = [one for one in found["exceptions"] if one["is_override"]]
    assert (made["reason"], made["authority"]) == ("=cmd()", "administrator")
    assert missed.read("show", "NOR-26")["counters"] == {"people_met": 212}


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--late",), 3),
        (("--standing", "met"), 0),
        (("--standing", "late", "--standing", "open"), 3),
        (("--obligation", "S2-05"), 3),
        (("--stage", "scoping"), 0),
        (("--source", "guidance"), 3),
        (("--client", "Northshire system"), 3),
        (("--from", "2026-11-10", "--to", "2026-11-10"), 3),
        (("--all",), 3),
    ],
)
def test_a_report_is_narrowed_down(missed: Desk, options: tuple[str, ...], code: int) -> None:
    found = report(missed, *options, code=code)
    assert found["items"]
    assert len(found["items"]) == sum(found["totals"].values())
    text = missed.type("audit", "report", "NOR-26", *options, code=code).stdout
    assert len(text.splitlines()) > 1


def test_the_numbers_alone_and_month_by_month(missed: Desk) -> None:
    whole, numbers = report(missed), report(missed, "--totals")
    assert numbers["totals"] == whole["totals"]
    assert "items" not in numbers
    (november, *_) = report(missed, "--trend", "month")["trend"]
    assert (november["month"], november["missed"]) == ("2026-11", whole["breaches"])
    assert "late\t" in missed.type("audit", "report", "--totals", code=3).stdout
    assert "2026-11\t" in missed.type("audit", "report", "--trend", "month", code=3).stdout


def test_a_past_day_is_answered_as_it_was_then(missed: Desk) -> None:
    then = report(missed)
    missed.type("done", "NOR-26", "propose_team", "--evidence", "sent")
    missed.now = "2026-12-01T09:00"
    assert report(missed, "--as-of", MISSED) != report(missed)
    first = report(missed, "--as-of", "1 September 2026", code=0)
    assert first["as_of"] == "2026-09-01T23:59:59.999999+01:00"
    assert report(missed, "--as-of", "2026-12-01")["as_of"] == "2026-12-01T09:00:00+00:00"
    assert then["as_of"] == "2026-11-12T09:00:00+00:00"


def test_a_report_goes_to_files_by_their_names(missed: Desk, tmp_path: Path) -> None:
    names = [str(tmp_path / f"r.{form}") for form in ("csv", "xlsx", "html", "json")]
    options = [part for name in names for part in ("-o", name)]
    page = tmp_path / "page"
    said = missed.type("audit", "report", "NOR-26", *options, "--html", str(page), code=3)
    assert said.stdout == ""
    assert f"written: {names[0]}" in said.stderr
    table, book, html, text = (Path(name) for name in names)
    assert table.read_bytes().startswith(b"\xef\xbb\xbfreference,client,")
    assert openpyxl.load_workbook(book)["Counters"]["C2"].value == 212
    assert html.read_text(encoding="utf-8") == page.read_text(encoding="utf-8")
    assert "limit missed: " in html.read_text(encoding="utf-8")
    assert json.loads(text.read_text(encoding="utf-8")) == report(missed)
    missed.type("audit", "report", "-o", str(html), code=3)
    assert "all challenges" in html.read_text(encoding="utf-8")


def test_what_happened_goes_to_tools_that_read_processes(missed: Desk, tmp_path: Path) -> None:
    file, other = tmp_path / "events.json", tmp_path / "events.xes"
    said = missed.type("audit", "events", "-o", str(file)).stderr
    log = json.loads(file.read_text(encoding="utf-8"))
    assert f"written: {file}, {len(log['events'])} events" in said
    missed.type("audit", "events", "NOR-26", "--format", "xes", "-o", str(other))
    assert other.read_text(encoding="utf-8").count("<event>") == len(log["events"])
    missed.type("audit", "events", "-o", str(file), "--as-of", "2026-09-01")
    assert len(json.loads(file.read_text(encoding="utf-8"))["events"]) < len(log["events"])
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("typed", "code", "says"),
    [
        (
            "audit report -o report.pdf", 2,
            "report.pdf: a report is written as .csv, .xlsx, .html, .json; end the name so",
        ),
        (
            "audit report --from 2026-12-01 --to 2026-11-01", 2,
            "--from is after --to: nothing is due in between",
        ),
        (
            "audit report -o r.csv --totals", 2,
            "numbers are shown, not written: leave out --totals and --trend",
        ),
        (
            "audit report -o nowhere/r.csv", 2,
            "nowhere/r.csv cannot be written: No such file or directory",
        ),
        (
            "audit events -o nowhere/e.json", 2,
            "nowhere/e.json cannot be written: No such file or directory",
        ),
        ("audit events NONE -o e.json", 5, 'there is no challenge "NONE"'),
        ("audit report --obligation S2-5", 5, 'there is no obligation "S2-5"; did you mean "S2-'),
        ("audit report --stage scopping", 5, 'there is no stage "scopping"; did you mean'),
        ("audit report --client Nobody", 5, 'there is no client "Nobody"'),
        ("audit report NOR-26 --as-of 2026-08-31", 4, "NOR-26 had not begun by then"),
        ("audit report --as-of 2099-01-01", 2, "what is not past cannot be looked back to"),
        ("audit report --as-of yesterday", 2, "'yesterday' is not a date"),
        ("count NOR-26 people_mett 1", 5, 'there is no counter "people_mett"; did you mean'),
        ("count NOR-26 people_met many", 2, "'many' is not a valid integer"),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_says_why(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, typed: str, code: int, says: str
) -> None:
    monkeypatch.chdir(desk.folder)
    assert says in desk.type(*typed.split(), code=code).stderr
    assert not list(desk.folder.glob("e.json*"))


def test_to_count_can_be_tried_out(desk: Desk) -> None:
    shown = desk.type("count", "NOR-26", "people_met", "212", "--dry-run").stdout
    assert "NOR-26: People met: 212" in shown
    assert desk.read("show", "NOR-26")["counters"] == {}
    again = desk.type("count", "NOR-26", "people_met", "212").stdout
    assert again == shown
    assert "People met: 212" in desk.type("timeline", "NOR-26").stdout
