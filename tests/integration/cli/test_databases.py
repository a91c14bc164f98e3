"""The commands work alike on SQLite and on PostgreSQL."""

import gc
from pathlib import Path

from notifications.sink import Sink
from tests.integration.cli.desk import NOW, PEOPLE, START, Desk


def test_a_short_life_on_either_database(database_url: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path, now=NOW, environment={"PEER_CHALLENGE_DATABASE_URL": database_url})
    desk.type("init", "--rehearsal")
    for name, email, fact in PEOPLE:
        desk.type("person", "add", name, email, fact)
    desk.type(*START)
    for task in ("commission", "scope_agreed"):
        desk.type("done", "NOR-26", task, "--evidence=as agreed")
    desk.type("advance", "NOR-26", "confirm_team", code=4)
    plan = desk.read("advance", "NOR-26", "agree_scope", "--dry-run")["plan"]
    assert desk.read("advance", "NOR-26", "agree_scope")["plan"] == plan
    with Sink() as sink:
        desk.environment["PEER_CHALLENGE_SMTP_URL"] = sink.url
        assert desk.read("tick")["sent"] == 3
        assert desk.read("doctor")["is_well"] is True
    assert [row["reference"] for row in desk.read("list")["challenges"]] == ["NOR-26"]
    assert desk.read("show", "NOR-26")["messages"] == {"sent": 3}
    assert desk.read("audit", "verify")["intact"] is True
    desk.type("person", "import", "none.csv", code=5)
    desk.type("show", "NOR-27", code=5)
    gc.collect()  # a connection that was left open is an error of this test, not of a later one


def test_an_empty_postgresql_database_asks_for_init(postgres_url: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path, now="", environment={"PEER_CHALLENGE_DATABASE_URL": postgres_url})
    text = desk.type("list", code=75).stderr
    assert "has no tables yet; bring it up to date with: peer-challenge init" in text
    desk.type("init")
    desk.type("list")
