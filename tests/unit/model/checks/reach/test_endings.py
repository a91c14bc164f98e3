"""A stage that is not final ends a task only where nothing that follows brings it back."""

from typing import Any

import pytest

from tests.unit.model.test_references import said, task
from tests.visits import Edit, clearing, dated
from workflow.model.task import TaskStatus

Change = tuple[str, Any]
TIDY = {
    "first": {"title": "First"},
    "second": {"title": "Second"},
    "pause": {"title": "Pause", "paused": True, "keeps": []},
    "tidy": {"title": "Tidying up", "keeps": []},
    "last": {"title": "The last things"},
    "over": {"title": "Over", "final": True},
}
THROUGH: list[Change] = [
    ("stages", TIDY),
    ("transitions.finish", {"from": "second", "to": "tidy"}),
    ("transitions.tidied", {"from": "tidy", "to": "last"}),
    ("transitions.close", {"from": "last", "to": "over"}),
]
AT_THE_END: list[Change] = [
    *THROUGH,
    ("transitions.tidied", {"from": "tidy", "to": "over"}),
    ("transitions.close", {"from": "second", "to": "last"}),
    ("transitions.leave", {"from": "last", "to": "over"}),
]
RUNGS = ("ladders.own", [{"when": "1 day after tidy", "to": "by", "notice": "late"}])
REMINDED = task(stage="last", limit="4 weeks after end", source="rules", reminders="own")
HUNG: list[tuple[Change, ...]] = [
    (("tasks.more", task(stage="last", target="1 day after tidy")),),
    (("tasks.more", task(stage="first", not_before="1 day after tidy")),),
    (("tasks.more", task(stage="first", opens="tidy")),),
    (RUNGS, ("tasks.more", REMINDED)),
]
THANKS: Edit = (
    "  comments_in:\n",
    "  thanks: {title: Thanks, stage: clearing, by: manager, target: 2 weeks after agreeing}\n"
    "  comments_in:\n",
)
ENDING: Edit = ("agreeing:  {title: Agreeing the report,", "agreeing:  {title: A, keeps: [],")
PAUSING: Edit = ("title: On hold, paused: true", "title: On hold, paused: true, keeps: []")
CHEERING: Edit = (
    "  comments_in:\n",
    "  cheer: {title: Say that it goes on, stage: planning, by: manager, opens: on_hold}\n"
    "  comments_in:\n",
)


@pytest.mark.parametrize("changes", HUNG)
def test_what_hangs_on_a_stage_that_leads_on_is_right(changes: tuple[Change, ...]) -> None:
    assert said(*THROUGH, *changes) == []


@pytest.mark.parametrize("changes", HUNG)
def test_what_hangs_on_a_stage_after_which_it_never_comes_again_is_told(
    changes: tuple[Change, ...],
) -> None:
    (found,) = said(*AT_THE_END, *changes)
    assert '"tidy"' in found
    assert "ends" in found


def test_a_step_back_to_before_the_stage_brings_nothing_back_as_it_is_unreached_then() -> None:
    again: Change = ("transitions.again", {"from": "tidy", "to": "first"})
    (found,) = said(*AT_THE_END, again, ("tasks.more", task(target="1 day after tidy")))
    assert found.startswith('tasks.more.target: it counts from "tidy", and entering that stage')


def test_a_pause_alone_brings_nothing_back() -> None:
    stages: Change = ("stages", {**TIDY, "pause": {"title": "Pause", "paused": True}})
    wait: Change = ("transitions.wait.from", ["first", "second", "tidy"])
    (found,) = said(*AT_THE_END, stages, wait, ("tasks.more", task(target="1 day after tidy")))
    assert found.startswith('tasks.more.target: it counts from "tidy", and entering that stage')


def test_a_task_that_counts_from_a_stage_which_keeps_nothing_is_there_in_the_next_one() -> None:
    thanks = clearing(ENDING, THANKS).task("thanks")
    assert thanks.status is TaskStatus.OPEN
    assert thanks.target_on is not None


def test_a_task_that_opens_with_a_pause_which_keeps_nothing_is_there_after_it() -> None:
    case = dated(PAUSING, CHEERING).advance("hold_off", reason="snow")
    assert case.task("cheer").status is TaskStatus.CANCELLED
    assert case.advance("resume").task("cheer").status is TaskStatus.OPEN
