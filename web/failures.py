"""What went wrong, as the pages say it: a status, a title, the way out. Nowhere else.

Nothing is said that names other challenges or the parts of the machine.
"""

from collections.abc import Iterator

from web.form import ACCEPT, CANNOT, DECLINE, TIME, Problem, Typed
from workflow.answering.questions import Question
from workflow.model.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    Refused,
    Unavailable,
    Unmet,
    WorkflowError,
)
from workflow.tokens import LinkRefused

_STATUSES: dict[type[WorkflowError], int] = {
    InvalidInput: 400,
    NotFound: 404,
    Conflict: 409,
    Refused: 422,
    Unavailable: 503,
}
_GONE, _ABSENT, _BROKEN = 410, 404, 500
_FIRST = {
    CANNOT: "why",
    TIME: "time-words",
    ACCEPT: "waiting",
    DECLINE: "waiting",
}
"""The field at which a form begins, by what it says."""

_MEANWHILE = (
    "Somebody else recorded something at the same moment. Read what is recorded now, and send"
    " your answer again if it still holds."
)


def status_of(error: WorkflowError) -> int:
    """Return the HTTP status of an error."""
    if isinstance(error, LinkRefused):
        return _ABSENT if error.kind == "forged" else _GONE
    kinds = (status for kind, status in _STATUSES.items() if isinstance(error, kind))
    return next(kinds, _BROKEN)


def words_of(error: WorkflowError) -> tuple[str, str]:
    """Return the title and the text of a page that says only this."""
    if isinstance(error, LinkRefused):
        text = str(error)
        return "This link does not work", f"{text[:1].upper()}{text[1:]}."
    return words_of_status(status_of(error))


def words_of_status(status: int) -> tuple[str, str]:
    """Return the title and the text of a page for a status."""
    if status == _STATUSES[NotFound]:
        return "There is no such page", "Open the link from the e-mail again."
    if status == _STATUSES[Unavailable]:
        return (
            "This page cannot be shown just now",
            "Open the link from the e-mail again in a few minutes. If you were sending an answer,"
            " we do not know whether it was recorded: look there.",
        )
    if status < _BROKEN:
        return "This cannot be done here", "Open the link from the e-mail again."
    return (
        "Something went wrong",
        "It is our fault, not yours. Try again in a few minutes, or answer the e-mail.",
    )


def problems_of(error: WorkflowError, question: Question, typed: Typed) -> tuple[Problem, ...]:
    """Return what a rule found wrong with an answer, each at the field that it is about."""
    first = _FIRST.get(typed.get("what"), "done-day")
    if isinstance(error, Conflict):
        return (Problem(first, _MEANWHILE),)
    if isinstance(error, Refused) and error.unmet:
        return tuple(_unmet(error, question, first))
    text = error.message if isinstance(error, Refused) else str(error)
    return (Problem(first, text),)


def _unmet(error: Refused, question: Question, first: str) -> Iterator[Problem]:
    """Yield what is missing: first the refusal as a whole, where it says more than its parts."""
    places = dict(_places(question))
    for one in error.unmet:
        yield Problem(places.get(one.text, first), _sentence(one))


def _sentence(one: Unmet) -> str:
    return f"Still missing: {one}"


def _places(question: Question) -> Iterator[tuple[str, str]]:
    """Yield what the rules call each thing, and the field where it is given."""
    for kind, keys in (("item", question.items), ("evidence", question.evidence)):
        for number, key in enumerate(keys, start=1):
            yield key.replace("_", " "), f"{kind}-{number}"
