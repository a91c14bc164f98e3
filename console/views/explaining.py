"""How a date came about, and what will happen."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import TYPE_CHECKING, Any

from console import words
from console.output import Output
from console.views.portfolio import spec_of

if TYPE_CHECKING:
    from datetime import date
    from zoneinfo import ZoneInfo

    from workflow.model.outlook.foresight import Foreseen
    from workflow.model.people import Person
    from workflow.views import Explained, Setting

END_OF_DAY = time(23, 59, 59)
_FORECAST_HEAD = ("at", "kind", "key", "to", "what")


def show_explained(output: Output, reference: str, found: "Sequence[Explained]") -> None:
    """Show how the dates of a task, or of all the tasks of one kind, came about."""
    if output.is_json:
        deadlines = [_as_json(explained) for explained in found]
        output.document("explain", {"reference": reference, "deadlines": deadlines})
        return
    output.text(line for one in found for line in (*_lines(one, output.zone), ""))
    output.follow(f"forecast {reference}")


def _as_json(explained: "Explained") -> dict[str, Any]:
    line = explained.line
    return {
        "key": spec_of(line.key),
        "id": line.key,
        "title": explained.title,
        "target_on": line.target_on,
        "limit_on": line.limit_on,
        "limit_at": line.limit_at,
        "first_target_on": line.first_target_on,
        "first_limit_on": line.first_limit_on,
        "late_days": explained.late_days,
        "first_late_days": explained.first_late_days,
        "clock": line.clock or None,
        "clock_note": line.clock_note or None,
        "calendar": explained.calendar or None,
        "standing": explained.standing,
        "source": line.source,
        "explanation": explained.sentence,
        "steps": [
            {"part": step.part, "on": step.on, "text": step.text, "source": step.source}
            for step in explained.steps
        ],
        "history": [_setting_json(setting) for setting in explained.history],
    }


def _setting_json(setting: "Setting") -> dict[str, Any]:
    return {
        "at": setting.at,
        "target_on": setting.target_on,
        "limit_on": setting.limit_on,
        "clock": setting.clock or None,
        "calendar": setting.calendar or None,
        "steps": [
            {"part": part, "on": on, "text": text, "note": note}
            for part, on, text, note in setting.basis
        ],
    }


def _lines(explained: "Explained", zone: "ZoneInfo") -> Iterator[str]:
    line = explained.line
    dates = []
    if line.limit_on and line.limit_at:
        local = line.limit_at.astimezone(zone)
        hour = "end of the day" if local.time() == END_OF_DAY else f"{local:%H:%M}"
        dates.append(f"limit {words.long_day(line.limit_on)}, {hour}")
    if line.target_on:
        dates.append(f"working target {words.long_day(line.target_on)}")
    yield f"{explained.title}: {'; '.join(dates) or 'no date is known yet'}."
    yield explained.sentence
    yield ""
    rows = [(step.part, _day(step.on), step.text, step.source) for step in explained.steps]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for row in rows:
        cells = (f"{cell:{width}}" for cell, width in zip(row, widths, strict=False))
        yield f"  {'   '.join(cells)}   {row[3]}"
    yield from _earlier(explained, zone)


def _earlier(explained: "Explained", zone: "ZoneInfo") -> Iterator[str]:
    """Yield the dates that a task had before, and how late it is by the first limit."""
    line = explained.line
    before = [one for one in explained.history[:-1] if one.limit_on or one.target_on]
    if not before:
        return
    yield ""
    for setting in before:
        known = (("limit", setting.limit_on), ("target", setting.target_on))
        dates = ", ".join(f"{name} {words.short_day(on)}" for name, on in known if on)
        yield f"  set on {words.short_day(setting.at.astimezone(zone).date())}: {dates}"
    if line.first_limit_on not in (None, line.limit_on):
        by_first = _lateness(explained.first_late_days)
        yield f"  By the first limit, {words.long_day(line.first_limit_on)}: {by_first}."
        if line.limit_on is not None:
            yield f"  By the limit as it is now: {_lateness(explained.late_days)}."


def _lateness(days: int) -> str:
    return f"{words.count(days, 'day')} late" if days else "in time"


def _day(on: "date | None") -> str:
    return words.short_day(on) if on else ""


def show_forecast(
    output: Output, reference: str, found: "Sequence[Foreseen]", *, people: "Mapping[int, Person]"
) -> None:
    """Show what will happen and be sent."""
    if output.is_json:
        entries = [
            {
                "at": entry.at,
                "kind": entry.kind,
                "key": spec_of(entry.key),
                "id": entry.key,
                "to": [people[person].email for person in entry.to if person in people],
                "text": entry.text,
            }
            for entry in found
        ]
        output.document("forecast", {"reference": reference, "entries": entries})
        return
    rows = []
    for entry in found:
        names = [people[person].name for person in entry.to if person in people]
        when = words.moment(entry.at, output.zone)
        rows.append((when, entry.kind, entry.key, words.listing(names, most=3), entry.text))
    output.table(_FORECAST_HEAD, rows)
    sent = sum(entry.kind in ("reminder", "escalation", "message") for entry in found)
    summary = f"{words.count(len(found), 'entry', 'entries')}, {sent} of them messages."
    output.follow(f"show {reference}", summary=summary)
