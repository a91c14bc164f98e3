"""Ninety days in which nothing ran, with more than a thousand late tasks: one message a person."""

from collections import Counter
from pathlib import Path

import pytest

from notifications.sink import Sink
from tests.integration.cli.desk import DEFINITION, Desk
from tests.integration.year import TEAM, address

CHALLENGES = 35
BEGUN, AFTERWARDS = "2026-09-01T09:00", "2026-11-30T09:00"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Return a programme whose challenges all wait for their teams, ninety days ago."""
    desk = Desk(tmp_path_factory.mktemp("storm"), now=BEGUN)
    desk.type("init", "--rehearsal")
    for name, fact in TEAM.values():
        desk.type("person", "add", name.title(), address(name), *([fact] if fact else []))
    desk.environment["PEER_CHALLENGE_ACTOR"] = address("sam")
    desk.type("import", _table(desk.folder))
    for number in range(CHALLENGES):
        for task in ("commission", "scope_agreed"):
            desk.type("done", f"STO-{number}", task, "--evidence=as agreed")
        desk.type("advance", f"STO-{number}", "agree_scope")
    with Sink() as sink:
        desk.environment["PEER_CHALLENGE_SMTP_URL"] = sink.url
        desk.type("tick")
    return desk


def _table(folder: Path) -> str:
    head = ["reference", "title", "client", "definition", "date:onsite_start", "date:onsite_end"]
    head += [f"role:{role}" for role in TEAM]
    people = [address(name) for name, _ in TEAM.values()]
    rows = [
        [f"STO-{n}", "A system", "A system", DEFINITION, "2026-10-20", "2026-10-23", *people]
        for n in range(CHALLENGES)
    ]
    file = folder / "many.csv"
    file.write_text("\n".join(",".join(row) for row in [head, *rows]) + "\n", encoding="utf-8")
    return str(file)


def test_after_ninety_days_everybody_gets_one_message_about_all_that_is_late(desk: Desk) -> None:
    desk.now = AFTERWARDS
    with Sink() as sink:
        desk.environment["PEER_CHALLENGE_SMTP_URL"] = sink.url
        turns = [desk.read("tick") for _ in range(3)]
    late = sum(row["late"] for row in desk.read("list")["challenges"])
    assert late > 1_000
    assert turns[0]["raised"] > CHALLENGES * 10
    assert turns[-1]["waiting"] == 0
    got = Counter(mail.recipients[0] for mail in sink.received)
    assert len(got) > 8
    assert set(got.values()) == {1}
