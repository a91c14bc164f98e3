"""What is kept until when, as a list shows it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from console.output import Output
from console.words import address_of, count, name_of, sentence, short_day

if TYPE_CHECKING:
    from workflow.model.people import Person
    from workflow.model.register.retention import Retained

HEAD = ("ref", "rule", "what is kept", "due", "standing", "what then", "source")
Row = tuple[str, "Retained"]


def show_retention(
    output: Output, rows: "Sequence[Row]", *, people: "Mapping[int, Person]"
) -> None:
    """Show what every rule keeps, and how far its end has come."""
    if output.is_json:
        found = [_as_json(reference, one, people) for reference, one in rows]
        output.document("retention-list", {"retention": found})
        return
    output.table(HEAD, [_cells(reference, one, people) for reference, one in rows])
    late = sum(1 for _, one in rows if one.is_overdue)
    due = sum(1 for _, one in rows if one.is_pressing)
    summary = f"{count(len(rows), 'rule')}: {due} to see to, {late} overdue."
    output.follow("retention request REF RULE", "certificate list REF", summary=summary)


def _cells(reference: str, one: "Retained", people: "Mapping[int, Person]") -> tuple[str, ...]:
    return (
        reference,
        one.rule,
        one.part.title,
        short_day(one.due_on),
        standing(one, people),
        _ending(one),
        one.part.source,
    )


def standing(one: "Retained", people: "Mapping[int, Person]") -> str:
    """Return how far the end of what a rule keeps has come, in words."""
    disposal = one.disposal
    late = ", overdue" if one.is_overdue and one.status != "overdue" else ""
    more = {
        "held": f" by {', '.join(one.holds)}",
        "requested": f" by {name_of(disposal.requested_by, people)}",
        "approved": f" by {name_of(disposal.approved_by, people)}",
        "extended": f" until {short_day(disposal.until)}",
        "failed": f": {disposal.problem}",
        "destroyed": f" (certificate {disposal.certificate})" if disposal.certificate else "",
        "excepted": ": a confirmation was let go",
    }
    return f"{one.status}{more.get(one.status, '')}{late}"


def _ending(one: "Retained") -> str:
    kinds = ", ".join(sentence(kind) for kind in one.part.copies)
    return f"{one.part.then}: our {kinds}" if kinds else one.part.then


def _as_json(reference: str, one: "Retained", people: "Mapping[int, Person]") -> dict[str, Any]:
    disposal = one.disposal
    return {
        "reference": reference,
        "rule": one.rule,
        "title": one.part.title,
        "held_by": one.part.held_by,
        "owner": one.part.review_by,
        "then": one.part.then,
        "copies": one.part.copies,
        "evidence": one.part.evidence,
        "source": one.part.source,
        "status": one.status,
        "is_overdue": one.is_overdue,
        "due_on": one.due_on,
        "explanation": one.how,
        "holds": one.holds,
        "requested_by": address_of(disposal.requested_by, people),
        "approved_by": address_of(disposal.approved_by, people),
        "until": disposal.until,
        "destroyed_at": disposal.done_at,
        "certificate": disposal.certificate or None,
        "problem": disposal.problem or None,
    }
