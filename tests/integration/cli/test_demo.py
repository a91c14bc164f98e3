"""`demo`: a whole life with real mail, in well under a minute, with nothing left behind."""

import json
from pathlib import Path

from click.testing import CliRunner

from cli import main
from tests.integration.cli.desk import Desk


def test_the_demo_shows_a_whole_life_and_can_be_gone_on_in(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    result = CliRunner().invoke(main, ["-q", "demo", "--keep", str(folder)])
    assert result.exception is None
    text = result.stdout
    for part in (
        "how do the challenges stand?",
        "Refused: EAS-27: not possible yet: Confirm the team",
        "limit Friday 25 December 2026, end of the day; working target Thursday 24 December 2026",
        "Wrap-up → Closed",
        "messages went through the mail server",
        "met late (breach)",
        "4 challenges, ",
        ": intact",
        "What to try next:",
    ):
        assert part in text
    desk = Desk(folder, now="", environment={"PEER_CHALLENGE_ACTOR": "1"})
    rows = {row["reference"]: row for row in desk.read("list")["challenges"]}
    assert rows.keys() == {"NOR-26", "WES-26", "EAS-27", "SOU-27"}
    assert len({row["stage"] for row in rows.values()}) == 4
    assert rows["NOR-26"]["stage"] == "closed"
    assert rows["WES-26"]["standing"] == "late"
    desk.type("audit", "report", "NOR-26")
    desk.type("audit", "report", "WES-26", code=3)
    statuses = {m["status"] for m in desk.read("mail", "list")["messages"]}
    assert statuses <= {"sent", "cancelled"}
    again = CliRunner().invoke(main, ["demo", "--keep", str(folder)])
    assert again.exit_code == 2
    assert "there is a rehearsal in" in again.stderr
    assert json.loads(desk.type("doctor", "--json").stdout)["is_well"]


def test_a_folder_that_cannot_be_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file" / "demo", tmp_path / ("x" * 300)):
        said = CliRunner().invoke(main, ["demo", "--keep", str(folder)])
        assert said.exit_code == 2
        assert "cannot be a folder: " in said.stderr
