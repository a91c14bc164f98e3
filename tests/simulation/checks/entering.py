"""What stands in the log: when, by whom and what, told once (I15, I21, I24, I25)."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from tests.grounds import ADA
from tests.simulation.made.days import counted, day_of
from tests.simulation.made.shapes import CLOSED, RECORDS
from tests.simulation.scene import Life, Scene
from tests.visits import DIRECTOR
from workflow.model import events as e
from workflow.model.records import events as r

A_SECOND = timedelta(seconds=1)
APPROVERS = frozenset({ADA, DIRECTOR})
"""The administrator, and who has the authority."""

_CERTIFICATE = "SELECT 1 FROM certificate WHERE number = :number"


def told_as_it_was(scene: Scene, life: Life) -> Iterator[str]:
    """Yield what the rows and entries of new events say otherwise than the events themselves."""
    last, entry = 0, dict[str, Any]()
    for kept in life.new:
        event = kept.event
        if (kept.at, kept.actor) != (event.at, event.actor):
            found, wanted = _said(kept.at, kept.actor), _said(event.at, event.actor)
            yield f"event {kept.seq} is kept as of {found}, and was of {wanted}"
        if kept.entry_id != last:
            last, entry = kept.entry_id or 0, json.loads(kept.entry or "{}")
        if entry:
            at = datetime.fromisoformat(entry["at"])
            if not event.at <= at <= scene.world.real + A_SECOND:
                yield f"event {kept.seq} of {event.at} is entered as of {at}"
            if event.actor not in (None, entry["actor"]):
                yield f"event {kept.seq} is by {event.actor}, and entered as by {entry['actor']}"


def _said(at: datetime | None, actor: int | None) -> str:
    return f"{at} by {actor if actor is not None else 'nobody'}"


def rightly_approved(life: Life) -> Iterator[str]:
    """Yield what was asked for or approved by whom, or when, it may not be."""
    if not life.new or not life.stored.records.disposals:
        return
    asked: dict[str, int | None] = {}
    for event in (kept.event for kept in life.history):
        if isinstance(event, r.DisposalRequested):
            asked[event.rule] = event.actor
            if not event.reason.strip() and not _is_due(life, event.rule, day_of(event.at)):
                yield f"{event.rule} was to be destroyed on {day_of(event.at)}, before its day"
        elif isinstance(event, r.DisposalApproved):
            if event.actor == asked.get(event.rule):
                yield f"{event.actor} approved what they had asked for: {event.rule}"
            if event.actor not in APPROVERS:
                yield f"{event.rule} was approved by {event.actor}, who may not"


def decided_under_hold(life: Life) -> Iterator[str]:
    """Yield the destructions that were asked for or approved while a hold stopped them."""
    if not life.new or not life.stored.records.disposals:
        return
    held: dict[str, tuple[str, ...]] = {}
    for event in (kept.event for kept in life.history):
        if isinstance(event, e.HoldPlaced):
            held[event.name] = event.rules
        elif isinstance(event, e.HoldLifted):
            held.pop(event.name, None)
        elif isinstance(event, r.DisposalRequested | r.DisposalApproved):
            word = "approved" if isinstance(event, r.DisposalApproved) else "asked for"
            if any(event.rule in rules for rules in held.values()):
                yield f"the destruction of {event.rule} was {word} under a hold"


def told_twice(life: Life) -> Iterator[str]:
    """Yield the news that somebody was told more than once in one step."""
    told = Counter(
        (kept.entry_id, one.notice, one.recipient, one.about)
        for kept in life.new
        if isinstance(one := kept.event, e.NoticeRaised) and not one.marks
    )
    for (_, notice, person, _), count in told.items():
        if count > 1:
            yield f"{notice} to {person} was raised {count} times in one step"


def _is_due(life: Life, rule: str, on: date) -> bool:
    """Return whether the day of a rule has come; True where no model knows it."""
    model = life.model
    if model is None or rule != RECORDS:
        return True
    closed_at = model.entered.get(CLOSED)
    return closed_at is not None and on >= counted(day_of(closed_at), model.shape.keep, "weeks")


def uncertified(scene: Scene, life: Life) -> Iterator[str]:
    """Yield what counts as destroyed, and no certificate says so."""
    numbers = {k.event.certificate for k in life.history if isinstance(k.event, r.DisposalDone)}
    for number in sorted(numbers):
        if not scene.ask(_CERTIFICATE, number=number):
            yield f"{life.reference}: something was destroyed under {number}, which is nowhere"


def is_refused(life: Life, command_id: str) -> bool:
    """Return whether it stands in the history that a command was refused."""
    return any(
        isinstance(kept.event, e.CommandRefused) and kept.command_id == command_id
        for kept in life.history
    )
