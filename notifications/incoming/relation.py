"""What a mail is to the message that it answers, and why a person must see it. Pure."""

from dataclasses import replace

from notifications.incoming.reading import Incoming, Kind
from workflow.store.correspondence.matching import Match

_TOLD = {
    Kind.BOUNCE: "not delivered",
    Kind.DELAYED: "delivery is delayed, or was given up for a reason that may pass",
    Kind.AUTOMATIC: "sent by a machine: no answer",
    Kind.CALENDAR: "an invitation was declined, or another time suggested",
}


def as_it_came(mail: Incoming, *, by_return: bool) -> Incoming:
    """Return a mail as what it is by its way: nobody writes to the address for bounces."""
    is_odd = by_return and mail.kind is Kind.REPLY
    return replace(mail, kind=Kind.AUTOMATIC) if is_odd else mail


def is_from_reader(mail: Incoming, match: Match) -> bool:
    """Return whether a mail comes from whom the message was for, or from who stood in."""
    sender = mail.sender.casefold()
    addresses = (match.lead.recipient_email, match.lead.sent_to_email or "")
    return sender in {address.casefold() for address in addresses if address}


def is_of_reader(mail: Incoming, match: Match) -> bool:
    """Return whether what was not delivered is what went to the message's reader."""
    return match.lead.reader_email.casefold() in {one.casefold() for one in mail.failed}


def problem_of(mail: Incoming, match: Match | None) -> str:
    """Return why a person must see a mail; empty for one that may propose an answer."""
    if mail.trouble:
        return f"it could not be dealt with ({mail.trouble})"
    told = _TOLD.get(mail.kind)
    if told is not None:
        return _in_words(told, match, mail)
    if match is None:
        return "it answers no message of ours"
    if not is_from_reader(mail, match):
        return f"from somebody else ({mail.sender}), not from {match.lead.reader_email}"
    return "" if mail.said.strip() else "its writer says nothing that is not quoted"


def _in_words(told: str, match: Match | None, mail: Incoming) -> str:
    addresses = f" to {', '.join(mail.failed)}" if mail.failed else ""
    reason = f": {mail.reason}" if mail.reason else ""
    if match is None:
        return f"{told}{addresses}{reason}; it answers no message of ours"
    is_stranger = mail.kind is Kind.BOUNCE and not is_of_reader(mail, match)
    other = f"; the message went to {match.lead.reader_email}" if is_stranger else ""
    return f"{told}{addresses}{reason}{other}"
