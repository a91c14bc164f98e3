"""Events and challenges are kept as text and read back the same."""

from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from tests.visits import Make, agreeing, clearing, closed, dated
from workflow.model import events as e
from workflow.model.language.phrases import Unit
from workflow.model.records import events as r
from workflow.store.rows import codec

AT = datetime(2026, 10, 1, 9, 0, 0, 123456, tzinfo=UTC)
VALUES: dict[str, object] = {
    "at": AT,
    "actor": 3,
    "on": date(2026, 11, 24),
    "old": date(2026, 11, 23),
    "moment": AT,
    "day": date(2026, 11, 24),
    "person": 4,
    "by": 4,
    "recipient": None,
    "about": 5,
    "tasks": ("a", "b:4"),
    "marks": (e.Mark(task="b:4", rung="chase.2.1", fires_at=AT),),
    "unmet": ("é “x”\n",),
    "unreached": ("s",),
    "capabilities": ("c",),
    "attested": ("i",),
    "is_overridden": True,
    "is_resumed": True,
    "is_actual": True,
    "is_urgent": True,
    "is_void": True,
    "opens_at": AT,
    "limit_at": AT,
    "target_on": None,
    "limit_on": date(2026, 12, 24),
    "old_target_on": None,
    "old_limit_on": date(2026, 12, 25),
    "renamed": {"a": "b"},
    "roles": {"c": "d"},
    "rungs": {"a": {"chase.0": "chase.1", "chase.1": ""}},
    "dropped": ("e", "f:4"),
    "since": AT,
    "basis": (e.Reason("limit", date(2026, 12, 24), "+ 4 weeks", "é"),),
    "count": 2,
    "incoming": 5,
    "unit": Unit.WORKING_DAYS,
    "said": (e.Mark(task="b:4", rung="chase.2.1", fires_at=AT),),
    "people": (4, 5),
    "rules": ("notes",),
    "is_stored": True,
    "value": 7,
    "due_on": date(2027, 3, 1),
    "until": date(2027, 4, 1),
    "counts": {"texts": 3},
    "media": (r.Confirmation(medium="laptop", method="deleted", on=date(2027, 3, 1)),),
}


NUMBERED = (e.CalendarChanged, r.DocumentRecorded, r.DocumentIssued, r.DocumentAcknowledged)


def full(kind: type[e.Event]) -> e.Event:
    """Return an event with every field filled."""
    values = {**VALUES, **({"version": 3} if kind in NUMBERED else {})}
    values |= {"rules": {"notes": "paper"}} if kind is e.DefinitionMigrated else {}
    return kind(**{f.name: values.get(f.name, f"some {f.name}") for f in fields(kind)})  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", codec.KINDS.values(), ids=codec.KINDS)
def test_an_event_is_read_back_the_same(kind: type[e.Event]) -> None:
    event = full(kind)
    body = codec.dump_event(event)
    assert "\n" not in body
    assert codec.load_event(e.kind_of(event), body) == event


def test_every_kind_of_event_has_a_name() -> None:
    assert set(codec.KINDS) >= {"ChallengeStarted", "TaskDone", "NoticeRaised", "CommandRefused"}
    assert all(codec.KINDS[name].__name__ == name for name in codec.KINDS)


@pytest.mark.parametrize("make", [dated, agreeing, clearing, closed])
def test_a_challenge_is_read_back_the_same(make: Make) -> None:
    case = make()
    assert codec.load_challenge(codec.dump_challenge(case.challenge)) == case.challenge
    for event in case.events:
        assert codec.load_event(e.kind_of(event), codec.dump_event(event)) == event


def test_what_a_later_version_may_add_has_a_default() -> None:
    """Texts of an earlier version lack what is new, and can be read all the same."""
    body = '{"at":"2026-10-01T09:00:00Z","task":"a","on":"2026-10-01"}'
    done = codec.load_event("TaskDone", body)
    assert done == e.TaskDone(at=AT.replace(microsecond=0), task="a", on=date(2026, 10, 1))
