"""The register as tables that every form of a report shows: rows of plain values under a head."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from console import words
from console.output import REHEARSAL

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from workflow.auditing.reports import Report
    from workflow.model.people import Person
    from workflow.model.register.compliance import Item
    from workflow.model.register.exceptions import Exempted
    from workflow.model.register.totals import Numbers

Value = str | int | date | None
Row = tuple[Value, ...]

REGISTER = "Register"
_REGISTER = (
    "reference", "client", "obligation", "what", "standing", "breach", "due", "how it came about",
    "first due", "met", "done by", "recorded by", "evidence", "source", "whose rule", "stages",
    "exceptions",
)  # fmt: skip
_TOTALS = ("standing", "number")
_MONTHS = ("month", "due", "met on time", "met late", "missed", "open", "waived or overridden")
_EXCEPTIONS = ("reference", "when", "who", "by which right", "what", "reason", "kind")
_HOLDERS = ("reference", "who", "what", "medium", "since", "how it stands", "how", "when")
_COUNTERS = ("reference", "what", "number")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head, with a title."""

    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A report with what it takes to show it: who is called what, and the zone of its moments."""

    report: "Report"
    people: "Mapping[int, Person]"
    zone: "ZoneInfo"
    is_rehearsal: bool = False

    def name(self, person: int | None) -> str:
        """Return a person's name; empty is nobody."""
        return words.name_of(person, self.people)

    def exception(self, made: "Exempted") -> str:
        """Return what was allowed, by whom and why."""
        word = "overridden" if made.is_override else "allowed"
        return f"{word} by {self.name(made.actor)} ({made.authority}): {made.reason}"

    def tables(self) -> tuple[Table, ...]:
        """Return all tables of the report, the register first."""
        return (
            self.register(),
            self.totals(),
            self.months(),
            self.exceptions(),
            self.holders(),
            self.counters(),
            self.about(),
        )

    def register(self) -> Table:
        """Return every obligation."""
        rows = (self._item(item) for item in self.report.items)
        return Table(REGISTER, _REGISTER, tuple(rows))

    def totals(self) -> Table:
        """Return how many stand how."""
        return Table("Totals", _TOTALS, tuple(_totals(self.report.numbers)))

    def months(self) -> Table:
        """Return how what was due in a month came out."""
        rows = (
            (m.month, m.due, m.on_time, m.late, m.missed, m.open, m.excepted)
            for m in self.report.numbers.months
        )
        return Table("Months", _MONTHS, tuple(rows))

    def exceptions(self) -> Table:
        """Return what was allowed, by whom, by which right and why."""
        rows = (
            (
                one.reference,
                words.moment(one.at, self.zone),
                self.name(one.actor),
                one.authority,
                one.what,
                one.reason,
                "override" if one.is_override else "exception",
            )
            for one in self.report.exempted
        )
        return Table("Exceptions", _EXCEPTIONS, tuple(rows))

    def holders(self) -> Table:
        """Return who holds or held what."""
        rows = (
            (
                one.reference,
                self.name(one.holding.person),
                one.holding.what,
                words.sentence(one.holding.medium),
                one.holding.since,
                one.holding.status,
                one.holding.method,
                one.holding.on,
            )
            for one in self.report.kept
        )
        return Table("Holders", _HOLDERS, tuple(rows))

    def counters(self) -> Table:
        """Return what published reports tell."""
        rows = ((one.reference, one.title, one.value) for one in self.report.counted)
        return Table("Counters", _COUNTERS, tuple(rows))

    def about(self) -> Table:
        """Return what the report was made from, and whether anything in it is real."""
        rows = ((REHEARSAL,), (self.basis(),)) if self.is_rehearsal else ((self.basis(),),)
        return Table("About", ("about this report",), rows)

    def basis(self) -> str:
        """Return in one sentence what the report was made from."""
        basis = self.report.basis
        made = f"{words.count(basis.challenges, 'challenge')}, {words.count(basis.events, 'event')}"
        gone = f", {basis.destroyed} destroyed and not in it" if basis.destroyed else ""
        head = basis.head
        tree = f", log of {head.size} entries with the root {head.root}" if head else ""
        return f"As of {words.moment(basis.as_of, self.zone)}: {made}{gone}{tree}."

    def _item(self, item: "Item") -> Row:
        return (
            item.reference,
            item.client,
            item.obligation,
            item.title,
            words.sentence(item.standing),
            "breach" if item.is_breach else "",
            item.due_on,
            item.why,
            item.first_due_on or item.due_on,
            item.met_on,
            self.name(item.by),
            self.name(item.actor),
            item.evidence,
            item.source,
            item.origin,
            ", ".join(words.sentence(stage) for stage in item.stages),
            "; ".join(map(self.exception, item.exceptions)),
        )


def _totals(numbers: "Numbers") -> Iterator[Row]:
    """Yield how many stand how, then how many there are and how many are breaches."""
    for standing, number in numbers.totals.items():
        yield words.sentence(standing), number
    yield "in all", sum(numbers.totals.values())
    yield "breaches", numbers.breaches
