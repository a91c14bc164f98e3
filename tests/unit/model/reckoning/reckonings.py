"""Timings on a few days: what they come to, on clocks that stand still too, and how it is told."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.unit.model.chronicle.telling import told
from tests.unit.model.language.phrases import TIMINGS
from workflow.model.calendar import calendar_named
from workflow.model.errors import WorkflowError
from workflow.model.language.phrases import Edge, Timing, Unit
from workflow.model.language.timing import parse_timing
from workflow.model.reckoning.moments import Clock, Ground, Known, More, Stretch, Trace
from workflow.model.reckoning.reckon import explain, reckon, run

FILE = Path(__file__).with_name("reckonings.txt")
LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 3, 27, 12, tzinfo=UTC)
DAYS = (
    {"start": Known(date(2026, 3, 27), NOON, "Start", "recorded"), "x": Known(date(2026, 3, 27))},
    {"x": Known(date(2026, 12, 23), title="X"), "start": Known(date(2026, 12, 23))},
    {"start": Known(date(2027, 1, 31)), "x": Known(date(2024, 2, 29))},
    {"y": Known(date(2026, 4, 1))},
)
REST = {
    "y": Known(date(2026, 4, 9), title="Y", note="planned"), "z": Known(date(2026, 5, 1)),
    "opening": Known(date(2026, 3, 2)),
}  # fmt: skip
CLOCKS = {
    "once, for a week": Clock(
        paused=(
            Stretch(
                first=date(2026, 3, 30), last=date(2026, 4, 5), title="Waiting",
                from_at=datetime(2026, 3, 29, 23, tzinfo=UTC),
                until_at=datetime(2026, 4, 5, 23, tzinfo=UTC),
            ),
        )
    ),
    "for ever": Clock(
        paused=(
            Stretch(
                first=date(2026, 3, 28), last=None, title="Waiting",
                from_at=datetime(2026, 3, 28, tzinfo=UTC),
            ),
        )
    ),
    "anew": Clock(start=Known(date(2026, 4, 2), title="The answer", note="recorded")),
    "with more": Clock(more=(More(count=2, unit=Unit.WEEKS, title="ill"),)),
    "with a day more": Clock(more=(More(count=1, unit=Unit.DAYS, title="ill"),)),
}  # fmt: skip


def _ground(number: int) -> Ground:
    days = {**REST, **DAYS[number]} if number < len(DAYS) - 1 else DAYS[number]
    return Ground(
        days.get,
        calendar_named("england_and_wales"),
        LONDON,
        {"bank": calendar_named("scotland")},
    )


def reckonings() -> Iterator[str]:
    """Yield each timing with what it comes to, and the steps that lead there."""
    for timing in _timings():
        yield timing.text
        for number in range(len(DAYS)):
            yield from _on(timing, number)
        yield from _on_clocks(timing)


def _timings() -> Iterator[Timing]:
    for text in TIMINGS:
        try:
            yield parse_timing(text)
        except WorkflowError:
            continue


def _on(timing: Timing, number: int) -> Iterator[str]:
    ground = _ground(number)
    try:
        start, end = (reckon(timing, ground, edge=edge) for edge in (Edge.START, Edge.END))
        yield f"  {number}: {told(end)}" + ("" if start == end else f" or {told(start)}")
        for step in explain(timing, ground):
            yield f"    {told(step)}"
    except WorkflowError as error:
        yield f"  {number}: no: {error}"


def _on_clocks(timing: Timing) -> Iterator[str]:
    for name, clock in CLOCKS.items():
        trace: Trace = []
        try:
            found = run(timing, _ground(0), clock, trace=trace)
        except WorkflowError as error:
            yield f"  {name}: no: {error}"
            continue
        if found == reckon(timing, _ground(0)):
            continue
        yield f"  {name}: {told(found)}"
        for step in trace:
            yield f"    {told(step)}"


if __name__ == "__main__":
    FILE.write_text("".join(f"{line}\n" for line in reckonings()), encoding="utf-8")
