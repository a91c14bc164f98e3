"""Challenges and events as JSON text, and back: exactly what the store keeps.

What people said in words of their own is sealed as it is written; whoever reads through `Link`
gets it in clear. The rest is ids, keys, dates and words of the definition.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from workflow.model import events
from workflow.model.challenge import Challenge
from workflow.model.people import ids_in
from workflow.model.records.events import Confirmation, ItemSettled, MediaConfirmed
from workflow.model.records.state import Records
from workflow.model.task import NO_REPLY, Task
from workflow.model.task import changed as with_facts
from workflow.store.link import Link

KINDS: dict[str, type[events.Event]] = {
    kind.__name__: kind for kind in events.Event.__subclasses__()
}
SAID = ("reason", "evidence", "says", "agreement", "message", "problem", "method", "location")
"""What people say in words of their own: the names of those facts, wherever they occur."""

_SAID_OF_TASK = ("evidence", "reason")
_CHALLENGE, _TASK, _TASKS = "Challenge", "Task", "Tasks"
_KEY_OF_PERSON = "SELECT key_id FROM person WHERE id = :id"

Seal = Callable[[str, int | None], str]
"""Seals a text; a text about a person is sealed with their key, too."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the rows of a challenge go in a step, and the key with which its texts are sealed."""

    link: Link
    id: int
    key_id: str | None
    _sealed: dict[tuple[str, int | None], str] = field(default_factory=dict)

    def seal(self, text: str, person: int | None = None) -> str:
        """Return a text as it is kept; None is a text about whom it names, if anybody.

        In a step the same few words are said again and again: each is sealed once.
        """
        if not text:
            return text
        if person is None:
            person = min(ids_in(text), default=None)
        sealed = self._sealed.get((text, person))
        if sealed is None:
            row = self.link.row(_KEY_OF_PERSON, id=person) if person is not None else None
            sealed = self.link.seal(text, self.key_id, row[0] if row else None)
            self._sealed[text, person] = sealed
        return sealed


_NO_RECORDS = Records()


def _plain(text: str, person: int | None = None) -> str:
    return text


def dump_event(event: events.Event, seal: Seal = _plain, records: Records = _NO_RECORDS) -> str:
    """Return an event as one line of JSON, without its kind; `records` are those after it."""
    kind, person = events.kind_of(event), person_of(event, records)
    said = {name: text for name in _said_by(kind) if (text := getattr(event, name))}
    if said:
        sealed: dict[str, Any] = {name: seal(text, person) for name, text in said.items()}
        event = replace(event, **sealed)
    if isinstance(event, MediaConfirmed):
        event = replace(event, media=_sealed_media(event.media, person, seal))
    return _text(kind, event)


def load_event(kind: str, body: str) -> events.Event:
    """Return the event that `dump_event` wrote."""
    event: events.Event = _adapter(kind).validate_json(body)
    return event


def dump_challenge(challenge: Challenge, seal: Seal = _plain) -> str:
    """Return the snapshot of a challenge as one line of JSON."""
    challenge = with_facts(challenge, records=_sealed_records(challenge.records, seal))
    before = challenge.before_migration
    if before is not None:
        tasks = {key: _sealed(task, seal) for key, task in before.tasks.items()}
        records = _sealed_records(before.records, seal)
        before = with_facts(before, tasks=tasks, records=records)
        challenge = with_facts(challenge, before_migration=before)
    return _text(_CHALLENGE, challenge)


def load_challenge(body: str) -> Challenge:
    """Return the challenge that `dump_challenge` wrote."""
    challenge: Challenge = _adapter(_CHALLENGE).validate_json(body)
    return challenge


def dump_task(task: Task, seal: Seal = _plain) -> str:
    """Return a task as one line of JSON."""
    return _text(_TASK, _sealed(task, seal))


def dump_tasks(tasks: Iterable[Task]) -> str:
    """Return tasks as one line of JSON, each as `dump_task` has it when nothing is sealed."""
    return _text(_TASKS, [*tasks])


def load_tasks(bodies: Iterable[str]) -> list[Task]:
    """Return the tasks that `dump_task` wrote, one a text; all at once is twice as fast."""
    tasks: list[Task] = _adapter(_TASKS).validate_json(f"[{','.join(bodies)}]")
    return tasks


def load_task(body: str) -> Task:
    """Return the task that `dump_task` wrote."""
    task: Task = _adapter(_TASK).validate_json(body)
    return task


def person_of(event: events.Event, records: Records) -> int | None:
    """Return whom an event is about: who is named or answers, whose task or thing it is."""
    if isinstance(event, events.AnswerGiven):
        return event.actor
    if isinstance(event, ItemSettled) and event.item in records.items:
        return records.items[event.item].person
    person = getattr(event, "person", None)
    if isinstance(person, int):
        return person
    return _person_in(str(getattr(event, "task", "")))


def _person_in(key: str) -> int | None:
    """Return the person whose task has this key; None for a task of nobody in particular."""
    _, _, whose = key.partition(":")
    return int(whose) if whose.isdecimal() else None


def _sealed(task: Task, seal: Seal) -> Task:
    """Return a task whose words are sealed; that nobody replied is nobody's word."""
    if not (task.evidence or task.reason):
        return task
    said = {name: getattr(task, name) for name in _SAID_OF_TASK}
    person = _person_in(task.key)
    sealed = {name: text if text == NO_REPLY else seal(text, person) for name, text in said.items()}
    return with_facts(task, **sealed)


def _sealed_records(records: Records, seal: Seal) -> Records:
    """Return records whose words are sealed: places, methods, reasons, problems."""
    if not (records.documents or records.items or records.confirmed or records.disposals):
        return records
    return replace(
        records,
        documents={
            key: replace(one, location=seal(one.location, None))
            for key, one in records.documents.items()
        },
        items={
            key: replace(one, method=seal(one.method, one.person))
            for key, one in records.items.items()
        },
        confirmed={
            key: _sealed_media(media, _person_in(key), seal)
            for key, media in records.confirmed.items()
        },
        disposals={
            key: replace(one, reason=seal(one.reason, None), problem=seal(one.problem, None))
            for key, one in records.disposals.items()
        },
    )


def _sealed_media(
    media: Iterable[Confirmation], person: int | None, seal: Seal
) -> tuple[Confirmation, ...]:
    return tuple(replace(one, method=seal(one.method, person)) for one in media)


@cache
def _said_by(kind: str) -> tuple[str, ...]:
    return tuple(fact.name for fact in fields(KINDS[kind]) if fact.name in SAID)


def _text(kind: str, value: object) -> str:
    return _adapter(kind).serializer.to_json(value, exclude_defaults=True).decode()


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    """Return what reads and writes a kind of event, challenges or tasks."""
    if kind in KINDS:
        return TypeAdapter(KINDS[kind])
    return TypeAdapter({_CHALLENGE: Challenge, _TASK: Task, _TASKS: list[Task]}[kind])
