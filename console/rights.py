"""What each command needs of whoever acts: the one list, by which every command is checked.

A command that is not here is an administrator's, and a test fails until it is. What changes a
challenge is checked by the engine, in the transaction that changes it; all else is checked here,
before the command begins.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from workflow.model.access.permissions import CHANGES
from workflow.model.access.permissions import Permission as P

if TYPE_CHECKING:
    from workflow.granting.access import Access


OWN_RIGHT = "their own"


class Need(NamedTuple):
    """A permission, and for what: how it is looked up is up to the kinds below.

    `on` is the parameter that holds a reference, or (with `kind`) the number of a message, an
    answer, a mail or a certificate. `is_own_enough`: whose it is may, too, and who has left a team,
    theirs. With the parameter `is_open_with` it is about a file, and anybody's.
    """

    permission: P = P.SEE_CHALLENGE
    on: str = ""
    kind: str = ""
    is_anywhere: bool = False
    is_own_enough: bool = False
    is_open: bool = False
    is_open_with: str = ""
    is_of_engine: bool = False
    is_of_machine: bool = False

    def check(self, access: "Access", actor: int, *, words: str, params: Mapping[str, Any]) -> str:
        """Return by which right somebody may use the command that is called by `words`.

        Raises:
            Refused: they may not.
            NotFound: there is no such challenge, message, answer or mail.
        """
        from workflow.granting.access import READ, Request

        action = words.replace(" ", "_") if self.permission in CHANGES else READ
        request = Request(
            permission=self.permission, action=action, is_own_enough=self.is_own_enough
        )
        named = params.get(self.on) if self.on else None
        if self.kind and named is not None:
            return access.require_of(actor, request, kind=self.kind, number=named)
        if named is not None:
            return access.require(actor, request, str(named))
        if self.is_anywhere:
            return access.require_anywhere(actor, request)
        return OWN_RIGHT if self.is_own_enough else access.require(actor, request)


OPEN = Need(is_open=True)
"""It shows nothing of people or challenges, or the machine's owner does it."""

ENGINE = Need(is_open=True, is_of_engine=True)
"""The engine asks, in the transaction that changes something."""

OWN = Need(is_own_enough=True)
"""It shows or changes what is one's own, and asks by itself where it is not."""


def of_all(permission: P) -> Need:
    """Return the need of a permission for the programme as a whole."""
    return Need(permission=permission)


def somewhere(permission: P) -> Need:
    """Return the need of a permission in some challenge at least."""
    return Need(permission=permission, is_anywhere=True)


def on_challenge(permission: P) -> Need:
    """Return the need of a permission in the challenge REF, or without REF in some challenge."""
    return Need(permission=permission, on="reference", is_anywhere=True)


def of_kind(kind: str, permission: P, *, on: str = "number", is_own: bool = False) -> Need:
    """Return the need of a permission in the challenge of a message, an answer or a mail."""
    return Need(permission=permission, on=on, kind=kind, is_anywhere=True, is_own_enough=is_own)


SEES = on_challenge(P.SEE_CHALLENGE)
SEES_OWN = Need(permission=P.SEE_CHALLENGE, on="reference", is_own_enough=True)

NEEDS: Mapping[str, Need] = {
    "init": OPEN,
    "doctor": OPEN,
    "demo": OPEN,
    "definition list": OPEN,
    "definition show": OPEN,
    "definition check": OPEN,
    "definition schema": OPEN,
    "definition diagram": OPEN,
    "definition init": OPEN,
    "definition migrate": of_all(P.MANAGE_DEFINITIONS),
    "calendar list": OPEN,
    "calendar show": OPEN,
    "calendar history": OPEN,
    "calendar add": of_all(P.MANAGE_CALENDARS),
    "calendar remove": of_all(P.MANAGE_CALENDARS),
    "calendar refresh": of_all(P.MANAGE_CALENDARS),
    "person add": somewhere(P.MANAGE_PEOPLE),
    "person import": somewhere(P.MANAGE_PEOPLE),
    "person list": OWN,
    "person change": OWN,
    "person mail": OWN,
    "person away": OWN,
    "person back": OWN,
    "person forget": of_all(P.FORGET_PERSON),
    "list": OWN,
    "show": SEES,
    "tasks": SEES_OWN,
    "new": of_all(P.START_CHALLENGE),
    "import": of_all(P.START_CHALLENGE),
    "assign": ENGINE,
    "release": ENGINE,
    "date": ENGINE,
    "done": ENGINE,
    "waive": ENGINE,
    "extend": ENGINE,
    "pause": ENGINE,
    "agree": ENGINE,
    "hold": ENGINE,
    "count": ENGINE,
    "advance": ENGINE,
    "postpone": SEES,
    "resume": SEES,
    "withdraw": SEES,
    "cancel": SEES,
    "reopen": SEES,
    "explain": SEES,
    "forecast": SEES,
    "timeline": SEES,
    "audit log": on_challenge(P.READ_AUDIT),
    "audit report": on_challenge(P.READ_AUDIT),
    "audit events": on_challenge(P.READ_AUDIT),
    "audit verify": Need(permission=P.READ_AUDIT, is_anywhere=True, is_open_with="exported"),
    "audit key": somewhere(P.READ_AUDIT),
    "audit prove": on_challenge(P.READ_AUDIT),
    "audit export": of_all(P.EXPORT_AUDIT),
    "audit anchor": of_all(P.ANCHOR_AUDIT),
    "audit checkpoint": of_all(P.ANCHOR_AUDIT),
    "tick": Need(permission=P.RUN, is_anywhere=True, is_of_machine=True),
    "run": Need(permission=P.RUN, is_anywhere=True, is_of_machine=True),
    "web": Need(permission=P.RUN, is_anywhere=True, is_of_machine=True),
    "mail list": SEES_OWN,
    "mail show": of_kind("message", P.SEE_CORRESPONDENCE, is_own=True),
    "mail retry": of_kind("message", P.MANAGE_MAIL),
    "mail settle": of_kind("message", P.MANAGE_MAIL),
    "mail hold": of_all(P.MANAGE_MAIL),
    "mail release": of_all(P.MANAGE_MAIL),
    "template list": OPEN,
    "template export": OPEN,
    "template check": OPEN,
    "template preview": on_challenge(P.SEE_CORRESPONDENCE),
    "link feed": OWN,
    "link revoke": OWN,
    "inbox list": on_challenge(P.SEE_CORRESPONDENCE),
    "inbox show": of_kind("mail", P.SEE_CORRESPONDENCE),
    "inbox close": of_kind("mail", P.MANAGE_MAIL),
    "answer list": on_challenge(P.SEE_CORRESPONDENCE),
    "answer show": of_kind("answer", P.SEE_CORRESPONDENCE, is_own=True),
    "answer accept": of_kind("answer", P.SETTLE_ANSWERS),
    "answer decline": of_kind("answer", P.SETTLE_ANSWERS),
    "grant give": OWN,
    "grant list": OWN,
    "grant revoke": OWN,
    "grant check": OWN,
    "document add": ENGINE,
    "document list": SEES,
    "document issue": ENGINE,
    "document get": SEES,
    "document acknowledge": ENGINE,
    "document revoke": ENGINE,
    "item issue": ENGINE,
    "item settle": ENGINE,
    "item list": SEES,
    "retention list": SEES,
    "retention request": ENGINE,
    "retention approve": ENGINE,
    "retention extend": ENGINE,
    "retention destroy": ENGINE,
    "certificate list": on_challenge(P.READ_AUDIT),
    "certificate show": of_kind("certificate", P.READ_AUDIT),
    "certificate verify": of_kind("certificate", P.READ_AUDIT),
    "certificate peers": on_challenge(P.READ_AUDIT),
    "backup": of_all(P.BACK_UP),
    "restore": OPEN,
    "migrate-database": of_all(P.BACK_UP),
}


def need_of(words: str) -> Need:
    """Return what the command that is called by `words` needs."""
    return NEEDS.get(words, of_all(P.BACK_UP))
