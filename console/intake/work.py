"""Which task somebody means, and what they say of it."""

from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

from console.options import read_day
from workflow.model.commands import CompleteTask, ReopenTask

if TYPE_CHECKING:
    from console.session import Session


class Said(TypedDict):
    """What is said of a task that is done, or is to be done after all."""

    person: str | None
    day: date | None
    on: tuple[date, datetime | None] | None
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
        evidence=said["evidence"],
        attested=said["attested"] or None,
        moment=moment,
    )


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
