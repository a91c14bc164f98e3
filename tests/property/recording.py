"""Random commands about records, for invented lives: documents, things, counters, disposals."""

from collections.abc import Callable
from datetime import date, timedelta

from workflow.model import commands as c
from workflow.model.challenge import Challenge
from workflow.model.decisions.handing.items import OUTCOMES
from workflow.model.decisions.links import RELATIONS
from workflow.model.records import commands as r
from workflow.model.records.state import Disposal

RULE = "own_records"
KEYS = ("pack", "paper")  # one that the definition knows, and one that it does not
LONG = timedelta(days=365 * 7)

Recording = Callable[[Challenge, date, int, int], c.Command]
"""Makes a command of a challenge, the local day and two random numbers."""


def _person(number: int) -> int:
    return 4 + number % 4


def _entered(challenge: Challenge, today: date, first: int, second: int) -> c.Command:
    return r.RecordDocument(document=KEYS[first % 2], title="Paper", location=f"shelf {second % 4}")


def _given(challenge: Challenge, today: date, first: int, second: int) -> c.Command:
    known = list(challenge.records.documents)
    people = () if second % 2 else (_person(second // 2),)
    return r.IssueDocument(document=known[first % len(known)] if known else KEYS[0], people=people)


def _copy(challenge: Challenge, first: int) -> tuple[str, int]:
    """Return a document and a person who was given it, where there is one."""
    documents = challenge.records.documents.items()
    copies = [(key, person) for key, document in documents for person in document.copies]
    return copies[first % len(copies)] if copies else (KEYS[0], _person(first))


def _acknowledged(challenge: Challenge, today: date, first: int, second: int) -> c.Command:
    document, person = _copy(challenge, first)
    return r.AcknowledgeDocument(document=document, person=person, on=today)


def _revoked(challenge: Challenge, today: date, first: int, second: int) -> c.Command:
    document, person = _copy(challenge, first)
    return r.RevokeDocument(document=document, person=person, reason="not needed")


def _handed(challenge: Challenge, today: date, first: int, second: int) -> c.Command:
    return r.IssueItem(item=f"book-{first % 3}", medium="notebook", person=_person(second))


def _settled(challenge: Challenge, today: date, first: int, second: int) -> c.Command:
    item, outcome = f"book-{first % 3}", OUTCOMES[second % 4]
    return r.SettleItem(item=item, on=today, outcome=outcome, method="shredded")


def _counted(challenge: Challenge, today: date, first: int, second: int) -> c.Command:
    return r.RecordCounter(counter="met", value=first)


def _linked(challenge: Challenge, today: date, first: int, second: int) -> c.Command:
    return r.LinkChallenge(other=f"NOR-{first}", relation=RELATIONS[second % 2])


def _disposed(challenge: Challenge, today: date, first: int, second: int) -> c.Command:
    """Return the next step to a destruction; now and then it is put off, or fails."""
    disposal = challenge.records.disposals.get(RULE, Disposal())
    if second % 9 == 0:
        until = today + LONG + timedelta(days=first)
        return r.ExtendRetention(rule=RULE, until=until, reason="an inquiry")
    if second % 9 == 1:
        return r.ReportFailure(rule=RULE, problem="a copy is left")
    if disposal.requested_at is None:
        return r.RequestDisposal(rule=RULE, reason="the host asks for it")
    if disposal.approved_at is None:
        return r.ApproveDisposal(rule=RULE)
    return r.CarryOutDisposal(rule=RULE, certificate="NOR-26/1", method="erased")


RECORDS: dict[str, Recording] = {
    "enter": _entered,
    "give": _given,
    "acknowledge": _acknowledged,
    "revoke": _revoked,
    "hand": _handed,
    "settle": _settled,
    "count": _counted,
    "link": _linked,
    "dispose": _disposed,
}
