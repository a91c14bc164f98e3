"""Holds stop what destroys, and only that, until they are lifted."""

from datetime import timedelta

import pytest

from tests.visits import LEAD, MANAGER, STRANGER, clearing, complaint, refusal
from workflow.model import commands as c
from workflow.model.events import NoticeRaised
from workflow.model.planning.reminders import is_held

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
    edits = (("    done_by: destroy_notes\n", "    review_by: director\n"),)
    text = complaint(clearing(*edits), HOLD)
    assert text == "the definition has no task that destroys anything; name the tasks"


def test_the_same_hold_twice_is_refused() -> None:
    refused = refusal(clearing().do(HOLD), HOLD)
    assert (refused.kind, refused.message) == ("already", 'there is a hold "FOI 2027-12" already')


@pytest.mark.parametrize(("command", "what"), [(HOLD, "hold records"), (LIFT, "lift a hold")])
def test_records_are_held_by_those_who_manage(command: c.Command, what: str) -> None:
    case = clearing() if command is HOLD else clearing().do(HOLD)
    refused = refusal(case, command, actor=STRANGER)
    assert refused.kind == "not_allowed"
    assert refused.message.startswith(f"{{p9}} may not {what}: that is for Visit manager")
