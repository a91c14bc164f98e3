"""Nobody gives themselves, or anybody, more than they have; the last administrator stays."""

import pytest

from workflow.model.access.gifts import check_gift, check_not_last, check_taking
from workflow.model.access.permissions import Role
from workflow.model.access.relations import Grant, Place, Relation
from workflow.model.errors import InvalidInput, Refused

ADMINISTRATOR = Relation(person=1, is_administrator=True)
HEAD = Relation(person=2, grants=(Grant(id=1, role=Role.PROGRAMME_MANAGER),))
LOCAL = Relation(
    person=3,
    reference="NOR-26",
    places=(Place(key="programme_manager", reference="NOR-26", role=Role.PROGRAMME_MANAGER),),
)
MANAGER = Relation(person=4, grants=(Grant(id=2, role=Role.CHALLENGE_MANAGER),))


def test_who_may_give_gives_what_they_may_do_themselves() -> None:
    assert check_gift(ADMINISTRATOR, 9, Role.ADMINISTRATOR, reference=None) == "administrator"
    assert check_gift(HEAD, 9, Role.AUDITOR, reference=None) == "grant 1: programme_manager"
    assert check_gift(LOCAL, 9, Role.PEER, reference="NOR-26") == "programme_manager on NOR-26"


def refused(giver: Relation, person: int, role: Role) -> Refused:
    """Return how a gift is refused."""
    with pytest.raises(Refused) as caught:
        check_gift(giver, person, role, reference=None)
    return caught.value


def test_nobody_gives_themselves_anything() -> None:
    error = refused(ADMINISTRATOR, 1, Role.AUDITOR)
    assert error.message == "{p1} may not give access to themselves: somebody else must"
    assert (error.kind, error.hint) == ("same_person", "ask another administrator")


def test_nobody_gives_more_than_they_have() -> None:
    error = refused(HEAD, 9, Role.ADMINISTRATOR)
    assert error.message == (
        "{p2} may not give what an administrator may do: it is more than their own"
    )
    assert error.allowed == ("programme_manager", "challenge_manager", "peer", "client", "auditor")
    assert (error.kind, error.hint) == ("not_allowed", "ask an administrator")


def test_who_has_not_the_right_gives_nothing() -> None:
    assert refused(MANAGER, 9, Role.PEER).message == (
        "{p4} may not give and revoke access to challenges: that is for a programme manager or "
        "an administrator"
    )


def test_an_administrator_is_one_for_everything() -> None:
    with pytest.raises(InvalidInput) as caught:
        check_gift(ADMINISTRATOR, 9, Role.ADMINISTRATOR, reference="NOR-26")
    assert str(caught.value) == "an administrator is one for everything: leave out --on"


def test_access_is_taken_back_by_whoever_might_give_it_or_has_it() -> None:
    assert check_taking(HEAD, 9, Role.AUDITOR) == "grant 1: programme_manager"
    assert check_taking(MANAGER, 4, Role.CHALLENGE_MANAGER) == "their own"
    with pytest.raises(Refused) as caught:
        check_taking(HEAD, 9, Role.ADMINISTRATOR)
    assert caught.value.message == (
        "{p2} may not revoke what an administrator may do: it is more than their own"
    )
    with pytest.raises(Refused, match="may not give and revoke access"):
        check_taking(MANAGER, 9, Role.PEER)


def test_the_last_administrator_keeps_the_way_in() -> None:
    check_not_last(frozenset({1, 2}), 1)
    with pytest.raises(Refused) as caught:
        check_not_last(frozenset({1}), 1)
    assert caught.value.message == (
        "{p1} is the last administrator: somebody must stay who may do everything"
    )
    assert (caught.value.kind, caught.value.hint) == (
        "last_administrator",
        "make another one first: peer-challenge grant give PERSON administrator",
    )
