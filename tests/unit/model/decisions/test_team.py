"""Who may join and leave a team, and how it is refused."""

import pytest

from tests.visits import (
    DIRECTOR,
    LATECOMER,
    LEAD,
    LEADER,
    MANAGER,
    SECOND,
    STRANGER,
    VISITOR,
    begun,
    closed,
    complaint,
    dated,
    refusal,
    staffed,
)
from workflow.model import commands as c
from workflow.model.events import PersonAssigned, PersonReleased

NOBODYS = "{p9} may not change the team: that is for Visit manager or an administrator"


def assign(person: int, role: str, *capabilities: str) -> c.AssignPerson:
    return c.AssignPerson(person=person, role=role, capabilities=capabilities)


def test_a_person_joins_on_the_day_with_what_they_can_do() -> None:
    case = begun().do(assign(LEAD, "lead_visitor", LEADER))
    (joined,) = [one for one in case.events if isinstance(one, PersonAssigned)]
    assert (joined.person, joined.role, joined.on) == (LEAD, "lead_visitor", case.today)
    assert joined.capabilities == (LEADER,)
    assert case.challenge.holders(["lead_visitor"]) == (LEAD,)


@pytest.mark.parametrize(
    ("command", "kind", "message", "hint"),
    [
        (assign(VISITOR, "visitor"), "already", "{p5} is Visitor already", ""),
        (
            assign(LATECOMER, "lead_visitor", LEADER),
            "full",
            "Lead visitor: at most 1, and there is {p4}",
            "release somebody first: peer-challenge release NOR-26 PERSON --reason …",
        ),
    ],
)
def test_who_may_not_join(command: c.AssignPerson, kind: str, message: str, hint: str) -> None:
    refused = refusal(staffed(), command)
    assert (refused.kind, refused.message, refused.hint) == (kind, message, hint)


def test_a_role_takes_as_many_as_it_may_and_no_more() -> None:
    case = staffed()  # two of at most five
    for person in (10, 11, 12):
        case.assign("visitor", person)
    assert refusal(case, assign(13, "visitor")).kind == "full"
    case.release(10).assign("visitor", 13)
    assert case.challenge.holders(["visitor"]) == (VISITOR, SECOND, 11, 12, 13)


def test_who_is_not_eligible_is_refused_where_the_role_is_strict() -> None:
    refused = refusal(begun(), assign(LEAD, "lead_visitor", "cook"))
    assert refused.kind == "not_eligible"
    assert refused.message == (
        "{p4} is not recorded as former chief executive, as Lead visitor should be"
    )
    assert refused.allowed == (LEADER,)


def test_who_is_not_eligible_is_let_in_with_a_warning_where_the_role_is_not() -> None:
    edit = ("needed: 2..5, otherwise: warn", "needed: 2..5, eligible: [trained], otherwise: warn")
    case = begun(edit).assign("visitor", VISITOR)
    assert case.warnings == ("{p5} is not recorded as trained, as Visitor should be",)
    assert case.assign("visitor", SECOND, "trained").warnings == ()


def test_a_role_that_does_not_exist_is_not_found_but_the_nearest_is_named() -> None:
    text = complaint(begun(), assign(VISITOR, "visiter"))
    assert text == (
        'there is no role "visiter"; did you mean "visitor"? '
        "(director, manager, lead_visitor, visitor, host)"
    )


@pytest.mark.parametrize(
    "command", [assign(10, "visitor"), c.ReleasePerson(person=VISITOR, reason="ill")]
)
def test_the_team_is_changed_by_those_who_manage(command: c.Command) -> None:
    refused = refusal(staffed(), command, actor=STRANGER)
    assert (refused.kind, refused.message) == ("not_allowed", NOBODYS)
    assert refused.allowed == ("Visit manager",)
    assert refused.hint == "ask one of them"
    assert refusal(staffed(), command, actor=DIRECTOR).kind == "not_allowed"
    staffed().do(command, actor=MANAGER)


def test_where_nobody_is_named_anybody_may_change_the_team() -> None:
    case = staffed(("manages: [manager]", "manages: []"))
    case.do(assign(10, "visitor"), actor=STRANGER)
    assert 10 in case.challenge.holders(["visitor"])


def test_nobody_joins_what_is_over() -> None:
    refused = refusal(closed(), assign(10, "visitor"))
    assert refused.kind == "closed"
    assert refused.message == (
        'NOR-26 is over (stage "Closed"): nothing of this can change any more'
    )


def test_who_leaves_leaves_every_role_or_the_one_that_is_named() -> None:
    case = staffed().assign("visitor", LEAD)
    case.do(c.ReleasePerson(person=LEAD, reason="ill"), actor=MANAGER)
    left = [one for one in case.events if isinstance(one, PersonReleased)]
    assert [(one.role, one.on, one.reason, one.actor) for one in left] == [
        ("lead_visitor", case.today, "ill", MANAGER),
        ("visitor", case.today, "ill", MANAGER),
    ]
    one = staffed().assign("visitor", LEAD)
    one.do(c.ReleasePerson(person=LEAD, role="visitor", reason="only leads"))
    assert one.challenge.holders(["lead_visitor"]) == (LEAD,)
    assert LEAD not in one.challenge.holders(["visitor"])


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (
            c.ReleasePerson(person=STRANGER, reason="ill"),
            "{p9} is not on the team of NOR-26",
        ),
        (
            c.ReleasePerson(person=LEAD, role="visitor", reason="ill"),
            "{p4} is not on the team of NOR-26 as Visitor",
        ),
        (c.ReleasePerson(person=LEAD, reason=" "), "say why"),
        (c.ReleasePerson(person=LEAD, role="cook", reason="ill"), 'there is no role "cook"'),
    ],
)
def test_who_cannot_leave(command: c.ReleasePerson, message: str) -> None:
    assert message in complaint(dated(), command)


def test_who_left_may_come_back() -> None:
    case = dated().release(VISITOR).assign("visitor", VISITOR)
    assert case.challenge.holders(["visitor"]) == (SECOND, VISITOR)
    assert [m.left_at is None for m in case.challenge.team if m.person == VISITOR] == [False, True]
    assert case.task("brief_visitor", person=VISITOR).status.value == "pending"
