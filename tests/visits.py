"""A small definition to test the core with, changed line by line where a test needs it other.

It is the example `docs/examples/site_visit.yaml`: two programme people, a lead visitor
and visitors, a host. `tests.builders.Case` drives it.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache, wraps
from pathlib import Path
from typing import Any

import pytest

from definitions import loader
from tests.builders import ADMINISTRATOR, Case
from workflow.model import commands as c
from workflow.model.calendar import calendar_named
from workflow.model.errors import InvalidInput, NotFound, Refused
from workflow.model.events import Event
from workflow.model.planning.rulebook import Rulebook

FILE = Path(__file__).parents[1] / "docs" / "examples" / "site_visit.yaml"
DIRECTOR, MANAGER, LEAD, VISITOR, SECOND, HOST, LATECOMER, STRANGER = 2, 3, 4, 5, 6, 7, 8, 9
TEAM = (
    ("director", DIRECTOR),
    ("manager", MANAGER),
    ("lead_visitor", LEAD),
    ("visitor", VISITOR),
    ("visitor", SECOND),
    ("host", HOST),
)
LEADER = "former_chief_executive"
BEGUN = datetime(2026, 10, 1, 9, tzinfo=UTC)
START, END = date(2026, 11, 24), date(2026, 11, 26)  # Tuesday to Thursday

Edit = tuple[str, str]
Make = Callable[..., Case]


def edited(*edits: Edit) -> str:
    """Return the text of the definition with each piece replaced; each must be there."""
    text = FILE.read_text(encoding="utf-8")
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


@cache
def visit_rules(*edits: Edit) -> Rulebook:
    """Return the definition, edited, made ready for the engine."""
    definition = loader.load_text(edited(*edits), file="visit").definition
    return Rulebook(definition, calendar_named(definition.calendar))


def _once(build: Make) -> Make:
    """Build each visit once, and give whoever wants one a copy: its facts never change."""
    built = cache(build)

    @wraps(build)
    def copied(*edits: Edit, **given: Any) -> Case:  # noqa: ANN401 (as `build`)
        case = built(*edits, **given)
        return replace(case, events=[*case.events])

    return copied


@_once
def begun(*edits: Edit, at: datetime = BEGUN) -> Case:
    """Return a visit that has just begun, without people and dates."""
    return Case(at=at, rules=visit_rules(*edits)).started()


@_once
def staffed(*edits: Edit, at: datetime = BEGUN, without: tuple[int, ...] = ()) -> Case:
    """Return a visit with its people, but for some."""
    case = begun(*edits, at=at)
    for role, person in TEAM:
        if person not in set(without):
            case.assign(role, person, LEADER)
    return case


@_once
def dated(*edits: Edit, at: datetime = BEGUN, without: tuple[int, ...] = ()) -> Case:
    """Return a visit with its people and its two dates."""
    return staffed(*edits, at=at, without=without).plan("visit_start", START).plan("visit_end", END)


@_once
def prepared(*edits: Edit, at: datetime = BEGUN) -> Case:
    """Return a visit of which all that is needed beforehand is done."""
    return dated(*edits, at=at).done("scope_agreed", "brief_visitor", "call_visitor")


@_once
def visiting(*edits: Edit, at: datetime = BEGUN) -> Case:
    """Return a visit that is confirmed, long before its first day."""
    return prepared(*edits, at=at).advance("confirm")


@_once
def drafting(*edits: Edit) -> Case:
    """Return a visit that is over; its draft is being written since the night after its end."""
    case = visiting(*edits).until(END).done("catch_up", "feedback_given", "evening_meeting")
    return case.until(date(2026, 11, 27))


@_once
def writing(*edits: Edit) -> Case:
    """Return a visit whose report may be sent, and is not, from early in the fourth week."""
    case = drafting(*edits).until(date(2026, 12, 17), time(8))
    return case.done("draft_checked", by=LEAD)


@_once
def agreeing(*edits: Edit) -> Case:
    """Return a visit whose draft went to the host three weeks and a day after its end."""
    case = drafting(*edits).until(date(2026, 12, 18))
    return case.done("draft_checked", by=LEAD).done("report_sent", by=MANAGER)


@_once
def clearing(*edits: Edit) -> Case:
    """Return a visit whose report is signed off, and whose notes are to be destroyed."""
    return agreeing(*edits).done("comments_in").advance("sign_off")


@_once
def closed(*edits: Edit) -> Case:
    """Return a visit that is over in every way."""
    return clearing(*edits).done("destroy_notes").advance("close")


def refusal(case: Case, command: c.Command, *, actor: int = ADMINISTRATOR) -> Refused:
    """Return how a command is refused."""
    with pytest.raises(Refused) as caught:
        case.do(command, actor=actor)
    return caught.value


def complaint(case: Case, command: c.Command) -> str:
    """Return why a command of the administrator makes no sense."""
    with pytest.raises((InvalidInput, NotFound)) as caught:
        case.do(command)
    return str(caught.value)


def of_kind(events: Iterable[Event], kind: type[Any]) -> list[Any]:
    """Return the events of a kind."""
    return [event for event in events if isinstance(event, kind)]
