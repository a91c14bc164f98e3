"""Whom a notice would go to, if it went out now, and which tasks it would speak of."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from workflow.model.challenge import Challenge
from workflow.model.definition import Notice
from workflow.model.language.phrases import Happening
from workflow.model.planning.reminders import BY, PERSON, may_speak, recipients
from workflow.model.planning.rulebook import Rulebook
from workflow.model.task import UNFINISHED, Task

_OF_PEOPLE = {Happening.JOINING, Happening.LEAVING, Happening.CHANGES}


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """One who would be told, about which tasks, by their keys, or about whom.

    `recipient` is None where nobody holds a role that is to be told.
    """

    recipient: int | None
    tasks: tuple[str, ...] = ()
    about: int | None = None


def addressed(rulebook: Rulebook, challenge: Challenge, notice: str) -> tuple[Addressed, ...]:
    """Return who would get a notice of the definition, each once.

    A reminder speaks of the tasks that are open now; while none is, of those that are to come, or
    of none where there are none yet.
    """
    tasks: dict[int | None, list[str]] = defaultdict(list)
    for task, recipient in _reminded(rulebook, challenge, notice):
        if task.key not in tasks[recipient]:
            tasks[recipient].append(task.key)
    told = [Addressed(recipient=who, tasks=tuple(keys)) for who, keys in tasks.items()]
    told = told or [Addressed(recipient=who) for who in _later(rulebook, challenge, notice)]
    spec = rulebook.definition.notices[notice]
    if spec.when:
        about = _about(rulebook, challenge, spec)
        known = {one.recipient for one in told}
        rest = [
            Addressed(recipient=recipient, about=about)
            for recipient in _audience(rulebook, challenge, spec, about)
            if recipient not in known
        ]
        told += rest
    return tuple(told)


def _reminded(
    rulebook: Rulebook, challenge: Challenge, notice: str
) -> Iterator[tuple[Task, int | None]]:
    """Yield the tasks of which a notice reminds, with each of those who are reminded."""
    ladders = rulebook.definition.ladders
    rungs = {
        name: [rung for rung in ladder if rung.notice == notice] for name, ladder in ladders.items()
    }
    tasks = [
        task
        for task in challenge.tasks.values()
        if task.status in UNFINISHED
        and any(rungs[ladder] for ladder in rulebook.specs[task.spec].reminders)
    ]
    open_now = [task for task in tasks if may_speak(rulebook, challenge, task)]
    for task in open_now or tasks:
        for ladder in rulebook.specs[task.spec].reminders:
            for rung in rungs[ladder]:
                for recipient in recipients(rulebook, challenge, rung.to, task=task):
                    yield task, recipient


def _later(rulebook: Rulebook, challenge: Challenge, notice: str) -> Iterator[int | None]:
    """Yield, each once, who would be reminded of the tasks that do not exist yet."""
    names = list[str]()
    for spec in rulebook.specs.values():
        rungs = (rung for name in spec.reminders for rung in rulebook.definition.ladders[name])
        for name in (name for rung in rungs if rung.notice == notice for name in rung.to):
            people = (spec.for_each.people,) if spec.for_each and spec.for_each.people else ()
            names += {BY: spec.by, PERSON: people}.get(name, (name,))
    if names:
        yield from recipients(rulebook, challenge, dict.fromkeys(names))


def _about(rulebook: Rulebook, challenge: Challenge, notice: Notice) -> int | None:
    """Return whom a notice of people who come and go would be about: the latest who fits."""
    occasions = [one for one in notice.when if one.happening in _OF_PEOPLE]
    roles = {
        role
        for occasion in occasions
        for name in occasion.subjects or rulebook.definition.roles
        for role in rulebook.definition.members(name)
    }
    fitting = [member.person for member in challenge.team if member.role in roles]
    return fitting[-1] if fitting else None


def _audience(
    rulebook: Rulebook, challenge: Challenge, notice: Notice, about: int | None
) -> tuple[int | None, ...]:
    """Return who is told of an occasion; `person` is the one it is about."""
    others = [name for name in notice.to if name != PERSON]
    found: list[int | None] = [about] if PERSON in notice.to and about is not None else []
    if others or not found:
        found += recipients(rulebook, challenge, others)
    return tuple(dict.fromkeys(found))
