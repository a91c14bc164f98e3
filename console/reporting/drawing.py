"""The timeline as a drawing: when stages began, what was due when, and when it was met."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from console.words import count

WIDTH, LABELS, EDGE, ROW, TOP = 1000, 330, 12, 18, 46
_MOST_LETTERS = 48
_MOST_MONTHS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stage, from a day until the next one began."""

    title: str
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something with a day on which it is or was due, and the one on which it was met."""

    title: str
    due_on: date
    met_on: date | None
    is_breach: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something on the drawing at a place, in its units; `width` is that of a bar."""

    x: float
    y: float
    text: str
    width: float = 0.0
    other_x: float | None = None
    is_breach: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """All marks, ready to be written down; `today_x` is where the day of the report is."""

    height: int
    months: tuple[Mark, ...]
    stages: tuple[Mark, ...]
    dues: tuple[Mark, ...]
    today_x: float
    alternative: str
    width: int = WIDTH
    labels: int = LABELS


def draw(stages: Sequence[Span], dues: Sequence[Due], *, today: date) -> Drawing:
    """Return a drawing of stages and of what was due, the earliest first."""
    days = [today, *(s.first for s in stages), *(s.last for s in stages), *(d.due_on for d in dues)]
    days += [d.met_on for d in dues if d.met_on]
    first, last = min(days), max(days) + timedelta(days=1)
    unit = (WIDTH - LABELS - EDGE) / max((last - first).days, 1)

    def x(day: date) -> float:
        return round(LABELS + (day - first).days * unit, 1)

    bars = [
        Mark(x=x(s.first), y=TOP, text=s.title, width=max(round(x(s.last) - x(s.first), 1), 2.0))
        for s in stages
    ]
    rows = [
        Mark(
            x=x(one.due_on),
            y=TOP + 2 * ROW + number * ROW,
            text=_short(one.title),
            other_x=x(one.met_on) if one.met_on else None,
            is_breach=one.is_breach,
        )
        for number, one in enumerate(sorted(dues, key=lambda due: due.due_on))
    ]
    return Drawing(
        height=TOP + 3 * ROW + len(rows) * ROW,
        months=tuple(
            Mark(x=x(day), y=TOP - 14, text=f"{day:%b %Y}") for day in _months(first, last)
        ),
        stages=tuple(bars),
        dues=tuple(rows),
        today_x=x(today),
        alternative=_told(len(stages), len(dues), first, last=last),
    )


def _told(stages: int, dues: int, first: date, *, last: date) -> str:
    """Return what there is to be seen, for those who do not see it."""
    found = f"{count(stages, 'stage')} and {count(dues, 'due date')}"
    return f"{found} from {first} to {last}; the tables say the same in words"


def _months(first: date, last: date) -> list[date]:
    """Return the first days of the months between two days; of very many, some."""
    every = [
        date(year, month, 1)
        for year in range(first.year, last.year + 1)
        for month in range(1, 13)
        if first <= date(year, month, 1) <= last
    ]
    return every[:: -(-len(every) // _MOST_MONTHS) or 1]


def _short(title: str) -> str:
    return title if len(title) <= _MOST_LETTERS else f"{title[: _MOST_LETTERS - 1]}…"
