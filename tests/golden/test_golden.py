"""What was recorded by any version is the same today: not one step, date or notice is another."""

import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.golden import files, written
from tests.golden.__main__ import HERE, record
from tests.grounds import ADA
from workflow.auditing import verification
from workflow.model import commands as c
from workflow.store import schema

VERSIONS = sorted(path for path in HERE.iterdir() if (path / files.SQL).exists())
LIVES = [life for version in VERSIONS for life in sorted(version.glob("*.jsonl"))]
SHORT = next(life for life in LIVES if life.stem == "visit_migrated")


def test_the_lives_of_the_first_version_are_there() -> None:
    assert VERSIONS[0].name == "0.1.0"
    assert len(list(VERSIONS[0].glob("*.jsonl"))) == 14


@pytest.mark.parametrize("life", LIVES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_recorded_life_is_the_same_today(life: Path) -> None:
    assert list(written.differences(life)) == []


@pytest.mark.parametrize("version", VERSIONS, ids=lambda path: path.name)
def test_a_database_of_a_version_is_upgraded_and_goes_on(version: Path, tmp_path: Path) -> None:
    ground, said = files.read(version, tmp_path)
    with closing(ground.database):
        assert schema.version(ground.database) == said["schema"]
        schema.upgrade(ground.database)
        assert verification.verify(ground.database).is_intact
        found = json.loads(json.dumps(files.shown(ground)))
        assert found == {key: said[key] for key in ("mail", "markers", "challenges")}
        ground.act(c.PlaceHold(name="FOI 7", reason="asked"), reference=files.GOING, actor=ADA)
        assert ground.until(ground.clock.at.date()).failed == ()
        assert ground.log.verify().is_intact


def altered(life: Path, folder: Path, alter: Callable[[list[dict[str, Any]]], object]) -> list[str]:
    """Return what is noticed of a life in which something was altered."""
    lines = [json.loads(line) for line in life.read_text(encoding="utf-8").splitlines()]
    alter(lines)
    copy = folder / life.name
    copy.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return list(written.differences(copy))


def another_day(lines: list[dict[str, Any]]) -> None:
    event = next(one for line in lines[1:] for one in line["events"] if one[0] == "TaskIssued")
    body = json.loads(event[1])
    event[1] = json.dumps({**body, "target_on": "2026-12-25"}, separators=(",", ":"))


def another_rule(lines: list[dict[str, Any]]) -> None:
    head = lines[0]["definitions"][0]
    assert "4 weeks after visit_end" in head["model"]
    head["model"] = head["model"].replace("4 weeks after visit_end", "3 weeks after visit_end")


def another_holiday(lines: list[dict[str, Any]]) -> None:
    for one in lines[0]["definitions"]:
        for calendar in one["calendars"].values():
            calendar["days"] |= {f"2026-12-{day:02}": "Invented" for day in range(1, 25)}


@pytest.mark.parametrize(
    ("alter", "text"),
    [
        (another_day, "the challenge is another one after it"),
        (lambda lines: lines[9]["events"].pop(), "the challenge is another one after it"),
        (lambda lines: lines.pop(20), "the challenge is another one after it"),
        (another_rule, "what follows by itself is something else"),
        (another_holiday, "what follows by itself is something else"),
        (lambda lines: lines[-1]["end"].update(stage="closed"), "at the end, stage is another"),
        (lambda lines: lines.pop(), "it has no end"),
    ],
)
def test_an_altered_history_is_noticed(
    tmp_path: Path, alter: Callable[[list[dict[str, Any]]], object], text: str
) -> None:
    """The control: the comparison is not blind."""
    found = altered(SHORT, tmp_path, alter)
    assert any(text in one for one in found), found


def test_a_version_is_recorded_once(tmp_path: Path) -> None:
    (tmp_path / "0.1.0").mkdir()
    text = "0.1.0 is recorded already: what was recorded is never written again"
    assert record("0.1.0", tmp_path) == text
    assert record("../0.2", tmp_path) == "'../0.2' is no version, such as 0.2.0"
