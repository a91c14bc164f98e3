"""Holds stop what destroys, and only that, until they are lifted."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.unit.model.register.kept import DUE, approved, asked, carrying_out, on
from tests.unit.model.register.kept import closed as retained
from tests.visits import (
    FILE,
    LEAD,
    MANAGER,
    STRANGER,
    VISITOR,
    clearing,
    closed,
    complaint,
    refusal,
)
from workflow.model import commands as c
from workflow.model.events import NoticeRaised
from workflow.model.planning.reminders import is_held
from workflow.model.records.commands import LinkChallenge

HOLD = c.PlaceHold(name="FOI 2027-12", reason="a request")
LIFT = c.LiftHold(name="FOI 2027-12", reason="answered")


def destroyed(person: int = LEAD) -> c.CompleteTask:
    on = clearing().today
    return c.CompleteTask(spec="destroy_notes", person=person, on=on, evidence="shredded")


def test_a_hold_stops_what_carries_out_retention() -> None:
    case = clearing().do(HOLD, actor=MANAGER)
    assert case.challenge.holds["FOI 2027-12"].tasks == ("destroy_notes",)
    assert is_held(case.challenge, case.task("destroy_notes", person=LEAD))
    refused = refusal(case, destroyed())
    assert refused.kind == "held"
    assert refused.message == '"Destroy your notes and confirm it" is on hold: FOI 2027-12'


def test_what_is_held_is_neither_late_nor_reminded_and_goes_on_when_it_is_lifted() -> None:
    case = clearing().do(HOLD)
    known = len(case.events)
    case.until(case.today + timedelta(days=60))
    assert not case.task("destroy_notes", person=LEAD).is_missed
    assert [one for one in case.events[known:] if isinstance(one, NoticeRaised)] == []
    case.do(LIFT, actor=MANAGER)
    assert case.task("destroy_notes", person=LEAD).is_missed
    assert LEAD in case.told("overdue", since=known)
    case.do(destroyed())


def test_several_holds_must_all_be_lifted() -> None:
    case = clearing().do(HOLD).do(c.PlaceHold(name="complaint", reason="one came")).do(LIFT)
    assert refusal(case, destroyed()).message.endswith("is on hold: complaint")


def test_whoever_lifts_the_hold_of_a_request_by_hand_is_told_whose_it_is() -> None:
    case = clearing().do(LinkChallenge(other="REQ-1", relation="concerned_by"))
    case.do(c.PlaceHold(name="REQ-1", reason="asked")).do(HOLD).do(LIFT)
    assert not case.warnings
    case.do(c.LiftHold(name="REQ-1", reason="in the way"))
    assert " ".join(case.warnings) == (
        "REQ-1 put this hold here and lifts it itself when it ends: make sure that what was asked"
        " for was handed over"
    )


def test_whoever_lifts_a_hold_is_told_what_was_approved_and_goes_again() -> None:
    case = approved(on(retained(), DUE)).do(HOLD)
    other = c.PlaceHold(name="complaint", reason="one came", rules=("mail",))
    case.do(other).do(LIFT)
    assert not case.warnings  # the other one stops it
    case.do(c.LiftHold(name="complaint", reason="answered"))
    assert " ".join(case.warnings) == (
        '"Mail about the visit": its destruction is approved, and nothing stops it now: see that'
        " it is still right, or keep it for longer, which takes the approval back"
        " (peer-challenge retention extend NOR-26 mail)"
    )
    assert not asked(on(retained(), DUE)).do(HOLD).do(LIFT).warnings
    gone = approved(on(retained(), DUE)).do(carrying_out(), actor=MANAGER)
    assert not gone.do(HOLD).do(LIFT).warnings


def test_a_hold_on_anything_stops_the_end_of_the_record_and_says_so() -> None:
    case = retained().do(c.PlaceHold(name="x", reason="asked", rules=("mail",)))
    assert case.challenge.holds["x"].rules == ("mail", "own_records")
    assert case.challenge.holds["x"].tasks == ()


def test_a_hold_may_name_other_tasks() -> None:
    case = clearing().do(c.PlaceHold(name="x", reason="asked", tasks=("comments_in",)))
    assert case.do(destroyed()).task("destroy_notes", person=LEAD).done_on


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (c.PlaceHold(name="x", reason=" "), 'say why it is held: --reason "…"'),
        (c.PlaceHold(name=" ", reason="x"), 'a hold needs a name, such as "FOI 2027-12"'),
        (c.PlaceHold(name="x", reason="x", tasks=("destroy",)), 'there is no task "destroy"'),
        (c.LiftHold(name="x", reason=""), 'say why the hold ends: --reason "…"'),
        (
            c.LiftHold(name="FOI 2027", reason="x"),
            'there is no hold "FOI 2027"; did you mean "FOI 2027-12"?',
        ),
    ],
)
def test_a_hold_that_makes_no_sense(command: c.Command, message: str) -> None:
    assert message in complaint(clearing().do(HOLD), command)


def test_a_definition_that_destroys_nothing_has_nothing_to_hold() -> None:
    _, _, rest = FILE.read_text(encoding="utf-8").partition("\nretention:\n")
    retention, _, _ = rest.partition("\nobligations:\n")
    edits = (
        (f"\nretention:\n{retention}", ""),
        ("    issues_material: true ", "    issues_material: false "),
        (", past and present, who were issued something", ", past and present"),
    )
    text = complaint(clearing(*edits), HOLD)
    assert text == "the definition destroys nothing: name the tasks that are held"


def test_a_hold_stops_the_retention_of_our_own_copies_too() -> None:
    case = closed()
    case.at = datetime(2035, 1, 2, 9, tzinfo=UTC)
    case.sweep()
    assert case.do(HOLD).challenge.holds["FOI 2027-12"].rules == ("visitors_notes", "own_records")
    command = c.CompleteTask(spec="retention_own_records", on=case.today)
    assert refusal(case, command).message.endswith("is on hold: FOI 2027-12")
    case.do(LIFT).do(command)


def test_a_hold_on_a_rule_stops_the_tasks_that_end_it_and_no_other_rule() -> None:
    case = clearing().do(c.PlaceHold(name="x", reason="asked", rules=("visitors_notes",)))
    assert case.challenge.holds["x"].tasks == ("destroy_notes",)
    assert refusal(case, destroyed()).kind == "held"


def test_a_hold_may_name_people_and_stops_no_others() -> None:
    case = clearing().do(c.PlaceHold(name="SAR 3", reason="asked", people=(LEAD,)))
    assert refusal(case, destroyed()).message.endswith("is on hold: SAR 3")
    assert case.do(destroyed(VISITOR)).task("destroy_notes", person=VISITOR).done_on


def test_nobody_who_was_never_there_is_held() -> None:
    text = complaint(clearing(), c.PlaceHold(name="x", reason="x", people=(STRANGER,)))
    assert text == "{p9} was never on the team of NOR-26: they hold nothing of it"


def test_the_same_hold_twice_is_refused() -> None:
    refused = refusal(clearing().do(HOLD), HOLD)
    assert (refused.kind, refused.message) == ("already", 'there is a hold "FOI 2027-12" already')


@pytest.mark.parametrize(("command", "what"), [(HOLD, "hold records"), (LIFT, "lift a hold")])
def test_records_are_held_by_those_who_manage(command: c.Command, what: str) -> None:
    case = clearing() if command is HOLD else clearing().do(HOLD)
    refused = refusal(case, command, actor=STRANGER)
    assert refused.kind == "not_allowed"
    assert refused.message.startswith(f"{{p9}} may not {what}: that is for Visit manager")
