"""What happened, as tools that read processes want it: activities, and whom and what they are of.

People are ids there; nothing that anybody wrote in words of their own is in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from workflow.model.events import kind_of

if TYPE_CHECKING:
    from workflow.auditing.reports import Life
    from workflow.model.events import Event

_KEYS = ("trigger", "key", "role", "notice", "counter", "rule", "medium", "kind", "name", "command")
"""The facts of an event that say what of the definition it is about, the telling one first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """Something that happened in a challenge; `number` counts from 1 there.

    `task` is the key of the task that it is about, `people` those whom it names.
    """

    reference: str
    number: int
    name: str
    kind: str
    at: datetime
    actor: int | None
    task: str | None
    people: tuple[int, ...]


def activities(life: "Life") -> Iterator[Activity]:
    """Yield what happened in one challenge, in order."""
    for number, event in enumerate(life.events, 1):
        task = getattr(event, "task", None)
        person = getattr(event, "person", None) or getattr(event, "recipient", None)
        yield Activity(
            reference=life.challenge.reference,
            number=number,
            name=name_of(event),
            kind=kind_of(event),
            at=event.at,
            actor=event.actor,
            task=task,
            people=(person,) if isinstance(person, int) else (),
        )


def name_of(event: "Event") -> str:
    """Return what happened to what: `task done: call_peer`, `stage entered: confirm`."""
    kind = "".join(f" {c.lower()}" if c.isupper() else c for c in kind_of(event)).strip()
    task = getattr(event, "task", None)
    if isinstance(task, str):
        return f"{kind}: {task.partition(':')[0]}"
    found = (getattr(event, key, None) for key in _KEYS)
    about = next((one for one in found if isinstance(one, str) and one), "")
    return f"{kind}: {about}" if about else kind


def moment(at: datetime) -> str:
    """Return a moment in UTC, as ISO 8601 has it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
