"""P7: a page of fifty challenges, each with its open and its late tasks, of many and of few.

It is the query behind `list`, at a moment when much is late: the first page, and one halfway.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from time import perf_counter

from benchmarks.figures import Budget, Figure
from benchmarks.ground import BEGUN
from benchmarks.sweeping import Field
from workflow.store import queries

BUDGET = Budget(2)
PAGE, PAGES = 50, 20
AT = BEGUN + timedelta(days=75)  # after the visit: what was to be done before it is late


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening a page showed."""

    milliseconds: float
    open: int
    late: int


def open_page(field: Field, *, after: str = "", limit: int = PAGE) -> Opened:
    """Open a page of a portfolio."""
    now = queries.Now(AT, AT.date())
    begun = perf_counter()
    with field.ground.database.reading() as link:
        rows = queries.portfolio(link, now, queries.Wanted(after=after, limit=limit))
    milliseconds = 1000 * (perf_counter() - begun)
    return Opened(milliseconds, sum(row.open for row in rows), sum(row.late for row in rows))


def measure(
    few: Field, many: Field, *, rounds: int, pages: int = PAGES, page: int = PAGE
) -> Iterator[Figure]:
    """Yield what a page costs among many, against among few; both show as much."""
    dialect = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[few.ground.database.dialect]
    for what, place in (("the first page", 0.0), ("a page halfway", 0.5)):
        fields = {field: _reference(field, place) for field in (few, many)}
        shown = {_shown(field, after, page) for field, after in fields.items()}
        if len(shown) > 1 or not all(min(shown)):
            raise RuntimeError(f"the pages were to show as much, and something late: {shown}")
        taken = [_round(fields, pages, page) for _ in range(rounds + 1)][1:]
        yield Figure(
            code=f"P7 {dialect}",
            what=f"{what} of {page}, of {len(many.ids):,} challenges against of {len(few.ids):,}",
            unit="ms",
            ours=[of_many for _, of_many in taken],
            against=[of_few for of_few, _ in taken],
            budget=BUDGET,
        )


def _reference(field: Field, place: float) -> str:
    """Return the reference after which a page begins, so far down the list."""
    references = sorted(f"C-{number}" for number in field.ids)
    return references[int(len(references) * place)] if place else ""


def _shown(field: Field, after: str, page: int) -> tuple[int, int]:
    opened = open_page(field, after=after, limit=page)
    return opened.open, opened.late


def _round(fields: dict[Field, str], pages: int, page: int) -> list[float]:
    """Return the median of so many pages of each, opened in turns."""
    opened: list[list[float]] = [[] for _ in fields]
    for _ in range(pages):
        for taken, (field, after) in zip(opened, fields.items(), strict=True):
            taken.append(open_page(field, after=after, limit=page).milliseconds)
    return [median(taken) for taken in opened]
