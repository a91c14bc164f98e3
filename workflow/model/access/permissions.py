"""What there is to be allowed, and the roles of access by which somebody is allowed it.

A role of access is not a role of a definition: that says what somebody does in a challenge, this
what they may see and change. A place on a team gives one (see `relations.stands_for`), and so
does a grant.
"""

from collections.abc import Mapping
from enum import StrEnum


class Permission(StrEnum):
    """One thing that somebody may do, in a challenge or for the programme as a whole."""

    SEE_CHALLENGE = "see_challenge"
    SEE_PEOPLE = "see_people"
    SEE_CORRESPONDENCE = "see_correspondence"
    READ_AUDIT = "read_audit"
    EXPORT_AUDIT = "export_audit"
    START_CHALLENGE = "start_challenge"
    CHANGE_TEAM = "change_team"
    SET_DATES = "set_dates"
    RECORD_WORK = "record_work"
    WAIVE_WORK = "waive_work"
    TAKE_STEPS = "take_steps"
    SETTLE_ANSWERS = "settle_answers"
    KEEP_DOCUMENTS = "keep_documents"
    LINK_CHALLENGES = "link_challenges"
    HOLD_RECORDS = "hold_records"
    REQUEST_DISPOSAL = "request_disposal"
    APPROVE_DISPOSAL = "approve_disposal"
    DESTROY = "destroy"
    FORGET_PERSON = "forget_person"
    MANAGE_PEOPLE = "manage_people"
    MAKE_ADMINISTRATORS = "make_administrators"
    ACT_FOR_OTHERS = "act_for_others"
    MANAGE_MAIL = "manage_mail"
    MANAGE_DEFINITIONS = "manage_definitions"
    MANAGE_CALENDARS = "manage_calendars"
    GRANT_ACCESS = "grant_access"
    ANCHOR_AUDIT = "anchor_audit"
    BACK_UP = "back_up"
    RUN = "run"


class Role(StrEnum):
    """A role of access, the one with the widest permissions first."""

    ADMINISTRATOR = "administrator"
    PROGRAMME_MANAGER = "programme_manager"
    CHALLENGE_MANAGER = "challenge_manager"
    PEER = "peer"
    CLIENT = "client"
    AUDITOR = "auditor"


TITLES: Mapping[Role, str] = {
    Role.ADMINISTRATOR: "an administrator",
    Role.PROGRAMME_MANAGER: "a programme manager",
    Role.CHALLENGE_MANAGER: "a challenge manager",
    Role.PEER: "a peer",
    Role.CLIENT: "the client",
    Role.AUDITOR: "an auditor",
}

PHRASES: Mapping[Permission, str] = {
    Permission.SEE_CHALLENGE: "see {challenge}",
    Permission.SEE_PEOPLE: "see the people of the programme",
    Permission.SEE_CORRESPONDENCE: "read the correspondence of {challenge}",
    Permission.READ_AUDIT: "read the audit of {challenge}",
    Permission.EXPORT_AUDIT: "export the audit log",
    Permission.START_CHALLENGE: "start challenges",
    Permission.CHANGE_TEAM: "change the team of {challenge}",
    Permission.SET_DATES: "set dates of {challenge}",
    Permission.RECORD_WORK: "record work of {challenge}",
    Permission.WAIVE_WORK: "waive tasks of {challenge}",
    Permission.TAKE_STEPS: "take steps of {challenge}",
    Permission.SETTLE_ANSWERS: "settle what people answered in {challenge}",
    Permission.KEEP_DOCUMENTS: "keep the documents of {challenge}",
    Permission.LINK_CHALLENGES: "link {challenge} with another",
    Permission.HOLD_RECORDS: "hold records of {challenge}",
    Permission.REQUEST_DISPOSAL: "ask to destroy records of {challenge}",
    Permission.APPROVE_DISPOSAL: "approve the destruction of records of {challenge}",
    Permission.DESTROY: "destroy records of {challenge}",
    Permission.FORGET_PERSON: "let a person be forgotten",
    Permission.MANAGE_PEOPLE: "add and change people",
    Permission.MAKE_ADMINISTRATORS: "make and change administrators",
    Permission.ACT_FOR_OTHERS: "change the mail and the links of others",
    Permission.MANAGE_MAIL: "see to the mail of {challenge}",
    Permission.MANAGE_DEFINITIONS: "change the definition of challenges",
    Permission.MANAGE_CALENDARS: "change calendars",
    Permission.GRANT_ACCESS: "give and revoke access to {challenge}",
    Permission.ANCHOR_AUDIT: "anchor the audit log",
    Permission.BACK_UP: "back up and restore",
    Permission.RUN: "run the machine's work",
}
"""What each permission allows, as it stands after "may" and "may not"."""

_SEES = frozenset({Permission.SEE_CHALLENGE})
_WORKS = _SEES | {Permission.RECORD_WORK}
_READS = _SEES | {
    Permission.SEE_PEOPLE,
    Permission.SEE_CORRESPONDENCE,
    Permission.READ_AUDIT,
}
_MANAGES = (
    _READS
    | _WORKS
    | {
        Permission.CHANGE_TEAM,
        Permission.SET_DATES,
        Permission.WAIVE_WORK,
        Permission.TAKE_STEPS,
        Permission.SETTLE_ANSWERS,
        Permission.KEEP_DOCUMENTS,
        Permission.LINK_CHALLENGES,
        Permission.HOLD_RECORDS,
        Permission.REQUEST_DISPOSAL,
        Permission.DESTROY,
        Permission.MANAGE_PEOPLE,
        Permission.MANAGE_MAIL,
        Permission.START_CHALLENGE,
        Permission.RUN,
    }
)
ROLES: Mapping[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.PROGRAMME_MANAGER: _MANAGES
    | {
        Permission.EXPORT_AUDIT,
        Permission.APPROVE_DISPOSAL,
        Permission.FORGET_PERSON,
        Permission.GRANT_ACCESS,
        Permission.ANCHOR_AUDIT,
    },
    Role.CHALLENGE_MANAGER: _MANAGES,
    Role.PEER: _WORKS,
    Role.CLIENT: _WORKS,
    Role.AUDITOR: _READS | {Permission.EXPORT_AUDIT},
}
"""What each role may do, within what it was given for: a challenge, or all of them."""

CHANGES = frozenset(Permission) - _READS - {Permission.EXPORT_AUDIT}
"""The permissions that change something: an auditor has none of them."""


def phrase(permission: Permission, reference: str = "") -> str:
    """Return what a permission allows, in a challenge or in general."""
    return PHRASES[permission].format(challenge=reference or "challenges")
