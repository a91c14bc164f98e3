"""Calendars at the desk: what they hold, and a holiday that is proclaimed."""

from pathlib import Path

import pytest

from tests.integration.cli.desk import DEFINITION, Desk

NAME = "england_and_wales"
ADD = ("calendar", "add", NAME, "10 May 2027", "Day of Thanks", "--reason", "proclaimed")
NEW = (
    "new", "EAS-27", f"--definition={DEFINITION}", "--title=Eastvale", "--client=Eastvale system",
    "--date", "onsite_start=2027-04-08", "--date", "onsite_end=2027-04-12",
)  # fmt: skip


@pytest.fixture
def due(desk: Desk) -> Desk:
    """Return a desk with a challenge whose draft is due on 10 May 2027, ten days before."""
    desk.type(*NEW)
    desk.now = "2027-04-30T09:00"
    desk.type("tick")
    return desk


def test_the_calendars_of_the_kingdom_are_there_from_the_start(empty: Desk) -> None:
    found = empty.read("calendar", "list")["calendars"]
    assert [one["name"] for one in found] == [
        "any_uk", "england_and_wales", "northern_ireland", "scotland",
    ]  # fmt: skip
    assert {(one["version"], one["actor"], one["reason"]) for one in found} == {
        (1, None, "as the official list has it")
    }
    assert found[0]["first_year"] == 2012
    shown = empty.type("calendar", "list")
    assert "england_and_wales\tEngland and Wales\t1\t2012 to " in shown.stdout
    assert "the program" in shown.stdout
    assert "4 calendars." in shown.stderr


def test_a_database_keeps_its_calendars_when_it_is_made_again(desk: Desk) -> None:
    before = desk.read("calendar", "list")
    desk.type("init", "--rehearsal")
    assert desk.read("calendar", "list") == before


def test_the_holidays_of_a_year_are_shown(desk: Desk) -> None:
    found = desk.read("calendar", "show", "scotland", "--year", "2027")
    assert (found["title"], found["version"], found["years"]) == ("Scotland", 1, [2027])
    assert {"date": "2027-11-30", "name": "Saint Andrew's Day"} in found["holidays"]
    shown = desk.type("calendar", "show", "scotland", "--year", "2027")
    assert "Tue 30 Nov 2027\tSaint Andrew's Day" in shown.stdout
    assert "Scotland, version 1." in shown.stderr


def test_this_year_and_the_next_are_shown_of_a_country_that_is_not_kept(desk: Desk) -> None:
    found = desk.read("calendar", "show", "DE-BY")
    assert (found["version"], found["years"]) == (0, [2026, 2027])
    assert "DE-BY: as the list has it that is built in." in desk.type(
        "calendar", "show", "DE-BY"
    ).stderr  # fmt: skip


def test_a_dry_run_shows_what_a_holiday_moves_and_changes_nothing(due: Desk) -> None:
    before = due.read("show", "EAS-27"), due.read("calendar", "list")
    shown = due.type(*ADD, "-n")
    lines = [line.strip() for line in shown.stdout.splitlines()]
    assert "England and Wales, version 2: proclaimed" in lines
    assert "+ Monday 10 May 2027   Day of Thanks" in lines
    assert "EAS-27  Eastvale system" in lines
    assert any(
        line.startswith("moves   ") and "target Mon 10 May → Fri 7 May 2027" in line
        for line in lines
    )
    assert lines[-1].startswith("2 challenges looked at: 1 changes, 1 deadline moves, ")
    assert "Nothing was changed. Without --dry-run, this is what happens." in shown.stderr
    assert (due.read("show", "EAS-27"), due.read("calendar", "list")) == before


def test_a_visit_on_a_new_holiday_is_named_though_nothing_moves(desk: Desk) -> None:
    add = ("calendar", "add", NAME, "24 November 2026", "Day of Rest", "--reason", "proclaimed")
    assert "warns   NOR-26 is on site on Tuesday 24 November 2026, Day of Rest\n" in desk.type(
        *add, "-n"
    ).stdout  # fmt: skip
    (change,) = desk.read(*add)["changes"]
    assert change["on_site"] == [{"reference": "NOR-26", "date": "2026-11-24"}]
    (elsewhere,) = desk.read(*ADD, "-n")["changes"]
    assert elsewhere["on_site"] == []


def test_a_holiday_is_one_command_and_audited_with_old_new_and_reason(due: Desk) -> None:
    planned = due.read(*ADD, "-n")
    done = due.read(*ADD)
    assert (planned.pop("is_dry_run"), done.pop("is_dry_run")) == (True, False)
    assert planned == done
    (change,) = done["changes"]
    assert (change["looked_at"], change["changed"], change["moved_deadlines"]) == (2, 1, 1)
    (challenge,) = change["challenges"]
    (move,) = challenge["moves"]
    assert (move["key"], move["old_target_on"], move["target_on"]) == (
        "draft_report",
        "2027-05-10",
        "2027-05-07",
    )
    assert move["why"]
    log = due.read("audit", "log", "EAS-27")["events"]
    changed, moved = log[-2:]
    assert (changed["kind"], moved["kind"]) == ("CalendarChanged", "DeadlineMoved")
    assert changed["facts"]["reason"] == "proclaimed"
    assert moved["facts"]["old_target_on"] == "2027-05-10"
    assert moved["facts"]["target_on"] == "2027-05-07"
    assert due.read("audit", "verify")["intact"] is True
    told = due.type("timeline", "EAS-27").stdout
    assert "the calendar England and Wales changed (version 2): proclaimed" in told
    other = due.read("audit", "log", "NOR-26")["events"]
    assert "CalendarChanged" not in {event["kind"] for event in other}


def test_what_is_done_afterwards_follows_the_new_calendar(due: Desk) -> None:
    due.type(*ADD)
    sentence = due.type("explain", "EAS-27", "draft_report").stdout
    assert "Day of Thanks" in sentence


def test_a_holiday_is_taken_back(due: Desk) -> None:
    due.type(*ADD)
    shown = due.type("calendar", "remove", NAME, "2027-05-10", "--reason", "called off").stdout
    assert "- Monday 10 May 2027" in shown
    assert "target Fri 7 May → Mon 10 May 2027" in shown
    rows = due.type("calendar", "history", NAME)
    assert "+ Mon 10 May 2027 Day of Thanks\tproclaimed" in rows.stdout
    assert "- Mon 10 May 2027 Day of Thanks\tcalled off" in rows.stdout
    assert "3 versions." in rows.stderr
    versions = due.read("calendar", "history", NAME)["versions"]
    assert [one["version"] for one in versions] == [1, 2, 3]
    assert versions[1]["added"] == [{"date": "2027-05-10", "name": "Day of Thanks"}]
    assert versions[2]["removed"] == [{"date": "2027-05-10", "name": "Day of Thanks"}]


def test_a_refresh_says_when_everything_is_as_the_list_has_it(desk: Desk) -> None:
    shown = desk.type("calendar", "refresh", "-n")
    text = "Every calendar is as the list has it: nothing is to be changed."
    assert text in shown.stdout
    assert desk.read("calendar", "refresh") == {
        "schema": "peer-challenge/calendar-change/1",
        "rehearsal": True,
        "is_dry_run": False,
        "changes": [],
    }


def test_a_refresh_from_a_file_brings_the_years_of_the_file(desk: Desk) -> None:
    rows = ["date,name", "2027-01-01,New Year's Day", "10 May 2027,Day of Thanks"]
    file = written(desk, rows)
    shown = desk.type("calendar", "refresh", NAME, "--from", file).stdout
    assert f"England and Wales, version 2: as {file} has it" in shown
    assert "+ Monday 10 May 2027   Day of Thanks" in shown
    assert "- Friday 26 March 2027" in shown
    found = desk.read("calendar", "show", NAME, "--year", "2027")["holidays"]
    assert [one["date"] for one in found] == ["2027-01-01", "2027-05-10"]
    assert desk.read("calendar", "show", NAME, "--year", "2028")["holidays"]


def written(desk: Desk, rows: list[str]) -> str:
    """Write a file of holidays; return its name."""
    path = Path(desk.folder, "holidays.csv")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (["date,name", "soon,Day of Thanks"],
         "row 2, column date 'soon': is not a date; write 2027-03-27 or 27 March 2027"),
        (["date,name", "2027-05-10,a", "2027-05-10,b"],
         "row 3, column date '2027-05-10': is there more than once"),
        (["date,name", "2027-05-10,"], "row 2, column name: is empty"),
        (["date,title", "2027-05-10,x"], "there is no column name in its first row"),
        (["date,name"], "there is no holiday in it; nothing was changed"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_changes_nothing(
    desk: Desk, rows: list[str], message: str
) -> None:
    refused = desk.type("calendar", "refresh", NAME, "--from", written(desk, rows), code=2)
    assert message in refused.stderr
    assert desk.read("calendar", "history", NAME)["versions"][-1]["version"] == 1


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("show", "scotlnd"), 2, 'there is no calendar "scotlnd"; did you mean "scotland"?'),
        (("history", "XX"), 2, 'there is no calendar "XX"; a country is named by its ISO code'),
        (("add", NAME, "2026-12-25", "Christmas Day", "--reason", "x"), 2,
         'Friday 25 December 2026 is a holiday of "england_and_wales" already: Christmas Day'),
        (("add", NAME, "soon", "Day", "--reason", "x"), 2, "'soon' is not a date"),
        (("add", NAME, "2027-05-10", " ", "--reason", "x"), 2, "the name of the holiday is empty"),
        (("add", NAME, "2027-05-10", "Day", "--reason", " "), 2,
         "the reason is empty; say why the calendar changes"),
        (("add", NAME, "2027-05-10", "Day"), 2, "Missing option '--reason'"),
        (("remove", NAME, "2027-05-10", "--reason", "x"), 2,
         'Monday 10 May 2027 is no holiday of "england_and_wales"; see them with: peer-challenge'),
        (("refresh", "--from", "holidays.csv"), 2,
         "say of which calendar: calendar refresh NAME --from FILE"),
        (("refresh", NAME, "--from", "none.csv"), 5, 'there is no file "none.csv"'),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_with_the_way_out(
    desk: Desk, words: tuple[str, ...], code: int, message: str
) -> None:
    refused = desk.type("calendar", *words, code=code)
    assert message in " ".join(refused.stderr.split())


def test_only_an_administrator_changes_a_calendar(desk: Desk) -> None:
    refused = desk.type("--as", "nia.cole@northshire.example", *ADD, code=4)
    text = "Nia Cole may not change calendars: that is for an administrator"
    assert text in refused.stderr
