"""Who may ask the engine for a command at all, and by which right."""

import pytest

from tests.visits import BEGUN, DIRECTOR, HOST, LEAD, MANAGER, STRANGER, VISITOR, clearing, staffed
from workflow.model import commands as c
from workflow.model.access.admission import NEEDS, admit, is_own
from workflow.model.access.permissions import Role
from workflow.model.access.relations import Grant, is_told_by_key, stands_for
from workflow.model.decide import _ANSWERS, decide
from workflow.model.decisions.asking import Actor
from workflow.model.errors import Refused
from workflow.model.records import commands as r

TODAY = BEGUN.date()
ASSIGN = c.AssignPerson(person=LEAD, role="visitor")
NO_LIST = ("manages: [manager]", "manages: []")
NO_STEP = ("    by: manager\n    requires: [scope_agreed", "    requires: [scope_agreed")


def admitted(command: c.Command, actor: Actor, *edits: tuple[str, str]) -> str:
    """Return by which right somebody may ask for a command of a visit."""
    case = staffed(*edits)
    return admit(case.rules.definition, case.challenge, command, actor=actor)


def test_every_command_needs_a_permission() -> None:
    assert set(NEEDS) == set(_ANSWERS)


@pytest.mark.parametrize(("actor", "right"), [
    (Actor(id=MANAGER), "manager on NOR-26"),
    (Actor(id=DIRECTOR), "director on NOR-26"),
    (Actor(id=1, is_administrator=True), "administrator"),
    (Actor(id=1, grants=(Grant(id=4, role=Role.CHALLENGE_MANAGER, reference="NOR-26"),)),
     "grant 4: challenge_manager"),
    (Actor(id=1, grants=(Grant(id=5, role=Role.PROGRAMME_MANAGER),)), "grant 5: programme_manager"),
])  # fmt: skip
def test_by_which_right_the_team_is_changed(actor: Actor, right: str) -> None:
    assert admitted(ASSIGN, actor, NO_LIST) == right


@pytest.mark.parametrize("actor", [
    Actor(id=STRANGER),
    Actor(id=VISITOR),
    Actor(id=HOST),
    Actor(id=1, grants=(Grant(id=4, role=Role.AUDITOR),)),
    Actor(id=1, grants=(Grant(id=4, role=Role.CHALLENGE_MANAGER, reference="EAS-27"),)),
])  # fmt: skip
def test_whose_access_does_not_allow_it_is_refused(actor: Actor) -> None:
    with pytest.raises(Refused, match="may not change the team of NOR-26"):
        admitted(ASSIGN, actor, NO_LIST)


def test_a_definition_that_names_roles_answers_for_the_team_itself() -> None:
    assert admitted(ASSIGN, Actor(id=VISITOR)) == "visitor on NOR-26"  # `decide` refuses
    sign_off = c.Advance(trigger="sign_off")
    assert admitted(sign_off, Actor(id=HOST)) == "host on NOR-26"
    with pytest.raises(Refused, match="may not take steps of NOR-26"):
        admitted(c.Advance(trigger="confirm"), Actor(id=HOST), NO_STEP)


def test_a_grant_counts_where_the_rules_name_a_role_that_it_stands_for() -> None:
    case = staffed()
    grant = Grant(id=4, role=Role.CHALLENGE_MANAGER, reference="NOR-26")
    actor = Actor(id=STRANGER, grants=(grant,))
    decision = decide(case.rules, case.challenge, ASSIGN, at=case.at, actor=actor)
    assert decision.authority == "grant 4: challenge_manager"
    only_peer = Actor(id=STRANGER, grants=(Grant(id=5, role=Role.PEER),))
    with pytest.raises(Refused, match="Visit manager or an administrator"):
        decide(case.rules, case.challenge, ASSIGN, at=case.at, actor=only_peer)


@pytest.mark.parametrize("command", [
    ASSIGN,
    c.ReleasePerson(person=LEAD, reason="ill"),
    c.SetDate(key="visit_start", on=TODAY, reason="earlier"),
    c.CompleteTask(spec="scope_agreed", on=TODAY, evidence="agreed"),
    c.WaiveTask(spec="scope_agreed", reason="known"),
    c.Advance(trigger="confirm", override="we go", reason="we go"),
])  # fmt: skip
def test_a_place_here_and_a_grant_elsewhere_are_no_right_here(command: c.Command) -> None:
    case = staffed()
    elsewhere = Grant(id=4, role=Role.PROGRAMME_MANAGER, reference="SOU-26")
    actor = Actor(id=VISITOR, grants=(elsewhere,))
    with pytest.raises(Refused, match="an administrator"):
        decide(case.rules, case.challenge, command, at=case.at, actor=actor)


def test_whoever_has_left_may_do_what_is_theirs_and_nothing_else() -> None:
    case = clearing().release(VISITOR)
    gone, definition = Actor(id=VISITOR), case.rules.definition
    own = c.CompleteTask(spec="destroy_notes", on=TODAY, person=VISITOR)
    assert admit(definition, case.challenge, own, actor=gone) == "own duty on NOR-26"
    others = c.CompleteTask(spec="destroy_notes", on=TODAY, person=LEAD)
    with pytest.raises(Refused, match="may not record work of NOR-26"):
        admit(definition, case.challenge, others, actor=gone)
    assert not is_own(case.challenge, c.Advance(), VISITOR)


def test_a_stranger_acknowledges_and_settles_nothing() -> None:
    for command in (
        r.AcknowledgeDocument(document="pack", person=STRANGER, on=TODAY),
        r.SettleItem(item="7", outcome="returned", on=TODAY),
    ):
        with pytest.raises(Refused, match="may not record work of NOR-26"):
            admitted(command, Actor(id=STRANGER))


@pytest.mark.parametrize(("key", "side", "role", "is_told"), [
    ("programme_manager", "team", Role.PROGRAMME_MANAGER, True),
    ("challenge_manager", "", Role.CHALLENGE_MANAGER, True),
    ("director", "programme", Role.CHALLENGE_MANAGER, False),
    ("host", "client", Role.CLIENT, False),
    ("host", "", Role.PEER, False),
])  # fmt: skip
def test_the_key_of_a_role_says_which_access_it_gives_or_else_its_side(
    key: str,
    side: str,
    role: Role,
    is_told: bool,  # noqa: FBT001 (a table)
) -> None:
    assert stands_for(key, side) is role
    assert is_told_by_key(key) is is_told
