"""How the cost of a completion, of a page of the list and of a sweep grows with what there is.

Three series: with the number of challenges, with the tasks of a challenge, with its events (a date
is moved there and back until there are enough). All databases of a series are measured in turns;
each point is the median of the rounds.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, pairwise
from math import log
from statistics import median
from time import perf_counter

from benchmarks.ground import BEGUN, DATES, EACH_VISITOR, FAR, TASKS, VISITORS, Ground, lay
from benchmarks.servers import UrlOf
from benchmarks.sizes.listing import open_page
from benchmarks.sweeping import LATER, Field
from workflow.model.commands import SetDate
from workflow.store import challenges

WHATS = ("completion", "page", "sweep of one")
COPIES, AT_ONCE, PAGE = 120, 6, 20
"""Copies beside each other; so many are completed and swept in a round; so long is a page."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """The sizes that are measured."""

    challenges: Sequence[int] = (1_000, 10_000, 100_000)
    visitors: Sequence[int] = (6, 16, 36, 76)
    events: Sequence[int] = (200, 1_000, 5_000)


@dataclass(frozen=True, slots=True)
class Series:
    """Costs in milliseconds by what there is, the least first."""

    axis: str
    points: Sequence[tuple[int, dict[str, float]]]

    def exponent(self, what: str) -> float:
        """Return e where a cost grows as the e-th power of the size: 0 not at all, 1 with it."""
        (few, low), (many, high) = self.points[0], self.points[-1]
        return log(high[what] / low[what]) / log(many / few)

    def rows(self) -> Iterator[str]:
        """Yield the series as rows of a table."""
        for what in WHATS:
            costs = ", ".join(f"{costs[what]:.3g} at {size:,}" for size, costs in self.points)
            yield f"| {self.axis} | {what} | {costs} | {self.exponent(what):+.2f} |"

    def as_json(self) -> dict[str, object]:
        """Return the series with all that was measured."""
        return {"axis": self.axis, "points": [[size, costs] for size, costs in self.points]}


def table(series: Sequence[Series]) -> str:
    """Return series as a table in Markdown."""
    head = "| with more | what | milliseconds | grows with the power |\n|---|---|---|---|"
    return "\n".join((head, *(row for one in series for row in one.rows())))


def measure(
    url_of: UrlOf, sizes: Sizes, *, rounds: int, copies: int = COPIES, is_spoilt: bool = False
) -> Iterator[Series]:
    """Yield the series; `is_spoilt` lets each event cost a walk over all tasks that there are."""
    made = {
        "challenges": ((n, _prepare(url_of(f"c{n}"), copies=n)) for n in sizes.challenges),
        "tasks of a challenge": (
            (
                TASKS + EACH_VISITOR * (n - VISITORS),
                _prepare(url_of(f"v{n}"), copies=copies, visitors=n),
            )
            for n in sizes.visitors
        ),
        "events of a challenge": (
            (n, _prepare(url_of(f"e{n}"), copies=copies, events=n)) for n in sizes.events
        ),
    }
    for axis, fields in made.items():
        yield _series(axis, list(fields), rounds=rounds, is_spoilt=is_spoilt)


def _prepare(url: str, *, copies: int, visitors: int = VISITORS, events: int = 0) -> Field:
    """Return a new database of challenges with so many visitors, and events at the least."""
    ground = lay(url, visitors=visitors)
    model = ground.start("MODEL")
    _age(ground, events)
    field = Field(ground, ground.copy(model, copies))
    ground.wake([model], BEGUN + LATER * 100)
    ground.settle()
    return field


def _age(ground: Ground, events: int) -> None:
    """Move a date there and back until the model has so many events."""
    engine, key = ground.engine(), "visit_start"
    for days in cycle((1, 0)):
        with ground.database.reading() as link:
            if challenges.load(link, "MODEL").challenge.version >= events and not days - 1:
                return
        on = DATES[key] + timedelta(days=days)
        command = SetDate(key=key, on=on, reason="to and fro")
        engine.act("MODEL", command, actor=ground.administrator)


def _series(
    axis: str, fields: Sequence[tuple[int, Field]], *, rounds: int, is_spoilt: bool
) -> Series:
    taken: dict[int, list[dict[str, float]]] = {size: [] for size, _ in fields}
    with ExitStack() as stack:
        for _, field in fields:
            stack.callback(field.ground.database.close)
            if is_spoilt:
                _spoil(field)
        for turn in range(rounds + 1):
            for size, field in fields:
                taken[size].append(_costs(field, turn))
    return Series(
        axis,
        [
            (size, {what: median(one[what] for one in found[1:]) for what in WHATS})
            for size, found in taken.items()
        ],
    )


def _costs(field: Field, turn: int) -> dict[str, float]:
    """Return what one completion, one page and one challenge of a sweep cost."""
    ground, own = field.ground, field.ids[turn * 2 * AT_ONCE :][: 2 * AT_ONCE]
    completed, swept = own[:AT_ONCE], own[AT_ONCE:]
    with ground.database.reading() as link:
        for number in completed:
            challenges.load(link, f"C-{number}")
    engine, step = ground.engine(), ground.steps()[0]
    marks = [perf_counter()]
    for number in completed:
        engine.act(f"C-{number}", step, actor=ground.administrator)
        marks.append(perf_counter())
    completion = 1000 * median(end - begun for begun, end in pairwise(marks))
    ground.wake(completed, BEGUN + FAR)
    page = median(open_page(field, limit=PAGE).milliseconds for _ in range(AT_ONCE))
    costs = (completion, page, field.sweep(swept) / AT_ONCE)
    return dict(zip(WHATS, costs, strict=True))


def _spoil(field: Field) -> None:
    """Make each event that is written cost a walk over all tasks that there are."""
    walk = "SELECT count(title) FROM task CROSS JOIN (VALUES (1), (2), (3), (4), (5), (6)) AS six"
    with field.ground.database.writing() as link:
        link.execute(f"CREATE TRIGGER spoilt AFTER INSERT ON event BEGIN {walk}; END")
