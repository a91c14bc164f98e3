"""May they? By which right, or the sentence that refuses: who may, and the way out."""

import pytest

from workflow.model.access.deciding import refusal, require, right
from workflow.model.access.permissions import CHANGES, PHRASES, ROLES, TITLES, Permission, Role
from workflow.model.access.relations import Grant, Place, Relation, stands_for
from workflow.model.errors import Refused

PEER = Place(key="lead_peer", reference="NOR-26", role=Role.PEER)
MANAGER = Place(key="challenge_manager", reference="NOR-26", role=Role.CHALLENGE_MANAGER)
AUDIT = Grant(id=4, role=Role.AUDITOR)
NOBODY = Relation(person=9, reference="NOR-26")


def test_each_permission_has_its_words_and_is_somebodys() -> None:
    assert set(PHRASES) == set(Permission)
    assert set(TITLES) == set(ROLES) == set(Role)
    assert ROLES[Role.ADMINISTRATOR] == set(Permission)


def test_an_auditor_changes_nothing() -> None:
    assert ROLES[Role.AUDITOR] & CHANGES == set()


def test_who_manages_a_programme_may_all_that_who_manages_a_challenge_may() -> None:
    assert ROLES[Role.CHALLENGE_MANAGER] < ROLES[Role.PROGRAMME_MANAGER]
    assert ROLES[Role.PEER] < ROLES[Role.CHALLENGE_MANAGER]


@pytest.mark.parametrize(("key", "side", "role"), [
    ("programme_manager", "programme", Role.PROGRAMME_MANAGER),
    ("challenge_manager", "programme", Role.CHALLENGE_MANAGER),
    ("director", "programme", Role.CHALLENGE_MANAGER),
    ("visitor", "team", Role.PEER),
    ("host", "client", Role.CLIENT),
    ("director", "", Role.PEER),  # not known: the least
])  # fmt: skip
def test_a_role_of_a_definition_gives_a_role_of_access(key: str, side: str, role: Role) -> None:
    assert stands_for(key, side) is role


def test_the_least_that_is_enough_is_named() -> None:
    both = Relation(person=2, is_administrator=True, places=(MANAGER,), grants=(AUDIT,))
    assert right(both, Permission.CHANGE_TEAM) == "challenge_manager on NOR-26"
    assert right(both, Permission.EXPORT_AUDIT) == "grant 4: auditor"
    assert right(both, Permission.BACK_UP) == "administrator"
    assert right(NOBODY, Permission.SEE_CHALLENGE) is None


def test_a_refusal_says_who_may_and_the_way_out() -> None:
    peer = Relation(person=4, reference="NOR-26", places=(PEER,))
    with pytest.raises(Refused) as caught:
        require(peer, Permission.CHANGE_TEAM)
    assert caught.value.message == (
        "{p4} may not change the team of NOR-26: that is for a challenge manager, "
        "a programme manager or an administrator"
    )
    assert caught.value.kind == "not_allowed"
    assert caught.value.hint == "ask one of them"
    assert caught.value.allowed == (
        "an administrator",
        "a programme manager",
        "a challenge manager",
    )


def test_whom_nothing_binds_is_told_how_to_get_access() -> None:
    refused = refusal(NOBODY, Permission.SEE_CHALLENGE)
    assert refused.message == (
        "{p9} may not see NOR-26: that is for those on its team, whoever was given access or "
        "an administrator"
    )
    assert refused.hint == (
        "ask one of them for access: peer-challenge grant give PERSON ROLE --on NOR-26"
    )


def test_a_refusal_may_be_said_in_other_words_and_name_others() -> None:
    refused = refusal(
        NOBODY, Permission.ACT_FOR_OTHERS, what="change the mail of Jo", others=("them",)
    )
    assert refused.message == (
        "{p9} may not change the mail of Jo: that is for them or an administrator"
    )


def test_what_is_about_no_challenge_is_said_in_general() -> None:
    refused = refusal(Relation(person=4), Permission.START_CHALLENGE)
    assert refused.message.startswith("{p4} may not start challenges: that is for")
    assert refusal(Relation(person=4), Permission.READ_AUDIT).message.startswith(
        "{p4} may not read the audit of challenges"
    )
