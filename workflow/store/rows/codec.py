"""Challenges and events as JSON text, and back: exactly what the store keeps."""

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from workflow.model import events
from workflow.model.challenge import Challenge

KINDS: dict[str, type[events.Event]] = {
    kind.__name__: kind for kind in events.Event.__subclasses__()
}

_CHALLENGE = "Challenge"


def dump_event(event: events.Event) -> str:
    """Return an event as one line of JSON, without its kind."""
    return _adapter(events.kind_of(event)).dump_json(event, exclude_defaults=True).decode()


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


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    """Return what reads and writes a kind of event, or challenges."""
    return TypeAdapter(Challenge if kind == _CHALLENGE else KINDS[kind])
