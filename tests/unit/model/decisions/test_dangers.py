"""What a challenge has must have a place in the new version, or be given one."""

import pytest

from tests.versions import NAMES, RENAMED, WITHOUT_EVENING, moved, unsafe
from tests.visits import VISITOR, Edit, agreeing, clearing, dated, drafting, visiting
from workflow.model import commands as c
from workflow.model.decisions.mapping import Renaming


def without_drafting() -> tuple[Edit, ...]:
    """Return the edits that take the stage of drafting away."""
    return (
        ("  drafting:  {title: Drafting, phase: Writing up}\n", "  writing:  {title: Writing}\n"),
        ("to: drafting, at: end", "to: writing, at: end"),
        ("{from: drafting, to: agreeing", "{from: writing, to: agreeing"),
        ("[agreeing, clearing], to: drafting", "[agreeing, clearing], to: writing"),
        ("from: [planning, visiting, drafting, agreeing], to: on_hold",
         "from: [planning, visiting, writing, agreeing], to: on_hold"),
        ("from: [planning, visiting, drafting, agreeing, on_hold]",
         "from: [planning, visiting, writing, agreeing, on_hold]"),
        ("    stage: drafting\n", "    stage: writing\n"),
        ("    stage: drafting\n", "    stage: writing\n"),
    )  # fmt: skip


def test_a_stage_that_is_gone_with_the_challenge_in_it_is_unsafe() -> None:
    text = 'it is in the stage "Drafting" (drafting), which is gone in version 1.1'
    assert unsafe(drafting(), *without_drafting()) == [text]
    assert unsafe(dated(), *without_drafting()) == []
    names = Renaming(keys={"drafting": "writing"})
    assert unsafe(drafting(), *without_drafting(), renaming=names) == []
    assert moved(drafting(), *without_drafting(), renaming=names)[0].challenge.stage == "writing"


def test_a_stage_that_a_pause_goes_back_to_must_be_there() -> None:
    paused = drafting().do(c.Advance(trigger="hold_off", reason="rain"))
    text = 'it would go back to the stage "Drafting" (drafting), which is gone in version 1.1'
    assert unsafe(paused, *without_drafting()) == [text]
    names = Renaming(keys={"drafting": "writing"})
    there, _ = moved(paused, *without_drafting(), renaming=names)
    assert (there.challenge.stage, there.challenge.left) == ("on_hold", "writing")
    assert there.advance("resume").challenge.stage == "writing"


def test_a_date_that_is_recorded_and_gone_is_unsafe() -> None:
    edits: tuple[Edit, ...] = (
        ("  signed_off:  {title", "  agreed_on:  {title"),
        ("signed_off is known]", "agreed_on is known]"),
        ("clears: signed_off", "clears: agreed_on"),
        ("when signed_off is known", "when agreed_on is known"),
    )
    text = 'the date "Report signed off" (signed_off) is recorded, and is gone in version 1.1'
    assert unsafe(clearing(), *edits) == [text]
    assert unsafe(agreeing(), *edits) == []
    names = Renaming(keys={"signed_off": "agreed_on"})
    there, _ = moved(clearing(), *edits, renaming=names)
    assert there.challenge.dates["agreed_on"] == clearing().challenge.dates["signed_off"]


WITHOUT_VISITORS: tuple[Edit, ...] = (
    ("  visitor:      {title: Visitor,", "  guest:      {title: Guest,"),
    ("visitors: [lead_visitor, visitor]", "visitors: [lead_visitor, guest]"),
)


def test_a_role_that_somebody_holds_and_that_is_gone_is_unsafe() -> None:
    text = 'somebody is "Visitor" (visitor), which is gone in version 1.1'
    assert unsafe(dated(), *WITHOUT_VISITORS) == [text]
    left = dated().release(VISITOR).release(6)
    assert unsafe(left, *WITHOUT_VISITORS) == []
    given = dated().done("scope_agreed", "brief_visitor").release(VISITOR).release(6)
    assert unsafe(given, *WITHOUT_VISITORS) == [
        'somebody was "Visitor" (visitor) and was given material to destroy; '
        "the role is gone in version 1.1"
    ]
    names = Renaming(roles={"visitor": "guest"})
    assert unsafe(given, *WITHOUT_VISITORS, renaming=names) == []


@pytest.mark.parametrize(
    ("edits", "text"),
    [
        (
            (("  brief_visitor:\n", "  pack:\n"), ("after: brief_visitor", "after: pack")),
            "the task brief_visitor gave people material to destroy, and is gone in version 1.1",
        ),
        (
            (("    issues_material: true ", "    issues_material: false "),),
            "the task brief_visitor gave people material to destroy, "
            "and gives no material any more in version 1.1",
        ),
    ],
)
def test_what_gave_material_must_be_there_still(edits: tuple[Edit, ...], text: str) -> None:
    also = (("past and present, who were issued something", "past and present"),)
    assert unsafe(visiting(), *edits, *also) == [text]
    assert unsafe(dated(), *edits, *also) == []


def test_a_task_that_is_held_must_be_there_still() -> None:
    case = dated().do(c.PlaceHold(name="FOI 7", reason="asked", tasks=("evening_meeting",)))
    text = 'the hold "FOI 7" is on evening_meeting, which is gone in version 1.1'
    assert unsafe(case, *WITHOUT_EVENING) == [text]
    both = c.PlaceHold(name="FOI 7", reason="asked", tasks=("catch_up", "evening_meeting"))
    assert unsafe(dated().do(both), *WITHOUT_EVENING) == [text]
    held = dated().do(c.PlaceHold(name="FOI 7", reason="asked", tasks=("catch_up",)))
    there, _ = moved(held, *RENAMED, renaming=NAMES)
    assert there.challenge.holds["FOI 7"].tasks == ("talk",)


def test_a_pause_that_was_taken_must_be_there_still() -> None:
    waiting: Edit = ("tasks:\n", "pauses:\n  waiting: {title: Waiting for the host}\ntasks:\n")
    halted: Edit = ("    source: briefing 41\n", "    pauses: waiting\n    source: briefing 41\n")
    case = drafting(waiting, halted)
    assert unsafe(case) == []
    case.do(c.PauseClock(name="waiting", on=case.today, reason="no answer"))
    assert unsafe(case) == ["a clock stood still for waiting, which is gone in version 1.1"]
    names = Renaming(keys={"waiting": "idle"})
    edits = tuple((old, new.replace("waiting", "idle")) for old, new in (waiting, halted))
    assert unsafe(case, *edits, renaming=names) == []
    there, _ = moved(case, *edits, renaming=names)
    assert there.challenge.pauses == {"idle": case.challenge.pauses["waiting"]}
    assert there.task("report_sent").clock == case.task("report_sent").clock == "paused"
