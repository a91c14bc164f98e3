"""What an occasion is, event by event: for notices, and for what is to be done again."""

from datetime import UTC, date, datetime

import pytest

from tests.visits import HOST, LEAD, MANAGER, VISITOR, begun
from workflow.model import events as e
from workflow.model.language.conditions import parse_occasion
from workflow.model.planning.reminders import is_redone

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
FIRST, SECOND = date(2026, 11, 24), date(2026, 11, 25)
JOINED = e.PersonAssigned(at=AT, person=VISITOR, role="visitor", on=FIRST)
LED = e.PersonAssigned(at=AT, person=LEAD, role="lead_visitor", on=FIRST)
HOSTED = e.PersonAssigned(at=AT, person=HOST, role="host", on=FIRST)
LEFT = e.PersonReleased(at=AT, person=VISITOR, role="visitor", on=FIRST, reason="ill")
MANAGED = e.PersonReleased(at=AT, person=MANAGER, role="manager", on=FIRST, reason="ill")
ENTERED = e.StageEntered(at=AT, stage="drafting", left="visiting", trigger="go_home")
RESUMED = e.StageEntered(at=AT, stage="drafting", left="on_hold", trigger="on", is_resumed=True)
OTHER = e.StageEntered(at=AT, stage="agreeing", left="drafting", trigger="submit")
SET = e.DateSet(at=AT, key="visit_start", on=FIRST)
SAME = e.DateSet(at=AT, key="visit_start", on=FIRST, old=FIRST)
MOVED = e.DateSet(at=AT, key="visit_start", on=SECOND, old=FIRST)
BACK = e.DateSet(at=AT, key="visit_start", on=FIRST, old=SECOND)
MOVED_ELSE = e.DateSet(at=AT, key="visit_end", on=SECOND, old=FIRST)
CLEARED = e.DateCleared(at=AT, key="visit_start", old=FIRST, reason="x")
CLEARED_ELSE = e.DateCleared(at=AT, key="visit_end", old=FIRST, reason="x")
EVERY = (
    JOINED, LED, HOSTED, LEFT, MANAGED, ENTERED, RESUMED, OTHER, SET, SAME, MOVED, BACK,
    MOVED_ELSE, CLEARED, CLEARED_ELSE,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("joining", {JOINED, LED, HOSTED}),
        ("joining of visitors", {JOINED, LED}),
        ("joining of host", {HOSTED}),
        ("leaving", {LEFT, MANAGED}),
        ("leaving of visitors", {LEFT}),
        ("visitors change", {JOINED, LED, LEFT}),
        ("manager changes", {MANAGED}),
        ("drafting is entered", {ENTERED}),
        ("visit_start moves", {MOVED, BACK}),
        ("visit_end moves", {MOVED_ELSE}),
        ("visit_start is cleared", {CLEARED}),
        ("every week", set()),
    ],
)
def test_an_event_is_an_occasion_for_what_waits_for_it_alone(
    text: str, expected: set[e.Event]
) -> None:
    rules, occasion = begun().rules, parse_occasion(text)
    assert {event for event in EVERY if is_redone(rules, [occasion], event)} == expected


def test_one_of_several_occasions_is_enough() -> None:
    rules = begun().rules
    several = [parse_occasion("joining of host"), parse_occasion("leaving of visitors")]
    assert is_redone(rules, several, LEFT)
    assert not is_redone(rules, several, JOINED)
    assert not is_redone(rules, [], LEFT)
