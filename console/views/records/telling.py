"""What happened to documents and to what people were handed, in a sentence for each event."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from console.words import listing, sentence, short_day
from workflow.model import events as e
from workflow.model.challenge import Challenge
from workflow.model.records import events as r

MOST_NAMES = 8


class Telling(Protocol):
    """What is asked of a teller."""

    @property
    def challenge(self) -> Challenge:
        """The challenge of the events."""

    def name(self, person: int | None) -> str:
        """Return a person's name."""

    def title(self, key: str) -> str:
        """Return the title of one task."""

    def tell(self, event: e.Event) -> str:
        """Return what happened in one sentence."""


def asked_for(teller: Telling, events: Iterable[e.Event]) -> list[str]:
    """Return what was asked for, line by line; a document that many were given is one line."""
    given: dict[tuple[str, int], list[int]] = {}
    lines: list[str | tuple[str, int]] = []
    for event in events:
        if not isinstance(event, r.DocumentIssued):
            lines += [text for text in [teller.tell(event)] if text]
            continue
        key = (event.document, event.version)
        if key not in given:
            lines.append(key)
        given.setdefault(key, []).append(event.person)
    return [
        line if isinstance(line, str) else _issued(teller, *line, people=given[line])
        for line in lines
    ]


def _issued(teller: Telling, key: str, version: int, *, people: list[int]) -> str:
    names = listing([teller.name(person) for person in people], most=MOST_NAMES)
    return f"{_document(teller, key)}, version {version}: issued to {names}"


def _document(teller: Telling, key: str) -> str:
    document = teller.challenge.records.documents.get(key)
    return document.title if document else sentence(key)


def _item(teller: Telling, key: str) -> str:
    item = teller.challenge.records.items.get(key)
    return f"{item.title} ({key})" if item and item.title else key


def _recorded(teller: Telling, event: r.DocumentRecorded) -> str:
    where = "kept here" if event.is_stored else event.location
    return f"{event.title}, version {event.version}{f': {where}' if where else ''}"


def _confirmed(teller: Telling, event: r.MediaConfirmed) -> str:
    said = "; ".join(
        f"{sentence(one.medium)}, {one.method or 'destroyed'} on {short_day(one.on)}"
        for one in event.media
    )
    return f"{teller.title(event.task)}: {said}" if said else ""


def _settled(teller: Telling, event: r.ItemSettled) -> str:
    how = f" ({event.method})" if event.method else ""
    item = teller.challenge.records.items.get(event.item)
    whose = f", which {teller.name(item.person)} had" if item else ""
    return f"{_item(teller, event.item)}{whose}: {event.outcome}{how}"


SENTENCES: Mapping[type[e.Event], Callable[[Any, Any], str]] = {
    r.DocumentRecorded: _recorded,
    r.DocumentIssued: lambda t, v: _issued(t, v.document, v.version, people=[v.person]),
    r.DocumentAcknowledged: lambda t, v: (
        f"{t.name(v.person)} has {_document(t, v.document)}, version {v.version}"
    ),
    r.DocumentRevoked: lambda t, v: (
        f"{_document(t, v.document)} is taken back from {t.name(v.person)}"
        f"{f': {v.reason}' if v.reason else ''}"
    ),
    r.ItemIssued: lambda t, v: f"{_item(t, v.item)} is handed to {t.name(v.person)}",
    r.ItemSettled: _settled,
    r.MediaConfirmed: _confirmed,
}
