"""What an auditor is shown: obligations with their evidence, and whether the history is intact."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from console import words
from console.output import Output

if TYPE_CHECKING:
    from workflow.audits import Report, Verified
    from workflow.model.compliance import Item
    from workflow.model.people import Person

_HEAD = ("ref", "obligation", "what", "standing", "due", "met", "evidence", "who", "source")
_SHORT = ("ref", "obligation", "what", "standing", "due", "met", "source")
_QUIET = ("not_applicable", "not_yet")
BREACH = "breach"


def show_verified(output: Output, found: "Verified") -> None:
    """Show whether the history is intact."""
    if output.is_json:
        body = {
            "intact": found.is_intact,
            "challenges": found.challenges,
            "events": found.events,
            "first_bad": found.first_bad,
        }
        output.document("audit-verify", body)
        return
    looked_at = (
        f"{words.count(found.challenges, 'challenge')}, {words.count(found.events, 'event')}"
    )
    state = "intact" if found.is_intact else f"NOT INTACT: {found.first_bad}"
    output.text([f"{looked_at}: {state}"])
    output.follow("audit report")


def show_report(
    output: Output, report: "Report", *, people: "Mapping[int, Person]", wanted: str = ""
) -> None:
    """Show how every obligation stands, who holds what, and which exceptions were made."""
    if output.is_json:
        output.document("audit-report", _as_json(report, people))
        return
    shown = [item for item in report.items if _is_wanted(item, wanted)]
    if output.is_terminal:
        output.table(_SHORT, [_short(item) for item in shown])
    else:
        output.table(_HEAD, [_cells(item, people) for item in shown])
    output.talk(*_beside(report, people))
    numbers = Counter(str(item.standing) for item in report.items)
    told = ", ".join(f"{number} {words.sentence(name)}" for name, number in numbers.items())
    breaches = words.count(len(report.breaches), "breach", "breaches")
    output.follow("audit report --all", "audit verify", summary=f"{breaches}. {told}.")


def _is_wanted(item: "Item", wanted: str) -> bool:
    """Return whether an item is shown: all, what was or is late, or all but what is still far."""
    if wanted == "late":
        return item.is_breach or item.standing in ("late", "overridden", "waived")
    return wanted == "all" or item.standing not in _QUIET


def _as_json(report: "Report", people: "Mapping[int, Person]") -> dict[str, Any]:
    return {
        "items": [_item(item, people) for item in report.items],
        "breaches": len(report.breaches),
        "held": [
            {
                "reference": one.reference,
                "person": _address(one.person, people),
                "since": one.since,
            }
            for one in report.held
        ],
        "exceptions": [
            {
                "reference": one.reference,
                "at": one.at,
                "actor": _address(one.actor, people),
                "what": one.what,
                "reason": one.reason,
                "is_override": one.is_override,
            }
            for one in report.exempted
        ],
    }


def _item(item: "Item", people: "Mapping[int, Person]") -> dict[str, Any]:
    return {
        "reference": item.reference,
        "obligation": item.obligation,
        "title": item.title,
        "source": item.source,
        "standing": item.standing,
        "is_breach": item.is_breach,
        "due_on": item.due_on,
        "first_due_on": item.first_due_on or item.due_on,
        "met_on": item.met_on,
        "evidence": item.evidence,
        "actor": _address(item.actor, people),
    }


def _address(person: int | None, people: "Mapping[int, Person]") -> str | None:
    found = people.get(person) if person is not None else None
    return found.email if found else None


def _name(person: int | None, people: "Mapping[int, Person]") -> str:
    found = people.get(person) if person is not None else None
    return found.name if found else ""


def _cells(item: "Item", people: "Mapping[int, Person]") -> tuple[str, ...]:
    *head, source = _short(item)
    return (*head, item.evidence, _name(item.actor, people), source)


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


def _beside(report: "Report", people: "Mapping[int, Person]") -> Iterator[str]:
    """Yield what an auditor asks next: who still holds material, and what was passed over."""
    for one in report.held:
        name = _name(one.person, people)
        yield f"{one.reference}: {name} holds material since {words.short_day(one.since)}"
    yield from _exceptions(report.exempted, people)


def _exceptions(made: Sequence[Any], people: "Mapping[int, Person]") -> Iterator[str]:
    for one in made:
        name = _name(one.actor, people) or "the engine"
        word = "overrode" if one.is_override else "waived"
        yield f"{one.reference}: {name} {word}: {one.what} ({one.reason})"
