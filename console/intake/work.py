"""Which task somebody means, and what they say of it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

from console.options import read_day
from workflow.model.commands import CompleteTask, PlaceHold, ReopenTask
from workflow.model.errors import InvalidInput
from workflow.model.records.events import Confirmation

if TYPE_CHECKING:
    from console.session import Session


class Said(TypedDict):
    """What is said of a task that is done, or is to be done after all."""

    person: str | None
    day: date | None
    on: tuple[date, datetime | None] | None
    by: str | None
    evidence: tuple[str, ...]
    attested: tuple[str, ...]
    undo: bool
    reason: str


class Held(TypedDict):
    """What is said of a hold: what it is on, whose tasks, or that it ends."""

    tasks: tuple[str, ...]
    rules: tuple[str, ...]
    people: tuple[str, ...]
    lift: bool
    reason: str


class Address(TypedDict):
    """Which task: its key in the definition, and whose or which day's."""

    spec: str
    person: int | None
    day: date | None


def addressed(
    session: "Session", task: str, *, who: str | None, day: date | None = None
) -> Address:
    """Return which task is meant: `call_peer --for PERSON`, `call_peer:4`, `catch_up --for DAY`."""
    spec, _, which = task.partition(":")
    wanted = who or which
    meant = read_day(wanted) if wanted else None
    if meant is not None:
        return Address(spec=spec, person=None, day=meant)
    return Address(spec=spec, person=session.person_id(wanted or None), day=day)


def placing(session: "Session", name: str, *, said: Held) -> PlaceHold:
    """Return the command that places a hold."""
    return PlaceHold(
        name=name,
        reason=said["reason"],
        tasks=said["tasks"],
        rules=said["rules"],
        people=tuple(session.person(who).id for who in said["people"]),
    )


def completion(session: "Session", reference: str, task: str, *, said: Said) -> CompleteTask:
    """Return the command that records a task as done, today where no day was given."""
    where = addressed(session, task, who=said["person"], day=said["day"])
    on, moment = said["on"] or (session.now.today, None)
    if (
        where["person"] is None
        and where["day"] is None
        and _is_of_day(session, reference, where, on)
    ):
        where["day"] = on
    return CompleteTask(
        **where,
        on=on,
        by=session.person_id(said["by"]),
        evidence="; ".join(text for text in said["evidence"] if text),
        attested=tuple(text.partition("=")[0].partition("@")[0] for text in said["attested"])
        or None,
        media=tuple(
            _confirmed(text, on) for text in said["attested"] if "=" in text or "@" in text
        ),
        moment=moment,
    )


def _confirmed(text: str, on: date) -> Confirmation:
    """Return what `laptop=wiped@2027-03-30` says; without a day it is that of the rest.

    Raises:
        InvalidInput: what follows the last @ is no day.
    """
    rest, at, day = text.rpartition("@")
    told, given = (rest, read_day(day)) if at else (text, on)
    if given is None:
        raise InvalidInput(f'"{text}": after @ comes a day, such as laptop=wiped@2027-03-30')
    medium, _, method = told.partition("=")
    return Confirmation(medium=medium.strip(), method=method.strip(), on=given)


def _is_of_day(session: "Session", reference: str, where: Address, on: date) -> bool:
    """Return whether the task is one of several days, and `on` is one of them."""
    import bootstrap

    now, wanted = session.now, bootstrap.tasks.Wanted(reference=reference)
    with session.reading() as link:
        rows = bootstrap.tasks.listed(link, now, wanted)
    return any(row.line.spec == where["spec"] and row.line.day == on for row in rows)


def reopening(session: "Session", task: str, *, said: Said) -> ReopenTask:
    """Return the command that says a task is not done after all."""
    where = addressed(session, task, who=said["person"], day=said["day"])
    return ReopenTask(**where, reason=said["reason"])
