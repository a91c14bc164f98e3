"""What a challenge has must have a place in the new version, or be given one."""

from dataclasses import replace
from datetime import date

import pytest

from tests.builders import Case
from tests.unit.model.register.kept import (
    DUE,
    EDITS,
    approved,
    asked,
    carrying_out,
    closing,
    look,
    on,
)
from tests.versions import NAMES, NOTHING, RENAMED, WITHOUT_EVENING, back, moved, unsafe
from tests.visits import (
    DIRECTOR,
    MANAGER,
    VISITOR,
    Edit,
    agreeing,
    clearing,
    dated,
    drafting,
    of_kind,
    refusal,
    visiting,
)
from workflow.model import commands as c
from workflow.model import events as e
from workflow.model.challenge import evolve, replay
from workflow.model.decisions.mapping import Renaming
from workflow.model.records import commands as r
from workflow.model.register.retention import Status


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


POST = (*EDITS, ("\n  mail:\n    title: Mail", "\n  post:\n    title: Mail"))
TO_POST = Renaming(keys={"retention_mail": "retention_post"})
HELD = c.PlaceHold(name="FOI 7", reason="asked", rules=("mail",))
HELD_WHOLLY = c.PlaceHold(name="FOI 7", reason="asked")
LONGER = r.ExtendRetention(rule="mail", until=date(2035, 1, 1), reason="an inquiry")


def ripe() -> Case:
    """Return a visit whose mail is due to be destroyed, and that is not over."""
    return on(closing(), DUE)


@pytest.mark.parametrize(
    ("case", "what"),
    [
        (closing().do(HELD), 'the hold "FOI 7" is on'),
        (closing().do(LONGER, actor=MANAGER), "something is kept for longer by"),
        (asked(ripe()), "a destruction was asked for by"),
        (approved(ripe()).do(carrying_out(), actor=MANAGER), "something was destroyed by"),
    ],
)
def test_a_rule_that_holds_or_has_done_something_must_be_there_still(case: Case, what: str) -> None:
    text = f"{what} the retention rule mail, which is gone in version 1.1"
    assert unsafe(case, *POST) == [text]
    assert unsafe(case, *POST, renaming=Renaming(keys={"retention_mail": "catch_up"})) == [text]
    assert unsafe(case, *POST, renaming=TO_POST) == []
    assert unsafe(case, *EDITS) == []


def test_a_rule_that_nothing_hangs_on_may_go() -> None:
    other = c.PlaceHold(name="FOI 7", reason="asked", rules=("visitors_notes",))
    assert unsafe(closing(), *POST) == unsafe(closing().do(other), *POST) == []


def test_what_is_held_kept_or_destroyed_is_so_under_the_new_name_of_its_rule() -> None:
    there, decision = moved(closing().do(HELD), *POST, renaming=TO_POST)
    assert there.challenge.holds["FOI 7"].rules == ("post", "own_records")
    assert of_kind(decision.events, e.DefinitionMigrated)[0].rules == {"mail": "post"}
    assert of_kind(decision.events, e.HoldPlaced) == []
    assert look(there, "post").status is Status.HELD
    longer, _ = moved(closing().do(LONGER, actor=MANAGER), *POST, renaming=TO_POST)
    assert (look(longer, "post").status, look(longer, "post").due_on) == (
        Status.EXTENDED,
        date(2035, 1, 1),
    )
    assert longer.task("retention_post").target_on == date(2035, 1, 1)
    gone, _ = moved(approved(ripe()).do(carrying_out(), actor=MANAGER), *POST, renaming=TO_POST)
    assert look(gone, "post").status is Status.DESTROYED
    assert replay(gone.events) == gone.challenge


@pytest.mark.parametrize("renaming", [NOTHING, TO_POST])
def test_a_hold_on_everything_is_on_what_is_new_too_and_says_so(renaming: Renaming) -> None:
    case = ripe().do(HELD_WHOLLY)
    gifts = "  gifts:\n    title: Gifts\n    done_by: draft_checked\n"
    late = ("  post:\n    title: Mail", f"{gifts}  post:\n    title: Mail")
    assert unsafe(case, *POST, late, renaming=renaming) == []
    there, decision = moved(case, *POST, late, renaming=renaming)
    (placed,) = of_kind(decision.events, e.HoldPlaced)
    assert (placed.actor, placed.reason) == (None, "it stops more in version 1.1")
    hold, before = there.challenge.holds["FOI 7"], case.challenge.holds["FOI 7"]
    assert hold.rules == tuple(there.rules.definition.retention)
    assert (hold.tasks, hold.since) == (("destroy_notes", "draft_checked"), before.since)
    refused = refusal(there, r.RequestDisposal(rule="post"), actor=DIRECTOR)
    assert refused.message == '"Mail about the visit" is on hold: FOI 7'
    assert replay(there.events) == there.challenge
    assert back(there, case)[0].challenge.holds == case.challenge.holds


def test_a_hold_on_some_is_on_what_else_ends_them_and_on_the_record_alone() -> None:
    notes = c.PlaceHold(name="x", reason="asked", rules=("visitors_notes",))
    more: tuple[Edit, ...] = (
        ("done_by: destroy_notes", "done_by: [destroy_notes, draft_checked]"),
    )
    there, _ = moved(clearing().do(notes), *EDITS, *more)
    hold = there.challenge.holds["x"]
    assert (hold.tasks, hold.rules) == (
        ("destroy_notes", "draft_checked"),
        ("visitors_notes", "own_records"),
    )
    same, decision = moved(closing().do(notes), *EDITS)
    assert same.challenge.holds["x"].tasks == ("destroy_notes",)
    assert of_kind(decision.events, e.HoldPlaced) == []


def test_a_hold_that_the_engine_lifted_since_stays_lifted_after_going_back() -> None:
    case = closing().do(HELD)
    there, _ = moved(case, *POST, renaming=TO_POST)
    ended = e.HoldLifted(at=there.at, name="FOI 7", reason="FOI 7 is over")
    free = replace(there, challenge=evolve(there.challenge, ended), events=[*there.events, ended])
    assert free.challenge.before_migration is not None
    again, decision = back(free, case)
    assert again.challenge.holds == {}
    (lifted,) = of_kind(decision.events, e.HoldLifted)
    assert (lifted.actor, lifted.reason) == (None, "FOI 7 is over")
    assert replay(again.events) == again.challenge
