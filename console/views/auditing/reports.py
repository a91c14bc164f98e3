"""How every obligation stands, with its evidence: as a table, or as JSON."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from console import words
from console.output import Output
from console.reporting.tables import Shown, Table

if TYPE_CHECKING:
    from workflow.auditing.accounts import Kept
    from workflow.auditing.reports import Basis, Report
    from workflow.model.people import Person
    from workflow.model.register.compliance import Item
    from workflow.model.register.exceptions import Exempted
    from workflow.model.register.totals import Month

_HEAD = (
    "ref", "obligation", "what", "standing", "due", "met", "evidence", "who", "source", "why",
    "by", "exceptions",
)  # fmt: skip
_SHORT = ("ref", "obligation", "what", "standing", "due", "met", "source")
_QUIET = ("not_applicable", "not_yet")
BREACH = "breach"


def show_report(output: Output, shown: Shown, *, is_every: bool = False) -> None:
    """Show how obligations stand, who holds what, and which exceptions were made.

    Without `is_every`, a table leaves out what does not apply, and what is far.
    """
    report = shown.report
    if output.is_json:
        output.document("audit-report", report_json(shown))
        return
    items = [item for item in report.items if is_every or item.standing not in _QUIET]
    if output.is_terminal:
        output.table(_SHORT, [_short(item) for item in items])
    else:
        output.table(_HEAD, [_cells(item, shown) for item in items])
    output.talk(*_beside(shown))
    output.follow("audit report --all", "audit verify", summary=summary(report))


def report_json(shown: Shown) -> dict[str, Any]:
    """Return a report as JSON has it."""
    return {**_basis(shown.report), **_lists(shown.report, shown.people)}


def show_numbers(output: Output, shown: Shown, *, is_monthly: bool) -> None:
    """Show how many obligations stand how, in all or month by month."""
    report = shown.report
    if output.is_json:
        months = [_month(one) for one in report.numbers.months]
        output.document(
            "audit-report", {**_basis(report), **({"trend": months} if is_monthly else {})}
        )
        return
    table = shown.months() if is_monthly else shown.totals()
    output.table(table.head, list(_texts(table)))
    output.talk(shown.basis())
    output.follow("audit report", summary=summary(report))


def summary(report: "Report") -> str:
    """Return the numbers in one line: how many breaches, and how many stand how."""
    numbers = report.numbers
    told = [f"{n} {words.sentence(name)}" for name, n in numbers.totals.items() if n]
    breaches = words.count(numbers.breaches, "breach", "breaches")
    return f"{breaches}. {', '.join(told) or 'nothing to report'}."


def _texts(table: Table) -> Iterator[tuple[str, ...]]:
    for row in table.rows:
        yield tuple("" if value is None else str(value) for value in row)


def _basis(report: "Report") -> dict[str, Any]:
    basis = report.basis
    return {
        "as_of": basis.as_of,
        "made_from": _made_from(basis),
        "totals": {str(name): number for name, number in report.numbers.totals.items()},
        "breaches": report.numbers.breaches,
    }


def _made_from(basis: "Basis") -> dict[str, Any]:
    head = basis.head
    return {
        "challenges": basis.challenges,
        "events": basis.events,
        "destroyed": basis.destroyed,
        "tree_head": {"size": head.size, "root": head.root, "note": head.note} if head else None,
    }


def _lists(report: "Report", people: "Mapping[int, Person]") -> dict[str, Any]:
    return {
        "items": [_item(item, people) for item in report.items],
        "held": [
            {
                "reference": one.reference,
                "person": words.address_of(one.person, people),
                "since": one.since,
            }
            for one in report.held
        ],
        "holdings": [_holding(one, people) for one in report.kept],
        "holds": [
            {"reference": one.reference, "name": one.name, "since": one.since}
            for one in report.stopped
        ],
        "exceptions": [
            {"reference": one.reference, **_exception(one, people)} for one in report.exempted
        ],
        "counters": [
            {
                "reference": one.reference,
                "counter": one.counter,
                "title": one.title,
                "value": one.value,
            }
            for one in report.counted
        ],
    }


def _item(item: "Item", people: "Mapping[int, Person]") -> dict[str, Any]:
    return {
        "reference": item.reference,
        "client": item.client,
        "obligation": item.obligation,
        "title": item.title,
        "source": item.source,
        "origin": item.origin,
        "stages": list(item.stages),
        "standing": item.standing,
        "is_breach": item.is_breach,
        "due_on": item.due_on,
        "why": item.why,
        "first_due_on": item.first_due_on or item.due_on,
        "met_on": item.met_on,
        "evidence": item.evidence,
        "by": words.address_of(item.by, people),
        "actor": words.address_of(item.actor, people),
        "exceptions": [_exception(one, people) for one in item.exceptions],
    }


def _exception(one: "Exempted", people: "Mapping[int, Person]") -> dict[str, Any]:
    return {
        "at": one.at,
        "actor": words.address_of(one.actor, people),
        "authority": one.authority,
        "what": one.what,
        "reason": one.reason,
        "is_override": one.is_override,
    }


def _holding(one: "Kept", people: "Mapping[int, Person]") -> dict[str, Any]:
    holding = one.holding
    return {
        "reference": one.reference,
        "person": words.address_of(holding.person, people),
        "what": holding.what,
        "medium": holding.medium,
        "since": holding.since,
        "status": holding.status,
        "method": holding.method,
        "on": holding.on,
    }


def _month(month: "Month") -> dict[str, Any]:
    return {
        "month": month.month,
        "due": month.due,
        "met_on_time": month.on_time,
        "met_late": month.late,
        "missed": month.missed,
        "open": month.open,
        "excepted": month.excepted,
    }


def _cells(item: "Item", shown: Shown) -> tuple[str, ...]:
    *head, source = _short(item)
    made = "; ".join(map(shown.exception, item.exceptions))
    who, by = shown.name(item.actor), shown.name(item.by)
    return (*head, item.evidence, who, source, item.why, by, made)


def _short(item: "Item") -> tuple[str, ...]:
    """Return what fits on a terminal: the evidence is for files and programs."""
    standing = words.sentence(item.standing)
    return (
        item.reference,
        item.obligation,
        item.title,
        f"{standing} ({BREACH})" if item.is_breach else standing,
        words.short_day(item.due_on),
        words.short_day(item.met_on),
        item.source,
    )


def _beside(shown: Shown) -> Iterator[str]:
    """Yield what an auditor asks next: who still holds material, and what was passed over."""
    report = shown.report
    for one in report.held:
        since = words.short_day(one.since)
        yield f"{one.reference}: {shown.name(one.person)} holds material since {since}"
    for stopped in report.stopped:
        yield f"{stopped.reference}: on hold by {stopped.name}: nothing of it is destroyed"
    for made in report.exempted:
        name = shown.name(made.actor) or "the engine"
        word = "overrode: " if made.is_override else "" if made.task else "allowed: "
        yield f"{made.reference}: {name} ({made.authority}) {word}{made.what} ({made.reason})"
    for told in report.counted:
        yield f"{told.reference}: {told.title}: {told.value}"
