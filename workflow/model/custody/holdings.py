"""What is held where, and by whom: the register that a report, a disposal and a certificate show.

Three kinds of thing are held: copies of documents that were issued, things that were handed out
by name (notebook 7), and what people made themselves, medium by medium, as their task of
destruction asks about it. What was settled stays in the register, as evidence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from workflow.model.challenge import Challenge
from workflow.model.duties import TaskSpec
from workflow.model.planning.occurrences import issued_since
from workflow.model.planning.reminders import assignees
from workflow.model.planning.rulebook import Rulebook
from workflow.model.records.events import Confirmation
from workflow.model.records.state import Copy, Item
from workflow.model.task import Task, TaskStatus

Status = Literal["held", "confirmed", "returned", "lost"]

DOCUMENT = "document"
"""The medium of a copy of a document: what it is kept on is not known."""

_STATUS: dict[str, Status] = {
    "": "held",
    "destroyed": "confirmed",
    "returned": "returned",
    "revoked": "returned",
    "lost": "lost",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Something that a person holds, or held, since a local day.

    `medium` is a key of the definition, or `document`. `method` says how it was destroyed or given
    back, `on` when; both are empty while it is `held`.
    """

    person: int
    what: str
    medium: str
    since: date
    status: Status
    method: str = ""
    on: date | None = None


def holdings(rulebook: Rulebook, challenge: Challenge) -> tuple[Holding, ...]:
    """Return all that is or was held: documents, then things handed out, then people's own.

    Source: house policy, after guidance 125 and 126: what was received must be accounted for.
    """
    return (
        *_documents(rulebook, challenge),
        *_items(challenge),
        *_own(rulebook, challenge),
    )


def destroying(rulebook: Rulebook) -> tuple[str, ...]:
    """Return the tasks by which people confirm, medium by medium, that they destroyed something."""
    return tuple(key for key in rulebook.definition.destroying if rulebook.specs[key].attest)


def is_statement(medium: str) -> bool:
    """Return whether what is to be confirmed is no thing, such as `no_copies_kept`."""
    return medium.startswith("no_")


def confirmation_of(challenge: Challenge, task: Task, medium: str) -> Confirmation:
    """Return how a task that is done confirmed one medium; its evidence speaks for what is not."""
    for one in challenge.records.confirmed.get(task.key, ()):
        if one.medium == medium:
            return one if one.method else replace(one, method=task.evidence)
    on = task.done_on or task.issued_at.date()
    return Confirmation(medium=medium, method=task.evidence, on=on)


def _documents(rulebook: Rulebook, challenge: Challenge) -> Iterator[Holding]:
    """Yield each person's copy of each document."""
    for document in challenge.records.documents.values():
        for person, copy in document.copies.items():
            done = _confirming(rulebook, challenge, person, since=copy.issued_on)
            status, method, on = _of_copy(copy, done)
            yield Holding(
                person=person,
                what=f"{document.title}, version {copy.version}",
                medium=DOCUMENT,
                since=copy.first_on,
                status=status,
                method=method,
                on=on,
            )


def _of_copy(copy: Copy, done: Task | None) -> tuple[Status, str, date | None]:
    """Return how a copy stands: with its person, taken back, or destroyed with the rest."""
    if copy.revoked_on is not None:
        return "returned", "revoked", copy.revoked_on
    if done is None:
        return "held", "", None
    return "confirmed", done.evidence, done.done_on


def _confirming(
    rulebook: Rulebook, challenge: Challenge, person: int, *, since: date
) -> Task | None:
    """Return the task by which a person confirmed the destruction of what they had on a day."""
    for key in destroying(rulebook):
        for task in challenge.occurrences(key):
            is_theirs = person in (task.person, task.done_by)
            if task.status is TaskStatus.DONE and is_theirs and (task.done_on or since) >= since:
                return task
    return None


def _items(challenge: Challenge) -> Iterator[Holding]:
    """Yield each thing that was handed out."""
    for key, item in challenge.records.items.items():
        yield Holding(
            person=item.person,
            what=_called(key, item),
            medium=item.medium,
            since=item.issued_on,
            status=_STATUS[item.outcome],
            method=item.method or (item.outcome if item.outcome != "destroyed" else ""),
            on=item.settled_on,
        )


def _called(key: str, item: Item) -> str:
    return f"{item.title} ({key})" if item.title else key


def _own(rulebook: Rulebook, challenge: Challenge) -> Iterator[Holding]:
    """Yield what people made and received themselves, medium by medium."""
    for key in destroying(rulebook):
        spec = rulebook.specs[key]
        for task in challenge.occurrences(key):
            for person, since in _keepers(rulebook, challenge, task):
                yield from _media(challenge, spec, task, person=person, since=since)


def _keepers(rulebook: Rulebook, challenge: Challenge, task: Task) -> Iterator[tuple[int, date]]:
    """Yield who keeps what a task destroys, and since when; nobody before it can exist."""
    if task.person is not None:
        since = issued_since(rulebook, challenge, task.person)
        if since is not None:
            yield task.person, since
        return
    entered = [challenge.entered.get(stage) for stage in rulebook.specs[task.spec].stage]
    first = min((at for at in entered if at is not None), default=None)
    if first is None:
        return
    doing = (task.done_by,) if task.done_by else assignees(rulebook, challenge, task)[:1]
    for person in doing:
        yield person, rulebook.today(first)


def _media(
    challenge: Challenge, spec: TaskSpec, task: Task, *, person: int, since: date
) -> Iterator[Holding]:
    for medium in spec.attest:
        if is_statement(medium):
            continue
        is_done = task.status is TaskStatus.DONE
        said = confirmation_of(challenge, task, medium) if is_done else None
        yield Holding(
            person=person,
            what=medium.replace("_", " "),
            medium=medium,
            since=since,
            status="confirmed" if said else "held",
            method=said.method if said else "",
            on=said.on if said else None,
        )
