"""What tasks are called now that had other keys when a link was sent."""

from dataclasses import replace

from tests.visits import BEGUN
from workflow.answering.renames import called_now, renames
from workflow.model import events as e

MOVED = e.DefinitionMigrated(
    at=BEGUN,
    actor=1,
    definition="visit",
    version="2",
    content_hash="second",
    stage="planning",
    old_version="1",
    renamed={"call": "ring", "brief": "call"},
)
AGAIN = replace(MOVED, renamed={"ring": "phone"})
BACK = e.MigrationUndone(at=BEGUN, actor=1, definition="visit", version="1", old_version="2")


def now(key: str, *history: e.Event) -> str:
    return called_now(key, renames(history))


def test_a_key_follows_its_task_and_not_its_name() -> None:
    assert [now(key, MOVED) for key in ("brief:4", "call:4", "call", "plan")] == [
        "call:4", "ring:4", "ring", "plan",
    ]  # fmt: skip


def test_it_follows_from_one_version_to_the_next_and_back() -> None:
    assert now("call:4", MOVED, AGAIN) == "phone:4"
    assert now("call:4", MOVED, AGAIN, BACK) == "ring:4"
    assert [now(key, MOVED, BACK) for key in ("call:4", "ring:4")] == ["call:4", "call:4"]


def test_each_renaming_has_its_place_in_the_history() -> None:
    issued = e.TaskIssued(at=BEGUN, task="plan", spec="plan")
    found = renames([issued, MOVED, issued, BACK])
    assert [(one.place, one.keys) for one in found] == [
        (1, {"call": "ring", "brief": "call"}),
        (3, {"ring": "call", "call": "brief"}),
    ]
