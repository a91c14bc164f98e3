"""What happened, as an event log with a trace for each challenge: XES (IEEE 1849)."""

from collections.abc import Iterable
from typing import IO, TYPE_CHECKING
from xml.sax.saxutils import quoteattr  # writes only

from console.reporting.activities import Activity, activities, moment

if TYPE_CHECKING:
    from workflow.auditing.reports import Life

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<classifier name="Activity" keys="concept:name"/>
"""


def write_xes(file: IO[str], lives: "Iterable[Life]") -> int:
    """Write the log of challenges; return how many events it has."""
    count = 0
    file.write(_HEAD)
    for life in lives:
        file.write(f"<trace>\n{_text('concept:name', life.challenge.reference)}\n")
        for one in activities(life):
            file.write(_event(one))
            count += 1
        file.write("</trace>\n")
    file.write("</log>\n")
    return count


def _event(one: Activity) -> str:
    resource = f"person:{one.actor}" if one.actor is not None else "engine"
    parts = (
        _text("concept:name", one.name),
        f'<date key="time:timestamp" value="{moment(one.at)}"/>',
        _text("org:resource", resource),
        _text("kind", one.kind),
        *([_text("task", one.task)] if one.task is not None else []),
    )
    return f"<event>{''.join(parts)}</event>\n"


def _text(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(value)}/>"
