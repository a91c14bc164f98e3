"""Tasks as lists show them: of one challenge, of a person, of everybody.

Reading commands come through here, so nothing in it loads pydantic or SQLAlchemy.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from workflow.model import standing
from workflow.model.errors import NotFound
from workflow.model.lines import TaskLine
from workflow.model.people import Person
from workflow.model.standing import Standing
from workflow.store import people
from workflow.store.link import Link, day, flag, moment
from workflow.store.queries import LATE, Now, filled_in

COLUMNS = tuple(field.name for field in fields(TaskLine))
_MOMENTS = {"opens_at", "opened_at", "limit_at", "done_at", "done_moment", "wake_at"}
_DAYS = {"day", "target_on", "limit_on", "first_limit_on", "first_target_on", "done_on"}
_FLAGS = {"is_missed", "is_overridden", "is_held"}

_SELECTED = ", ".join(f"t.{name}" for name in COLUMNS)
_LINES = f"""
SELECT {_SELECTED} FROM task t
WHERE t.challenge_id = :challenge_id ORDER BY t.position, t.number
"""  # noqa: S608 (our own columns)
_NAMED = {
    "sqlite": "AND t.key IN (SELECT value FROM json_each(:keys)) ORDER BY",
    "postgresql": "AND t.key = ANY(:keys) ORDER BY",
}
_OF_REFERENCE = "AND c.reference = :reference"
_OF_PERSON = """
AND c.id IN (SELECT m.challenge_id FROM member m WHERE m.person_id = :person)
AND t.assignees LIKE :assignee
"""


def _listed(*, of_reference: str, of_person: str) -> str:
    """Return the query with the conditions that there are: an OR would pass by the indexes."""
    return f"""
SELECT c.reference, c.stage, c.stage_title, c.is_paused, c.due_soon, {_SELECTED}
FROM challenge c JOIN task t ON t.challenge_id = c.id
WHERE (:with_finished OR t.status IN ('open', 'pending'))
    AND (:with_pending OR t.status <> 'pending')
    AND (NOT :is_late OR (NOT c.is_paused AND {LATE}))
    {of_reference} {of_person}
ORDER BY c.reference, t.position, t.number
"""  # noqa: S608


_LISTED = {
    (False, False): _listed(of_reference="", of_person=""),
    (False, True): _listed(of_reference="", of_person=_OF_PERSON),
    (True, False): _listed(of_reference=_OF_REFERENCE, of_person=""),
    (True, True): _listed(of_reference=_OF_REFERENCE, of_person=_OF_PERSON),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which tasks a list is to have; nothing said means all that are unfinished.

    `person` (an id) picks what that person is to do.
    """

    reference: str | None = None
    person: int | None = None
    is_late: bool = False
    with_pending: bool = True
    with_finished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """A task in a list. `stage` is where its challenge is; `line.title` has its names filled in."""

    reference: str
    stage: str
    stage_title: str
    line: TaskLine
    standing: Standing
    person: Person | None
    assignees: tuple[Person, ...]


def lines(link: Link, challenge_id: int) -> list[TaskLine]:
    """Return the tasks of a challenge in the definition's order. One query."""
    return [_line(row) for row in link.rows(_LINES, challenge_id=challenge_id)]


def lines_of(link: Link, challenge_id: int, keys: Iterable[str]) -> list[TaskLine]:
    """Return some tasks of a challenge, by their keys, in the definition's order. One query."""
    sql = _LINES.replace("ORDER BY", _NAMED[link.dialect])
    wanted = json.dumps(list(keys)) if link.dialect == "sqlite" else list(keys)
    return [_line(row) for row in link.rows(sql, challenge_id=challenge_id, keys=wanted)]


def listed(link: Link, now: Now, wanted: Wanted) -> list[TaskRow]:
    """Return tasks, challenge by challenge, in the definition's order. Two queries.

    Raises:
        NotFound: there is no challenge with the reference.
    """
    rows = link.rows(
        _LISTED[wanted.reference is not None, wanted.person is not None],
        reference=wanted.reference,
        person=wanted.person,
        assignee=f"%,{wanted.person},%",
        is_late=wanted.is_late,
        with_pending=wanted.with_pending,
        with_finished=wanted.with_finished,
        at=now.at,
        today=now.today,
    )
    if not rows and wanted.reference is not None:
        _check_reference(link, wanted.reference)
    found = [(row[:5], _line(row[5:])) for row in rows]
    named = people.named(link, _people_in(line for _, line in found))
    return [_row(head, line, named=named, now=now) for head, line in found]


def _check_reference(link: Link, reference: str) -> None:
    if link.row("SELECT 1 FROM challenge WHERE reference = :reference", reference=reference):
        return
    known = link.rows("SELECT reference FROM challenge ORDER BY reference LIMIT 1000")
    raise NotFound("challenge", reference, [name for (name,) in known])


def _row(
    head: tuple[Any, ...], line: TaskLine, *, named: Mapping[int, Person], now: Now
) -> TaskRow:
    reference, stage, stage_title, is_paused, due_soon = head
    return TaskRow(
        reference=reference,
        stage=stage,
        stage_title=stage_title,
        line=with_title(line, named),
        standing=standing_of(line, now, due_soon=due_soon, is_paused=flag(is_paused)),
        person=None if line.person is None else named.get(line.person),
        assignees=tuple(named[person] for person in line.assignees if person in named),
    )


def standing_of(line: TaskLine, now: Now, *, due_soon: int, is_paused: bool) -> Standing:
    """Return how a task's deadline stands; what is held is not late, as what is paused is not."""
    return standing.standing_of(
        line,
        at=now.at,
        today=now.today,
        due_soon=due_soon,
        is_paused=is_paused or line.is_held,
    )


def with_titles(link: Link, given: Iterable[TaskLine]) -> tuple[TaskLine, ...]:
    """Return lines whose titles name their person and their day. One query."""
    kept = tuple(given)
    named = people.named(link, [line.person for line in kept if line.person is not None])
    return tuple(with_title(line, named) for line in kept)


def with_title(line: TaskLine, named: Mapping[int, Person]) -> TaskLine:
    """Return a line whose title names its person and its day."""
    person = named.get(line.person) if line.person is not None else None
    title = filled_in(line.title, person=person.name if person else None, on=line.day)
    if title == line.title:
        return line
    values = {name: getattr(line, name) for name in COLUMNS}
    return TaskLine(**{**values, "title": title})


def _people_in(given: Iterable[TaskLine]) -> set[int]:
    found: set[int] = set()
    for line in given:
        found.update(line.assignees)
        if line.person is not None:
            found.add(line.person)
    return found


def _line(row: tuple[Any, ...]) -> TaskLine:
    values: dict[str, Any] = {}
    for name, value in zip(COLUMNS, row, strict=True):
        if name in _MOMENTS:
            values[name] = moment(value)
        elif name in _DAYS:
            values[name] = day(value)
        elif name in _FLAGS:
            values[name] = flag(value)
        elif name == "assignees":
            values[name] = tuple(int(person) for person in value.split(",") if person)
        else:
            values[name] = value
    return TaskLine(**values)
