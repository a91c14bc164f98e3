"""What binds people to challenges: places, grants, an office; each question one query."""

import pytest

from workflow.model.access.deciding import right
from workflow.model.access.permissions import Permission, Role
from workflow.model.errors import NotFound
from workflow.store.link import Link
from workflow.store.records import grants

from .builders import AT, HOUR, add_person, begin, opened

ADA, BEN, CLEO = 1, 2, 3  # the manager of GAR-26 and administrator, a peer, somebody else
MANAGE, SEE = Permission.CHANGE_TEAM, Permission.SEE_CHALLENGE


def given(link: Link, role: Role, *, reference: str | None = None) -> int:
    """Give Cleo a role."""
    where = grants.challenge_id(link, reference) if reference else None
    return grants.give(link, person=CLEO, role=role, challenge_id=where, at=AT, by=ADA)


def test_what_binds_somebody_is_found_in_one_query(database_url: str) -> None:
    with opened(database_url) as database:
        begin(database, "GAR-26")
        begin(database, "ORC-26")
        with database.writing() as link:
            add_person(link, "Cleo Example")
            given(link, Role.AUDITOR)
            given(link, Role.CHALLENGE_MANAGER, reference="GAR-26")
            ada = grants.of_one(link, ADA, "GAR-26", permission=MANAGE)
            ben = grants.of_one(link, BEN, "GAR-26", permission=MANAGE)
            cleo = grants.of_one(link, CLEO, "GAR-26", permission=MANAGE)
            other = grants.of_one(link, CLEO, "ORC-26", permission=MANAGE)
            assert grants.of_one(link, CLEO, "NONE-1", permission=MANAGE) is None
            assert ada is not None
            assert (ada.is_administrator, right(ada, MANAGE)) == (
                True,
                "challenge_manager on GAR-26",
            )
            assert ben is not None
            assert (right(ben, SEE), right(ben, MANAGE)) == ("peer on GAR-26", None)
            assert cleo is not None
            assert right(cleo, MANAGE) == "grant 2: challenge_manager"
            assert other is not None
            assert right(other, MANAGE) is None
            assert [one.id for one in grants.of_all(link, CLEO).grants] == [1]
            assert len(grants.anywhere(link, BEN, MANAGE).places) == 2
            assert grants.visible(link, ADA, MANAGE) is None
            assert grants.visible(link, BEN, SEE) == frozenset({"GAR-26", "ORC-26"})
            assert grants.visible(link, BEN, MANAGE) == frozenset()
            assert grants.visible(link, CLEO, MANAGE) == frozenset({"GAR-26"})
            assert grants.visible(link, CLEO, SEE) is None
            assert grants.teammates(link, BEN) == {ADA, BEN}
            assert grants.teammates(link, CLEO) == {CLEO}


def test_a_grant_ends_once_and_stays_on_record(database_url: str) -> None:
    with opened(database_url) as database, database.writing() as link:
        add_person(link, "Cleo Example")
        number = given(link, Role.ADMINISTRATOR)
        assert [one.id for one in grants.administrators(link)] == [ADA, CLEO]
        assert [one.id for one in grants.offices(link)] == [ADA]
        assert grants.asker(link, CLEO).is_administrator
        grants.lock(link)
        assert grants.revoke(link, number, at=AT + HOUR, by=ADA)
        assert not grants.revoke(link, number, at=AT + HOUR, by=ADA)
        assert grants.listed(link) == []
        (kept,) = grants.listed(link, person=CLEO, with_revoked=True)
        assert (kept.revoked_at, kept.revoked_by, kept.by) == (AT + HOUR, ADA, ADA)
        assert not grants.asker(link, CLEO).is_administrator
        grants.revoke_office(link, ADA)
        assert grants.administrators(link) == []


@pytest.mark.parametrize("kind", ["message", "answer", "mail", "certificate"])
def test_what_is_not_there_is_not_found(database_url: str, kind: str) -> None:
    with opened(database_url) as database, database.reading() as link:
        with pytest.raises(NotFound, match=f'there is no {kind} "7"'):
            grants.whereabouts(link, kind, "7" if kind == "certificate" else 7)
        with pytest.raises(NotFound, match='there is no grant "7"'):
            grants.one(link, 7)
        with pytest.raises(NotFound, match='there is no person with the id "77"'):
            grants.asker(link, 77)
