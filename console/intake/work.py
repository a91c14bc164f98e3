"""Which task somebody means, and what they say of it."""

from datetime import date
from typing import TYPE_CHECKING, TypedDict

from console.options import read_day
from workflow.model.commands import CompleteTask, ReopenTask

if TYPE_CHECKING:
    from console.session import Session


class Said(TypedDict):
    """What is said of a task that is done, or is to be done after all."""

    person: str | None
    day: date | None
    on: date | None
    by: str | None
    evidence: str
    attested: tuple[str, ...]
    undo: bool
    reason: str


class Address(TypedDict):
    """Which task: its key in the definition, and whose or which day's."""

    spec: str
    person: int | None
    day: date | None


def addressed(session: "Session", task: str, *, who: str | None, day: date | None) -> Address:
    """Return which task is meant: `call_peer --for PERSON`, `call_peer:4`, `catch_up:DAY`."""
    spec, _, which = task.partition(":")
    person = session.person_id(who)
    if which and person is None and which.isdecimal():
        person = int(which)
    elif which and day is None:
        day = read_day(which)
    return Address(spec=spec, person=person, day=day)


def completion(session: "Session", task: str, said: Said) -> CompleteTask:
    """Return the command that records a task as done, today where no day was given."""
    return CompleteTask(
        **addressed(session, task, who=said["person"], day=said["day"]),
        on=said["on"] or session.now.today,
        by=session.person_id(said["by"]),
        evidence=said["evidence"],
        attested=said["attested"] or None,
    )


def reopening(session: "Session", task: str, said: Said) -> ReopenTask:
    """Return the command that says a task is not done after all."""
    where = addressed(session, task, who=said["person"], day=said["day"])
    return ReopenTask(**where, reason=said["reason"])
