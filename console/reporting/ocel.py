"""What happened, as an object-centric event log: OCEL 2.0 in JSON.

Objects are challenges, their tasks, and people by their ids. It is written as it is read, so that
ten thousand challenges take no more memory than one.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import IO, TYPE_CHECKING, Any

from console.reporting.activities import Activity, activities, moment

if TYPE_CHECKING:
    from workflow.auditing.reports import Life

_TEXT = "string"
_OBJECTS = {
    "challenge": ("client", "definition", "version"),
    "task": ("task", "due"),
    "person": (),
}
_IN, _ABOUT, _BY, _OF, _PART, _FOR = "in", "about", "by", "of", "part of", "for"

Found = dict[str, Any]


def write_ocel(file: IO[str], lives: "Iterable[Life]") -> int:
    """Write the log of challenges; return how many events it has."""
    names: set[str] = set()
    people: set[int] = set()
    count = 0
    with tempfile.TemporaryFile("w+", encoding="utf-8") as objects:
        file.write('{"events": [')
        for life in lives:
            happened = list(activities(life))
            for found in _objects(life, happened):
                objects.write(_line(found) + "\n")
            for one in happened:
                file.write(("," if count else "") + "\n" + _line(_event(one)))
                names.add(one.name)
                people |= {*one.people, *([one.actor] if one.actor is not None else [])}
                count += 1
            people |= {task.person for task in life.challenge.tasks.values() if task.person}
        file.write('],\n"objects": [')
        _copy(objects, file, people)
    file.write(f'],\n"objectTypes": {_line(_types())},\n"eventTypes": {_line(_kinds(names))}}}\n')
    return count


def _copy(objects: IO[str], file: IO[str], people: set[int]) -> None:
    """Write the objects that were put aside, then the people."""
    objects.seek(0)
    persons = (_line(_object(f"person:{one}", "person")) for one in sorted(people))
    lines = (line.rstrip("\n") for line in objects)
    for number, line in enumerate(chain(persons, lines)):
        file.write(("," if number else "") + "\n" + line)


def _objects(life: "Life", happened: Iterable[Activity]) -> Iterator[Found]:
    """Yield a challenge and its tasks, those of an earlier definition too."""
    challenge = life.challenge
    begun = moment(life.events[0].at)
    own = f"challenge:{challenge.reference}"
    facts = {
        "client": challenge.client,
        "definition": challenge.definition,
        "version": challenge.definition_version,
    }
    yield _object(own, "challenge", at=begun, facts=facts)
    for task in challenge.tasks.values():
        related = [_link(own, _PART)]
        if task.person is not None:
            related.append(_link(f"person:{task.person}", _FOR))
        due = task.limit_on or task.target_on
        facts = {"task": task.spec, **({"due": due.isoformat()} if due else {})}
        key = f"task:{challenge.reference}:{task.key}"
        yield _object(key, "task", at=moment(task.issued_at), facts=facts, related=related)
    for task_key in dict.fromkeys(one.task for one in happened if one.task):
        if task_key not in challenge.tasks:
            key = f"task:{challenge.reference}:{task_key}"
            yield _object(key, "task", related=[_link(own, _PART)])


def _object(
    key: str,
    kind: str,
    *,
    at: str = "",
    facts: dict[str, str] | None = None,
    related: list[Found] | None = None,
) -> Found:
    values = [{"name": name, "time": at, "value": value} for name, value in (facts or {}).items()]
    return {"id": key, "type": kind, "attributes": values, "relationships": related or []}


def _event(one: Activity) -> Found:
    related = [_link(f"challenge:{one.reference}", _IN)]
    if one.task is not None:
        related.append(_link(f"task:{one.reference}:{one.task}", _ABOUT))
    if one.actor is not None:
        related.append(_link(f"person:{one.actor}", _BY))
    related += [_link(f"person:{person}", _OF) for person in one.people]
    return {
        "id": f"{one.reference}:{one.number}",
        "type": one.name,
        "time": moment(one.at),
        "attributes": [{"name": "kind", "value": one.kind}],
        "relationships": related,
    }


def _link(key: str, qualifier: str) -> Found:
    return {"objectId": key, "qualifier": qualifier}


def _types() -> list[Found]:
    return [
        {"name": name, "attributes": [{"name": key, "type": _TEXT} for key in keys]}
        for name, keys in _OBJECTS.items()
    ]


def _kinds(names: set[str]) -> list[Found]:
    kind = [{"name": "kind", "type": _TEXT}]
    return [{"name": name, "attributes": kind} for name in sorted(names)]


def _line(found: object) -> str:
    return json.dumps(found, ensure_ascii=False)
