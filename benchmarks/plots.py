"""Draws what was measured as SVG: lines on logarithmic axes, and budgets as a column of marks."""

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10

from benchmarks.figures import Figure

WIDE, HIGH, LEFT, BELOW, TOP = 640, 360, 60, 40, 30
COLOURS = ("#1d70b8", "#d4351c", "#00703c", "#4c2c92")
Line = Sequence[tuple[float, float]]


def lines(title: str, axis: str, drawn: Mapping[str, Line], *, unit: str = "ms") -> str:
    """Return lines on two logarithmic axes, each from a whole power of ten to another."""
    across, up = ([point[n] for line in drawn.values() for point in line] for n in (0, 1))
    x, y = _decades(across), _decades(up)

    def place(point: tuple[float, float]) -> str:
        right = (log10(point[0]) - x[0]) / (x[-1] - x[0]) * (WIDE - LEFT - 130)
        above = (log10(point[1]) - y[0]) / (y[-1] - y[0]) * (HIGH - BELOW - TOP)
        return f"{LEFT + right:.0f},{HIGH - BELOW - above:.0f}"

    marks = [_text(place((10**n, 10 ** y[0])), f"{10**n:,}", dy=16, anchor="middle") for n in x]
    marks += [_text(place((10 ** x[0], 10**n)), f"{10.0**n:g} {unit}", dx=-6) for n in y]
    marks += [
        f'<polyline points="{place((10 ** x[0], 10**n))} {place((10 ** x[-1], 10**n))}"'
        ' fill="none" stroke="#b1b4b6"/>'
        for n in y
    ]
    for colour, (name, line) in zip(COLOURS, drawn.items(), strict=False):
        points = " ".join(map(place, line))
        marks.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>'
        )
        marks.append(_text(place(line[-1]), name, dx=6, anchor="start", colour=colour))
    return _drawing(title, axis, marks, HIGH)


def budgets(figures: Sequence[Figure]) -> str:
    """Return each figure's spread and median in times its budget; right of the line is better."""
    held = [figure for figure in figures if figure.budget and figure.budget.limit]
    middle, marks = 420, []
    for number, figure in enumerate(held):
        y = TOP + 18 * (number + 1)
        low, at, high = (
            _room(figure, one) for one in (figure.ratios[0], figure.ratio, figure.ratios[-1])
        )
        colour = COLOURS[2] if figure.is_met else COLOURS[1]
        places = [middle + 60 * max(-2.5, min(2.5, log10(room))) for room in (low, at, high)]
        marks.append(_text(f"255,{y}", f"{figure.code}: {figure.what}"[:44], dy=4))
        marks.append(
            f'<path d="M{places[0]:.0f},{y} H{places[2]:.0f}" stroke="{colour}" stroke-width="2"/>'
            f'<circle cx="{places[1]:.0f}" cy="{y}" r="4" fill="{colour}"/>'
        )
    high = TOP + 18 * (len(held) + 1) + BELOW
    marks.append(f'<path d="M{middle},{TOP} V{high - BELOW}" stroke="#0b0c0c"/>')
    return _drawing(
        "Budgets", "the line is the budget; right of it is better, tenfold a mark", marks, high
    )


def _room(figure: Figure, ratio: float) -> float:
    """Return how many times better than its budget a ratio is."""
    assert figure.budget is not None  # noqa: S101 (only these are drawn)
    limit, ratio = figure.budget.limit, max(ratio, 1e-9)
    return ratio / limit if figure.budget.is_floor else limit / ratio


def _decades(values: Sequence[float]) -> range:
    low, high = floor(log10(min(values))), ceil(log10(max(values)))
    return range(low, max(high, low + 1) + 1)


def _text(
    at: str, text: str, *, dx: int = 0, dy: int = 4, anchor: str = "end", colour: str = "#0b0c0c"
) -> str:
    x, _, y = at.partition(",")
    place = f'x="{x}" y="{y}" dx="{dx}" dy="{dy}" text-anchor="{anchor}" fill="{colour}"'
    return f"<text {place}>{escape(text)}</text>"


def _drawing(title: str, axis: str, marks: Sequence[str], high: int) -> str:
    heads = [
        _text(f"{WIDE // 2},16", title, anchor="middle"),
        _text(f"{WIDE // 2},{high - 8}", axis, anchor="middle"),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {high}" role="img"'
        f' font-family="sans-serif" font-size="11"><title>{escape(title)}</title>'
        f'<rect width="100%" height="100%" fill="#fff"/>{"".join([*heads, *marks])}</svg>\n'
    )
