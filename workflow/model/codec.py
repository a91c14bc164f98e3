"""Challenges and events as JSON text, and back: exactly what the store keeps."""

from dataclasses import fields
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from workflow.model import events
from workflow.model.challenge import Challenge

KINDS: dict[str, type[events.Event]] = {
    kind.__name__: kind for kind in events.Event.__subclasses__()
}

_CHALLENGE = "Challenge"


def kind_of(event: events.Event) -> str:
    """Return the name under which an event is kept, such as `TaskDone`."""
    return type(event).__name__


def dump_event(event: events.Event) -> str:
    """Return an event as one line of JSON, without its kind."""
    return _adapter(kind_of(event)).dump_json(event, exclude_defaults=True).decode()


def load_event(kind: str, body: str) -> events.Event:
    """Return the event that `dump_event` wrote."""
    event: events.Event = _adapter(kind).validate_json(body)
    return event


def dump_challenge(challenge: Challenge) -> str:
    """Return the snapshot of a challenge as one line of JSON."""
    return _adapter(_CHALLENGE).dump_json(challenge, exclude_defaults=True).decode()


def load_challenge(body: str) -> Challenge:
    """Return the challenge that `dump_challenge` wrote."""
    challenge: Challenge = _adapter(_CHALLENGE).validate_json(body)
    return challenge


def describe(event: events.Event) -> dict[str, Any]:
    """Return an event's own facts, without its moment and its actor."""
    common = {"at", "actor"}
    return {f.name: getattr(event, f.name) for f in fields(event) if f.name not in common}


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    """Return what reads and writes a kind of event, or challenges."""
    return TypeAdapter(Challenge if kind == _CHALLENGE else KINDS[kind])
