"""What each permission is called, and each role of access, in the sentences that refuse."""

import pytest

from workflow.model.access.deciding import refusal
from workflow.model.access.permissions import ROLES, TITLES, Permission, Role, phrase
from workflow.model.access.relations import Relation

P = Permission
SENTENCES = [
    (P.SEE_CHALLENGE, "see NOR-26"),
    (P.SEE_PEOPLE, "see the people of the programme"),
    (P.SEE_CORRESPONDENCE, "read the correspondence of NOR-26"),
    (P.READ_AUDIT, "read the audit of NOR-26"),
    (P.EXPORT_AUDIT, "export the audit log"),
    (P.START_CHALLENGE, "start challenges"),
    (P.CHANGE_TEAM, "change the team of NOR-26"),
    (P.SET_DATES, "set dates of NOR-26"),
    (P.RECORD_WORK, "record work of NOR-26"),
    (P.WAIVE_WORK, "waive tasks of NOR-26"),
    (P.TAKE_STEPS, "take steps of NOR-26"),
    (P.SETTLE_ANSWERS, "settle what people answered in NOR-26"),
    (P.KEEP_DOCUMENTS, "keep the documents of NOR-26"),
    (P.LINK_CHALLENGES, "link NOR-26 with another"),
    (P.HOLD_RECORDS, "hold records of NOR-26"),
    (P.REQUEST_DISPOSAL, "ask to destroy records of NOR-26"),
    (P.APPROVE_DISPOSAL, "approve the destruction of records of NOR-26"),
    (P.DESTROY, "destroy records of NOR-26"),
    (P.FORGET_PERSON, "let a person be forgotten"),
    (P.MANAGE_PEOPLE, "add and change people"),
    (P.MAKE_ADMINISTRATORS, "make and change administrators"),
    (P.ACT_FOR_OTHERS, "change the mail and the links of others"),
    (P.MANAGE_MAIL, "see to the mail of NOR-26"),
    (P.MANAGE_DEFINITIONS, "change the definition of challenges"),
    (P.MANAGE_CALENDARS, "change calendars"),
    (P.GRANT_ACCESS, "give and revoke access to NOR-26"),
    (P.ANCHOR_AUDIT, "anchor the audit log"),
    (P.BACK_UP, "back up and restore"),
    (P.RUN, "run the machine's work"),
]


@pytest.mark.parametrize(("permission", "text"), SENTENCES)
def test_a_refusal_says_what_somebody_may_not(permission: Permission, text: str) -> None:
    refused = refusal(Relation(person=9, reference="NOR-26"), permission)
    assert refused.message.startswith(f"{{p9}} may not {text}: that is for ")


def test_every_permission_has_its_sentence() -> None:
    assert [permission for permission, _ in SENTENCES] == list(Permission)
    assert phrase(P.SET_DATES) == "set dates of challenges"


@pytest.mark.parametrize(
    ("role", "title"),
    [
        (Role.ADMINISTRATOR, "an administrator"),
        (Role.PROGRAMME_MANAGER, "a programme manager"),
        (Role.CHALLENGE_MANAGER, "a challenge manager"),
        (Role.PEER, "a peer"),
        (Role.CLIENT, "the client"),
        (Role.AUDITOR, "an auditor"),
    ],
)
def test_a_role_of_access_is_called_by_its_title(role: Role, title: str) -> None:
    assert TITLES[role] == title


READS = {P.SEE_CHALLENGE, P.SEE_PEOPLE, P.SEE_CORRESPONDENCE, P.READ_AUDIT}
OF_MANAGERS = {
    P.RECORD_WORK, P.CHANGE_TEAM, P.SET_DATES, P.WAIVE_WORK, P.TAKE_STEPS, P.SETTLE_ANSWERS,
    P.KEEP_DOCUMENTS, P.LINK_CHALLENGES, P.HOLD_RECORDS, P.REQUEST_DISPOSAL, P.DESTROY,
    P.MANAGE_PEOPLE, P.MANAGE_MAIL, P.START_CHALLENGE, P.RUN,
}  # fmt: skip
OF_THE_PROGRAMME = {
    P.EXPORT_AUDIT, P.APPROVE_DISPOSAL, P.FORGET_PERSON, P.GRANT_ACCESS, P.ANCHOR_AUDIT
}  # fmt: skip


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.PROGRAMME_MANAGER, READS | OF_MANAGERS | OF_THE_PROGRAMME),
        (Role.CHALLENGE_MANAGER, READS | OF_MANAGERS),
        (Role.PEER, {P.SEE_CHALLENGE, P.RECORD_WORK}),
        (Role.CLIENT, {P.SEE_CHALLENGE, P.RECORD_WORK}),
        (Role.AUDITOR, READS | {P.EXPORT_AUDIT}),
    ],
)
def test_a_role_of_access_allows_what_it_is_for_and_nothing_more(
    role: Role, allowed: set[Permission]
) -> None:
    assert ROLES[role] == allowed
