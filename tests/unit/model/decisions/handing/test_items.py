"""Things are handed out by name, and each is accounted for; destruction is confirmed by medium."""

from datetime import date

import pytest

from tests.builders import Case
from tests.handing import EDITS, confirmed
from tests.visits import (
    BEGUN,
    LEAD,
    MANAGER,
    SECOND,
    STRANGER,
    VISITOR,
    clearing,
    complaint,
    dated,
    of_kind,
    refusal,
)
from workflow.model import commands as c
from workflow.model.errors import InvalidInput
from workflow.model.planning.sampling import is_sampled
from workflow.model.records import commands as r
from workflow.model.records.events import Confirmation, ItemSettled, MediaConfirmed
from workflow.model.task import TaskStatus


def give(item: str = "notebook-7", medium: str = "notebook", person: int = LEAD) -> r.IssueItem:
    return r.IssueItem(item=item, medium=medium, person=person, title="Notebook 7")


def settle(outcome: str, *, on: date, item: str = "notebook-7", how: str = "") -> r.SettleItem:
    return r.SettleItem(item=item, outcome=outcome, on=on, method=how)


def given() -> Case:
    return dated(*EDITS).do(give())


def test_what_somebody_was_handed_is_theirs_until_it_is_settled() -> None:
    case = given()
    refused = refusal(case, give(person=VISITOR))
    assert (refused.kind, refused.message) == (
        "already",
        '"notebook-7" is with {p4}: it cannot be handed out',
    )
    case.do(settle("returned", on=case.today)).do(give())
    case.do(settle("lost", on=case.today))
    assert refusal(case, give()).message == '"notebook-7" is lost: it cannot be handed out'


def test_what_came_back_goes_to_somebody_else_under_another_name() -> None:
    """Else the register would forget who had it, and ask them for no confirmation."""
    case = given().do(settle("returned", on=BEGUN.date()))
    refused = refusal(case, give(person=VISITOR))
    assert (refused.message, refused.hint) == (
        '"notebook-7" was with {p4}, and the register keeps that',
        "hand it out under another name, such as notebook-7-2",
    )
    case.do(give("notebook-7-2", person=VISITOR))
    assert [item.person for item in case.challenge.records.items.values()] == [LEAD, VISITOR]


def test_what_is_lost_says_what_is_to_be_done_and_may_be_found() -> None:
    case = given()
    case.do(settle("lost", on=case.today), actor=LEAD)
    assert case.warnings == (
        '"notebook-7" is lost, which may be a breach to report within 72 hours: peer-challenge new '
        "REF --definition data_breach --concerns NOR-26",
    )
    assert refusal(case, settle("lost", on=case.today)).message == '"notebook-7" is lost already'
    case.do(settle("returned", on=case.today))
    assert refusal(case, settle("revoked", on=case.today)).message == (
        '"notebook-7" is returned already'
    )


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (give("Notebook 7"), '"Notebook 7" cannot name a thing; allowed: small letters, digits'),
        (give(medium="ntebook"), 'there is no medium "ntebook"; did you mean "notebook"?'),
        (
            settle("sold", on=date(2026, 10, 1)),
            '"sold" is no outcome of a thing; allowed: destroyed, returned, revoked, lost',
        ),
        (
            settle("lost", on=date(2026, 10, 2)),
            "Friday 2 October 2026 is in the future: say what became of it by now",
        ),
        (
            settle("lost", on=date(2026, 9, 30)),
            '"notebook-7" was handed out on Thursday 1 October 2026 only',
        ),
        (
            settle("destroyed", on=date(2026, 10, 1)),
            'say how "notebook-7" was destroyed: --method "…"',
        ),
        (
            settle("lost", on=date(2026, 10, 1), item="notebok-7"),
            'there is no thing that was handed out "notebok-7"; did you mean "notebook-7"?',
        ),
    ],
)
def test_what_makes_no_sense_is_said(command: c.Command, message: str) -> None:
    assert complaint(given(), command).startswith(message)


def test_only_the_team_is_handed_things() -> None:
    refused = refusal(dated(*EDITS), give(person=STRANGER))
    assert (refused.kind, refused.message) == ("not_on_team", "{p9} is not on the team of NOR-26")


def test_things_of_others_are_for_those_who_record() -> None:
    case = given()
    told = refusal(case, settle("lost", on=case.today), actor=VISITOR).message
    assert told.startswith("{p5} may not record what became of a thing: that is for Visit manager")
    told = refusal(case, give("notebook-8"), actor=VISITOR).message
    assert told.startswith("{p5} may not hand things out: that is for Visit manager")


def test_nothing_is_destroyed_while_it_is_on_hold() -> None:
    case = given().do(c.PlaceHold(name="FOI 1", reason="asked for"))
    refused = refusal(case, settle("destroyed", on=case.today, how="shredded"))
    assert (refused.kind, refused.message) == ("held", '"notebook-7" is on hold: FOI 1')
    case.do(settle("returned", on=case.today))


def test_whoever_leaves_with_something_is_asked_for_it() -> None:
    case = given().do(c.ReleasePerson(person=LEAD, reason="ill"))
    assert case.warnings == (
        "{p4} still has notebook-7: peer-challenge item settle NOR-26 notebook-7 OUTCOME",
    )
    assert case.task("destroy_notes", person=LEAD).opens_at == case.at


def test_each_medium_is_confirmed_with_its_method_and_day() -> None:
    case = clearing(*EDITS)
    case.do(confirmed(case, LEAD, laptop="wiped"), actor=LEAD)
    (event,) = of_kind(case.events, MediaConfirmed)
    assert {one.medium: one.method for one in event.media} == {
        "notebook": "shredded",
        "loose_paper": "shredded",
        "laptop": "wiped",
        "cloud": "shredded",
    }
    assert case.task("destroy_notes", person=LEAD).status is TaskStatus.DONE


def test_destruction_without_a_method_is_refused() -> None:
    case = clearing(*EDITS)
    bare = c.CompleteTask(
        spec="destroy_notes",
        person=LEAD,
        on=case.today,
        attested=("notebook", "loose_paper", "laptop", "cloud"),
    )
    refused = refusal(case, bare)
    assert refused.kind == "no_method"
    assert refused.message == (
        '"Destroy your notes and confirm it": nobody says how: notebook, loose paper, laptop, cloud'
    )
    assert refused.hint == (
        'say how and when: --attest "notebook=shredded@2026-12-18", '
        'or for all with --evidence "how"'
    )
    told = refusal(case, confirmed(case, LEAD, laptop=" ")).message
    assert told == '"Destroy your notes and confirm it": nobody says how: laptop'


def test_a_medium_that_is_not_asked_about_is_not_found() -> None:
    case = clearing(*EDITS)
    assert complaint(case, confirmed(case, LEAD, lptop="wiped")).startswith(
        'there is no item to confirm "lptop"; did you mean "laptop"?'
    )


def test_a_confirmation_settles_what_was_handed_out_of_that_medium() -> None:
    case = clearing(*EDITS).do(give()).do(give("notebook-8", person=VISITOR))
    case.do(confirmed(case, LEAD, notebook="burnt"))
    settled = of_kind(case.events, ItemSettled)
    assert [(one.item, one.outcome, one.method) for one in settled] == [
        ("notebook-7", "destroyed", "burnt")
    ]


def test_what_a_confirmation_does_not_speak_of_must_be_settled_first() -> None:
    case = clearing(*EDITS).do(give("tablet-2", "tablet")).do(give("badge-1", "badge"))
    refused = refusal(case, confirmed(case, LEAD))
    assert (refused.kind, refused.message) == (
        "not_settled",
        '"Destroy your notes and confirm it": {p4} still has tablet-2',
    )
    assert refused.hint == (
        "say what became of it: peer-challenge item settle NOR-26 tablet-2 OUTCOME"
    )
    case.do(settle("returned", on=case.today, item="tablet-2")).do(confirmed(case, LEAD))


def test_a_task_for_nobody_in_particular_settles_the_things_of_whoever_does_it() -> None:
    burn = (
        "\ndocuments:",
        """
  burn_boards:
    title: Burn the boards
    stage: clearing
    by: manager
    attest: [board]

documents:""",
    )
    ruled = (
        "    done_by: destroy_notes\n    sample",
        "    done_by: [destroy_notes, burn_boards]\n    sample",
    )
    case = clearing(*EDITS, burn, ruled).do(give("board-1", "board", MANAGER))
    media = (Confirmation(medium="board", method="burnt", on=case.today),)
    case.do(c.CompleteTask(spec="burn_boards", on=case.today, media=media), actor=MANAGER)
    assert case.challenge.records.items["board-1"].outcome == "destroyed"


def test_the_choice_of_whom_to_check_is_the_same_for_everybody() -> None:
    case = clearing(*EDITS)
    chosen = {task.person or 0 for task in case.challenge.occurrences("check_destruction")}
    definition = case.rules.definition
    assert chosen == {
        person
        for person in (LEAD, VISITOR, SECOND)
        if is_sampled(definition, "NOR-26", person, roles=["visitor"])
    }
    assert 0 < len(chosen) < 3
    assert not is_sampled(definition, "NOR-26", min(chosen), roles=["host"])


def test_a_check_waits_for_the_confirmation_of_the_one_who_is_checked() -> None:
    case = clearing(*EDITS)
    (person, *_) = [task.person or 0 for task in case.challenge.occurrences("check_destruction")]
    check = c.CompleteTask(spec="check_destruction", person=person, on=case.today, evidence="seen")
    refused = refusal(case, check)
    assert refused.kind == "order"
    assert refused.message.endswith(f"{{p{person}}} has not confirmed the destruction yet")
    case.do(confirmed(case, person)).do(check)


def test_what_is_not_on_hold_is_destroyed_with_its_method() -> None:
    case = given()
    with pytest.raises(InvalidInput) as refused:
        case.do(settle("destroyed", on=case.today))
    assert str(refused.value) == 'say how "notebook-7" was destroyed: --method "…"'
    case.do(settle("destroyed", on=case.today, how="shredded"))
    item = case.challenge.records.items["notebook-7"]
    assert (item.outcome, item.method) == ("destroyed", "shredded")


def test_a_hold_on_others_does_not_stop_the_destruction_of_ones_own() -> None:
    case = given().do(
        c.PlaceHold(name="x", reason="asked", tasks=("destroy_notes",), people=(VISITOR,))
    )
    case.do(settle("destroyed", on=case.today, how="burnt"))
    assert case.challenge.records.items["notebook-7"].outcome == "destroyed"
