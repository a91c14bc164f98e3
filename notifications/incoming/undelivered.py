"""What a mail server says of a message that it could not deliver: for whom, and why. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from itertools import islice

from notifications.incoming.parts import header, one_line, sections
from workflow.tokens import BOUNCE, purpose_in

MOST_BLOCKS = 50
MOST_REASON = 500

_REPORTS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_CODE = re.compile(r"(?<![\d.])([245])\.\d{1,3}\.\d{1,3}(?![\d.])")
_REPLY = re.compile(r"(?<![\d.#-])([45])\d\d(?:[ :-]|$)")
_TITLE = re.compile(
    r"undeliver|deliver(y|ed)? .{0,30}fail|fail\w* .{0,30}deliver|returned mail|failure notice"
    r"|mail delivery (subsystem|system)|could not be delivered|not delivered|delivery problem",
    re.IGNORECASE,
)
_MACHINE = re.compile(r"(mailer-daemon|postmaster|mail-daemon|bounces?)(?:[+@-]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is said of one recipient. `code` is such as 5.1.1, empty where there is none."""

    address: str
    action: str
    code: str
    reason: str

    @property
    def is_lasting(self) -> bool:
        """Whether trying again would not help."""
        if self.action.startswith("delayed"):
            return False
        return self.action.startswith(("fail", "error")) and not self.code.startswith("4")


def reports(mail: Message) -> list[Report]:
    """Return what a delivery report says, recipient by recipient."""
    return list(islice(_reports(mail), MOST_BLOCKS))


def _reports(mail: Message) -> Iterator[Report]:
    for part in sections(mail):
        blocks = part.get_payload()
        if part.get_content_type() in _REPORTS and isinstance(blocks, list):
            for block in blocks[:MOST_BLOCKS]:
                if isinstance(block, Message) and header(block, "Action"):
                    yield _report(block)


def _report(block: Message) -> Report:
    named = header(block, "Original-Recipient") or header(block, "Final-Recipient")
    said = header(block, "Diagnostic-Code").partition(";")
    code = _CODE.search(header(block, "Status"))
    return Report(
        address=named.rpartition(";")[2].strip().strip("<>"),
        action=header(block, "Action").casefold(),
        code=code[0] if code else "",
        reason=(said[2] or said[0]).strip()[:MOST_REASON],
    )


def reason_in(text: str) -> tuple[str, str]:
    """Return the first digit of the code, and the line with the reason, in a bounce in prose."""
    for line in text.splitlines():
        found = _REPLY.search(line[:2_000]) or _CODE.search(line[:2_000])
        if found is not None:
            return found[1], one_line(line)[:MOST_REASON]
    return "", ""


def is_returned(mail: Message, sender: str, addresses: tuple[str, ...]) -> bool:
    """Return whether a mail looks like one that a mail server sends about another.

    What people write may quote a bounce: only a mail like this is searched for one.
    """
    return (
        header(mail, "Return-Path") == "<>"
        or any(part.get_content_type() in _REPORTS for part in sections(mail))
        or header(mail, "X-Failed-Recipients") != ""
        or _MACHINE.match(sender) is not None
        or any(purpose_in(address) == BOUNCE for address in addresses)
    )


def is_titled_so(subject: str) -> bool:
    """Return whether a subject is that of a bounce."""
    return _TITLE.search(subject[:300]) is not None
