"""`definition migrate`: shown, carried out, undone; every refusal says the way out."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli.desk import Desk
from tests.versions import AGAIN, SECOND_VERSION, WITHOUT_EVENING
from tests.visits import Edit, edited

PEOPLE = (
    ("Dora Director", "dora@programme.example"),
    ("Max Manager", "max@programme.example"),
    ("Lea Lead", "lea@team.example"),
    ("Vic Visitor", "vic@team.example"),
    ("Hal Host", "hal@host.example"),
)
ROLES = ("director", "manager", "lead_visitor", "visitor", "host")
MAPPED = ("--map", "catch_up=talk")
WHY = ("--reason", "more time for the report")


def write(desk: Desk, name: str, edits: Iterable[Edit] = ()) -> str:
    """Write the definition, edited, into a file; return its name."""
    file = desk.folder / name
    file.write_text(edited(*edits), encoding="utf-8")
    return str(file)


def start(desk: Desk, reference: str, *, definition: str = "site_visit") -> None:
    """Start a visit with a person in every role."""
    roles = [f"--role={role}={email}" for role, (_, email) in zip(ROLES, PEOPLE, strict=True)]
    desk.type(
        "new", reference, f"--definition={definition}", "--title=A", "--client=A",
        "--date=visit_start=2026-11-24", "--date=visit_end=2026-11-26", *roles,
    )  # fmt: skip


@pytest.fixture
def visits(tmp_path: Path) -> Desk:
    """Return a desk with two visits under the first version."""
    desk = Desk(tmp_path, now="2026-10-01T09:00")
    desk.type("init", "--rehearsal")
    for name, email in PEOPLE:
        desk.type("person", "add", name, email, "--can=former_chief_executive")
    start(desk, "NOR-26", definition=write(desk, "first.yaml"))
    start(desk, "SUR-26")
    return desk


def second(desk: Desk) -> str:
    """Write the second version; return the file."""
    return write(desk, "second.yaml", SECOND_VERSION)


def plan(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document without what says whether it was carried out."""
    return {key: value for key, value in document.items() if key != "is_dry_run"}


def test_what_becomes_of_each_challenge_is_shown_before_it_happens(visits: Desk) -> None:
    shown = visits.type("definition", "migrate", second(visits), *MAPPED, *WHY, "-n")
    lines = [line.rstrip() for line in shown.stdout.splitlines()]
    assert lines[0] == "REHEARSAL: nothing here is real."
    assert lines[1] == "NOR-26: site_visit 1.0 → 1.1"
    text = " ".join(shown.stdout.split())
    for said in (
        "renames catch_up → talk",
        "gone Meet on the evening before the visit it is not in version 1.1",
        "moves Send the draft report to the host target Thu 24 Dec → Thu 31 Dec 2026, "
        "limit Thu 24 Dec → Thu 31 Dec 2026",
        "opens Book the rooms limit Thu 19 Nov 2026",
        "mail 1 message is sent: Something to do to Max Manager",
        "mail 1 reminder moves: The draft report is due soon "
        "Thu 17 Dec 2026 → Thu 24 Dec 2026 to Max Manager",
        "SUR-26: site_visit 1.0 → 1.1",
        "2 challenges go on: 2 deadlines move, 2 tasks are new, 2 tasks fall away, 2 messages.",
    ):
        assert said in text, said
    assert "Nothing was changed. Without --dry-run, this is what happens." in shown.stderr
    assert visits.read("show", "NOR-26")["definition_version"] == "1.0"
    listed = visits.read("definition", "list")["definitions"]
    assert "1.1" not in {row["version"] for row in listed if row["name"] == "site_visit"}


def test_reminders_whose_time_has_gone_by_are_counted_and_not_sent(visits: Desk) -> None:
    visits.type("done", "NOR-26", "scope_agreed", "--evidence", "in a call")
    visits.type("done", "NOR-26", "brief_visitor", "--for", PEOPLE[3][1])
    visits.now = "2026-11-18T10:00"
    visits.type("tick")
    change = ("definition", "migrate", second(visits), *MAPPED, *WHY, "--ref", "NOR-26", "-n")
    text = " ".join(visits.type(*change).stdout.split())
    assert "reminders whose time has gone by: not sent" in text
    assert "mail 1 message is sent: Something to do to Max Manager" in text


def test_a_dry_run_prints_the_very_plan_that_is_carried_out(visits: Desk) -> None:
    change = ("definition", "migrate", second(visits), *MAPPED, *WHY)
    shown = visits.read(*change, "-n")
    done = visits.read(*change)
    assert (shown["is_dry_run"], done["is_dry_run"]) == (True, False)
    assert plan(shown) == plan(done)
    assert done["schema"] == "peer-challenge/definition-migrate/1"
    assert done["totals"] == {"challenges": 2, "moves": 2, "new": 2, "gone": 2, "mail": 2}
    (one, _) = done["challenges"]
    assert (one["from"]["version"], one["to"]["version"]) == ("1.0", "1.1")
    assert visits.read("show", "NOR-26")["definition_version"] == "1.1"
    back = ("definition", "migrate", "site_visit", "--undo", "--reason", "too early")
    shown = visits.read(*back, "-n")
    done = visits.read(*back)
    assert plan(shown) == plan(done)
    assert (done["is_undone"], done["totals"]["moves"]) == (True, 2)
    kinds = [event["kind"] for one in done["challenges"] for event in one["events"]]
    assert kinds == ["MigrationUndone"] * 2
    assert visits.read("show", "NOR-26")["definition_version"] == "1.0"
    assert visits.read("audit", "verify")["intact"] is True


def test_undone_it_says_what_is_as_it_was(visits: Desk) -> None:
    visits.type("definition", "migrate", second(visits), *MAPPED, *WHY, "--ref", "NOR-26")
    shown = visits.type("definition", "migrate", "site_visit", "--undo", "--reason", "too early")
    text = " ".join(shown.stdout.split())
    assert "NOR-26: site_visit 1.1 → 1.0, as it was" in text
    assert "limit Thu 31 Dec → Thu 24 Dec 2026" in text
    assert "gone Book the rooms it came with version 1.1" in text
    assert "1 challenge goes back: 1 deadline moves, 1 task falls away." in text
    timeline = visits.type("timeline", "NOR-26").stdout
    assert "goes on under site_visit 1.1 instead of 1.0: more time for the report" in timeline
    assert "goes back to site_visit 1.0 from 1.1: too early" in timeline


def test_the_history_is_told_although_its_tasks_are_gone(visits: Desk) -> None:
    visits.type("waive", "NOR-26", "evening_meeting", "--reason", "they met at lunch")
    shown = visits.type("definition", "migrate", second(visits), *MAPPED, *WHY, "--ref", "NOR-26")
    assert "kept in the history only" in shown.stdout
    assert "waived: evening meeting: they met at lunch" in visits.type("timeline", "NOR-26").stdout
    assert visits.read("audit", "log", "NOR-26")["events"]
    visits.type("show", "NOR-26")
    visits.type("audit", "report", "NOR-26")


def test_of_many_only_the_first_are_shown_in_full(visits: Desk) -> None:
    for number in range(10):
        start(visits, f"A-{number}")
    file = second(visits)
    shown = visits.type("definition", "migrate", file, *MAPPED, *WHY, "-n").stdout
    assert shown.count("renames") == 10
    line = "NOR-26: site_visit 1.0 → 1.1: 1 deadline moves, 1 task is new, 1 task falls away, "
    assert f"{line}1 message" in shown.splitlines()
    assert "12 challenges go on: " in shown
    whole = visits.read("definition", "migrate", file, *MAPPED, *WHY, "-n")
    assert len(whole["challenges"]) == 12


def test_what_is_unsafe_is_refused_with_all_reasons_and_the_way_out(visits: Desk) -> None:
    visits.type("hold", "SUR-26", "FOI 7", "--task=evening_meeting", "--reason", "asked")
    edits = (*AGAIN, *WITHOUT_EVENING, ("  visit_end:\n", "  visit_over:\n"))
    text = edited(*edits).replace("visit_end", "visit_over")
    file = visits.folder / "broken.yaml"
    file.write_text(text, encoding="utf-8")
    change = ("definition", "migrate", str(file), *WHY)
    result = visits.type(*change, code=4)
    assert result.stderr.splitlines()[:4] == [
        "Refused: 2 challenges cannot go on under site_visit 1.1, so nothing was changed",
        '  - NOR-26, SUR-26: the date "Last day of the visit" (visit_end) is recorded, '
        "and is gone in version 1.1",
        '  - SUR-26: the hold "FOI 7" is on evening_meeting, which is gone in version 1.1',
        "You can: say what takes their places: --map evening_meeting=NEW --map visit_end=NEW; "
        "or name the other challenges with --ref",
    ]
    error = visits.read(*change, code=4)["error"]
    assert (error["kind"], len(error["unmet"])) == ("unsafe_migration", 2)
    mapped = visits.read(*change, "--map", "visit_end=visit_over", "--ref", "NOR-26")
    assert mapped["totals"]["challenges"] == 1
    assert visits.read("show", "NOR-26")["dates"]["visit_over"] == "2026-11-26"


def test_what_cannot_be_meant_is_explained(visits: Desk) -> None:
    file = second(visits)
    for arguments, code, text in (
        ((file, *WHY, "--map", "cach_up=talk"), 4, 'did you mean "catch_up"?'),
        ((file, *WHY, "--map", "a=b", "--map", "a=c"), 2, "a is mapped twice: to b and to c"),
        ((file, *WHY, "--map", "a"), 2, "'a' is not KEY=VALUE"),
        (("site_visit", "--undo", *MAPPED, *WHY), 2, "--undo takes no --map: what was renamed"),
        (("site_visit", "--undo", *WHY), 4, "was migrated: there is nothing to undo"),
        (("site_visit@9", *WHY), 5, 'there is no version of site_visit "9"; there is: 1.0'),
        (("site_vist", *WHY), 5, 'did you mean "site_visit"?'),
        ((file, *WHY, "--ref", "NOR-62"), 5, 'did you mean "NOR-26"?'),
        ((file,), 2, "Missing option '--reason'"),
    ):
        assert text in visits.type("definition", "migrate", *arguments, code=code).stderr, text
    visits.environment["PEER_CHALLENGE_ACTOR"] = "max@programme.example"
    text = visits.type("definition", "migrate", file, *MAPPED, *WHY, code=4).stderr
    assert "Max Manager may not change the definition of challenges" in text


def test_who_worked_on_it_since_goes_back_by_another_migration(visits: Desk) -> None:
    visits.type("definition", "migrate", second(visits), *MAPPED, *WHY)
    visits.type("waive", "NOR-26", "book_rooms", "--reason", "there is room")
    undo = ("definition", "migrate", "site_visit", "--undo", "--reason", "no")
    text = visits.type(*undo, code=4).stderr
    assert "NOR-26: somebody has worked on it since its definition changed" in text
    assert "You can: let them go on under the old version instead, or name the others" in text
    visits.type(*undo, "--ref", "SUR-26")
    old = visits.type("definition", "migrate", "site_visit@1.0", "--map", "talk=catch_up", *WHY)
    assert "NOR-26: site_visit 1.1 → 1.0" in old.stdout
    assert "Left alone: 1 under this version already." in old.stdout


def test_where_nothing_goes_on_nothing_is_done(visits: Desk) -> None:
    shown = visits.type("definition", "migrate", "site_visit", *WHY).stdout
    assert "0 challenges go on.\nLeft alone: 2 under this version already." in shown
