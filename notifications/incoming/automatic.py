"""How to tell a mail that a machine sent by itself from one that somebody wrote. Pure."""

import re
from collections.abc import Iterator
from email.message import Message

from notifications.incoming.parts import header

_BY_MACHINE = ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Response-Suppress")
_IN_BULK = frozenset({"auto_reply", "auto-reply", "bulk", "list", "junk"})
_TITLE = re.compile(
    r"\s*(automatic reply|auto(matic)?[- ]?(reply|response|antwort)|auto:|out of (the )?office"
    r"|ooo\b|away from (my |the )?(office|desk)|on (annual )?leave|vacation|abwesenheit|absence)",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"out of (the )?office|on (annual|sick|maternity|paternity|study|special) leave|on leave"
    r"|on holiday|on vacation|limited access to (my )?e-?mail|away from (the|my) (office|desk)"
    r"|(currently|presently) away|i will (respond|reply) .{0,60}return"
    r"|automatic(ally)? (reply|sent)"
    r"|this (e-?mail|mailbox|inbox) (address )?is not (monitored|read)|no longer works? (at|for)"
    r"|your (e-?mail|message|enquiry) has been received",
    re.IGNORECASE,
)
_MACHINES = re.compile(
    r"(no-?reply|do-?not-?reply|mailer-daemon|postmaster|autoresponder)\b", re.IGNORECASE
)


def is_automatic(mail: Message, *, sender: str, subject: str, text: str) -> bool:
    """Return whether a machine sent it. A subject counts only together with another sign."""
    if any(_signs(mail)):
        return True
    if not _TITLE.match(subject[:300]):
        return False
    return _MACHINES.match(sender) is not None or _SAYS.search(text[:3_000]) is not None


def _signs(mail: Message) -> Iterator[bool]:
    submitted = header(mail, "Auto-Submitted").partition(";")[0].strip().casefold()
    yield submitted not in {"", "no"}
    yield any(header(mail, name).casefold() not in {"", "no", "none"} for name in _BY_MACHINE)
    yield header(mail, "Precedence").casefold() in _IN_BULK
    yield header(mail, "Return-Path") == "<>"
    yield mail.get_content_type() == "multipart/report"


def accepted(calendar: str) -> bool | None:
    """Return whether an invitation was accepted; None for what answers none.

    A calendar program sends such an answer when somebody presses a button.
    """
    if re.search(r"^METHOD:COUNTER\s*$", calendar, re.MULTILINE | re.IGNORECASE):
        return False
    if not re.search(r"^METHOD:REPLY\s*$", calendar, re.MULTILINE | re.IGNORECASE):
        return None
    unfolded = re.sub(r"\n[ \t]", "", calendar).upper()
    found = re.search(r"[;:]PARTSTAT=(ACCEPTED|DECLINED|TENTATIVE)", unfolded)
    return found is not None and found[1] != "DECLINED"
