"""A report as one page for a printer: no script, nothing from elsewhere.

The only door of jinja2 on this side. What is shown is escaped wherever it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from console import words
from console.output import REHEARSAL
from console.reporting.tables import Row, Shown, Table, Value

if TYPE_CHECKING:
    from jinja2 import Environment

    from console.reporting.drawing import Drawing
    from workflow.model.register.compliance import Item

ANY_STAGE = "In any stage"
_COLUMNS = {
    "reference": "Challenge",
    "obligation": "Obligation",
    "what": "What is owed",
    "standing": "Standing",
    "due": "Due",
    "how it came about": "How the date came about",
    "met": "Met",
    "recorded by": "Recorded by",
    "evidence": "Evidence",
    "source": "Source",
    "exceptions": "Exceptions",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What happened in one challenge, as rows (when, who, what) and as a drawing."""

    rows: Sequence[tuple[str, ...]]
    drawing: "Drawing"


def page(shown: Shown, *, title: str, stages: Mapping[str, str], story: Story | None = None) -> str:
    """Return the page; `stages` are the titles of stages by their keys, in their order."""
    facts = {
        "title": title,
        "basis": shown.basis(),
        "rehearsal": REHEARSAL if shown.is_rehearsal else "",
        "numbers": shown.report.numbers,
        "totals": [
            (words.sentence(standing), number)
            for standing, number in shown.report.numbers.totals.items()
        ],
        "columns": list(_COLUMNS.values()),
        "groups": [(name, _cells(shown.register(), rows)) for name, rows in _groups(shown, stages)],
        "tables": [shown.exceptions(), shown.holders(), shown.counters(), shown.months()],
        "story": story,
    }
    return _templates().get_template("report.html").render(facts)


def _groups(shown: Shown, stages: Mapping[str, str]) -> list[tuple[str, list[Row]]]:
    """Return the rows of the register by the stage in which each is first to be kept."""
    rows: dict[str, list[Row]] = {key: [] for key in ("", *stages)}
    for item, row in zip(shown.report.items, shown.register().rows, strict=True):
        rows.setdefault(_stage(item), []).append(row)
    return [
        (stages.get(key, words.sentence(key).capitalize()) if key else ANY_STAGE, found)
        for key, found in rows.items()
        if found
    ]


def _stage(item: "Item") -> str:
    return item.stages[0] if item.stages else ""


def _cells(table: Table, rows: Sequence[Row]) -> list[tuple[Value, ...]]:
    """Return of some rows the columns that a page has room for."""
    places = [table.head.index(name) for name in _COLUMNS]
    return [tuple(row[place] for place in places) for row in rows]


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    found.filters["cell"] = _shown
    return found


def _shown(value: Value) -> str:
    """Return a value as people read it."""
    if isinstance(value, date):
        return words.short_day(value)
    return "" if value is None else str(value)
